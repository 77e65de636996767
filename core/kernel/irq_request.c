/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request_irq() and free_irq(): who may join a line, forced threading, the last synchronisation.
 * Facts: domain.md 4.2 and 4.4; kernel/irq/manage.c of Linux 6.1 and 6.12 (__setup_irq,
 * __free_irq).
 */
#include "irq.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void fl_irq_set_cond_oneshot(bool yes)
{
	fl_irq_state->no_cond_oneshot = !yes;
}

static int index_of(const struct irq_action *action)
{
	return (int)(action - fl_irq_state->actions);
}

static struct irq_action *take_action(const struct fl_irq_request *request)
{
	for (unsigned int i = 0; i < MAX_ACTIONS; i++) {
		struct irq_action *action = &fl_irq_state->actions[i];

		if (action->in_use)
			continue;
		*action = (struct irq_action){
			.request = *request,
			.handler = request->handler,
			.thread_fn = request->thread_fn,
			.handler_name = request->handler_name,
			.thread_name = request->thread_name,
			.flags = request->flags,
			.next = NO_ACTION,
			.secondary = NO_ACTION,
			.thread = -1,
			.in_use = true,
		};
		if (!action->handler)
			action->handler_name = "irq_default_primary_handler";
		return action;
	}
	return NULL;
}

static void release_action(struct irq_action *action)
{
	if (action->secondary != NO_ACTION)
		release_action(action_at(action->secondary));
	fl_irq_thread_release(action);
	action->in_use = false;
}

/* threadirqs: the handler becomes the thread; a thread function it had becomes a second one. */
static int force_threading(struct irq_action *action)
{
	if (!fl_knobs.threadirqs || action->flags & (FL_IRQF_NO_THREAD | FL_IRQF_ONESHOT) ||
	    !action->handler)
		return 0;
	action->flags |= FL_IRQF_ONESHOT;
	if (action->thread_fn) {
		struct irq_action *secondary = take_action(&action->request);

		if (!secondary)
			return -ENOMEM;
		secondary->is_secondary = true;
		action->secondary = (int8_t)index_of(secondary);
	}
	action->forced = true;
	action->thread_fn = action->handler;
	action->thread_name = action->handler_name;
	action->handler = NULL;
	action->handler_name = "irq_default_primary_handler";
	return 0;
}

static int make_threads(struct irq_action *action)
{
	int error = 0;

	if (action->thread_fn)
		error = fl_irq_thread_take(action);
	if (!error && action->secondary != NO_ACTION)
		error = fl_irq_thread_take(action_at(action->secondary));
	return error;
}

/*
 * May the request join a ONESHOT line without asking for ONESHOT itself? (6.12; IRQF_COND_ONESHOT)
 */
static bool is_conditional(const struct irq_action *action)
{
	if (fl_irq_state->no_cond_oneshot)
		return false;
	return action->flags & FL_IRQF_COND_ONESHOT || !action->request.thread_fn;
}

static int mismatch(const struct irq_action *action)
{
	char text[96];

	snprintf(text, sizeof(text), "Flags mismatch irq %u (%s)", action->request.line,
		 action->request.name);
	fl_printk(3, text);
	return -EBUSY;
}

/* Agree with those who have the line already, and take a bit of threads_oneshot. */
static int join(const struct irq_line *line, struct irq_action *action)
{
	const struct irq_action *first = action_at(line->first);
	uint32_t taken = 0;

	if (first) {
		if (!(first->flags & action->flags & FL_IRQF_SHARED))
			return mismatch(action);
		if (first->flags & FL_IRQF_ONESHOT && is_conditional(action))
			action->flags |= FL_IRQF_ONESHOT;
		else if ((first->flags ^ action->flags) & FL_IRQF_ONESHOT)
			return mismatch(action);
		if (line->action_count == FL_LINE_ACTIONS)
			return -EBUSY;
		for (const struct irq_action *old = first; old; old = action_at(old->next))
			taken |= old->thread_mask;
	}
	if (action->flags & FL_IRQF_ONESHOT) {
		action->thread_mask = ~taken & (taken + 1);
		return 0;
	}
	/* The line would stay high while the thread has not run, and nobody would mask it. */
	return action->handler ? 0 : -EINVAL;
}

/* The lowest number that no action of the line has, one that is being freed included. */
static uint8_t free_number(unsigned int line)
{
	uint32_t taken = 0;

	for (unsigned int i = 0; i < MAX_ACTIONS; i++) {
		const struct irq_action *action = &fl_irq_state->actions[i];

		if (action->in_use && !action->is_secondary && action->request.line == line &&
		    action->number != UINT8_MAX)
			taken |= 1u << action->number;
	}
	return (uint8_t)__builtin_ctz(~taken);
}

static void install(struct irq_line *line, struct irq_action *action)
{
	bool shared = line->first != NO_ACTION;

	action->number = free_number(action->request.line);
	if (action->secondary != NO_ACTION)
		action_at(action->secondary)->number = action->number;
	fl_emit_text(FL_EV_IRQ_REQUESTED, action->request.line, action->number, action->flags,
		     action->request.source, action->request.name);
	if (shared) {
		struct irq_action *last = action_at(line->first);

		while (last->next != NO_ACTION)
			last = action_at(last->next);
		last->next = (int8_t)index_of(action);
	} else {
		line->first = (int8_t)index_of(action);
		line->spurious_disabled = false;
		line->in_progress = false;
		line->oneshot = action->flags & FL_IRQF_ONESHOT;
		if (action->flags & FL_IRQF_NO_AUTOEN)
			line->depth = 1;
		else
			fl_irq_startup(line);
	}
	line->action_count++;
	if (action->flags & FL_IRQF_NO_SUSPEND)
		line->no_suspend_count++;
	if (line->no_suspend_count && line->no_suspend_count != line->action_count)
		fl_warn("actions of one interrupt line disagree about IRQF_NO_SUSPEND");
	line->irq_count = 0;
	line->irqs_unhandled = 0;
	/* Whoever comes new may be the one whose interrupt nobody cared for. */
	if (shared && line->spurious_disabled) {
		line->spurious_disabled = false;
		fl_irq_core_enable(line);
	}
}

int fl_irq_request(const struct fl_irq_request *request)
{
	struct irq_line *line = fl_irq_line(request->line);
	struct irq_action *action;
	int error;

	fl_might_sleep("request_irq");
	fl_point(FL_ACCESS_NONE, 0, SITE(SITE_IRQ, 0));
	if (request->flags & FL_IRQF_SHARED &&
	    (!request->dev_id || request->flags & FL_IRQF_NO_AUTOEN))
		return -EINVAL;
	if (!request->handler && !request->thread_fn)
		return -EINVAL;
	error = fl_failure_take(FL_FAIL_IRQ);
	if (error)
		return error;
	action = take_action(request);
	if (!action)
		return -ENOMEM;
	action->number = UINT8_MAX;
	error = force_threading(action);
	if (!error)
		error = make_threads(action);
	if (!error) {
		fl_mutex_lock(&line->request_mutex, "request_mutex");
		line_point(line, WHERE_REQUEST);
		error = join(line, action);
		if (!error)
			install(line, action);
		fl_mutex_unlock(&line->request_mutex, "request_mutex");
	}
	if (error)
		release_action(action);
	return error;
}

/* Take the action of @dev_id out of the line's list; NULL if there is none. */
static struct irq_action *unlink_action(struct irq_line *line, const void *dev_id)
{
	int8_t *link = &line->first;

	while (*link != NO_ACTION) {
		struct irq_action *action = action_at(*link);

		if (action->request.dev_id == dev_id) {
			/* Its own link stays: the handlers may be walking the list. */
			*link = action->next;
			line->action_count--;
			if (action->flags & FL_IRQF_NO_SUSPEND)
				line->no_suspend_count--;
			return action;
		}
		link = &action->next;
	}
	return NULL;
}

static void call_once_more(struct irq_action *action)
{
	unsigned long flags;

	/*
	 * The default primary handler would only ask for a thread, and its answer is dropped here.
	 */
	if (!fl_knobs.debug_shirq || !(action->flags & FL_IRQF_SHARED) || !action->handler)
		return;
	flags = fl_local_irq_save();
	fl_irq_call(action, false);
	fl_local_irq_restore(flags);
}

void fl_irq_free(unsigned int number, void *dev_id)
{
	struct irq_line *line = fl_irq_line(number);
	struct irq_action *action;

	fl_might_sleep("free_irq");
	if (fl_context_bits() & FL_IN_HARDIRQ)
		fl_warn("Trying to free IRQ from IRQ context");
	fl_mutex_lock(&line->request_mutex, "request_mutex");
	line_point(line, WHERE_FREE);
	action = unlink_action(line, dev_id);
	if (!action) {
		fl_warn("Trying to free already-free IRQ");
		fl_mutex_unlock(&line->request_mutex, "request_mutex");
		return;
	}
	if (line->first == NO_ACTION)
		fl_irq_shutdown(line);
	fl_emit_text(FL_EV_IRQ_FREE_BEGIN, number, action->number, 0, action->request.source,
		     action->request.name);
	fl_irq_wait_all(line);
	call_once_more(action);
	fl_irq_thread_stop(action);
	if (action->secondary != NO_ACTION)
		fl_irq_thread_stop(action_at(action->secondary));
	fl_emit_text(FL_EV_IRQ_FREED, number, action->number, 0, action->request.source,
		     action->request.name);
	release_action(action);
	fl_mutex_unlock(&line->request_mutex, "request_mutex");
}

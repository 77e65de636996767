/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handler threads: FIFO contexts that are dormant while there is nothing to do. Contexts are few,
 * so a thread whose action was freed is used for the next one. Facts: domain.md 4.2;
 * kernel/irq/manage.c of Linux 6.12 (irq_thread, irq_finalize_oneshot, irq_forced_thread_fn).
 */
#include "irq.h"

#include <errno.h>

static const char *const thread_names[MAX_THREADS] = {
	"irqthread/0",	"irqthread/1",	"irqthread/2",	"irqthread/3",	"irqthread/4",
	"irqthread/5",	"irqthread/6",	"irqthread/7",	"irqthread/8",	"irqthread/9",
	"irqthread/10", "irqthread/11", "irqthread/12", "irqthread/13", "irqthread/14",
	"irqthread/15", "irqthread/16", "irqthread/17", "irqthread/18", "irqthread/19",
};

/* The thread has ended: unmask the line if it was the last one that kept it masked. */
static void finalize_oneshot(struct irq_line *line, const struct irq_action *action)
{
	if (!line->oneshot || action->is_secondary)
		return;
	line_point(line, WHERE_FINALIZE);
	/*
	 * Unmasked while the hard handlers run, the line could be masked again for ever. A thread
	 * that shares the CPU of its line never meets them; the rule is kept all the same.
	 */
	fl_irq_wait_in_progress(line, false);
	/* Woken again meanwhile: its bit was set anew. */
	if (action->run_thread)
		return;
	line->threads_oneshot &= ~action->thread_mask;
	if (!line->threads_oneshot && !line->disabled && line->masked)
		fl_irq_unmask(line);
}

static int run_handler(struct irq_line *line, struct irq_action *action)
{
	unsigned long flags = 0;
	int result;

	/* A forced thread runs as its handler expects: no softirqs, and (not PREEMPT_RT) no
	 * interrupts. */
	if (action->forced) {
		fl_preempt_off();
		flags = fl_local_irq_save();
	}
	result = fl_irq_call(action, true);
	if (result == FL_IRQ_HANDLED)
		line->threads_handled++;
	finalize_oneshot(line, action);
	if (action->forced) {
		fl_local_irq_restore(flags);
		fl_preempt_on();
	}
	return result;
}

/* One activation of a thread: until it is not to run again. */
static void thread(void *arg)
{
	struct irq_action *action = arg;
	struct irq_line *line = line_of(action);

	for (;;) {
		fl_point(FL_ACCESS_RMW, (uintptr_t)line, SITE(SITE_IRQ, WHERE_RUN));
		if (!action->run_thread)
			break;
		action->run_thread = false;
		order_step(line);
		if (run_handler(line, action) == FL_IRQ_WAKE_THREAD &&
		    action->secondary != NO_ACTION)
			fl_irq_thread_wake(line, action_at(action->secondary));
		line_point(line, WHERE_THREAD_END);
		if (!--line->threads_active) {
			fl_set_owner((uintptr_t)&line->threads_active, FL_NO_CONTEXT);
			fl_wake_all((uintptr_t)&line->threads_active);
		}
		if (!action->run_thread)
			break;
	}
	fl_wake_all((uintptr_t)action);
}

int fl_irq_thread_take(struct irq_action *action)
{
	for (unsigned int i = 0; i < MAX_THREADS; i++) {
		struct irq_thread *slot = &fl_irq_state->threads[i];

		if (slot->in_use)
			continue;
		slot->in_use = true;
		if (slot->context == FL_NO_CONTEXT)
			slot->context = fl_context_create(thread_names[i], FL_CONTEXT_IRQ_THREAD, 0,
							  thread, action);
		else
			fl_context_set_entry(slot->context, thread, action);
		action->thread = (int8_t)i;
		return 0;
	}
	return -ENOMEM;
}

void fl_irq_thread_release(struct irq_action *action)
{
	if (action->thread < 0)
		return;
	fl_irq_state->threads[action->thread].in_use = false;
	action->thread = -1;
}

void fl_irq_thread_wake(struct irq_line *line, struct irq_action *action)
{
	fl_context_t context = fl_irq_state->threads[action->thread].context;

	if (action->run_thread)
		return;
	action->run_thread = true;
	line->threads_oneshot |= action->thread_mask;
	line->threads_active++;
	if (fl_context_state(context) != FL_DORMANT)
		return;
	/* A thread runs where its line's interrupts are taken. */
	fl_context_set_cpu(context, fl_irq_line_cpu(line));
	fl_context_activate(context);
}

void fl_irq_thread_stop(struct irq_action *action)
{
	fl_context_t context;

	if (action->thread < 0)
		return;
	context = fl_irq_state->threads[action->thread].context;
	while (fl_context_state(context) != FL_DORMANT) {
		fl_require_sleepable();
		fl_set_owner((uintptr_t)action, context);
		fl_block((uintptr_t)action, "interrupt thread to end", false);
		fl_set_owner((uintptr_t)action, FL_NO_CONTEXT);
	}
	fl_irq_thread_release(action);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Views of lines and locks (those of work items stand with them). */
#include "irq.h"
#include "lock.h"

static void view_action(const struct irq_line *line, const struct irq_action *action,
			struct fl_action_view *view)
{
	*view = (struct fl_action_view){
		.number = action->number,
		.source = action->request.source,
		.name = action->request.name,
		.handler_name = action->handler_name,
		.thread_name = action->thread_fn ? action->thread_name : NULL,
		.thread = FL_NO_CONTEXT,
		.oneshot_pending = line->threads_oneshot & action->thread_mask,
	};
	if (action->thread < 0)
		return;
	view->thread = fl_irq_state->threads[action->thread].context;
	view->thread_woken = action->run_thread || fl_context_state(view->thread) != FL_DORMANT;
}

void fl_view_line(unsigned int number, struct fl_line_view *view)
{
	const struct irq_line *line = fl_irq_line(number);

	/* One by one: most of the view is room for actions, which need not be cleared. */
	view->level = line->level;
	view->edge = fl_irq_edge();
	view->masked = line->masked;
	view->active = line->active;
	view->pending = line->signalled;
	view->disabled = line->disabled;
	view->depth = line->depth;
	view->spurious_disabled = line->spurious_disabled;
	view->suspended = line->suspended;
	view->in_progress = line->in_progress;
	view->oneshot = line->oneshot;
	view->threads_active = line->threads_active;
	view->cpu = line->cpu_open ? -1 : line->cpu;
	view->irq_count = line->irq_count;
	view->unhandled = line->irqs_unhandled;
	view->action_count = 0;
	for (const struct irq_action *action = action_at(line->first); action;
	     action = action_at(action->next))
		view_action(line, action, &view->actions[view->action_count++]);
}

bool fl_view_line_open(unsigned int number)
{
	const struct irq_line *line = fl_irq_line(number);

	return line->first != NO_ACTION && !line->masked && !line->disabled;
}

unsigned int fl_view_locks(fl_context_t context, struct fl_lock_view *locks, unsigned int size)
{
	const struct held_lock *held;
	unsigned int count;

	held = fl_locks_held(context, &count);
	for (unsigned int i = 0; i < count && i < size; i++)
		locks[i] = (struct fl_lock_view){
			.class = fl_lock_class_name(held[i].class),
			.class_number = held[i].class,
			.object = held[i].object,
		};
	return count < size ? count : size;
}

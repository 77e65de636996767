/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enable and disable, synchronise, suspend and resume of lines. Disabling is lazy: the line is
 * masked only when it fires while it is disabled. Facts: domain.md 4.1, 4.4 and 3.8;
 * kernel/irq/manage.c, chip.c and pm.c of Linux 6.12.
 */
#include "irq.h"

/* irq_enable() and check_irq_resend(). */
void fl_irq_startup(struct irq_line *line)
{
	line->depth = 0;
	line->started = true;
	line->disabled = false;
	if (line->masked)
		fl_irq_unmask(line);
	else
		fl_irq_line_changed(line);
	/* A level speaks for itself; an edge that was seen while disabled is sent again. */
	if (line->pending && fl_irq_edge())
		fl_irq_retrigger(line);
	line->pending = false;
}

void fl_irq_shutdown(struct irq_line *line)
{
	if (!line->started)
		return;
	line->started = false;
	line->pending = false;
	line->latched = false;
	line->depth = 1;
	line->disabled = true;
	if (line->masked)
		fl_irq_line_changed(line);
	else
		fl_irq_mask(line);
}

void fl_irq_core_disable(struct irq_line *line)
{
	if (!line->depth++)
		line->disabled = true;
	fl_irq_line_changed(line);
}

void fl_irq_core_enable(struct irq_line *line)
{
	if (!line->depth || (line->depth == 1 && line->suspended)) {
		fl_warn("Unbalanced enable for IRQ");
		return;
	}
	if (line->depth == 1) {
		fl_irq_startup(line);
		return;
	}
	line->depth--;
	fl_irq_line_changed(line);
}

void fl_irq_wait_in_progress(struct irq_line *line, bool and_active)
{
	while (line->in_progress || (and_active && line->active)) {
		if (!fl_running())
			fl_bug("waits for an interrupt handler outside a run");
		/* Linux spins here; called by the handler itself, it would spin for ever. */
		fl_set_owner((uintptr_t)&line->in_progress, line->handler_context);
		fl_block((uintptr_t)&line->in_progress, "interrupt handler to end", true);
	}
	fl_order_acquire(line);
}

/* A thread of the line that is at work, the running context first; for the deadlock report. */
static fl_context_t thread_at_work(const struct irq_line *line)
{
	fl_context_t found = FL_NO_CONTEXT;

	for (unsigned int i = 0; i < MAX_ACTIONS; i++) {
		const struct irq_action *action = &fl_irq_state->actions[i];
		fl_context_t context;

		if (!action->in_use || action->thread < 0 || line_of(action) != line)
			continue;
		context = fl_irq_state->threads[action->thread].context;
		if (context == fl_current())
			return context;
		if (fl_context_state(context) != FL_DORMANT)
			found = context;
	}
	return found;
}

void fl_irq_wait_all(struct irq_line *line)
{
	uintptr_t object = (uintptr_t)&line->threads_active;

	fl_irq_wait_in_progress(line, true);
	while (line->threads_active) {
		if (!fl_running())
			fl_bug("waits for an interrupt thread outside a run");
		fl_require_sleepable();
		fl_set_owner(object, thread_at_work(line));
		fl_block(object, "interrupt threads to end", false);
	}
	fl_order_acquire(line);
}

void fl_irq_disable_nosync(unsigned int number)
{
	struct irq_line *line = fl_irq_line(number);

	line_point(line, WHERE_DISABLE);
	fl_irq_core_disable(line);
}

void fl_irq_disable(unsigned int number)
{
	fl_might_sleep("disable_irq");
	fl_irq_disable_nosync(number);
	line_point(fl_irq_line(number), WHERE_SYNCHRONIZE);
	fl_irq_wait_all(fl_irq_line(number));
}

void fl_irq_enable(unsigned int number)
{
	struct irq_line *line = fl_irq_line(number);

	line_point(line, WHERE_ENABLE);
	fl_irq_core_enable(line);
}

void fl_irq_synchronize(unsigned int number)
{
	struct irq_line *line = fl_irq_line(number);

	fl_might_sleep("synchronize_irq");
	line_point(line, WHERE_SYNCHRONIZE);
	fl_irq_wait_all(line);
}

bool fl_irq_synchronize_hardirq(unsigned int number)
{
	struct irq_line *line = fl_irq_line(number);

	line_point(line, WHERE_SYNCHRONIZE);
	fl_irq_wait_in_progress(line, false);
	return !line->threads_active;
}

void fl_irqs_suspend(void)
{
	fl_might_sleep("suspend_device_irqs");
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = fl_irq_line(i);

		if (line->first == NO_ACTION)
			continue;
		line_point(line, WHERE_SUSPEND);
		if (line->first == NO_ACTION || line->no_suspend_count || line->suspended)
			continue;
		line->suspended = true;
		fl_irq_core_disable(line);
		line_point(line, WHERE_SYNCHRONIZE);
		fl_irq_wait_all(line);
	}
}

void fl_irqs_resume(void)
{
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = fl_irq_line(i);

		if (!line->suspended)
			continue;
		line_point(line, WHERE_SUSPEND);
		line->suspended = false;
		fl_irq_core_enable(line);
	}
}

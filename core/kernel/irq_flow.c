/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a CPU does with an interrupt: the level flow of a GIC (handle_fasteoi_irq) and the edge flow
 * (handle_edge_irq), and the calls of the actions. Facts: domain.md 4.1 and 4.2; kernel/irq/chip.c
 * and handle.c of Linux 6.12.
 */
#include "irq.h"

int fl_irq_call(struct irq_action *action, bool thread)
{
	int (*fn)(int irq, void *dev_id) = thread ? action->thread_fn : action->handler;
	const char *name = thread ? action->thread_name : action->handler_name;
	unsigned int bits = fl_context_bits();
	unsigned int line = action->request.line;
	int result = FL_IRQ_WAKE_THREAD;

	fl_emit_text(FL_EV_IRQ_ENTER, line, action->number, thread, action->request.source, name);
	/*
	 * The default primary handler is the kernel's own: it does nothing but ask for the thread.
	 */
	if (fn) {
		fl_enter(name);
		if (action->flags & FL_IRQF_OUTSIDE)
			fl_machine_leave();
		result = fn(action->request.irq, action->request.dev_id);
		if (action->flags & FL_IRQF_OUTSIDE)
			fl_machine_enter();
		fl_leave();
	}
	if (fl_context_bits() != bits) {
		fl_warn("interrupt handler changed the interrupt or preemption state");
		if (bits & FL_IRQS_OFF)
			fl_local_irq_save();
	}
	fl_emit_text(FL_EV_IRQ_RETURN, line, action->number, thread, (uint64_t)(int64_t)result,
		     name);
	return result;
}

static int call_actions(struct irq_line *line)
{
	int result = FL_IRQ_NONE;

	/*
	 * A freed action keeps its link until free_irq() has synchronised, so the walk can go on.
	 */
	for (int index = line->first; index != NO_ACTION; index = action_at(index)->next) {
		struct irq_action *action = action_at(index);
		int answer = fl_irq_call(action, false);

		if (answer == FL_IRQ_WAKE_THREAD) {
			if (action->thread_fn)
				fl_irq_thread_wake(line, action);
			else
				fl_printk(
					4,
					"interrupt handler returned IRQ_WAKE_THREAD but no thread "
					"function is available");
		}
		result |= answer;
	}
	return result;
}

int fl_irq_handle_event(struct irq_line *line)
{
	int result;

	line->pending = false;
	line->in_progress = true;
	line->handler_context = fl_current();
	result = call_actions(line);
	fl_irq_note(line, result);
	line_point(line, WHERE_FLOW_END);
	line->in_progress = false;
	line->handler_context = FL_NO_CONTEXT;
	fl_set_owner((uintptr_t)&line->in_progress, FL_NO_CONTEXT);
	fl_wake_all((uintptr_t)&line->in_progress);
	return result;
}

/* May the flow handler go on? Not while the line's handlers run elsewhere. */
static bool may_run(struct irq_line *line)
{
	return !line->in_progress || fl_irq_check_poll(line);
}

static int flow_level(struct irq_line *line)
{
	int result;

	if (!may_run(line)) {
		fl_irq_eoi(line);
		return FL_IRQ_NONE;
	}
	if (line->first == NO_ACTION || line->disabled) {
		/* Disabling was lazy until now. */
		line->pending = true;
		fl_irq_mask(line);
		fl_irq_eoi(line);
		return FL_IRQ_NONE;
	}
	if (line->oneshot)
		fl_irq_mask(line);
	result = fl_irq_handle_event(line);
	fl_irq_eoi(line);
	/* No thread was woken, or all have ended meanwhile: nobody else will unmask it. */
	if (line->oneshot && !line->disabled && line->masked && !line->threads_oneshot)
		fl_irq_unmask(line);
	return result;
}

static int flow_edge(struct irq_line *line)
{
	int result = FL_IRQ_NONE;

	if (!may_run(line) || line->disabled || line->first == NO_ACTION) {
		line->pending = true;
		fl_irq_mask(line);
		fl_irq_eoi(line);
		return FL_IRQ_NONE;
	}
	/* Acknowledged: another edge is latched from here on, and taken when this one has ended. */
	do {
		if (line->first == NO_ACTION) {
			fl_irq_mask(line);
			break;
		}
		if (line->pending && !line->disabled && line->masked)
			fl_irq_unmask(line);
		result |= fl_irq_handle_event(line);
	} while (line->pending && !line->disabled);
	fl_irq_eoi(line);
	return result;
}

void fl_irq_flow(struct irq_line *line, unsigned int cpu)
{
	int result;

	line_point(line, WHERE_FLOW);
	fl_emit(FL_EV_IRQ_FLOW_ENTER, line_number(line), cpu, 0, 0);
	result = fl_irq_edge() ? flow_edge(line) : flow_level(line);
	fl_emit(FL_EV_IRQ_FLOW_EXIT, line_number(line), (uint64_t)(int64_t)result, 0, 0);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The detector of interrupts that nobody cares for, and the poll of the lines that it has disabled.
 * Facts: domain.md 4.3; kernel/irq/spurious.c, the same in Linux 6.1 and 6.12.
 *
 * One thing differs: Linux polls for ever, and a run must be able to end. When no task and no agent
 * took a step between polls, they see what those before them saw (what they wake themselves,
 * threads and work, does not count); after IDLE_POLLS of them the model stops, until the detector
 * strikes again.
 */
#include "irq.h"

#include <stdio.h>

#define HZ		 250u
#define JIFFY_NS	 (1000000000ull / HZ)
#define POLL_INTERVAL_NS (1000000000ull / 10)
#define DEFERRED	 0x80000000u /* of threads_handled_last */
#define IDLE_POLLS	 8

static uint64_t jiffies(void)
{
	return fl_now() / JIFFY_NS;
}

static void arm_poll(void)
{
	fl_irq_state->poll.armed = true;
	fl_timer_start(&fl_irq_state->poll, "poll_spurious_irqs", fl_spurious_poll,
		       fl_now() + POLL_INTERVAL_NS);
}

static void disable_spurious(struct irq_line *line, uint32_t window)
{
	char text[64];

	snprintf(text, sizeof(text), "irq %u: nobody cared", line_number(line));
	fl_printk(3, text);
	fl_warn("irq: nobody cared");
	fl_emit(FL_EV_IRQ_SPURIOUS_OFF, line_number(line), line->irqs_unhandled, window, 0);
	line->spurious_disabled = true;
	fl_irq_core_disable(line);
	line->disabled = true;
	fl_irq_state->poll.idle = 0;
	if (!fl_irq_state->poll.armed)
		arm_poll();
}

/*
 * A result of threads alone is judged one interrupt late: did any thread of the line handle
 * something since? Returns false while there is nothing to judge.
 */
static bool judge_threads(struct irq_line *line, int *result)
{
	uint32_t handled;

	if (*result != FL_IRQ_WAKE_THREAD) {
		/* A hard handler handled something too; the threads are judged another time. */
		line->threads_handled_last &= ~DEFERRED;
		return true;
	}
	if (!(line->threads_handled_last & DEFERRED)) {
		line->threads_handled_last |= DEFERRED;
		return false;
	}
	handled = line->threads_handled | DEFERRED;
	*result = handled != line->threads_handled_last ? FL_IRQ_HANDLED : FL_IRQ_NONE;
	if (*result == FL_IRQ_HANDLED)
		line->threads_handled_last = handled;
	return true;
}

void fl_irq_note(struct irq_line *line, int result)
{
	bool real = fl_knobs.spurious_threshold == FL_SPURIOUS_REAL;
	uint32_t window = real ? 100000 : 100;
	uint32_t limit = real ? 99900 : 99;

	if (fl_knobs.spurious_threshold == FL_SPURIOUS_OFF || line->poll_in_progress)
		return;
	if (result < 0 || result > (FL_IRQ_HANDLED | FL_IRQ_WAKE_THREAD)) {
		fl_warn("bogus return value of an interrupt handler");
		return;
	}
	if (result & FL_IRQ_WAKE_THREAD && !judge_threads(line, &result))
		return;
	if (result == FL_IRQ_NONE) {
		if (jiffies() > line->last_unhandled + HZ / 10)
			line->irqs_unhandled = 1;
		else
			line->irqs_unhandled++;
		line->last_unhandled = jiffies();
	}
	/* Only while something is suspicious are interrupts counted at all. */
	if (!line->irqs_unhandled || ++line->irq_count < window)
		return;
	line->irq_count = 0;
	if (line->irqs_unhandled > limit)
		disable_spurious(line, window);
	line->irqs_unhandled = 0;
}

bool fl_irq_check_poll(struct irq_line *line)
{
	if (!line->poll_in_progress)
		return false;
	fl_irq_wait_in_progress(line, false);
	return !line->disabled && line->first != NO_ACTION;
}

static void poll_line(struct irq_line *line)
{
	const struct irq_action *first;

	line_point(line, WHERE_POLL);
	first = action_at(line->first);
	/* All actions agree about sharing, so the first one tells. */
	if (!first || !(first->flags & FL_IRQF_SHARED))
		return;
	if (line->in_progress) {
		line->pending = true;
		return;
	}
	line->poll_in_progress = true;
	do {
		fl_irq_handle_event(line);
	} while (line->pending && line->first != NO_ACTION);
	line->poll_in_progress = false;
}

/* Steps of those who do something that a poll did not cause. */
static uint64_t steps_of_others(void)
{
	uint64_t steps = 0;

	for (int i = 0; i < fl_context_count(); i++) {
		enum fl_context_kind kind = fl_context_kind(i);

		if (kind == FL_CONTEXT_TASK || kind == FL_CONTEXT_AGENT)
			steps += fl_context_steps(i);
	}
	return steps;
}

void fl_spurious_poll(void *timer)
{
	bool any = false;
	uint64_t steps;

	fl_irq_state->poll.armed = false;
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = &fl_irq_state->lines[i];

		if (!line->spurious_disabled)
			continue;
		any = true;
		poll_line(line);
	}
	steps = steps_of_others();
	if (steps != fl_irq_state->poll.steps)
		fl_irq_state->poll.idle = 0;
	fl_irq_state->poll.steps = steps;
	if (any && !fl_irq_state->poll.armed && fl_irq_state->poll.idle++ < IDLE_POLLS)
		arm_poll();
}

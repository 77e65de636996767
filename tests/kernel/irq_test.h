/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device for the interrupt tests: sources that drive lines, handlers that clear their cause. What
 * a handler does is set per source.
 */
#ifndef FAULTLINE_TESTS_IRQ_TEST_H
#define FAULTLINE_TESTS_IRQ_TEST_H

#include "kernel_test.h"

#define LINE 5u

struct source {
	unsigned int number; /* source of the line */
	unsigned int line;
	bool cause;
	bool leaves_cause; /* the handler says HANDLED and clears nothing */
	int none_answers;  /* answer NONE so many times first, cause left alone */
	unsigned int hard_runs, thread_runs;
	unsigned int inside_hard, inside_thread, overlaps;
	int last_cpu;
	unsigned int bits; /* context bits in the last handler or thread */
	unsigned int thread_points;
};

static struct source sources[4] UNUSED;

UNUSED static void clear_sources(void)
{
	memset(sources, 0, sizeof(sources));
	for (unsigned int i = 0; i < 4; i++) {
		sources[i].number = i;
		sources[i].line = LINE;
		sources[i].last_cpu = -1;
	}
}

UNUSED static void set_cause(struct source *source, bool cause)
{
	source->cause = cause;
	fl_irq_input(source->line, source->number, cause);
}

/* What a driver's handler does: look, clear, answer. */
UNUSED static int look_and_clear(struct source *source)
{
	point();
	if (!source->cause)
		return FL_IRQ_NONE;
	if (source->none_answers) {
		source->none_answers--;
		return FL_IRQ_NONE;
	}
	point();
	if (!source->leaves_cause)
		set_cause(source, false);
	return FL_IRQ_HANDLED;
}

UNUSED static int hard_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;
	int answer;

	source->hard_runs++;
	source->last_cpu = (int)fl_cpu_id();
	source->bits = fl_context_bits();
	if (source->inside_hard++)
		source->overlaps++;
	answer = look_and_clear(source);
	source->inside_hard--;
	return answer;
}

UNUSED static int thread_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;
	int answer;

	source->thread_runs++;
	source->last_cpu = (int)fl_cpu_id();
	source->bits = fl_context_bits();
	if (source->inside_thread++)
		source->overlaps++;
	for (unsigned int i = 0; i < source->thread_points; i++)
		point();
	answer = look_and_clear(source);
	source->inside_thread--;
	return answer;
}

/* A hard handler that looks and leaves the rest to its thread. */
UNUSED static int waking_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	source->bits = fl_context_bits();
	return source->cause ? FL_IRQ_WAKE_THREAD : FL_IRQ_NONE;
}

UNUSED static int request(unsigned int source, int (*handler)(int, void *),
			  int (*thread)(int, void *), unsigned int flags)
{
	struct fl_irq_request irq = {
		.line = LINE,
		.handler = handler,
		.thread_fn = thread,
		.handler_name = "handler",
		.thread_name = "thread",
		.flags = flags,
		.name = "device",
		.dev_id = &sources[source],
		.irq = 40,
		.source = source,
	};

	return fl_irq_request(&irq);
}

/* An agent that asserts its source so many times, each time when the last one was cleared. */
UNUSED static void assert_causes(void *arg)
{
	struct source *source = arg;

	point();
	set_cause(source, true);
}

UNUSED static void busy(void *arg)
{
	for (unsigned int i = 0; i < 12; i++)
		point();
}

UNUSED static struct fl_line_view look_at(unsigned int line)
{
	struct fl_line_view view;

	fl_view_line(line, &view);
	return view;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suspend race in N rounds, for tests: three contexts over three words, each operation one
 * point.
 */
#ifndef FAULTLINE_TESTS_SUSPEND_RACE_H
#define FAULTLINE_TESTS_SUSPEND_RACE_H

#include <faultline/engine.h>

static int race_rounds = 1;
static int power, fsr, irq;
static uint64_t race_bugs;

static int race_read(int *word)
{
	fl_point(FL_ACCESS_READ, (uintptr_t)word, 0);
	return *word;
}

static void race_write(int *word, int value)
{
	fl_point(FL_ACCESS_WRITE, (uintptr_t)word, 0);
	*word = value;
}

static void raiser(void *arg)
{
	for (int round = 0; round < race_rounds; round++) {
		race_write(&fsr, 1);
		race_write(&irq, 1);
	}
}

static void handler(void *arg)
{
	for (int round = 0; round < race_rounds; round++) {
		int clocked;

		if (!race_read(&irq))
			continue;
		if (!race_read(&power))
			continue;
		clocked = race_read(&power);
		race_read(&fsr);
		if (!clocked)
			race_bugs++;
		race_write(&irq, 0);
	}
}

static void suspender(void *arg)
{
	for (int round = 0; round < race_rounds; round++) {
		race_write(&power, 0);
		if (round < race_rounds - 1)
			race_write(&power, 1);
	}
}

static fl_context_t race_contexts[3];

static void race_init(int rounds)
{
	race_rounds = rounds;
	fl_machine_init(1, true, NULL);
	race_contexts[0] = fl_context_create("raiser", FL_CONTEXT_TASK, 0, raiser, NULL);
	race_contexts[1] = fl_context_create("handler", FL_CONTEXT_TASK, 0, handler, NULL);
	race_contexts[2] = fl_context_create("suspender", FL_CONTEXT_TASK, 0, suspender, NULL);
	fl_snapshot();
}

static enum fl_end race_run(const struct fl_strategy *strategy, uint64_t schedule)
{
	struct fl_run_options options = {.strategy = strategy, .schedule = schedule};

	fl_reset();
	power = 1;
	fsr = 0;
	irq = 0;
	for (int i = 0; i < 3; i++)
		fl_context_activate(race_contexts[i]);
	return fl_run(&options);
}

#endif

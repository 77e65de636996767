/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the engine's tests share: cmocka, one run, and a trace of letters.
 *
 * Assertions must not fail on a fiber (cmocka jumps out of them), so contexts note what they see
 * and the test looks at the notes after the run.
 */
#ifndef FAULTLINE_TESTS_ENGINE_TEST_H
#define FAULTLINE_TESTS_ENGINE_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <faultline/engine.h>

static char trace[4096] __attribute__((unused));

__attribute__((unused)) static void note(const char *what)
{
	size_t used = strlen(trace);

	snprintf(trace + used, sizeof(trace) - used, "%s", what);
}

__attribute__((unused)) static void point(void)
{
	fl_point(FL_ACCESS_NONE, 0, 0);
}

__attribute__((unused)) static const struct fl_strategy *strategy_started(const char *name,
									  uint64_t seed)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(seed, argument, &error), 0);
	return strategy;
}

/* One run under the strategy of that name. */
__attribute__((unused)) static enum fl_end run_as(const char *name, uint64_t schedule)
{
	struct fl_run_options options = {
		.strategy = strategy_started(name, 1),
		.schedule = schedule,
	};

	return fl_run(&options);
}

/* The run in which nobody is preempted and every answer is 0. */
__attribute__((unused)) static enum fl_end run_plain(void)
{
	fl_replay_set(NULL, 0);
	return run_as("replay", 0);
}

#endif

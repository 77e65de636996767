/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injected failures: armed by an operation of the scenario, consumed by the next call that matches.
 */
#include "internal.h"

static struct failure_state {
	int armed[FL_FAILURES];
} *state;

void fl_failure_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
}

void fl_failure_arm(enum fl_failure what, int error)
{
	fl_point(FL_ACCESS_WRITE, (uintptr_t)&state->armed[what], SITE(SITE_ATOMIC, 2));
	state->armed[what] = error;
}

int fl_failure_take(enum fl_failure what)
{
	int error = state->armed[what];

	state->armed[what] = 0;
	return error;
}

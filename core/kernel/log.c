/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a subject says: messages, warnings, its last words. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

void fl_printk(int level, const char *text)
{
	fl_emit_text(FL_EV_PRINTK, (uint64_t)level, 0, 0, 0, text);
}

void fl_warn(const char *what)
{
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, what);
}

_Noreturn void fl_bug(const char *what)
{
	fl_emit_text(FL_EV_BUG, 0, 0, 0, 0, what);
	if (fl_running())
		fl_stop(what);
	fprintf(stderr, "faultline: the subject died outside a run: %s\n", what);
	exit(3);
}

/*
 * ___ratelimit(): a burst of messages an interval, which begins with its first message. state[0] is
 * the interval's begin plus one (0: none yet), state[1] how many were printed in it.
 */
bool fl_ratelimit(uint64_t state[2], uint64_t interval_ns, unsigned int burst)
{
	uint64_t now;

	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_ATOMIC, 1));
	if (!interval_ns)
		return true;
	now = fl_now() + 1;
	if (!state[0] || now > state[0] + interval_ns) {
		state[0] = now;
		state[1] = 0;
	}
	if (state[1] >= burst)
		return false;
	state[1]++;
	return true;
}

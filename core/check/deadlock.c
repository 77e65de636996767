/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deadlock: the wait-for graph has no cycle; suspend, free_irq and domain teardown finish.
 *
 * The engine says when nobody can run, now or later. That is a deadlock of the subject if somebody is
 * blocked inside one of its functions. A bus master that waits for a transaction which nobody will
 * retire, and nobody else, is not: that is lost-stall's to tell.
 *
 * The finding is named after the blocked function of the context with the lowest number, the others
 * are in its text: contexts are numbered alike in each run of a case.
 */
#include <check/observe.h>

static void begins(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_deadlock);
}

static void finish(enum fl_end end)
{
	if (end != FL_END_DEADLOCK)
		return;
	for (fl_context_t i = 0; i < fl_context_count(); i++) {
		enum fl_context_state state = fl_context_state(i);

		if (!fl_where(i) || (state != FL_BLOCKED && state != FL_SPINNING))
			continue;
		fl_violation(&fl_invariant_deadlock, fl_where(i), NULL, "%s", fl_end_text());
		return;
	}
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_PM_CALLBACK_ENTER, begins);
	fl_subscribe(FL_EV_IRQ_FREE_BEGIN, begins);
}

const struct fl_invariant fl_invariant_deadlock = {
	.name = "deadlock",
	.help = "nobody waits for ever in suspend, free_irq, teardown or a handler",
	.premise = "a suspend or resume callback or free_irq ran",
	.consequence =
		"The tasks named stay in D state; after 120 s \"INFO: task ... blocked for more "
		"than 120 seconds\". In suspend the system hangs with its screen off.",
	.subscribe = subscribe,
	.finish = finish,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * livelock: under a fair schedule every context finishes or blocks within the bound.
 *
 * The engine ends a fair run that made no progress for the whole bound. It is the subject's if the
 * context that took the most steps was in one of its functions, or is in interrupt handlers all the
 * time. The finding is named after the function that this context entered last from outside, for what
 * is nested in it depends on the moment.
 */
#include <check/observe.h>

static void entered(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_livelock);
}

static const char *busiest_function(void)
{
	fl_context_t busiest = 0;

	for (fl_context_t i = 1; i < fl_context_count(); i++)
		if (fl_context_steps(i) > fl_context_steps(busiest))
			busiest = i;
	switch (fl_context_kind(busiest)) {
	case FL_CONTEXT_HARDIRQ:
	case FL_CONTEXT_IRQ_THREAD:
		return check_context_at(busiest)->last_function;
	default:
		return fl_where_outermost(busiest);
	}
}

static void finish(enum fl_end end)
{
	const char *function;

	if (end != FL_END_LIVELOCK)
		return;
	function = busiest_function();
	if (function)
		fl_violation(
			&fl_invariant_livelock, function, NULL,
			"no progress within the bound under a fair schedule; runtime status %s, "
			"power %s",
			check_status_name(check_world->status[FL_DEVICE_SMMU]),
			check_power_name(check_world->power));
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_ENTER, entered);
}

const struct fl_invariant fl_invariant_livelock = {
	.name = "livelock",
	.help = "under a fair schedule every context finishes or blocks within the bound",
	.premise = "the subject ran",
	.consequence =
		"Nothing is printed. The contexts go round for ever; a CPU is busy, soft lockup "
		"or RCU stall warnings follow, and the operation never ends.",
	.needs = FL_NEEDS_FAIR,
	.on_threads =
		"the host's scheduler is taken as fair once each runnable context took 64 steps",
	.subscribe = subscribe,
	.finish = finish,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * livelock: under a fair schedule every context finishes or blocks within the bound.
 *
 * The engine ends a fair run that made no progress for the whole bound. It is the subject's if it was
 * running: some context is inside one of its functions, or entered one shortly before (an interrupt
 * that is taken over and over again is between two calls half of the time). The finding is named
 * after the running function of the context with the lowest number.
 */
#include <check/observe.h>

/* How long ago the subject may have been entered last: a slow interrupt cycle is some 50 steps. */
#define RECENT_STEPS 512

static void entered(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_livelock);
}

static const char *running_function(void)
{
	for (fl_context_t i = 0; i < fl_context_count(); i++) {
		enum fl_context_state state = fl_context_state(i);

		if (fl_where(i) &&
		    (state == FL_RUNNABLE || state == FL_SPINNING || state == FL_DELAYING))
			return fl_where(i);
	}
	if (check_world->last_function && fl_step() - check_world->last_function_step < RECENT_STEPS)
		return check_world->last_function;
	return NULL;
}

static void finish(enum fl_end end)
{
	const char *function;

	if (end != FL_END_LIVELOCK)
		return;
	function = running_function();
	if (function)
		fl_violation(&fl_invariant_livelock, function, NULL,
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
	.needs = FL_NEEDS_FAIR,
	.subscribe = subscribe,
	.finish = finish,
};

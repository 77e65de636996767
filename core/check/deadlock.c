/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deadlock: the wait-for graph has no cycle; suspend, free_irq and domain teardown finish.
 *
 * The engine says when nobody can run, now or later. That is a deadlock of the subject if somebody is
 * blocked inside one of its functions. A bus master that waits for a transaction which nobody will
 * retire, and nobody else, is not: that is lost-stall's to tell.
 *
 * The finding is named after a PM callback that sleeps for ever, if there is one: whoever else needs the
 * device waits for it, and who that is depends on the moment. Else it is named after the blocked function
 * of the context with the lowest number: contexts are numbered alike in each run of a case. The others are
 * in its text.
 */
#include <check/observe.h>

static void begins(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_deadlock);
}

static bool is_in_callback(fl_context_t context)
{
	const struct check_context *seen = check_context_at(context);

	for (unsigned int device = 0; device < FL_DEVICES; device++)
		if (seen->suspends[device] || seen->resumes[device])
			return true;
	return false;
}

static bool is_stuck(fl_context_t context)
{
	enum fl_context_state state = fl_context_state(context);

	return fl_where(context) && (state == FL_BLOCKED || state == FL_SPINNING);
}

/* FL_NO_CONTEXT: nobody is stuck in the subject. */
static fl_context_t culprit(void)
{
	fl_context_t first = FL_NO_CONTEXT;

	for (fl_context_t i = 0; i < fl_context_count(); i++) {
		if (!is_stuck(i))
			continue;
		if (fl_context_state(i) == FL_BLOCKED && is_in_callback(i))
			return i;
		if (first == FL_NO_CONTEXT)
			first = i;
	}
	return first;
}

static void finish(enum fl_end end)
{
	fl_context_t named = end == FL_END_DEADLOCK ? culprit() : FL_NO_CONTEXT;

	if (named != FL_NO_CONTEXT)
		fl_violation(&fl_invariant_deadlock, fl_where(named), NULL, "%s", fl_end_text());
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
	.on_threads = "one that needs a task kept off its CPU by another does not come about",
	.subscribe = subscribe,
	.finish = finish,
};

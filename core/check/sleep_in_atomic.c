/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sleep-in-atomic: no call that may sleep in hard interrupt, timer, spinlock or interrupts-off context,
 * whatever the current runtime PM status: Linux itself complains only when the call would sleep now
 * (domain.md 3.5), which lets a rare crash pass for working code.
 *
 * One signature a function: a wrong call is made of many calls that may sleep.
 */
#include <check/observe.h>

static bool seen; /* the premise, in this run */

static void may_sleep(const struct fl_event *event)
{
	const char *function;

	if (seen && !event->a)
		return;
	function = fl_where(event->context);
	if (event->a)
		fl_violation(&fl_invariant_sleep_in_atomic, function, NULL,
			     "%s may sleep, and was called in atomic context",
			     event->text ? event->text : "a call");
	else if (!function)
		return;
	fl_premise(&fl_invariant_sleep_in_atomic);
	seen = true;
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_MAY_SLEEP, may_sleep);
}

static void reset(void)
{
	seen = false;
}

const struct fl_invariant fl_invariant_sleep_in_atomic = {
	.name = "sleep-in-atomic",
	.help = "no call that may sleep in hard IRQ, timer, spinlock or irq-off context",
	.premise = "the subject made a call that may sleep",
	.consequence =
		"\"BUG: sleeping function called from invalid context\", and \"scheduling while "
		"atomic\" if it does sleep: the CPU can hang.",
	.subscribe = subscribe,
	.reset = reset,
};

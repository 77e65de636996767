/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dead-line: no line ends disabled by the spurious detector, or masked for ever, while it has a live
 * cause.
 *
 * Judged when nothing can happen any more. After "nobody cared" that includes an end without progress:
 * the detector's poll timer keeps running. Masked for ever is judged only while the device is up and
 * out of system sleep, for then nobody is left who would unmask; and not while a handler or thread of
 * the line hangs, which is a deadlock and told as one.
 */
#include <check/observe.h>

static void line_level(const struct fl_event *event)
{
	if (event->b && event->a < FL_MAX_LINES && check_live_cause((unsigned int)event->a) >= 0)
		fl_premise(&fl_invariant_dead_line);
}

static void judge(unsigned int number, bool at_rest)
{
	const struct check_line *line = &check_world->lines[number];
	int cause = check_live_cause(number);

	if (cause < 0)
		return;
	if (line->spurious_off)
		fl_violation(&fl_invariant_dead_line, check_handler_of((uint8_t)cause),
			     "disabled by the spurious detector",
			     "line %u ends disabled by the spurious detector, and is high", number);
	else if (at_rest && (line->masked || line->depth) && check_smmu_settled_active() &&
		 !check_line_busy(number))
		fl_violation(&fl_invariant_dead_line, check_handler_of((uint8_t)cause),
			     "masked for ever", "line %u ends %s (disable depth %u), and is high",
			     number, line->masked ? "masked" : "disabled", line->depth);
}

static void finish(enum fl_end end)
{
	unsigned int line;

	if (end != FL_END_QUIET && end != FL_END_DEADLOCK && end != FL_END_LIVELOCK)
		return;
	check_for_each_line(line)
		judge(line, end != FL_END_LIVELOCK);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_LINE, line_level);
}

const struct fl_invariant fl_invariant_dead_line = {
	.name = "dead-line",
	.help = "no line ends disabled or masked for ever while it has a live cause",
	.premise = "a fault of the SMMU asserted a line",
	.consequence =
		"The line stays disabled: \"irq N: nobody cared\", \"Disabling IRQ #N\", and "
		"from then on no fault of the SMMU on that line is served; stalled masters hang "
		"until the next reboot.",
	.subscribe = subscribe,
	.finish = finish,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * suspended-line-high: while the runtime PM status is SUSPENDED the line is low or masked.
 *
 * Judged when the status becomes SUSPENDED, which is after the suspend path, and when a line rises or
 * is unmasked while SUSPENDED. A ONESHOT line that waits for its thread is masked now, and judged when
 * the thread's end unmasks it. With runtime PM disabled the status means nothing.
 */
#include <check/fault_log.h>

static void judge(unsigned int number)
{
	const struct check_line *line = &check_world->lines[number];

	if (line->masked || line->depth || check_live_cause(number) < 0)
		return;
	fl_violation(&fl_invariant_suspended_line_high, check_world->suspend_function, NULL,
		     "line %u is high and unmasked while the SMMU is SUSPENDED, power %s", number,
		     check_power_name(check_world->power));
}

static void pm_status(const struct fl_event *event)
{
	unsigned int line;

	if (event->a != FL_DEVICE_SMMU || !check_smmu_is(FL_RPM_SUSPENDED))
		return;
	if (check_fault_last() >= check_fault_first())
		fl_premise(&fl_invariant_suspended_line_high);
	check_for_each_line(line)
		judge(line);
}

static void line_changed(const struct fl_event *event)
{
	if (event->a < FL_MAX_LINES && check_smmu_is(FL_RPM_SUSPENDED))
		judge((unsigned int)event->a);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_PM_STATUS, pm_status);
	fl_subscribe(FL_EV_LINE, line_changed);
	fl_subscribe(FL_EV_LINE_MASK, line_changed);
}

const struct fl_invariant fl_invariant_suspended_line_high = {
	.name = "suspended-line-high",
	.help = "while the status is SUSPENDED the line is low or masked",
	.premise = "the SMMU became SUSPENDED after a fault",
	.consequence =
		"A level interrupt is pending for a device that is asleep: it fires at once and "
		"cannot be cleared without waking the device, the seed of a storm; or it keeps "
		"the system from sleeping.",
	.subscribe = subscribe,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unclocked-access: no SMMU register access while the power domain or the clocks are off.
 *
 * The device model is the witness: it tells of each access that it got without power, before the knobs
 * say what becomes of it. The TBUs' debug blocks are registers of the SMMU too.
 */
#include <check/observe.h>

static void off_access(const struct fl_event *event)
{
	char name[32];

	if (event->a >> 24 != FL_REGION_SMMU && event->a >> 24 != FL_REGION_TBU)
		return;
	fl_violation(&fl_invariant_unclocked_access, fl_where(event->context), NULL,
		     "%s of %s with the SMMU's power %s and its runtime status %s",
		     event->c ? "write" : "read", smmu_register_name(event->a, name, sizeof(name)),
		     check_power_name((unsigned int)event->d),
		     check_status_name(check_world->status[FL_DEVICE_SMMU]));
}

static void power(const struct fl_event *event)
{
	if (event->a == FL_POWER_ON)
		fl_premise(&fl_invariant_unclocked_access);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_OFF_ACCESS, off_access);
	fl_subscribe(FL_EV_POWER, power);
}

const struct fl_invariant fl_invariant_unclocked_access = {
	.name = "unclocked-access",
	.help = "no SMMU register access while the power domain or the clocks are off",
	.premise = "the SMMU lost its clocks or its power",
	.consequence =
		"The access goes to a block without clocks or power: on Qualcomm's SoCs a "
		"synchronous external abort or a NoC error, which is a crash, or a silent hang "
		"of the bus; elsewhere a read of all ones or zero that is then taken for "
		"status.",
	.subscribe = subscribe,
};

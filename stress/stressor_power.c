// SPDX-License-Identifier: GPL-2.0-or-later
/* Stressors of power: runtime PM, system sleep, and what fails on the way. */
#include "stressor.h"

static void build_suspend_resume(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(2);

	(void)features;
	while (count--) {
		add_suspend(actor);
		add(actor, OP_PM_GET_SYNC, draw(3) ? ON_GPU : ON_SMMU, 0, 0);
	}
	if (draw(2))
		add_suspend(actor);
}

const struct stressor stressor_suspend_resume = {
	.name = "suspend-resume",
	.help = "GPU and SMMU are suspended and taken up again, at once",
	.frequency = STRESS_OFTEN,
	.build = build_suspend_resume,
};

static void build_autosuspend(struct fl_actor *actor, uint32_t features)
{
	(void)features;
	add_autosuspend(actor);
	if (!draw(2))
		return;
	add(actor, OP_PM_GET, ON_GPU, 0, 0);
	add(actor, OP_SLEEP, draw(3), 0, 0);
	add_autosuspend(actor);
}

const struct stressor stressor_autosuspend = {
	.name = "autosuspend",
	.help = "the last reference goes, and the delays of GPU and SMMU expire",
	.frequency = STRESS_OFTEN,
	.build = build_autosuspend,
};

static void build_pm_disable(struct fl_actor *actor, uint32_t features)
{
	unsigned int device = draw(3) ? ON_SMMU : ON_GPU;

	(void)features;
	add(actor, OP_PM_DISABLE, device, 0, 0);
	if (draw(2))
		add(actor, OP_SLEEP, draw(2), 0, 0);
	add(actor, OP_PM_ENABLE, device, 0, 0);
}

const struct stressor stressor_pm_disable = {
	.name = "pm-disable",
	.help = "runtime PM is disabled and enabled again",
	.frequency = STRESS_RARELY,
	.build = build_pm_disable,
};

static void build_system_sleep(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(3);

	(void)features;
	while (count--)
		add(actor, OP_SYSTEM_SLEEP, draw(2) ? draw(10) : 0, 0, 0);
}

const struct stressor stressor_system_sleep = {
	.name = "system-sleep",
	.help = "the system suspends and resumes, now and then stopped half way",
	.frequency = STRESS_SOMETIMES,
	.build = build_system_sleep,
};

static void build_clock_failures(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(3);

	(void)features;
	while (count--) {
		add(actor, draw(2) ? OP_FAIL_DOMAIN : OP_FAIL_CLOCK, 0, 0, 0);
		add(actor, OP_SLEEP, draw(3), 0, 0);
	}
}

const struct stressor stressor_clock_failures = {
	.name = "clock-failures",
	.help = "clocks and power domains that do not come on",
	.frequency = STRESS_RARELY,
	.build = build_clock_failures,
};

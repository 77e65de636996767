/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios of faults beside runtime suspend and resume. */
#include "scenario.h"

static void build_runtime_suspend(struct fl_program *program, const struct fl_subject *subject,
				  const struct fl_profile *profile)
{
	uint32_t features = fl_features_on(subject, profile);
	struct fl_actor *task;

	draw_client(program, features);
	add_faults(add_agent(program, "gpu"), 2);
	task = add_task(program, "suspend", profile);
	add_stall_off(task, features);
	add_suspend(task);
}

const struct fl_scenario scenario_fault_vs_runtime_suspend = {
	.name = "fault-vs-runtime-suspend",
	.help = "a fault or two while GPU and SMMU are suspended",
	.build = build_runtime_suspend,
};

static void build_autosuspend(struct fl_program *program, const struct fl_subject *subject,
			      const struct fl_profile *profile)
{
	uint32_t features = fl_features_on(subject, profile);
	struct fl_actor *task;

	draw_client(program, features);
	add_faults(add_agent(program, "gpu"), 2);
	task = add_task(program, "retire", profile);
	add_stall_off(task, features);
	add_autosuspend(task);
}

const struct fl_scenario scenario_fault_vs_autosuspend = {
	.name = "fault-vs-autosuspend",
	.help = "a fault or two while both autosuspend timers expire and their work runs",
	.build = build_autosuspend,
};

static void build_resume(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	uint32_t features = fl_features_on(subject, profile);
	struct fl_actor *task;

	draw_client(program, features);
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "cycle", profile);
	add_stall_off(task, features);
	add_suspend(task);
	add(task, draw(2) ? OP_PM_GET : OP_PM_GET_SYNC, ON_GPU, 0, 0);
}

const struct fl_scenario scenario_fault_vs_resume = {
	.name = "fault-vs-resume",
	.help = "faults while GPU and SMMU are suspended and resumed",
	.build = build_resume,
};

static void build_global(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "firmware");
	struct fl_actor *task;

	add(agent, draw(2) ? OP_GLOBAL_SELF_TEST : OP_UNKNOWN_DMA, 0, 0, 0);
	add(agent, OP_UNKNOWN_DMA, 1, 0, 0);
	task = add_task(program, "suspend", profile);
	if (draw(2))
		add_autosuspend(task);
	else
		add_suspend(task);
	if (draw(2))
		add(task, OP_PM_GET_SYNC, ON_GPU, 0, 0);
}

const struct fl_scenario scenario_global_fault_vs_suspend = {
	.name = "global-fault-vs-suspend",
	.help = "an unknown stream faults while the SMMU is suspended",
	.build = build_global,
};

static void build_pm_disable(struct fl_program *program, const struct fl_subject *subject,
			     const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "disable", profile);
	/* Disabled while active, or when it has suspended. */
	if (draw(2))
		add_suspend(task);
	add(task, OP_PM_DISABLE, ON_SMMU, 0, 0);
	add(task, OP_PM_ENABLE, ON_SMMU, 0, 0);
	if (draw(2))
		add(task, OP_PM_GET_SYNC, ON_GPU, 0, 0);
}

const struct fl_scenario scenario_pm_disable = {
	.name = "pm-disable",
	.help = "faults while the SMMU's runtime PM is disabled and enabled",
	.build = build_pm_disable,
};

/*
 * The GPU is wanted again and waits for a suspend that the SMMU's timer has begun. Nobody of user space is
 * in a transition, so nothing holds the disabling up. A handler whose get is turned away by it
 * may tell the client, who wants the GPU, too.
 */
static void build_pm_disable_in_suspend(struct fl_program *program,
					const struct fl_subject *subject,
					const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	program->client.dump = 1;
	add(add_agent(program, "gmu"), OP_GMU_DMA, 0, PAGE_UNMAPPED, 0);
	task = add_task(program, "user", profile);
	add(task, OP_PM_PUT_NOIDLE, ON_GPU, 0, 0);
	add(task, OP_PM_SUSPEND, ON_GPU, 0, 0);
	add(task, OP_NEXT_ALARM, 0, 0, 0);
	add(task, OP_PM_GET, ON_GPU, 0, 0);
	add(task, OP_PM_DISABLE, ON_SMMU, 0, 0);
}

const struct fl_scenario scenario_pm_disable_in_suspend = {
	.name = "pm-disable-in-suspend",
	.help = "a fault while the SMMU's runtime PM is disabled during its suspend",
	.unlinked = true,
	.build = build_pm_disable_in_suspend,
};

static void build_clock_failure(struct fl_program *program, const struct fl_subject *subject,
				const struct fl_profile *profile)
{
	enum { RESUME_GPU, RESUME_SMMU, FREE, NEEDS };
	unsigned int need;
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 2);
	task = add_task(program, "cycle", profile);
	add_suspend(task);
	add(task, draw(2) ? OP_FAIL_DOMAIN : OP_FAIL_CLOCK, 0, 0, 0);
	/* Who needs the device, and must do without; then all is well again, and there is work. */
	need = draw(NEEDS);
	if (need == FREE)
		add(task, OP_FREE_DOMAIN, 0, 0, 0);
	else
		add(task, OP_PM_RESUME_AND_GET, need == RESUME_SMMU ? ON_SMMU : ON_GPU, 0, 0);
	add(task, OP_SUBMIT, PAGE_UNMAPPED, 0, 0);
}

const struct fl_scenario scenario_clock_failure = {
	.name = "clock-failure",
	.help = "a clock or the power domain fails to come on when the SMMU resumes",
	.build = build_clock_failure,
};

static void build_gmu_traffic(struct fl_program *program, const struct fl_subject *subject,
			      const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "gmu");
	unsigned int count = 1 + draw(4);
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	while (count--)
		add(agent, OP_GMU_DMA, 0, draw(2) ? PAGE_MAPPED : PAGE_UNMAPPED, 0);
	task = add_task(program, "retire", profile);
	add_autosuspend(task);
	if (draw(2))
		add(task, OP_SUBMIT, PAGE_MAPPED, 0, 0);
}

const struct fl_scenario scenario_gmu_traffic = {
	.name = "gmu-traffic",
	.help = "a GMU without a device link goes on while GPU and SMMU autosuspend",
	.build = build_gmu_traffic,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios of the whole machine: sleep, shutdown, unbind, and who else is on the line. */
#include "scenario.h"

static void build_system_sleep(struct fl_program *program, const struct fl_subject *subject,
			       const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "sleep", profile);
	/* Entered while active, or when both have suspended at run time. */
	if (draw(2))
		add_suspend(task);
	add(task, OP_SYSTEM_SLEEP, draw(10), 0, 0);
	if (draw(2))
		add(task, OP_SUBMIT, PAGE_MAPPED, 0, 0);
}

const struct fl_scenario scenario_fault_vs_system_sleep = {
	.name = "fault-vs-system-sleep",
	.help = "faults while the system suspends and resumes, or is woken half-way",
	.build = build_system_sleep,
};

/* The SMMU's driver goes, by @operation, which gives the task its @name. */
static void build_end(struct fl_program *program, const struct fl_subject *subject,
		      const struct fl_profile *profile, const char *name,
		      enum operation_code operation)
{
	struct fl_actor *agent = add_agent(program, "gpu");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(agent, 2);
	if (draw(2))
		add(agent, OP_UNKNOWN_DMA, 0, 0, 0);
	task = add_task(program, name, profile);
	/* What a run allocates must be given back by whoever tears everything down. */
	if (operation == OP_UNBIND && draw(2))
		add(task, OP_ATTACH, 1, 0, 0);
	if (draw(2))
		add_suspend(task);
	/* It may have to do without a device that comes up. */
	if (draw(2))
		add(task, OP_FAIL_CLOCK, 0, 0, 0);
	add(task, operation, 0, 0, 0);
}

static void build_shutdown(struct fl_program *program, const struct fl_subject *subject,
			   const struct fl_profile *profile)
{
	build_end(program, subject, profile, "shutdown", OP_SHUTDOWN);
}

const struct fl_scenario scenario_fault_vs_shutdown = {
	.name = "fault-vs-shutdown",
	.help = "faults while the SMMU is shut down",
	.build = build_shutdown,
};

static void build_unbind(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	build_end(program, subject, profile, "unbind", OP_UNBIND);
}

const struct fl_scenario scenario_fault_vs_unbind = {
	.name = "fault-vs-unbind",
	.help = "faults while the drivers are unbound",
	.build = build_unbind,
};

static void build_shared_line(struct fl_program *program, const struct fl_subject *subject,
			      const struct fl_profile *profile)
{
	struct fl_actor *agent;
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 2);
	agent = add_agent(program, "other");
	add(agent, profile->other_line == FL_MAX_LINES ? OP_UNKNOWN_DMA : OP_OTHER_IRQ, 0, 0, 0);
	if (draw(2))
		add(agent, OP_OTHER_IRQ, 0, 0, 0);
	if (draw(2))
		add(agent, OP_UNKNOWN_DMA, 0, 0, 0);
	task = add_task(program, "suspend", profile);
	if (draw(2))
		add_autosuspend(task);
	else
		add_suspend(task);
}

const struct fl_scenario scenario_shared_line = {
	.name = "shared-line",
	.help = "other causes, on the same line if the profile shares it, beside a fault and a suspend",
	.build = build_shared_line,
};

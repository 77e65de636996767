/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios of stalling, of many faults, and of the client's part in them. */
#include "scenario.h"

static void build_storm(struct fl_program *program, const struct fl_subject *subject,
			const struct fl_profile *profile)
{
	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 6);
	add_faults(add_agent(program, "gpu-prefetch"), 4);
}

const struct fl_scenario scenario_storm_of_faults = {
	.name = "storm-of-faults",
	.help = "two masters fault many times on one bank",
	.build = build_storm,
};

static void build_stall_and_resume(struct fl_program *program, const struct fl_subject *subject,
				   const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	program->client.answer = draw(2) ? CLIENT_ANSWERS_EAGAIN : CLIENT_ANSWERS_0;
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "pager", profile);
	/* A retry may find the page there, or gone again. */
	add(task, OP_MAP, 0, PAGE_UNMAPPED, draw(2));
	if (draw(2))
		add(task, OP_UNMAP, 0, PAGE_UNMAPPED, 0);
	add(task, OP_SUBMIT, PAGE_UNMAPPED, 0, 0);
}

const struct fl_scenario scenario_stall_and_resume = {
	.name = "stall-and-resume",
	.help = "stalled transactions, retried or terminated, while their page comes and goes",
	.features = FL_SUBJECT_STALL,
	.build = build_stall_and_resume,
};

static void build_set_stall_race(struct fl_program *program, const struct fl_subject *subject,
				 const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	program->client.set_stall = 1;
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "debugfs", profile);
	add(task, OP_SET_STALL, 0, 0, 0);
	add(task, OP_SET_STALL, 1, 0, 0);
	task = add_task(program, "submit", profile);
	add(task, OP_SUBMIT, PAGE_UNMAPPED, 0, 0);
	add(task, OP_DUMP_READ, 0, 0, 0);
	add(task, OP_SLEEP, 4, 0, 0);
	add(task, OP_SUBMIT, PAGE_MAPPED, 0, 0);
	if (draw(2))
		add_autosuspend(add_task(program, "retire", profile));
}

const struct fl_scenario scenario_set_stall_race = {
	.name = "set-stall-race",
	.help = "stalling is switched by the callback, by submit and by a user",
	.features = FL_SUBJECT_STALL,
	.build = build_set_stall_race,
};

static void build_ttbr0_switch(struct fl_program *program, const struct fl_subject *subject,
			       const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 2);
	task = add_task(program, "switch", profile);
	add(task, OP_SET_TTBR0_CFG, 1, 0, 0);
	add(task, OP_SET_TTBR0_CFG, 0, 0, 0);
	task = add_task(program, "suspend", profile);
	if (draw(2))
		add_autosuspend(task);
	else
		add_suspend(task);
}

const struct fl_scenario scenario_ttbr0_switch = {
	.name = "ttbr0-switch",
	.help = "per-process tables come and go while GPU and SMMU suspend",
	.features = FL_SUBJECT_STALL,
	.build = build_ttbr0_switch,
};

static void build_submit_loop(struct fl_program *program, const struct fl_subject *subject,
			      const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	task = add_task(program, "submit", profile);
	add(task, OP_PM_PUT_AUTOSUSPEND, ON_GPU, 0, 0);
	for (unsigned int i = 0; i < 3; i++) {
		unsigned int page = draw(2) ? PAGE_MAPPED : PAGE_UNMAPPED;

		add(task, OP_SUBMIT, page, draw(2), 0);
		if (draw(2))
			add(task, OP_SLEEP, 1 + draw(3), 0, 0);
	}
	task = add_task(program, "clock", profile);
	for (unsigned int i = 0; i < 3; i++)
		add(task, OP_NEXT_ALARM, 0, 0, 0);
}

const struct fl_scenario scenario_submit_loop = {
	.name = "submit-loop",
	.help = "jobs that fault or not, with suspends between them",
	.build = build_submit_loop,
};

static void build_self_test(struct fl_program *program, const struct fl_subject *subject,
			    const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "self-test");
	unsigned int count = 1 + draw(3);
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	while (count--) {
		if (draw(2))
			add(agent, OP_GLOBAL_SELF_TEST, draw(3), 0, 0);
		else
			add(agent, OP_SELF_TEST, 0, draw(5), 0);
	}
	task = add_task(program, "suspend", profile);
	add_suspend(task);
}

const struct fl_scenario scenario_self_test = {
	.name = "self-test",
	.help = "faults that nobody caused, through FSRRESTORE, while the SMMU suspends",
	.build = build_self_test,
};

static void build_tbu_debug(struct fl_program *program, const struct fl_subject *subject,
			    const struct fl_profile *profile)
{
	struct fl_actor *task;

	program->client.answer = (uint8_t)draw(4);
	add_faults(add_agent(program, "gpu"), 3);
	if (draw(2)) {
		task = add_task(program, "lookup", profile);
		add(task, OP_IOVA_TO_PHYS, 0, PAGE_MAPPED, 0);
	}
	if (draw(2)) {
		task = add_task(program, "suspend", profile);
		add_suspend(task);
	}
}

const struct fl_scenario scenario_tbu_debug = {
	.name = "tbu-debug",
	.help = "faults that are looked up in a TBU, whatever the client answers",
	.features = FL_SUBJECT_TBU,
	.build = build_tbu_debug,
};

static void build_two_banks(struct fl_program *program, const struct fl_subject *subject,
			    const struct fl_profile *profile)
{
	struct fl_actor *agent;
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 2);
	agent = add_agent(program, "other");
	add(agent, OP_DMA, 1, PAGE_UNMAPPED, 0);
	add(agent, OP_DMA, 1, PAGE_UNMAPPED, 1);
	if (draw(2))
		add(add_agent(program, "firmware"), OP_UNKNOWN_DMA, 0, 0, 0);
	task = add_task(program, "owner", profile);
	add(task, OP_ATTACH, 1, 0, 0);
	if (draw(2))
		add_suspend(task);
}

const struct fl_scenario scenario_two_banks = {
	.name = "two-banks",
	.help = "handlers of two banks, and of the global fault, run at the same time",
	.build = build_two_banks,
};

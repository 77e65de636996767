/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios of domains and their pages. */
#include "scenario.h"

static void build_detach(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	enum { DETACH, FREE, DETACH_ATTACH, ENDS };
	unsigned int end;
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 3);
	task = add_task(program, "detach", profile);
	end = draw(ENDS);
	add(task, end == FREE ? OP_FREE_DOMAIN : OP_DETACH, 0, 0, 0);
	if (end == DETACH_ATTACH)
		add(task, OP_ATTACH, 0, 0, 0);
	if (draw(2))
		add_suspend(add_task(program, "suspend", profile));
}

const struct fl_scenario scenario_fault_vs_detach = {
	.name = "fault-vs-detach",
	.help = "faults while their domain is detached, freed or attached again",
	.build = build_detach,
};

static void build_domain_life(struct fl_program *program, const struct fl_subject *subject,
			      const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "master");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add(agent, OP_GMU_DMA, 1, PAGE_UNMAPPED, 0);
	add(agent, OP_DMA, 1, PAGE_MAPPED, 1);
	add(agent, OP_DMA, 1, PAGE_UNMAPPED, 1);
	task = add_task(program, "domain", profile);
	add(task, OP_ATTACH, 1, 0, 0);
	add(task, OP_MAP, 1, PAGE_MAPPED, draw(2));
	if (draw(2))
		add(task, OP_DETACH, 1, 0, 0);
	add(task, OP_FREE_DOMAIN, 1, 0, 0);
	/* With the GPU's own domain gone too, whatever is still allocated has leaked. */
	if (draw(2))
		add(task, OP_FREE_DOMAIN, 0, 0, 0);
	if (draw(2))
		add_suspend(add_task(program, "suspend", profile));
}

const struct fl_scenario scenario_domain_life = {
	.name = "domain-life",
	.help = "a second domain is attached, used and freed while its master faults",
	.build = build_domain_life,
};

static void build_iova_to_phys(struct fl_program *program, const struct fl_subject *subject,
			       const struct fl_profile *profile)
{
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_faults(add_agent(program, "gpu"), 2);
	task = add_task(program, "lookup", profile);
	add(task, OP_IOVA_TO_PHYS, 0, draw(4), 0);
	add(task, OP_IOVA_TO_PHYS, 0, draw(4), 0);
	task = add_task(program, "retire", profile);
	add_autosuspend(task);
}

const struct fl_scenario scenario_iova_to_phys = {
	.name = "iova-to-phys",
	.help = "lookups by hardware beside faults and autosuspend",
	.build = build_iova_to_phys,
};

static void build_map_and_unmap(struct fl_program *program, const struct fl_subject *subject,
				const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "gpu");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add(agent, OP_DMA, 0, PAGE_UNMAPPED, 0);
	add(agent, OP_DMA, 0, PAGE_MAPPED, 1);
	add_fault(agent);
	task = add_task(program, "map", profile);
	add(task, OP_MAP, 0, PAGE_UNMAPPED, draw(2));
	add(task, OP_UNMAP, 0, PAGE_MAPPED, 0);
	task = add_task(program, "retire", profile);
	if (draw(2))
		add_suspend(task);
	else
		add_autosuspend(task);
}

const struct fl_scenario scenario_map_and_unmap = {
	.name = "map-and-unmap",
	.help = "pages come and go under traffic while GPU and SMMU suspend",
	.build = build_map_and_unmap,
};

static void build_allocation_failure(struct fl_program *program, const struct fl_subject *subject,
				     const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "master");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add_fault(agent);
	/* Last: before the attach it would be a global fault, and others have those. */
	add(agent, OP_DMA, 1, PAGE_UNMAPPED, 0);
	task = add_task(program, "domain", profile);
	add(task, draw(2) ? OP_FAIL_IRQ : OP_FAIL_ALLOCATION, 0, 0, 0);
	add(task, OP_ATTACH, 1, 0, 0);
	if (draw(2))
		add(task, OP_FAIL_ALLOCATION, 0, 0, 0);
	add(task, OP_MAP, 1, PAGE_MAPPED, 0);
	if (draw(2))
		add(task, OP_FREE_DOMAIN, 1, 0, 0);
}

const struct fl_scenario scenario_allocation_failure = {
	.name = "allocation-failure",
	.help = "memory or an interrupt is refused while a second domain is attached and used",
	.build = build_allocation_failure,
};

static void build_teardown(struct fl_program *program, const struct fl_subject *subject,
			   const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "gmu");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	add(agent, OP_GMU_DMA, 0, draw(2) ? PAGE_UNMAPPED : PAGE_MAPPED, 0);
	add(agent, OP_GMU_DMA, 0, PAGE_UNMAPPED, 0);
	task = add_task(program, "cycle", profile);
	add_suspend(task);
	/* What went wrong in the first suspend is still there in the second. */
	if (draw(8)) {
		add(task, OP_PM_GET_SYNC, ON_GPU, 0, 0);
		add_suspend(task);
	}
	add(task, draw(2) ? OP_FAIL_DOMAIN : OP_FAIL_CLOCK, 0, 0, 0);
	if (draw(4))
		add(task, OP_FREE_DOMAIN, 0, 0, 0);
	else
		add(task, OP_PM_RESUME_AND_GET, ON_SMMU, 0, 0);
}

const struct fl_scenario scenario_teardown_without_power = {
	.name = "teardown-without-power",
	.help = "a domain is freed, or just needed, when the SMMU does not come up any more",
	.build = build_teardown,
};

static void build_all_banks(struct fl_program *program, const struct fl_subject *subject,
			    const struct fl_profile *profile)
{
	struct fl_actor *agent = add_agent(program, "master");
	struct fl_actor *task;

	draw_client(program, fl_features_on(subject, profile));
	for (unsigned int stream = OP_DOMAINS - 1; stream; stream--)
		add(agent, OP_DMA, stream, PAGE_UNMAPPED, draw(2));
	task = add_task(program, "owner", profile);
	for (unsigned int domain = 1; domain < OP_DOMAINS; domain++)
		add(task, OP_ATTACH, domain, 0, 0);
	add(task, OP_PM_DISABLE, ON_SMMU, 0, 0);
	add(task, OP_SLEEP, 0, 0, 0);
	add(task, OP_PM_ENABLE, ON_SMMU, 0, 0);
	/* What came is served, and the suspend meets no fault, only what it leaves behind. */
	add(task, OP_SLEEP, 1, 0, 0);
	add_suspend(task);
}

const struct fl_scenario scenario_all_banks = {
	.name = "all-banks",
	.help = "all banks fault while runtime PM is off, and suspend later, when all is quiet",
	.build = build_all_banks,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of scenarios, and what their builders share. */
#include "scenario.h"

#include <string.h>

const struct fl_scenario *const fl_scenarios[] = {
	&scenario_fault_vs_runtime_suspend,
	&scenario_fault_vs_autosuspend,
	&scenario_fault_vs_resume,
	&scenario_storm_of_faults,
	&scenario_stall_and_resume,
	&scenario_global_fault_vs_suspend,
	&scenario_fault_vs_detach,
	&scenario_domain_life,
	&scenario_fault_vs_system_sleep,
	&scenario_fault_vs_shutdown,
	&scenario_fault_vs_unbind,
	&scenario_shared_line,
	&scenario_set_stall_race,
	&scenario_ttbr0_switch,
	&scenario_tbu_debug,
	&scenario_clock_failure,
	&scenario_allocation_failure,
	&scenario_pm_disable,
	&scenario_pm_disable_in_suspend,
	&scenario_gmu_traffic,
	&scenario_submit_loop,
	&scenario_iova_to_phys,
	&scenario_map_and_unmap,
	&scenario_self_test,
	&scenario_two_banks,
	&scenario_teardown_without_power,
	&scenario_all_banks,
	&scenario_free,
	NULL,
};

const struct fl_scenario *fl_scenario_find(const char *name)
{
	for (unsigned int i = 0; fl_scenarios[i]; i++)
		if (!strcmp(fl_scenarios[i]->name, name))
			return fl_scenarios[i];
	return NULL;
}

uint32_t draw(uint32_t n)
{
	return fl_choose(FL_CHOOSE_SCENARIO, n);
}

static struct fl_actor *add_actor(struct fl_program *program, const char *name)
{
	struct fl_actor *actor = &program->actors[program->count++];

	/* Each run of a search comes by here: snprintf() would be slow. */
	memcpy(actor->name, name, strnlen(name, sizeof(actor->name) - 1));
	return actor;
}

struct fl_actor *add_agent(struct fl_program *program, const char *name)
{
	struct fl_actor *actor = add_actor(program, name);

	actor->agent = true;
	return actor;
}

struct fl_actor *add_task(struct fl_program *program, const char *name,
			  const struct fl_profile *profile)
{
	struct fl_actor *actor = add_actor(program, name);

	actor->cpu = (uint8_t)draw(profile->cpus);
	return actor;
}

void drop_idle_actors(struct fl_program *program)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < program->count; i++) {
		if (!program->actors[i].count)
			continue;
		if (kept != i)
			program->actors[kept] = program->actors[i];
		kept++;
	}
	memset(&program->actors[kept], 0, (program->count - kept) * sizeof(program->actors[0]));
	program->count = (uint8_t)kept;
}

void add(struct fl_actor *actor, enum operation_code code, unsigned int first, unsigned int second,
	 unsigned int third)
{
	actor->operations[actor->count++] = (struct fl_operation){
		.code = (uint8_t)code,
		.arguments = {(uint8_t)first, (uint8_t)second, (uint8_t)third},
	};
}

void draw_client(struct fl_program *program, uint32_t features)
{
	enum { PLAIN, LIKE_MSM, WITH_LOCK, STYLES };
	struct client_config *client = &program->client;
	unsigned int style = draw(STYLES);

	if (features & FL_SUBJECT_CLIENT_RESUME)
		client->resume = draw(2) ? CLIENT_RESUME_WORKER : CLIENT_RESUME_EARLY;
	if (style == PLAIN)
		return;
	client->fault_info = features & FL_SUBJECT_STALL ? 1 : 0;
	client->set_stall = client->fault_info;
	client->dump = 1;
	/* drm/msm of the time of the hook reads blindly. */
	client->registers = features & FL_SUBJECT_CLIENT_RESUME ? CLIENT_REGISTERS_BLIND
								: CLIENT_REGISTERS_CAREFUL;
	client->block = style == WITH_LOCK;
}

void add_fault(struct fl_actor *agent)
{
	enum { READ_UNMAPPED, WRITE_UNMAPPED, WRITE_READ_ONLY, KINDS };
	enum operation_code master = draw(2) ? OP_GMU_DMA : OP_DMA;
	unsigned int kind = draw(KINDS);

	add(agent, master, 0, kind == WRITE_READ_ONLY ? PAGE_READ_ONLY : PAGE_UNMAPPED,
	    kind != READ_UNMAPPED);
}

void add_faults(struct fl_actor *agent, unsigned int most)
{
	unsigned int count = 1 + draw(most);

	while (count--)
		add_fault(agent);
}

void add_suspend(struct fl_actor *task)
{
	add(task, OP_PM_PUT_NOIDLE, ON_GPU, 0, 0);
	add(task, OP_PM_SUSPEND, ON_GPU, 0, 0);
	add(task, OP_PM_SUSPEND, ON_SMMU, 0, 0);
}

void add_autosuspend(struct fl_actor *task)
{
	add(task, OP_PM_MARK_BUSY, ON_GPU, 0, 0);
	add(task, OP_PM_PUT_AUTOSUSPEND, ON_GPU, 0, 0);
	add(task, OP_NEXT_ALARM, 0, 0, 0);
	add(task, OP_NEXT_ALARM, 0, 0, 0);
}

void add_stall_off(struct fl_actor *task, uint32_t features)
{
	if (features & FL_SUBJECT_STALL && draw(2))
		add(task, OP_SET_STALL, 0, 0, 0);
}

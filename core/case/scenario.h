/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For writers of scenarios (docs/scenarios.md). A scenario builds a program out of few operations
 * and leaves open, through draw(), what could be otherwise. The answer 0 is the plain one.
 */
#ifndef FAULTLINE_CASE_SCENARIO_H
#define FAULTLINE_CASE_SCENARIO_H

#include "operations.h"

/* What a scenario leaves open: a number below @n. Never two in one expression. */
uint32_t draw(uint32_t n);

/* A new actor without operations; @name is unique in the program. A task's CPU is drawn. */
struct fl_actor *add_agent(struct fl_program *program, const char *name);
struct fl_actor *add_task(struct fl_program *program, const char *name,
			  const struct fl_profile *profile);
/* One more operation; arguments that the operation does not have are 0. */
void add(struct fl_actor *actor, enum operation_code code, unsigned int first, unsigned int second,
	 unsigned int third);

/* Actors to whom nothing was left to do are no part of the case. */
void drop_idle_actors(struct fl_program *program);

/*
 * What the client's driver does: nothing but answer, what drm/msm does, or that with its lock held.
 * With the resume hook it resumes early or from its worker, for one that never does hangs its own
 * GPU.
 */
void draw_client(struct fl_program *program, uint32_t features);
/* One faulting access of domain 0's stream, by the GPU or the GMU: unmapped or read-only. */
void add_fault(struct fl_actor *agent);
/* One to @most of them. */
void add_faults(struct fl_actor *agent, unsigned int most);
/* The GPU and then the SMMU suspend, in this task, whatever their autosuspend delays. */
void add_suspend(struct fl_actor *task);
/* The GPU's last job ends; its autosuspend, and then the SMMU's, expire. */
void add_autosuspend(struct fl_actor *task);
/* Stalling is switched off first, in half of the cases, if the subject can. */
void add_stall_off(struct fl_actor *task, uint32_t features);

extern const struct fl_scenario scenario_fault_vs_runtime_suspend;
extern const struct fl_scenario scenario_fault_vs_autosuspend;
extern const struct fl_scenario scenario_fault_vs_resume;
extern const struct fl_scenario scenario_storm_of_faults;
extern const struct fl_scenario scenario_stall_and_resume;
extern const struct fl_scenario scenario_global_fault_vs_suspend;
extern const struct fl_scenario scenario_fault_vs_detach;
extern const struct fl_scenario scenario_domain_life;
extern const struct fl_scenario scenario_fault_vs_system_sleep;
extern const struct fl_scenario scenario_fault_vs_shutdown;
extern const struct fl_scenario scenario_fault_vs_unbind;
extern const struct fl_scenario scenario_shared_line;
extern const struct fl_scenario scenario_set_stall_race;
extern const struct fl_scenario scenario_ttbr0_switch;
extern const struct fl_scenario scenario_tbu_debug;
extern const struct fl_scenario scenario_clock_failure;
extern const struct fl_scenario scenario_allocation_failure;
extern const struct fl_scenario scenario_pm_disable;
extern const struct fl_scenario scenario_pm_disable_in_suspend;
extern const struct fl_scenario scenario_gmu_traffic;
extern const struct fl_scenario scenario_submit_loop;
extern const struct fl_scenario scenario_iova_to_phys;
extern const struct fl_scenario scenario_map_and_unmap;
extern const struct fl_scenario scenario_self_test;
extern const struct fl_scenario scenario_two_banks;
extern const struct fl_scenario scenario_teardown_without_power;
extern const struct fl_scenario scenario_all_banks;
extern const struct fl_scenario scenario_free;

#endif

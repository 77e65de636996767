// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One process of a stress run: rounds, what they found, and counters for the parent. A finding that is new is
 * written to the disk before the next round begins, so what was announced survives whatever comes.
 */
#include "history.h"
#include "plan.h"
#include "races.h"

#include <check/check.h>
#include <engine/prng.h>
#include <smmu/smmu.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rounds that end by themselves take some thousands of steps, and go a thousand or two without progress. */
#define STEP_LIMIT     60000
#define LIVELOCK_BOUND 5000
/* Rounds between two looks at the memory, and before the first. */
#define MEMORY_ROUNDS  64

static struct stress_process *process;
static struct stress_plan plan;

static void count_up(_Atomic uint64_t *counter, uint64_t value)
{
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, old + value, memory_order_relaxed);
}

static void set(_Atomic uint64_t *counter, uint64_t value)
{
	atomic_store_explicit(counter, value, memory_order_relaxed);
}

/* --- what happens in the world, counted; inside the machine, so there is one writer ------------- */

static fl_context_t first_actor;

static void fault_recorded(const struct fl_event *event)
{
	(void)event;
	count_up(&process->faults, 1);
}

static void irq_returned(const struct fl_event *event)
{
	if ((int)event->d == FL_IRQ_HANDLED)
		count_up(&process->handled, 1);
}

static void pm_status(const struct fl_event *event)
{
	if (event->a == FL_DEVICE_SMMU && event->c == FL_RPM_SUSPENDED)
		count_up(&process->suspends, 1);
}

static void stalling(const struct fl_event *event)
{
	(void)event;
	set(&process->stalled, smmu_dma_pending());
}

static void operation_ended(const struct fl_event *event)
{
	unsigned int actor = (unsigned int)(event->context - first_actor);

	count_up(&process->operations[event->a % 64], 1);
	if (actor >= plan.program.count)
		return;
	if ((int)event->b < 0)
		count_up(&process->refused[plan.stressor[actor]], 1);
	else
		count_up(&process->done[plan.stressor[actor]], 1);
}

static void count_events(void)
{
	first_actor = fl_world_first_actor();
	fl_subscribe(FL_EV_FAULT_RECORDED, fault_recorded);
	fl_subscribe(FL_EV_IRQ_RETURN, irq_returned);
	fl_subscribe(FL_EV_PM_STATUS, pm_status);
	fl_subscribe(FL_EV_TXN_STALLED, stalling);
	fl_subscribe(FL_EV_TXN_DONE, stalling);
	fl_subscribe(FL_EV_OP_END, operation_ended);
}

/* --- findings ----------------------------------------------------------------------------------- */

static struct stress_finding *known(const char *signature)
{
	unsigned int count = atomic_load_explicit(&process->finding_count, memory_order_relaxed);

	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(process->findings[i].signature, signature))
			return &process->findings[i];
	return NULL;
}

static void keep(const struct stress_options *options, unsigned int number, uint64_t round,
		 const struct fl_finding *finding)
{
	unsigned int count = atomic_load_explicit(&process->finding_count, memory_order_relaxed);
	struct stress_finding *kept = &process->findings[count];
	struct history_origin origin = {
		.seed = options->seed,
		.process = number,
		.round = round,
		.threads = options->threads,
		.perturbation = options->perturbation,
	};

	snprintf(kept->signature, sizeof(kept->signature), "%s", finding->signature);
	snprintf(kept->detail, sizeof(kept->detail), "%s", finding->detail);
	kept->invariant = finding->invariant;
	kept->round = round;
	kept->step = finding->step;
	set(&kept->count, 1);
	if (history_save(options, &plan, &origin, finding, kept->path, sizeof(kept->path),
			 kept->problem, sizeof(kept->problem)))
		kept->path[0] = '\0';
	atomic_store_explicit(&process->finding_count, count + 1, memory_order_release);
}

static void take(const struct stress_options *options, unsigned int number, uint64_t round,
		 const struct fl_outcome *outcome)
{
	uint32_t broken = 0;

	for (uint32_t left = outcome->premises; left; left &= left - 1)
		count_up(&process->premises[__builtin_ctz(left)], 1);
	for (unsigned int i = 0; i < outcome->finding_count; i++) {
		const struct fl_finding *finding = &outcome->findings[i];
		struct stress_finding *before = known(finding->signature);

		broken |= 1u << finding->invariant;
		if (before)
			count_up(&before->count, 1);
		else if (process->finding_count < STRESS_MAX_FINDINGS)
			keep(options, number, round, finding);
		else
			count_up(&process->unkept, 1);
	}
	for (; broken; broken &= broken - 1)
		count_up(&process->violations[__builtin_ctz(broken)], 1);
}

/* --- rounds --------------------------------------------------------------------------------------- */

static uint64_t resident_kib(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (!file)
		return 0;
	if (fscanf(file, "%*u %lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

static void look_at_memory(uint64_t round)
{
	uint64_t now;

	if (round % MEMORY_ROUNDS)
		return;
	now = resident_kib();
	set(&process->resident_kib, now);
	if (round == MEMORY_ROUNDS)
		set(&process->resident_kib_at_start, now);
}

static void run_round(const struct stress_options *options, unsigned int number, uint64_t round,
		      unsigned int threads)
{
	uint64_t search = fl_prng_search(options->seed, number);
	struct fl_free_options run = {
		.seed = fl_prng_of(search, round).state,
		.step_limit = STEP_LIMIT,
		.livelock_bound = LIVELOCK_BOUND,
		.perturbation = options->perturbation,
	};
	struct fl_outcome outcome;

	set(&process->stalled, 0);
	stress_plan_set(&plan, options, threads);
	fl_world_run_free(&plan.program, stress_plan_build, &run, &outcome);
	for (unsigned int i = 0; i < plan.program.count; i++)
		count_up(&process->draws[plan.stressor[i]], 1);
	count_up(&process->rounds, 1);
	count_up(&process->steps, outcome.steps);
	count_up(&process->ends[outcome.end], 1);
	set(&process->features, fl_free_features());
	set(&process->own_races, races_own());
	races_judge(&outcome);
	take(options, number, round, &outcome);
	look_at_memory(round);
}

static void start_races(const struct stress_options *options, unsigned int number)
{
	char path[4096];
	int problem;

	snprintf(path, sizeof(path), "%s/races-p%u.log", options->out, number);
	problem = races_judged() ? races_start(path) : 0;
	if (!problem)
		return;
	snprintf(process->error, sizeof(process->error), "cannot write %.400s: %s", path,
		 strerror(-problem));
	atomic_store_explicit(&process->state, STRESS_REFUSED, memory_order_release);
	_exit(0);
}

unsigned int stress_processes(unsigned int threads)
{
	return (threads + FL_MAX_FREE_ACTORS - 1) / FL_MAX_FREE_ACTORS;
}

void stress_process_main(const struct stress_options *options, struct stress_memory *memory,
			 unsigned int number)
{
	unsigned int processes = stress_processes(options->threads);
	unsigned int threads = (options->threads + processes - 1 - number) / processes;

	process = &memory->processes[number];
	fl_check_quiet_sanitizers();
	fl_check_details(true);
	if (fl_world_make(options->subject, options->profile, options->invariants, process->error,
			  sizeof(process->error))) {
		atomic_store_explicit(&process->state, STRESS_REFUSED, memory_order_release);
		_exit(0);
	}
	count_events();
	start_races(options, number);
	atomic_store_explicit(&process->state, STRESS_RUNNING, memory_order_release);
	for (uint64_t round = 0; !options->rounds || round < options->rounds; round++) {
		if (atomic_load_explicit(&memory->stop, memory_order_relaxed))
			break;
		run_round(options, number, round, threads);
	}
	atomic_store_explicit(&process->state, STRESS_STOPPED, memory_order_release);
	_exit(0);
}

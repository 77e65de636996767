// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop of one job: a schedule, its findings into the table, the next. The loop allocates nothing
 * and does no I/O; a finding that was seen before costs one comparison.
 */
#include "job.h"
#include "cli.h"

#include <case/round.h>
#include <case/world.h>
#include <faultline/host.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The counters have one writer, so no locked instruction is needed. */
static void add(_Atomic uint64_t *counter, uint64_t value)
{
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, old + value, memory_order_relaxed);
}

static void add_bits(_Atomic uint64_t *counters, uint32_t mask)
{
	for (; mask; mask &= mask - 1)
		add(&counters[__builtin_ctz(mask)], 1);
}

static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

static struct job_finding *known_finding(struct job *job, const char *signature, uint32_t hash)
{
	unsigned int count = atomic_load_explicit(&job->finding_count, memory_order_relaxed);

	for (unsigned int i = 0; i < count; i++)
		if (job->findings[i].hash == hash && !strcmp(job->findings[i].signature, signature))
			return &job->findings[i];
	return NULL;
}

/* A signature seen for the first time: keep the run that showed it. */
static void keep_finding(struct job *job, const struct campaign_options *options, uint64_t schedule,
			 const struct fl_finding *finding, uint32_t hash)
{
	unsigned int count = atomic_load_explicit(&job->finding_count, memory_order_relaxed);
	struct job_finding *kept = &job->findings[count];

	if (count == CAMPAIGN_MAX_FINDINGS) {
		add(&job->unrecorded, 1);
		return;
	}
	fl_world_record(&kept->found);
	if (kept->found.decision_count == FL_MAX_DECISIONS) {
		/* Cut off. A shorter run will show the same. */
		add(&job->unrecorded, 1);
		return;
	}
	kept->found.memory_granularity = options->memory_granularity;
	kept->found.step = finding->step;
	snprintf(kept->found.signature, sizeof(kept->found.signature), "%s", finding->signature);
	snprintf(kept->signature, sizeof(kept->signature), "%s", finding->signature);
	kept->first_schedule = schedule;
	kept->step = finding->step;
	kept->hash = hash;
	kept->invariant = finding->invariant;
	atomic_store_explicit(&kept->count, 1, memory_order_relaxed);
	atomic_store_explicit(&job->finding_count, count + 1, memory_order_release);
}

static void take_outcome(struct job *job, const struct campaign_options *options, uint64_t schedule,
			 const struct fl_outcome *outcome)
{
	uint32_t broken = 0;

	add(&job->schedules, 1);
	add(&job->steps, outcome->steps);
	if (outcome->end == FL_END_STEP_LIMIT)
		add(&job->inconclusive, 1);
	add_bits(job->premises, outcome->premises);
	for (unsigned int i = 0; i < outcome->finding_count; i++) {
		const struct fl_finding *finding = &outcome->findings[i];
		uint32_t hash = hash_of(finding->signature);
		struct job_finding *known = known_finding(job, finding->signature, hash);

		broken |= 1u << finding->invariant;
		if (known)
			add(&known->count, 1);
		else
			keep_finding(job, options, schedule, finding, hash);
	}
	add_bits(job->violations, broken);
}

/* Run schedule number @i of the campaign. False once the parent said stop. */
static bool run_schedule(const struct campaign_options *options, struct job_memory *memory,
			 struct job *job, uint64_t i, unsigned int scenario,
			 const struct fl_run_options *run, struct fl_outcome *outcome)
{

	atomic_store_explicit(&job->next, i, memory_order_release);
	if (atomic_load_explicit(&memory->stop, memory_order_relaxed))
		return false;
	fl_world_explore(options->scenarios[scenario], run, outcome);
	take_outcome(job, options, i, outcome);
	return true;
}

/* By chance: all scenarios in turn. */
static void search_by_chance(const struct campaign_options *options, struct job_memory *memory,
			     unsigned int number, struct fl_run_options *run)
{
	struct job *job = &memory->jobs[number];
	uint64_t end = options->runs ? options->runs : UINT64_MAX;
	struct fl_outcome outcome;
	struct fl_round round;

	fl_round_start(&round, options->scenario_count);
	for (uint64_t i = number; i < end; i += options->jobs) {
		unsigned int scenario = fl_round_next(&round, (uint64_t)number << 48, run);

		if (!run_schedule(options, memory, job, i, scenario, run, &outcome))
			return;
		fl_round_done(&round, &outcome);
		if (run->strategy->end)
			run->strategy->end();
	}
}

/*
 * A strategy that enumerates has a tree for each scenario, and a job takes one tree after the other:
 * each to its end, or for its share of the schedules and of the time that are left.
 */
static void search_trees(const struct campaign_options *options, struct job_memory *memory,
			 unsigned int number, struct fl_run_options *run, const char *argument)
{
	struct job *job = &memory->jobs[number];
	uint64_t i = number, end = options->runs ? options->runs : UINT64_MAX;
	double deadline = cli_now() + options->seconds;
	struct fl_outcome outcome;
	const char *error = "";
	bool complete = true;

	for (unsigned int tree = number; tree < options->scenario_count; tree += options->jobs) {
		unsigned int left = (options->scenario_count - tree - 1) / options->jobs + 1;
		uint64_t count = 0;
		uint64_t share = end > i ? ((end - i - 1) / options->jobs + left) / left : 0;
		double until = cli_now() + (deadline - cli_now()) / left;
		bool more = true;

		run->strategy->start(options->seed, argument, &error);
		while (more && count < share) {
			run->schedule = count++;
			if (!run_schedule(options, memory, job, i, tree, run, &outcome))
				return;
			i += options->jobs;
			more = run->strategy->end();
			/* The last one is stopped by the parent, who has the same clock. */
			if (options->seconds > 0 && left > 1 && !(count & 63) && cli_now() >= until)
				break;
		}
		if (more)
			complete = false;
	}
	atomic_store_explicit(&job->search_complete, complete, memory_order_relaxed);
}

void job_main(const struct campaign_options *options, struct job_memory *memory,
	      unsigned int number)
{
	struct job *job = &memory->jobs[number];
	struct fl_run_options run = {.step_limit = options->step_limit};
	const char *argument = NULL;
	const char *error = "";

	fl_check_quiet_sanitizers();
	fl_memory_granularity = options->memory_granularity;
	if (fl_world_make(options->subject, options->profile, options->invariants, job->error,
			  sizeof(job->error))) {
		atomic_store_explicit(&job->state, JOB_REFUSED, memory_order_release);
		_exit(0);
	}
	run.strategy = fl_strategy_find(options->strategy, &argument);
	run.strategy->start(options->seed, argument, &error);
	atomic_store_explicit(&job->state, JOB_RUNNING, memory_order_release);
	if (run.strategy->enumerates)
		search_trees(options, memory, number, &run, argument);
	else
		search_by_chance(options, memory, number, &run);
	atomic_store_explicit(&job->next, UINT64_MAX, memory_order_release);
	atomic_store_explicit(&job->state, JOB_DONE, memory_order_release);
	_exit(0);
}

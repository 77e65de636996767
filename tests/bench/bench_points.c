// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a scheduling point is made of, for scripts/bench. Three loops of the same number of points:
 *
 *   1. schedules of core:reference, scenario fault-vs-resume, with all invariants;
 *   2. the very same schedules, with nobody subscribed to any event (checkers neither see nor decide anything);
 *   3. schedules of bare contexts that do nothing but reach points, under the same strategy.
 *
 * So 1 - 2 is what events and checkers cost, 3 is what the engine costs (strategy, eligibility, switch,
 * the run's beginning and end), and 2 - 3 is the subject's own work with that of what it talks to: the
 * driver, the modelled SMMU, the modelled kernel, and the reset of all three. Prints the nanoseconds of a
 * point in each loop, the best of several turns, and the points of a schedule of the first.
 */
#include <case/world.h>
#include <faultline/host.h>
#include <handler/handler.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SCHEDULES 10000ul
#define TURNS	  5
/* As many as that scenario has awake at a time. */
#define TASKS	  3
#define CPUS	  2
#define OBJECTS	  16

static uint64_t points_each;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void one_schedule(struct fl_run_options *run, uint64_t *steps)
{
	struct fl_outcome outcome;

	fl_world_explore(fl_scenario_find("fault-vs-resume"), run, &outcome);
	*steps += outcome.steps;
}

static void bare_task(void *argument)
{
	uintptr_t first = (uintptr_t)argument;

	for (uint64_t i = 0; i < points_each; i++)
		fl_point(i & 1 ? FL_ACCESS_WRITE : FL_ACCESS_READ, 64 + (first + i) % OBJECTS * 8,
			 (uint32_t)(first + i % OBJECTS));
}

static fl_context_t tasks[TASKS];

static void bare_schedule(struct fl_run_options *run, uint64_t *steps)
{
	fl_reset();
	for (unsigned int i = 0; i < TASKS; i++)
		fl_context_activate(tasks[i]);
	fl_run(run);
	*steps += fl_step();
}

/* One turn: nanoseconds a point, kept in *best if they are less; *per gets the points of a schedule. */
static void measure(void (*schedule)(struct fl_run_options *run, uint64_t *steps), double *best,
		    uint64_t *per)
{
	struct fl_run_options run = {0};
	const char *argument = NULL, *error = "";
	uint64_t steps = 0;
	double start, ns;

	/* Each turn makes the same schedules. */
	run.strategy = fl_strategy_find("portfolio", &argument);
	run.strategy->start(1, argument, &error);
	start = now_ns();
	for (run.schedule = 0; run.schedule < SCHEDULES; run.schedule++) {
		schedule(&run, &steps);
		if (run.strategy->end)
			run.strategy->end();
	}
	ns = (now_ns() - start) / (double)steps;
	if (ns < *best)
		*best = ns;
	*per = steps / SCHEDULES;
}

static int make_world(uint32_t invariants)
{
	const struct fl_subject *subject = fl_core_find("core:reference");
	char error[512];

	if (subject &&
	    !fl_world_make(subject, fl_profile_find("mmu500"), invariants, error, sizeof(error)))
		return 0;
	fprintf(stderr, "bench_points: %s\n", subject ? error : "there is no core:reference");
	return 1;
}

static void make_bare_contexts(void)
{
	fl_arena_clear();
	fl_machine_init(CPUS, true, NULL);
	for (unsigned int i = 0; i < TASKS; i++)
		tasks[i] = fl_context_create("bare", FL_CONTEXT_TASK, i % CPUS, bare_task,
					     (void *)(uintptr_t)(i * 5));
	fl_snapshot();
}

int main(void)
{
	double all = 1e18, silent = 1e18, engine = 1e18;
	uint64_t with, without, bare;

	/* The loops take turns, so that what else the machine does falls on all of them. */
	for (unsigned int turn = 0; turn < TURNS; turn++) {
		if (make_world(~0u))
			return 1;
		measure(one_schedule, &all, &with);
		if (make_world(0))
			return 1;
		fl_unsubscribe_all();
		measure(one_schedule, &silent, &without);
		if (with != without) {
			fprintf(stderr,
				"bench_points: the schedules differ: %llu points and %llu\n",
				(unsigned long long)with, (unsigned long long)without);
			return 1;
		}
		make_bare_contexts();
		points_each = with / TASKS;
		measure(bare_schedule, &engine, &bare);
	}
	printf("%.1f %.1f %.1f %llu\n", all, silent, engine, (unsigned long long)with);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Time to the first violation, for scripts/bench: for each seed the default search (strategy portfolio, all
 * scenarios in turn, all invariants) until a budget of CPU time is used up. One world serves all seeds, as
 * it serves all schedules of a campaign.
 *
 *   bench_first SUBJECT PROFILE SEEDS MILLISECONDS
 *
 * Prints a line "INVARIANT FOUND MS" for each invariant that was broken: the number of seeds that broke it
 * within the budget, and the 95th percentile over all seeds in milliseconds of CPU time; a seed that did
 * not break it counts as longer than all that did, and "-" says that the percentile is such a seed.
 */
#include <case/operations.h>
#include <case/round.h>
#include <case/world.h>
#include <faultline/host.h>
#include <handler/handler.h>
#include <kernel/kernel.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_SEEDS  1000
/* Schedules between two looks at the clock, which is a system call. */
#define LOOK_EVERY 16

static const struct fl_scenario *scenarios[FL_ROUND_MAX];
static unsigned int scenario_count;
/* Milliseconds by invariant, of the seeds that broke it. */
static double times[FL_MAX_INVARIANTS][MAX_SEEDS];
static unsigned int found[FL_MAX_INVARIANTS];

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec * 1e-6;
}

/* Those that explore takes when none is named. */
static void find_scenarios(const struct fl_subject *subject, const struct fl_profile *profile)
{
	uint32_t features = fl_features_on(subject, profile);

	for (unsigned int i = 0; fl_scenarios[i] && scenario_count < FL_ROUND_MAX; i++)
		if (!(fl_scenarios[i]->features & ~features))
			scenarios[scenario_count++] = fl_scenarios[i];
}

static void search(uint64_t seed, double budget_ms)
{
	struct fl_run_options run = {0};
	struct fl_round round;
	const char *argument = NULL;
	const char *error = "";
	double start = now_ms();
	uint32_t seen = 0;

	run.strategy = fl_strategy_find("portfolio", &argument);
	run.strategy->start(seed, argument, &error);
	fl_round_start(&round, scenario_count);
	for (uint64_t i = 0; i % LOOK_EVERY || now_ms() - start < budget_ms; i++) {
		struct fl_outcome outcome;
		unsigned int scenario = fl_round_next(&round, 0, &run);
		double now = 0;

		fl_world_explore(scenarios[scenario], &run, &outcome);
		for (unsigned int j = 0; j < outcome.finding_count; j++) {
			unsigned int invariant = outcome.findings[j].invariant;

			if (seen & 1u << invariant)
				continue;
			if (now == 0)
				now = now_ms();
			seen |= 1u << invariant;
			/* The last look at the clock may have been some schedules ago. */
			if (now - start < budget_ms)
				times[invariant][found[invariant]++] = now - start;
		}
		fl_round_done(&round, &outcome);
		if (run.strategy->end)
			run.strategy->end();
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	unsigned int seeds;
	char error[512];

	if (argc != 5) {
		fprintf(stderr, "usage: bench_first SUBJECT PROFILE SEEDS MILLISECONDS\n");
		return 2;
	}
	subject = fl_core_find(argv[1]);
	profile = fl_profile_find(argv[2]);
	seeds = (unsigned int)atoi(argv[3]);
	if (!subject || !profile || !seeds || seeds > MAX_SEEDS) {
		fprintf(stderr, "bench_first: no such subject or profile, or not 1 to %d seeds\n",
			MAX_SEEDS);
		return 2;
	}
	fl_oops_install();
	find_scenarios(subject, profile);
	if (fl_world_make(subject, profile, ~0u, error, sizeof(error))) {
		fprintf(stderr, "bench_first: %s\n", error);
		return 1;
	}
	for (unsigned int seed = 1; seed <= seeds; seed++)
		search(seed, atof(argv[4]));
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		unsigned int rank = (seeds * 95 + 99) / 100;

		if (!found[i])
			continue;
		qsort(times[i], found[i], sizeof(times[i][0]), compare);
		if (found[i] < rank)
			printf("%s %u -\n", fl_invariants[i]->name, found[i]);
		else
			printf("%s %u %.1f\n", fl_invariants[i]->name, found[i],
			       times[i][rank - 1]);
	}
	return 0;
}

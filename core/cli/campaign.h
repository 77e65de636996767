/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A campaign: one subject on one profile, searched by several processes.
 *
 * Schedule number i belongs to job i mod jobs, and a job takes its scenarios in turn (round.h); with a
 * strategy that enumerates, the scenarios belong to the jobs in turn, and a job takes its own one after the other.
 * Jobs share nothing but a page of counters and their findings. The parent takes findings in the order
 * of their schedule numbers, once every job has gone past them, so that for a given seed, number of
 * runs and number of jobs the same findings come out in the same order.
 */
#ifndef FAULTLINE_CLI_CAMPAIGN_H
#define FAULTLINE_CLI_CAMPAIGN_H

#include <case/case.h>
#include <case/round.h>
#include <check/check.h>

#define CAMPAIGN_MAX_SCENARIOS FL_ROUND_MAX
#define CAMPAIGN_MAX_FINDINGS  256
#define CAMPAIGN_MAX_JOBS      64

struct campaign_options {
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	const struct fl_scenario *scenarios[CAMPAIGN_MAX_SCENARIOS];
	unsigned int scenario_count;
	const char *strategy; /* with its argument: "pct:3" */
	bool memory_granularity;
	uint32_t invariants;
	uint64_t seed;
	uint64_t runs;	     /* 0: no limit */
	double seconds;	     /* 0: no limit */
	uint64_t step_limit; /* 0: the engine's */
	unsigned int limit;  /* stop at so many distinct findings; 0: no limit */
	unsigned int jobs;
	const char *out; /* folder for the cases; exists */
};

struct campaign_finding {
	unsigned int invariant;
	char signature[FL_SIGNATURE_SIZE];
	char detail[256]; /* the sentence, from the replay that verified it */
	uint64_t first_schedule;
	uint64_t count; /* schedules that had it */
	uint64_t step;
	char scenario[FL_NAME_SIZE];
	char path[4096];
};

struct campaign_result {
	uint64_t schedules, steps, inconclusive;
	uint64_t unrecorded; /* violations in runs too long to be kept as a case */
	double seconds;
	bool complete;	      /* false: interrupted */
	bool search_complete; /* the strategy has seen everything within its bound */
	bool internal_error;  /* a finding did not replay, or a job died; it was said */
	uint64_t premises[FL_MAX_INVARIANTS];
	uint64_t violations[FL_MAX_INVARIANTS]; /* schedules that broke it */
	unsigned int finding_count;
	struct campaign_finding findings[CAMPAIGN_MAX_FINDINGS];
};

/*
 * Fill in the scenarios that its subject can run on its profile: all of them, or the one called @name if
 * that is not NULL. Returns how many there are.
 */
unsigned int campaign_take_scenarios(struct campaign_options *options, const char *name);

/*
 * Run it. Progress and findings go to standard error as they come, cases to @options->out. Ends the
 * program with one line for what the user can mend: the subject does not run on the profile, a case
 * cannot be written.
 */
void campaign_run(const struct campaign_options *options, struct campaign_result *result);

/* Has SIGINT or SIGTERM come? campaign_catch_signals() starts listening. */
void campaign_catch_signals(void);
bool campaign_interrupted(void);

#endif

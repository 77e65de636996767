/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parent of a stress run: starts its processes, watches them, takes their findings. */
#ifndef FAULTLINE_CLI_STRESS_RUN_H
#define FAULTLINE_CLI_STRESS_RUN_H

#include <stress/stress.h>

struct stress_result_finding {
	unsigned int invariant;
	char signature[FL_SIGNATURE_SIZE];
	char detail[256]; /* the sentence */
	uint64_t count;	  /* rounds that had it, all processes */
	unsigned int process;
	uint64_t round; /* of the first one */
	double seconds; /* after which it was there */
	char history[4096];
	/* What the deterministic engine made of it (from_history.h). */
	bool searched, found;
	uint64_t schedules;
	char path[4096];
};

struct stress_result {
	bool complete;	     /* false: interrupted */
	bool internal_error; /* a process died or hung; it was said */
	double seconds;
	unsigned int finding_count;
	struct stress_result_finding findings[STRESS_MAX_FINDINGS];
	uint64_t unkept; /* findings with signatures for which there was no room */
	/* Sums over the processes, copied out of the shared memory. */
	uint64_t own_races; /* of the framework; an internal error */
	uint64_t rounds, steps, features, faults, handled, suspends;
	uint64_t ends[STRESS_ENDS];
	uint64_t draws[MAX_STRESSORS], done[MAX_STRESSORS], refused[MAX_STRESSORS];
	uint64_t operations[64];
	uint64_t premises[FL_MAX_INVARIANTS], violations[FL_MAX_INVARIANTS];
	uint64_t resident_kib, resident_kib_at_start;
};

/*
 * Run for @seconds (0: no limit), for the rounds of @options, or until the first finding (@until_failure). Progress and findings go to standard error as
 * they come. Ends the program with one line for what the user can mend.
 */
void stress_run(const struct stress_options *options, double seconds, bool until_failure,
		struct stress_result *result);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stress run: one or more processes, each with a world of its own whose actors are threads.
 *
 * A process goes round by round: the world is brought back to its snapshot, each thread gets a stressor, all of
 * them run at once (safety: faults on), and when they have done their operations nothing new comes and what
 * is under way must drain (liveness: faults off) until the world is quiet and the checkers look at it.
 * What a round did follows from seed, process and round number, but for what the host's scheduler adds.
 */
#ifndef FAULTLINE_STRESS_H
#define FAULTLINE_STRESS_H

#include "stressor.h"

#include <stdatomic.h>

#define STRESS_MAX_THREADS   1024
#define STRESS_MAX_PROCESSES (STRESS_MAX_THREADS / FL_MAX_FREE_ACTORS)
/* Signatures that are kept; core:resume has some sixty within seconds. */
#define STRESS_MAX_FINDINGS  512
#define STRESS_ENDS	     (FL_END_STOPPED + 1)

struct stress_options {
	const char *name;		  /* of the subject, as it was asked for */
	const struct fl_subject *subject; /* its form for threads */
	const struct fl_profile *profile;
	uint32_t stressors; /* mask */
	uint32_t invariants;
	uint64_t seed;
	uint64_t rounds; /* of each process; 0: no limit */
	unsigned int threads;
	unsigned int perturbation; /* per mille */
	const char *out;	   /* folder for the histories; exists */
};

struct stress_finding {
	_Atomic uint64_t count; /* rounds that had it */
	unsigned int invariant;
	uint64_t round, step;
	char signature[FL_SIGNATURE_SIZE];
	char detail[256];  /* the sentence */
	char path[4096];   /* of its history; "" if it could not be written */
	char problem[256]; /* why */
};

enum stress_state { STRESS_STARTING, STRESS_RUNNING, STRESS_STOPPED, STRESS_REFUSED };

/* Written by its process alone, read by the parent. */
struct stress_process {
	_Atomic int state; /* enum stress_state */
	_Atomic uint64_t rounds, steps, features;
	_Atomic uint64_t own_races; /* of the framework, in a ThreadSanitizer build */
	_Atomic uint64_t ends[STRESS_ENDS];
	_Atomic uint64_t faults, handled, suspends,
		stalled; /* stalled: transactions that wait now */
	_Atomic uint64_t draws[MAX_STRESSORS], done[MAX_STRESSORS], refused[MAX_STRESSORS];
	_Atomic uint64_t operations[64]; /* by code: how often they ran */
	_Atomic uint64_t premises[FL_MAX_INVARIANTS], violations[FL_MAX_INVARIANTS];
	_Atomic uint64_t resident_kib; /* after the first rounds, and now */
	_Atomic uint64_t resident_kib_at_start;
	_Atomic unsigned int finding_count;
	_Atomic uint64_t unkept; /* findings with signatures beyond these */
	char error[512];	 /* STRESS_REFUSED: why */
	struct stress_finding findings[STRESS_MAX_FINDINGS];
};

struct stress_memory {
	_Atomic bool stop;
	struct stress_process processes[];
};

/* How many processes @threads take; each has at most FL_MAX_FREE_ACTORS of them, and as many as the others. */
unsigned int stress_processes(unsigned int threads);

/* The process of number @number, which was just forked (cli_fork(), say); exits when @memory says stop. */
_Noreturn void stress_process_main(const struct stress_options *options,
				   struct stress_memory *memory, unsigned int number);

#endif

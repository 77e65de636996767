/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One process of a campaign, and the memory through which it talks to its parent. */
#ifndef FAULTLINE_CLI_JOB_H
#define FAULTLINE_CLI_JOB_H

#include "campaign.h"

#include <stdatomic.h>

struct job_finding {
	uint64_t first_schedule;
	_Atomic uint64_t count;
	uint64_t step;
	uint32_t hash;
	unsigned int invariant;
	char signature[FL_SIGNATURE_SIZE];
	struct fl_case found;
};

enum job_state { JOB_STARTING, JOB_RUNNING, JOB_DONE, JOB_REFUSED };

/*
 * Written by its job alone, read by the parent. finding_count is stored after the finding, next
 * before the schedule with that number runs: whatever the parent sees below next is final.
 */
struct job {
	_Atomic uint64_t next;
	_Atomic uint64_t schedules, steps, inconclusive, unrecorded;
	_Atomic uint64_t premises[FL_MAX_INVARIANTS];
	_Atomic uint64_t violations[FL_MAX_INVARIANTS];
	_Atomic int state; /* enum job_state */
	_Atomic bool search_complete;
	_Atomic unsigned int finding_count;
	char error[512]; /* JOB_REFUSED: why */
	struct job_finding findings[CAMPAIGN_MAX_FINDINGS];
};

/* Everything shared; the parent alone writes stop. */
struct job_memory {
	_Atomic bool stop;
	struct job jobs[];
};

/* The process of job @number; exits. */
_Noreturn void job_main(const struct campaign_options *options, struct job_memory *memory,
			unsigned int number);

#endif

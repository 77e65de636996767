/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A world: one machine, wired: CPUs, fake SMMU, kernel, client, subject. Made once for a subject and
 * a profile, booted, kept as a snapshot; each run starts from it.
 */
#ifndef FAULTLINE_WORLD_H
#define FAULTLINE_WORLD_H

#include <case/case.h>
#include <check/check.h>

/*
 * Make the world: machine, devices, kernel, probe, domain 0 attached with pages 0 and 1 mapped
 * read-write and page 2 read-only, GPU and SMMU active (the GPU's usage count is 1), stalling on.
 * Returns 0, or a negative errno with one line in @error: the subject does not support the profile
 * (-EOPNOTSUPP), its probe failed, the checkers found a violation in it.
 * @invariants: bit mask of checkers to arm.
 */
int fl_world_make(const struct fl_subject *subject, const struct fl_profile *profile,
		  uint32_t invariants, char *error, size_t error_size);

struct fl_outcome {
	enum fl_end end;
	uint64_t steps;
	bool stood_still;		   /* for a while, see <case/round.h> */
	const struct fl_finding *findings; /* valid until the next run */
	unsigned int finding_count;
	uint32_t premises; /* bit mask of invariants whose premise occurred */
};

/* One schedule of @scenario under @options' strategy. */
void fl_world_explore(const struct fl_scenario *scenario, const struct fl_run_options *options,
		      struct fl_outcome *outcome);
/*
 * One schedule with the knobs and the program of @like, whose decisions are left aside: all that is left
 * to @options' strategy is the schedule and what the world leaves open during a run.
 */
void fl_world_explore_like(const struct fl_case *like, const struct fl_run_options *options,
			   struct fl_outcome *outcome);
/* One exact run of @replayed (whose subject and profile are this world's). */
void fl_world_replay(const struct fl_case *replayed, struct fl_outcome *outcome);
/*
 * One run on threads (engine.h, free running), for a subject that is built for them. Knobs that the profile
 * leaves free are drawn, then @build fills in client and actors, which are empty, drawing what it likes; both inside
 * the run. @program says afterwards what was done.
 */
#define FL_MAX_FREE_ACTORS 32
struct fl_free_program {
	struct fl_knobs knobs;
	struct client_config client;
	unsigned int count;
	struct fl_actor actors[FL_MAX_FREE_ACTORS];
};
typedef void (*fl_free_build_t)(struct fl_free_program *program, const struct fl_subject *subject,
				const struct fl_profile *profile);
void fl_world_run_free(struct fl_free_program *program, fl_free_build_t build,
		       const struct fl_free_options *options, struct fl_outcome *outcome);
/* The context of a program's first actor, in every run of this world; those of the others follow it. */
fl_context_t fl_world_first_actor(void);
/* The run that just ended, as a case: its knobs, program and decisions. */
void fl_world_record(struct fl_case *recorded);

/* IOVA and physical address of page @page (0 to 15) of a domain, as operations name them. */
#define FL_PAGE_COUNT 16
uint64_t fl_page_iova(unsigned int page);
uint64_t fl_page_phys(unsigned int page);

#endif

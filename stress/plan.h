/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the threads of a round do. */
#ifndef FAULTLINE_STRESS_PLAN_H
#define FAULTLINE_STRESS_PLAN_H

#include "stress.h"

struct stress_plan {
	struct fl_free_program program;
	uint8_t stressor[FL_MAX_FREE_ACTORS]; /* of each actor */
	/* Names live as long as the plan: contexts are called so. */
	unsigned int threads;
	const struct stress_options *options;
};

/* The plan that stress_plan_build() fills in next: @threads of the stressors that @options allow. */
void stress_plan_set(struct stress_plan *plan, const struct stress_options *options,
		     unsigned int threads);
/* A fl_free_build_t. */
void stress_plan_build(struct fl_free_program *program, const struct fl_subject *subject,
		       const struct fl_profile *profile);

#endif

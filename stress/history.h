/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a round that broke an invariant to the file that keeps it. */
#ifndef FAULTLINE_STRESS_HISTORY_H
#define FAULTLINE_STRESS_HISTORY_H

#include "plan.h"

struct history_origin {
	uint64_t seed, round;
	unsigned int process, threads, perturbation;
};

/*
 * Keep the round that just ended, with its @finding, in the folder of @options. A case has room for FL_MAX_ACTORS of
 * the actors: those that took steps last before the violation. The path goes to @path. 0, or a negative errno with
 * one line in @error.
 */
int history_save(const struct stress_options *options, const struct stress_plan *plan,
		 const struct history_origin *origin, const struct fl_finding *finding, char *path,
		 size_t path_size, char *error, size_t error_size);

#endif

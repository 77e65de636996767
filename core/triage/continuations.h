/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The point of no return of a case: followed up to a step and then left to chance, how often does it
 * still break? Where the share reaches one, the violation had become inevitable.
 */
#ifndef FAULTLINE_TRIAGE_CONTINUATIONS_H
#define FAULTLINE_TRIAGE_CONTINUATIONS_H

#include <case/case.h>

#define FL_MAX_CONTINUATION_POINTS 50

struct fl_continuation_point {
	uint64_t step; /* the case was followed before it, and chance from it on */
	unsigned int runs, broken;
};

struct fl_continuations {
	struct fl_continuation_point points[FL_MAX_CONTINUATION_POINTS]; /* in the order of steps */
	unsigned int count;
	/* The first step from which every continuation broke it; UINT64_MAX: there is none before it broke. */
	uint64_t inevitable;
	unsigned int inevitable_runs; /* continuations from that step on that were tried */
};

/*
 * Measure @measured, which breaks its signature at its step, in the world made for it: @runs random
 * continuations from each of up to FL_MAX_CONTINUATION_POINTS steps, and more around the one from which
 * none escapes. The same case gives the same numbers.
 */
void fl_continuations_measure(const struct fl_case *measured, unsigned int runs,
			      struct fl_continuations *result);

#endif

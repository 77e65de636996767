/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Features as a fuzzing engine takes them. The build chooses the back-end, one file each
 * (FAULTLINE_FEEDBACK=counters|sled|none in CMake): libFuzzer's extra counters, or a sled of edges,
 * which any engine with edge coverage sees.
 */
#ifndef FAULTLINE_FUZZERS_FEEDBACK_H
#define FAULTLINE_FUZZERS_FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What FAULTLINE_FEEDBACK in the environment says: "none", or kinds of features with commas; NULL: the usual ones.
 * Returns a mask of 1 << enum fl_feature_kind, or -1 with the wrong word in *wrong (and its length).
 */
int fuzz_feedback_parse(const char *list, const char **wrong, int *length);
/* Pass the features of these kinds on to the engine. After fl_world_make(). */
void fuzz_feedback_start(uint32_t kinds);
/* Before each run. */
void fuzz_feedback_begin(void);

/* --- a back-end ----------------------------------------------------------------------------- */

/* How many features it can tell apart, a power of two. */
extern const uint32_t fuzz_feedback_slots;
#define FUZZ_FEEDBACK_MAX_SLOTS (1u << 16)
/* Show the engine that feature @slot occurred; called once a run and slot. */
void fuzz_feedback_show(uint32_t slot);

#endif

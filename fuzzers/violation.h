/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a violation becomes in a fuzz target: a crash, whose report ClusterFuzz and people can read; or, if
 * it is a known finding, a note, once a signature, and the run goes on.
 */
#ifndef FAULTLINE_FUZZERS_VIOLATION_H
#define FAULTLINE_FUZZERS_VIOLATION_H

#include <triage/suppressions.h>

/*
 * After fl_world_make(). @target and @subject: for the report, how to replay. @invariants: a mask of those
 * that matter; the others' violations are passed by in silence. @known must stay valid.
 */
void fuzz_violation_start(const char *target, const char *subject, uint32_t invariants,
			  const struct fl_suppressions *known);
/* Before and after each run. */
void fuzz_violation_begin(void);
void fuzz_violation_end(void);

#endif

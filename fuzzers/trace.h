/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a target tells of a run beyond its crash: a hash over everything that happened in it. For the
 * runner that compares runs (standalone.c); engines never ask.
 */
#ifndef FAULTLINE_FUZZERS_TRACE_H
#define FAULTLINE_FUZZERS_TRACE_H

#include <stdint.h>

/* Hash the runs from now on; they get slower, and features are not shown any more. */
void fuzz_trace_start(void);
/* Of the run that ended last. */
uint64_t fuzz_trace_hash(void);

#endif

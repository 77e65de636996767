/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trace of a run as a number: a hash over every event and every step. Two runs of one input are one
 * run if their hashes are equal; engines, and who debugs them, rely on that.
 */
#ifndef FAULTLINE_TRACE_HASH_H
#define FAULTLINE_TRACE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a of 64 bits, which begins with FL_HASH_START. */
#define FL_HASH_START 14695981039346656037ull
uint64_t fl_hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* Subscribe to all events of the world that was just made, and take the step hook. */
void fl_trace_hash_start(void);
/* Before each run. */
void fl_trace_hash_reset(void);
/* Of the run so far. */
uint64_t fl_trace_hash(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Features: what a run did that edges of code do not show. A coverage-guided fuzzer keeps an input for
 * a feature that it has not seen before, as it does for an edge.
 */
#ifndef FAULTLINE_WORLD_FEATURE_H
#define FAULTLINE_WORLD_FEATURE_H

#include <stdint.h>

enum fl_feature_kind {
	FL_FEATURE_MEETING, /* one of the subject's functions got to see what another one wrote */
	FL_FEATURE_DEVICE_STATE, /* the SMMU went from one state to another */
	FL_FEATURE_LOCK_ORDER,	 /* a lock was taken while another one was held */
	FL_FEATURE_READS_FROM,	 /* a context got to see what another one wrote */
	FL_FEATURE_KINDS
};
#define FL_ALL_FEATURES	  ((1u << FL_FEATURE_KINDS) - 1)
/* What a search is helped by: of the finest kind there are too many (docs/fuzzing.md, "Does it help?"). */
#define FL_USUAL_FEATURES (FL_ALL_FEATURES & ~(1u << FL_FEATURE_READS_FROM))

/* Who hears of features; @value is the same for the same feature in every run, build and process. */
typedef void (*fl_feature_listener_t)(enum fl_feature_kind kind, uint64_t value);
extern fl_feature_listener_t fl_feature_listener;

/* Something happened that an input is worth keeping for. Costs a load and a branch if nobody listens. */
static inline void fl_feature(enum fl_feature_kind kind, uint64_t value)
{
	if (__builtin_expect(fl_feature_listener != 0, 0))
		fl_feature_listener(kind, value);
}

/* A number for the pair of @first and @second, in this order. */
static inline uint64_t fl_feature_pair(uint64_t first, uint64_t second)
{
	uint64_t z = first * 0x9e3779b97f4a7c15ull + second;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* A number for a name: of its characters, not of where they are. NULL has one, too. */
uint64_t fl_feature_name(const char *name);
/* "meeting", "device-state", "lock-order", "reads-from". */
const char *fl_feature_kind_name(enum fl_feature_kind kind);

#endif

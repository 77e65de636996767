/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the strategies share.
 */
#ifndef FAULTLINE_ENGINE_STRATEGY_H
#define FAULTLINE_ENGINE_STRATEGY_H

#include "internal.h"
#include "prng.h"

extern const struct fl_strategy fl_strategy_portfolio;
extern const struct fl_strategy fl_strategy_random;
extern const struct fl_strategy fl_strategy_pct;
extern const struct fl_strategy fl_strategy_pos;
extern const struct fl_strategy fl_strategy_rf;
extern const struct fl_strategy fl_strategy_dfs;
extern const struct fl_strategy fl_strategy_por;
extern const struct fl_strategy fl_strategy_replay;
extern const struct fl_strategy fl_strategy_bytes;
extern const struct fl_strategy fl_strategy_history;

/* pct: the number of ordering constraints for the schedules that follow. */
void fl_pct_set_depth(unsigned int depth);

/* One of the members of @mask, uniformly. */
static inline fl_context_t fl_random_member(struct fl_prng *prng, uint64_t mask)
{
	uint32_t skip = fl_prng_below(prng, (uint32_t)__builtin_popcountll(mask));
	uint64_t one = mask & (mask - 1), two = one & (one - 1);

	/* A loop over a random count is a branch that nobody can predict; most masks are small. */
	mask = skip > 0 ? one : mask;
	mask = skip > 1 ? two : mask;
	for (; unlikely(skip > 2); skip--)
		mask &= mask - 1;
	return __builtin_ctzll(mask);
}

/*
 * What a random strategy answers to fl_choose(): uniform, but for the kinds where something unusual
 * happens so seldom in reality that a schedule full of it would reach nothing else.
 */
static inline uint32_t fl_random_answer(struct fl_prng *prng, enum fl_choice_kind kind, uint32_t n)
{
	uint64_t usual = 0;

	if (kind == FL_CHOOSE_IRQ_DELAY)
		usual = 3ull << 62; /* 3 of 4 */
	else if (kind == FL_CHOOSE_FAILURE)
		usual = 15ull << 60; /* 15 of 16 */
	if (usual && fl_prng_next(prng) < usual)
		return 0;
	return fl_prng_below(prng, n);
}

/*
 * How long the schedules of a search are, learnt from those that ended: the mean, moving, and a
 * quarter more so that the tails of the longer ones are covered too.
 */
struct fl_length {
	uint64_t mean; /* times 16 */
};

/*
 * Only a run that came to its end has a length. One that was cut off, at a limit or in a livelock, would
 * stretch the estimate over steps in which nothing is decided any more.
 */
static inline void fl_length_learn(struct fl_length *length, uint64_t steps)
{
	if (fl_engine.end != FL_END_QUIET && fl_engine.end != FL_END_DEADLOCK)
		return;
	if (!length->mean)
		length->mean = steps * 16;
	else
		length->mean = length->mean - length->mean / 16 + steps;
}

static inline uint64_t fl_length_estimate(const struct fl_length *length)
{
	uint64_t steps = length->mean / 16;

	return length->mean ? steps + steps / 4 + 1 : 64;
}

#endif

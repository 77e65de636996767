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
 * quarter more so that the tails of the longer ones are covered too. A search that does several things in
 * turn names them in its schedules' numbers (FL_SCHEDULE_FAMILY), and each has lengths of its own.
 */
#define FL_LENGTH_FAMILIES 64

struct fl_length {
	unsigned int family; /* of the schedule that is going on */
	uint64_t all;	     /* the mean, times 16 */
	uint64_t mean[FL_LENGTH_FAMILIES];
};

/*
 * Only a run that came to its end has a length. One that was cut off, at a limit or in a livelock, would
 * stretch the estimate over steps in which nothing is decided any more.
 */
static inline void fl_length_learn(struct fl_length *length, uint64_t steps)
{
	uint64_t *means[] = {&length->all, &length->mean[length->family]};

	if (fl_engine.end != FL_END_QUIET && fl_engine.end != FL_END_DEADLOCK)
		return;
	for (unsigned int i = 0; i < 2; i++)
		*means[i] = *means[i] ? *means[i] - *means[i] / 16 + steps : steps * 16;
}

/* Of @schedule, which is about to begin. */
static inline uint64_t fl_length_estimate(struct fl_length *length, uint64_t schedule)
{
	uint64_t mean;

	length->family = FL_SCHEDULE_FAMILY_OF(schedule) % FL_LENGTH_FAMILIES;
	mean = length->mean[length->family] ? length->mean[length->family] : length->all;
	return mean ? mean / 16 + mean / 64 + 1 : 64;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): one word
 * of state, seeded at no cost, so that each schedule has a stream of its own.
 */
#ifndef FAULTLINE_ENGINE_PRNG_H
#define FAULTLINE_ENGINE_PRNG_H

#include <stdint.h>

#define FL_PRNG_STEP 0x9e3779b97f4a7c15ull

struct fl_prng {
	uint64_t state;
	uint64_t ahead; /* the next number: whoever asks need not wait until it is made */
};

static inline uint64_t fl_prng_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

static inline struct fl_prng fl_prng_from(uint64_t state)
{
	state += FL_PRNG_STEP;
	return (struct fl_prng){.state = state, .ahead = fl_prng_mix(state)};
}

static inline uint64_t fl_prng_next(struct fl_prng *prng)
{
	uint64_t next = prng->ahead;

	*prng = fl_prng_from(prng->state);
	return next;
}

/* A number below @n, uniform but for a bias below n / 2^32. */
static inline uint32_t fl_prng_below(struct fl_prng *prng, uint32_t n)
{
	return (uint32_t)(((fl_prng_next(prng) >> 32) * n) >> 32);
}

/*
 * What stands for a seed in fl_prng_of(); @salt separates the streams of several users of one
 * seed.
 */
static inline uint64_t fl_prng_search(uint64_t seed, uint64_t salt)
{
	return fl_prng_mix(fl_prng_mix(seed + FL_PRNG_STEP) + salt * FL_PRNG_STEP);
}

/* The stream of one schedule of one search. */
static inline struct fl_prng fl_prng_of(uint64_t search, uint64_t schedule)
{
	return fl_prng_from(fl_prng_mix(search + schedule * FL_PRNG_STEP));
}

#endif

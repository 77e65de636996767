// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where the host's scheduler would seldom switch, somebody must hold a context up.
 *
 * What is counted are pairs: a context is at a point, and the step before it was another context's, at its point.
 * A pair that was met seldom is one that the host brings about seldom; so the fewer times a pair was met, the
 * likelier is the context held up there, and others come in between. Held up means: one yield of the CPU,
 * or some spinning, or a sleep of some microseconds.
 *
 * The history is a ring for each context, of the numbers of its steps. Merged by these numbers they are the
 * order of the last steps of the run.
 */
#include "free.h"
#include "prng.h"

#include <sched.h>
#include <string.h>
#include <time.h>

#define PAIRS	     (1u << 16)
#define COMMON	     64u /* a pair that was met so often is held up at the base rate */
#define RING	     4096u
#define LONGEST_NS   20000u
#define LONGEST_SPIN 400u

static uint8_t pairs[PAIRS];
static uint64_t pair_count;
static unsigned int rate; /* per mille */
static fl_context_t last_context;
static uint32_t last_site;
/* Of the choice who is held up, and where, which is made inside the machine. */
static struct fl_prng inside_prng;
/* Of the calling thread, outside. */
static __thread struct fl_prng outside_prng;

static struct ring {
	uint32_t steps[RING];
	uint64_t count;
} rings[FL_MAX_CONTEXTS];

void fl_perturb_begin(uint64_t seed, unsigned int per_mille)
{
	rate = per_mille;
	inside_prng = fl_prng_of(fl_prng_search(seed, 1), 0);
	last_context = FL_NO_CONTEXT;
	last_site = 0;
}

static bool one_in(struct fl_prng *prng, unsigned int per_mille)
{
	return fl_prng_below(prng, 1000) < per_mille;
}

/* How often the pair of the last step and this one was met before. */
static unsigned int count_pair(fl_context_t context, uint32_t site)
{
	uint64_t key = (uint64_t)last_site << 32 | site;
	uint8_t *pair = &pairs[fl_prng_mix(key) % PAIRS];
	unsigned int before = *pair;

	if (last_context == context || last_context == FL_NO_CONTEXT)
		return COMMON;
	if (!before)
		pair_count++;
	if (before < COMMON)
		*pair = (uint8_t)(before + 1);
	return before;
}

bool fl_perturb_point(fl_context_t context, uint32_t site)
{
	unsigned int before = count_pair(context, site);

	last_context = context;
	last_site = site;
	if (!rate)
		return false;
	return one_in(&inside_prng, before < COMMON ? rate + (1000 - rate) / (2 + before) : rate);
}

bool fl_perturb_hand_over(void)
{
	return !fl_prng_below(&inside_prng, FL_HAND_OVER_POINTS);
}

static void spin(unsigned int times)
{
	while (times--)
		fl_cpu_pause();
}

void fl_perturb_hold(void)
{
	struct fl_prng *prng = &outside_prng;
	struct timespec time = {0};

	if (!prng->state)
		prng->state = fl_prng_mix((uintptr_t)prng);
	switch (fl_prng_below(prng, 8)) {
	case 0:
		time.tv_nsec = (long)fl_prng_below(prng, LONGEST_NS);
		nanosleep(&time, NULL);
		break;
	case 1:
	case 2:
	case 3:
		spin(fl_prng_below(prng, LONGEST_SPIN));
		break;
	default:
		sched_yield();
		break;
	}
}

void fl_free_perturb(uint32_t site)
{
	(void)site;
	if (!fl_free_running)
		return;
	fl_free_point_outside();
	if (!rate)
		return;
	if (!outside_prng.state)
		outside_prng = fl_prng_from(fl_prng_mix((uintptr_t)&outside_prng));
	if (one_in(&outside_prng, rate))
		fl_perturb_hold();
}

uint64_t fl_free_features(void)
{
	return pair_count;
}

/* --- history ------------------------------------------------------------------------------ */

void fl_history_begin(void)
{
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		rings[i].count = 0;
}

void fl_history_step(fl_context_t context, uint64_t step)
{
	struct ring *ring = &rings[context];

	ring->steps[ring->count++ % RING] = (uint32_t)step;
}

/* The first step from which on no ring has forgotten any. */
static uint64_t first_complete(void)
{
	uint64_t first = 0;

	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++) {
		const struct ring *ring = &rings[i];

		if (ring->count > RING && ring->steps[ring->count % RING] > first)
			first = ring->steps[ring->count % RING];
	}
	return first;
}

size_t fl_free_history(uint8_t *contexts, size_t size, uint64_t *first)
{
	uint64_t from = first_complete(), last = fl_engine.step;

	if (last - from > size)
		from = last - size;
	*first = from;
	memset(contexts, 0, (size_t)(last - from));
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++) {
		const struct ring *ring = &rings[i];
		uint64_t kept = ring->count < RING ? ring->count : RING;

		for (uint64_t n = ring->count - kept; n < ring->count; n++) {
			uint64_t step = ring->steps[n % RING];

			if (step >= from && step < last)
				contexts[step - from] = (uint8_t)i;
		}
	}
	return (size_t)(last - from);
}

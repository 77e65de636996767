/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte: "A randomized scheduler with probabilistic
 * guarantees of finding bugs", ASPLOS 2010). Each context gets a random priority when it is first
 * met; the eligible context of highest priority runs. At d - 1 steps, drawn uniformly over the
 * length of a schedule, the running context falls below all initial priorities. A bug of depth d
 * among n contexts and k steps is found with probability at least 1/(n k^(d-1)).
 *
 * Two additions, because contexts may spin: fl_yield() lowers the caller below everybody, and some
 * time after the last change point the rest of the schedule is a random walk, which is fair.
 */
#include "strategy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH     16
#define DEFAULT_DEPTH 3
/* Steps under fixed priorities that a schedule gets beyond twice its expected length. */
#define UNFAIR_STEPS  256

static uint64_t search;
static unsigned int depth;
static struct fl_length length;
static struct fl_prng prng;

static uint64_t known; /* contexts that have a priority in this schedule */
static int64_t priority[FL_MAX_CONTEXTS];
static int64_t lowest;		   /* what the next context that yields gets */
static uint64_t change[MAX_DEPTH]; /* steps, ascending */
static unsigned int change_count, changes_done;
static uint64_t fair_step;
static uint64_t next_step; /* of the two kinds above; nothing happens before it */
/* The last answer and what it was for; it holds until a priority changes. */
static uint64_t picked_from;
static fl_context_t picked;

void fl_pct_set_depth(unsigned int new_depth)
{
	depth = new_depth;
}

static int pct_start(uint64_t seed, const char *argument, const char **error)
{
	char *end;
	unsigned long value = DEFAULT_DEPTH;

	if (argument) {
		value = strtoul(argument, &end, 10);
		if (!*argument || *end || value < 1 || value > MAX_DEPTH) {
			*error = "strategy pct takes a depth of 1 to 16, as in pct:3";
			return -EINVAL;
		}
	}
	search = fl_prng_search(seed, 1);
	depth = (unsigned int)value;
	length = (struct fl_length){0};
	return 0;
}

static void draw_change_points(uint64_t schedule)
{
	uint64_t span = fl_length_estimate(&length, schedule);

	change_count = depth - 1;
	changes_done = 0;
	for (unsigned int i = 0; i < change_count; i++) {
		uint64_t step = fl_prng_below(&prng, (uint32_t)span);
		unsigned int at = i;

		for (; at && change[at - 1] > step; at--)
			change[at] = change[at - 1];
		change[at] = step;
	}
	fair_step = 2 * span + UNFAIR_STEPS;
	next_step = change_count ? change[0] : fair_step;
}

static void pct_begin(uint64_t schedule)
{
	prng = fl_prng_of(search, schedule);
	known = 0;
	picked_from = 0;
	lowest = -1;
	draw_change_points(schedule);
}

static void give_priorities(uint64_t unknown)
{
	known |= unknown;
	/* All initial priorities are above those of change points, which are 1 to depth - 1. */
	for (; unknown; unknown &= unknown - 1)
		priority[__builtin_ctzll(unknown)] =
			MAX_DEPTH + 1 + (int64_t)(fl_prng_next(&prng) >> 2);
}

static void pct_step(fl_context_t context, const struct fl_pending *executed)
{
	uint64_t step = fl_engine.step;

	if (likely(step < next_step))
		return;
	while (changes_done < change_count && change[changes_done] <= step) {
		known |= BIT64(context);
		picked_from = 0;
		priority[context] = (int64_t)(change_count - changes_done);
		changes_done++;
	}
	if (step == fair_step)
		fl_turn_fair();
	next_step = changes_done < change_count ? change[changes_done] : fair_step;
	if (next_step <= step)
		next_step = FL_NEVER;
}

static fl_context_t pct_pick(uint64_t eligible, fl_context_t fallback)
{
	int64_t highest = INT64_MIN;

	if (unlikely(fl_engine.step > fair_step))
		return fl_random_member(&prng, eligible);
	if (eligible == picked_from && likely(!fl_engine.yielding))
		return picked;
	if (fl_engine.yielding) {
		known |= BIT64(fl_engine.current);
		priority[fl_engine.current] = lowest--;
	}
	if (eligible & ~known)
		give_priorities(eligible & ~known);
	for (uint64_t left = eligible; left; left &= left - 1) {
		fl_context_t context = __builtin_ctzll(left);
		int64_t own = priority[context];

		picked = own > highest ? context : picked;
		highest = own > highest ? own : highest;
	}
	picked_from = eligible;
	return picked;
}

static uint32_t pct_choose(enum fl_choice_kind kind, uint32_t n)
{
	return fl_random_answer(&prng, kind, n);
}

static bool pct_end(void)
{
	fl_length_learn(&length, fl_step());
	return true;
}

const struct fl_strategy fl_strategy_pct = {
	.name = "pct",
	.help = "priorities that change at d - 1 random steps (pct:d, 3 if not given)",
	.start = pct_start,
	.begin = pct_begin,
	.pick = pct_pick,
	.choose = pct_choose,
	.end = pct_end,
	.step = pct_step,
};

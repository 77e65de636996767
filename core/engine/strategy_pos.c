/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * POS, partial order sampling (Yuan, Yang, Gu: "Partial order aware concurrency sampling", CAV
 * 2018). Each pending operation has a random priority; the highest one that is eligible is
 * executed. Then its context's next operation gets a fresh priority, and so does each pending
 * operation that conflicts with what was executed: the order of two conflicting operations is
 * decided anew each time, and no priority is wasted on pairs whose order does not matter.
 *
 * A priority may stay low for long, so the rest of a schedule that runs far beyond its expected
 * length is a random walk, which is fair.
 */
#include "strategy_pos.h"

#include <errno.h>

#define UNFAIR_STEPS 256

static uint64_t search;
static struct fl_length length;
static struct fl_pos pos;

void fl_pos_begin(struct fl_pos *p, struct fl_prng prng, uint64_t expected_steps)
{
	p->prng = prng;
	p->known = 0;
	p->fair_step = 2 * expected_steps + UNFAIR_STEPS;
}

bool fl_pos_conflict(const struct fl_pending *a, const struct fl_pending *b)
{
	if (a->object != b->object || a->kind == FL_ACCESS_NONE || b->kind == FL_ACCESS_NONE)
		return false;
	return a->kind != FL_ACCESS_READ || b->kind != FL_ACCESS_READ;
}

void fl_pos_step(struct fl_pos *p, fl_context_t context, const struct fl_pending *executed)
{
	p->known &= ~BIT64(context);
	if (executed->kind != FL_ACCESS_NONE)
		for (uint64_t left = p->known; left; left &= left - 1) {
			fl_context_t other = __builtin_ctzll(left);

			if (fl_pos_conflict(executed, &fl_world.contexts[other].pending))
				p->known &= ~BIT64(other);
		}
	if (fl_step() == p->fair_step)
		fl_turn_fair();
}

fl_context_t fl_pos_pick(struct fl_pos *p, uint64_t eligible)
{
	fl_context_t best;
	uint64_t highest;

	if (unlikely(fl_engine.step > p->fair_step))
		return fl_random_member(&p->prng, eligible);
	for (uint64_t left = eligible & ~p->known; left; left &= left - 1)
		p->priority[__builtin_ctzll(left)] = fl_prng_next(&p->prng) | 1;
	p->known |= eligible;
	if (fl_engine.yielding)
		p->priority[fl_engine.current] = 0;
	best = __builtin_ctzll(eligible);
	highest = p->priority[best];
	/* Who has the highest is chance, so no branch may hang on it. */
	for (uint64_t left = eligible & (eligible - 1); left; left &= left - 1) {
		fl_context_t context = __builtin_ctzll(left);
		uint64_t own = p->priority[context];

		best = own > highest ? context : best;
		highest = own > highest ? own : highest;
	}
	return best;
}

static int pos_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy pos takes no argument";
		return -EINVAL;
	}
	search = fl_prng_search(seed, 2);
	length = (struct fl_length){0};
	return 0;
}

static void pos_begin(uint64_t schedule)
{
	fl_pos_begin(&pos, fl_prng_of(search, schedule), fl_length_estimate(&length, schedule));
}

static void pos_step(fl_context_t context, const struct fl_pending *executed)
{
	fl_pos_step(&pos, context, executed);
}

static fl_context_t pos_pick(uint64_t eligible, fl_context_t fallback)
{
	return fl_pos_pick(&pos, eligible);
}

static uint32_t pos_choose(enum fl_choice_kind kind, uint32_t n)
{
	return fl_random_answer(&pos.prng, kind, n);
}

static bool pos_end(void)
{
	fl_length_learn(&length, fl_step());
	return true;
}

const struct fl_strategy fl_strategy_pos = {
	.name = "pos",
	.help = "partial order sampling: random priorities of operations, drawn anew on conflict",
	.start = pos_start,
	.begin = pos_begin,
	.pick = pos_pick,
	.choose = pos_choose,
	.end = pos_end,
	.step = pos_step,
};

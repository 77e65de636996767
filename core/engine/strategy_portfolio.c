/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default: schedules take turns between random walk, PCT of depths 1 to 5, POS and rf. Each of
 * them is best at some kind of bug, and none costs more than its share.
 *
 * At first each has one schedule in turn, so that what one of them finds at once need not wait for
 * the others. Later each has a row of schedules: what a CPU did just before, it does faster.
 */
#include "strategy.h"

#include <errno.h>

static const struct {
	const struct fl_strategy *strategy;
	unsigned int depth;
} members[] = {
	{&fl_strategy_random, 0}, {&fl_strategy_pct, 1}, {&fl_strategy_pct, 2},
	{&fl_strategy_pct, 3},	  {&fl_strategy_pct, 4}, {&fl_strategy_pct, 5},
	{&fl_strategy_pos, 0},	  {&fl_strategy_rf, 0},
};

#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

/* Schedules of a search, or of each family of it, in which members take turns one by one. */
#define ONE_BY_ONE   2048u
/* Odd, so that any other rhythm of a search (core/case/round.c) comes to meet all members. */
#define ROW_LENGTH   31u

static const struct fl_strategy *turn = &fl_strategy_random;

static int portfolio_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy portfolio takes no argument";
		return -EINVAL;
	}
	for (unsigned int i = 0; i < MEMBER_COUNT; i++) {
		int err = members[i].strategy->start(seed, NULL, error);

		if (err)
			return err;
	}
	return 0;
}

static unsigned int member_of(uint64_t schedule)
{
	uint64_t number = schedule % FL_SCHEDULE_FAMILY(1);

	if (number >= ONE_BY_ONE)
		number /= ROW_LENGTH;
	return (unsigned int)(number % MEMBER_COUNT);
}

static void portfolio_begin(uint64_t schedule)
{
	unsigned int member = member_of(schedule);

	turn = members[member].strategy;
	if (members[member].depth)
		fl_pct_set_depth(members[member].depth);
	fl_engine.strategy_pick = turn->pick;
	fl_engine.strategy_step = turn->step;
	fl_engine.strategy_choose = turn->choose;
	if (turn->fair)
		fl_turn_fair();
	turn->begin(schedule);
}

static fl_context_t portfolio_pick(uint64_t eligible, fl_context_t fallback)
{
	return turn->pick(eligible, fallback);
}

static uint32_t portfolio_choose(enum fl_choice_kind kind, uint32_t n)
{
	return turn->choose(kind, n);
}

static bool portfolio_end(void)
{
	if (turn->end)
		turn->end();
	return true;
}

const struct fl_strategy fl_strategy_portfolio = {
	.name = "portfolio",
	.help = "random, pct of depths 1 to 5, pos and rf in turn (the default)",
	.start = portfolio_start,
	.begin = portfolio_begin,
	.pick = portfolio_pick,
	.choose = portfolio_choose,
	.end = portfolio_end,
};

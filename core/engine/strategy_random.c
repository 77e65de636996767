/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walk: at each point each eligible context is as likely as any other.
 */
#include "strategy.h"

#include <errno.h>

static uint64_t search;
static struct fl_prng prng;

static int random_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy random takes no argument";
		return -EINVAL;
	}
	search = fl_prng_search(seed, 0);
	return 0;
}

static void random_begin(uint64_t schedule)
{
	prng = fl_prng_of(search, schedule);
}

static fl_context_t random_pick(uint64_t eligible, fl_context_t fallback)
{
	return fl_random_member(&prng, eligible);
}

static uint32_t random_choose(enum fl_choice_kind kind, uint32_t n)
{
	return fl_random_answer(&prng, kind, n);
}

const struct fl_strategy fl_strategy_random = {
	.name = "random",
	.help = "random walk: each eligible context is equally likely at each point",
	.fair = true,
	.start = random_start,
	.begin = random_begin,
	.pick = random_pick,
	.choose = random_choose,
};

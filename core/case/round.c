/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios in turn, each for its share of the steps. */
#include <case/round.h>

#include <string.h>

/* What a schedule costs besides its steps: the reset, the set-up and the verdicts, in steps. */
#define SCHEDULE_STEPS 40

void fl_round_start(struct fl_round *round, unsigned int count)
{
	memset(round, 0, sizeof(*round));
	round->count = count;
	round->turn = count - 1;
}

unsigned int fl_round_next(struct fl_round *round, uint64_t first, uint64_t *schedule)
{
	/* Somebody is at or below the mean. */
	do
		round->turn = (round->turn + 1) % round->count;
	while (round->spent[round->turn] * round->count > round->all);
	*schedule = first + ((uint64_t)round->turn << 40) + round->done[round->turn]++;
	return round->turn;
}

void fl_round_done(struct fl_round *round, uint64_t steps)
{
	round->spent[round->turn] += steps + SCHEDULE_STEPS;
	round->all += steps + SCHEDULE_STEPS;
}

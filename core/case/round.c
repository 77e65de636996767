/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenarios in turn, each for its share of the steps. */
#include <case/round.h>

#include <string.h>

/* What a schedule costs besides its steps: the reset, the set-up and the verdicts, in steps. */
#define SCHEDULE_STEPS 40
/* Runs that stood still before they say something about the next one. */
#define EXPERIENCE     4
/* At most one of so many of them went on, then waiting does not pay. */
#define HOPELESS       16
/* Part of a scenario's steps that runs which stand still may take. */
#define GOOD_PART      4
/* Schedules in a row that are treated alike: a portfolio's members, each once ... */
#define MEMBERS	       8
/* ... and of so many such rows, one is always waited for. */
#define ROWS	       8

void fl_round_start(struct fl_round *round, unsigned int count)
{
	memset(round, 0, sizeof(*round));
	round->count = count;
	round->turn = count - 1;
}

static bool waiting_pays(const struct fl_round *round, uint64_t number)
{
	const struct fl_round_stands *stands = &round->stands[round->turn];

	if (stands->spent * GOOD_PART <= round->spent[round->turn])
		return true;
	if (number / MEMBERS % ROWS == 0 && number >= MEMBERS)
		return true;
	/* Until a scenario has experience of its own, that of the others is better than none. */
	if (stands->runs < EXPERIENCE)
		stands = &round->all_stands;
	return stands->runs < EXPERIENCE || stands->went_on * HOPELESS > stands->runs;
}

unsigned int fl_round_next(struct fl_round *round, uint64_t first, struct fl_run_options *run)
{
	uint64_t number;

	/* Somebody is at or below the mean. */
	do
		round->turn = (round->turn + 1) % round->count;
	while (round->spent[round->turn] * round->count > round->all);
	number = round->done[round->turn]++;
	run->schedule = first + FL_SCHEDULE_FAMILY(round->turn) + number;
	run->give_up = !waiting_pays(round, number);
	round->given_up = run->give_up;
	return round->turn;
}

static void learn(struct fl_round_stands *stands, bool went_on)
{
	stands->runs++;
	stands->went_on += went_on;
}

void fl_round_done(struct fl_round *round, const struct fl_outcome *outcome)
{
	uint64_t spent = outcome->steps + SCHEDULE_STEPS;

	/* What shows little for its steps gets fewer. */
	if (outcome->stood_still && round->given_up)
		spent *= 3;
	round->spent[round->turn] += spent;
	round->all += spent;
	if (!outcome->stood_still)
		return;
	round->stands[round->turn].spent += spent;
	if (round->given_up)
		return;
	learn(&round->stands[round->turn], outcome->end != FL_END_LIVELOCK);
	learn(&round->all_stands, outcome->end != FL_END_LIVELOCK);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose turn it is, where a search by chance takes several scenarios: in turn, but one that has taken
 * more than its share of the steps sits out until the others have caught up. A schedule that livelocks
 * takes thousands of steps where others take one or two hundred, and would leave little time for the rest.
 *
 * For the same reason not every livelock is waited for. A run that stands still for a fraction of the bound
 * might go on yet; where those of a scenario that were watched to the end hardly ever did, and took a good
 * part of its steps, most of the next ones are given up there, as inconclusive. One row of schedules in eight goes to its end whatever
 * happens: livelocks go on to be found, and a scenario whose runs do go on is waited for again.
 */
#ifndef FAULTLINE_ROUND_H
#define FAULTLINE_ROUND_H

#include <case/world.h>

#include <stdint.h>

#define FL_ROUND_MAX 64

/* Runs that stood still: those that were not given up, how many of them went on; the steps of all. */
struct fl_round_stands {
	uint64_t runs, went_on, spent;
};

struct fl_round {
	unsigned int count; /* of scenarios */
	unsigned int turn;
	uint64_t spent[FL_ROUND_MAX]; /* steps of each, with what a schedule costs besides */
	uint64_t all;		      /* sum of these */
	uint64_t done[FL_ROUND_MAX];
	struct fl_round_stands stands[FL_ROUND_MAX], all_stands;
	bool given_up; /* if it stands still: the schedule whose turn it is */
};

/* @count: scenarios, 1 to FL_ROUND_MAX. */
void fl_round_start(struct fl_round *round, unsigned int count);
/*
 * The number of the scenario whose turn it is. @run gets the number of its schedule: each scenario counts
 * its own, from @first on, so that a strategy which takes turns by the number meets every scenario in all
 * its turns; and whether it is given up when it stands still.
 */
unsigned int fl_round_next(struct fl_round *round, uint64_t first, struct fl_run_options *run);
/* What became of that schedule. */
void fl_round_done(struct fl_round *round, const struct fl_outcome *outcome);

#endif

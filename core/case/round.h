/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose turn it is, where a search by chance takes several scenarios: in turn, but one that has taken
 * more than its share of the steps sits out until the others have caught up. A schedule that livelocks
 * takes thousands of steps where others take one or two hundred, and would leave little time for the rest.
 */
#ifndef FAULTLINE_ROUND_H
#define FAULTLINE_ROUND_H

#include <stdint.h>

#define FL_ROUND_MAX 64

struct fl_round {
	unsigned int count; /* of scenarios */
	unsigned int turn;
	uint64_t spent[FL_ROUND_MAX]; /* steps of each, with what a schedule costs besides */
	uint64_t all;		      /* sum of these */
	uint64_t done[FL_ROUND_MAX];
};

/* @count: scenarios, 1 to FL_ROUND_MAX. */
void fl_round_start(struct fl_round *round, unsigned int count);
/*
 * The number of the scenario whose turn it is. *schedule gets the number of its schedule: each scenario
 * counts its own, from @first on, so that a strategy which takes turns by the number meets every scenario
 * in all its turns.
 */
unsigned int fl_round_next(struct fl_round *round, uint64_t first, uint64_t *schedule);
/* That schedule took @steps. */
void fl_round_done(struct fl_round *round, uint64_t steps);

#endif

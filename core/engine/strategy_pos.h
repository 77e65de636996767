/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * POS as a part: rf builds on it.
 */
#ifndef FAULTLINE_ENGINE_STRATEGY_POS_H
#define FAULTLINE_ENGINE_STRATEGY_POS_H

#include "strategy.h"

struct fl_pos {
	struct fl_prng prng;
	uint64_t known; /* contexts whose pending operation has a priority */
	uint64_t fair_step;
	uint64_t priority[FL_MAX_CONTEXTS];
};

void fl_pos_begin(struct fl_pos *p, struct fl_prng prng, uint64_t expected_steps);
void fl_pos_step(struct fl_pos *p, fl_context_t context, const struct fl_pending *executed);
/* The eligible context whose operation has the highest priority. */
fl_context_t fl_pos_pick(struct fl_pos *p, uint64_t eligible);
/* Equal objects, and at least one of the two is no read. */
bool fl_pos_conflict(const struct fl_pending *a, const struct fl_pending *b);

#endif

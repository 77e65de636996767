/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replay: follow recorded decisions; where there is none, the fallback and 0. Without decisions it
 * is the run in which nobody is preempted.
 *
 * A decision that does not fit any more (an edited case, another subject) is left out: minimising
 * removes decisions one by one and sees what is left of the run.
 */
#include "strategy.h"

#include <errno.h>

static const struct fl_decision *decisions;
static size_t decision_count;
static uint64_t fair_from = FL_NEVER;
/* The next decision of each kind, decision_count if there is none. */
static size_t cursor[FL_CHOICE_KINDS];

void fl_replay_set(const struct fl_decision *new_decisions, size_t count)
{
	decisions = new_decisions;
	decision_count = count;
	fair_from = FL_NEVER;
}

void fl_replay_set_fair(uint64_t step)
{
	fair_from = step;
}

static void advance(enum fl_choice_kind kind, size_t from)
{
	while (from < decision_count && decisions[from].kind != kind)
		from++;
	cursor[kind] = from;
}

/* The decision of @kind at @at, or NULL. */
static const struct fl_decision *decision_at(enum fl_choice_kind kind, uint64_t at)
{
	while (cursor[kind] < decision_count && decisions[cursor[kind]].at < at)
		advance(kind, cursor[kind] + 1);
	if (cursor[kind] == decision_count || decisions[cursor[kind]].at != at)
		return NULL;
	return &decisions[cursor[kind]];
}

static int replay_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy replay takes no argument";
		return -EINVAL;
	}
	return 0;
}

static void replay_begin(uint64_t schedule)
{
	for (int kind = 0; kind < FL_CHOICE_KINDS; kind++)
		advance(kind, 0);
	if (!fair_from)
		fl_turn_fair();
}

static void replay_step(fl_context_t context, const struct fl_pending *executed)
{
	if (fl_step() == fair_from)
		fl_turn_fair();
}

static fl_context_t replay_pick(uint64_t eligible, fl_context_t fallback)
{
	const struct fl_decision *decision = decision_at(FL_CHOOSE_CONTEXT, fl_engine.step);

	if (!decision || decision->value >= FL_MAX_CONTEXTS || !(eligible & BIT64(decision->value)))
		return fallback;
	return decision->value;
}

static uint32_t replay_choose(enum fl_choice_kind kind, uint32_t n)
{
	/* The call that is being answered has been counted already. */
	const struct fl_decision *decision = decision_at(kind, fl_engine.choice_count[kind] - 1);

	return decision && decision->value < n ? decision->value : 0;
}

const struct fl_strategy fl_strategy_replay = {
	.name = "replay",
	.help = "the decisions of a case, and nobody preempted beyond them",
	.start = replay_start,
	.begin = replay_begin,
	.pick = replay_pick,
	.choose = replay_choose,
	.step = replay_step,
};

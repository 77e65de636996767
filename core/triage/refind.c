/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Searches for the schedule of a case. */
#include "refind.h"

#include <string.h>

/* What schedules take; a search may take so many for each of its runs. */
#define USUAL_STEPS 250

bool fl_case_found_in(const struct fl_outcome *outcome, struct fl_case *wanted)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++) {
		if (strcmp(outcome->findings[i].signature, wanted->signature))
			continue;
		wanted->step = outcome->findings[i].step;
		return true;
	}
	return false;
}

bool fl_case_search(struct fl_case *like, const char *strategy, unsigned int runs,
		    bool (*go_on)(void))
{
	const char *argument, *message;
	struct fl_run_options options = {.strategy = fl_strategy_find(strategy, &argument)};
	/* A schedule that goes round and round takes the time of ten. */
	uint64_t steps_left = (uint64_t)runs * USUAL_STEPS;
	struct fl_outcome outcome;

	if (options.strategy->start(1, argument, &message))
		return false;
	for (; options.schedule < runs && steps_left; options.schedule++) {
		if (go_on && !go_on())
			return false;
		fl_world_explore_like(like, &options, &outcome);
		steps_left -= outcome.steps < steps_left ? outcome.steps : steps_left;
		if (fl_case_found_in(&outcome, like))
			return true;
		if (options.strategy->end && !options.strategy->end())
			return false;
	}
	return false;
}

static bool replays(struct fl_case *wanted)
{
	struct fl_outcome outcome;

	fl_world_replay(wanted, &outcome);
	return fl_case_found_in(&outcome, wanted);
}

bool fl_case_refind(struct fl_case *wanted, unsigned int runs)
{
	static const char *const strategies[] = {"dfs:0", "dfs:1", "portfolio"};
	char signature[sizeof(wanted->signature)];

	if (replays(wanted))
		return true;
	memcpy(signature, wanted->signature, sizeof(signature));
	for (unsigned int i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++) {
		uint64_t step;

		if (!fl_case_search(wanted, strategies[i], runs, NULL))
			continue;
		step = wanted->step;
		fl_world_record(wanted);
		memcpy(wanted->signature, signature, sizeof(signature));
		wanted->step = step;
		if (replays(wanted))
			return true;
	}
	return false;
}

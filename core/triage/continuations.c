/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random continuations of a case. */
#include "continuations.h"

#include <case/world.h>

#include <string.h>

/* So many that all break make a step inevitable for us. */
#define SURE_RUNS   200
/* Points at even distances; the two around the step from which none escapes come to them. */
#define EVEN_POINTS (FL_MAX_CONTINUATION_POINTS - 2)
/* A continuation that goes on for ever tells no more than one that goes on for so long. */
#define STEP_LIMIT  20000

/* --- a strategy: the case's decisions up to a step, then chance ------------------------------- */

static const struct fl_strategy *replay, *chance;
static uint64_t leave_at;

static void begin(uint64_t schedule)
{
	replay->begin(0);
	chance->begin(schedule);
}

static const struct fl_strategy *now(void)
{
	return fl_step() < leave_at ? replay : chance;
}

static fl_context_t pick(uint64_t eligible, fl_context_t fallback)
{
	return now()->pick(eligible, fallback);
}

static uint32_t choose(enum fl_choice_kind kind, uint32_t n)
{
	return now()->choose(kind, n);
}

static const struct fl_strategy continued = {
	.name = "continued",
	.help = "a case up to a step, then chance",
	.fair = true,
	.begin = begin,
	.pick = pick,
	.choose = choose,
};

/* --- measuring -------------------------------------------------------------------------------- */

static bool breaks(const struct fl_outcome *outcome, const struct fl_case *measured)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++)
		if (!strcmp(outcome->findings[i].signature, measured->signature))
			return true;
	return false;
}

static void measure_point(const struct fl_case *measured, struct fl_continuation_point *point,
			  unsigned int runs)
{
	struct fl_run_options options = {.strategy = &continued, .step_limit = STEP_LIMIT};

	leave_at = point->step;
	while (point->runs < runs) {
		struct fl_outcome outcome;

		/* Schedules of all points differ, so that no point is lucky like its neighbour. */
		options.schedule = point->step << 20 | point->runs++;
		fl_replay_set(measured->decisions, measured->decision_count);
		fl_world_explore_like(measured, &options, &outcome);
		point->broken += breaks(&outcome, measured);
	}
}

/* None escaped so far; is that so with many more? */
static bool is_inevitable(const struct fl_case *measured, uint64_t step, unsigned int *runs)
{
	struct fl_continuation_point point = {.step = step};

	for (unsigned int enough = 25; enough <= SURE_RUNS; enough *= 2) {
		measure_point(measured, &point, enough);
		if (point.broken < point.runs)
			return false;
	}
	*runs = point.runs;
	return true;
}

/* The first step from which none escapes; the share does not fall again on the way there. */
static void find_inevitable(const struct fl_case *measured, struct fl_continuations *result)
{
	uint64_t escapes = 0, none = measured->step + 1;
	unsigned int runs = 0;

	for (unsigned int i = 0; i < result->count; i++)
		if (result->points[i].broken < result->points[i].runs)
			escapes = result->points[i].step;
	/* What the points say of the step in which it broke is no news. */
	while (escapes + 1 < none) {
		uint64_t middle = escapes + (none - escapes) / 2;

		if (is_inevitable(measured, middle, &runs)) {
			none = middle;
			result->inevitable_runs = runs;
		} else {
			escapes = middle;
		}
	}
	result->inevitable = none <= measured->step ? none : UINT64_MAX;
}

static void add_point(const struct fl_case *measured, struct fl_continuations *result,
		      uint64_t step, unsigned int runs)
{
	unsigned int place = 0;

	if (result->count == FL_MAX_CONTINUATION_POINTS)
		return;
	while (place < result->count && result->points[place].step < step)
		place++;
	if (place < result->count && result->points[place].step == step)
		return;
	memmove(&result->points[place + 1], &result->points[place],
		(result->count - place) * sizeof(result->points[0]));
	result->points[place] = (struct fl_continuation_point){.step = step};
	result->count++;
	measure_point(measured, &result->points[place], runs);
}

void fl_continuations_measure(const struct fl_case *measured, unsigned int runs,
			      struct fl_continuations *result)
{
	const char *argument, *message;
	uint64_t span = measured->step + 1;

	memset(result, 0, sizeof(*result));
	replay = fl_strategy_find("replay", &argument);
	chance = fl_strategy_find("random", &argument);
	replay->start(1, NULL, &message);
	chance->start(1, NULL, &message);
	result->count = span < EVEN_POINTS ? (unsigned int)span : EVEN_POINTS;
	for (unsigned int i = 0; i < result->count; i++) {
		result->points[i].step =
			result->count == 1 ? 0 : i * measured->step / (result->count - 1);
		measure_point(measured, &result->points[i], runs);
	}
	find_inevitable(measured, result);
	if (result->inevitable != UINT64_MAX && result->inevitable) {
		add_point(measured, result, result->inevitable - 1, runs);
		add_point(measured, result, result->inevitable, runs);
	}
	fl_replay_set(NULL, 0);
}

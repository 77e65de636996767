/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delta debugging of a case. */
#include "minimize.h"
#include "refind.h"

#include <case/world.h>

#include <errno.h>
#include <string.h>

/* How often somebody is told. */
#define RUNS_A_REPORT	 64
/* A context that was left waiting for so many steps, though it could have run: that is not fair. */
#define LONGEST_WAIT	 1024

/* What schedules take; a search may take so many for each of its runs. */
#define USUAL_STEPS	 250
/* Rounds in which a schedule is searched for what does not break by a replay: they are the dear ones. */
#define SEARCHING_ROUNDS 2

static struct {
	struct fl_case best, candidate;
	const struct fl_minimize_options *options;
	uint64_t runs;
	bool stopped;
} minimizer;

/* --- one run -------------------------------------------------------------------------------- */

static uint64_t last_step[FL_MAX_CONTEXTS];

static void note_step(fl_context_t context)
{
	last_step[context] = fl_step();
}

static bool was_fair(void)
{
	for (fl_context_t i = 0; i < fl_context_count(); i++) {
		if (fl_context_state(i) != FL_RUNNABLE || fl_context_starved(i, false) ||
		    fl_context_starved(i, true))
			continue;
		if (fl_step() > last_step[i] + LONGEST_WAIT)
			return false;
	}
	return true;
}

/* The invariant that a signature begins with, or NULL. */
static const struct fl_invariant *invariant_of(const char *signature)
{
	char name[FL_SIGNATURE_SIZE];
	int number;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(signature, " "), signature);
	number = fl_invariant_find(name);
	return number < 0 ? NULL : fl_invariants[number];
}

bool fl_case_breaks(struct fl_case *replayed)
{
	const struct fl_invariant *invariant = invariant_of(replayed->signature);
	bool fairly = invariant && invariant->needs & FL_NEEDS_FAIR;
	struct fl_outcome outcome;

	if (!fairly) {
		fl_world_replay(replayed, &outcome);
		return fl_case_found_in(&outcome, replayed);
	}
	memset(last_step, 0, sizeof(last_step));
	fl_set_step_hook(note_step);
	fl_world_replay(replayed, &outcome);
	fl_set_step_hook(NULL);
	return fl_case_found_in(&outcome, replayed) && was_fair();
}

/* --- the best so far ------------------------------------------------------------------------ */

static void count_run(void)
{
	struct fl_minimize_progress progress = {.runs = ++minimizer.runs};

	if (!minimizer.options->progress || minimizer.runs % RUNS_A_REPORT)
		return;
	fl_case_measure(&minimizer.best, &progress.size);
	if (!minimizer.options->progress(minimizer.options->context, &progress))
		minimizer.stopped = true;
}

/* The run that just ended is the best: what it decided, without what had no effect in it. */
static void keep(const struct fl_case *run)
{
	struct fl_case *best = &minimizer.best;
	char signature[sizeof(best->signature)];
	uint64_t step = run->step;

	memcpy(signature, run->signature, sizeof(signature));
	fl_world_record(best);
	memcpy(best->signature, signature, sizeof(signature));
	best->step = step;
}

static bool keep_if_it_breaks(struct fl_case *candidate)
{
	count_run();
	if (!fl_case_breaks(candidate))
		return false;
	keep(candidate);
	return true;
}

/* --- a schedule anew ------------------------------------------------------------------------ */

static bool may_go_on(void)
{
	count_run();
	return !minimizer.stopped;
}

static bool search(struct fl_case *like, const char *strategy, unsigned int runs)
{
	return fl_case_search(like, strategy, runs, may_go_on);
}

static bool keep_if_found(struct fl_case *candidate)
{
	unsigned int runs = minimizer.options->search_runs;

	if (!runs || (!search(candidate, "dfs:0", runs / 8) && !search(candidate, "dfs:1", runs) &&
		      !search(candidate, "portfolio", runs)))
		return false;
	keep(candidate);
	/* The search was fair or not as its strategy is; the replay must say the same. */
	minimizer.candidate = minimizer.best;
	return fl_case_breaks(&minimizer.candidate);
}

/* --- passes --------------------------------------------------------------------------------- */

/* Each element of a kind, from the last to the first. Returns whether one went. */
static bool drop_elements(enum fl_element kind, bool searching)
{
	static struct fl_case before;
	unsigned int count = 0;
	bool dropped = false;

	while (fl_case_without(&minimizer.candidate, &minimizer.best, kind, count))
		count++;
	while (count-- && !minimizer.stopped) {
		before = minimizer.best;
		if (!fl_case_without(&minimizer.candidate, &before, kind, count))
			continue;
		if (keep_if_it_breaks(&minimizer.candidate)) {
			dropped = true;
			continue;
		}
		if (!searching || !fl_case_without(&minimizer.candidate, &before, kind, count))
			continue;
		if (keep_if_found(&minimizer.candidate))
			dropped = true;
		else
			minimizer.best = before;
	}
	return dropped;
}

/* Decisions, from all at once down to one by one. */
static bool drop_decisions(void)
{
	bool dropped = false;

	for (uint32_t chunk = minimizer.best.decision_count; chunk && !minimizer.stopped;
	     chunk /= 2) {
		uint32_t end = minimizer.best.decision_count;

		while (end && !minimizer.stopped) {
			struct fl_case *candidate = &minimizer.candidate;
			uint32_t count = end < chunk ? end : chunk;

			*candidate = minimizer.best;
			memmove(&candidate->decisions[end - count], &candidate->decisions[end],
				(candidate->decision_count - end) *
					sizeof(candidate->decisions[0]));
			candidate->decision_count -= count;
			end -= count;
			if (!keep_if_it_breaks(candidate))
				continue;
			dropped = true;
			/* What had no effect any more is gone too. */
			if (end > minimizer.best.decision_count)
				end = minimizer.best.decision_count;
		}
	}
	return dropped;
}

/* Who must run when is one thing, who need not have waited another. */
static bool drop_fairness(void)
{
	minimizer.candidate = minimizer.best;
	minimizer.candidate.fair_since = UINT64_MAX;
	return minimizer.best.fair_since != UINT64_MAX && keep_if_it_breaks(&minimizer.candidate);
}

static unsigned int decisions_of(const struct fl_case *measured)
{
	return measured->decision_count;
}

/* A schedule with fewer decisions than dropping leads to: the search finds other ways. */
static void search_shorter(void)
{
	static const char *const bounds[] = {"dfs:0", "dfs:1", "dfs:2"};
	static struct fl_case before;

	for (unsigned int i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		if (decisions_of(&minimizer.best) <= i || minimizer.stopped)
			return;
		before = minimizer.best;
		minimizer.candidate = minimizer.best;
		if (!search(&minimizer.candidate, bounds[i], 4 * minimizer.options->search_runs))
			continue;
		keep(&minimizer.candidate);
		drop_decisions();
		minimizer.candidate = minimizer.best;
		if (decisions_of(&minimizer.best) >= decisions_of(&before) ||
		    !fl_case_breaks(&minimizer.candidate))
			minimizer.best = before;
	}
}

static bool drop_all_kinds(bool searching)
{
	bool dropped = drop_elements(FL_ELEMENT_ACTOR, searching);

	dropped |= drop_elements(FL_ELEMENT_OPERATION, searching);
	dropped |= drop_elements(FL_ELEMENT_SETTING, searching);
	return dropped;
}

int fl_minimize(struct fl_case *minimal, const struct fl_minimize_options *options,
		struct fl_minimized *result, char *error, size_t error_size)
{
	struct fl_outcome outcome;
	bool again;

	minimizer.options = options;
	minimizer.runs = 0;
	minimizer.stopped = false;
	minimizer.best = *minimal;
	count_run();
	fl_world_replay(&minimizer.best, &outcome);
	if (!*minimal->signature || !fl_case_found_in(&outcome, &minimizer.best)) {
		snprintf(error, error_size, "the case does not break %s%s%s",
			 *minimal->signature ? "\"" : "anything that it names", minimal->signature,
			 *minimal->signature ? "\"" : "");
		return -ENOENT;
	}
	minimizer.candidate = minimizer.best;
	keep(&minimizer.candidate);
	drop_decisions();
	for (unsigned int round = 0; round < SEARCHING_ROUNDS && drop_all_kinds(true); round++)
		drop_decisions();
	if (options->search_runs)
		search_shorter();
	/* Until nothing goes any more, for each thing that went may have been what another was for. */
	do {
		again = drop_decisions();
		again |= drop_all_kinds(false);
		again |= drop_fairness();
	} while (again && !minimizer.stopped);
	minimizer.candidate = minimizer.best;
	fl_world_replay(&minimizer.candidate, &outcome);
	fl_case_name_contexts(&minimizer.best);
	memcpy(minimizer.best.scenario, minimal->scenario, sizeof(minimal->scenario));
	*minimal = minimizer.best;
	result->complete = !minimizer.stopped;
	result->runs = minimizer.runs;
	return 0;
}

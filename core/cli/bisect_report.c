// SPDX-License-Identifier: GPL-2.0-or-later
/* What bisect tells: the table, who breaks and who mends, for people and as JSON. */
#include "bisect.h"
#include "cli.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_COLUMN	 20
#define COMMITS_IN_A_ROW 8

static bool is_known(const struct bisect_commit *commit)
{
	return commit->state == BISECT_TRIED || commit->state == BISECT_INTERRUPTED;
}

struct bisect_change bisect_change(const struct bisect *bisect, unsigned int invariant)
{
	struct bisect_change change = {-1, -1};

	for (int i = 0; i < (int)bisect->count; i++) {
		const struct bisect_commit *commit = &bisect->commits[i];

		if (!is_known(commit))
			continue;
		if (change.bad < 0 && commit->verdicts[invariant] == VERDICT_BROKEN)
			change.bad = i;
		/* Half a search is enough to break, and not to keep. */
		if (change.bad >= 0 && change.good < 0 && commit->state == BISECT_TRIED &&
		    commit->verdicts[invariant] == VERDICT_KEEPS)
			change.good = i;
	}
	return change;
}

int bisect_oldest_suspect(const struct bisect *bisect, int index)
{
	while (index > 0 && bisect->commits[index - 1].state == BISECT_SKIPPED)
		index--;
	return index;
}

/* --- for people ------------------------------------------------------------------------------ */

static const char *cell(const struct bisect_commit *commit, unsigned int invariant)
{
	if (commit->state == BISECT_SKIPPED)
		return "skipped";
	if (!is_known(commit))
		return "";
	if (commit->verdicts[invariant] == VERDICT_BROKEN)
		return "BROKEN";
	if (commit->state == BISECT_INTERRUPTED)
		return "";
	return commit->verdicts[invariant] == VERDICT_KEEPS ? "keeps" : "-";
}

static const char *answer_name(enum bisect_answer answer)
{
	static const char *const names[] = {
		[BISECT_NOT_ASKED] = "", [BISECT_BREAKS] = "BROKEN", [BISECT_KEEPS] = "keeps",
		[BISECT_APART] = "-",	 [BISECT_CANNOT] = "cannot",
	};

	return names[answer];
}

static void print_legend(const struct bisect *bisect)
{
	for (unsigned int i = 0; i < bisect->count; i++) {
		const struct bisect_commit *commit = &bisect->commits[i];

		printf("%4u  %.*s  %s%s%s\n", i, BISECT_SHORT, commit->hash, commit->title,
		       i ? "" : "  (the base)",
		       commit->state == BISECT_INTERRUPTED ? "  (interrupted)"
		       : commit->state == BISECT_WAITS	   ? "  (not tried: interrupted)"
							   : "");
		if (commit->state == BISECT_SKIPPED)
			printf("      skipped: %s\n", commit->why);
	}
}

/* Without a search, there is nothing to tell but of what the cases are about. */
static bool is_asked(const struct bisect *bisect, unsigned int invariant)
{
	for (unsigned int i = 0; bisect->no_search && i < bisect->count; i++)
		if (is_known(&bisect->commits[i]) &&
		    bisect->commits[i].verdicts[invariant] != VERDICT_NOT_EXERCISED)
			return true;
	return !bisect->no_search;
}

static void print_block(const struct bisect *bisect, unsigned int first)
{
	unsigned int end = first + COMMITS_IN_A_ROW;

	if (end > bisect->count)
		end = bisect->count;
	printf("\n%-*s", FIRST_COLUMN, "invariant");
	for (unsigned int i = first; i < end; i++)
		printf(" %-7u", i);
	putchar('\n');
	for (unsigned int j = 0; fl_invariants[j]; j++) {
		if (!is_asked(bisect, j))
			continue;
		printf("%-*s", FIRST_COLUMN, fl_invariants[j]->name);
		for (unsigned int i = first; i < end; i++)
			printf(" %-7s", cell(&bisect->commits[i], j));
		putchar('\n');
	}
	for (unsigned int j = 0; j < bisect->case_count; j++) {
		printf("case %-*u", FIRST_COLUMN - 5, j + 1);
		for (unsigned int i = first; i < end; i++)
			printf(" %-7s", bisect->commits[i].state == BISECT_SKIPPED
						? "skipped"
						: answer_name(bisect->commits[i].answers[j]));
		putchar('\n');
	}
}

/* "resume-order: first broken by 1 0123456789ab Title" */
static void print_end(const struct bisect *bisect, const char *what, int index)
{
	const struct bisect_commit *commit = &bisect->commits[index];
	int oldest = bisect_oldest_suspect(bisect, index);

	printf(", %s %d %.*s \"%s\"", what, index, BISECT_SHORT, commit->hash, commit->title);
	if (oldest < index)
		printf(" or one of the %d skipped before it", index - oldest);
}

static void print_changes(const struct bisect *bisect)
{
	bool any = false;

	for (unsigned int j = 0; fl_invariants[j]; j++) {
		struct bisect_change change = bisect_change(bisect, j);

		if (change.bad < 0)
			continue;
		any = true;
		printf("%s", fl_invariants[j]->name);
		if (change.bad)
			print_end(bisect, "first broken by", change.bad);
		else
			printf(", broken by the base already, so by it or before");
		if (change.good >= 0)
			print_end(bisect, "first kept again by", change.good);
		else
			printf(", kept by none after it");
		/* A run that is too long to be kept as a case has neither. */
		if (*bisect->commits[change.bad].signatures[j])
			printf("\n  %s\n  faultline replay %s\n",
			       bisect->commits[change.bad].signatures[j],
			       bisect->commits[change.bad].paths[j]);
		else
			puts("\n  in runs too long to be kept as a case");
	}
	if (!any)
		puts("no commit that was tried breaks anything");
	else
		printf("the cases replay with FAULTLINE_SUBJECTS=%s\n", bisect->subjects);
}

void bisect_print(const struct bisect *bisect)
{
	printf("%s of %s, profile %s", bisect->range, bisect->tree, bisect->search.profile->name);
	if (!bisect->no_search)
		printf(", strategy %s, seed %" PRIu64, bisect->search.strategy,
		       bisect->search.seed);
	printf("%s\n\n", bisect->complete ? "" : "; interrupted, so this is not all");
	print_legend(bisect);
	for (unsigned int i = 0; i < bisect->case_count; i++)
		printf("case %u  %s: %s\n", i + 1, bisect->case_paths[i],
		       bisect->cases[i].signature);
	for (unsigned int i = 0; i < bisect->count; i += COMMITS_IN_A_ROW)
		print_block(bisect, i);
	puts("BROKEN: a case shows it; keeps: its premise occurred and it held; -: never exercised or not judged, which is no pass\n");
	print_changes(bisect);
}

/* --- JSON ------------------------------------------------------------------------------------ */

static void json_commit(struct json *json, const struct bisect *bisect,
			const struct bisect_commit *commit)
{
	static const char *const states[] = {
		[BISECT_WAITS] = "not tried",
		[BISECT_TRIED] = "tried",
		[BISECT_INTERRUPTED] = "interrupted",
		[BISECT_SKIPPED] = "skipped",
	};

	json_open(json, NULL, '{');
	json_string(json, "commit", commit->hash);
	json_string(json, "title", commit->title);
	json_string(json, "state", states[commit->state]);
	json_string(json, "why", commit->state == BISECT_SKIPPED ? commit->why : NULL);
	json_number(json, "schedules", commit->schedules);
	json_open(json, "invariants", '{');
	for (unsigned int j = 0; fl_invariants[j] && is_known(commit); j++) {
		bool broken = commit->verdicts[j] == VERDICT_BROKEN;

		if (!broken && commit->state == BISECT_INTERRUPTED)
			continue;
		json_open(json, fl_invariants[j]->name, '{');
		json_string(json, "verdict", verdict_name(commit->verdicts[j]));
		json_string(json, "signature", broken ? commit->signatures[j] : NULL);
		json_string(json, "case", broken ? commit->paths[j] : NULL);
		json_close(json, '}');
	}
	json_close(json, '}');
	json_open(json, "cases", '[');
	for (unsigned int j = 0; j < bisect->case_count; j++)
		json_string(json, NULL,
			    commit->answers[j] ? answer_name(commit->answers[j]) : NULL);
	json_close(json, ']');
	json_close(json, '}');
}

static void json_end(struct json *json, const struct bisect *bisect, const char *key, int index)
{
	int oldest = index < 0 ? index : bisect_oldest_suspect(bisect, index);
	char name[64];

	json_string(json, key, index < 0 ? NULL : bisect->commits[index].hash);
	snprintf(name, sizeof(name), "%s_or", key);
	json_open(json, name, '[');
	for (; oldest < index; oldest++)
		json_string(json, NULL, bisect->commits[oldest].hash);
	json_close(json, ']');
}

void bisect_print_json(const struct bisect *bisect)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_string(&json, "tree", bisect->tree);
	json_string(&json, "range", bisect->range);
	json_string(&json, "profile", bisect->search.profile->name);
	json_string(&json, "strategy", bisect->no_search ? NULL : bisect->search.strategy);
	json_number(&json, "seed", bisect->search.seed);
	json_string(&json, "subjects", bisect->subjects);
	json_bool(&json, "complete", bisect->complete);
	json_open(&json, "cases", '[');
	for (unsigned int i = 0; i < bisect->case_count; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "case", bisect->case_paths[i]);
		json_string(&json, "signature", bisect->cases[i].signature);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_open(&json, "commits", '[');
	for (unsigned int i = 0; i < bisect->count; i++)
		json_commit(&json, bisect, &bisect->commits[i]);
	json_close(&json, ']');
	json_open(&json, "broken", '{');
	for (unsigned int j = 0; fl_invariants[j]; j++) {
		struct bisect_change change = bisect_change(bisect, j);

		if (change.bad < 0)
			continue;
		json_open(&json, fl_invariants[j]->name, '{');
		json_bool(&json, "by_the_base", !change.bad);
		json_end(&json, bisect, "first_bad", change.bad);
		json_end(&json, bisect, "first_good", change.good);
		json_close(&json, '}');
	}
	json_close(&json, '}');
	json_close(&json, '}');
	putchar('\n');
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts of one campaign, for people. */
#include "verdict.h"
#include "cli.h"
#include "select.h"

#include <inttypes.h>
#include <string.h>

enum verdict verdict_of(const struct explored *explored, unsigned int invariant)
{
	const struct campaign_options *options = &explored->options;

	if (explored->result.violations[invariant])
		return VERDICT_BROKEN;
	if (!(options->invariants & 1u << invariant) ||
	    unjudged_invariants(options->subject, options->memory_granularity) & 1u << invariant)
		return VERDICT_NOT_JUDGED;
	return explored->result.premises[invariant] ? VERDICT_KEEPS : VERDICT_NOT_EXERCISED;
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_BROKEN] = "BROKEN",
		[VERDICT_KEEPS] = "keeps",
		[VERDICT_NOT_EXERCISED] = "not exercised",
		[VERDICT_NOT_JUDGED] = "not judged",
	};

	return names[verdict];
}

const struct campaign_finding *first_finding(const struct explored *explored,
					     unsigned int invariant)
{
	for (unsigned int i = 0; i < explored->result.finding_count; i++)
		if (explored->result.findings[i].invariant == invariant)
			return &explored->result.findings[i];
	return NULL;
}

bool any_broken(const struct explored *explored)
{
	for (unsigned int i = 0; i < FL_MAX_INVARIANTS; i++)
		if (explored->result.violations[i])
			return true;
	return false;
}

const char *scenario_label(const struct campaign_options *options)
{
	return options->scenario_count == 1 ? options->scenarios[0]->name : "all";
}

static void print_free_knobs(FILE *out, const struct fl_profile *profile)
{
	const char *separator = "knobs left to chance: ";
	unsigned int column = 0;
	char value[64];

	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
		unsigned int values = profile->free_values[knob];
		const char *comma = "";

		if (!(values & (values - 1)))
			continue;
		column += fprintf(out, "%s%s=", separator, fl_knob_infos[knob].name);
		for (; values; values &= values - 1) {
			fl_knob_value_name(knob, __builtin_ctz(values), value, sizeof(value));
			column += fprintf(out, "%s%s", comma, value);
			comma = "|";
		}
		separator = column > 80 ? ",\n  " : ", ";
		column = column > 80 ? 0 : column;
	}
	fputs(*separator == 'k' ? "every knob is fixed by the profile\n" : "\n", out);
}

static void print_extent(FILE *out, const struct explored *explored)
{
	const struct campaign_options *options = &explored->options;
	const struct campaign_result *result = &explored->result;
	char schedules[32], steps[32], inconclusive[32], rate[32];

	fprintf(out, "%s on %s, ", options->subject->name, options->profile->name);
	if (options->scenario_count == 1)
		fprintf(out, "scenario %s, ", options->scenarios[0]->name);
	else
		fprintf(out, "%u scenarios in turn, ", options->scenario_count);
	fprintf(out, "strategy %s, seed %" PRIu64 ", %u job%s, granularity %s%s\n",
		options->strategy, options->seed, options->jobs, options->jobs == 1 ? "" : "s",
		options->memory_granularity ? "memory" : "call",
		result->complete ? "" : "; interrupted");
	fprintf(out,
		"%s schedules, %s steps, %s inconclusive (step limit or given up), %.1f s, %s schedules/s\n",
		with_commas(result->schedules, schedules), with_commas(result->steps, steps),
		with_commas(result->inconclusive, inconclusive), result->seconds,
		with_commas((uint64_t)(result->schedules / result->seconds), rate));
	if (result->search_complete)
		fprintf(out, "the search is complete: strategy %s has no schedule left\n",
			options->strategy);
	if (result->unrecorded)
		fprintf(out, "%s violations in schedules too long to be kept as a case\n",
			with_commas(result->unrecorded, schedules));
	print_free_knobs(out, options->profile);
}

static void print_broken(FILE *out, const struct explored *explored, unsigned int invariant)
{
	const struct campaign_finding *first = first_finding(explored, invariant);
	unsigned int signatures = 0;
	char count[32];

	for (unsigned int i = 0; i < explored->result.finding_count; i++)
		signatures += explored->result.findings[i].invariant == invariant;
	fprintf(out, "in %s schedules, %u signature%s",
		with_commas(explored->result.violations[invariant], count), signatures,
		signatures == 1 ? "" : "s");
	if (first)
		fprintf(out, ", first in schedule %s: %s",
			with_commas(first->first_schedule, count), first->path);
	fputc('\n', out);
}

static void print_verdict(FILE *out, const struct explored *explored, unsigned int invariant)
{
	enum verdict verdict = verdict_of(explored, invariant);
	char count[32];

	fprintf(out, "%-20s %-14s ", fl_invariants[invariant]->name, verdict_name(verdict));
	switch (verdict) {
	case VERDICT_BROKEN:
		print_broken(out, explored, invariant);
		break;
	case VERDICT_KEEPS:
		fprintf(out, "in %s schedules that had: %s\n",
			with_commas(explored->result.premises[invariant], count),
			fl_invariants[invariant]->premise);
		break;
	case VERDICT_NOT_EXERCISED:
		fprintf(out, "never occurred: %s\n", fl_invariants[invariant]->premise);
		break;
	case VERDICT_NOT_JUDGED:
		fprintf(out, "%s\n",
			explored->options.invariants & 1u << invariant ? unjudged_reason(invariant)
								       : "not asked for");
		break;
	}
}

static void print_finding(FILE *out, const struct campaign_finding *finding)
{
	char count[32], schedule[32];

	fprintf(out, "  %s\n", finding->signature);
	if (*finding->detail)
		fprintf(out, "      %s\n", finding->detail);
	fprintf(out, "      %s times, first in schedule %s (%s), step %" PRIu64 "\n      %s\n",
		with_commas(finding->count, count), with_commas(finding->first_schedule, schedule),
		finding->scenario, finding->step, finding->path);
}

void print_explored(FILE *out, const struct explored *explored)
{
	const struct campaign_result *result = &explored->result;

	if (result->finding_count)
		fprintf(out, "findings on %s, each replayed once already:\n",
			explored->options.subject->name);
	/* By invariant, and there in the order in which they were found. */
	for (unsigned int i = 0; fl_invariants[i]; i++)
		for (unsigned int j = 0; j < result->finding_count; j++)
			if (result->findings[j].invariant == i)
				print_finding(out, &result->findings[j]);
	if (result->finding_count)
		fputc('\n', out);
	print_extent(out, explored);
	fputc('\n', out);
	for (unsigned int i = 0; fl_invariants[i]; i++)
		print_verdict(out, explored, i);
}

/* --- against ------------------------------------------------------------------------------ */

static bool has_signature(const struct explored *explored, const char *signature)
{
	for (unsigned int i = 0; i < explored->result.finding_count; i++)
		if (!strcmp(explored->result.findings[i].signature, signature))
			return true;
	return false;
}

static void print_only(FILE *out, const char *title, const struct explored *ours,
		       const struct explored *theirs)
{
	unsigned int count = 0;

	fprintf(out, "%s (found in %s, not in %s):\n", title, ours->options.subject->name,
		theirs->options.subject->name);
	for (unsigned int i = 0; i < ours->result.finding_count; i++) {
		const struct campaign_finding *finding = &ours->result.findings[i];

		if (has_signature(theirs, finding->signature))
			continue;
		fprintf(out, "  %s: %s\n", finding->signature, finding->path);
		count++;
	}
	if (!count)
		fputs("  nothing\n", out);
}

void print_difference(FILE *out, const struct explored *ours, const struct explored *theirs)
{
	print_only(out, "appears", ours, theirs);
	print_only(out, "disappears", theirs, ours);
}

static void json_only(struct json *json, const char *key, const struct explored *ours,
		      const struct explored *theirs)
{
	json_open(json, key, '[');
	for (unsigned int i = 0; i < ours->result.finding_count; i++)
		if (!has_signature(theirs, ours->result.findings[i].signature))
			json_string(json, NULL, ours->result.findings[i].signature);
	json_close(json, ']');
}

void json_difference(struct json *json, const struct explored *ours, const struct explored *theirs)
{
	json_only(json, "appears", ours, theirs);
	json_only(json, "disappears", theirs, ours);
}

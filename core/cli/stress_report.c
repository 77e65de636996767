// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress_report.h"

#include "campaign.h"
#include "cli.h"
#include "from_history.h"
#include "json.h"
#include "progress.h"
#include "select.h"

#include <inttypes.h>
#include <stress/races.h>
#include <stdlib.h>
#include <string.h>

/* --- cases of the findings -------------------------------------------------------------------- */

void stress_search(const struct stress_options *options, double seconds,
		   struct stress_result *result)
{
	/* The same code in its form for fibers: what is found must replay there. */
	const struct fl_subject *subject = select_subject(options->name);
	struct fl_history *history = malloc(sizeof(*history));
	struct from_history *answer = malloc(sizeof(*answer));
	char error[512];

	if (!history || !answer)
		fail_internal("there is no memory for the search");
	for (unsigned int i = 0; i < result->finding_count && !campaign_interrupted(); i++) {
		struct stress_result_finding *finding = &result->findings[i];

		/* Fibers do not race; the log of ThreadSanitizer has the stacks. */
		if (!*finding->history ||
		    fl_invariants[finding->invariant]->needs & FL_NEEDS_MEMORY)
			continue;
		if (fl_history_load(history, finding->history, error, sizeof(error))) {
			progress_alarm("%s", error);
			result->internal_error = true;
			continue;
		}
		from_history(history, subject, options->profile, seconds, 0, 1, options->out, NULL,
			     campaign_interrupted, answer);
		finding->searched = true;
		finding->found = answer->found;
		finding->schedules = answer->schedules;
		memcpy(finding->path, answer->path, sizeof(finding->path));
		if (*answer->problem) {
			progress_alarm("no case for %s: %s", finding->signature, answer->problem);
			result->internal_error = true;
		}
	}
	free(history);
	free(answer);
}

/* --- verdicts ----------------------------------------------------------------------------------- */

static const char *unjudged(const struct stress_options *options, unsigned int invariant)
{
	if (!(options->invariants & 1u << invariant))
		return "not asked for";
	if (fl_invariants[invariant]->needs & FL_NEEDS_MEMORY)
		return races_judged()
			       ? NULL
			       : "needs scripts/stress-tsan, or faultline explore --granularity memory";
	if (unjudged_invariants(options->subject, false) & 1u << invariant)
		return unjudged_reason(invariant);
	return NULL;
}

static const char *verdict(const struct stress_options *options, const struct stress_result *result,
			   unsigned int invariant)
{
	if (result->violations[invariant])
		return "BROKEN";
	if (unjudged(options, invariant))
		return "not judged";
	return result->premises[invariant] ? "keeps" : "not exercised";
}

static void print_verdict(FILE *out, const struct stress_options *options,
			  const struct stress_result *result, unsigned int invariant)
{
	char count[32];

	fprintf(out, "%-20s %-14s ", fl_invariants[invariant]->name,
		verdict(options, result, invariant));
	if (result->violations[invariant])
		fprintf(out, "in %s rounds\n", with_commas(result->violations[invariant], count));
	else if (unjudged(options, invariant))
		fprintf(out, "%s\n", unjudged(options, invariant));
	else if (result->premises[invariant])
		fprintf(out, "in %s rounds that had: %s\n",
			with_commas(result->premises[invariant], count),
			fl_invariants[invariant]->premise);
	else
		fprintf(out, "never happened: %s\n", fl_invariants[invariant]->premise);
}

/* --- for people ----------------------------------------------------------------------------------- */

static const char *const end_names[STRESS_ENDS] = {
	[FL_END_QUIET] = "quiet",
	[FL_END_DEADLOCK] = "deadlock",
	[FL_END_LIVELOCK] = "livelock",
	[FL_END_STEP_LIMIT] = "inconclusive (step limit)",
	[FL_END_STOPPED] = "stopped by the subject",
};

static void print_extent(FILE *out, const struct stress_options *options,
			 const struct stress_result *result)
{
	double seconds = result->seconds > 0 ? result->seconds : 1;
	char a[32], b[32], c[32], d[32];

	fprintf(out,
		"%s on %s, %u threads in %u process%s, seed %" PRIu64
		", perturbation %u of 1000%s\n",
		options->subject->name, options->profile->name, options->threads,
		stress_processes(options->threads),
		stress_processes(options->threads) == 1 ? "" : "es", options->seed,
		options->perturbation, result->complete ? "" : "; not complete");
	fprintf(out, "%s rounds, %s steps, %.1f s; %s faults, %s handled a second, ",
		with_commas(result->rounds, a), with_commas(result->steps, b), result->seconds,
		with_commas(result->faults, c),
		with_commas((uint64_t)(result->handled / seconds), d));
	fprintf(out, "%s suspends, %s interleaving features\n", with_commas(result->suspends, a),
		with_commas(result->features, b));
	fputs("rounds ended: ", out);
	for (unsigned int i = 0; i < STRESS_ENDS; i++)
		fprintf(out, "%s%s %s", i ? ", " : "", with_commas(result->ends[i], a),
			end_names[i]);
	if (races_judged())
		fprintf(out,
			"\nThreadSanitizer: %s races of the framework; each report is in %s/races-p*.log",
			with_commas(result->own_races, a), options->out);
	fprintf(out, "\nmemory: %s KiB after the first rounds, %s KiB at the end\n\n",
		with_commas(result->resident_kib_at_start, a),
		with_commas(result->resident_kib, b));
}

static void print_stressors(FILE *out, const struct stress_options *options,
			    const struct stress_result *result)
{
	char draws[32], done[32], refused[32];

	fprintf(out, "%-18s %12s %14s %14s\n", "stressor", "threads", "operations", "refused");
	for (unsigned int i = 0; stressors[i]; i++) {
		if (!(options->stressors & 1u << i)) {
			fprintf(out, "%-18s %12s\n", stressors[i]->name,
				stressor_fits(stressors[i], options->subject, options->profile)
					? "not asked for"
					: "does not fit");
			continue;
		}
		fprintf(out, "%-18s %12s %14s %14s\n", stressors[i]->name,
			with_commas(result->draws[i], draws), with_commas(result->done[i], done),
			with_commas(result->refused[i], refused));
	}
	fputc('\n', out);
}

/* Operations that no thread did, and stressors that no thread was. */
static void print_never(FILE *out, const struct stress_options *options,
			const struct stress_result *result)
{
	const char *separator = "never ran: ";

	for (unsigned int i = 0; stressors[i]; i++)
		if (options->stressors & 1u << i && !result->draws[i]) {
			fprintf(out, "%sstressor %s", separator, stressors[i]->name);
			separator = ", ";
		}
	for (unsigned int i = 0; i < fl_operation_count; i++)
		if (!result->operations[i]) {
			fprintf(out, "%s%s", separator, fl_operations[i].name);
			separator = ", ";
		}
	if (*separator == ',')
		fputs("\n\n", out);
}

static void print_finding(FILE *out, const struct stress_result_finding *finding)
{
	char count[32];

	fprintf(out,
		"\n%s\n  in %s round%s, first after %.1f s in round %" PRIu64 " of process %u\n",
		finding->signature, with_commas(finding->count, count),
		finding->count == 1 ? "" : "s", finding->seconds, finding->round, finding->process);
	if (*finding->detail)
		fprintf(out, "  %s\n", finding->detail);
	if (*finding->history)
		fprintf(out, "  history: %s\n", finding->history);
	if (finding->found)
		fprintf(out, "  case: %s, found after %s schedules\n", finding->path,
			with_commas(finding->schedules, count));
	else if (finding->searched)
		fprintf(out,
			"  no case in %s schedules near it; 'faultline explore --from' searches longer\n",
			with_commas(finding->schedules, count));
}

void stress_print(FILE *out, const struct stress_options *options,
		  const struct stress_result *result)
{
	unsigned int searched = 0, found = 0;

	print_extent(out, options, result);
	print_stressors(out, options, result);
	print_never(out, options, result);
	for (unsigned int i = 0; fl_invariants[i]; i++)
		print_verdict(out, options, result, i);
	for (unsigned int i = 0; i < result->finding_count; i++) {
		print_finding(out, &result->findings[i]);
		searched += result->findings[i].searched;
		found += result->findings[i].found;
	}
	if (result->unkept)
		fprintf(out,
			"\n%" PRIu64
			" findings more had other signatures, for which there was no room: %d are kept\n",
			result->unkept, STRESS_MAX_FINDINGS);
	if (searched)
		fprintf(out, "\ncases that replay: for %u of %u findings\n", found, searched);
}

/* --- JSON ----------------------------------------------------------------------------------------- */

static void json_stressors(struct json *json, const struct stress_options *options,
			   const struct stress_result *result)
{
	json_open(json, "stressors", '[');
	for (unsigned int i = 0; stressors[i]; i++) {
		if (!(options->stressors & 1u << i))
			continue;
		json_open(json, NULL, '{');
		json_string(json, "name", stressors[i]->name);
		json_number(json, "threads", result->draws[i]);
		json_number(json, "operations", result->done[i]);
		json_number(json, "refused", result->refused[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void json_findings(struct json *json, const struct stress_result *result)
{
	json_open(json, "findings", '[');
	for (unsigned int i = 0; i < result->finding_count; i++) {
		const struct stress_result_finding *finding = &result->findings[i];

		json_open(json, NULL, '{');
		json_string(json, "invariant", fl_invariants[finding->invariant]->name);
		json_string(json, "signature", finding->signature);
		json_string(json, "detail", finding->detail);
		json_number(json, "count", finding->count);
		json_number(json, "process", finding->process);
		json_number(json, "round", finding->round);
		json_real(json, "after_seconds", finding->seconds);
		json_string(json, "history", *finding->history ? finding->history : NULL);
		json_string(json, "case", finding->found ? finding->path : NULL);
		json_number(json, "schedules", finding->schedules);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void stress_json(FILE *out, const struct stress_options *options,
		 const struct stress_result *result)
{
	struct json json = {.out = out};

	json_open(&json, NULL, '{');
	json_string(&json, "subject", options->subject->name);
	json_string(&json, "profile", options->profile->name);
	json_number(&json, "threads", options->threads);
	json_number(&json, "seed", options->seed);
	json_number(&json, "perturbation", options->perturbation);
	json_number(&json, "rounds", result->rounds);
	json_number(&json, "steps", result->steps);
	json_real(&json, "seconds", result->seconds);
	json_bool(&json, "complete", result->complete);
	json_number(&json, "faults", result->faults);
	json_number(&json, "handled", result->handled);
	json_number(&json, "suspends", result->suspends);
	json_number(&json, "features", result->features);
	json_number(&json, "resident_kib_at_start", result->resident_kib_at_start);
	json_number(&json, "resident_kib", result->resident_kib);
	json_open(&json, "ends", '{');
	for (unsigned int i = 0; i < STRESS_ENDS; i++)
		json_number(&json, end_names[i], result->ends[i]);
	json_close(&json, '}');
	json_stressors(&json, options, result);
	json_findings(&json, result);
	json_number(&json, "unkept", result->unkept);
	json_open(&json, "invariants", '[');
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		json_open(&json, NULL, '{');
		json_string(&json, "name", fl_invariants[i]->name);
		json_string(&json, "verdict", verdict(options, result, i));
		json_number(&json, "violations", result->violations[i]);
		json_number(&json, "premises", result->premises[i]);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	fputc('\n', out);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* A fuzzing campaign told: while it runs, and at the end to people and to programs. */
#include "cli.h"
#include "fuzz.h"
#include "json.h"
#include "progress.h"

#include <stdarg.h>
#include <string.h>

struct text {
	char *at;
	size_t left;
};

static void __attribute__((format(printf, 2, 3))) append(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->at, text->left, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= text->left)
		length = (int)text->left - 1;
	text->at += length;
	text->left -= (size_t)length;
}

struct totals {
	uint64_t executions, crash_files;
	double rate;
	char engines[64];
};

static struct totals sum_up(const struct fuzz_campaign *campaign)
{
	struct totals totals = {0};
	double end = campaign->ended > 0 ? campaign->ended : cli_now();
	double seconds = end - campaign->started;
	struct text engines = {totals.engines, sizeof(totals.engines)};

	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		totals.executions += campaign->runs[i].executions;
		append(&engines, "%s%s", i ? " and " : "", campaign->options.engines[i]->name);
	}
	totals.crash_files = campaign->unreproduced + campaign->known_files + campaign->unexamined;
	for (unsigned int i = 0; i < campaign->finding_count; i++)
		totals.crash_files += campaign->findings[i].files;
	totals.rate = seconds > 0 ? totals.executions / seconds : 0;
	return totals;
}

/* ", corpus 415, coverage 1,957", for each engine; what it has not said yet is left out. */
static void append_coverage(struct text *text, const struct fuzz_campaign *campaign)
{
	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		const struct fuzz_run *run = &campaign->runs[i];
		char number[32];

		if (!run->corpus)
			continue;
		append(text, ", ");
		if (campaign->options.engine_count > 1)
			append(text, "%s ", run->engine->name);
		append(text, "corpus %s", with_commas(run->corpus, number));
		if (run->coverage)
			append(text, ", coverage %s", with_commas(run->coverage, number));
	}
}

void fuzz_show_status(const struct fuzz_campaign *campaign)
{
	double elapsed = cli_now() - campaign->started;
	double left = campaign->options.seconds - elapsed;
	char line[1024], executions[32], rate[32], crashes[32];
	struct text text = {line, sizeof(line)};
	struct totals totals;

	if (!progress_due(elapsed))
		return;
	totals = sum_up(campaign);
	append(&text, "%s on %s: %.0f s, %s executions, %s/s", campaign->options.target_name,
	       campaign->options.subject_name, elapsed, with_commas(totals.executions, executions),
	       with_commas((uint64_t)totals.rate, rate));
	append_coverage(&text, campaign);
	append(&text, ", %s crash%s, %u finding%s, %.0f s left",
	       with_commas(totals.crash_files, crashes), totals.crash_files == 1 ? "" : "es",
	       campaign->finding_count, campaign->finding_count == 1 ? "" : "s",
	       left > 0 ? left : 0);
	progress_line(line);
}

static void print_finding(const struct fuzz_campaign *campaign, const struct fuzz_finding *finding,
			  FILE *out)
{
	char files[32];

	if (finding->kind == FUZZ_VIOLATION) {
		fprintf(out, "BROKEN: %s\n  %s\n", finding->signature, finding->detail);
		fprintf(out, "  replay: faultline replay %s\n", finding->path);
	} else {
		fprintf(out, "CRASH: %s\n", finding->signature);
		if (finding->path)
			fprintf(out, "  not seen in this program; as a case: faultline replay %s\n",
				finding->path);
	}
	fprintf(out, "  %s crash file%s; %s (%zu bytes, %s) crashes the target %u of %u times",
		with_commas(finding->files, files), finding->files == 1 ? "" : "s", finding->input,
		finding->size, finding->run->engine->name, finding->crashed, FUZZ_REPLAYS);
	if (finding->kind == FUZZ_VIOLATION)
		fprintf(out, ", its case replays %u of %u times", finding->replayed, FUZZ_REPLAYS);
	fputc('\n', out);
	(void)campaign;
}

void fuzz_print(const struct fuzz_campaign *campaign, FILE *out)
{
	const struct fuzz_options *options = &campaign->options;
	struct totals totals = sum_up(campaign);
	char executions[32], rate[32], line[512], before[32], after[32], number[32];
	struct text text = {line, sizeof(line)};

	*line = '\0';
	append_coverage(&text, campaign);
	if (!options->minimize_only)
		fprintf(out, "%s on %s, %s: %.0f s%s, %s executions, %s/s%s\n",
			options->target_name, options->subject_name, totals.engines,
			campaign->ended - campaign->started,
			campaign->complete ? ""
			: campaign->failed ? " (failed)"
					   : " (interrupted)",
			with_commas(totals.executions, executions),
			with_commas((uint64_t)totals.rate, rate), line);
	for (unsigned int i = 0; i < options->engine_count; i++)
		if (campaign->runs[i].stability >= 0 && campaign->runs[i].stability < 100)
			fprintf(out,
				"%s calls the target %.2f %% stable: some inputs do not always run the same way\n",
				options->engines[i]->name, campaign->runs[i].stability);
	for (unsigned int i = 0; i < campaign->finding_count; i++)
		print_finding(campaign, &campaign->findings[i], out);
	if (!campaign->finding_count && !options->minimize_only)
		fputs("nothing found\n", out);
	if (campaign->known_files)
		fprintf(out,
			"%s crash file%s only of known findings, or of invariants that are not judged\n",
			with_commas(campaign->known_files, number),
			campaign->known_files == 1 ? " is" : "s are");
	if (campaign->unreproduced)
		fprintf(out, "%s crash file%s not reproduce, the first is %s\n",
			with_commas(campaign->unreproduced, number),
			campaign->unreproduced == 1 ? " does" : "s do",
			campaign->unreproduced_path);
	if (campaign->unexamined)
		fprintf(out, "%s crash files were not tried, for lack of time; run it again\n",
			with_commas(campaign->unexamined, number));
	if (campaign->corpus_before)
		fprintf(out, "corpus: %s inputs, minimised to %s, in %s/corpus\n",
			with_commas(campaign->corpus_before, before),
			with_commas(campaign->corpus_after, after), campaign->folder);
}

static void json_engine(struct json *json, const struct fuzz_run *run)
{
	json_open(json, NULL, '{');
	json_string(json, "engine", run->engine->name);
	json_string(json, "program", run->program);
	json_number(json, "jobs", run->jobs);
	json_number(json, "executions", run->executions);
	json_number(json, "corpus", run->corpus);
	json_number(json, "coverage", run->coverage);
	if (run->stability >= 0)
		json_real(json, "stability", run->stability);
	json_close(json, '}');
}

static void json_finding(struct json *json, const struct fuzz_finding *finding)
{
	bool violation = finding->kind == FUZZ_VIOLATION;

	json_open(json, NULL, '{');
	json_string(json, "kind", violation ? "violation" : "crash");
	json_string(json, "invariant", violation ? fl_invariants[finding->invariant]->name : NULL);
	json_string(json, "signature", finding->signature);
	json_string(json, "case", finding->path);
	json_string(json, "input", finding->input);
	json_number(json, "bytes", finding->size);
	json_string(json, "engine", finding->run->engine->name);
	json_number(json, "crash_files", finding->files);
	json_number(json, "runs", FUZZ_REPLAYS);
	json_number(json, "crashed", finding->crashed);
	json_number(json, "replayed", finding->replayed);
	json_close(json, '}');
}

void fuzz_print_json(const struct fuzz_campaign *campaign, FILE *out)
{
	const struct fuzz_options *options = &campaign->options;
	struct totals totals = sum_up(campaign);
	struct json json = {.out = out};

	json_open(&json, NULL, '{');
	json_string(&json, "target", options->target_name);
	json_string(&json, "subject", options->subject_name);
	json_string(&json, "invariants", options->invariant_list);
	json_string(&json, "folder", campaign->folder);
	json_number(&json, "executions", totals.executions);
	json_real(&json, "seconds", campaign->ended - campaign->started);
	json_bool(&json, "complete", campaign->complete);
	json_open(&json, "engines", '[');
	for (unsigned int i = 0; i < options->engine_count; i++)
		json_engine(&json, &campaign->runs[i]);
	json_close(&json, ']');
	json_open(&json, "findings", '[');
	for (unsigned int i = 0; i < campaign->finding_count; i++)
		json_finding(&json, &campaign->findings[i]);
	json_close(&json, ']');
	json_number(&json, "known_crash_files", campaign->known_files);
	json_number(&json, "unreproduced_crash_files", campaign->unreproduced);
	json_number(&json, "untried_crash_files", campaign->unexamined);
	json_bool(&json, "minimised", campaign->corpus_before > 0);
	json_number(&json, "corpus_before", campaign->corpus_before);
	json_number(&json, "corpus_after", campaign->corpus_after);
	json_close(&json, '}');
	fputc('\n', out);
}

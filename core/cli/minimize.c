// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline minimize: the shortest case that breaks the same invariant with the same signature. */
#include "campaign.h"
#include "cli.h"
#include "json.h"
#include "progress.h"
#include "select.h"

#include <case/replacement.h>
#include <case/world.h>
#include <faultline/host.h>
#include <triage/minimize.h>

#include <string.h>

enum { KEY_OUTPUT = 'o', KEY_SECONDS = 0x100, KEY_JSON, KEY_QUIET, KEY_SEARCH };

#define DEFAULT_SEARCH 2000

static const struct argp_option options[] = {
	{"output", KEY_OUTPUT, "FILE", 0, "Write the short case there (default: standard output)",
	 1},
	{"seconds", KEY_SECONDS, "S", 0, "Stop after S seconds, with the best so far", 1},
	{"search", KEY_SEARCH, "N", 0,
	 "Schedules to try where a shorter program needs another schedule (default 2000; 0: none)",
	 1},
	CLI_OPTION_QUIET(2),
	CLI_OPTION_JSON(2),
	{0},
};

struct minimize {
	const char *path, *output;
	double seconds, start;
	unsigned int search;
	bool json, quiet;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct minimize *minimize = state->input;

	switch (key) {
	case KEY_OUTPUT:
		minimize->output = argument;
		return 0;
	case KEY_SECONDS:
		minimize->seconds = parse_seconds("seconds", argument);
		return 0;
	case KEY_SEARCH:
		minimize->search = (unsigned int)parse_number("search", argument, 0, 10000000);
		return 0;
	case KEY_QUIET:
		minimize->quiet = true;
		progress_quiet();
		return 0;
	case KEY_JSON:
		minimize->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (minimize->path)
			fail_usage("unexpected argument '%s'; minimize takes one case", argument);
		minimize->path = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *size_text(const struct fl_case_size *size, char *buffer, size_t buffer_size)
{
	snprintf(buffer, buffer_size,
		 "%u operations of %u actors, %u settings, %u preemptions, %u answers",
		 size->operations, size->actors, size->settings, size->preemptions, size->answers);
	return buffer;
}

static bool show_progress(void *context, const struct fl_minimize_progress *progress)
{
	const struct minimize *minimize = context;
	double elapsed = cli_now() - minimize->start;
	char size[160], runs[32], line[256];

	if (progress_due(elapsed)) {
		snprintf(line, sizeof(line), "minimize: %.0f s, %s runs, %s", elapsed,
			 with_commas(progress->runs, runs),
			 size_text(&progress->size, size, sizeof(size)));
		progress_line(line);
	}
	return !campaign_interrupted() && (minimize->seconds <= 0 || elapsed < minimize->seconds);
}

static void make_world(const struct fl_case *wanted)
{
	const struct fl_subject *subject =
		select_granularity(select_subject(wanted->subject), wanted->memory_granularity);
	char name[FL_NAME_SIZE], error[512];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(wanted->signature, " "),
		 wanted->signature);
	fl_memory_granularity = wanted->memory_granularity;
	fl_check_quiet_sanitizers();
	if (fl_world_make(subject, select_profile(wanted->profile), select_invariants(name), error,
			  sizeof(error)))
		fail_usage("%s", error);
}

static void write_case(const struct fl_case *minimal, const char *path)
{
	char error[512];

	if (!path)
		fl_case_print(minimal, stdout);
	else if (fl_case_save(minimal, path, error, sizeof(error)))
		fail_usage("%s; free some space or name another file", error);
}

static void json_size(struct json *json, const char *name, const struct fl_case_size *size)
{
	json_open(json, name, '{');
	json_number(json, "operations", size->operations);
	json_number(json, "actors", size->actors);
	json_number(json, "settings", size->settings);
	json_number(json, "preemptions", size->preemptions);
	json_number(json, "answers", size->answers);
	json_close(json, '}');
}

static void print_json(const struct minimize *minimize, const struct fl_case *minimal,
		       const struct fl_case_size *before, const struct fl_case_size *after,
		       const struct fl_minimized *result)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_string(&json, "case", minimize->path);
	json_string(&json, "output", minimize->output);
	json_string(&json, "signature", minimal->signature);
	json_number(&json, "step", minimal->step);
	json_size(&json, "before", before);
	json_size(&json, "after", after);
	json_number(&json, "runs", result->runs);
	json_bool(&json, "complete", result->complete);
	json_close(&json, '}');
	putchar('\n');
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "CASE",
		.doc = "Makes a case as short as it gets while it breaks the same invariant with the same signature: "
		       "each operation, actor, setting and decision that is left is needed. Exit status 0 if it did.",
	};
	static struct fl_case minimal;
	struct minimize minimize = {.search = DEFAULT_SEARCH};
	struct fl_minimize_options how = {.progress = show_progress, .context = &minimize};
	struct fl_case_size before, after;
	struct fl_minimized result;
	char error[512], size[160];

	parse_options(&argp, argc, argv, &minimize);
	if (!minimize.path)
		fail_usage("say which case; 'faultline explore' makes them");
	if (minimize.json && !minimize.output)
		fail_usage("--json needs a file for the case: --output FILE");
	load_case(&minimal, minimize.path);
	if (!*minimal.signature)
		fail_usage(
			"%s does not say what it breaks; add its 'breaks' line from 'faultline replay'",
			minimize.path);
	make_world(&minimal);
	fl_case_measure(&minimal, &before);
	campaign_catch_signals();
	minimize.start = cli_now();
	how.search_runs = minimize.search;
	if (fl_minimize(&minimal, &how, &result, error, sizeof(error)))
		fail_usage("%s: %s", minimize.path, error);
	progress_end();
	fl_case_measure(&minimal, &after);
	write_case(&minimal, minimize.output);
	if (minimize.json)
		print_json(&minimize, &minimal, &before, &after, &result);
	if (minimize.quiet)
		return FL_EXIT_NOTHING;
	fprintf(stderr, "minimize: %s", size_text(&before, size, sizeof(size)));
	fprintf(stderr, " became %s%s\n", size_text(&after, size, sizeof(size)),
		result.complete ? "" : "; stopped before it was as short as it gets");
	return FL_EXIT_NOTHING;
}

const struct command command_minimize = {
	.name = "minimize",
	.help = "make a case as short as it gets",
	.run = run,
};

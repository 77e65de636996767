// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline triage: from a thousand crash files to a handful of findings, kept in a store. */
#include "triage.h"
#include "campaign.h"
#include "cli.h"
#include "nearest.h"
#include "progress.h"
#include "triage_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	KEY_DB = 0x100,
	KEY_FUZZER_INPUT,
	KEY_SUBJECT,
	KEY_SUPPRESSIONS,
	KEY_IGNORE,
	KEY_REASON,
	KEY_UNIGNORE,
	KEY_MERGE,
	KEY_SEARCH_RUNS,
	KEY_RETEST,
	KEY_MINIMIZE,
	KEY_SARIF,
	KEY_JUNIT,
	KEY_KTAP,
	KEY_HTML,
	KEY_SOURCE,
	KEY_FAIL_ON,
	KEY_NOW,
	KEY_JSON,
	KEY_QUIET,
};

static const struct argp_option argp_options[] = {
	{"db", KEY_DB, "FILE", 0, "The store; made if it is missing", 1},
	{"fuzzer-input", KEY_FUZZER_INPUT, "TARGET", 0,
	 "Files that are no cases are raw bytes of this fuzz target", 1},
	{"subject", KEY_SUBJECT, "SUBJECT", 0,
	 "Run raw bytes on this subject instead of the campaign's or the target's own", 1},
	{"search-runs", KEY_SEARCH_RUNS, "N", 0,
	 "Schedules in which a case is searched for each history of a stress run (default 10000)",
	 1},
	{"merge", KEY_MERGE, "OTHER", 0, "Take over all that another store holds; may be repeated",
	 1},
	{"retest", KEY_RETEST, NULL, 0, "Run each stored case on every subject that is present", 2},
	{"minimize", KEY_MINIMIZE, NULL, 0, "Make each stored case as short as it gets", 2},
	{"suppressions", KEY_SUPPRESSIONS, "FILE", 0, "Findings that are known, with reasons", 3},
	{"ignore", KEY_IGNORE, "SIGNATURE", 0, "Ignore it from now on; needs --reason", 3},
	{"reason", KEY_REASON, "TEXT", 0, "Why it is ignored", 3},
	{"unignore", KEY_UNIGNORE, "SIGNATURE", 0, "Ignore it no longer", 3},
	{"sarif", KEY_SARIF, "FILE", 0, "Write the findings as SARIF 2.1.0 ('-': standard output)",
	 4},
	{"junit", KEY_JUNIT, "FILE", 0, "Write them as JUnit's XML", 4},
	{"ktap", KEY_KTAP, "FILE", 0, "Write them as KTAP", 4},
	{"html", KEY_HTML, "FILE", 0, "Write them as one page for a browser, with timelines", 4},
	{"source", KEY_SOURCE, "TREE", 0,
	 "For --html: a tree with a subject's source, to show its lines; may be repeated", 4},
	{"fail-on", KEY_FAIL_ON, "WHAT", 0,
	 "Exit status 1 for 'any' finding that is not fixed (default), only for 'new' ones, or for 'none'",
	 4},
	{"now", KEY_NOW, "TIME", 0,
	 "Say that it is so many seconds after 1970 (default: the clock)", 4},
	CLI_OPTION_JSON(5),
	{"quiet", KEY_QUIET, NULL, 0, "No table and no progress", 5},
	{0},
};

static void add_text(const char ***list, unsigned int *count, const char *text)
{
	*list = realloc(*list, (*count + 1) * sizeof(**list));
	if (!*list)
		fail_internal("there is no memory for the options");
	(*list)[(*count)++] = text;
}

static const struct fl_target *select_target(const char *name)
{
	const struct fl_target *target = fl_target_find(name);
	const char *names[64];
	unsigned int count = 0;
	const char *near;

	if (target)
		return target;
	for (; fl_targets[count] && count < 64; count++)
		names[count] = fl_targets[count]->name;
	near = nearest(name, names, count);
	fail_usage("unknown fuzz target '%s'; did you mean '%s'?", name, near ? near : names[0]);
}

static enum triage_fail_on select_fail_on(const char *text)
{
	static const char *const names[] = {"any", "new", "none"};

	for (unsigned int i = 0; i < 3; i++)
		if (!strcmp(text, names[i]))
			return i;
	fail_usage("--fail-on %s: give any, new or none", text);
}

/* What begins with an invariant's name. */
static const char *check_signature(const char *option, const char *signature)
{
	char name[FL_SIGNATURE_SIZE];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(signature, " "), signature);
	if (fl_invariant_find(name) < 0 || strlen(signature) >= FL_SIGNATURE_SIZE)
		fail_usage("--%s \"%s\": a signature begins with an invariant's name", option,
			   signature);
	return signature;
}

static void load_suppressions(struct triage_options *options, const char *path)
{
	char error[512];

	if (fl_suppressions_load(&options->known, path, error, sizeof(error)))
		fail_usage("%s", error);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct triage_options *options = state->input;

	switch (key) {
	case KEY_DB:
		options->database = argument;
		return 0;
	case KEY_FUZZER_INPUT:
		options->target = select_target(argument);
		return 0;
	case KEY_SUBJECT:
		options->subject = argument;
		return 0;
	case KEY_SUPPRESSIONS:
		load_suppressions(options, argument);
		return 0;
	case KEY_IGNORE:
		options->ignore = check_signature("ignore", argument);
		return 0;
	case KEY_UNIGNORE:
		options->unignore = check_signature("unignore", argument);
		return 0;
	case KEY_REASON:
		options->reason = argument;
		return 0;
	case KEY_SEARCH_RUNS:
		options->search_runs = parse_number("search-runs", argument, 1, 1000000000);
		return 0;
	case KEY_MERGE:
		add_text(&options->merges, &options->merge_count, argument);
		return 0;
	case KEY_RETEST:
		options->retest = true;
		return 0;
	case KEY_MINIMIZE:
		options->minimize = true;
		return 0;
	case KEY_SARIF:
		options->sarif = argument;
		return 0;
	case KEY_JUNIT:
		options->junit = argument;
		return 0;
	case KEY_KTAP:
		options->ktap = argument;
		return 0;
	case KEY_HTML:
		options->html = argument;
		return 0;
	case KEY_SOURCE:
		add_text(&options->sources, &options->source_count, argument);
		return 0;
	case KEY_FAIL_ON:
		options->fail_on = select_fail_on(argument);
		return 0;
	case KEY_NOW:
		options->now = (fl_time_t)parse_number("now", argument, 1, 253402300799);
		return 0;
	case KEY_JSON:
		options->json = true;
		return 0;
	case KEY_QUIET:
		options->quiet = true;
		progress_quiet();
		return 0;
	case ARGP_KEY_ARG:
		add_text(&options->folders, &options->folder_count, argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_output(const char *path)
{
	return path && !strcmp(path, "-");
}

/* Standard output holds one thing. */
static void check_outputs(struct triage_options *options)
{
	unsigned int count = (unsigned int)options->json + is_output(options->sarif) +
			     is_output(options->junit) + is_output(options->ktap) +
			     is_output(options->html);

	if (count > 1)
		fail_usage("--json, and '-' for a file, take standard output: give one of them");
	if (count && !options->json)
		options->quiet = true;
	triage_file_check("sarif", options->sarif);
	triage_file_check("junit", options->junit);
	triage_file_check("ktap", options->ktap);
	triage_file_check("html", options->html);
	triage_source_trees(options->sources, options->source_count);
}

static void check_options(const struct triage_options *options)
{
	if (!options->database)
		fail_usage("say which store: --db FILE");
	if (!options->ignore != !options->reason)
		fail_usage(options->ignore ? "--ignore needs a reason: --reason TEXT"
					   : "--reason is of what? say --ignore SIGNATURE");
	if (options->reason && !*options->reason)
		fail_usage("--reason is empty; say why it is ignored");
	for (unsigned int i = 0; i < options->folder_count; i++)
		if (!*options->folders[i])
			fail_usage("'' is no folder");
}

static struct fl_store *open_store(const char *path, enum fl_store_mode mode)
{
	struct fl_store *store;

	if (fl_store_open(&store, path, mode))
		fail_usage("%s", store ? fl_store_error(store) : "there is no memory for a store");
	return store;
}

/* All of them are opened before anything is written. */
static void merge(struct fl_store *store, struct fl_store **others, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		triage_do(store, fl_store_merge(store, others[i]));
		fl_store_close(others[i]);
	}
}

static struct fl_store **open_others(const struct triage_options *options)
{
	struct fl_store **others = calloc(options->merge_count + 1, sizeof(struct fl_store *));

	if (!others)
		fail_internal("there is no memory for the stores");
	for (unsigned int i = 0; i < options->merge_count; i++)
		others[i] = open_store(options->merges[i], FL_STORE_READ);
	return others;
}

static void change(struct fl_store *store, const struct triage_options *options)
{
	if (!options->ignore && !options->unignore)
		return;
	triage_do(store, fl_store_begin(store));
	if (options->unignore)
		triage_do(store, fl_store_ignore(store, options->unignore, NULL, options->now));
	if (options->ignore)
		triage_do(store,
			  fl_store_ignore(store, options->ignore, options->reason, options->now));
	triage_do(store, fl_store_commit(store));
}

static void write_files(struct fl_store *store, const struct triage_options *options)
{
	struct fl_store_view view = {.known = &options->known, .now = options->now};

	triage_file_write("sarif", options->sarif, store, &view, triage_print_sarif);
	triage_file_write("junit", options->junit, store, &view, triage_print_junit);
	triage_file_write("ktap", options->ktap, store, &view, triage_print_ktap);
	triage_file_write("html", options->html, store, &view, triage_print_page);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "[FOLDER...]",
		.doc = "Runs the cases and crash files of folders, searches for cases of the histories, and keeps what they break in a store: one finding a signature and subject, with its smallest case. "
		       "Without folders it tells what the store holds. Exit status 1 if there is a finding: see --fail-on.",
	};
	static struct triage_options options;
	struct triage_counts counts = {.complete = true};
	struct triage_inputs inputs = {0};
	struct fl_store **others, *store;
	int status;

	options.now = time(NULL);
	options.search_runs = TRIAGE_SEARCH_RUNS;
	parse_options(&argp, argc, argv, &options);
	check_options(&options);
	check_outputs(&options);
	triage_collect(&options, &inputs);
	counts.skipped = inputs.skipped;
	counts.inputs = counts.refused = inputs.damaged;
	others = open_others(&options);
	store = open_store(options.database, options.folder_count || options.merge_count
						     ? FL_STORE_CREATE
						     : FL_STORE_READ);
	campaign_catch_signals();
	merge(store, others, options.merge_count);
	free(others);
	change(store, &options);
	triage_record(store, &options, &inputs, &counts);
	if (counts.complete)
		triage_search(store, &options, &inputs, &counts);
	if (options.minimize && counts.complete)
		triage_minimize(store, &options, &counts);
	if (options.retest && counts.complete)
		triage_retest(store, &options, &counts);
	write_files(store, &options);
	status = triage_report(store, &options, &counts);
	fl_store_close(store);
	return counts.died ? FL_EXIT_INTERNAL : status;
}

const struct command command_triage = {
	.name = "triage",
	.help = "keep what was found in a store, and tell of it",
	.run = run,
};

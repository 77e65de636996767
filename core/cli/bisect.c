// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline bisect: which commit of a git tree breaks an invariant, and which one keeps it again. */
#include "bisect.h"
#include "cli.h"
#include "fuzz.h"
#include "fuzz_process.h"
#include "progress.h"
#include "select.h"
#include "store.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_SECONDS 10.0
#define DEFAULT_SEED	1
#define DEFAULT_REFIND	20000
#define DEFAULT_OUT	"faultline-out/bisect"
/* A build takes as long as it takes. */
#define BUILD_SECONDS	1e9

enum {
	KEY_LINUX = 0x100,
	KEY_EVERY,
	KEY_CASE,
	KEY_SEARCH,
	KEY_NO_SEARCH,
	KEY_PROFILE,
	KEY_SCENARIO,
	KEY_INVARIANTS,
	KEY_STRATEGY,
	KEY_SEED,
	KEY_RUNS,
	KEY_SECONDS,
	KEY_JOBS,
	KEY_OUT,
	KEY_ADD_LINUX,
	KEY_JSON,
	KEY_QUIET,
};

static const struct argp_option options[] = {
	{"linux", KEY_LINUX, "TREE", 0, "The git tree; nothing in it is touched", 1},
	{"every", KEY_EVERY, NULL, 0, "Every commit, not only those that touch the driver", 1},
	{"case", KEY_CASE, "FILE", 0,
	 "Run this case on each commit, and search its schedule anew; may be given several times",
	 1},
	{"search", KEY_SEARCH, "N", 0, "For --case: schedules of each search (default 20000)", 1},
	{"no-search", KEY_NO_SEARCH, NULL, 0, "The cases alone, no search for anything else", 1},
	{"profile", KEY_PROFILE, "PROFILE", 0, "Which hardware the search has (default mmu500)", 2},
	CLI_OPTION_SCENARIO(2),
	{"invariants", KEY_INVARIANTS, "A,B", 0, "Judge only these in the search", 2},
	{"strategy", KEY_STRATEGY, "STRATEGY", 0,
	 "How schedules are chosen, as of 'faultline explore' (default portfolio)", 2},
	{"seed", KEY_SEED, "N", 0, "Seed of each search (default 1)", 2},
	{"runs", KEY_RUNS, "N", 0, "Stop each search after N schedules", 2},
	{"seconds", KEY_SECONDS, "S", 0,
	 "Stop each search after S seconds (default 10 without --runs)", 2},
	CLI_OPTION_JOBS(2),
	{"out", KEY_OUT, "DIR", 0, "Folder for subjects, cases and logs (default " DEFAULT_OUT ")",
	 3},
	{"add-linux", KEY_ADD_LINUX, "SCRIPT", 0,
	 "What builds subjects (default: scripts/add-linux above the program)", 3},
	CLI_OPTION_JSON(3),
	CLI_OPTION_QUIET(3),
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct bisect *bisect = state->input;

	switch (key) {
	case KEY_LINUX:
		bisect->tree = argument;
		return 0;
	case KEY_EVERY:
		bisect->every = true;
		return 0;
	case KEY_CASE:
		if (bisect->case_count == BISECT_MAX_CASES)
			fail_usage("--case %s: at most %d cases", argument, BISECT_MAX_CASES);
		bisect->case_paths[bisect->case_count++] = argument;
		return 0;
	case KEY_SEARCH:
		bisect->refind_runs = (unsigned int)parse_number("search", argument, 0, 100000000);
		return 0;
	case KEY_NO_SEARCH:
		bisect->no_search = true;
		return 0;
	case KEY_PROFILE:
		bisect->search.profile = select_profile(argument);
		return 0;
	case KEY_SCENARIO:
		bisect->scenario = select_scenario(argument)->name;
		return 0;
	case KEY_INVARIANTS:
		bisect->search.invariants = select_invariants(argument);
		return 0;
	case KEY_STRATEGY:
		bisect->search.strategy = argument;
		return 0;
	case KEY_SEED:
		bisect->search.seed = parse_number("seed", argument, 0, UINT64_MAX);
		return 0;
	case KEY_RUNS:
		bisect->search.runs = parse_number("runs", argument, 1, 1ull << 40);
		return 0;
	case KEY_SECONDS:
		bisect->search.seconds = parse_seconds("seconds", argument);
		return 0;
	case KEY_JOBS:
		bisect->search.jobs =
			(unsigned int)parse_number("jobs", argument, 1, CAMPAIGN_MAX_JOBS);
		return 0;
	case KEY_OUT:
		bisect->out = argument;
		return 0;
	case KEY_ADD_LINUX:
		bisect->script = argument;
		return 0;
	case KEY_JSON:
		bisect->json = true;
		return 0;
	case KEY_QUIET:
		bisect->quiet = true;
		progress_quiet();
		return 0;
	case ARGP_KEY_ARG:
		if (bisect->range)
			fail_usage("unexpected argument '%s'; bisect takes one range, A..B",
				   argument);
		bisect->range = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void load_cases(struct bisect *bisect)
{
	char error[512];

	bisect->cases = calloc(bisect->case_count + 1, sizeof(*bisect->cases));
	if (!bisect->cases)
		fail_internal("there is no memory for the cases");
	for (unsigned int i = 0; i < bisect->case_count; i++) {
		struct fl_case *wanted = &bisect->cases[i];

		load_case(wanted, bisect->case_paths[i]);
		if (!*wanted->signature)
			fail_usage(
				"%s does not say what it breaks; add its 'breaks' line from 'faultline replay'",
				bisect->case_paths[i]);
		/* Now, and not for each commit. */
		snprintf(error, sizeof(error), "%.*s", (int)strcspn(wanted->signature, " "),
			 wanted->signature);
		select_invariants(error);
		select_profile(wanted->profile);
	}
}

static void find_script(struct bisect *bisect)
{
	char *path =
		bisect->script ? realpath(bisect->script, NULL) : fuzz_above("scripts/add-linux");

	if (!path && !bisect->script)
		fail_usage(
			"scripts/add-linux is not in a folder above the program; name it with --add-linux");
	if (!path || access(path, X_OK))
		fail_usage("--add-linux %s: %s", path ? path : bisect->script, strerror(errno));
	bisect->script = path;
}

static void settle_options(struct bisect *bisect)
{
	struct campaign_options *search = &bisect->search;
	const char *argument;

	if (!bisect->tree)
		fail_usage("say which git tree with --linux TREE");
	if (!bisect->range)
		fail_usage("say which commits: A..B");
	if (bisect->no_search && !bisect->case_count)
		fail_usage("--no-search leaves nothing to do without --case");
	if (!search->profile)
		search->profile = select_profile("mmu500");
	if (!search->invariants)
		search->invariants = select_invariants(NULL);
	select_strategy(search->strategy, &argument);
	if (!search->runs && search->seconds <= 0)
		search->seconds = DEFAULT_SECONDS;
	if (!search->jobs)
		search->jobs = cpus_to_use(CAMPAIGN_MAX_JOBS);
	if (search->runs && search->jobs > search->runs)
		search->jobs = (unsigned int)search->runs;
	load_cases(bisect);
	find_script(bisect);
	bisect_list_commits(bisect);
}

static void open_folder(struct bisect *bisect)
{
	char *path = fuzz_format("%s/logs", bisect->out), *whole;

	store_open(path);
	free(path);
	whole = realpath(bisect->out, NULL);
	if (!whole)
		fail_usage("cannot write to folder %s: %s; name another with --out", bisect->out,
			   strerror(errno));
	/* The kernel's Makefiles cannot be told otherwise. */
	if (strpbrk(whole, " \t\n:")) {
		store_tidy();
		fail_usage(
			"%s: the kernel's own build refuses paths with spaces or colons; name another folder with --out",
			whole);
	}
	bisect->subjects = fuzz_format("%s/subjects", whole);
	bisect->logs = fuzz_format("%s/logs", whole);
	free(whole);
}

static bool needs_memory(const struct bisect *bisect)
{
	for (unsigned int i = 0; i < bisect->case_count; i++)
		if (bisect->cases[i].memory_granularity)
			return true;
	return false;
}

/* The subject's path, to be freed; NULL if there is none, and the commit says why. */
static char *build(const struct bisect *bisect, struct bisect_commit *commit)
{
	char *tree = realpath(bisect->tree, NULL);
	char *subjects = fuzz_format("FAULTLINE_SUBJECTS=%s", bisect->subjects);
	char *log = fuzz_format("%s/%.*s", bisect->logs, BISECT_SHORT, commit->hash);
	char *name = fuzz_format("%.*s", BISECT_SHORT, commit->hash);
	char *argv[] = {(char *)bisect->script,
			"--commit",
			commit->hash,
			tree,
			name,
			needs_memory(bisect) ? "--memory" : NULL,
			NULL};
	char *environment[] = {subjects, NULL}, *path = NULL;
	int status;

	unlink(log);
	status = fuzz_process_run(argv, environment, "/", log, BUILD_SECONDS, true);
	if (!status) {
		path = fuzz_format("%s/%s.so", bisect->subjects, name);
	} else if (status == -EINTR) {
		commit->state = BISECT_WAITS;
	} else {
		commit->state = BISECT_SKIPPED;
		if (status < 0)
			fail_internal("cannot start %s: %s", bisect->script, strerror(-status));
		bisect_last_line(log, commit->why, sizeof(commit->why));
	}
	free(tree);
	free(subjects);
	free(log);
	free(name);
	return path;
}

static void say(const struct bisect *bisect, unsigned int number, const char *what)
{
	const struct bisect_commit *commit = &bisect->commits[number];
	char line[256];

	if (bisect->quiet)
		return;
	snprintf(line, sizeof(line), "bisect: %s %u of %u, %.*s %s", what, number + 1,
		 bisect->count, BISECT_SHORT, commit->hash, commit->title);
	progress_line(line);
}

static void try_all(struct bisect *bisect)
{
	for (unsigned int i = 0; i < bisect->count && !campaign_interrupted(); i++) {
		struct bisect_commit *commit = &bisect->commits[i];
		char *path;

		say(bisect, i, "building");
		path = build(bisect, commit);
		if (path) {
			say(bisect, i, "trying");
			bisect_try(bisect, commit, path);
		}
		if (commit->state == BISECT_SKIPPED)
			progress_alarm("faultline: %.*s is skipped: %s", BISECT_SHORT, commit->hash,
				       commit->why);
		free(path);
	}
	progress_end();
	bisect->complete = !campaign_interrupted();
}

static int status_of(const struct bisect *bisect)
{
	unsigned int skipped = 0;
	int status = FL_EXIT_NOTHING;

	for (unsigned int i = 0; i < bisect->count; i++) {
		const struct bisect_commit *commit = &bisect->commits[i];

		if (commit->internal_error)
			return FL_EXIT_INTERNAL;
		skipped += commit->state == BISECT_SKIPPED;
		if (commit->state != BISECT_TRIED && commit->state != BISECT_INTERRUPTED)
			continue;
		for (unsigned int j = 0; fl_invariants[j]; j++)
			if (commit->verdicts[j] == VERDICT_BROKEN)
				status = FL_EXIT_VIOLATION;
	}
	/* Not one could be tried: the tools are missing, or the tree is none of Linux. */
	return skipped == bisect->count ? FL_EXIT_USAGE : status;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "A..B",
		.doc = "Builds the driver of each commit of A..B that touches it, and of A, and tells which commit "
		       "first breaks each invariant and which one first keeps it again. A commit that does not build is skipped.",
	};
	static struct bisect bisect = {
		.out = DEFAULT_OUT,
		.refind_runs = DEFAULT_REFIND,
		.search = {.strategy = "portfolio", .seed = DEFAULT_SEED},
	};

	parse_options(&argp, argc, argv, &bisect);
	settle_options(&bisect);
	open_folder(&bisect);
	campaign_catch_signals();
	try_all(&bisect);
	if (bisect.json)
		bisect_print_json(&bisect);
	else
		bisect_print(&bisect);
	return status_of(&bisect);
}

const struct command command_bisect = {
	.name = "bisect",
	.help = "which commit of a Linux tree breaks or mends",
	.run = run,
};

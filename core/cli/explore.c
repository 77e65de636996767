// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline explore: search subjects for broken invariants. */
#include "campaign.h"
#include "cli.h"
#include "explore_from.h"
#include "json.h"
#include "progress.h"
#include "select.h"
#include "store.h"
#include "verdict.h"

#include <case/replacement.h>

#include <stdlib.h>
#include <string.h>

#define MAX_SUBJECTS	32
#define DEFAULT_SECONDS 10.0
#define DEFAULT_SEED	1

enum {
	KEY_SUBJECT = 0x100,
	KEY_AGAINST,
	KEY_FROM,
	KEY_GRANULARITY,
	KEY_SCENARIO,
	KEY_PROFILE,
	KEY_STRATEGY,
	KEY_RUNS,
	KEY_SECONDS,
	KEY_SEED,
	KEY_JOBS,
	KEY_OUT,
	KEY_INVARIANTS,
	KEY_JSON,
	KEY_LIMIT,
	KEY_STEPS,
	KEY_REPORT,
	KEY_QUIET,
};

static const struct argp_option options[] = {
	{"subject", KEY_SUBJECT, "SUBJECT", 0,
	 "What to search; may be given several times, and the result is then one table", 1},
	{"against", KEY_AGAINST, "SUBJECT", 0,
	 "Search this one too, in the same way, and tell what appears in --subject and what disappears",
	 1},
	{"from", KEY_FROM, "HISTORY", 0,
	 "Search for the violation of a history of faultline stress, starting from its actors and its order; may be given several times, takes its subject and profile from there",
	 1},
	{"profile", KEY_PROFILE, "PROFILE", 0, "Which hardware (default mmu500)", 1},
	CLI_OPTION_SCENARIO(1),
	{"invariants", KEY_INVARIANTS, "A,B", 0, "Judge only these", 1},
	{"granularity", KEY_GRANULARITY, "call|memory", 0,
	 "Scheduling points: each call (default), or each memory access of an instrumented subject too",
	 1},
	{"strategy", KEY_STRATEGY, "STRATEGY", 0,
	 "How schedules are chosen (default portfolio): portfolio, random, pct[:DEPTH], pos, rf, dfs[:PREEMPTIONS], por",
	 2},
	{"seed", KEY_SEED, "N", 0,
	 "Seed (default 1): the same seed, runs and jobs give the same findings", 2},
	{"runs", KEY_RUNS, "N", 0, "Stop after N schedules", 2},
	{"seconds", KEY_SECONDS, "S", 0, "Stop after S seconds (default 10 without --runs)", 2},
	{"limit", KEY_LIMIT, "N", 0, "Stop at N distinct findings", 2},
	{"step-limit", KEY_STEPS, "N", 0, "Give a schedule up after N steps, as inconclusive", 2},
	CLI_OPTION_JOBS(2),
	{"out", KEY_OUT, "DIR", 0, "Folder for the cases (default faultline-out/SUBJECT-PROFILE)",
	 3},
	{"report", KEY_REPORT, "FILE", 0, "Write a Markdown report too", 3},
	CLI_OPTION_JSON(3),
	CLI_OPTION_QUIET(3),
	{0},
};

struct explore {
	const char *subjects[MAX_SUBJECTS];
	unsigned int subject_count;
	struct explore_from from;
	const char *against, *profile, *scenario, *invariants, *strategy, *out, *report;
	struct campaign_options shared;
	bool json;
	bool enumerates; /* the strategy: it is dfs or por */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct explore *explore = state->input;

	switch (key) {
	case KEY_SUBJECT:
		if (explore->subject_count == MAX_SUBJECTS)
			fail_usage("more than %d subjects; run faultline explore twice",
				   MAX_SUBJECTS);
		explore->subjects[explore->subject_count++] = argument;
		return 0;
	case KEY_AGAINST:
		explore->against = argument;
		return 0;
	case KEY_FROM:
		explore_from_add(&explore->from, argument);
		return 0;
	case KEY_PROFILE:
		explore->profile = argument;
		return 0;
	case KEY_SCENARIO:
		explore->scenario = argument;
		return 0;
	case KEY_INVARIANTS:
		explore->invariants = argument;
		return 0;
	case KEY_GRANULARITY:
		explore->shared.memory_granularity = !strcmp(argument, "memory");
		if (!explore->shared.memory_granularity && strcmp(argument, "call"))
			fail_usage("--granularity %s: give call or memory", argument);
		return 0;
	case KEY_STRATEGY:
		explore->strategy = argument;
		return 0;
	case KEY_SEED:
		explore->shared.seed = parse_number("seed", argument, 0, UINT64_MAX);
		return 0;
	case KEY_RUNS:
		explore->shared.runs = parse_number("runs", argument, 1, 1ull << 40);
		return 0;
	case KEY_SECONDS:
		explore->shared.seconds = parse_seconds("seconds", argument);
		return 0;
	case KEY_LIMIT:
		explore->shared.limit = parse_number("limit", argument, 1, CAMPAIGN_MAX_FINDINGS);
		return 0;
	case KEY_STEPS:
		explore->shared.step_limit = parse_number("step-limit", argument, 1, 100000000);
		return 0;
	case KEY_JOBS:
		explore->shared.jobs = parse_number("jobs", argument, 1, CAMPAIGN_MAX_JOBS);
		return 0;
	case KEY_OUT:
		explore->out = argument;
		return 0;
	case KEY_REPORT:
		explore->report = argument;
		return 0;
	case KEY_JSON:
		explore->json = true;
		return 0;
	case KEY_QUIET:
		progress_quiet();
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Fill in the scenarios that @subject can run; a named one must. */
static void choose_scenarios(struct campaign_options *campaign, const char *name)
{
	const struct fl_scenario *scenario;

	if (name) {
		scenario = select_scenario(name);
		if (!scenario_fits(scenario, campaign->subject, campaign->profile))
			fail_usage(
				"scenario '%s' needs what %s on %s does not have; 'faultline scenarios' tells what",
				name, campaign->subject->name, campaign->profile->name);
	}
	campaign_take_scenarios(campaign, name);
}

/* Everything that can be wrong is found here, before anything is written. */
static struct explored *prepare(const struct explore *explore, const char *subject)
{
	struct explored *explored = calloc(1, sizeof(*explored));
	struct campaign_options *campaign;
	const char *reason = "it does not say why";

	if (!explored)
		fail_internal("there is no memory for the results");
	campaign = &explored->options;
	*campaign = explore->shared;
	campaign->subject =
		select_granularity(select_subject(subject), campaign->memory_granularity);
	if (campaign->subject->supports(&campaign->profile->hardware, &reason))
		fail_usage("%s does not run on profile %s: %s", subject, campaign->profile->name,
			   reason);
	choose_scenarios(campaign, explore->scenario);
	/* Each scenario is one tree, and a job takes whole trees. */
	if (explore->enumerates && campaign->jobs > campaign->scenario_count)
		campaign->jobs = campaign->scenario_count;
	return explored;
}

static void settle_options(struct explore *explore)
{
	struct campaign_options *shared = &explore->shared;
	const struct fl_strategy *strategy;
	const char *argument;

	if (!explore->subject_count)
		fail_usage(
			"say what to search with --subject; 'faultline subjects' lists what there is");
	if (explore->against && explore->subject_count > 1)
		fail_usage("--against compares with one --subject");
	shared->profile = select_profile(explore->profile);
	shared->strategy = explore->strategy;
	shared->invariants = select_invariants(explore->invariants);
	strategy = select_strategy(explore->strategy, &argument);
	if (!shared->runs && shared->seconds <= 0)
		shared->seconds = DEFAULT_SECONDS;
	if (!shared->jobs)
		shared->jobs = cpus_to_use(CAMPAIGN_MAX_JOBS);
	if (shared->runs && shared->jobs > shared->runs)
		shared->jobs = shared->runs;
	explore->enumerates = strategy->enumerates;
}

/* @nested: each subject gets a folder of its own in @out. */
static void explore_one(struct explored *explored, const char *out, bool nested)
{
	char path[4096];

	store_path(out, nested, explored->options.subject->name, explored->options.profile->name,
		   path, sizeof(path));
	store_open(path);
	explored->options.out = path;
	campaign_run(&explored->options, &explored->result);
	explored->options.out = NULL;
	store_tidy();
}

static _Noreturn void fail_report(const char *path, int problem)
{
	fail_usage("cannot write %s: %s; free some space or name another file with --report", path,
		   strerror(-problem));
}

/* Before anything is searched, so that a mistake costs no time. */
static void probe_report(const char *path)
{
	struct fl_replacement file;
	int problem = fl_replacement_begin(&file, path);

	if (problem)
		fail_report(path, problem);
	fl_replacement_abandon(&file);
}

static void write_report(const char *path, struct explored *const *explored, unsigned int count)
{
	struct fl_replacement file;
	int problem = fl_replacement_begin(&file, path);

	if (!problem) {
		print_report(file.stream, explored, count);
		problem = fl_replacement_commit(&file);
	}
	if (problem)
		fail_report(path, problem);
}

static void print_json(const struct explore *explore, struct explored *const *explored,
		       unsigned int count)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	if (explore->against && count == 2) {
		json_explored(&json, explored[0]);
		json_open(&json, "against", '{');
		json_explored(&json, explored[1]);
		json_close(&json, '}');
		json_difference(&json, explored[0], explored[1]);
	} else if (count == 1) {
		json_explored(&json, explored[0]);
	} else {
		json_open(&json, "subjects", '[');
		for (unsigned int i = 0; i < count; i++) {
			json_open(&json, NULL, '{');
			json_explored(&json, explored[i]);
			json_close(&json, '}');
		}
		json_close(&json, ']');
	}
	json_close(&json, '}');
	putchar('\n');
}

static void print_text(const struct explore *explore, struct explored *const *explored,
		       unsigned int count)
{
	if (explore->against && count == 2) {
		print_explored(stdout, explored[0]);
		putchar('\n');
		print_explored(stdout, explored[1]);
		putchar('\n');
		print_difference(stdout, explored[0], explored[1]);
	} else if (count == 1) {
		print_explored(stdout, explored[0]);
	} else {
		print_matrix(stdout, explored, count);
	}
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Searches a subject for broken invariants; each finding is saved as a case that replays.",
	};
	struct explore explore = {
		.strategy = "portfolio",
		.shared.seed = DEFAULT_SEED,
	};
	struct explored *explored[MAX_SUBJECTS + 1];
	unsigned int prepared = 0, count = 0;
	int status = FL_EXIT_NOTHING;

	parse_options(&argp, argc, argv, &explore);
	if (explore.from.count) {
		if (explore.against || explore.scenario || explore.profile || explore.report ||
		    explore.subject_count > 1)
			fail_usage(
				"--from takes no --against, --scenario, --profile, --report, and one --subject at most");
		explore.from.subject = explore.subject_count ? explore.subjects[0] : NULL;
		explore.from.out = explore.out;
		explore.from.json = explore.json;
		return explore_from_run(&explore.from, explore.shared.seconds, explore.shared.runs,
					explore.shared.seed);
	}
	if (!explore.profile)
		explore.profile = "mmu500";
	settle_options(&explore);
	for (unsigned int i = 0; i < explore.subject_count; i++)
		explored[prepared++] = prepare(&explore, explore.subjects[i]);
	if (explore.against)
		explored[prepared++] = prepare(&explore, explore.against);
	if (explore.report)
		probe_report(explore.report);
	campaign_catch_signals();
	while (count < prepared && !campaign_interrupted())
		explore_one(explored[count++], explore.out, prepared > 1);
	if (explore.json)
		print_json(&explore, explored, count);
	else
		print_text(&explore, explored, count);
	if (explore.report)
		write_report(explore.report, explored, count);
	for (unsigned int i = 0; i < count; i++) {
		if (explored[i]->result.internal_error)
			status = FL_EXIT_INTERNAL;
		else if (status == FL_EXIT_NOTHING && any_broken(explored[i]))
			status = FL_EXIT_VIOLATION;
	}
	for (unsigned int i = 0; i < prepared; i++)
		free(explored[i]);
	return status;
}

const struct command command_explore = {
	.name = "explore",
	.help = "search a subject for broken invariants",
	.run = run,
};

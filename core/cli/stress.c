// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline stress: the same worlds on real threads. */
#include "stress_run.h"

#include "campaign.h"
#include "cli.h"
#include "json.h"
#include "nearest.h"
#include "progress.h"
#include "select.h"
#include "store.h"
#include "stress_report.h"

#include <stress/races.h>

#include <stdlib.h>
#include <string.h>

#define DEFAULT_SECONDS	     10.0
#define DEFAULT_THREADS	     8
#define DEFAULT_PERTURBATION 20

enum {
	KEY_SUBJECT = 0x100,
	KEY_PROFILE,
	KEY_SECONDS,
	KEY_ROUNDS,
	KEY_THREADS,
	KEY_SEED,
	KEY_STRESSORS,
	KEY_PERTURB,
	KEY_UNTIL_FAILURE,
	KEY_INVARIANTS,
	KEY_SEARCH_SECONDS,
	KEY_OUT,
	KEY_JSON,
	KEY_QUIET,
};

static const struct argp_option options[] = {
	{"subject", KEY_SUBJECT, "SUBJECT", 0,
	 "What to stress: a core: subject, or one built for threads (scripts/add-linux --threads)",
	 1},
	{"profile", KEY_PROFILE, "PROFILE", 0, "Which hardware (default mmu500)", 1},
	{"stressors", KEY_STRESSORS, "A,B", 0, "Only these; 'list' lists them", 1},
	{"invariants", KEY_INVARIANTS, "A,B", 0, "Judge only these", 1},
	{"seconds", KEY_SECONDS, "S", 0, "Stop after S seconds (default 10 without --rounds)", 2},
	{"rounds", KEY_ROUNDS, "N", 0, "Stop after N rounds of each process", 2},
	{"threads", KEY_THREADS, "N", 0,
	 "Threads that work at once, 2 to 1024 (default 8); up to 32 of them share one machine", 2},
	{"seed", KEY_SEED, "N", 0,
	 "Seed (default 1) of what each round does; its timing is the host's", 2},
	{"perturb", KEY_PERTURB, "N", 0,
	 "Hold a context up at N of 1000 points (default 20), and more where interleavings were rare; 0 never",
	 2},
	{"until-failure", KEY_UNTIL_FAILURE, NULL, 0, "Stop at the first finding", 2},
	{"search-seconds", KEY_SEARCH_SECONDS, "S", 0,
	 "Search up to S seconds (default 10) for a case of each finding; 0 not at all", 2},
	{"out", KEY_OUT, "DIR", 0,
	 "Folder for histories and cases (default faultline-out/SUBJECT-PROFILE)", 3},
	CLI_OPTION_JSON(3),
	CLI_OPTION_QUIET(3),
	{0},
};

struct stress {
	const char *subject, *profile, *stressors, *invariants, *out;
	double seconds, search_seconds;
	bool until_failure, json;
	struct stress_options shared;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct stress *stress = state->input;

	switch (key) {
	case KEY_SUBJECT:
		if (stress->subject)
			fail_usage("--subject %s: stress takes one subject, and has %s already",
				   argument, stress->subject);
		stress->subject = argument;
		return 0;
	case KEY_PROFILE:
		stress->profile = argument;
		return 0;
	case KEY_SECONDS:
		stress->seconds = parse_seconds("seconds", argument);
		return 0;
	case KEY_ROUNDS:
		stress->shared.rounds = parse_number("rounds", argument, 1, 1ull << 40);
		return 0;
	case KEY_THREADS:
		stress->shared.threads =
			(unsigned int)parse_number("threads", argument, 2, STRESS_MAX_THREADS);
		return 0;
	case KEY_SEED:
		stress->shared.seed = parse_number("seed", argument, 0, UINT64_MAX);
		return 0;
	case KEY_STRESSORS:
		stress->stressors = argument;
		return 0;
	case KEY_PERTURB:
		stress->shared.perturbation =
			(unsigned int)parse_number("perturb", argument, 0, 1000);
		return 0;
	case KEY_UNTIL_FAILURE:
		stress->until_failure = true;
		return 0;
	case KEY_INVARIANTS:
		stress->invariants = argument;
		return 0;
	case KEY_SEARCH_SECONDS:
		stress->search_seconds =
			strcmp(argument, "0") ? parse_seconds("search-seconds", argument) : 0;
		return 0;
	case KEY_OUT:
		stress->out = argument;
		return 0;
	case KEY_JSON:
		stress->json = true;
		return 0;
	case KEY_QUIET:
		progress_quiet();
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The mask of the stressors of @list that fit; all that fit for NULL. */
static uint32_t select_stressors(const char *list, const struct fl_subject *subject,
				 const struct fl_profile *profile)
{
	const char *names[MAX_STRESSORS];
	unsigned int count = 0;
	uint32_t mask = 0;
	char *copy, *rest, *name;

	for (; stressors[count]; count++) {
		names[count] = stressors[count]->name;
		if (!list && stressor_fits(stressors[count], subject, profile))
			mask |= 1u << count;
	}
	if (!list)
		return mask;
	copy = strdup(list);
	if (!copy)
		fail_internal("there is no memory");
	for (name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		int number = stressor_find(name);
		const char *near = nearest(name, names, count);

		if (number < 0 && near)
			fail_usage("unknown stressor '%s'; did you mean '%s'?", name, near);
		else if (number < 0)
			fail_usage(
				"unknown stressor '%s'; 'faultline stress --stressors list' lists them",
				name);
		if (!stressor_fits(stressors[number], subject, profile))
			fail_usage("stressor '%s' needs what %s on %s does not have", name,
				   subject->name, profile->name);
		mask |= 1u << number;
	}
	free(copy);
	if (!mask)
		fail_usage(
			"--stressors: name at least one; 'faultline stress --stressors list' lists them");
	return mask;
}

static int list_stressors(bool as_json)
{
	struct json json = {.out = stdout};

	if (as_json) {
		json_open(&json, NULL, '{');
		json_open(&json, "stressors", '[');
	}
	for (unsigned int i = 0; stressors[i]; i++) {
		const struct stressor *stressor = stressors[i];
		const char *often = stressor->frequency == STRESS_OFTEN	   ? "often"
				    : stressor->frequency == STRESS_RARELY ? "rarely"
									   : "sometimes";

		if (!as_json) {
			printf("%-18s %-10s %s\n", stressor->name, often, stressor->help);
			continue;
		}
		json_open(&json, NULL, '{');
		json_string(&json, "name", stressor->name);
		json_string(&json, "frequency", often);
		json_string(&json, "help", stressor->help);
		json_close(&json, '}');
	}
	if (as_json) {
		json_close(&json, ']');
		json_close(&json, '}');
		putchar('\n');
	}
	return FL_EXIT_NOTHING;
}

static void settle(struct stress *stress)
{
	struct stress_options *shared = &stress->shared;
	const char *reason = "it does not say why";

	if (!stress->seconds && !shared->rounds)
		stress->seconds = DEFAULT_SECONDS;
	if (!stress->subject)
		fail_usage(
			"say what to stress with --subject; 'faultline subjects' lists what there is");
	shared->profile = select_profile(stress->profile);
	shared->name = stress->subject;
	shared->subject = select_free_subject(stress->subject);
	if (races_judged() && shared->subject->features & FL_SUBJECT_REAL)
		fail_usage(
			"%s is not for a ThreadSanitizer build, which does not see the kernel's atomics; stress it in another build",
			stress->subject);
	if (shared->subject->supports(&shared->profile->hardware, &reason))
		fail_usage("%s does not run on profile %s: %s", stress->subject,
			   shared->profile->name, reason);
	if (shared->profile->cpus < 2)
		fail_usage(
			"profile %s has one CPU, and threads run at once; 'faultline explore' keeps to one",
			shared->profile->name);
	shared->invariants = select_invariants(stress->invariants);
	shared->stressors = select_stressors(stress->stressors, shared->subject, shared->profile);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.doc = "Runs a subject on real threads: fault storms, suspends, teardown, all at once, with the same checkers. "
		       "What it finds is kept as a history, and a case that replays is searched for.",
	};
	struct stress stress = {
		.profile = "mmu500",
		.search_seconds = DEFAULT_SECONDS,
		.shared = {.threads = DEFAULT_THREADS,
			   .seed = 1,
			   .perturbation = DEFAULT_PERTURBATION},
	};
	struct stress_result *result = calloc(1, sizeof(*result));
	char path[4096];
	int status;

	if (!result)
		fail_internal("there is no memory for the results");
	parse_options(&argp, argc, argv, &stress);
	if (stress.stressors && !strcmp(stress.stressors, "list")) {
		free(result);
		return list_stressors(stress.json);
	}
	settle(&stress);
	store_path(stress.out, false, stress.shared.subject->name, stress.shared.profile->name,
		   path, sizeof(path));
	store_open(path);
	stress.shared.out = path;
	campaign_catch_signals();
	stress_run(&stress.shared, stress.seconds, stress.until_failure, result);
	if (stress.search_seconds > 0)
		stress_search(&stress.shared, stress.search_seconds, result);
	/* The search, too, may have been cut short. */
	result->complete &= !campaign_interrupted();
	store_tidy();
	if (stress.json)
		stress_json(stdout, &stress.shared, result);
	else
		stress_print(stdout, &stress.shared, result);
	status = result->internal_error	 ? FL_EXIT_INTERNAL
		 : result->finding_count ? FL_EXIT_VIOLATION
					 : FL_EXIT_NOTHING;
	free(result);
	return status;
}

const struct command command_stress = {
	.name = "stress",
	.help = "run a subject on real threads",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* What faultline fuzz is asked for. Everything that can be wrong is found here, before anything is written. */
#include "cli.h"
#include "fuzz.h"
#include "nearest.h"
#include "progress.h"
#include "select.h"
#include "store.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_TARGETS	64
#define DEFAULT_SECONDS 60.0
#define TRIAL_SECONDS	60.0

enum {
	KEY_SUBJECT = 0x100,
	KEY_ENGINE,
	KEY_SANITIZER,
	KEY_JOBS,
	KEY_SECONDS,
	KEY_LIMIT,
	KEY_OUT,
	KEY_SEEDS,
	KEY_INVARIANTS,
	KEY_SUPPRESSIONS,
	KEY_MINIMIZE,
	KEY_NO_MINIMIZE,
	KEY_JSON,
	KEY_QUIET,
};

static const struct argp_option argp_options[] = {
	{"subject", KEY_SUBJECT, "SUBJECT", 0, "What to fuzz (default: the target's own)", 1},
	{"engine", KEY_ENGINE, "A,B", 0,
	 "libfuzzer (default), afl, or both: they share what they learn", 1},
	{"sanitizer", KEY_SANITIZER, "SANITIZER", 0,
	 "Targets built with address, undefined or memory (default: none)", 1},
	{"invariants", KEY_INVARIANTS, "A,B", 0, "Only these crash the target (default: all)", 1},
	{"suppressions", KEY_SUPPRESSIONS, "FILE", 0,
	 "Known findings, which do not crash the target (default: TARGET.suppressions beside the target)",
	 1},
	{"seeds", KEY_SEEDS, "DIR", 0,
	 "Inputs to start from, raw bytes or cases; none: from nothing (default: the project's, corpus/seeds/TARGET)",
	 1},
	{"jobs", KEY_JOBS, "N", 0, "Fuzzing processes, of all engines (default: one for each CPU)",
	 2},
	{"seconds", KEY_SECONDS, "S", 0, "Stop after S seconds (default 60)", 2},
	{"limit", KEY_LIMIT, "N", 0, "Stop at N distinct findings", 2},
	{"minimize", KEY_MINIMIZE, NULL, 0, "Only minimise the corpus of the campaign in --out", 2},
	{"no-minimize", KEY_NO_MINIMIZE, NULL, 0, "Do not minimise the corpus at the end", 2},
	{"out", KEY_OUT, "DIR", 0,
	 "Folder of the campaign (default faultline-out/TARGET-SUBJECT); one that is there goes on",
	 3},
	CLI_OPTION_JSON(3),
	CLI_OPTION_QUIET(3),
	{0},
};

/* Targets whose inputs are no cases. */
static const char *const other_targets[] = {"case_parser_fuzzer", NULL};

const struct fuzz_engine *const fuzz_engines[] = {&fuzz_libfuzzer, &fuzz_afl, NULL};

struct asked {
	struct fuzz_options *options;
	const char *engines;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct asked *asked = state->input;
	struct fuzz_options *options = asked->options;

	switch (key) {
	case KEY_SUBJECT:
		options->subject_name = argument;
		return 0;
	case KEY_ENGINE:
		asked->engines = argument;
		return 0;
	case KEY_SANITIZER:
		options->sanitizer = argument;
		return 0;
	case KEY_INVARIANTS:
		options->invariant_list = argument;
		return 0;
	case KEY_SUPPRESSIONS:
		options->suppressions_path = argument;
		return 0;
	case KEY_SEEDS:
		options->seeds = argument;
		return 0;
	case KEY_JOBS:
		options->jobs = parse_number("jobs", argument, 1, FUZZ_MAX_JOBS);
		return 0;
	case KEY_SECONDS:
		options->seconds = parse_seconds("seconds", argument);
		return 0;
	case KEY_LIMIT:
		options->limit = parse_number("limit", argument, 1, FUZZ_MAX_FINDINGS);
		return 0;
	case KEY_MINIMIZE:
		options->minimize_only = true;
		return 0;
	case KEY_NO_MINIMIZE:
		options->minimize = false;
		return 0;
	case KEY_OUT:
		options->out = argument;
		return 0;
	case KEY_JSON:
		options->json = true;
		return 0;
	case KEY_QUIET:
		progress_quiet();
		return 0;
	case ARGP_KEY_ARG:
		if (options->target_name)
			fail_usage("unexpected argument '%s'; fuzz runs one target", argument);
		options->target_name = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void select_target(struct fuzz_options *options)
{
	const char *names[MAX_TARGETS];
	unsigned int count = 0;
	const char *near;

	if (!options->target_name)
		fail_usage("say which target; there are %s and others: see 'faultline fuzz --help'",
			   fl_targets[0]->name);
	options->target = fl_target_find(options->target_name);
	if (options->target)
		return;
	for (; fl_targets[count] && count < MAX_TARGETS; count++)
		names[count] = fl_targets[count]->name;
	for (unsigned int i = 0; other_targets[i] && count < MAX_TARGETS; i++) {
		if (!strcmp(other_targets[i], options->target_name))
			return;
		names[count++] = other_targets[i];
	}
	near = nearest(options->target_name, names, count);
	if (near)
		fail_usage("unknown fuzz target '%s'; did you mean '%s'?", options->target_name,
			   near);
	fail_usage("unknown fuzz target '%s'; 'faultline fuzz --help' lists them",
		   options->target_name);
}

static void select_what(struct fuzz_options *options)
{
	const char *reason = "it does not say why";
	const struct fl_profile *profile;

	options->invariants = select_invariants(options->invariant_list);
	if (!options->target) {
		if (options->subject_name)
			fail_usage("%s runs no subject; leave --subject out", options->target_name);
		options->subject_name = "none";
		return;
	}
	if (!options->subject_name)
		options->subject_name = options->target->subject;
	if (strncmp(options->subject_name, "core:", 5) &&
	    !strncmp(options->target->subject, "core:", 5))
		fail_usage("%s runs built-in subjects only; linux_driver_fuzzer runs %s",
			   options->target_name, options->subject_name);
	options->subject = select_subject(options->subject_name);
	profile = select_profile(options->target->profile);
	if (options->subject->supports(&profile->hardware, &reason))
		fail_usage("%s does not run on profile %s of %s: %s", options->subject_name,
			   profile->name, options->target_name, reason);
}

static const struct fuzz_engine *select_engine(const char *name)
{
	const char *names[FUZZ_MAX_ENGINES];
	unsigned int count = 0;
	const char *near;

	for (; fuzz_engines[count]; count++) {
		if (!strcmp(fuzz_engines[count]->name, name))
			return fuzz_engines[count];
		names[count] = fuzz_engines[count]->name;
	}
	near = nearest(name, names, count);
	if (near)
		fail_usage("unknown engine '%s'; did you mean '%s'?", name, near);
	fail_usage("unknown engine '%s': there are libfuzzer and afl", name);
}

static bool is_installed(const char *tool)
{
	const char *at = getenv("PATH");
	char path[PATH_MAX];

	while (at && *at) {
		int length = (int)strcspn(at, ":");

		if (snprintf(path, sizeof(path), "%.*s/%s", length, at, tool) < (int)sizeof(path) &&
		    !access(path, X_OK))
			return true;
		at += length + (at[length] == ':');
	}
	return false;
}

/* The folder of targets: $FAULTLINE_FUZZERS, or fuzzers/ beside the folder of this program. */
static char *targets_folder(void)
{
	const char *chosen = getenv("FAULTLINE_FUZZERS");
	char program[PATH_MAX];
	ssize_t length;

	if (chosen && *chosen)
		return fuzz_format("%s", chosen);
	length = readlink("/proc/self/exe", program, sizeof(program) - 1);
	if (length <= 0)
		fail_internal("cannot find this program's own folder; set FAULTLINE_FUZZERS");
	program[length] = '\0';
	for (int i = 0; i < 2; i++)
		if (strrchr(program, '/'))
			*strrchr(program, '/') = '\0';
	return fuzz_format("%s/fuzzers", program);
}

static char *find_program(const struct fuzz_options *options, const struct fuzz_engine *engine)
{
	const char *sanitizer = options->sanitizer;
	char *folder = targets_folder();
	char *path = fuzz_format("%s/%s%s%s/bin/%s", folder, engine->name, sanitizer ? "-" : "",
				 sanitizer ? sanitizer : "", options->target_name);
	char *real = realpath(path, NULL);

	if (!real || access(real, X_OK))
		fail_usage("%s is not built for %s (no %s); run scripts/build-fuzzers %s%s%s",
			   options->target_name, engine->name, path, engine->name,
			   sanitizer ? " --sanitizer " : "", sanitizer ? sanitizer : "");
	free(path);
	free(folder);
	return real;
}

static void select_engines(struct fuzz_options *options, char *list)
{
	for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
		const struct fuzz_engine *engine = select_engine(name);

		for (unsigned int i = 0; i < options->engine_count; i++)
			if (options->engines[i] == engine)
				fail_usage("--engine names %s twice", name);
		options->engines[options->engine_count++] = engine;
	}
	if (!options->engine_count)
		fail_usage("--engine names no engine: there are libfuzzer and afl");
	for (unsigned int i = 0; i < options->engine_count; i++) {
		const struct fuzz_engine *engine = options->engines[i];

		if (engine->tool && !is_installed(engine->tool))
			fail_usage("%s is not installed; scripts/setup --fuzzing installs it",
				   engine->tool);
		options->programs[i] = find_program(options, engine);
	}
}

static void select_sanitizer(const struct fuzz_options *options)
{
	static const char *const names[] = {"address", "undefined", "memory"};
	const char *near;

	if (!options->sanitizer)
		return;
	for (unsigned int i = 0; i < 3; i++)
		if (!strcmp(names[i], options->sanitizer))
			return;
	near = nearest(options->sanitizer, names, 3);
	fail_usage("unknown sanitizer '%s': %s%s", options->sanitizer,
		   near ? "did you mean " : "there are address, undefined and memory",
		   near ? near : "");
}

static void load_suppressions(struct fuzz_options *options)
{
	char *beside = fuzz_format("%s.suppressions", options->programs[0]);
	const char *path = options->suppressions_path ? options->suppressions_path : beside;
	char error[512];

	if (options->suppressions_path || !access(beside, F_OK)) {
		if (fl_suppressions_load(&options->known, path, error, sizeof(error)))
			fail_usage("%s", error);
		/* Engines run in a folder of their own. */
		options->suppressions_path = realpath(path, NULL);
	}
	free(beside);
}

static unsigned int jobs_to_use(const struct fuzz_options *options)
{
	unsigned int count = cpus_to_use(FUZZ_MAX_JOBS);

	return count < options->engine_count ? options->engine_count : count;
}

static void select_seeds(struct fuzz_options *options)
{
	char *shipped;

	if (!options->seeds) {
		shipped = fuzz_format("corpus/seeds/%s", options->target_name);
		options->seeds = fuzz_above(shipped);
		free(shipped);
	} else if (!strcmp(options->seeds, "none")) {
		options->seeds = NULL;
	} else {
		fuzz_seeds_check(options);
	}
}

/* The last line of a file that is not empty. */
static void last_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "r");
	char buffer[1024];

	*line = '\0';
	while (file && fgets(buffer, sizeof(buffer), file)) {
		buffer[strcspn(buffer, "\n")] = '\0';
		if (*buffer)
			snprintf(line, size, "%.*s", (int)size - 1, buffer);
	}
	if (file)
		fclose(file);
}

/* Run nothing on each target: it says itself what it does not like, of what it was built with. */
static void try_targets(const struct fuzz_options *options)
{
	char **environment = fuzz_environment(options, NULL);
	char log[] = "/tmp/faultline-fuzz-XXXXXX", said[512];

	for (unsigned int i = 0; i < options->engine_count; i++) {
		char *argv[] = {options->programs[i], "/dev/null", NULL};
		int file = mkstemp(log), status;

		if (file < 0)
			fail_usage("cannot write %s: %s", log, strerror(errno));
		close(file);
		status = fuzz_process_run(argv, environment, ".", log, TRIAL_SECONDS, true);
		last_line(log, said, sizeof(said));
		unlink(log);
		strcpy(log, "/tmp/faultline-fuzz-XXXXXX");
		if (status == 2 || status == 127 || status < 0)
			fail_usage("%s, built for %s, does not run: %s", options->target_name,
				   options->engines[i]->name, *said ? said : strerror(-status));
	}
	free(environment);
}

void fuzz_parse(struct fuzz_options *options, int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse,
		.args_doc = "TARGET",
		.doc = "Runs real fuzzing engines on a target. What crashes it becomes a case that replays; a campaign that is "
		       "there goes on.\vTargets: context_fault_fuzzer, global_fault_fuzzer, suspend_race_fuzzer, "
		       "tbu_debug_fuzzer, domain_lifecycle_fuzzer, system_sleep_fuzzer, linux_driver_fuzzer, "
		       "case_parser_fuzzer. scripts/build-fuzzers builds them. They are looked for in $FAULTLINE_FUZZERS, "
		       "else in fuzzers/ beside the folder of this program.",
	};
	struct asked asked = {.options = options};
	char *engines;

	options->minimize = true;
	options->seconds = DEFAULT_SECONDS;
	parse_options(&argp, argc, argv, &asked);
	select_target(options);
	select_what(options);
	select_sanitizer(options);
	engines = fuzz_format("%s", asked.engines ? asked.engines : "libfuzzer");
	select_engines(options, engines);
	free(engines);
	if (!options->jobs)
		options->jobs = jobs_to_use(options);
	if (options->jobs < options->engine_count)
		fail_usage("--jobs %u: each of the %u engines needs one", options->jobs,
			   options->engine_count);
	load_suppressions(options);
	select_seeds(options);
	if (!options->out)
		options->out = store_path(NULL, true, options->target_name, options->subject_name,
					  options->default_out, sizeof(options->default_out));
	try_targets(options);
}

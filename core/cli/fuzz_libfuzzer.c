// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libFuzzer: the target forks itself (-fork), ignores crashes, and keeps each. It reads its corpus at the
 * start only, so with another engine beside it, it is started again now and then, which costs a merge.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CRASHES	    "libfuzzer/crashes"
#define TEMPORARY   "libfuzzer/tmp"
#define FIRST_ROUND 20.0 /* seconds; each is twice as long as the one before */
#define LAST_ROUND  300.0
#define WRAP_UP	    5.0 /* what it takes to end by itself */
#define MERGE_LIMIT 600.0

/* What other engines put into the corpus is read by the next round. */
static double round_length(const struct fuzz_campaign *campaign, const struct fuzz_run *run)
{
	double left = run->deadline - cli_now(), length = FIRST_ROUND;

	for (unsigned int i = 0; i < run->rounds && length < LAST_ROUND; i++)
		length *= 2;
	/* No round for what is shorter than its start. */
	if (campaign->options.engine_count < 2 || left < length + FIRST_ROUND)
		return left;
	return length;
}

/* The target's own settings, as flags. */
static unsigned int add_settings(const struct fuzz_run *run, char **flags)
{
	struct fuzz_setting settings[FUZZ_MAX_SETTINGS];
	unsigned int read = fuzz_shipped_options(run->program, settings, FUZZ_MAX_SETTINGS);
	unsigned int count = 0;

	for (unsigned int i = 0; i < read; i++)
		if (strcmp(settings[i].name, "dict"))
			flags[count++] = fuzz_format("-%s=%s", settings[i].name, settings[i].value);
	return count;
}

/* libFuzzer starts itself through a shell, without quotes: its name and folders must need none. */
static void link_program(const struct fuzz_campaign *campaign, const struct fuzz_run *run)
{
	char *link = fuzz_path(campaign, "libfuzzer/target");

	fuzz_link(run->program, link);
	free(link);
}

static int start_round(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	double seconds = round_length(campaign, run);
	char *temporary[] = {"TMPDIR=" TEMPORARY, NULL};
	char **environment = fuzz_environment(&campaign->options, temporary);
	char *dictionary = fuzz_shipped(run->program, ".dict");
	char *argv[FUZZ_MAX_SETTINGS + 16];
	unsigned int flags, count = 0;
	int error;

	argv[count++] = "libfuzzer/target";
	argv[count++] = fuzz_format("-fork=%u", run->jobs);
	argv[count++] = fuzz_format("-max_total_time=%.0f", seconds < 1 ? 1 : seconds);
	argv[count++] = fuzz_format("-timeout=%.0f", FUZZ_INPUT_LIMIT);
	count += add_settings(run, argv + count);
	flags = count;
	argv[count++] = "-ignore_crashes=1";
	argv[count++] = "-ignore_timeouts=1";
	argv[count++] = "-ignore_ooms=1";
	argv[count++] = "-artifact_prefix=" CRASHES "/";
	if (dictionary) {
		char *link = fuzz_path(campaign, "libfuzzer/dict");

		fuzz_link(dictionary, link);
		free(link);
		argv[count++] = "-dict=libfuzzer/dict";
	}
	argv[count++] = "corpus";
	argv[count] = NULL;
	run->rounds++;
	error = fuzz_process_start(&run->processes[0], argv, environment, campaign->folder,
				   run->log);
	run->process_count = 1;
	for (unsigned int i = 1; i < flags; i++)
		free(argv[i]);
	free(dictionary);
	free(environment);
	return error;
}

/* --- what is left of a run that was ended ---------------------------------------------------- */

static void keep_input(void *context, const char *path)
{
	fuzz_corpus_add(context, "libfuzzer", path);
}

static void keep_crash(void *context, const char *path)
{
	struct fuzz_campaign *campaign = context;
	char *kept = fuzz_path(campaign, CRASHES "/%s", strrchr(path, '/') + 1);

	rename(path, kept);
	free(kept);
}

/* A fork's own corpus is C<number>; crashes of all are below A. */
static void salvage_folder(void *context, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char *crashes;

	if (*name == 'C') {
		fuzz_each_file(path, keep_input, context);
	} else if (!strncmp(name, "libFuzzerTemp", 13)) {
		crashes = fuzz_format("%s/A", path);
		fuzz_each_file(crashes, keep_crash, context);
		free(crashes);
		fuzz_each_folder(path, salvage_folder, context);
	}
}

/* Inputs that forks had found and not handed on yet, of this run or of one that was killed. */
static void salvage(struct fuzz_campaign *campaign)
{
	char *temporary = fuzz_path(campaign, TEMPORARY);

	fuzz_each_folder(temporary, salvage_folder, campaign);
	fuzz_remove_folder(temporary);
	free(temporary);
	fuzz_make_folder(campaign, TEMPORARY);
}

static int start(struct fuzz_campaign *campaign, struct fuzz_run *run, double seconds)
{
	char *log = fuzz_path(campaign, "%s", run->log);
	struct stat status;

	run->started = cli_now();
	run->deadline = run->started + seconds;
	run->stability = -1;
	run->log_offset = stat(log, &status) ? 0 : status.st_size;
	free(log);
	fuzz_make_folder(campaign, CRASHES);
	salvage(campaign);
	link_program(campaign, run);
	return start_round(campaign, run);
}

/* "#29929: cov: 1948 ft: 6570 corp: 424 exec/s: 1541 oom/timeout/crash: 0/0/4 time: 15s job: 7 ..." */
static void read_log(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	char *path = fuzz_path(campaign, "%s", run->log);
	FILE *log = fopen(path, "r");
	unsigned long long executions, coverage, corpus;
	char *line = NULL;
	size_t room = 0;

	free(path);
	if (!log)
		return;
	fseek(log, run->log_offset, SEEK_SET);
	/* A line that is still being written is read the next time. */
	while (getline(&line, &room, log) > 0 && strchr(line, '\n')) {
		run->log_offset = ftell(log);
		if (sscanf(line, "#%llu: cov: %llu ft: %*u corp: %llu", &executions, &coverage,
			   &corpus) == 3) {
			run->executions = run->base + executions;
			run->coverage = coverage;
			run->corpus = corpus;
		}
	}
	free(line);
	fclose(log);
}

static void watch(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	struct fuzz_process *process = &run->processes[0];

	read_log(campaign, run);
	if (!fuzz_process_ended(process))
		return;
	/* 0, or the status of a crash that it ignored: it came to the end of its time. */
	if (process->status != 0 && process->status != 77 && process->status != 70 &&
	    process->status != 71) {
		run->failed = true;
		return;
	}
	read_log(campaign, run);
	run->base = run->executions;
	salvage(campaign);
	if (run->deadline - cli_now() > 1 && start_round(campaign, run))
		run->failed = true;
}

static void stop(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	/*
	 * At the end of its time it stops by itself. Before that, nothing can be said to it but what makes
	 * it leave its forks behind; they have nothing that is not in their folders.
	 */
	fuzz_process_stop(&run->processes[0], cli_now() < run->deadline ? 0 : WRAP_UP);
	read_log(campaign, run);
	salvage(campaign);
}

static void each_kept(const struct fuzz_campaign *campaign,
		      void (*see)(void *context, const char *path), void *context)
{
	char *path = fuzz_path(campaign, CRASHES);

	fuzz_each_file(path, see, context);
	free(path);
}

static bool is_crash(const char *name)
{
	return strncmp(name, "slow-unit-", 10) != 0;
}

static int minimize(struct fuzz_campaign *campaign, struct fuzz_run *run, const char *into)
{
	char *temporary[] = {"TMPDIR=" TEMPORARY, NULL};
	char **environment = fuzz_environment(&campaign->options, temporary);
	char *argv[] = {"libfuzzer/target", "-set_cover_merge=1", (char *)into, "corpus", NULL};
	int status;

	fuzz_make_folder(campaign, TEMPORARY);
	link_program(campaign, run);
	status = fuzz_process_run(argv, environment, campaign->folder, run->log, MERGE_LIMIT, true);
	free(environment);
	salvage(campaign);
	return status;
}

const struct fuzz_engine fuzz_libfuzzer = {
	.name = "libfuzzer",
	.counter = "edges",
	.start = start,
	.watch = watch,
	.stop = stop,
	.each_kept = each_kept,
	.is_crash = is_crash,
	.minimize = minimize,
};

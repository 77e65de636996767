// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * AFL++: one main instance and secondaries, which share their queues below afl/. The main one imports the
 * common corpus (-F); what any of them finds is copied into it.
 */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define QUEUES	     "afl"
#define COPY_SECONDS 2.0 /* between looks into the queues */
#define GRACE	     5.0 /* seconds, to write its last words */
#define MERGE_LIMIT  600.0

static char *instance_name(unsigned int number)
{
	return number ? fuzz_format("secondary-%02u", number) : fuzz_format("main");
}

/* AFL++'s last line of figures. */
static bool read_figures(const char *path, unsigned long long figures[13])
{
	FILE *file = fopen(path, "r");
	char line[512], last[512] = "";

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		if (*line != '#' && strchr(line, '\n'))
			strcpy(last, line);
	fclose(file);
	/* unix_time, cycles, item, corpus, pending, favs, map%, crashes, hangs, depth, /s, execs, edges */
	return sscanf(last,
		      "%llu, %llu, %llu, %llu, %llu, %llu, %*f%%, %llu, %llu, %llu, %*f, %llu, %llu",
		      &figures[0], &figures[1], &figures[2], &figures[3], &figures[4], &figures[5],
		      &figures[7], &figures[8], &figures[9], &figures[11], &figures[12]) == 11;
}

/* "name : value" of its summary, or -1. */
static double read_summary(const char *path, const char *name)
{
	FILE *file = fopen(path, "r");
	char line[512];
	double value = -1;

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) && strchr(line, ':'))
			value = strtod(strchr(line, ':') + 1, NULL);
	if (file)
		fclose(file);
	return value;
}

/*
 * Executions of all instances. The figures and the summary are written once a minute; the names of what
 * was found say more until then.
 */
static uint64_t sum_executions(const struct fuzz_campaign *campaign, const struct fuzz_run *run)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < run->jobs; i++) {
		char *name = instance_name(i);
		char *plot = fuzz_path(campaign, QUEUES "/%s/plot_data", name);
		char *summary = fuzz_path(campaign, QUEUES "/%s/fuzzer_stats", name);
		unsigned long long figures[13] = {0};
		double total = read_summary(summary, "execs_done");

		if (read_figures(plot, figures) && figures[11] > total)
			total = figures[11];
		if (run->seen_executions[i] > total)
			total = run->seen_executions[i];
		sum += total > 0 ? (uint64_t)total : 0;
		free(summary);
		free(plot);
		free(name);
	}
	return sum;
}

/* --- the corpus ------------------------------------------------------------------------------ */

struct copying {
	struct fuzz_campaign *campaign;
	uint64_t seen; /* the lowest number that was not copied yet */
	uint64_t next;
	uint64_t executions; /* when the last one was found */
};

static void copy_input(void *context, const char *path)
{
	struct copying *copying = context;
	const char *when = strstr(path, ",execs:");
	unsigned long long number, executions;

	if (sscanf(strrchr(path, '/') + 1, "id:%llu", &number) != 1 || number < copying->seen)
		return;
	if (when && sscanf(when, ",execs:%llu", &executions) == 1 &&
	    executions > copying->executions)
		copying->executions = executions;
	if (number >= copying->next)
		copying->next = number + 1;
	/* What came from the corpus is there. */
	if (!strstr(path, ",sync:") && !strstr(path, ",orig:"))
		fuzz_corpus_add(copying->campaign, "afl", path);
}

static void copy_queues(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	for (unsigned int i = 0; i < run->jobs; i++) {
		struct copying copying = {campaign, run->seen_ids[i], run->seen_ids[i],
					  run->seen_executions[i]};
		char *name = instance_name(i);
		char *queue = fuzz_path(campaign, QUEUES "/%s/queue", name);

		fuzz_each_file(queue, copy_input, &copying);
		run->seen_ids[i] = copying.next;
		run->seen_executions[i] = copying.executions;
		free(queue);
		free(name);
	}
}

/* --- the engine ------------------------------------------------------------------------------ */

/* The target's largest useful input, as libFuzzer is told; NULL if it says none. */
static char *length_limit(const struct fuzz_run *run)
{
	struct fuzz_setting settings[FUZZ_MAX_SETTINGS];
	unsigned int count = fuzz_shipped_options(run->program, settings, FUZZ_MAX_SETTINGS);

	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(settings[i].name, "max_len"))
			return fuzz_format("%s", settings[i].value);
	return NULL;
}

static int start_instance(struct fuzz_campaign *campaign, struct fuzz_run *run, unsigned int number,
			  char **environment)
{
	char *name = instance_name(number);
	char *log = number ? fuzz_format("afl/log-%s", name) : fuzz_format("%s", run->log);
	char *dictionary = fuzz_shipped(run->program, ".dict"), *limit = length_limit(run);
	char *argv[32];
	unsigned int count = 0;
	int error;

	argv[count++] = "afl-fuzz";
	argv[count++] = number ? "-S" : "-M";
	argv[count++] = name;
	argv[count++] = "-i";
	argv[count++] = "corpus";
	argv[count++] = "-o";
	argv[count++] = QUEUES;
	argv[count++] = "-m";
	argv[count++] = "none";
	argv[count++] = "-t";
	argv[count++] = "1000";
	if (!number) {
		argv[count++] = "-F";
		argv[count++] = "corpus";
	}
	if (limit) {
		argv[count++] = "-G";
		argv[count++] = limit;
	}
	if (dictionary) {
		argv[count++] = "-x";
		argv[count++] = dictionary;
	}
	argv[count++] = "--";
	argv[count++] = (char *)run->program;
	argv[count] = NULL;
	error = fuzz_process_start(&run->processes[number], argv, environment, campaign->folder,
				   log);
	free(dictionary);
	free(limit);
	free(log);
	free(name);
	return error;
}

static char **environment_of(const struct fuzz_campaign *campaign, const struct fuzz_run *run)
{
	static char mutator[4200];
	static char *const common[] = {
		"AFL_NO_UI=1",
		"AFL_SKIP_CPUFREQ=1",
		"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1",
		"AFL_TRY_AFFINITY=1",
		"AFL_FAST_CAL=1",
		"AFL_IGNORE_UNKNOWN_ENVS=1",
		"AFL_FORKSRV_INIT_TMOUT=30000",
		"AFL_AUTORESUME=1",
		"AFL_SKIP_CRASHES=1",
		"AFL_NO_CRASH_README=1",
		"AFL_SYNC_TIME=1",
		"AFL_IMPORT_FIRST=1",
		"AFL_NO_COLOR=1",
		"AFL_ALLOW_TMP=1",
		/* It sets these as it needs them, and does not start with anybody else's. */
		"ASAN_OPTIONS",
		"UBSAN_OPTIONS",
		"MSAN_OPTIONS",
		"LSAN_OPTIONS",
		mutator,
		NULL,
	};
	const char *folder = strrchr(run->program, '/');

	/* The mutator lies beside the folder of the targets. */
	snprintf(mutator, sizeof(mutator),
		 "AFL_CUSTOM_MUTATOR_LIBRARY=%.*s/../lib/libfaultline_mutator.so",
		 (int)(folder - run->program), run->program);
	if (access(strchr(mutator, '=') + 1, R_OK))
		strcpy(mutator, "AFL_CUSTOM_MUTATOR_LIBRARY");
	return fuzz_environment(&campaign->options, common);
}

/* AFL++ starts neither from nothing nor from what crashes alone: give it the target's plain case. */
static void ensure_input(struct fuzz_campaign *campaign)
{
	static const uint8_t plain[2];
	char *queue = fuzz_path(campaign, QUEUES "/main/queue");
	char *path = fuzz_path(campaign, "corpus/start");

	if (!fuzz_count_files(queue) && !fuzz_write(path, plain, sizeof(plain)))
		fuzz_crashes_add_seed(campaign, path);
	free(path);
	free(queue);
}

static int start(struct fuzz_campaign *campaign, struct fuzz_run *run, double seconds)
{
	char **environment = environment_of(campaign, run);
	int error = 0;

	run->started = cli_now();
	run->deadline = run->started + seconds;
	run->stability = -1;
	ensure_input(campaign);
	copy_queues(campaign, run);
	run->base = sum_executions(campaign, run);
	for (unsigned int i = 0; i < run->jobs && !error; i++) {
		error = start_instance(campaign, run, i, environment);
		run->process_count += !error;
	}
	free(environment);
	return error;
}

static void read_status(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	uint64_t sum = sum_executions(campaign, run);
	char *plot = fuzz_path(campaign, QUEUES "/main/plot_data");
	char *summary = fuzz_path(campaign, QUEUES "/main/fuzzer_stats");
	unsigned long long figures[13];

	/* A version that counts from 0 after it goes on. */
	if (sum < run->base)
		run->base = 0;
	run->executions = sum - run->base;
	if (read_figures(plot, figures)) {
		run->corpus = figures[3];
		run->coverage = figures[12];
	}
	if (run->seen_ids[0] > run->corpus)
		run->corpus = run->seen_ids[0];
	run->stability = read_summary(summary, "stability");
	if (read_summary(summary, "edges_found") > run->coverage)
		run->coverage = (uint64_t)read_summary(summary, "edges_found");
	if (read_summary(summary, "corpus_count") > run->corpus)
		run->corpus = (uint64_t)read_summary(summary, "corpus_count");
	free(summary);
	free(plot);
}

static void watch(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	for (unsigned int i = 0; i < run->process_count; i++)
		if (fuzz_process_ended(&run->processes[i]))
			run->failed = true;
	if (cli_now() < run->next_look)
		return;
	run->next_look = cli_now() + COPY_SECONDS;
	copy_queues(campaign, run);
	read_status(campaign, run);
}

static void stop(struct fuzz_campaign *campaign, struct fuzz_run *run)
{
	for (unsigned int i = 0; i < run->process_count; i++)
		fuzz_process_interrupt(&run->processes[i]);
	for (unsigned int i = 0; i < run->process_count; i++)
		fuzz_process_stop(&run->processes[i], GRACE);
	copy_queues(campaign, run);
	read_status(campaign, run);
}

struct visit {
	void (*see)(void *context, const char *path);
	void *context;
};

/* crashes, hangs, and those of runs before: crashes.2026-11-21-05:48:46. */
static void visit_folder(void *context, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	const struct visit *visit = context;

	if (!strncmp(name, "crashes", 7) || !strncmp(name, "hangs", 5))
		fuzz_each_file(path, visit->see, visit->context);
}

static void visit_instance(void *context, const char *path)
{
	fuzz_each_folder(path, visit_folder, context);
}

static void each_kept(const struct fuzz_campaign *campaign,
		      void (*see)(void *context, const char *path), void *context)
{
	struct visit visit = {see, context};
	char *path = fuzz_path(campaign, QUEUES);

	fuzz_each_folder(path, visit_instance, &visit);
	free(path);
}

/* There is a README.txt beside them. */
static bool is_crash(const char *name)
{
	return !strncmp(name, "id:", 3);
}

static int minimize(struct fuzz_campaign *campaign, struct fuzz_run *run, const char *into)
{
	char **environment = environment_of(campaign, run);
	/* An input that crashes with what is judged now need not have when it was learnt: it is kept (-A). */
	char *argv[] = {"afl-cmin", "-i",   "corpus", "-o", (char *)into,	  "-m", "none",
			"-t",	    "1000", "-A",     "--", (char *)run->program, NULL};
	int status;

	ensure_input(campaign);
	status = fuzz_process_run(argv, environment, campaign->folder, run->log, MERGE_LIMIT, true);
	free(environment);
	return status;
}

const struct fuzz_engine fuzz_afl = {
	.name = "afl",
	.tool = "afl-fuzz",
	.counter = "edges",
	.start = start,
	.watch = watch,
	.stop = stop,
	.each_kept = each_kept,
	.is_crash = is_crash,
	.minimize = minimize,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The parent of a campaign: starts the jobs, keeps the time, takes their findings in the order of
 * their schedules, saves and verifies each.
 */
#include "campaign.h"
#include "cli.h"
#include "job.h"
#include "progress.h"
#include "select.h"
#include "store.h"
#include "verify.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_NS	    20000000
/* A schedule takes microseconds; under a sanitizer and a loaded machine, milliseconds. */
#define STUCK_POLLS 3000 /* a minute, in which the whole program was not stopped */

static volatile sig_atomic_t interrupted;

static void take_signal(int number)
{
	(void)number;
	interrupted = 1;
}

unsigned int campaign_take_scenarios(struct campaign_options *options, const char *name)
{
	options->scenario_count = 0;
	for (unsigned int i = 0; fl_scenarios[i]; i++)
		if (scenario_fits(fl_scenarios[i], options->subject, options->profile) &&
		    (!name || !strcmp(name, fl_scenarios[i]->name)) &&
		    options->scenario_count < CAMPAIGN_MAX_SCENARIOS)
			options->scenarios[options->scenario_count++] = fl_scenarios[i];
	return options->scenario_count;
}

void campaign_catch_signals(void)
{
	/* A replay that is being waited for is not cut short. */
	struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool campaign_interrupted(void)
{
	return interrupted;
}

struct campaign {
	const struct campaign_options *options;
	struct campaign_result *result;
	struct job_memory *memory;
	size_t memory_size;
	pid_t pids[CAMPAIGN_MAX_JOBS];	       /* 0: ended */
	unsigned int taken[CAMPAIGN_MAX_JOBS]; /* findings of each job that were merged */
	uint64_t last_next[CAMPAIGN_MAX_JOBS];
	unsigned int polls_still[CAMPAIGN_MAX_JOBS];
	double start;
};

static void kill_jobs(struct campaign *campaign)
{
	for (unsigned int i = 0; i < campaign->options->jobs; i++) {
		if (!campaign->pids[i])
			continue;
		kill(campaign->pids[i], SIGKILL);
		waitpid(campaign->pids[i], NULL, 0);
		campaign->pids[i] = 0;
	}
}

static void start_jobs(struct campaign *campaign)
{
	const struct campaign_options *options = campaign->options;

	campaign->memory_size = sizeof(struct job_memory) + options->jobs * sizeof(struct job);
	campaign->memory = mmap(NULL, campaign->memory_size, PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (campaign->memory == MAP_FAILED)
		fail_internal("cannot get memory for %u jobs: %s", options->jobs, strerror(errno));
	for (unsigned int i = 0; i < options->jobs; i++) {
		pid_t pid;

		atomic_store(&campaign->memory->jobs[i].next, i);
		pid = cli_fork();
		if (!pid)
			job_main(options, campaign->memory, i);
		if (pid < 0) {
			int error = errno;

			kill_jobs(campaign);
			fail_internal("cannot start job %u: %s", i, strerror(error));
		}
		campaign->pids[i] = pid;
	}
}

/* --- findings ----------------------------------------------------------------------------- */

static struct campaign_finding *find_signature(struct campaign_result *result,
					       const char *signature)
{
	for (unsigned int i = 0; i < result->finding_count; i++)
		if (!strcmp(result->findings[i].signature, signature))
			return &result->findings[i];
	return NULL;
}

static void take_finding(struct campaign *campaign, const struct job_finding *from)
{
	const struct campaign_options *options = campaign->options;
	struct campaign_result *result = campaign->result;
	struct campaign_finding *finding;
	const char *invariant = fl_invariants[from->invariant]->name;
	char error[512];

	if (find_signature(result, from->signature) ||
	    result->finding_count == CAMPAIGN_MAX_FINDINGS)
		return;
	finding = &result->findings[result->finding_count];
	if (store_save(options->out, invariant, &from->found, finding->path, sizeof(finding->path),
		       error, sizeof(error))) {
		kill_jobs(campaign);
		progress_end();
		store_tidy();
		fail_usage("%s", error);
	}
	result->finding_count++;
	finding->invariant = from->invariant;
	finding->first_schedule = from->first_schedule;
	finding->step = from->step;
	snprintf(finding->signature, sizeof(finding->signature), "%s", from->signature);
	snprintf(finding->scenario, sizeof(finding->scenario), "%s", from->found.scenario);
	if (verify_finding(options, &from->found, finding->detail, sizeof(finding->detail))) {
		progress_alarm("%s breaks %s: schedule %llu, step %llu, %s", options->subject->name,
			       finding->signature, (unsigned long long)finding->first_schedule,
			       (unsigned long long)finding->step, finding->path);
		return;
	}
	result->internal_error = true;
	progress_alarm(
		"faultline: %s does not replay (%s): this is an error of faultline; please report it with the case (seed %llu, schedule %llu)",
		finding->path, finding->detail, (unsigned long long)options->seed,
		(unsigned long long)finding->first_schedule);
}

/* The next finding below @frontier in the order of schedules, or NULL. */
static const struct job_finding *next_finding(struct campaign *campaign, uint64_t frontier)
{
	const struct job_finding *best = NULL;
	unsigned int best_job = 0;

	for (unsigned int i = 0; i < campaign->options->jobs; i++) {
		struct job *job = &campaign->memory->jobs[i];
		unsigned int count =
			atomic_load_explicit(&job->finding_count, memory_order_acquire);
		const struct job_finding *finding = &job->findings[campaign->taken[i]];

		if (campaign->taken[i] >= count || finding->first_schedule >= frontier)
			continue;
		if (!best || finding->first_schedule < best->first_schedule) {
			best = finding;
			best_job = i;
		}
	}
	if (best)
		campaign->taken[best_job]++;
	return best;
}

/* Every schedule below this number has run, or never will. */
static uint64_t frontier_of(const struct campaign *campaign)
{
	uint64_t frontier = UINT64_MAX;

	for (unsigned int i = 0; i < campaign->options->jobs; i++) {
		uint64_t next =
			atomic_load_explicit(&campaign->memory->jobs[i].next, memory_order_acquire);

		if (next < frontier)
			frontier = next;
	}
	return frontier;
}

static void take_findings(struct campaign *campaign, uint64_t frontier)
{
	const struct job_finding *finding;

	while ((finding = next_finding(campaign, frontier)))
		take_finding(campaign, finding);
}

static void sum_up(struct campaign *campaign)
{
	struct campaign_result *result = campaign->result;

	result->search_complete = true;
	for (unsigned int i = 0; i < campaign->options->jobs; i++) {
		struct job *job = &campaign->memory->jobs[i];
		unsigned int count = atomic_load(&job->finding_count);

		result->schedules += atomic_load(&job->schedules);
		result->steps += atomic_load(&job->steps);
		result->inconclusive += atomic_load(&job->inconclusive);
		result->unrecorded += atomic_load(&job->unrecorded);
		result->search_complete &= atomic_load(&job->search_complete);
		for (unsigned int j = 0; j < FL_MAX_INVARIANTS; j++) {
			result->premises[j] += atomic_load(&job->premises[j]);
			result->violations[j] += atomic_load(&job->violations[j]);
		}
		for (unsigned int j = 0; j < count; j++) {
			struct campaign_finding *finding =
				find_signature(result, job->findings[j].signature);

			if (finding)
				finding->count += atomic_load(&job->findings[j].count);
		}
	}
}

/* --- the jobs' lives ---------------------------------------------------------------------- */

static void job_died(struct campaign *campaign, unsigned int number, int status)
{
	struct job *job = &campaign->memory->jobs[number];
	uint64_t schedule = atomic_load(&job->next);

	campaign->result->internal_error = true;
	progress_alarm(
		"faultline: job %u died with %s %d in schedule %llu of %s; 'faultline explore --subject %s --profile %s --strategy %s --seed %llu --jobs %u --runs %llu' comes to it again",
		number, WIFSIGNALED(status) ? "signal" : "exit status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		(unsigned long long)schedule, campaign->options->subject->name,
		campaign->options->subject->name, campaign->options->profile->name,
		campaign->options->strategy, (unsigned long long)campaign->options->seed,
		campaign->options->jobs, (unsigned long long)schedule + 1);
	atomic_store(&job->next, UINT64_MAX);
}

/*
 * A job that stays in one schedule for ever: the subject loops without a scheduling point. Told by
 * polls, not by a clock: none pass while the program is stopped, and a job that is still in its first
 * schedule when it is first looked at has not been seen moving yet.
 */
static void watch_job(struct campaign *campaign, unsigned int number)
{
	struct job *job = &campaign->memory->jobs[number];
	uint64_t next = atomic_load(&job->next);
	int status;

	if (next != campaign->last_next[number] || atomic_load(&job->state) == JOB_STARTING) {
		campaign->last_next[number] = next;
		campaign->polls_still[number] = 0;
		return;
	}
	if (++campaign->polls_still[number] < STUCK_POLLS)
		return;
	kill(campaign->pids[number], SIGKILL);
	waitpid(campaign->pids[number], &status, 0);
	campaign->pids[number] = 0;
	job_died(campaign, number, status);
}

/* Returns how many jobs live. */
static unsigned int look_after_jobs(struct campaign *campaign)
{
	unsigned int alive = 0;

	for (unsigned int i = 0; i < campaign->options->jobs; i++) {
		struct job *job = &campaign->memory->jobs[i];
		int status;

		if (!campaign->pids[i])
			continue;
		if (waitpid(campaign->pids[i], &status, WNOHANG) != campaign->pids[i]) {
			watch_job(campaign, i);
			alive += campaign->pids[i] != 0;
			continue;
		}
		campaign->pids[i] = 0;
		if (atomic_load(&job->state) == JOB_REFUSED) {
			kill_jobs(campaign);
			progress_end();
			store_tidy();
			fail_usage("%s", job->error);
		}
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			job_died(campaign, i, status);
	}
	return alive;
}

static void show_progress(struct campaign *campaign)
{
	const struct campaign_options *options = campaign->options;
	struct progress progress = {
		.subject = options->subject->name,
		.profile = options->profile->name,
		.findings = campaign->result->finding_count,
		.elapsed = cli_now() - campaign->start,
		.left = -1,
	};

	for (unsigned int i = 0; i < options->jobs; i++)
		progress.schedules += atomic_load(&campaign->memory->jobs[i].schedules);
	if (options->seconds > 0)
		progress.left = options->seconds - progress.elapsed;
	if (options->runs && progress.schedules) {
		double left = (double)(options->runs - progress.schedules) * progress.elapsed /
			      (double)progress.schedules;

		if (progress.left < 0 || left < progress.left)
			progress.left = left;
	}
	if (options->seconds > 0 && progress.left < 0)
		progress.left = 0;
	progress_show(&progress);
}

static bool time_to_stop(const struct campaign *campaign)
{
	const struct campaign_options *options = campaign->options;

	return interrupted ||
	       (options->limit && campaign->result->finding_count >= options->limit) ||
	       (options->seconds > 0 && cli_now() - campaign->start >= options->seconds);
}

void campaign_run(const struct campaign_options *options, struct campaign_result *result)
{
	const struct timespec pause = {.tv_nsec = POLL_NS};
	struct campaign campaign = {.options = options, .result = result, .start = cli_now()};
	unsigned int alive;

	memset(result, 0, sizeof(*result));
	start_jobs(&campaign);
	do {
		nanosleep(&pause, NULL);
		alive = look_after_jobs(&campaign);
		if (time_to_stop(&campaign))
			atomic_store(&campaign.memory->stop, true);
		take_findings(&campaign, frontier_of(&campaign));
		show_progress(&campaign);
	} while (alive);
	take_findings(&campaign, UINT64_MAX);
	sum_up(&campaign);
	result->seconds = cli_now() - campaign.start;
	result->complete = !interrupted;
	progress_end();
	munmap(campaign.memory, campaign.memory_size);
}

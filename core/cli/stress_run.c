// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress_run.h"

#include "campaign.h"
#include "cli.h"
#include "progress.h"
#include "store.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_NS	    20000000
/*
 * A round takes milliseconds; a process that ends none for so long is stuck. Told by polls, not by a clock: none pass
 * while the whole program is stopped.
 */
#define STUCK_POLLS 3000u /* a minute */
/* What a round may take to end, once the parent said stop. */
#define LAST_POLLS  1000u
/* What a core may take to be written. A process that was stopped from outside does not even begin one. */
#define CORE_POLLS  1500u

struct run {
	const struct stress_options *options;
	struct stress_result *result;
	struct stress_memory *memory;
	size_t memory_size;
	unsigned int count;
	pid_t pids[STRESS_MAX_PROCESSES]; /* 0: ended */
	unsigned int taken[STRESS_MAX_PROCESSES];
	uint64_t rounds[STRESS_MAX_PROCESSES];
	unsigned int still[STRESS_MAX_PROCESSES]; /* polls in which its number of rounds stayed */
	bool aborted[STRESS_MAX_PROCESSES];
	double start;
};

static uint64_t load(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

static void start_process(struct run *run, unsigned int number)
{
	pid_t child = cli_fork();

	if (child < 0)
		fail_internal("cannot start a process: %s", strerror(errno));
	if (!child)
		stress_process_main(run->options, run->memory, number);
	run->pids[number] = child;
}

static void start(struct run *run)
{
	run->count = stress_processes(run->options->threads);
	run->memory_size = sizeof(*run->memory) + run->count * sizeof(run->memory->processes[0]);
	run->memory = mmap(NULL, run->memory_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run->memory == MAP_FAILED)
		fail_internal("there is no memory for the results");
	run->start = cli_now();
	for (unsigned int i = 0; i < run->count; i++)
		start_process(run, i);
}

/* --- findings ----------------------------------------------------------------------------------- */

static void take_finding(struct run *run, unsigned int process,
			 const struct stress_finding *finding)
{
	struct stress_result *result = run->result;
	struct stress_result_finding *taken;

	for (unsigned int i = 0; i < result->finding_count; i++)
		if (!strcmp(result->findings[i].signature, finding->signature))
			return;
	if (result->finding_count == STRESS_MAX_FINDINGS) {
		result->unkept += load(&finding->count);
		return;
	}
	taken = &result->findings[result->finding_count++];
	taken->invariant = finding->invariant;
	memcpy(taken->signature, finding->signature, sizeof(taken->signature));
	memcpy(taken->detail, finding->detail, sizeof(taken->detail));
	taken->process = process;
	taken->round = finding->round;
	taken->seconds = cli_now() - run->start;
	memcpy(taken->history, finding->path, sizeof(taken->history));
	if (*finding->path)
		progress_alarm("found: %s, seed %llu, process %u, round %llu: %s",
			       finding->signature, (unsigned long long)run->options->seed, process,
			       (unsigned long long)finding->round, finding->path);
	else
		progress_alarm("found: %s, but its history is lost: %s", finding->signature,
			       finding->problem);
	if (!*finding->path)
		result->internal_error = true;
}

static void take_findings(struct run *run)
{
	for (unsigned int i = 0; i < run->count; i++) {
		struct stress_process *process = &run->memory->processes[i];
		unsigned int count =
			atomic_load_explicit(&process->finding_count, memory_order_acquire);

		for (; run->taken[i] < count; run->taken[i]++)
			take_finding(run, i, &process->findings[run->taken[i]]);
	}
}

/* --- the processes ------------------------------------------------------------------------------ */

static void tell_death(struct run *run, unsigned int number, int status)
{
	const struct stress_process *process = &run->memory->processes[number];
	int state = atomic_load_explicit(&process->state, memory_order_acquire);

	if (state == STRESS_REFUSED) {
		progress_end();
		store_tidy();
		fail_usage("%s", process->error);
	}
	if (WIFEXITED(status) && !WEXITSTATUS(status) && state == STRESS_STOPPED)
		return;
	run->result->internal_error = true;
	progress_alarm("process %u died with %s %d in round %llu (seed %llu)", number,
		       WIFSIGNALED(status) ? "signal" : "exit status",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		       (unsigned long long)load(&process->rounds),
		       (unsigned long long)run->options->seed);
}

static unsigned int reap(struct run *run)
{
	unsigned int alive = 0;

	for (unsigned int i = 0; i < run->count; i++) {
		int status;

		if (!run->pids[i])
			continue;
		if (waitpid(run->pids[i], &status, WNOHANG) != run->pids[i]) {
			alive++;
			continue;
		}
		run->pids[i] = 0;
		tell_death(run, i, status);
	}
	return alive;
}

static void kill_stuck(struct run *run, unsigned int patience)
{
	for (unsigned int i = 0; i < run->count; i++) {
		uint64_t rounds = load(&run->memory->processes[i].rounds);

		if (!run->pids[i])
			continue;
		if (rounds != run->rounds[i]) {
			run->rounds[i] = rounds;
			run->still[i] = 0;
		}
		run->still[i]++;
		if (run->aborted[i]) {
			if (run->still[i] >= CORE_POLLS)
				kill(run->pids[i], SIGKILL);
			continue;
		}
		if (run->still[i] < patience)
			continue;
		progress_alarm("process %u is stuck in round %llu (seed %llu); it is killed", i,
			       (unsigned long long)rounds, (unsigned long long)run->options->seed);
		/* Its core, where the limits allow one, shows where. */
		kill(run->pids[i], SIGABRT);
		run->aborted[i] = true;
		run->still[i] = 0;
	}
}

/* --- progress, results ---------------------------------------------------------------------------- */

/* Of a counter, over all processes. */
#define SUM(run, member)                                                                           \
	({                                                                                         \
		uint64_t total = 0;                                                                \
                                                                                                   \
		for (unsigned int process = 0; process < (run)->count; process++)                  \
			total += load(&(run)->memory->processes[process].member);                  \
		total;                                                                             \
	})

static void show(struct run *run, double left)
{
	double elapsed = cli_now() - run->start;
	char handled[32], suspends[32], features[32], line[512];

	if (!progress_due(elapsed))
		return;
	snprintf(
		line, sizeof(line),
		"%s on %s: %.0f s, %s faults handled/s, %s suspends, %llu stalled, %s features, %u "
		"finding%s%s",
		run->options->subject->name, run->options->profile->name, elapsed,
		with_commas((uint64_t)(SUM(run, handled) / (elapsed > 0 ? elapsed : 1)), handled),
		with_commas(SUM(run, suspends), suspends), (unsigned long long)SUM(run, stalled),
		with_commas(SUM(run, features), features), run->result->finding_count,
		run->result->finding_count == 1 ? "" : "s", "");
	if (left >= 0)
		snprintf(line + strlen(line), sizeof(line) - strlen(line), ", %.0f s left", left);
	progress_line(line);
}

static void sum_up(struct run *run)
{
	struct stress_result *result = run->result;

	result->seconds = cli_now() - run->start;
	result->rounds = SUM(run, rounds);
	result->steps = SUM(run, steps);
	result->features = SUM(run, features);
	result->own_races = SUM(run, own_races);
	if (result->own_races)
		result->internal_error = true;
	result->unkept += SUM(run, unkept);
	result->faults = SUM(run, faults);
	result->handled = SUM(run, handled);
	result->suspends = SUM(run, suspends);
	result->resident_kib = SUM(run, resident_kib);
	result->resident_kib_at_start = SUM(run, resident_kib_at_start);
	for (unsigned int i = 0; i < STRESS_ENDS; i++)
		result->ends[i] = SUM(run, ends[i]);
	for (unsigned int i = 0; i < MAX_STRESSORS; i++) {
		result->draws[i] = SUM(run, draws[i]);
		result->done[i] = SUM(run, done[i]);
		result->refused[i] = SUM(run, refused[i]);
	}
	for (unsigned int i = 0; i < 64; i++)
		result->operations[i] = SUM(run, operations[i]);
	for (unsigned int i = 0; i < FL_MAX_INVARIANTS; i++) {
		result->premises[i] = SUM(run, premises[i]);
		result->violations[i] = SUM(run, violations[i]);
	}
	for (unsigned int i = 0; i < run->count; i++) {
		const struct stress_process *process = &run->memory->processes[i];

		for (unsigned int k = 0; k < run->taken[i]; k++)
			for (unsigned int n = 0; n < result->finding_count; n++)
				if (!strcmp(result->findings[n].signature,
					    process->findings[k].signature))
					result->findings[n].count +=
						load(&process->findings[k].count);
	}
}

static void poll_once(struct run *run, double left, unsigned int patience)
{
	struct timespec pause = {.tv_nsec = POLL_NS};

	nanosleep(&pause, NULL);
	take_findings(run);
	show(run, left);
	kill_stuck(run, patience);
}

void stress_run(const struct stress_options *options, double seconds, bool until_failure,
		struct stress_result *result)
{
	struct run run = {.options = options, .result = result};
	double left = seconds > 0 ? seconds : -1;

	start(&run);
	while (reap(&run) && (seconds <= 0 || left > 0) && !campaign_interrupted() &&
	       !result->internal_error && !(until_failure && result->finding_count)) {
		poll_once(&run, left, STUCK_POLLS);
		if (seconds > 0)
			left = run.start + seconds - cli_now();
	}
	result->complete = !campaign_interrupted();
	atomic_store_explicit(&run.memory->stop, true, memory_order_relaxed);
	for (unsigned int i = 0; i < run.count; i++)
		run.still[i] = 0;
	while (reap(&run))
		poll_once(&run, -1, LAST_POLLS);
	result->complete &= !result->internal_error;
	take_findings(&run);
	progress_end();
	sum_up(&run);
	munmap(run.memory, run.memory_size);
}

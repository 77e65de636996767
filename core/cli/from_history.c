// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The search for a case, in turns: schedules near the history's order, and schedules by chance with the history's
 * knobs and actors, or with some of what these do. The first find what needs the order, the second what the
 * threads met by an order that fibers cannot take, and the third what takes few of the actors, whom the
 * others would only hinder.
 */
#include "from_history.h"

#include "cli.h"
#include "store.h"

#include <case/scenario.h>
#include <case/world.h>
#include <engine/prng.h>
#include <faultline/host.h>
#include <triage/refind.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TURN	    64 /* schedules of one strategy, then of the next */
#define POLL_NS	    20000000
/* A schedule takes microseconds; one that does not end in so many polls loops without a scheduling point. */
#define STUCK_POLLS 3000u /* a minute, in which the whole program was not stopped */
#define LAST_POLLS  500u  /* once the search is cancelled */

struct shared {
	volatile bool stop;
	struct from_history result;
	struct fl_case found;
};

static const struct {
	const char *strategy;
	bool thinned;
} turns[] = {
	{"history", false}, {"portfolio", false}, {"portfolio", true},
	{"history", false}, {"pct:2", false},	  {"pct:2", true},
};
#define TURNS (sizeof(turns) / sizeof(turns[0]))

/* Each actor does nothing, all, or half of what it did. */
static void thin(struct fl_program *program, struct fl_prng *prng)
{
	enum { NOTHING, HALF, ALL, SHARES };

	for (unsigned int i = 0; i < program->count; i++) {
		struct fl_actor *actor = &program->actors[i];
		uint32_t share = fl_prng_below(prng, SHARES);
		unsigned int kept = 0;

		for (unsigned int j = 0; j < actor->count; j++)
			if (share == ALL || (share == HALF && fl_prng_below(prng, 2)))
				actor->operations[kept++] = actor->operations[j];
		actor->count = (uint8_t)kept;
	}
	drop_idle_actors(program);
}

/* A case that replays, or false. */
static bool keep(struct shared *shared, const struct fl_history *history, uint64_t step)
{
	struct fl_outcome outcome;

	fl_world_record(&shared->found);
	memcpy(shared->found.signature, history->like.signature, sizeof(shared->found.signature));
	shared->found.scenario[0] = '\0';
	shared->found.step = step;
	if (shared->found.decision_count == FL_MAX_DECISIONS)
		return false;
	fl_world_replay(&shared->found, &outcome);
	return fl_case_found_in(&outcome, &shared->found) && shared->found.step == step;
}

static bool run_one(struct shared *shared, const struct fl_history *history,
		    const struct fl_run_options *options, struct fl_prng *thinning)
{
	static struct fl_case like;
	struct fl_outcome outcome;

	like = history->like;
	if (thinning)
		thin(&like.program, thinning);
	fl_world_explore_like(&like, options, &outcome);
	shared->result.schedules++;
	return fl_case_found_in(&outcome, &like) && keep(shared, history, like.step);
}

static void search(struct shared *shared, const struct fl_history *history, double seconds,
		   uint64_t runs, uint64_t seed)
{
	double end = cli_now() + seconds;
	uint64_t schedules[TURNS] = {0};

	for (unsigned int turn = 0;; turn = (turn + 1) % TURNS) {
		const char *argument, *message;
		struct fl_run_options options = {
			.strategy = fl_strategy_find(turns[turn].strategy, &argument),
		};
		uint64_t search = fl_prng_search(seed, turn);

		options.strategy->start(seed + turn, argument, &message);
		for (unsigned int i = 0; i < TURN; i++) {
			struct fl_prng prng = fl_prng_of(search, schedules[turn]);

			if (shared->stop || (runs && shared->result.schedules == runs) ||
			    (seconds > 0 && cli_now() >= end))
				return;
			options.schedule = schedules[turn]++;
			shared->result.found = run_one(shared, history, &options,
						       turns[turn].thinned ? &prng : NULL);
			if (shared->result.found)
				return;
			if (options.strategy->end)
				options.strategy->end();
		}
	}
}

static _Noreturn void child_main(struct shared *shared, const struct fl_history *history,
				 const struct fl_subject *subject, const struct fl_profile *profile,
				 double seconds, uint64_t runs, uint64_t seed)
{
	static uint8_t order[FL_HISTORY_STEPS];
	double start = cli_now();

	fl_check_quiet_sanitizers();
	if (fl_world_make(subject, profile, ~0u, shared->result.problem,
			  sizeof(shared->result.problem)))
		_exit(0);
	fl_history_set(order, fl_history_order(history, order), history->like.decisions,
		       history->like.decision_count);
	search(shared, history, seconds, runs, seed);
	shared->result.seconds = cli_now() - start;
	_exit(0);
}

/* The part of a signature that names its invariant. */
static const char *invariant_of(const char *signature, char *buffer, size_t size)
{
	snprintf(buffer, size, "%.*s", (int)strcspn(signature, " "), signature);
	return buffer;
}

static void save(struct shared *shared, const char *folder)
{
	char invariant[64], error[512];

	if (!shared->result.found)
		return;
	if (!store_save(folder, invariant_of(shared->found.signature, invariant, sizeof(invariant)),
			&shared->found, shared->result.path, sizeof(shared->result.path), error,
			sizeof(error)))
		return;
	shared->result.found = false;
	snprintf(shared->result.problem, sizeof(shared->result.problem), "%s", error);
}

static void wait_for(pid_t child, struct shared *shared, bool (*cancelled)(void))
{
	struct timespec pause = {.tv_nsec = POLL_NS};
	uint64_t schedules = 0;
	unsigned int still = 0;
	bool stuck = false;
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		if (cancelled && cancelled())
			shared->stop = true;
		nanosleep(&pause, NULL);
		still = shared->result.schedules == schedules ? still + 1 : 0;
		schedules = shared->result.schedules;
		stuck = still >= (shared->stop ? LAST_POLLS : STUCK_POLLS);
		if (stuck)
			kill(child, SIGKILL);
	}
	shared->result.died = stuck || !WIFEXITED(status) || WEXITSTATUS(status);
	if (stuck)
		snprintf(shared->result.problem, sizeof(shared->result.problem),
			 "schedule %llu of the search does not end", (unsigned long long)schedules);
	else if (shared->result.died)
		snprintf(shared->result.problem, sizeof(shared->result.problem),
			 "the search died with %s %d",
			 WIFSIGNALED(status) ? "signal" : "exit status",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

void from_history(const struct fl_history *history, const struct fl_subject *subject,
		  const struct fl_profile *profile, double seconds, uint64_t runs, uint64_t seed,
		  const char *folder, struct fl_case *found, bool (*cancelled)(void),
		  struct from_history *result)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;

	memset(result, 0, sizeof(*result));
	if (shared == MAP_FAILED) {
		snprintf(result->problem, sizeof(result->problem),
			 "there is no memory for the search");
		return;
	}
	if (!fl_case_fits(&history->like, subject, result->problem, sizeof(result->problem))) {
		munmap(shared, sizeof(*shared));
		return;
	}
	child = cli_fork();
	if (!child)
		child_main(shared, history, subject, profile, seconds, runs, seed);
	if (child < 0)
		snprintf(shared->result.problem, sizeof(shared->result.problem),
			 "cannot start a process: %s", strerror(errno));
	else
		wait_for(child, shared, cancelled);
	shared->result.seed = seed;
	if (folder)
		save(shared, folder);
	if (found && shared->result.found)
		*found = shared->found;
	*result = shared->result;
	munmap(shared, sizeof(*shared));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Inputs, run in processes of their own: one a world, which is made once. Answers come through a pipe, so
 * that an input that ends its process costs that input alone.
 */
#include "campaign.h"
#include "cli.h"
#include "progress.h"
#include "select.h"
#include "triage.h"

#include <case/raw.h>
#include <case/world.h>
#include <faultline/host.h>
#include <world/trace_hash.h>

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MINIMIZE_SEARCH 2000
#define MAX_BEST	256

/* --- in the child ---------------------------------------------------------------------------- */

static struct triage_answer answer;
static struct fl_case wanted;

/* What this world has replayed: a larger one of the same signature need not be. */
static struct best {
	char signature[FL_SIGNATURE_SIZE];
	struct fl_case_size size;
} best[MAX_BEST];
static unsigned int best_count;

static bool is_smaller(const struct fl_case_size *left, const struct fl_case_size *right)
{
	const unsigned int a[] = {left->operations, left->actors, left->settings, left->preemptions,
				  left->answers};
	const unsigned int b[] = {right->operations, right->actors, right->settings,
				  right->preemptions, right->answers};

	for (unsigned int i = 0; i < sizeof(a) / sizeof(a[0]); i++)
		if (a[i] != b[i])
			return a[i] < b[i];
	/* Which of equal ones is kept is the store's to say. */
	return true;
}

static bool note_best(const char *signature, const struct fl_case_size *size)
{
	for (unsigned int i = 0; i < best_count; i++) {
		if (strcmp(best[i].signature, signature))
			continue;
		if (!is_smaller(size, &best[i].size))
			return false;
		best[i].size = *size;
		return true;
	}
	if (best_count < MAX_BEST) {
		snprintf(best[best_count].signature, FL_SIGNATURE_SIZE, "%s", signature);
		best[best_count++].size = *size;
	}
	return true;
}

static bool is_worth_replaying(const struct triage_trial *trial)
{
	struct fl_case_size size;
	bool worth = !trial->sparing;

	fl_case_measure(&answer.recorded, &size);
	for (unsigned int i = 0; i < answer.finding_count; i++)
		worth |= note_best(answer.findings[i].signature, &size);
	return worth;
}

static bool has_same_findings(const struct fl_outcome *outcome)
{
	if (outcome->finding_count != answer.finding_count)
		return false;
	for (unsigned int i = 0; i < outcome->finding_count; i++)
		if (strcmp(outcome->findings[i].signature, answer.findings[i].signature) ||
		    outcome->findings[i].step != answer.findings[i].step)
			return false;
	return true;
}

static void replay(void)
{
	struct fl_outcome outcome;

	for (; answer.replays < TRIAGE_REPLAYS; answer.replays++) {
		fl_trace_hash_reset();
		fl_world_replay(&answer.recorded, &outcome);
		if (!answer.replays)
			answer.trace = fl_trace_hash();
		answer.identical += fl_trace_hash() == answer.trace && has_same_findings(&outcome);
	}
}

static void run_trial(const struct triage_trial *trial)
{
	struct fl_outcome outcome;
	char why[256];

	if (!trial->target) {
		if (fl_case_unpack(&wanted, trial->data, trial->size, why, sizeof(why)) ||
		    !fl_case_fits(&wanted, trial->subject, why, sizeof(why))) {
			snprintf(answer.refused, sizeof(answer.refused), "%s", why);
			answer.verdict = TRIAGE_REFUSED;
			return;
		}
	}
	fl_trace_hash_reset();
	if (trial->target)
		fl_world_raw(trial->target, trial->data, trial->size, &outcome);
	else
		fl_world_replay(&wanted, &outcome);
	if (trial->target)
		fl_world_record(&answer.recorded);
	else
		answer.recorded = wanted;
	snprintf(answer.recorded.subject, sizeof(answer.recorded.subject), "%s",
		 trial->subject->name);
	answer.finding_count = outcome.finding_count;
	memcpy(answer.findings, outcome.findings,
	       outcome.finding_count * sizeof(answer.findings[0]));
	if (answer.finding_count && is_worth_replaying(trial))
		replay();
}

static void minimize(const struct triage_trial *trial)
{
	struct fl_minimize_options how = {.search_runs = MINIMIZE_SEARCH};
	struct fl_minimized result;

	if (fl_case_unpack(&answer.recorded, trial->data, trial->size, answer.refused,
			   sizeof(answer.refused)) ||
	    fl_minimize(&answer.recorded, &how, &result, answer.refused, sizeof(answer.refused)))
		answer.verdict = TRIAGE_REFUSED;
}

/* A step of nothing but bytes: the parent is the same program. */
static void send_answer(FILE *out)
{
	size_t size = answer.verdict == TRIAGE_RAN ? fl_case_pack(&answer.recorded, NULL, 0) : 0;
	uint8_t *packed = malloc(size + 1);

	if (!packed)
		_exit(1);
	if (size)
		fl_case_pack(&answer.recorded, packed, size);
	fwrite(&answer, offsetof(struct triage_answer, findings), 1, out);
	fwrite(answer.findings, sizeof(answer.findings[0]), answer.finding_count, out);
	fwrite(&size, sizeof(size), 1, out);
	fwrite(packed, 1, size, out);
	if (fflush(out))
		_exit(1);
	free(packed);
}

static void clear_answer(void)
{
	memset(&answer, 0, offsetof(struct triage_answer, findings));
	answer.finding_count = 0;
}

static uint32_t invariants_for(const struct triage_trial *trial)
{
	char name[FL_NAME_SIZE], why[256];

	if (!trial->minimize || fl_case_unpack(&wanted, trial->data, trial->size, why, sizeof(why)))
		return select_invariants(NULL);
	/* As `faultline minimize` does it: the one that it is about. */
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(wanted.signature, " "), wanted.signature);
	return select_invariants(name);
}

static _Noreturn void child_main(const struct triage_trial *trials, size_t count, int pipe_end)
{
	FILE *out = fdopen(pipe_end, "wb");
	char error[sizeof(answer.refused)];
	int failed;

	if (!out)
		_exit(1);
	fl_check_quiet_sanitizers();
	fl_memory_granularity = trials->memory_granularity;
	failed = fl_world_make(trials->subject, trials->profile, invariants_for(trials), error,
			       sizeof(error));
	if (!failed && !trials->minimize)
		fl_trace_hash_start();
	fl_check_details(true);
	for (size_t i = 0; i < count; i++) {
		clear_answer();
		alarm(trials[i].minimize ? 10 * TRIAGE_INPUT_LIMIT : TRIAGE_INPUT_LIMIT);
		if (failed) {
			answer.verdict = TRIAGE_REFUSED;
			snprintf(answer.refused, sizeof(answer.refused), "%s", error);
		} else if (trials[i].minimize) {
			minimize(&trials[i]);
		} else {
			run_trial(&trials[i]);
		}
		send_answer(out);
	}
	_exit(0);
}

/* --- in the parent --------------------------------------------------------------------------- */

void triage_progress(const char *format, ...)
{
	static struct timespec start;
	struct timespec now;
	va_list arguments;
	char line[192];

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!start.tv_sec)
		start = now;
	if (!progress_due((double)(now.tv_sec - start.tv_sec) +
			  (double)(now.tv_nsec - start.tv_nsec) * 1e-9))
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	progress_line(line);
}

static bool receive_answer(FILE *in)
{
	static uint8_t *packed;
	size_t size;
	char why[256];

	if (fread(&answer, offsetof(struct triage_answer, findings), 1, in) != 1 ||
	    answer.finding_count > FL_MAX_FINDINGS ||
	    fread(answer.findings, sizeof(answer.findings[0]), answer.finding_count, in) !=
		    answer.finding_count ||
	    fread(&size, sizeof(size), 1, in) != 1)
		return false;
	if (!size)
		return true;
	packed = realloc(packed, size);
	if (!packed)
		fail_internal("there is no memory for a case");
	return fread(packed, 1, size, in) == size &&
	       !fl_case_unpack(&answer.recorded, packed, size, why, sizeof(why));
}

static bool is_same_world(const struct triage_trial *left, const struct triage_trial *right)
{
	return left->subject == right->subject && left->profile == right->profile &&
	       left->memory_granularity == right->memory_granularity && !left->minimize &&
	       !right->minimize;
}

/* Returns how many of @trials, which are of one world, were answered; the last one perhaps by its end. */
static size_t run_child(const struct triage_trial *trials, size_t count, size_t first,
			void (*see)(void *, size_t, const struct triage_answer *), void *context)
{
	int ends[2];
	size_t done = 0;
	pid_t child;
	FILE *in;

	if (pipe(ends))
		fail_internal("cannot start a run: %s", strerror(errno));
	child = cli_fork();
	if (!child) {
		close(ends[0]);
		child_main(trials, count, ends[1]);
	}
	if (child < 0)
		fail_internal("cannot start a run: %s", strerror(errno));
	close(ends[1]);
	in = fdopen(ends[0], "rb");
	if (!in)
		fail_internal("cannot start a run: %s", strerror(errno));
	while (done < count && !campaign_interrupted() && receive_answer(in))
		see(context, first + done++, &answer);
	fclose(in);
	if (campaign_interrupted())
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (done == count || campaign_interrupted())
		return done;
	clear_answer();
	answer.verdict = TRIAGE_DIED;
	see(context, first + done, &answer);
	return done + 1;
}

bool triage_run(const struct triage_trial *trials, size_t count,
		void (*see)(void *context, size_t index, const struct triage_answer *answer),
		void *context)
{
	for (size_t done = 0; done < count && !campaign_interrupted();) {
		size_t group = 1;

		while (done + group < count && is_same_world(&trials[done], &trials[done + group]))
			group++;
		done += run_child(trials + done, group, done, see, context);
	}
	return !campaign_interrupted();
}

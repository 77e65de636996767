// SPDX-License-Identifier: GPL-2.0-or-later
/* One commit's subject under the cases and a search, each in a child of its own. */
#include "bisect.h"
#include "cli.h"
#include "select.h"
#include "store.h"

#include <case/world.h>
#include <subject/loader.h>
#include <triage/refind.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Where the cases of @commit go. */
static void case_folder(const struct bisect *bisect, const struct bisect_commit *commit,
			char *folder, size_t size)
{
	snprintf(folder, size, "%s/cases/%.*s", bisect->out, BISECT_SHORT, commit->hash);
}

static _Noreturn void skip(struct bisect_commit *commit, const char *why)
{
	commit->state = BISECT_SKIPPED;
	snprintf(commit->why, sizeof(commit->why), "%s", why);
	_exit(FL_EXIT_NOTHING);
}

static const struct fl_subject *load(struct bisect_commit *commit, const char *path)
{
	char error[512];
	const struct fl_subject *subject = fl_subject_load(path, error, sizeof(error));

	if (!subject)
		skip(commit, error);
	return subject;
}

static void note_broken(struct bisect_commit *commit, unsigned int invariant, const char *signature,
			const char *path)
{
	commit->verdicts[invariant] = VERDICT_BROKEN;
	if (*commit->signatures[invariant])
		return;
	snprintf(commit->signatures[invariant], FL_SIGNATURE_SIZE, "%s", signature);
	snprintf(commit->paths[invariant], sizeof(commit->paths[invariant]), "%s", path);
}

/* --- the search ------------------------------------------------------------------------------ */

static void search(struct bisect *bisect, struct bisect_commit *commit, const char *path)
{
	static struct explored explored;
	struct campaign_options *options = &explored.options;
	const char *reason = "it does not say why";
	char folder[4096], why[512];

	*options = bisect->search;
	options->subject = load(commit, path);
	if (options->subject->supports(&options->profile->hardware, &reason)) {
		snprintf(why, sizeof(why), "it does not run on profile %s: %s",
			 options->profile->name, reason);
		skip(commit, why);
	}
	if (!campaign_take_scenarios(options, bisect->scenario))
		skip(commit, "it or the profile has not what the scenario needs");
	case_folder(bisect, commit, folder, sizeof(folder));
	store_open(folder);
	options->out = folder;
	campaign_run(options, &explored.result);
	store_tidy();
	commit->schedules = explored.result.schedules;
	commit->internal_error |= explored.result.internal_error;
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		const struct campaign_finding *finding = first_finding(&explored, i);
		enum verdict verdict = verdict_of(&explored, i);

		if (finding)
			note_broken(commit, i, finding->signature, finding->path);
		else if (commit->verdicts[i] != VERDICT_BROKEN &&
			 !(commit->verdicts[i] == VERDICT_KEEPS && verdict != VERDICT_BROKEN))
			commit->verdicts[i] = verdict;
	}
}

/* --- a case ---------------------------------------------------------------------------------- */

static int invariant_of(const struct fl_case *wanted)
{
	char name[FL_NAME_SIZE];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(wanted->signature, " "),
		 wanted->signature);
	return fl_invariant_find(name);
}

static void run_case(struct bisect *bisect, struct bisect_commit *commit, unsigned int number,
		     const char *path)
{
	struct fl_case *wanted = &bisect->cases[number];
	const struct fl_subject *subject = load(commit, path);
	const struct fl_profile *profile = fl_profile_find(wanted->profile);
	int invariant = invariant_of(wanted);
	struct fl_outcome outcome;
	char folder[4096], saved[4096], error[512];

	commit->answers[number] = BISECT_CANNOT;
	subject = wanted->memory_granularity ? fl_subject_for_memory(subject, error, sizeof(error))
					     : subject;
	if (!subject)
		skip(commit, error);
	fl_memory_granularity = wanted->memory_granularity;
	fl_check_quiet_sanitizers();
	if (!fl_case_fits(wanted, subject, error, sizeof(error)) ||
	    fl_world_make(subject, profile, select_invariants(NULL), error, sizeof(error)))
		return;
	snprintf(wanted->subject, sizeof(wanted->subject), "%s", subject->name);
	if (!fl_case_refind(wanted, bisect->refind_runs)) {
		fl_world_replay(wanted, &outcome);
		commit->answers[number] =
			outcome.premises & 1u << invariant ? BISECT_KEEPS : BISECT_APART;
		if (commit->answers[number] == BISECT_KEEPS &&
		    commit->verdicts[invariant] != VERDICT_BROKEN)
			commit->verdicts[invariant] = VERDICT_KEEPS;
		return;
	}
	commit->answers[number] = BISECT_BREAKS;
	case_folder(bisect, commit, folder, sizeof(folder));
	store_open(folder);
	if (store_save(folder, fl_invariants[invariant]->name, wanted, saved, sizeof(saved), error,
		       sizeof(error)))
		fail_usage("%s", error);
	note_broken(commit, invariant, wanted->signature, saved);
}

void bisect_last_line(const char *path, char *text, size_t size)
{
	static const char *const speakers[] = {"add-linux: ", "faultline: "};
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;

	snprintf(text, size, "it says nothing");
	while (file && getline(&line, &room, file) > 0) {
		const char *from = line;

		line[strcspn(line, "\n")] = '\0';
		for (unsigned int i = 0; i < sizeof(speakers) / sizeof(speakers[0]); i++)
			if (!strncmp(line, speakers[i], strlen(speakers[i])))
				from = line + strlen(speakers[i]);
		if (*from)
			snprintf(text, size, "%s", from);
	}
	free(line);
	if (file)
		fclose(file);
}

/* --- children -------------------------------------------------------------------------------- */

/* Wait for it; what interrupts this program interrupts it too. */
static int wait_for(pid_t child)
{
	bool told = false;
	int status;
	pid_t ended;

	while (!(ended = waitpid(child, &status, WNOHANG))) {
		if (campaign_interrupted() && !told) {
			kill(child, SIGINT);
			told = true;
		}
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	return ended < 0 ? -1 : status;
}

/* Case @number, or the search for -1. False: no more is to be tried of this commit. */
static bool run_child(struct bisect *bisect, struct bisect_commit *commit, int number,
		      const char *path)
{
	char log[4096], line[512];
	pid_t child;
	int status;

	snprintf(log, sizeof(log), "%s/%.*s", bisect->logs, BISECT_SHORT, commit->hash);
	fflush(NULL);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* Each finding is a line, which is more than one wants to see of each commit. */
		if (!freopen(log, "a", stderr))
			_exit(FL_EXIT_INTERNAL);
		if (number < 0) {
			search(bisect, commit, path);
		} else {
			signal(SIGINT, SIG_DFL);
			run_case(bisect, commit, (unsigned int)number, path);
		}
		fflush(NULL);
		_exit(FL_EXIT_NOTHING);
	}
	if (child < 0)
		fail_internal("cannot start a run: %s", strerror(errno));
	status = wait_for(child);
	if (campaign_interrupted()) {
		commit->state = BISECT_INTERRUPTED;
		return false;
	}
	if (commit->state == BISECT_SKIPPED)
		return false;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	/* A full disk, say, would be no better for the next commit. */
	if (WIFEXITED(status)) {
		bisect_last_line(log, line, sizeof(line));
		if (WEXITSTATUS(status) == FL_EXIT_USAGE)
			fail_usage("%s", line);
		fail_internal("%s", line);
	}
	commit->state = BISECT_SKIPPED;
	snprintf(commit->why, sizeof(commit->why), "signal %d ends the process in which it runs",
		 WTERMSIG(status));
	return false;
}

void bisect_try(struct bisect *bisect, struct bisect_commit *commit, const char *path)
{
	for (unsigned int i = 0; fl_invariants[i]; i++)
		commit->verdicts[i] = VERDICT_NOT_EXERCISED;
	for (unsigned int i = 0; i < bisect->case_count; i++)
		if (!run_child(bisect, commit, (int)i, path))
			return;
	if (!bisect->no_search && !run_child(bisect, commit, -1, path))
		return;
	commit->state = BISECT_TRIED;
}

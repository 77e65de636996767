// SPDX-License-Identifier: GPL-2.0-or-later
/* Crash files, run again: in this program, and on the target that they crashed. */
#include "campaign.h"
#include "cli.h"
#include "fuzz.h"
#include "select.h"

#include <case/raw.h>
#include <case/world.h>
#include <faultline/host.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- in this program ------------------------------------------------------------------------- */

/* The first violation that would crash the target, or NULL; *@any: one that would not. */
static const struct fl_finding *crashing(const struct fuzz_options *options,
					 const struct fl_outcome *outcome, bool *any)
{
	*any = outcome->finding_count;
	for (unsigned int i = 0; i < outcome->finding_count; i++) {
		const struct fl_finding *finding = &outcome->findings[i];

		if (options->invariants & 1u << finding->invariant &&
		    !fl_suppressions_find(&options->known, finding->invariant, finding->signature,
					  fl_today()))
			return finding;
	}
	return NULL;
}

static bool breaks(const struct fl_case *replayed)
{
	struct fl_outcome outcome;

	fl_world_replay(replayed, &outcome);
	for (unsigned int i = 0; i < outcome.finding_count; i++)
		if (!strcmp(outcome.findings[i].signature, replayed->signature) &&
		    outcome.findings[i].step == replayed->step)
			return true;
	return false;
}

static void look_at(const struct fuzz_options *options, const char *path,
		    struct fuzz_answer *answer)
{
	const struct fl_finding *finding;
	struct fl_outcome outcome;
	bool any;
	uint8_t *data = fuzz_read(path, &answer->size);

	if (!data || answer->size > FL_RAW_SIZE) {
		free(data);
		answer->verdict = FUZZ_QUIET;
		return;
	}
	fl_world_raw(options->target, data, answer->size, &outcome);
	fl_world_record(&answer->recorded);
	free(data);
	finding = crashing(options, &outcome, &any);
	if (!finding) {
		answer->verdict = any ? FUZZ_KNOWN : FUZZ_QUIET;
		return;
	}
	answer->invariant = finding->invariant;
	snprintf(answer->recorded.signature, sizeof(answer->recorded.signature), "%s",
		 finding->signature);
	answer->recorded.step = finding->step;
	snprintf(answer->detail, sizeof(answer->detail), "%s", finding->detail);
	for (unsigned int i = 0; i < FUZZ_REPLAYS; i++)
		answer->replayed += breaks(&answer->recorded);
	answer->verdict = FUZZ_BREAKS;
}

static _Noreturn void replay_main(const struct fuzz_campaign *campaign, char *const *paths,
				  size_t first, size_t count, struct fuzz_answer *answers)
{
	const struct fuzz_options *options = &campaign->options;
	char error[512];

	fl_check_quiet_sanitizers();
	/* As `faultline replay` does it: all invariants, of which the target judges some. */
	if (fl_world_make(options->subject, select_profile(options->target->profile),
			  select_invariants(NULL), error, sizeof(error)))
		_exit(1);
	fl_check_details(true);
	for (size_t i = first; i < count; i++) {
		alarm((unsigned int)FUZZ_INPUT_LIMIT);
		look_at(options, paths[i], &answers[i]);
	}
	_exit(0);
}

const struct fuzz_answer *fuzz_replay(const struct fuzz_campaign *campaign, char *const *paths,
				      size_t count)
{
	static struct fuzz_answer *answers;
	size_t done = 0;

	if (!answers)
		answers = mmap(NULL, FUZZ_BATCH * sizeof(*answers), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (answers == MAP_FAILED)
		fail_internal("there is no memory for replays: %s", strerror(errno));
	memset(answers, 0, count * sizeof(*answers));
	/* One that dies leaves the rest to another. */
	while (done < count) {
		pid_t child;

		child = cli_fork();
		if (!child)
			replay_main(campaign, paths, done, count, answers);
		if (child < 0)
			fail_internal("cannot start a replay: %s", strerror(errno));
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
		while (done < count && answers[done].verdict)
			done++;
		if (done < count)
			answers[done++].verdict = FUZZ_DIES;
	}
	return answers;
}

/* --- on the target --------------------------------------------------------------------------- */

/* What a crash says first: an assertion of ours, or a sanitizer's or the engine's summary. */
static void read_title(const char *log, char *title, size_t size)
{
	static const char *const marks[] = {"ASSERTION FAILED: ", "SUMMARY: ", "ERROR: "};
	char line[1024];

	*title = '\0';
	for (unsigned int i = 0; i < 3 && !*title; i++) {
		FILE *file = fopen(log, "r");

		while (file && !*title && fgets(line, sizeof(line), file)) {
			const char *mark = strstr(line, marks[i]);

			line[strcspn(line, "\n")] = '\0';
			if (mark)
				snprintf(title, size, "%.*s", (int)size - 1,
					 mark + strlen(marks[i]));
		}
		if (file)
			fclose(file);
	}
}

unsigned int fuzz_rerun(struct fuzz_campaign *campaign, const struct fuzz_run *run,
			const char *path, unsigned int times, char *title, size_t title_size)
{
	/* Names of functions are not asked for, and cost seconds. */
	static char *const plain[] = {"ASAN_OPTIONS=symbolize=0", "UBSAN_OPTIONS=symbolize=0",
				      "MSAN_OPTIONS=symbolize=0", NULL};
	char **environment = fuzz_environment(&campaign->options, plain);
	char *log = fuzz_path(campaign, ".replay.log"), *input = realpath(path, NULL);
	char *argv[] = {(char *)run->program, input, NULL};
	unsigned int crashes = 0;

	for (unsigned int i = 0; i < times && input; i++) {
		int status;

		unlink(log);
		status = fuzz_process_run(argv, environment, campaign->folder, ".replay.log",
					  FUZZ_INPUT_LIMIT, false);
		if (!status)
			continue;
		if (!crashes++ && title) {
			read_title(log, title, title_size);
			if (status == -ETIMEDOUT)
				snprintf(title, title_size, "no end after %.0f s",
					 FUZZ_INPUT_LIMIT);
			else if (!*title)
				snprintf(title, title_size, "status %d", status);
		}
	}
	unlink(log);
	free(log);
	free(input);
	free(environment);
	return crashes;
}

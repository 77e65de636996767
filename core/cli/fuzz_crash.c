// SPDX-License-Identifier: GPL-2.0-or-later
/* From crash files to findings: one a signature, with the smallest input that makes it. */
#include "cli.h"
#include "fuzz.h"
#include "progress.h"
#include "store.h"

#include <case/raw.h>

#include <ctype.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WRITTEN_SECONDS 1    /* so long after its last change, a file is whole */
#define RUNNING_SECONDS 2.0  /* for crashes that are none here, while engines run */
#define LAST_SECONDS	30.0 /* and at the end */

static int by_path(const void *left, const void *right)
{
	return strcmp(left, right);
}

static void add_waiting(struct fuzz_campaign *campaign, struct fuzz_run *run, const char *path,
			enum fuzz_origin origin)
{
	char *key;

	if (tfind(path, &campaign->seen, by_path))
		return;
	key = fuzz_format("%s", path);
	if (!tsearch(key, &campaign->seen, by_path))
		fail_internal("there is no memory for the names of crash files");
	if (campaign->waiting_count == campaign->waiting_room) {
		campaign->waiting_room = campaign->waiting_room * 2 + FUZZ_BATCH;
		campaign->waiting = realloc(campaign->waiting,
					    campaign->waiting_room * sizeof(*campaign->waiting));
		if (!campaign->waiting)
			fail_internal("there is no memory for the names of crash files");
	}
	campaign->waiting[campaign->waiting_count++] = (struct fuzz_crash){key, run, origin};
}

struct crash_folder {
	struct fuzz_campaign *campaign;
	struct fuzz_run *run;
};

static void see_crash(void *context, const char *path)
{
	const struct crash_folder *folder = context;
	struct fuzz_campaign *campaign = folder->campaign;
	struct fuzz_run *run = folder->run;
	struct stat status;

	if (!run->engine->is_crash(strrchr(path, '/') + 1))
		return;
	/* Perhaps half of it is there. */
	if (!stat(path, &status) &&
	    (campaign->ended > 0 || time(NULL) - status.st_mtime > WRITTEN_SECONDS))
		add_waiting(campaign, run, path, FUZZ_CRASH_FILE);
}

/* The input of a finding of a run before. */
static void see_kept(void *context, const char *path)
{
	struct fuzz_campaign *campaign = context;
	size_t length = strlen(path);

	if (length > 6 && !strcmp(path + length - 6, ".input"))
		add_waiting(campaign, &campaign->runs[0], path, FUZZ_KEPT_INPUT);
}

void fuzz_crashes_add_seed(struct fuzz_campaign *campaign, const char *path)
{
	add_waiting(campaign, &campaign->runs[0], path, FUZZ_SEED);
}

/* --- findings -------------------------------------------------------------------------------- */

static struct fuzz_finding *find_finding(struct fuzz_campaign *campaign, enum fuzz_kind kind,
					 const char *signature)
{
	for (unsigned int i = 0; i < campaign->finding_count; i++)
		if (campaign->findings[i].kind == kind &&
		    !strcmp(campaign->findings[i].signature, signature))
			return &campaign->findings[i];
	return NULL;
}

static struct fuzz_finding *new_finding(struct fuzz_campaign *campaign, enum fuzz_kind kind,
					const char *signature)
{
	struct fuzz_finding *finding;

	if (campaign->finding_count == FUZZ_MAX_FINDINGS)
		return NULL;
	finding = &campaign->findings[campaign->finding_count++];
	*finding = (struct fuzz_finding){.kind = kind};
	snprintf(finding->signature, sizeof(finding->signature), "%s", signature);
	return finding;
}

/* The case as cases/NAME.case, the input beside it. A case that cannot be written ends the program. */
static void store_finding(struct fuzz_campaign *campaign, struct fuzz_finding *finding,
			  const char *name, const struct fl_case *found,
			  const struct fuzz_crash *crash)
{
	char *folder = fuzz_path(campaign, "cases");
	char path[4096], error[512];
	size_t size, length;
	uint8_t *data = fuzz_read(crash->path, &size);
	int failed;

	if (store_save(folder, name, found, path, sizeof(path), error, sizeof(error)))
		fail_usage("%s", error);
	free(folder);
	free(finding->path);
	free(finding->input);
	finding->path = fuzz_format("%s", path);
	length = strlen(path) - strlen(".case");
	finding->input = fuzz_format("%.*s.input", (int)length, path);
	finding->run = crash->run;
	finding->size = size;
	failed = data && strcmp(crash->path, finding->input)
			 ? fuzz_write(finding->input, data, size)
			 : 0;
	if (failed)
		fail_usage("cannot write %s: %s; free some space and run it again", finding->input,
			   strerror(-failed));
	free(data);
}

/* Of libFuzzer, which keeps every crash, those that say nothing new. */
static void drop_duplicate(const struct fuzz_crash *crash)
{
	if (crash->run->engine == &fuzz_libfuzzer && crash->origin == FUZZ_CRASH_FILE)
		unlink(crash->path);
}

static void count_crashes(struct fuzz_campaign *campaign, struct fuzz_finding *finding)
{
	finding->crashed =
		fuzz_rerun(campaign, finding->run, finding->input, FUZZ_REPLAYS, NULL, 0);
	finding->stale = false;
}

static const char *who_found(const struct fuzz_crash *crash)
{
	static const char *const names[] = {
		[FUZZ_KEPT_INPUT] = "kept from before",
		[FUZZ_SEED] = "a seed",
	};

	return crash->origin == FUZZ_CRASH_FILE ? crash->run->engine->name : names[crash->origin];
}

static void take_violation(struct fuzz_campaign *campaign, const struct fuzz_crash *crash,
			   const struct fuzz_answer *answer)
{
	const char *signature = answer->recorded.signature;
	struct fuzz_finding *finding = find_finding(campaign, FUZZ_VIOLATION, signature);
	bool fresh = !finding;

	if (finding && answer->size >= finding->size) {
		finding->files += crash->origin == FUZZ_CRASH_FILE;
		drop_duplicate(crash);
		return;
	}
	if (!finding)
		finding = new_finding(campaign, FUZZ_VIOLATION, signature);
	if (!finding)
		return;
	finding->files += crash->origin == FUZZ_CRASH_FILE;
	finding->invariant = answer->invariant;
	finding->step = answer->recorded.step;
	finding->replayed = answer->replayed;
	snprintf(finding->detail, sizeof(finding->detail), "%s", answer->detail);
	store_finding(campaign, finding, fl_invariants[answer->invariant]->name, &answer->recorded,
		      crash);
	finding->stale = true;
	if (!fresh)
		return;
	count_crashes(campaign, finding);
	progress_alarm("%s breaks %s: %s, %zu bytes, crashes the target %u of %u times, %s",
		       campaign->options.subject_name, signature, who_found(crash), finding->size,
		       finding->crashed, FUZZ_REPLAYS, finding->path);
	if (finding->replayed == FUZZ_REPLAYS)
		return;
	campaign->failed = true;
	progress_alarm(
		"faultline: %s replays %u of %u times: this is an error of faultline; please report it with the case",
		finding->path, finding->replayed, FUZZ_REPLAYS);
}

/* Words of the target as a signature: printable, without quotes and numbers that vary. */
static void clean_title(char *title)
{
	char *out = title;

	for (const char *in = title; *in; in++)
		if (isprint((unsigned char)*in) && *in != '"' && *in != '\\')
			*out++ = *in;
	while (out > title && out[-1] == ' ')
		out--;
	*out = '\0';
}

/*
 * A target that ends where this program sees nothing: a sanitizer's report, a hang, a target whose inputs
 * are no cases.
 */
static void take_crash(struct fuzz_campaign *campaign, const struct fuzz_crash *crash,
		       const struct fuzz_answer *answer, const char *title)
{
	struct fuzz_finding *finding = find_finding(campaign, FUZZ_CRASH, title);
	static struct fl_case recorded;

	if (finding) {
		finding->files += crash->origin == FUZZ_CRASH_FILE;
		if (!answer || answer->size >= finding->size)
			drop_duplicate(crash);
		return;
	}
	finding = new_finding(campaign, FUZZ_CRASH, title);
	if (!finding)
		return;
	finding->files = crash->origin == FUZZ_CRASH_FILE;
	finding->run = crash->run;
	finding->input = fuzz_format("%s", crash->path);
	if (answer && answer->verdict != FUZZ_DIES) {
		recorded = answer->recorded;
		recorded.step = 0;
		snprintf(recorded.signature, sizeof(recorded.signature), "%s", title);
		store_finding(campaign, finding, "crash", &recorded, crash);
	}
	count_crashes(campaign, finding);
	progress_alarm("%s crashes with %s: %s, %u of %u times, %s", campaign->options.target_name,
		       title, crash->run->engine->name, finding->crashed, FUZZ_REPLAYS,
		       finding->input);
}

/* What broke nothing in this program. */
static void try_target(struct fuzz_campaign *campaign, const struct fuzz_crash *crash,
		       const struct fuzz_answer *answer)
{
	char title[FL_SIGNATURE_SIZE];

	if (crash->origin == FUZZ_SEED)
		return;
	if (fuzz_rerun(campaign, crash->run, crash->path, 3, title, sizeof(title))) {
		clean_title(title);
		take_crash(campaign, crash, answer, title);
		return;
	}
	if (answer && answer->verdict == FUZZ_KNOWN) {
		campaign->known_files++;
		return;
	}
	campaign->unreproduced++;
	if (!campaign->unreproduced_path)
		campaign->unreproduced_path = fuzz_format("%s", crash->path);
}

static void take_batch(struct fuzz_campaign *campaign, const struct fuzz_crash *crashes,
		       size_t count, double deadline)
{
	const struct fuzz_answer *answers = NULL;
	char *paths[FUZZ_BATCH] = {NULL};

	for (size_t i = 0; i < count; i++)
		paths[i] = crashes[i].path;
	if (campaign->options.target)
		answers = fuzz_replay(campaign, paths, count);
	for (size_t i = 0; i < count; i++) {
		const struct fuzz_answer *answer = answers ? &answers[i] : NULL;

		if (answer && answer->verdict == FUZZ_BREAKS)
			take_violation(campaign, &crashes[i], answer);
		else if (cli_now() < deadline)
			try_target(campaign, &crashes[i], answer);
		else
			campaign->unexamined++;
	}
}

void fuzz_crashes_take(struct fuzz_campaign *campaign, bool last)
{
	double deadline = cli_now() + (last ? LAST_SECONDS : RUNNING_SECONDS);
	char *cases = fuzz_path(campaign, "cases");
	size_t done = 0;

	fuzz_each_file(cases, see_kept, campaign);
	free(cases);
	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		struct crash_folder folder = {campaign, &campaign->runs[i]};

		folder.run->engine->each_kept(campaign, see_crash, &folder);
	}
	while (done < campaign->waiting_count && (last || cli_now() < deadline)) {
		size_t count = campaign->waiting_count - done;

		count = count < FUZZ_BATCH ? count : FUZZ_BATCH;
		take_batch(campaign, campaign->waiting + done, count,
			   last ? deadline : cli_now() + LAST_SECONDS);
		done += count;
	}
	/* Their names stay in the tree. */
	if (done)
		memmove(campaign->waiting, campaign->waiting + done,
			(campaign->waiting_count - done) * sizeof(*campaign->waiting));
	campaign->waiting_count -= done;
	for (unsigned int i = 0; last && i < campaign->finding_count; i++)
		if (campaign->findings[i].stale)
			count_crashes(campaign, &campaign->findings[i]);
}

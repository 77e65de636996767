// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Histories of stress runs as inputs of a triage. A history does not replay: what stands for it is the case that a
 * search gives, in so many schedules, with one seed, so that the same folder gives the same store. One that
 * gives none is kept as what it is, and searched again whenever it is given again.
 */
#include "campaign.h"
#include "cli.h"
#include "from_history.h"
#include "progress.h"
#include "triage.h"

#include <world/trace_hash.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "faultline history "

bool triage_is_history(const uint8_t *data, size_t size)
{
	return size >= sizeof(MAGIC) - 1 && !memcmp(data, MAGIC, sizeof(MAGIC) - 1);
}

/* --- what lies in folders ----------------------------------------------------------------------- */

static uint64_t identity_of(const char *path)
{
	uint64_t hash = fl_hash_bytes(FL_HASH_START, "history", 7);
	FILE *file = fopen(path, "rb");
	char block[4096];
	size_t size;

	if (!file)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	while ((size = fread(block, 1, sizeof(block), file)))
		hash = fl_hash_bytes(hash, block, size);
	if (ferror(file))
		fail_usage("cannot read %s: %s", path, strerror(errno));
	fclose(file);
	return hash;
}

static bool load(struct fl_history *history, const char *path)
{
	char error[512];

	if (fl_history_load(history, path, error, sizeof(error))) {
		progress_alarm("%s", error);
		return false;
	}
	if (!*history->like.signature)
		progress_alarm("%s: its case does not say what it breaks", path);
	return *history->like.signature;
}

void triage_take_history(struct triage_inputs *inputs, const char *path)
{
	static struct fl_history loaded;
	struct triage_history *history;
	char error[512];

	if (!load(&loaded, path)) {
		inputs->damaged++;
		return;
	}
	if (inputs->history_count == inputs->history_room) {
		inputs->history_room = inputs->history_room * 2 + 64;
		inputs->histories = realloc(inputs->histories,
					    inputs->history_room * sizeof(*inputs->histories));
		if (!inputs->histories)
			fail_internal("there is no memory for the inputs");
	}
	history = &inputs->histories[inputs->history_count++];
	history->path = strdup(path);
	if (!history->path)
		fail_internal("there is no memory for the inputs");
	history->identity = identity_of(path);
	history->subject = triage_subject(loaded.like.subject, false, error, sizeof(error));
	if (!history->subject)
		fail_usage("%s: %s", path, error);
	/* One that is unknown would be damage. */
	history->profile = fl_profile_find(loaded.like.profile);
}

/* --- one at a time ------------------------------------------------------------------------------ */

static struct {
	struct fl_store *store;
	const struct triage_options *options;
	struct triage_counts *counts;
	const struct triage_history *input;
	const struct fl_history *history;
	uint64_t schedules;
	bool reproduced;
} now;

static void add_history(uint64_t in_vain)
{
	const struct fl_history *history = now.history;
	struct fl_store_history row = {
		.subject = history->like.subject,
		.signature = history->like.signature,
		.input = now.input->identity,
		.path = now.input->path,
		.profile = history->like.profile,
		.detail = history->detail,
		.seed = history->seed,
		.process = history->process,
		.round = history->round,
		.schedules = in_vain,
		.first_seen = now.options->now,
		.last_seen = now.options->now,
	};

	triage_do(now.store, fl_store_add_history(now.store, &row));
}

/* The history and what its case broke, as one: killed, it is not there, or it is a finding's. */
static void see_case(void *context, size_t index, const struct triage_answer *answer)
{
	if (answer->verdict == TRIAGE_DIED)
		now.counts->died++;
	if (answer->verdict == TRIAGE_REFUSED)
		now.counts->refused++;
	if (answer->verdict != TRIAGE_RAN) {
		progress_alarm(
			"the case of %s: %s", now.input->path,
			answer->verdict == TRIAGE_REFUSED
				? answer->refused
				: "it ends or hangs the process that runs it; please report it");
		return;
	}
	for (unsigned int i = 0; i < answer->finding_count; i++)
		now.reproduced |=
			!strcmp(answer->findings[i].signature, now.history->like.signature);
	triage_do(now.store, fl_store_begin(now.store));
	add_history(now.reproduced ? 0 : now.schedules);
	for (unsigned int i = 0; i < answer->finding_count; i++) {
		struct fl_store_hit hit = {
			.subject = answer->recorded.subject,
			.signature = answer->findings[i].signature,
			.input = now.input->identity,
			.name = triage_name_of(now.input->path),
			.seen = now.options->now,
		};

		triage_do(now.store, fl_store_add_hit(now.store, &hit));
	}
	triage_do(now.store, fl_store_commit(now.store));
	triage_add_cases(now.store, answer, now.options->now);
}

static bool run_case(const struct fl_case *found)
{
	size_t size = fl_case_pack(found, NULL, 0);
	uint8_t *packed = malloc(size);
	struct triage_trial trial = {
		.data = packed,
		.size = size,
		.subject = now.input->subject,
		.profile = now.input->profile,
	};
	bool complete;

	if (!packed)
		fail_internal("there is no memory for a case");
	fl_case_pack(found, packed, size);
	complete = triage_run(&trial, 1, see_case, NULL);
	free(packed);
	return complete;
}

static void tell_problem(const struct from_history *result)
{
	if (!*result->problem)
		return;
	progress_alarm("no case of %s: %s", now.input->path, result->problem);
	now.counts->died += result->died;
	now.counts->refused += !result->died;
}

/* False if interrupted: what was not searched to its end is not recorded. */
static bool search(void)
{
	static struct fl_case found;
	static struct from_history result;

	from_history(now.history, now.input->subject, now.input->profile, 0,
		     now.options->search_runs, TRIAGE_SEARCH_SEED, NULL, &found,
		     campaign_interrupted, &result);
	if (campaign_interrupted())
		return false;
	now.schedules = result.schedules;
	now.reproduced = false;
	tell_problem(&result);
	if (result.found && !run_case(&found))
		return false;
	if (now.reproduced)
		return true;
	now.counts->unreproduced++;
	/* Whatever its case broke instead was recorded with it, and this once more changes nothing. */
	triage_do(now.store, fl_store_begin(now.store));
	add_history(now.schedules);
	triage_do(now.store, fl_store_commit(now.store));
	return true;
}

void triage_search(struct fl_store *store, const struct triage_options *options,
		   const struct triage_inputs *inputs, struct triage_counts *counts)
{
	static struct fl_history loaded;

	now.store = store;
	now.options = options;
	now.counts = counts;
	now.history = &loaded;
	for (size_t i = 0; i < inputs->history_count && counts->complete; i++) {
		now.input = &inputs->histories[i];
		triage_progress("triage: %zu of %zu histories", i, inputs->history_count);
		counts->inputs++;
		/* It was well when the folders were read. */
		if (!load(&loaded, now.input->path))
			counts->refused++;
		else
			counts->complete = search();
	}
	counts->complete &= !campaign_interrupted();
	progress_end();
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* From runs to the store. */
#include "cli.h"
#include "progress.h"
#include "triage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Hits that wait for one transaction. */
#define MAX_PENDING 256

struct pending {
	char subject[FL_NAME_SIZE], signature[FL_SIGNATURE_SIZE], name[256];
	uint64_t input;
};

static struct {
	struct fl_store *store;
	const struct triage_options *options;
	const struct triage_inputs *inputs;
	const struct triage_stored *stored; /* of a minimisation */
	struct triage_counts *counts;
	struct pending pending[MAX_PENDING];
	unsigned int pending_count;
	size_t done;
} recorder;

void triage_fail(struct fl_store *store)
{
	fail_usage("%s", fl_store_error(store));
}

void triage_do(struct fl_store *store, int result)
{
	if (result)
		triage_fail(store);
}

static void flush(void)
{
	struct fl_store *store = recorder.store;

	if (!recorder.pending_count)
		return;
	triage_do(store, fl_store_begin(store));
	for (unsigned int i = 0; i < recorder.pending_count; i++) {
		const struct pending *pending = &recorder.pending[i];
		struct fl_store_hit hit = {
			.subject = pending->subject,
			.signature = pending->signature,
			.input = pending->input,
			.name = pending->name,
			.seen = recorder.options->now,
		};

		triage_do(store, fl_store_add_hit(store, &hit));
	}
	triage_do(store, fl_store_commit(store));
	recorder.pending_count = 0;
}

const char *triage_name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_hit(const struct triage_answer *answer, const char *signature,
		    const struct triage_input *input)
{
	struct pending *pending;

	if (recorder.pending_count == MAX_PENDING)
		flush();
	pending = &recorder.pending[recorder.pending_count++];
	snprintf(pending->subject, sizeof(pending->subject), "%s", answer->recorded.subject);
	snprintf(pending->signature, sizeof(pending->signature), "%s", signature);
	snprintf(pending->name, sizeof(pending->name), "%s", triage_name_of(input->path));
	pending->input = input->identity;
}

/* One that does not replay is kept only where there is nothing better. */
static void add_case(struct fl_store *store, const struct fl_case *found,
		     const struct fl_finding *finding, const struct triage_answer *answer,
		     fl_time_t now)
{
	struct fl_store_case added = {
		.found = found,
		.detail = finding->detail,
		.replays = answer->replays,
		.identical = answer->identical,
		.trace = answer->trace,
		.tried = now,
	};
	bool kept;

	triage_do(store, fl_store_begin(store));
	triage_do(store, fl_store_add_case(store, &added, &kept));
	triage_do(store, fl_store_commit(store));
}

void triage_add_cases(struct fl_store *store, const struct triage_answer *answer, fl_time_t now)
{
	static struct fl_case found;

	for (unsigned int i = 0; i < answer->finding_count; i++) {
		bool keep, there;

		found = answer->recorded;
		snprintf(found.signature, sizeof(found.signature), "%s",
			 answer->findings[i].signature);
		found.step = answer->findings[i].step;
		triage_do(store, fl_store_would_keep(store, &found, &keep, &there));
		if (!keep || (there && answer->identical < answer->replays))
			continue;
		/* The case stands in the store no earlier than what hit it. */
		flush();
		add_case(store, &found, &answer->findings[i], answer, now);
	}
}

static void see(void *context, size_t index, const struct triage_answer *answer)
{
	const struct triage_input *input = &recorder.inputs->all[index];
	struct triage_counts *counts = context;

	recorder.done++;
	triage_progress("triage: %zu of %zu inputs", recorder.done, recorder.inputs->count);
	counts->inputs++;
	if (answer->verdict == TRIAGE_DIED) {
		counts->died++;
		progress_alarm(
			"faultline: %s ends or hangs the process that runs it; please report it",
			input->path);
		return;
	}
	if (answer->verdict == TRIAGE_REFUSED) {
		counts->refused++;
		progress_alarm("%s on %s: %s", input->path, input->subject->name, answer->refused);
		return;
	}
	counts->quiet += !answer->finding_count;
	for (unsigned int i = 0; i < answer->finding_count; i++)
		add_hit(answer, answer->findings[i].signature, input);
	if (answer->replays)
		triage_add_cases(recorder.store, answer, recorder.options->now);
}

void triage_record(struct fl_store *store, const struct triage_options *options,
		   const struct triage_inputs *inputs, struct triage_counts *counts)
{
	struct triage_trial *trials = calloc(inputs->count + 1, sizeof(*trials));

	if (!trials)
		fail_internal("there is no memory for the inputs");
	for (size_t i = 0; i < inputs->count; i++) {
		const struct triage_input *input = &inputs->all[i];

		trials[i] = (struct triage_trial){
			.data = input->data,
			.size = input->size,
			.target = input->target,
			.subject = input->subject,
			.profile = input->profile,
			.memory_granularity = input->memory_granularity,
			.sparing = true,
		};
	}
	recorder.store = store;
	recorder.options = options;
	recorder.inputs = inputs;
	recorder.counts = counts;
	counts->complete &= triage_run(trials, inputs->count, see, counts);
	flush();
	progress_end();
	free(trials);
}

/* --- stored cases ------------------------------------------------------------------------------ */

static int keep_stored(void *context, const struct fl_store_finding *finding)
{
	struct triage_stored_list *list = context;
	struct triage_stored *stored;

	list->all = realloc(list->all, (list->count + 1) * sizeof(*list->all));
	if (!list->all)
		fail_internal("there is no memory for the stored cases");
	stored = &list->all[list->count++];
	stored->subject = strdup(finding->subject);
	stored->signature = strdup(finding->signature);
	stored->size = fl_case_pack(finding->smallest, NULL, 0);
	stored->packed = malloc(stored->size);
	if (!stored->subject || !stored->signature || !stored->packed)
		fail_internal("there is no memory for the stored cases");
	fl_case_pack(finding->smallest, stored->packed, stored->size);
	stored->profile = fl_profile_find(finding->profile);
	stored->memory_granularity = finding->smallest->memory_granularity;
	return 0;
}

void triage_stored(struct fl_store *store, struct triage_stored_list *list)
{
	struct fl_store_view view = {0};

	memset(list, 0, sizeof(*list));
	triage_do(store, fl_store_each_finding(store, &view, keep_stored, list));
}

void triage_stored_free(struct triage_stored_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->all[i].subject);
		free(list->all[i].signature);
		free(list->all[i].packed);
	}
	free(list->all);
}

/* --- shorter ones ------------------------------------------------------------------------------ */

/* The shorter case, replayed in a world with all invariants. */
static void see_shorter(void *context, size_t index, const struct triage_answer *answer)
{
	const struct triage_stored_list *list = context;
	static struct fl_case found;
	bool keep, there;

	for (unsigned int i = 0; i < answer->finding_count; i++) {
		if (strcmp(answer->findings[i].signature, list->all[index].signature))
			continue;
		found = answer->recorded;
		found.step = answer->findings[i].step;
		triage_do(recorder.store,
			  fl_store_would_keep(recorder.store, &found, &keep, &there));
		if (keep && answer->identical == answer->replays)
			add_case(recorder.store, &found, &answer->findings[i], answer,
				 recorder.options->now);
	}
}

static void take_shorter(void *context, size_t index, const struct triage_answer *answer)
{
	struct triage_stored_list *list = context;
	struct triage_stored *stored = &list->all[index];

	triage_progress("triage: %zu of %zu cases minimized", index + 1, list->count);
	if (answer->verdict != TRIAGE_RAN)
		return;
	free(stored->packed);
	stored->size = fl_case_pack(&answer->recorded, NULL, 0);
	stored->packed = malloc(stored->size);
	if (!stored->packed)
		fail_internal("there is no memory for the stored cases");
	fl_case_pack(&answer->recorded, stored->packed, stored->size);
}

void triage_minimize(struct fl_store *store, const struct triage_options *options,
		     struct triage_counts *counts)
{
	struct triage_stored_list list;
	struct triage_trial *trials;
	size_t present = 0;
	char error[512];

	recorder.store = store;
	recorder.options = options;
	triage_stored(store, &list);
	trials = calloc(list.count + 1, sizeof(*trials));
	if (!trials)
		fail_internal("there is no memory for the stored cases");
	for (size_t i = 0; i < list.count; i++) {
		const struct fl_subject *subject = triage_subject(
			list.all[i].subject, list.all[i].memory_granularity, error, sizeof(error));

		/* Of another machine: it is minimised there. */
		if (!subject || !list.all[i].profile)
			continue;
		trials[present] = (struct triage_trial){
			.data = list.all[i].packed,
			.size = list.all[i].size,
			.subject = subject,
			.profile = list.all[i].profile,
			.memory_granularity = list.all[i].memory_granularity,
			.minimize = true,
		};
		if (present != i) {
			struct triage_stored moved = list.all[i];

			list.all[i] = list.all[present];
			list.all[present] = moved;
		}
		present++;
	}
	counts->complete &= triage_run(trials, present, take_shorter, &list);
	for (size_t i = 0; i < present; i++) {
		trials[i].data = list.all[i].packed;
		trials[i].size = list.all[i].size;
		trials[i].minimize = false;
	}
	counts->complete &= triage_run(trials, present, see_shorter, &list);
	progress_end();
	free(trials);
	triage_stored_free(&list);
}

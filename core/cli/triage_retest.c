// SPDX-License-Identifier: GPL-2.0-or-later
/* Stored cases on every subject that is present: so a fix shows, and who else breaks. */
#include "cli.h"
#include "progress.h"
#include "triage.h"

#include <handler/handler.h>
#include <subject/loader.h>

#include <stdlib.h>
#include <string.h>

#define MAX_SUBJECTS 96
/* Retests that wait for one transaction. */
#define MAX_PENDING  64

static struct {
	struct fl_store *store;
	const struct triage_options *options;
	const struct triage_stored_list *list;
	const size_t *stored_of; /* by trial */
	const struct triage_trial *trials;
	size_t count;
	struct pending {
		size_t index;
		char *breaks, *refused;
		unsigned int replays, identical;
	} pending[MAX_PENDING];
	unsigned int pending_count;
} retester;

static bool is_one_of(const char *subject, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], subject))
			return true;
	return false;
}

/* Generations and loadable subjects; and mutants only where a finding is theirs. */
static size_t list_subjects(const struct triage_stored_list *list, const char **names,
			    struct fl_subject_list *loadable)
{
	size_t count = 0;

	for (; fl_core_subjects[count]; count++)
		names[count] = fl_core_subjects[count]->name;
	fl_subject_list(loadable);
	for (unsigned int i = 0; i < loadable->count; i++)
		names[count++] = loadable->names[i];
	for (size_t i = 0; i < list->count && count < MAX_SUBJECTS; i++)
		if (!is_one_of(list->all[i].subject, names, count))
			names[count++] = list->all[i].subject;
	return count;
}

/* Signatures, one a line. */
static void list_signatures(const struct triage_answer *answer, char *text, size_t size)
{
	size_t length = 0;

	*text = '\0';
	for (unsigned int i = 0; i < answer->finding_count && length < size; i++)
		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? "\n" : "",
					   answer->findings[i].signature);
}

static bool breaks(const struct triage_answer *answer, const char *signature)
{
	for (unsigned int i = 0; i < answer->finding_count; i++)
		if (!strcmp(answer->findings[i].signature, signature))
			return true;
	return false;
}

/* On its own subject it breaks something else now: that is a finding of this subject too. */
static void add_changed(const struct triage_stored *stored, const struct triage_answer *answer)
{
	static struct fl_case found;

	for (unsigned int i = 0; i < answer->finding_count; i++) {
		struct fl_store_hit hit = {
			.subject = stored->subject,
			.signature = answer->findings[i].signature,
			.input = triage_identity(stored->packed, stored->size),
			.name = "retest",
			.seen = retester.options->now,
		};
		struct fl_store_case added = {
			.found = &found,
			.detail = answer->findings[i].detail,
			.replays = answer->replays,
			.identical = answer->identical,
			.trace = answer->trace,
			.tried = retester.options->now,
		};
		bool kept;

		found = answer->recorded;
		snprintf(found.signature, sizeof(found.signature), "%s", hit.signature);
		found.step = answer->findings[i].step;
		triage_do(retester.store, fl_store_add_hit(retester.store, &hit));
		triage_do(retester.store, fl_store_add_case(retester.store, &added, &kept));
	}
}

static struct fl_store_retest retest_of(const struct pending *pending)
{
	const struct triage_stored *stored =
		&retester.list->all[retester.stored_of[pending->index]];
	const struct fl_subject *subject = retester.trials[pending->index].subject;

	return (struct fl_store_retest){
		.subject = stored->subject,
		.signature = stored->signature,
		.tried_on = subject->name,
		.build = *subject->version ? subject->version : FAULTLINE_VERSION,
		.breaks = pending->breaks,
		.refused = pending->refused,
		.replays = pending->replays,
		.identical = pending->identical,
		.tried = retester.options->now,
	};
}

static void flush(void)
{
	if (!retester.pending_count)
		return;
	triage_do(retester.store, fl_store_begin(retester.store));
	for (unsigned int i = 0; i < retester.pending_count; i++) {
		struct pending *pending = &retester.pending[i];
		struct fl_store_retest retest = retest_of(pending);

		triage_do(retester.store, fl_store_add_retest(retester.store, &retest));
		free(pending->breaks);
		free(pending->refused);
	}
	triage_do(retester.store, fl_store_commit(retester.store));
	retester.pending_count = 0;
}

static void see(void *context, size_t index, const struct triage_answer *answer)
{
	const struct triage_trial *trial = &retester.trials[index];
	const struct triage_stored *stored = &retester.list->all[retester.stored_of[index]];
	static char list[FL_MAX_FINDINGS * FL_SIGNATURE_SIZE];
	struct pending *pending = &retester.pending[retester.pending_count++];
	struct triage_counts *counts = context;

	counts->retests++;
	counts->died += answer->verdict == TRIAGE_DIED;
	triage_progress("triage: %zu of %zu retests", index, retester.count);
	list_signatures(answer, list, sizeof(list));
	*pending = (struct pending){
		.index = index,
		.breaks = strdup(list),
		.refused = strdup(answer->verdict == TRIAGE_DIED ? "it ends or hangs its process"
								 : answer->refused),
		.replays = answer->replays,
		.identical = answer->identical,
	};
	if (!pending->breaks || !pending->refused)
		fail_internal("there is no memory for the retests");
	if (retester.pending_count == MAX_PENDING)
		flush();
	if (strcmp(stored->subject, trial->subject->name) || breaks(answer, stored->signature) ||
	    !answer->finding_count)
		return;
	triage_do(retester.store, fl_store_begin(retester.store));
	add_changed(stored, answer);
	triage_do(retester.store, fl_store_commit(retester.store));
}

struct job {
	struct triage_trial trial;
	size_t stored;
};

static int by_world(const void *left, const void *right)
{
	const struct job *a = left, *b = right;
	int order = strcmp(a->trial.subject->name, b->trial.subject->name);

	if (!order)
		order = strcmp(a->trial.profile->name, b->trial.profile->name);
	if (!order)
		order = (int)a->trial.memory_granularity - (int)b->trial.memory_granularity;
	return order ? order : (a->stored > b->stored) - (a->stored < b->stored);
}

/* Each case from @first on, on each subject. */
static void retest_from(const struct triage_stored_list *list, size_t first,
			struct triage_counts *counts)
{
	const char *names[MAX_SUBJECTS];
	struct fl_subject_list loadable;
	size_t subjects = list_subjects(list, names, &loadable), count = 0;
	struct job *jobs = calloc(list->count * subjects + 1, sizeof(*jobs));
	struct triage_trial *trials = calloc(list->count * subjects + 1, sizeof(*trials));
	size_t *stored_of = calloc(list->count * subjects + 1, sizeof(*stored_of));
	char error[512];

	if (!jobs || !trials || !stored_of)
		fail_internal("there is no memory for the retests");
	for (size_t i = first; i < list->count; i++) {
		const struct triage_stored *stored = &list->all[i];

		for (size_t j = 0; stored->profile && j < subjects; j++) {
			const struct fl_subject *subject = triage_subject(
				names[j], stored->memory_granularity, error, sizeof(error));

			/* A mutant is tried with its own cases alone. */
			if (!subject || (!strncmp(names[j], "core:mutant-", 12) &&
					 strcmp(names[j], stored->subject)))
				continue;
			jobs[count].stored = i;
			jobs[count++].trial = (struct triage_trial){
				.data = stored->packed,
				.size = stored->size,
				.subject = subject,
				.profile = stored->profile,
				.memory_granularity = stored->memory_granularity,
			};
		}
	}
	qsort(jobs, count, sizeof(*jobs), by_world);
	for (size_t i = 0; i < count; i++) {
		trials[i] = jobs[i].trial;
		stored_of[i] = jobs[i].stored;
	}
	retester.list = list;
	retester.trials = trials;
	retester.stored_of = stored_of;
	retester.count = count;
	counts->complete &= triage_run(trials, count, see, counts);
	flush();
	free(jobs);
	free(trials);
	free(stored_of);
}

static bool has_finding(const struct triage_stored_list *list, const struct triage_stored *wanted)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->all[i].subject, wanted->subject) &&
		    !strcmp(list->all[i].signature, wanted->signature))
			return true;
	return false;
}

/* Those of @list that @old has not go to its end; returns where they begin. */
static size_t move_new_to_end(struct triage_stored_list *list, const struct triage_stored_list *old)
{
	size_t end = list->count;

	for (size_t i = 0; i < end;) {
		struct triage_stored moved = list->all[i];

		if (has_finding(old, &moved)) {
			i++;
			continue;
		}
		list->all[i] = list->all[--end];
		list->all[end] = moved;
	}
	return end;
}

void triage_retest(struct fl_store *store, const struct triage_options *options,
		   struct triage_counts *counts)
{
	struct triage_stored_list list, next;
	size_t first = 0;

	retester.store = store;
	retester.options = options;
	triage_stored(store, &list);
	/* A case that breaks something new makes a finding, whose case is to be tried, too. */
	while (first < list.count && counts->complete) {
		retest_from(&list, first, counts);
		triage_stored(store, &next);
		first = move_new_to_end(&next, &list);
		triage_stored_free(&list);
		list = next;
	}
	progress_end();
	triage_stored_free(&list);
}

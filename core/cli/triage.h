/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faultline triage: what lies in folders, run again, into a store of findings, and reports of that store.
 *
 * triage.c: the command; triage_inputs.c: what in the folders is a case, a crash file or a history; triage_run.c:
 * runs them in processes of their own; triage_record.c: from runs to the store; triage_history.c: from histories
 * to cases; triage_retest.c: stored cases on
 * the subjects that are present; triage_report.c and the files named after a form: what is told of it.
 */
#ifndef FAULTLINE_CLI_TRIAGE_H
#define FAULTLINE_CLI_TRIAGE_H

#include "json.h"

#include <case/case.h>
#include <case/target.h>
#include <check/check.h>
#include <triage/store.h>

/* How often a case is replayed before it says "n of n". */
#define TRIAGE_REPLAYS	   10
/* Seconds for one input with all its replays; more is a hang. */
#define TRIAGE_INPUT_LIMIT 60
/* Schedules for the case of a history, unless --search-runs says otherwise; the seed is that of explore --from. */
#define TRIAGE_SEARCH_RUNS 10000
#define TRIAGE_SEARCH_SEED 1

enum triage_fail_on { FAIL_ON_ANY, FAIL_ON_NEW, FAIL_ON_NONE };

struct triage_options {
	const char **folders;
	unsigned int folder_count;
	const char *database;
	const struct fl_target *target; /* --fuzzer-input: of files that are no cases; or NULL */
	const char *subject;		/* --subject, or NULL */
	const char **merges;
	unsigned int merge_count;
	const char **sources; /* trees with the subjects' source */
	unsigned int source_count;
	const char *ignore, *reason, *unignore;
	struct fl_suppressions known;
	const char *sarif, *junit, *ktap, *html;
	enum triage_fail_on fail_on;
	fl_time_t now;
	uint64_t search_runs; /* schedules a history */
	bool retest, minimize, json, quiet;
};

/* What became of everything that was looked at. */
struct triage_counts {
	uint64_t inputs, skipped; /* files */
	uint64_t quiet, refused,
		died; /* inputs that break nothing, cannot be run, end their process */
	uint64_t unreproduced; /* histories without a case */
	uint64_t retests;
	bool complete;
};

/* --- triage_inputs.c ----------------------------------------------------------------------- */

struct triage_input {
	char *path;
	uint8_t *data; /* a case, packed; or a fuzzer's raw bytes */
	size_t size;
	uint64_t identity;		/* as in struct fl_store_hit */
	const struct fl_target *target; /* of raw bytes; NULL: a case */
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	bool memory_granularity;
};

/* Of a stress run; loaded again when its turn comes. */
struct triage_history {
	char *path;
	uint64_t identity;
	const struct fl_subject *subject;
	const struct fl_profile *profile;
};

struct triage_inputs {
	struct triage_input *all; /* those of one world stand together */
	size_t count, room;
	struct triage_history *histories;
	size_t history_count, history_room;
	uint64_t skipped; /* files that are neither cases nor crash files nor histories */
	uint64_t damaged; /* histories */
};

/*
 * Everything in the folders, checked: whatever cannot be read, a damaged case, or a case or history of a subject
 * that is not present ends the program with one line. A damaged history costs itself alone: whoever wrote it may have
 * been killed.
 */
void triage_collect(const struct triage_options *options, struct triage_inputs *inputs);
/* A subject by name, or NULL with one line in @error. */
const struct fl_subject *triage_subject(const char *name, bool memory, char *error, size_t size);
/* Identity of a packed case. */
uint64_t triage_identity(const uint8_t *packed, size_t size);

/* --- triage_run.c -------------------------------------------------------------------------- */

struct triage_trial {
	const uint8_t *data; /* as in struct triage_input */
	size_t size;
	const struct fl_target *target;
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	bool memory_granularity;
	/* Replay it only if it is smaller than what this world has replayed for one of its signatures. */
	bool sparing;
	bool minimize; /* make it shorter instead; the case says what it breaks */
};

enum triage_verdict {
	TRIAGE_RAN,
	TRIAGE_REFUSED, /* it cannot be run there */
	TRIAGE_DIED,	/* the process that ran it */
};

struct triage_answer {
	enum triage_verdict verdict;
	unsigned int finding_count, replays, identical;
	uint64_t trace;
	char refused[256];
	struct fl_finding findings[FL_MAX_FINDINGS];
	struct fl_case recorded;
};

/*
 * Run them, those of one world that stand together in one process, which makes it once. @see gets the
 * answers in order. False if interrupted.
 */
bool triage_run(const struct triage_trial *trials, size_t count,
		void (*see)(void *context, size_t index, const struct triage_answer *answer),
		void *context);

/* A line of progress, when it is time for one. */
void triage_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- triage_record.c ------------------------------------------------------------------------ */

/* The inputs' runs into the store. Ends the program with one line if that cannot be written. */
void triage_record(struct fl_store *store, const struct triage_options *options,
		   const struct triage_inputs *inputs, struct triage_counts *counts);
/* Those of the findings' cases that the store keeps. What hit them stands in it already. */
void triage_add_cases(struct fl_store *store, const struct triage_answer *answer, fl_time_t now);
/* A path without its folders. */
const char *triage_name_of(const char *path);
/* The findings of a store with their cases, packed; to be freed with triage_stored_free(). */
struct triage_stored {
	char *subject, *signature;
	uint8_t *packed;
	size_t size;
	const struct fl_profile *profile; /* NULL: of another version of this program */
	bool memory_granularity;
};
struct triage_stored_list {
	struct triage_stored *all;
	size_t count;
};
void triage_stored(struct fl_store *store, struct triage_stored_list *list);
void triage_stored_free(struct triage_stored_list *list);
/* Make stored cases shorter. */
void triage_minimize(struct fl_store *store, const struct triage_options *options,
		     struct triage_counts *counts);
/* End the program with the store's error. */
_Noreturn void triage_fail(struct fl_store *store);
/* One of the store's functions, or the program ends with its error. */
void triage_do(struct fl_store *store, int result);

/* --- triage_history.c ------------------------------------------------------------------------ */

/* Does it begin as one, of whatever version? */
bool triage_is_history(const uint8_t *data, size_t size);
/* The file at @path, which is one, joins the inputs: or is told as damaged. */
void triage_take_history(struct triage_inputs *inputs, const char *path);
/* A search for the case of each; what it breaks, or that there is none, into the store. */
void triage_search(struct fl_store *store, const struct triage_options *options,
		   const struct triage_inputs *inputs, struct triage_counts *counts);

/* --- triage_retest.c ------------------------------------------------------------------------ */

/* Every stored case on every subject that is present. */
void triage_retest(struct fl_store *store, const struct triage_options *options,
		   struct triage_counts *counts);

/* --- triage_report.c ------------------------------------------------------------------------ */

/* "breaks" its finding, breaks "other" ones instead, "keeps" all; or it "cannot" be run there. */
const char *triage_retest_word(const struct fl_store_retest *retest);

/* What is known of a finding, as members of the JSON object that is open. */
void triage_put_finding(struct json *json, const struct fl_store_finding *finding);

/* The terminal's table or the JSON object. Returns the exit status that --fail-on asks for. */
int triage_report(struct fl_store *store, const struct triage_options *options,
		  const struct triage_counts *counts);

#endif

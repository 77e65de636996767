// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings, put together from facts. */
#include "store_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *fl_state_name(enum fl_finding_state state)
{
	static const char *const names[FL_STATES] = {
		[FL_STATE_NEW] = "new",		[FL_STATE_KNOWN] = "known",
		[FL_STATE_FIXED] = "fixed",	[FL_STATE_CHANGED] = "changed",
		[FL_STATE_IGNORED] = "ignored",
	};

	return names[state];
}

/* Is @signature one of the lines of @list? */
static bool has_line(const char *list, const char *signature)
{
	size_t length = strlen(signature);

	for (; *list; list += strcspn(list, "\n"), list += *list == '\n')
		if (strcspn(list, "\n") == length && !strncmp(list, signature, length))
			return true;
	return false;
}

static const struct fl_suppression *known_as(const struct fl_store_finding *finding,
					     const struct fl_store_view *view)
{
	int invariant = fl_invariant_find(finding->invariant);

	if (!view->known || invariant < 0)
		return NULL;
	return fl_suppressions_find(view->known, (unsigned int)invariant, finding->signature,
				    fl_day_of(view->now));
}

/* The own retest of a finding, as columns of its row. */
enum { OWN_BREAKS = 17, OWN_REFUSED, OWN_TIME, IGNORED_REASON, BROKEN, TRIED };

/*
 * What is true of the code goes first: whoever excused a finding wants to hear that it is gone. Then
 * what people said of it.
 */
static void judge(struct fl_store_finding *finding, const struct fl_store_view *view,
		  sqlite3_stmt *row)
{
	bool retested =
		sqlite3_column_type(row, OWN_TIME) != SQLITE_NULL && !*store_text(row, OWN_REFUSED);
	const char *breaks = store_text(row, OWN_BREAKS);
	const struct fl_suppression *known = known_as(finding, view);
	bool gone;

	finding->retested = retested ? sqlite3_column_int64(row, OWN_TIME) : 0;
	/* A hit at the time of the retest is another input, which broke it still. */
	gone = retested && finding->retested > finding->last_seen &&
	       !has_line(breaks, finding->signature);
	if (retested && has_line(breaks, finding->signature) &&
	    finding->retested > finding->last_seen)
		finding->last_seen = finding->retested;
	finding->reason = "";
	finding->state = FL_STATE_NEW;
	if (gone && !*breaks) {
		finding->state = FL_STATE_FIXED;
	} else if (sqlite3_column_type(row, IGNORED_REASON) != SQLITE_NULL) {
		finding->state = FL_STATE_IGNORED;
		finding->reason = store_text(row, IGNORED_REASON);
	} else if (known) {
		finding->state = FL_STATE_KNOWN;
		finding->reason = known->reason;
	} else if (gone) {
		finding->state = FL_STATE_CHANGED;
		finding->reason = breaks;
	}
}

static char *text_of(const struct fl_case *printed)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fl_case_print(printed, out);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static int see_row(struct fl_store *store, const struct fl_store_view *view, sqlite3_stmt *row,
		   int (*see)(void *, const struct fl_store_finding *), void *context)
{
	struct fl_case *smallest = malloc(sizeof(*smallest));
	struct fl_store_finding finding = {
		.subject = store_text(row, 0),
		.signature = store_text(row, 1),
		.first_seen = sqlite3_column_int64(row, 2),
		.last_seen = sqlite3_column_int64(row, 3),
		.inputs = (uint64_t)sqlite3_column_int64(row, 4),
		.input_name = store_text(row, 5),
		.size = {.operations = (unsigned int)sqlite3_column_int(row, 6),
			 .actors = (unsigned int)sqlite3_column_int(row, 7),
			 .settings = (unsigned int)sqlite3_column_int(row, 8),
			 .preemptions = (unsigned int)sqlite3_column_int(row, 9),
			 .answers = (unsigned int)sqlite3_column_int(row, 10)},
		.detail = store_text(row, 12),
		.replays = (unsigned int)sqlite3_column_int(row, 13),
		.identical = (unsigned int)sqlite3_column_int(row, 14),
		.trace = (uint64_t)sqlite3_column_int64(row, 15),
		.subjects_broken = (unsigned int)sqlite3_column_int(row, BROKEN),
		.subjects_tried = (unsigned int)sqlite3_column_int(row, TRIED),
	};
	char why[256], *text = NULL;
	int result;

	if (!smallest)
		return store_fail(store, -ENOMEM, "there is no memory for a case");
	if (fl_case_unpack(smallest, sqlite3_column_blob(row, 11),
			   (size_t)sqlite3_column_bytes(row, 11), why, sizeof(why)))
		result = store_fail(store, -EINVAL,
				    "%s is damaged: the case of \"%s\" on %s: %s; restore a copy",
				    store->path, finding.signature, finding.subject, why);
	else if (!(text = text_of(smallest)))
		result = store_fail(store, -ENOMEM, "there is no memory for a case");
	else
		result = 0;
	if (!result) {
		snprintf(finding.invariant, sizeof(finding.invariant), "%.*s",
			 (int)strcspn(finding.signature, " "), finding.signature);
		finding.profile = smallest->profile;
		finding.step = smallest->step;
		finding.smallest = smallest;
		finding.text = text;
		judge(&finding, view, row);
		result = see(context, &finding);
	}
	free(text);
	free(smallest);
	return result;
}

int fl_store_each_finding(struct fl_store *store, const struct fl_store_view *view,
			  int (*see)(void *context, const struct fl_store_finding *finding),
			  void *context)
{
	/*
	 * A signature stands in a list of lines if it does with a line's end on both sides. The columns are
	 * read by number in see_row() and judge().
	 */
	sqlite3_stmt *row = store_prepare(
		store,
		"SELECT hits.subject, hits.signature, hits.first, hits.last, hits.inputs, hits.name,"
		" operations, actors, settings, preemptions, answers, packed, detail, found.replays,"
		" found.identical, trace, found.time, own.breaks, own.refused, own.time, reason,"
		" (SELECT count(*) FROM retest WHERE retest.subject = hits.subject AND"
		"  retest.signature = hits.signature AND refused = '' AND"
		"  instr(char(10) || retest.breaks || char(10), char(10) || hits.signature || char(10))),"
		" (SELECT count(*) FROM retest WHERE retest.subject = hits.subject AND"
		"  retest.signature = hits.signature AND refused = '')"
		" FROM (SELECT subject, signature, min(first) AS first, max(last) AS last,"
		"  count(*) AS inputs, min(name) AS name FROM hit GROUP BY subject, signature) AS hits"
		" JOIN found ON found.subject = hits.subject AND found.signature = hits.signature"
		" LEFT JOIN retest AS own ON own.subject = hits.subject AND"
		"  own.signature = hits.signature AND own.tried_on = hits.subject"
		" LEFT JOIN ignored ON ignored.signature = hits.signature"
		" ORDER BY hits.signature, hits.subject",
		"");
	int result;

	if (!row)
		return -EIO;
	while ((result = store_step(store, &row)) == 1) {
		result = see_row(store, view, row, see, context);
		if (result)
			break;
	}
	sqlite3_finalize(row);
	return result;
}

int fl_store_each_retest(struct fl_store *store, const char *subject, const char *signature,
			 int (*see)(void *context, const struct fl_store_retest *retest),
			 void *context)
{
	sqlite3_stmt *row = store_prepare(
		store,
		"SELECT tried_on, build, breaks, refused, replays, identical, time FROM retest"
		" WHERE subject = ?1 AND signature = ?2 ORDER BY tried_on",
		"tt", subject, signature);
	int result;

	if (!row)
		return -EIO;
	while ((result = store_step(store, &row)) == 1) {
		struct fl_store_retest retest = {
			.subject = subject,
			.signature = signature,
			.tried_on = store_text(row, 0),
			.build = store_text(row, 1),
			.breaks = store_text(row, 2),
			.refused = store_text(row, 3),
			.replays = (unsigned int)sqlite3_column_int(row, 4),
			.identical = (unsigned int)sqlite3_column_int(row, 5),
			.tried = sqlite3_column_int64(row, 6),
		};

		result = see(context, &retest);
		if (result)
			break;
	}
	sqlite3_finalize(row);
	return result;
}

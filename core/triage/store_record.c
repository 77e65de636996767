// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts, joined with those that are there. */
#include "store_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int store_join_hit(struct fl_store *store, const struct fl_store_hit *hit, fl_time_t first,
		   fl_time_t last)
{
	return store_run(store,
			 "INSERT INTO hit VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
			 " ON CONFLICT DO UPDATE SET name = min(name, excluded.name),"
			 " first = min(first, excluded.first), last = max(last, excluded.last)",
			 "ttitii", hit->subject, hit->signature, (int64_t)hit->input, hit->name,
			 first, last);
}

int fl_store_add_hit(struct fl_store *store, const struct fl_store_hit *hit)
{
	return store_join_hit(store, hit, hit->seen, hit->seen);
}

/* --- the latest wins ------------------------------------------------------------------------- */

static int compare(int64_t left, int64_t right)
{
	return left < right ? -1 : left > right;
}

static int compare_stamps(const struct store_stamp *left, const struct store_stamp *right)
{
	int order = compare(left->time, right->time);

	return order ? order : compare(left->revision, right->revision);
}

/* The stamp of a change at @now of what had @old. Clocks of machines differ; order here does not. */
static struct store_stamp stamp_after(const struct store_stamp *old, fl_time_t now)
{
	if (now > old->time)
		return (struct store_stamp){now, 0};
	return (struct store_stamp){old->time, old->revision + 1};
}

/* --- the smallest case ------------------------------------------------------------------------ */

/* Which case shows a finding better: the smaller one, and of equal ones the first by its bytes. */
static int compare_cases(const struct store_case_row *left, const struct store_case_row *right)
{
	const struct fl_case_size *a = &left->size, *b = &right->size;
	size_t common =
		left->packed_size < right->packed_size ? left->packed_size : right->packed_size;
	int order;

	if (a->operations != b->operations)
		return compare(a->operations, b->operations);
	if (a->actors != b->actors)
		return compare(a->actors, b->actors);
	if (a->settings != b->settings)
		return compare(a->settings, b->settings);
	if (a->preemptions != b->preemptions)
		return compare(a->preemptions, b->preemptions);
	if (a->answers != b->answers)
		return compare(a->answers, b->answers);
	order = memcmp(left->packed, right->packed, common);
	return order ? order : compare((int64_t)left->packed_size, (int64_t)right->packed_size);
}

/* What is said of one case, ordered: any order will do, if it is the same everywhere. */
static int compare_replays(const struct store_case_row *left, const struct store_case_row *right)
{
	int order = compare_stamps(&left->stamp, &right->stamp);

	if (!order)
		order = compare(left->identical, right->identical);
	if (!order)
		order = compare(left->replays, right->replays);
	if (!order)
		order = compare((int64_t)left->trace, (int64_t)right->trace);
	return order ? order : strcmp(left->detail, right->detail);
}

/* The row that is there, whose texts live as long as @statement; 1, 0 or a negative errno. */
static int find_case(struct fl_store *store, const char *subject, const char *signature,
		     sqlite3_stmt **statement, struct store_case_row *row)
{
	int result;

	*statement = store_prepare(
		store,
		"SELECT operations, actors, settings, preemptions, answers, packed, detail, replays,"
		" identical, trace, time, revision FROM found WHERE subject = ?1 AND signature = ?2",
		"tt", subject, signature);
	if (!*statement)
		return -EIO;
	result = store_step(store, statement);
	if (result != 1)
		return result;
	*row = (struct store_case_row){
		.subject = subject,
		.signature = signature,
		.size = {.operations = (unsigned int)sqlite3_column_int(*statement, 0),
			 .actors = (unsigned int)sqlite3_column_int(*statement, 1),
			 .settings = (unsigned int)sqlite3_column_int(*statement, 2),
			 .preemptions = (unsigned int)sqlite3_column_int(*statement, 3),
			 .answers = (unsigned int)sqlite3_column_int(*statement, 4)},
		.packed = sqlite3_column_blob(*statement, 5),
		.packed_size = (size_t)sqlite3_column_bytes(*statement, 5),
		.detail = store_text(*statement, 6),
		.replays = (unsigned int)sqlite3_column_int(*statement, 7),
		.identical = (unsigned int)sqlite3_column_int(*statement, 8),
		.trace = (uint64_t)sqlite3_column_int64(*statement, 9),
		.stamp = {sqlite3_column_int64(*statement, 10),
			  sqlite3_column_int64(*statement, 11)},
	};
	return 1;
}

int store_join_case(struct fl_store *store, const struct store_case_row *row, bool *kept)
{
	struct store_case_row old;
	sqlite3_stmt *statement;
	int there = find_case(store, row->subject, row->signature, &statement, &old);
	int order = -1;

	*kept = false;
	if (there < 0)
		return there;
	if (there) {
		order = compare_cases(row, &old);
		if (!order)
			order = -compare_replays(row, &old);
		sqlite3_finalize(statement);
	}
	if (order >= 0)
		return 0;
	*kept = true;
	return store_run(store,
			 "INSERT OR REPLACE INTO found VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			 " ?10, ?11, ?12, ?13, ?14)",
			 "ttiiiiibtiiiii", row->subject, row->signature,
			 (int64_t)row->size.operations, (int64_t)row->size.actors,
			 (int64_t)row->size.settings, (int64_t)row->size.preemptions,
			 (int64_t)row->size.answers, row->packed, row->packed_size, row->detail,
			 (int64_t)row->replays, (int64_t)row->identical, (int64_t)row->trace,
			 row->stamp.time, row->stamp.revision);
}

/* A case as a row; *@packed is to be freed. */
static int row_of(struct fl_store *store, const struct fl_case *found, struct store_case_row *row,
		  void **packed)
{
	size_t size = fl_case_pack(found, NULL, 0);

	*packed = malloc(size);
	if (!*packed)
		return store_fail(store, -ENOMEM, "there is no memory for a case");
	fl_case_pack(found, *packed, size);
	*row = (struct store_case_row){.subject = found->subject,
				       .signature = found->signature,
				       .detail = "",
				       .packed = *packed,
				       .packed_size = size};
	fl_case_measure(found, &row->size);
	return 0;
}

int fl_store_would_keep(struct fl_store *store, const struct fl_case *found, bool *keep,
			bool *there)
{
	struct store_case_row row, old;
	sqlite3_stmt *statement;
	void *packed;
	int result = row_of(store, found, &row, &packed);

	if (result)
		return result;
	result = find_case(store, row.subject, row.signature, &statement, &old);
	*there = result == 1;
	*keep = !result || (result == 1 && compare_cases(&row, &old) < 0);
	if (result == 1)
		sqlite3_finalize(statement);
	free(packed);
	return result < 0 ? result : 0;
}

int fl_store_add_case(struct fl_store *store, const struct fl_store_case *added, bool *kept)
{
	struct store_case_row row, old;
	sqlite3_stmt *statement;
	void *packed;
	int result = row_of(store, added->found, &row, &packed);

	*kept = false;
	if (result)
		return result;
	row.detail = added->detail;
	row.replays = added->replays;
	row.identical = added->identical;
	row.trace = added->trace;
	row.stamp.time = added->tried;
	result = find_case(store, row.subject, row.signature, &statement, &old);
	if (result == 1) {
		bool same = !compare_cases(&row, &old);

		row.stamp = same ? stamp_after(&old.stamp, added->tried) : row.stamp;
		/* The same of the same: nothing happened. */
		if (same && row.replays == old.replays && row.identical == old.identical &&
		    row.trace == old.trace && !strcmp(row.detail, old.detail))
			row.stamp = old.stamp;
		sqlite3_finalize(statement);
	}
	if (result >= 0)
		result = store_join_case(store, &row, kept);
	free(packed);
	return result;
}

/* --- retests ---------------------------------------------------------------------------------- */

/* 1 and its stamp if there is one; *@order: how @retest compares by what it says. */
static int find_retest(struct fl_store *store, const struct fl_store_retest *retest,
		       struct store_stamp *stamp, int *order)
{
	sqlite3_stmt *statement = store_prepare(
		store,
		"SELECT build, breaks, refused, replays, identical, time, revision FROM retest"
		" WHERE subject = ?1 AND signature = ?2 AND tried_on = ?3",
		"ttt", retest->subject, retest->signature, retest->tried_on);
	int result;

	if (!statement)
		return -EIO;
	result = store_step(store, &statement);
	if (result != 1)
		return result;
	*order = strcmp(retest->build, store_text(statement, 0));
	if (!*order)
		*order = strcmp(retest->breaks, store_text(statement, 1));
	if (!*order)
		*order = strcmp(retest->refused, store_text(statement, 2));
	if (!*order)
		*order = compare(retest->replays, sqlite3_column_int64(statement, 3));
	if (!*order)
		*order = compare(retest->identical, sqlite3_column_int64(statement, 4));
	*stamp = (struct store_stamp){sqlite3_column_int64(statement, 5),
				      sqlite3_column_int64(statement, 6)};
	sqlite3_finalize(statement);
	return 1;
}

int store_join_retest(struct fl_store *store, const struct fl_store_retest *retest,
		      int64_t revision)
{
	struct store_stamp stamp = {retest->tried, revision}, old;
	int order, there = find_retest(store, retest, &old, &order);
	int later;

	if (there < 0)
		return there;
	later = there ? compare_stamps(&stamp, &old) : 1;
	if (!later)
		later = order;
	if (later <= 0)
		return 0;
	return store_run(store,
			 "INSERT OR REPLACE INTO retest VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
			 " ?10)",
			 "ttttttiiii", retest->subject, retest->signature, retest->tried_on,
			 retest->build, retest->breaks, retest->refused, (int64_t)retest->replays,
			 (int64_t)retest->identical, retest->tried, revision);
}

int fl_store_add_retest(struct fl_store *store, const struct fl_store_retest *retest)
{
	struct fl_store_retest stamped = *retest;
	struct store_stamp old, stamp = {retest->tried, 0};
	int order, there = find_retest(store, retest, &old, &order);

	if (there < 0)
		return there;
	if (there && !order && retest->tried <= old.time)
		return 0;
	if (there)
		stamp = stamp_after(&old, retest->tried);
	stamped.tried = stamp.time;
	return store_join_retest(store, &stamped, stamp.revision);
}

/* --- what is ignored --------------------------------------------------------------------------- */

/* NULL is before any text. */
static int compare_reasons(const char *left, const char *right)
{
	if (!left || !right)
		return (left != NULL) - (right != NULL);
	return strcmp(left, right);
}

static int find_ignored(struct fl_store *store, const char *signature, const char *reason,
			struct store_stamp *stamp, int *order)
{
	sqlite3_stmt *statement = store_prepare(
		store, "SELECT reason, time, revision FROM ignored WHERE signature = ?1", "t",
		signature);
	int result;

	if (!statement)
		return -EIO;
	result = store_step(store, &statement);
	if (result != 1)
		return result;
	*order = compare_reasons(reason, (const char *)sqlite3_column_text(statement, 0));
	*stamp = (struct store_stamp){sqlite3_column_int64(statement, 1),
				      sqlite3_column_int64(statement, 2)};
	sqlite3_finalize(statement);
	return 1;
}

int store_join_ignore(struct fl_store *store, const char *signature, const char *reason,
		      const struct store_stamp *stamp)
{
	struct store_stamp old;
	int order, there = find_ignored(store, signature, reason, &old, &order);
	int later;

	if (there < 0)
		return there;
	later = there ? compare_stamps(stamp, &old) : 1;
	if (!later)
		later = order;
	if (later <= 0)
		return 0;
	/* Bound as text, NULL is NULL. */
	return store_run(store, "INSERT OR REPLACE INTO ignored VALUES (?1, ?2, ?3, ?4)", "ttii",
			 signature, reason, stamp->time, stamp->revision);
}

int fl_store_ignore(struct fl_store *store, const char *signature, const char *reason,
		    fl_time_t when)
{
	struct store_stamp old, stamp = {when, 0};
	int order, there = find_ignored(store, signature, reason, &old, &order);

	if (there < 0)
		return there;
	if (there ? !order : !reason)
		return 0;
	if (there)
		stamp = stamp_after(&old, when);
	return store_join_ignore(store, signature, reason, &stamp);
}

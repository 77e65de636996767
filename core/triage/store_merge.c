// SPDX-License-Identifier: GPL-2.0-or-later
/* Two stores made one: each fact of the other is joined with ours. */
#include "store_internal.h"

#include <errno.h>

static int merge_hits(struct fl_store *store, struct fl_store *other)
{
	sqlite3_stmt *from = store_prepare(
		other, "SELECT subject, signature, input, name, first, last FROM hit", "");
	int result;

	if (!from)
		return -EIO;
	while ((result = store_step(other, &from)) == 1) {
		struct fl_store_hit hit = {
			.subject = store_text(from, 0),
			.signature = store_text(from, 1),
			.input = (uint64_t)sqlite3_column_int64(from, 2),
			.name = store_text(from, 3),
		};

		result = store_join_hit(store, &hit, sqlite3_column_int64(from, 4),
					sqlite3_column_int64(from, 5));
		if (result)
			break;
	}
	sqlite3_finalize(from);
	return result;
}

static int merge_cases(struct fl_store *store, struct fl_store *other)
{
	sqlite3_stmt *from = store_prepare(
		other,
		"SELECT subject, signature, operations, actors, settings, preemptions, answers,"
		" packed, detail, replays, identical, trace, time, revision FROM found",
		"");
	int result;

	if (!from)
		return -EIO;
	while ((result = store_step(other, &from)) == 1) {
		struct store_case_row row = {
			.subject = store_text(from, 0),
			.signature = store_text(from, 1),
			.size = {.operations = (unsigned int)sqlite3_column_int(from, 2),
				 .actors = (unsigned int)sqlite3_column_int(from, 3),
				 .settings = (unsigned int)sqlite3_column_int(from, 4),
				 .preemptions = (unsigned int)sqlite3_column_int(from, 5),
				 .answers = (unsigned int)sqlite3_column_int(from, 6)},
			.packed = sqlite3_column_blob(from, 7),
			.packed_size = (size_t)sqlite3_column_bytes(from, 7),
			.detail = store_text(from, 8),
			.replays = (unsigned int)sqlite3_column_int(from, 9),
			.identical = (unsigned int)sqlite3_column_int(from, 10),
			.trace = (uint64_t)sqlite3_column_int64(from, 11),
			.stamp = {sqlite3_column_int64(from, 12), sqlite3_column_int64(from, 13)},
		};
		bool kept;

		result = store_join_case(store, &row, &kept);
		if (result)
			break;
	}
	sqlite3_finalize(from);
	return result;
}

static int merge_retests(struct fl_store *store, struct fl_store *other)
{
	sqlite3_stmt *from = store_prepare(
		other,
		"SELECT subject, signature, tried_on, build, breaks, refused, replays, identical,"
		" time, revision FROM retest",
		"");
	int result;

	if (!from)
		return -EIO;
	while ((result = store_step(other, &from)) == 1) {
		struct fl_store_retest retest = {
			.subject = store_text(from, 0),
			.signature = store_text(from, 1),
			.tried_on = store_text(from, 2),
			.build = store_text(from, 3),
			.breaks = store_text(from, 4),
			.refused = store_text(from, 5),
			.replays = (unsigned int)sqlite3_column_int(from, 6),
			.identical = (unsigned int)sqlite3_column_int(from, 7),
			.tried = sqlite3_column_int64(from, 8),
		};

		result = store_join_retest(store, &retest, sqlite3_column_int64(from, 9));
		if (result)
			break;
	}
	sqlite3_finalize(from);
	return result;
}

static int merge_histories(struct fl_store *store, struct fl_store *other)
{
	sqlite3_stmt *from;
	int result;

	if (!store_has_histories(other))
		return 0;
	from = store_prepare(
		other,
		"SELECT subject, signature, input, path, profile, detail, seed, process,"
		" round, schedules, first, last FROM history",
		"");
	if (!from)
		return -EIO;
	while ((result = store_step(other, &from)) == 1) {
		struct fl_store_history history;

		store_read_history(from, &history);
		result = store_join_history(store, &history);
		if (result)
			break;
	}
	sqlite3_finalize(from);
	return result;
}

static int merge_ignored(struct fl_store *store, struct fl_store *other)
{
	sqlite3_stmt *from =
		store_prepare(other, "SELECT signature, reason, time, revision FROM ignored", "");
	int result;

	if (!from)
		return -EIO;
	while ((result = store_step(other, &from)) == 1) {
		struct store_stamp stamp = {sqlite3_column_int64(from, 2),
					    sqlite3_column_int64(from, 3)};

		result = store_join_ignore(store, store_text(from, 0),
					   (const char *)sqlite3_column_text(from, 1), &stamp);
		if (result)
			break;
	}
	sqlite3_finalize(from);
	return result;
}

/* What went wrong with the other is said by the store that was asked. */
static int failed(struct fl_store *store, struct fl_store *other, int result)
{
	if (*other->error)
		return store_fail(store, result, "%s", other->error);
	return result;
}

int fl_store_merge(struct fl_store *store, struct fl_store *other)
{
	static int (*const merge_tables[])(struct fl_store *, struct fl_store *) = {
		merge_hits, merge_cases, merge_retests, merge_histories, merge_ignored};
	int result;

	*other->error = '\0';
	/* One state of the other, whatever is written to it meanwhile. */
	result = store_run(other, "BEGIN", "");
	if (result)
		return failed(store, other, result);
	result = fl_store_begin(store);
	for (unsigned int i = 0; !result && i < sizeof(merge_tables) / sizeof(merge_tables[0]); i++)
		result = failed(store, other, merge_tables[i](store, other));
	if (!result)
		result = fl_store_commit(store);
	if (result)
		fl_store_rollback(store);
	fl_store_rollback(other);
	return result;
}

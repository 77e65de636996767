// SPDX-License-Identifier: GPL-2.0-or-later
/* Histories of runs on threads, in the store: where they come from, and for how long there was no case. */
#include "store_internal.h"

#include <errno.h>

/* As in the statements of fl_store_each_history() and of a merge. */
void store_read_history(sqlite3_stmt *row, struct fl_store_history *history)
{
	*history = (struct fl_store_history){
		.subject = store_text(row, 0),
		.signature = store_text(row, 1),
		.input = (uint64_t)sqlite3_column_int64(row, 2),
		.path = store_text(row, 3),
		.profile = store_text(row, 4),
		.detail = store_text(row, 5),
		.seed = (uint64_t)sqlite3_column_int64(row, 6),
		.process = (uint64_t)sqlite3_column_int64(row, 7),
		.round = (uint64_t)sqlite3_column_int64(row, 8),
		.schedules = (uint64_t)sqlite3_column_int64(row, 9),
		.first_seen = sqlite3_column_int64(row, 10),
		.last_seen = sqlite3_column_int64(row, 11),
	};
}

/*
 * What the file says is the same wherever its identity is, but for two files of one hash; a least of each column is
 * one rule for both.
 */
int store_join_history(struct fl_store *store, const struct fl_store_history *history)
{
	return store_run(
		store,
		"INSERT INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
		" ON CONFLICT DO UPDATE SET path = min(path, excluded.path),"
		" profile = min(profile, excluded.profile), detail = min(detail, excluded.detail),"
		" seed = min(seed, excluded.seed), process = min(process, excluded.process),"
		" round = min(round, excluded.round), schedules = max(schedules, excluded.schedules),"
		" first = min(first, excluded.first), last = max(last, excluded.last)",
		"ttitttiiiiii", history->subject, history->signature, (int64_t)history->input,
		history->path, history->profile, history->detail, (int64_t)history->seed,
		(int64_t)history->process, (int64_t)history->round, (int64_t)history->schedules,
		history->first_seen, history->last_seen);
}

int fl_store_add_history(struct fl_store *store, const struct fl_store_history *history)
{
	return store_join_history(store, history);
}

int fl_store_each_history(struct fl_store *store, const char *subject, const char *signature,
			  int (*see)(void *context, const struct fl_store_history *history),
			  void *context)
{
	sqlite3_stmt *row;
	int result;

	if (!store_has_histories(store))
		return 0;
	/* Bound as text, NULL is NULL. */
	row = store_prepare(
		store,
		"SELECT history.subject, history.signature, history.input, path, profile, detail, seed,"
		" process, round, schedules, history.first, history.last, hit.input IS NOT NULL"
		" FROM history LEFT JOIN hit ON hit.subject = history.subject AND"
		"  hit.signature = history.signature AND hit.input = history.input"
		" WHERE ?2 IS NULL OR (history.subject = ?1 AND history.signature = ?2)"
		" ORDER BY history.signature, history.subject, path, history.input",
		"tt", subject, signature);
	if (!row)
		return -EIO;
	while ((result = store_step(store, &row)) == 1) {
		struct fl_store_history history;

		store_read_history(row, &history);
		history.reproduced = sqlite3_column_int(row, 12);
		result = see(context, &history);
		if (result)
			break;
	}
	sqlite3_finalize(row);
	return result;
}

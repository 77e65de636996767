/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the store share: its handle, and SQLite with less to say. */
#ifndef FAULTLINE_TRIAGE_STORE_INTERNAL_H
#define FAULTLINE_TRIAGE_STORE_INTERNAL_H

#include "store.h"

#include <sqlite3.h>

struct fl_store {
	sqlite3 *database; /* NULL: not open */
	int64_t version;   /* that its file has: an earlier one if it is only read */
	char path[4096];
	char error[4608];
};

/* Set the error; returns @code. */
int store_fail(struct fl_store *store, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What SQLite just complained of, as the store's error. */
int store_fail_sqlite(struct fl_store *store);

/*
 * Prepare @sql and bind its parameters: @types has a letter for each: 't' a text (const char *), 'i' an
 * int64_t, 'b' bytes (const void *, size_t). NULL with an error.
 */
sqlite3_stmt *store_prepare(struct fl_store *store, const char *sql, const char *types, ...);
/* 1: a row is there; 0: none any more, or a negative errno, and the statement is gone. */
int store_step(struct fl_store *store, sqlite3_stmt **statement);
/* Run a statement without rows. */
int store_run(struct fl_store *store, const char *sql, const char *types, ...);
/* A column's text, never NULL. */
const char *store_text(sqlite3_stmt *statement, int column);

/* --- facts with everything that merging compares ------------------------------------------- */

/*
 * A fact that the latest replaces: by time, then by revision, then by what it says. A change at the time
 * of the one before has a higher revision.
 */
struct store_stamp {
	fl_time_t time;
	int64_t revision;
};

struct store_case_row {
	const char *subject, *signature, *detail;
	struct fl_case_size size;
	const void *packed;
	size_t packed_size;
	unsigned int replays, identical;
	uint64_t trace;
	struct store_stamp stamp;
};

int store_join_hit(struct fl_store *store, const struct fl_store_hit *hit, fl_time_t first,
		   fl_time_t last);
int store_join_case(struct fl_store *store, const struct store_case_row *row, bool *kept);
int store_join_retest(struct fl_store *store, const struct fl_store_retest *retest,
		      int64_t revision);
/* first_seen and last_seen are a range. */
int store_join_history(struct fl_store *store, const struct fl_store_history *history);
/* The first twelve columns of a row of it. */
void store_read_history(sqlite3_stmt *row, struct fl_store_history *history);
/* A store of version 1 has none. */
bool store_has_histories(const struct fl_store *store);
int store_join_ignore(struct fl_store *store, const char *signature, const char *reason,
		      const struct store_stamp *stamp);

#endif

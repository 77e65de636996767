// SPDX-License-Identifier: GPL-2.0-or-later
/* The store's file: opened, checked, made. */
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 60000
#define STRING(number)	  #number
#define TEXT_OF(number)	  STRING(number)

/*
 * hit: what broke what. found: the smallest case of a finding. retest: what that case did when it was run
 * again. ignored: a reason of NULL takes an earlier one back. history: what a run on threads left, and how long a
 * search for its case was in vain.
 */
#define HISTORY_TABLE                                                                               \
	"CREATE TABLE history (subject TEXT NOT NULL, signature TEXT NOT NULL,"                     \
	" input INTEGER NOT NULL, path TEXT NOT NULL, profile TEXT NOT NULL, detail TEXT NOT NULL," \
	" seed INTEGER NOT NULL, process INTEGER NOT NULL, round INTEGER NOT NULL,"                 \
	" schedules INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"               \
	" PRIMARY KEY (subject, signature, input)) WITHOUT ROWID;"
#define SET_VERSION "PRAGMA user_version = " TEXT_OF(FL_STORE_VERSION) ";"

static const char schema[] =
	"CREATE TABLE hit (subject TEXT NOT NULL, signature TEXT NOT NULL, input INTEGER NOT NULL,"
	" name TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" PRIMARY KEY (subject, signature, input)) WITHOUT ROWID;"
	"CREATE TABLE found (subject TEXT NOT NULL, signature TEXT NOT NULL,"
	" operations INTEGER NOT NULL, actors INTEGER NOT NULL, settings INTEGER NOT NULL,"
	" preemptions INTEGER NOT NULL, answers INTEGER NOT NULL, packed BLOB NOT NULL,"
	" detail TEXT NOT NULL, replays INTEGER NOT NULL, identical INTEGER NOT NULL,"
	" trace INTEGER NOT NULL, time INTEGER NOT NULL, revision INTEGER NOT NULL,"
	" PRIMARY KEY (subject, signature));"
	"CREATE TABLE retest (subject TEXT NOT NULL, signature TEXT NOT NULL, tried_on TEXT NOT NULL,"
	" build TEXT NOT NULL, breaks TEXT NOT NULL, refused TEXT NOT NULL, replays INTEGER NOT NULL,"
	" identical INTEGER NOT NULL, time INTEGER NOT NULL, revision INTEGER NOT NULL,"
	" PRIMARY KEY (subject, signature, tried_on)) WITHOUT ROWID;"
	"CREATE TABLE ignored (signature TEXT NOT NULL PRIMARY KEY, reason TEXT,"
	" time INTEGER NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID;" HISTORY_TABLE
	"PRAGMA application_id = " TEXT_OF(FL_STORE_APPLICATION) ";" SET_VERSION;

/* What a store of version 1 lacks. */
static const char from_version_1[] = HISTORY_TABLE SET_VERSION;

/* --- errors ---------------------------------------------------------------------------------- */

int store_fail(struct fl_store *store, int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(store->error, sizeof(store->error), format, arguments);
	va_end(arguments);
	/* SQLite finds words for several lines. */
	for (char *c = store->error; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return code;
}

const char *fl_store_error(const struct fl_store *store)
{
	return store->error;
}

static int fail_damaged(struct fl_store *store, const char *why)
{
	return store_fail(store, -EINVAL, "%s is damaged: %s; restore a copy, or name another file",
			  store->path, why);
}

int store_fail_sqlite(struct fl_store *store)
{
	const char *why = sqlite3_errmsg(store->database);

	switch (sqlite3_errcode(store->database) & 0xff) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
		return fail_damaged(store, why);
	case SQLITE_BUSY:
		return store_fail(store, -EBUSY,
				  "%s is in use: another process has kept it for %d s; try again",
				  store->path, BUSY_MILLISECONDS / 1000);
	case SQLITE_FULL:
		return store_fail(store, -ENOSPC,
				  "cannot write %s: the disk is full; free some space",
				  store->path);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return store_fail(store, -EACCES,
				  "cannot write %s: %s; name a file in a folder that you can write",
				  store->path, why);
	default:
		return store_fail(store, -EIO, "%s: %s", store->path, why);
	}
}

/* --- statements ------------------------------------------------------------------------------ */

static sqlite3_stmt *prepare(struct fl_store *store, const char *sql, const char *types,
			     va_list arguments)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL);

	for (int i = 1; result == SQLITE_OK && *types; i++, types++) {
		if (*types == 't') {
			result = sqlite3_bind_text(statement, i, va_arg(arguments, const char *),
						   -1, SQLITE_TRANSIENT);
		} else if (*types == 'i') {
			result = sqlite3_bind_int64(statement, i, va_arg(arguments, int64_t));
		} else {
			const void *bytes = va_arg(arguments, const void *);

			result = sqlite3_bind_blob64(statement, i, bytes, va_arg(arguments, size_t),
						     SQLITE_TRANSIENT);
		}
	}
	if (result == SQLITE_OK)
		return statement;
	store_fail_sqlite(store);
	sqlite3_finalize(statement);
	return NULL;
}

sqlite3_stmt *store_prepare(struct fl_store *store, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list arguments;

	va_start(arguments, types);
	statement = prepare(store, sql, types, arguments);
	va_end(arguments);
	return statement;
}

int store_step(struct fl_store *store, sqlite3_stmt **statement)
{
	int result = sqlite3_step(*statement);

	if (result == SQLITE_ROW)
		return 1;
	result = result == SQLITE_DONE ? 0 : store_fail_sqlite(store);
	sqlite3_finalize(*statement);
	*statement = NULL;
	return result;
}

int store_run(struct fl_store *store, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list arguments;
	int result;

	va_start(arguments, types);
	statement = prepare(store, sql, types, arguments);
	va_end(arguments);
	if (!statement)
		return -EIO;
	result = store_step(store, &statement);
	sqlite3_finalize(statement);
	return result < 0 ? result : 0;
}

const char *store_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);

	return text ? text : "";
}

static int64_t number_of(struct fl_store *store, const char *sql)
{
	sqlite3_stmt *statement = store_prepare(store, sql, "");
	int64_t number = -1;

	if (statement && store_step(store, &statement) == 1)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

int fl_store_begin(struct fl_store *store)
{
	return store_run(store, "BEGIN IMMEDIATE", "");
}

int fl_store_commit(struct fl_store *store)
{
	return store_run(store, "COMMIT", "");
}

void fl_store_rollback(struct fl_store *store)
{
	/* After some errors SQLite has done so itself. */
	if (!sqlite3_get_autocommit(store->database))
		sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
}

/* --- is it a store? --------------------------------------------------------------------------- */

static int fail_newer(struct fl_store *store, int64_t version)
{
	return store_fail(store, -EINVAL,
			  "%s has version %lld, which a newer faultline wrote; this one knows %d",
			  store->path, (long long)version, FL_STORE_VERSION);
}

static int fail_foreign(struct fl_store *store)
{
	return store_fail(store, -EINVAL, "%s is a database of another program; name another file",
			  store->path);
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/*
 * Before SQLite sees it, which would make files beside it: what is no store stays untouched. @exists: the
 * file is there and has content.
 */
static int look_at_header(struct fl_store *store, bool *exists)
{
	uint8_t header[100];
	struct stat status;
	ssize_t length;
	int file = open(store->path, O_RDONLY | O_CLOEXEC);

	*exists = false;
	if (file < 0 && errno == ENOENT)
		return 0;
	if (file < 0 || fstat(file, &status)) {
		int error = errno;

		if (file >= 0)
			close(file);
		return store_fail(store, -error, "cannot read %s: %s", store->path,
				  strerror(error));
	}
	length = S_ISREG(status.st_mode) ? read(file, header, sizeof(header)) : -1;
	close(file);
	if (length < 0)
		return store_fail(store, -EINVAL, "%s is no file; name one for the store",
				  store->path);
	*exists = length;
	if (!length)
		return 0;
	if (length < (ssize_t)sizeof(header) || memcmp(header, "SQLite format 3", 16))
		return store_fail(store, -EINVAL, "%s is no store of findings; name another file",
				  store->path);
	/* Offsets of https://www.sqlite.org/fileformat2.html, section 1.3. */
	if (word_at(header + 68) && word_at(header + 68) != FL_STORE_APPLICATION)
		return fail_foreign(store);
	if (word_at(header + 68) && word_at(header + 60) > FL_STORE_VERSION)
		return fail_newer(store, word_at(header + 60));
	return 0;
}

static int check_content(struct fl_store *store)
{
	sqlite3_stmt *statement = store_prepare(store, "PRAGMA quick_check(1)", "");
	int result = 0;

	if (!statement)
		return -EINVAL;
	if (store_step(store, &statement) != 1)
		return -EINVAL;
	if (strcmp(store_text(statement, 0), "ok"))
		result = fail_damaged(store, store_text(statement, 0));
	sqlite3_finalize(statement);
	return result;
}

static int make_schema(struct fl_store *store)
{
	int result = fl_store_begin(store);

	if (result)
		return result;
	/* Another process may have been faster. */
	if (!number_of(store, "PRAGMA user_version")) {
		if (number_of(store, "SELECT count(*) FROM sqlite_master")) {
			fl_store_rollback(store);
			return fail_foreign(store);
		}
		if (sqlite3_exec(store->database, schema, NULL, NULL, NULL) != SQLITE_OK) {
			result = store_fail_sqlite(store);
			fl_store_rollback(store);
			return result;
		}
	}
	return fl_store_commit(store);
}

/* In one transaction: after a kill it is of the earlier version, or of this one. */
static int upgrade(struct fl_store *store)
{
	int result = fl_store_begin(store);

	if (result)
		return result;
	/* Another process may have been faster. */
	if (number_of(store, "PRAGMA user_version") == 1 &&
	    sqlite3_exec(store->database, from_version_1, NULL, NULL, NULL) != SQLITE_OK) {
		result = store_fail_sqlite(store);
		fl_store_rollback(store);
		return result;
	}
	return fl_store_commit(store);
}

bool store_has_histories(const struct fl_store *store)
{
	return store->version >= 2;
}

/*
 * Readers and a writer at once. Not part of the transaction that makes the schema, whose version thus
 * stands in the file itself, where look_at_header() finds it. That change of mode does not wait by itself.
 */
static int use_log(struct fl_store *store)
{
	for (int waited = 0;; waited += 10) {
		sqlite3_stmt *statement = store_prepare(store, "PRAGMA journal_mode = WAL", "");
		int result = statement ? sqlite3_step(statement) : SQLITE_ERROR;
		bool done = result == SQLITE_ROW && !strcmp(store_text(statement, 0), "wal");

		sqlite3_finalize(statement);
		if (done)
			return 0;
		if ((result & 0xff) != SQLITE_BUSY || waited >= BUSY_MILLISECONDS)
			return store_fail_sqlite(store);
		usleep(10000);
	}
}

static int set_up(struct fl_store *store, enum fl_store_mode mode, bool exists)
{
	int64_t version;
	int result;

	sqlite3_busy_timeout(store->database, BUSY_MILLISECONDS);
	sqlite3_extended_result_codes(store->database, 0);
	if (sqlite3_exec(store->database, "PRAGMA synchronous = FULL", NULL, NULL, NULL))
		return store_fail_sqlite(store);
	if (exists) {
		result = check_content(store);
		if (result)
			return result;
	}
	version = number_of(store, "PRAGMA user_version");
	if (version < 0)
		return -EINVAL;
	if (!version && mode == FL_STORE_CREATE) {
		result = make_schema(store);
		if (result)
			return result;
		version = number_of(store, "PRAGMA user_version");
	}
	if (number_of(store, "PRAGMA application_id") != FL_STORE_APPLICATION)
		return fail_foreign(store);
	if (version > FL_STORE_VERSION)
		return fail_newer(store, version);
	store->version = version;
	if (mode == FL_STORE_READ)
		return 0;
	if (version < FL_STORE_VERSION) {
		result = upgrade(store);
		if (result)
			return result;
		store->version = FL_STORE_VERSION;
	}
	return use_log(store);
}

/* Has another process, which was killed perhaps, left changes that are not in the file yet? */
static bool has_log(const struct fl_store *store)
{
	char log[sizeof(store->path) + 8];
	struct stat status;

	snprintf(log, sizeof(log), "%s-wal", store->path);
	return !stat(log, &status) && status.st_size;
}

int fl_store_open(struct fl_store **opened, const char *path, enum fl_store_mode mode)
{
	struct fl_store *store = calloc(1, sizeof(*store));
	int flags = SQLITE_OPEN_READWRITE, result;
	bool exists, logged;

	*opened = store;
	if (!store)
		return -ENOMEM;
	if (strlen(path) >= sizeof(store->path) - 16)
		return store_fail(store, -ENAMETOOLONG, "the path of the store is too long");
	strcpy(store->path, path);
	result = look_at_header(store, &exists);
	if (result)
		return result;
	if (!exists && mode == FL_STORE_READ)
		return store_fail(store, -ENOENT, "%s: there is no such store", path);
	if (mode == FL_STORE_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	logged = has_log(store);
	if (sqlite3_open_v2(path, &store->database, flags, NULL) != SQLITE_OK) {
		result = store_fail_sqlite(store);
		sqlite3_close(store->database);
		store->database = NULL;
		return result;
	}
	result = set_up(store, mode, exists);
	if (!result)
		return 0;
	/* What is refused stays as it is: nor is what other processes left in its log moved into it. */
	if (logged)
		sqlite3_db_config(store->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(store->database);
	store->database = NULL;
	return result;
}

void fl_store_close(struct fl_store *store)
{
	if (!store)
		return;
	sqlite3_close(store->database);
	free(store);
}

fl_day_t fl_day_of(fl_time_t when)
{
	time_t seconds = (time_t)when;
	struct tm day;

	gmtime_r(&seconds, &day);
	return (fl_day_t)((day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday);
}

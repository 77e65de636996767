// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The store: merging is a join, whatever the stores hold; what was recorded survives a kill at any time;
 * two processes at once lose nothing; and what is no store is refused and stays as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <engine/prng.h>
#include <triage/store.h>

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FACTS 40

static char folder[64];
static struct fl_case example;

static int make_folder(void **state)
{
	strcpy(folder, "/tmp/test_store.XXXXXX");
	if (!mkdtemp(folder) || chdir(folder))
		return -1;
	fl_case_clear(&example);
	strcpy(example.subject, "core:guard-v2");
	strcpy(example.profile, "mmu500");
	example.program.count = 1;
	strcpy(example.program.actors[0].name, "gpu");
	example.program.actors[0].agent = true;
	example.program.actors[0].count = 1;
	example.program.actors[0].operations[0].code = (uint8_t)fl_operation_find("dma");
	return 0;
}

static int remove_folder(void **state)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return chdir("/") || system(command);
}

static struct fl_store *opened(const char *path, enum fl_store_mode mode)
{
	struct fl_store *store;

	if (fl_store_open(&store, path, mode))
		fail_msg("%s", fl_store_error(store));
	return store;
}

static void done(struct fl_store *store, int result)
{
	if (result)
		fail_msg("%s", fl_store_error(store));
}

/* --- what a store holds, as text ---------------------------------------------------------------- */

/* Every fact of every table: what merging must agree on, stamps included. */
static char *dump(const char *path)
{
	static const char *const queries[] = {
		"SELECT 'hit', * FROM hit ORDER BY 2, 3, 4",
		("SELECT 'found', subject, signature, operations, hex(packed), detail, replays, identical,"
		 " trace, time, revision FROM found ORDER BY 2, 3"),
		"SELECT 'retest', * FROM retest ORDER BY 2, 3, 4",
		"SELECT 'history', * FROM history ORDER BY 2, 3, 4",
		"SELECT 'ignored', * FROM ignored ORDER BY 2",
	};
	sqlite3 *database;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	for (unsigned int i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		sqlite3_stmt *row;

		assert_int_equal(sqlite3_prepare_v2(database, queries[i], -1, &row, NULL),
				 SQLITE_OK);
		while (sqlite3_step(row) == SQLITE_ROW) {
			for (int column = 0; column < sqlite3_column_count(row); column++) {
				const char *value = (const char *)sqlite3_column_text(row, column);

				fprintf(out, "%s|", value ? value : "NULL");
			}
			fputc('\n', out);
		}
		sqlite3_finalize(row);
	}
	sqlite3_close(database);
	fclose(out);
	return text;
}

static void assert_same(const char *left, const char *right)
{
	char *a = dump(left), *b = dump(right);

	assert_string_equal(a, b);
	assert_true(strlen(a) > 0);
	free(a);
	free(b);
}

/* --- random facts -------------------------------------------------------------------------------- */

static const char *const subjects[] = {"core:guard-v2", "core:guard-v3", "core:legacy"};
static const char *const signatures[] = {"irq-storm in arm_smmu_context_fault", "leak",
					 "lost-fault"};
static struct fl_prng prng;

static unsigned int draw(unsigned int n)
{
	return fl_prng_below(&prng, n);
}

/* Few values of everything, so that stores disagree about the same things. */
static void add_fact(struct fl_store *store)
{
	const char *subject = subjects[draw(3)], *signature = signatures[draw(3)];
	fl_time_t when = 1000 + draw(4);
	struct fl_store_hit hit = {subject, signature, draw(5), draw(2) ? "a" : "b", when};
	struct fl_store_retest retest = {
		.subject = subject,
		.signature = signature,
		.tried_on = subjects[draw(3)],
		.build = draw(2) ? "1" : "2",
		.breaks = draw(2) ? signature : "",
		.refused = "",
		.replays = 10,
		.identical = draw(3),
		.tried = when,
	};
	struct fl_store_history history = {
		.subject = subject,
		.signature = signature,
		.input = draw(5),
		.path = draw(2) ? "a/x.history" : "b/x.history",
		.profile = draw(2) ? "mmu500" : "mmu400",
		.detail = draw(2) ? "x" : "y",
		.seed = draw(2) ? 1 : UINT64_MAX,
		.process = draw(2),
		.round = draw(3),
		.schedules = draw(3),
		.first_seen = when,
		.last_seen = when,
	};
	struct fl_store_case added = {&example, draw(2) ? "x" : "y", 10, draw(3), draw(2), when};
	bool kept;

	switch (draw(5)) {
	case 0:
		done(store, fl_store_add_hit(store, &hit));
		return;
	case 1:
		strcpy(example.subject, subject);
		strcpy(example.signature, signature);
		example.program.actors[0].count = (uint8_t)(1 + draw(3));
		for (unsigned int i = 1; i < 3; i++)
			example.program.actors[0].operations[i] =
				i < example.program.actors[0].count
					? example.program.actors[0].operations[0]
					: (struct fl_operation){0};
		example.step = draw(3);
		done(store, fl_store_add_case(store, &added, &kept));
		return;
	case 2:
		done(store, fl_store_add_retest(store, &retest));
		return;
	case 3:
		done(store, fl_store_add_history(store, &history));
		return;
	default:
		done(store,
		     fl_store_ignore(store, signature,
				     draw(3) ? (draw(2) ? "because" : "why not") : NULL, when));
	}
}

static void make_random(const char *path, uint64_t seed)
{
	struct fl_store *store = opened(path, FL_STORE_CREATE);

	prng.state = seed;
	done(store, fl_store_begin(store));
	for (unsigned int i = 0; i < FACTS; i++)
		add_fact(store);
	done(store, fl_store_commit(store));
	fl_store_close(store);
}

/* @into becomes what @from is, with @and merged. */
static void merge(const char *into, const char *from, const char *and)
{
	struct fl_store *store = opened(into, FL_STORE_CREATE);
	const char *others[] = {from, and};

	for (unsigned int i = 0; i < 2; i++) {
		struct fl_store *other = opened(others[i], FL_STORE_READ);

		done(store, fl_store_merge(store, other));
		fl_store_close(other);
	}
	fl_store_close(store);
}

static void forget(const char *path)
{
	char beside[64];

	unlink(path);
	snprintf(beside, sizeof(beside), "%s-wal", path);
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s-shm", path);
	unlink(beside);
}

static void test_merge_is_a_join(void **state)
{
	static const char *const all[] = {"a",	"b",  "c",    "ab",   "ba",
					  "aa", "bc", "ab_c", "a_bc", "ab_b"};

	for (uint64_t seed = 1; seed <= 4; seed++) {
		for (unsigned int i = 0; i < 3; i++)
			make_random(all[i], seed * 3 + i);
		merge("ab", "a", "b");
		merge("ba", "b", "a");
		assert_same("ab", "ba");
		merge("aa", "a", "a");
		assert_same("aa", "a");
		merge("ab_b", "ab", "b");
		assert_same("ab_b", "ab");
		merge("bc", "b", "c");
		merge("ab_c", "ab", "c");
		merge("a_bc", "a", "bc");
		assert_same("ab_c", "a_bc");
		for (unsigned int i = 0; i < sizeof(all) / sizeof(all[0]); i++)
			forget(all[i]);
	}
}

/* The same once more is nothing new. */
static void test_recording_is_idempotent(void **state)
{
	static const fl_time_t when = 5000;
	struct fl_store_hit hit = {"core:legacy", "leak", 7, "x", when};
	struct fl_store_retest retest = {
		"core:legacy", "leak", "core:legacy", "1", "leak", "", 10, 10, when};
	struct fl_store_case added = {&example, "x", 10, 10, 77, when};
	struct fl_store_history history = {
		.subject = "core:legacy",
		.signature = "leak",
		.input = 8,
		.path = "x.history",
		.profile = "mmu500",
		.detail = "",
		.schedules = 100,
		.first_seen = when,
		.last_seen = when,
	};
	bool kept;

	strcpy(example.subject, "core:legacy");
	strcpy(example.signature, "leak");
	for (unsigned int round = 0; round < 2; round++) {
		struct fl_store *store = opened(round ? "twice" : "once", FL_STORE_CREATE);

		for (unsigned int i = 0; i <= round; i++) {
			done(store, fl_store_add_hit(store, &hit));
			done(store, fl_store_add_case(store, &added, &kept));
			assert_int_equal(kept, !i);
			done(store, fl_store_add_retest(store, &retest));
			done(store, fl_store_add_history(store, &history));
			done(store, fl_store_ignore(store, "leak", "because", when));
		}
		fl_store_close(store);
	}
	assert_same("once", "twice");
}

/* --- histories, and stores that know none ----------------------------------------------------------- */

static int note_history(void *context, const struct fl_store_history *history)
{
	FILE *out = context;

	fprintf(out, "%s %s %llu %s %llu%s\n", history->subject, history->signature,
		(unsigned long long)history->input, history->path,
		(unsigned long long)history->schedules, history->reproduced ? " reproduced" : "");
	return 0;
}

static void assert_histories(const char *path, const char *signature, const char *expected)
{
	struct fl_store *store = opened(path, FL_STORE_READ);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	done(store, fl_store_each_history(store, "core:legacy", signature, note_history, out));
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	fl_store_close(store);
}

/* One without a hit of its own has no case, even if others broke the same. */
static void test_histories(void **state)
{
	struct fl_store_history history = {
		.subject = "core:legacy",
		.signature = "leak",
		.path = "x",
		.profile = "mmu500",
		.detail = "",
		.schedules = 100,
		.first_seen = 1,
		.last_seen = 1,
	};
	struct fl_store_hit hit = {"core:legacy", "leak", UINT64_MAX, "x", 1};
	struct fl_store *store = opened("histories", FL_STORE_CREATE);

	history.input = UINT64_MAX;
	done(store, fl_store_add_history(store, &history));
	history.input = 2;
	history.path = "y";
	done(store, fl_store_add_history(store, &history));
	history.schedules = 50;
	history.path = "z";
	done(store, fl_store_add_history(store, &history));
	history.signature = "lost-fault";
	done(store, fl_store_add_history(store, &history));
	done(store, fl_store_add_hit(store, &hit));
	fl_store_close(store);
	assert_histories("histories", NULL,
			 "core:legacy leak 18446744073709551615 x 100 reproduced\n"
			 "core:legacy leak 2 y 100\n"
			 "core:legacy lost-fault 2 z 50\n");
	assert_histories("histories", "lost-fault", "core:legacy lost-fault 2 z 50\n");
	assert_histories("histories", "irq-storm", "");
}

static uint64_t count_hits(const char *path)
{
	sqlite3 *database;
	sqlite3_stmt *row;
	uint64_t count;

	assert_int_equal(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(database, "SELECT count(*) FROM hit", -1, &row, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(row), SQLITE_ROW);
	count = (uint64_t)sqlite3_column_int64(row, 0);
	sqlite3_finalize(row);
	sqlite3_close(database);
	return count;
}

/* A store as version 1 left it: with hits, and without the table of histories. */
static void make_version_1(const char *path)
{
	sqlite3 *database;

	make_random(path, 5);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database,
				      "DROP TABLE history; PRAGMA user_version = 1;"
				      "PRAGMA journal_mode = DELETE",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(database);
}

static void test_earlier_version(void **state)
{
	struct fl_store_history history = {
		.subject = "core:legacy",
		.signature = "leak",
		.path = "x",
		.profile = "mmu500",
		.detail = "",
		.schedules = 7,
	};
	struct fl_store *store, *other;
	uint64_t hits;

	make_version_1("old");
	make_version_1("other");
	hits = count_hits("old");
	assert_true(hits > 0);
	/* Read: there are no histories, and it is told of as before. */
	assert_histories("old", NULL, "");
	/* Merged from: the same, and it stays what it is. */
	store = opened("new", FL_STORE_CREATE);
	other = opened("other", FL_STORE_READ);
	done(store, fl_store_merge(store, other));
	fl_store_close(other);
	fl_store_close(store);
	assert_int_equal(count_hits("new"), hits);
	assert_histories("other", NULL, "");
	/* Written to: it becomes this version, and loses nothing. */
	store = opened("old", FL_STORE_CREATE);
	done(store, fl_store_add_history(store, &history));
	fl_store_close(store);
	assert_int_equal(count_hits("old"), hits);
	assert_histories("old", NULL, "core:legacy leak 0 x 7\n");
	fl_store_close(opened("old", FL_STORE_CREATE));
	assert_histories("old", NULL, "core:legacy leak 0 x 7\n");
}

/* --- processes ------------------------------------------------------------------------------------ */

static void record_numbers(const char *path, unsigned int first, unsigned int count, int report)
{
	struct fl_store *store = opened(path, FL_STORE_CREATE);

	for (unsigned int i = first; i < first + count; i++) {
		struct fl_store_hit hit = {"core:legacy", "leak", i, "x", 1};

		done(store, fl_store_add_hit(store, &hit));
		if (report >= 0 && write(report, &i, sizeof(i)) != sizeof(i))
			_exit(1);
	}
	fl_store_close(store);
}

/* Killed 20 times, at any moment. */
static void test_kill(void **state)
{
	unsigned int told = 0, next = 0;

	prng.state = 99;
	for (unsigned int kills = 0; kills < 20; kills++) {
		unsigned int number;
		int ends[2];
		pid_t child;

		assert_int_equal(pipe(ends), 0);
		child = fork();
		if (!child) {
			record_numbers("killed", next, 100000, ends[1]);
			_exit(0);
		}
		close(ends[1]);
		/* The first ones while the store is being made, the others while it is written to. */
		for (unsigned int i = 0; kills >= 5 && i < 2; i++) {
			assert_int_equal(read(ends[0], &number, sizeof(number)), sizeof(number));
			told++;
			next = number + 1;
		}
		usleep(draw(kills < 5 ? 3000 : 10000));
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(ends[0], &number, sizeof(number)) == sizeof(number)) {
			told++;
			next = number + 1;
		}
		close(ends[0]);
		/* What was told is there; the one that was being recorded may be, too. */
		if (told) {
			uint64_t there = count_hits("killed");

			assert_in_range(there, next, next + 1);
		}
	}
	assert_true(told > 20);
	fl_store_close(opened("killed", FL_STORE_READ));
}

static void test_two_processes(void **state)
{
	pid_t children[3];

	for (unsigned int i = 0; i < 3; i++) {
		children[i] = fork();
		if (!children[i]) {
			record_numbers("shared", i * 100, 100, -1);
			_exit(0);
		}
	}
	for (unsigned int i = 0; i < 3; i++) {
		int status;

		waitpid(children[i], &status, 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count_hits("shared"), 300);
}

/* --- what is refused ------------------------------------------------------------------------------- */

static void assert_refused(const char *path, enum fl_store_mode mode, const char *why)
{
	struct fl_store *store;

	assert_int_not_equal(fl_store_open(&store, path, mode), 0);
	if (!strstr(fl_store_error(store), why) || !strstr(fl_store_error(store), path) ||
	    strchr(fl_store_error(store), '\n'))
		fail_msg("it said '%s', not '%s'", fl_store_error(store), why);
	fl_store_close(store);
}

static char *content(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(bytes);
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* Change @path by @sql or at @offset, and see that it is refused as it is. */
static void refused_after(const char *sql, long offset, const char *why)
{
	size_t before_size, after_size;
	char *before, *after;

	make_random("bad", 5);
	if (sql) {
		sqlite3 *database;

		assert_int_equal(sqlite3_open("bad", &database), SQLITE_OK);
		assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(database);
	} else {
		FILE *file = fopen("bad", "r+b");

		assert_non_null(file);
		fseek(file, offset, SEEK_SET);
		for (unsigned int i = 0; i < 200; i++)
			fputc(0xa5, file);
		fclose(file);
	}
	before = content("bad", &before_size);
	assert_refused("bad", FL_STORE_CREATE, why);
	assert_refused("bad", FL_STORE_READ, why);
	after = content("bad", &after_size);
	assert_int_equal(before_size, after_size);
	assert_memory_equal(before, after, before_size);
	free(before);
	free(after);
	forget("bad");
}

static void test_refused(void **state)
{
	struct stat status;
	FILE *file;

	refused_after("PRAGMA user_version = 3", 0, "newer faultline");
	refused_after("PRAGMA application_id = 7", 0, "another program");
	refused_after(NULL, 0, "no store");
	refused_after(NULL, 4096 * 3, "damaged");
	assert_refused("missing", FL_STORE_READ, "there is no such store");
	assert_int_not_equal(stat("missing", &status), 0);
	assert_refused("no-folder/store", FL_STORE_CREATE, "cannot write");
	file = fopen("text", "w");
	assert_non_null(file);
	fputs("hello\n", file);
	fclose(file);
	assert_refused("text", FL_STORE_CREATE, "no store");
	assert_refused(".", FL_STORE_CREATE, "is no file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge_is_a_join),
		cmocka_unit_test(test_recording_is_idempotent),
		cmocka_unit_test(test_histories),
		cmocka_unit_test(test_earlier_version),
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_two_processes),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What the store holds, as a table or as one JSON object. */
#include "cli.h"
#include "triage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_COLUMNS 64

/* --- for people -------------------------------------------------------------------------------- */

static const char *day_text(fl_time_t when, char *buffer, size_t size)
{
	fl_day_t day = fl_day_of(when);

	snprintf(buffer, size, "%04u-%02u-%02u", day / 10000, day / 100 % 100, day % 100);
	return buffer;
}

struct table {
	struct fl_store *store;
	unsigned int rows, states[FL_STATES];
	char *columns[MAX_COLUMNS]; /* subjects of retests, sorted */
	unsigned int column_count;
	char marks[MAX_COLUMNS];
	const char *signature;
};

static int print_row(void *context, const struct fl_store_finding *finding)
{
	struct table *table = context;
	char first[16], last[16], size[32], replays[32];

	if (!table->rows++)
		printf("%4s %-8s %-24s %7s %-10s %-10s %7s %-6s %s\n", "", "state", "subject",
		       "inputs", "first", "last", "replays", "size", "signature");
	snprintf(size, sizeof(size), "%u+%u", finding->size.operations, finding->size.preemptions);
	snprintf(replays, sizeof(replays), "%u/%u", finding->identical, finding->replays);
	printf("%4u %-8s %-24s %7" PRIu64 " %-10s %-10s %7s %-6s %s\n", table->rows,
	       fl_state_name(finding->state), finding->subject, finding->inputs,
	       day_text(finding->first_seen, first, sizeof(first)),
	       day_text(finding->last_seen, last, sizeof(last)), replays, size, finding->signature);
	if (finding->state == FL_STATE_CHANGED)
		printf("%13s breaks instead: %.*s\n", "", (int)strcspn(finding->reason, "\n"),
		       finding->reason);
	else if (*finding->reason)
		printf("%13s %s: %s\n", "", fl_state_name(finding->state), finding->reason);
	table->states[finding->state]++;
	return 0;
}

static int find_column(struct table *table, const char *subject)
{
	for (unsigned int i = 0; i < table->column_count; i++)
		if (!strcmp(table->columns[i], subject))
			return (int)i;
	return -1;
}

static int note_column(void *context, const struct fl_store_retest *retest)
{
	struct table *table = context;
	unsigned int at;

	if (find_column(table, retest->tried_on) >= 0 || table->column_count == MAX_COLUMNS)
		return 0;
	for (at = table->column_count++; at && strcmp(table->columns[at - 1], retest->tried_on) > 0;
	     at--)
		table->columns[at] = table->columns[at - 1];
	table->columns[at] = strdup(retest->tried_on);
	if (!table->columns[at])
		fail_internal("there is no memory for the table");
	return 0;
}

static int note_columns(void *context, const struct fl_store_finding *finding)
{
	struct table *table = context;

	return fl_store_each_retest(table->store, finding->subject, finding->signature, note_column,
				    table);
}

const char *triage_retest_word(const struct fl_store_retest *retest)
{
	size_t length = strlen(retest->signature);

	if (*retest->refused)
		return "cannot";
	if (!*retest->breaks)
		return "keeps";
	for (const char *line = retest->breaks; *line;
	     line += strcspn(line, "\n"), line += *line == '\n')
		if (strcspn(line, "\n") == length && !strncmp(line, retest->signature, length))
			return "breaks";
	return "other";
}

static int mark(void *context, const struct fl_store_retest *retest)
{
	struct table *table = context;
	int column = find_column(table, retest->tried_on);
	const char *word = triage_retest_word(retest);

	if (column >= 0)
		table->marks[column] = *word == 'b'   ? 'X'
				       : *word == 'k' ? '.'
				       : *word == 'o' ? 'o'
						      : '-';
	return 0;
}

static int print_marks(void *context, const struct fl_store_finding *finding)
{
	struct table *table = context;
	int result;

	memset(table->marks, ' ', sizeof(table->marks));
	result = fl_store_each_retest(table->store, finding->subject, finding->signature, mark,
				      table);
	printf("%4u ", ++table->rows);
	for (unsigned int i = 0; i < table->column_count; i++)
		printf("  %c", table->marks[i]);
	putchar('\n');
	return result;
}

/* Findings down, subjects across. */
static void print_matrix(struct table *table, const struct fl_store_view *view)
{
	triage_do(table->store, fl_store_each_finding(table->store, view, note_columns, table));
	if (!table->column_count)
		return;
	puts("\ntheir smallest cases on every subject: X breaks it, o breaks something else, . breaks nothing,\n"
	     "- cannot be run there");
	for (unsigned int i = 0; i < table->column_count; i++) {
		printf("     ");
		for (unsigned int j = 0; j < i; j++)
			printf("  |");
		printf("  %s\n", table->columns[i]);
	}
	table->rows = 0;
	triage_do(table->store, fl_store_each_finding(table->store, view, print_marks, table));
	for (unsigned int i = 0; i < table->column_count; i++)
		free(table->columns[i]);
}

static int print_unreproduced(void *context, const struct fl_store_history *history)
{
	unsigned int *count = context;
	char schedules[32];

	if (history->reproduced)
		return 0;
	if (!(*count)++)
		puts("\nhistories of stress runs without a case, which are no findings; more --search-runs may find one:");
	printf("  %s on %s: no case in %s schedules\n    %s (seed %" PRIu64 ", process %" PRIu64
	       ", round %" PRIu64 ")\n",
	       history->signature, history->subject, with_commas(history->schedules, schedules),
	       history->path, history->seed, history->process, history->round);
	return 0;
}

static void print_counts(const struct triage_counts *counts)
{
	char number[32];

	if (!counts->inputs && !counts->skipped)
		return;
	printf("%s input%s", with_commas(counts->inputs, number), counts->inputs == 1 ? "" : "s");
	if (counts->quiet)
		printf(", of which %s break nothing", with_commas(counts->quiet, number));
	if (counts->unreproduced)
		printf(", %s %s without a case", with_commas(counts->unreproduced, number),
		       counts->unreproduced == 1 ? "history" : "histories");
	if (counts->refused)
		printf(", %s cannot be run", with_commas(counts->refused, number));
	if (counts->died)
		printf(", %s end or hang the process that runs them",
		       with_commas(counts->died, number));
	if (counts->skipped)
		printf(counts->skipped == 1 ? "; %s file is no case" : "; %s files are no cases",
		       with_commas(counts->skipped, number));
	puts(counts->complete ? "" : "; interrupted");
}

static void print_table(struct fl_store *store, const struct fl_store_view *view,
			const struct triage_counts *counts)
{
	struct table table = {.store = store};
	unsigned int rows, unreproduced = 0;

	triage_do(store, fl_store_each_finding(store, view, print_row, &table));
	rows = table.rows;
	print_matrix(&table, view);
	triage_do(store,
		  fl_store_each_history(store, NULL, NULL, print_unreproduced, &unreproduced));
	if (rows || unreproduced)
		putchar('\n');
	print_counts(counts);
	printf("%u finding%s", rows, rows == 1 ? "" : "s");
	for (unsigned int state = 0; rows && state < FL_STATES; state++)
		printf("%s %u %s", state ? "," : ":", table.states[state], fl_state_name(state));
	putchar('\n');
}

/* --- for programs ------------------------------------------------------------------------------ */

struct document {
	struct json json;
	struct fl_store *store;
};

static int put_retest(void *context, const struct fl_store_retest *retest)
{
	struct json *json = context;
	const char *line = retest->breaks;

	json_open(json, NULL, '{');
	json_string(json, "subject", retest->tried_on);
	json_string(json, "build", retest->build);
	json_string(json, "result", triage_retest_word(retest));
	json_open(json, "breaks", '[');
	while (*line) {
		char signature[FL_SIGNATURE_SIZE];

		snprintf(signature, sizeof(signature), "%.*s", (int)strcspn(line, "\n"), line);
		json_string(json, NULL, signature);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	json_close(json, ']');
	json_string(json, "refused", *retest->refused ? retest->refused : NULL);
	json_number(json, "replays", retest->replays);
	json_number(json, "identical", retest->identical);
	json_number(json, "tried", (uint64_t)retest->tried);
	json_close(json, '}');
	return 0;
}

void triage_put_finding(struct json *json, const struct fl_store_finding *finding)
{
	char trace[24];

	snprintf(trace, sizeof(trace), "%016" PRIx64, finding->trace);
	json_string(json, "invariant", finding->invariant);
	json_string(json, "signature", finding->signature);
	json_string(json, "subject", finding->subject);
	json_string(json, "profile", finding->profile);
	json_string(json, "state", fl_state_name(finding->state));
	json_string(json, "reason", *finding->reason ? finding->reason : NULL);
	json_string(json, "detail", finding->detail);
	json_number(json, "first_seen", (uint64_t)finding->first_seen);
	json_number(json, "last_seen", (uint64_t)finding->last_seen);
	json_number(json, "inputs", finding->inputs);
	json_string(json, "input", finding->input_name);
	json_number(json, "operations", finding->size.operations);
	json_number(json, "actors", finding->size.actors);
	json_number(json, "settings", finding->size.settings);
	json_number(json, "preemptions", finding->size.preemptions);
	json_number(json, "answers", finding->size.answers);
	json_number(json, "step", finding->step);
	json_number(json, "replays", finding->replays);
	json_number(json, "identical", finding->identical);
	json_string(json, "trace", trace);
	json_string(json, "case", finding->text);
}

static void put_history(struct json *json, const struct fl_store_history *history)
{
	json_open(json, NULL, '{');
	json_string(json, "path", history->path);
	json_string(json, "signature", history->signature);
	json_string(json, "subject", history->subject);
	json_string(json, "profile", history->profile);
	json_string(json, "detail", history->detail);
	json_number(json, "seed", history->seed);
	json_number(json, "process", history->process);
	json_number(json, "round", history->round);
	json_number(json, "schedules", history->schedules);
	json_number(json, "first_seen", (uint64_t)history->first_seen);
	json_number(json, "last_seen", (uint64_t)history->last_seen);
	json_close(json, '}');
}

static int put_reproduced(void *context, const struct fl_store_history *history)
{
	if (history->reproduced)
		put_history(context, history);
	return 0;
}

static int put_unreproduced(void *context, const struct fl_store_history *history)
{
	if (!history->reproduced)
		put_history(context, history);
	return 0;
}

static int put_finding(void *context, const struct fl_store_finding *finding)
{
	struct document *document = context;
	struct json *json = &document->json;
	int result;

	json_open(json, NULL, '{');
	triage_put_finding(json, finding);
	json_open(json, "retests", '[');
	result = fl_store_each_retest(document->store, finding->subject, finding->signature,
				      put_retest, json);
	json_close(json, ']');
	json_open(json, "histories", '[');
	if (!result)
		result = fl_store_each_history(document->store, finding->subject,
					       finding->signature, put_reproduced, json);
	json_close(json, ']');
	json_close(json, '}');
	return result;
}

static void print_json(struct fl_store *store, const struct triage_options *options,
		       const struct fl_store_view *view, const struct triage_counts *counts)
{
	struct document document = {.json = {.out = stdout}, .store = store};
	struct json *json = &document.json;

	json_open(json, NULL, '{');
	json_string(json, "store", options->database);
	json_bool(json, "complete", counts->complete);
	json_number(json, "inputs", counts->inputs);
	json_number(json, "quiet", counts->quiet);
	json_number(json, "refused", counts->refused);
	json_number(json, "died", counts->died);
	json_number(json, "skipped", counts->skipped);
	json_open(json, "findings", '[');
	triage_do(store, fl_store_each_finding(store, view, put_finding, &document));
	json_close(json, ']');
	json_open(json, "unreproduced", '[');
	triage_do(store, fl_store_each_history(store, NULL, NULL, put_unreproduced, json));
	json_close(json, ']');
	json_close(json, '}');
	putchar('\n');
}

/* --- for whoever waits for the status ------------------------------------------------------------ */

struct failing {
	enum triage_fail_on on;
	bool found;
};

static int note_failing(void *context, const struct fl_store_finding *finding)
{
	struct failing *failing = context;

	failing->found |= failing->on == FAIL_ON_NEW ? finding->state == FL_STATE_NEW
						     : finding->state != FL_STATE_FIXED;
	return 0;
}

int triage_report(struct fl_store *store, const struct triage_options *options,
		  const struct triage_counts *counts)
{
	struct fl_store_view view = {.known = &options->known, .now = options->now};
	struct failing failing = {.on = options->fail_on};

	if (options->json)
		print_json(store, options, &view, counts);
	else if (!options->quiet)
		print_table(store, &view, counts);
	if (options->fail_on == FAIL_ON_NONE)
		return FL_EXIT_NOTHING;
	triage_do(store, fl_store_each_finding(store, &view, note_failing, &failing));
	return failing.found ? FL_EXIT_VIOLATION : FL_EXIT_NOTHING;
}

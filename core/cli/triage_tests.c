// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings as results of tests: JUnit's XML, and KTAP. */
#include "cli.h"
#include "triage_files.h"

#include <stdlib.h>
#include <string.h>

struct suites {
	char **subjects; /* sorted, once each */
	unsigned int *tests, *failures, *skipped;
	unsigned int count;
	FILE *out;
	const char *subject; /* the one that is printed */
	unsigned int number;
};

enum result { RESULT_PASS, RESULT_SKIP, RESULT_FAIL };

static enum result result_of(const struct fl_store_finding *finding)
{
	switch (finding->state) {
	case FL_STATE_FIXED:
		return RESULT_PASS;
	case FL_STATE_KNOWN:
	case FL_STATE_IGNORED:
		return RESULT_SKIP;
	default:
		return RESULT_FAIL;
	}
}

static void *grown(void *memory, size_t count, size_t size)
{
	memory = realloc(memory, count * size);
	if (!memory)
		fail_internal("there is no memory for the report");
	return memory;
}

static int count_one(void *context, const struct fl_store_finding *finding)
{
	struct suites *suites = context;
	enum result result = result_of(finding);
	unsigned int at = 0;

	while (at < suites->count && strcmp(suites->subjects[at], finding->subject) < 0)
		at++;
	if (at == suites->count || strcmp(suites->subjects[at], finding->subject)) {
		size_t moved = suites->count++ - at;

		suites->subjects =
			grown(suites->subjects, suites->count, sizeof(*suites->subjects));
		suites->tests = grown(suites->tests, suites->count, sizeof(*suites->tests));
		suites->failures =
			grown(suites->failures, suites->count, sizeof(*suites->failures));
		suites->skipped = grown(suites->skipped, suites->count, sizeof(*suites->skipped));
		memmove(suites->subjects + at + 1, suites->subjects + at,
			moved * sizeof(*suites->subjects));
		memmove(suites->tests + at + 1, suites->tests + at, moved * sizeof(*suites->tests));
		memmove(suites->failures + at + 1, suites->failures + at,
			moved * sizeof(*suites->failures));
		memmove(suites->skipped + at + 1, suites->skipped + at,
			moved * sizeof(*suites->skipped));
		suites->subjects[at] = strdup(finding->subject);
		if (!suites->subjects[at])
			fail_internal("there is no memory for the report");
		suites->tests[at] = suites->failures[at] = suites->skipped[at] = 0;
	}
	suites->tests[at]++;
	suites->failures[at] += result == RESULT_FAIL;
	suites->skipped[at] += result == RESULT_SKIP;
	return 0;
}

static void suites_free(struct suites *suites)
{
	for (unsigned int i = 0; i < suites->count; i++)
		free(suites->subjects[i]);
	free(suites->subjects);
	free(suites->tests);
	free(suites->failures);
	free(suites->skipped);
}

static unsigned int sum(const unsigned int *numbers, unsigned int count)
{
	unsigned int total = 0;

	while (count)
		total += numbers[--count];
	return total;
}

/* --- JUnit -------------------------------------------------------------------------------------- */

/* For text and attributes; what XML cannot hold at all becomes a question mark. */
static void put_xml(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '&')
			fputs("&amp;", out);
		else if (c == '<')
			fputs("&lt;", out);
		else if (c == '>')
			fputs("&gt;", out);
		else if (c == '"')
			fputs("&quot;", out);
		else
			fputc((c < ' ' && c != '\n' && c != '\t') || c > '~' ? '?' : c, out);
	}
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	put_xml(out, value);
	fputc('"', out);
}

static int put_test_case(void *context, const struct fl_store_finding *finding)
{
	struct suites *suites = context;
	enum result result = result_of(finding);
	FILE *out = suites->out;

	if (strcmp(finding->subject, suites->subject))
		return 0;
	fputs("    <testcase", out);
	put_attribute(out, "classname", finding->subject);
	put_attribute(out, "name", finding->signature);
	if (result == RESULT_PASS) {
		fputs("/>\n", out);
		return 0;
	}
	fprintf(out, ">\n      <%s", result == RESULT_SKIP ? "skipped" : "failure");
	put_attribute(out, "message", result == RESULT_SKIP ? finding->reason : finding->detail);
	if (result == RESULT_SKIP) {
		fputs("/>\n    </testcase>\n", out);
		return 0;
	}
	put_attribute(out, "type", finding->invariant);
	fputc('>', out);
	put_xml(out, finding->text);
	fputs("</failure>\n    </testcase>\n", out);
	return 0;
}

void triage_print_junit(FILE *out, struct fl_store *store, const struct fl_store_view *view)
{
	struct suites suites = {.out = out};

	triage_do(store, fl_store_each_finding(store, view, count_one, &suites));
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites name=\"faultline\" tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n",
		sum(suites.tests, suites.count), sum(suites.failures, suites.count),
		sum(suites.skipped, suites.count));
	for (unsigned int i = 0; i < suites.count; i++) {
		fputs("  <testsuite", out);
		put_attribute(out, "name", suites.subjects[i]);
		fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n",
			suites.tests[i], suites.failures[i], suites.skipped[i]);
		suites.subject = suites.subjects[i];
		triage_do(store, fl_store_each_finding(store, view, put_test_case, &suites));
		fputs("  </testsuite>\n", out);
	}
	fputs("</testsuites>\n", out);
	suites_free(&suites);
}

/* --- KTAP --------------------------------------------------------------------------------------- */

static int put_subtest(void *context, const struct fl_store_finding *finding)
{
	struct suites *suites = context;
	enum result result = result_of(finding);

	if (strcmp(finding->subject, suites->subject))
		return 0;
	fprintf(suites->out, "    %s %u %s%s%s\n", result == RESULT_FAIL ? "not ok" : "ok",
		++suites->number, finding->signature, result == RESULT_SKIP ? " # SKIP " : "",
		result == RESULT_SKIP ? finding->reason : "");
	return 0;
}

void triage_print_ktap(FILE *out, struct fl_store *store, const struct fl_store_view *view)
{
	struct suites suites = {.out = out};

	triage_do(store, fl_store_each_finding(store, view, count_one, &suites));
	fprintf(out, "KTAP version 1\n1..%u\n", suites.count);
	for (unsigned int i = 0; i < suites.count; i++) {
		suites.subject = suites.subjects[i];
		suites.number = 0;
		fprintf(out, "    KTAP version 1\n    # Subtest: %s\n    1..%u\n", suites.subject,
			suites.tests[i]);
		triage_do(store, fl_store_each_finding(store, view, put_subtest, &suites));
		fprintf(out, "%s %u %s\n", suites.failures[i] ? "not ok" : "ok", i + 1,
			suites.subject);
	}
	suites_free(&suites);
}

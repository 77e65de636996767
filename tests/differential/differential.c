/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Worlds of two subjects and the comparison of what they log. */
#include "differential.h"

#include <handler/handler.h>
#include <subject/loader.h>

#include <sys/wait.h>
#include <unistd.h>

#define LINE_SIZE   192
#define MAX_LINES   4096
#define TOLD_BEFORE 14
#define TOLD_RUNS   5

const struct fl_subject *diff_subject;
static FILE *output;
static char lines[MAX_LINES][LINE_SIZE];
static unsigned int line_count;

uint32_t diff_below(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33) % n;
}

bool diff_present(const char *name)
{
	static struct fl_subject_list list;

	if (strncmp(name, "linux:", 6))
		return true;
	if (!list.count)
		fl_subject_list(&list);
	for (unsigned int i = 0; i < list.count; i++)
		if (!strcmp(list.names[i], name))
			return true;
	return false;
}

static const struct fl_subject *find(const char *name, char *error, size_t size)
{
	const struct fl_subject *subject = fl_core_find(name);

	return subject ? subject : fl_subject_load(name, error, size);
}

static bool make_world(const char *name, const char *profile)
{
	char error[512] = "";

	diff_subject = find(name, error, sizeof(error));
	if (diff_subject &&
	    !fl_world_make(diff_subject, fl_profile_find(profile), 0, error, sizeof(error)))
		return true;
	fprintf(stderr, "%s: %s\n", name, error);
	return false;
}

FILE *diff_record(const char *subject, const char *profile, void (*record)(void))
{
	int status;
	pid_t child;

	output = tmpfile();
	if (!output)
		return NULL;
	fflush(NULL);
	child = fork();
	if (!child) {
		if (!make_world(subject, profile))
			_exit(1);
		record();
		fflush(output);
		_exit(0);
	}
	if (child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	    !WEXITSTATUS(status)) {
		rewind(output);
		return output;
	}
	fprintf(stderr, "%s: the run failed\n", subject);
	fclose(output);
	return NULL;
}

/* --- in a child ----------------------------------------------------------------------------- */

void diff_log(const char *format, ...)
{
	char *line = lines[line_count];
	va_list arguments;
	size_t used;

	if (line_count == MAX_LINES)
		return;
	line_count++;
	va_start(arguments, format);
	vsnprintf(line, LINE_SIZE - 32, format, arguments);
	va_end(arguments);
	used = strlen(line);
	snprintf(line + used, LINE_SIZE - used, "\t@%llu us", (unsigned long long)fl_now() / 1000);
}

void diff_snapshot(void)
{
	fl_snapshot();
}

void diff_run(const char *title, fl_entry_t first, fl_entry_t second)
{
	const char *argument;
	struct fl_run_options options = {
		.strategy = fl_strategy_find("replay", &argument),
		.step_limit = 300000,
		.livelock_bound = 1000000,
	};
	enum fl_end end;

	fl_reset();
	fl_where_reset();
	fl_replay_set(NULL, 0);
	line_count = 0;
	fl_context_activate(fl_context_create("first", FL_CONTEXT_TASK, 0, first, NULL));
	if (second)
		fl_context_activate(
			fl_context_create("second", FL_CONTEXT_TASK, fl_cpus() - 1, second, NULL));
	end = fl_run(&options);
	fprintf(output, "# %s\n", title);
	for (unsigned int i = 0; i < line_count; i++)
		fprintf(output, "%s\n", lines[i]);
	if (end != FL_END_QUIET)
		fprintf(output, "ended by %d: %s\n", end, fl_end_text());
}

void diff_wait_until(uint64_t ns, uint64_t step)
{
	uint64_t now;

	/* Somebody may have moved the time far beyond it. */
	do {
		now = fl_now();
		if (ns <= now)
			ns += (now - ns + step) / step * step;
		fl_delay(ns - now, false);
	} while (fl_now() - ns > DIFF_LATE);
}

/* --- comparison ------------------------------------------------------------------------------ */

/* The next line without its newline; false at the end. */
static bool next(FILE *file, char *line)
{
	if (!fgets(line, LINE_SIZE, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

/* Equal but for the time, which is told, not compared. */
static bool equal(const char *a, const char *b)
{
	size_t length = strcspn(a, "\t");

	return length == strcspn(b, "\t") && !strncmp(a, b, length);
}

static bool is_title(const char *line)
{
	return line[0] == '#';
}

/* Go on to the next title; @line holds it. */
static bool skip_run(FILE *file, char *line)
{
	do {
		if (!next(file, line))
			return false;
	} while (!is_title(line));
	return true;
}

static void tell(const char *title, const char *left_name, const char *left, const char *right_name,
		 const char *right, char (*before)[LINE_SIZE], unsigned int count)
{
	unsigned int from = count > TOLD_BEFORE ? count - TOLD_BEFORE : 0;

	print_error("%s\n", title);
	for (unsigned int i = from; i < count; i++)
		print_error("    %s\n", before[i % TOLD_BEFORE]);
	print_error("  %-18s %s\n  %-18s %s\n", left_name, left, right_name, right);
}

unsigned int diff_compare(const char *left_name, FILE *left, const char *right_name, FILE *right,
			  unsigned int *runs)
{
	static char before[TOLD_BEFORE][LINE_SIZE];
	char a[LINE_SIZE] = "", b[LINE_SIZE] = "", title[LINE_SIZE] = "";
	unsigned int differences = 0, count = 0;
	bool has_a, has_b;

	*runs = 0;
	for (;;) {
		has_a = next(left, a);
		has_b = next(right, b);
		if (!has_a && !has_b)
			return differences;
		if (has_a && has_b && equal(a, b)) {
			if (is_title(a)) {
				strcpy(title, a);
				count = 0;
				++*runs;
			} else {
				strcpy(before[count++ % TOLD_BEFORE], a);
			}
			continue;
		}
		if (differences++ < TOLD_RUNS)
			tell(title, left_name, has_a && !is_title(a) ? a : "(no more)", right_name,
			     has_b && !is_title(b) ? b : "(no more)", before, count);
		/* On with the next run in both. */
		has_a = has_a && (is_title(a) || skip_run(left, a));
		has_b = has_b && (is_title(b) || skip_run(right, b));
		if (!has_a || !has_b)
			return differences;
		strcpy(title, a);
		count = 0;
		++*runs;
	}
}

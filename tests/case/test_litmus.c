/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The litmus corpus: each row of corpus/litmus/EXPECTED is searched, with the case's knobs and
 * program fixed and only the schedule left open. Each row runs in a process of its own, as a job
 * does.
 */
#include "case_test.h"

#include "case/world.h"
#include "handler/handler.h"
#include "kernel/kernel.h"
#include "subject/loader.h"

#include <faultline/host.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCHEDULES 4000
#define MAX_ROWS  256

struct row {
	char file[64], subject[64], verdict[16], invariant[32];
	unsigned int line;
};
static struct row rows[MAX_ROWS];
static unsigned int row_count;

static struct fl_case litmus;
static char message[256];
static struct fl_profile pinned;

static const char *folder(void)
{
	return FAULTLINE_SOURCE "/corpus/litmus";
}

static int read_rows(void **state)
{
	char path[512], line[256];
	FILE *file;
	unsigned int number = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/EXPECTED", folder());
	file = fopen(path, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file) && row_count < MAX_ROWS) {
		struct row *row = &rows[row_count];

		row->line = ++number;
		if (*line == '#')
			continue;
		if (sscanf(line, "%63s %63s %15s %31s", row->file, row->subject, row->verdict,
			   row->invariant) != 4) {
			print_error("EXPECTED:%u: not a row\n", number);
			fclose(file);
			return -1;
		}
		row_count++;
	}
	fclose(file);
	return 0;
}

/* --- one row ---------------------------------------------------------------------------------- */

static const struct fl_subject *find_subject(const char *name)
{
	return strncmp(name, "linux:", 6) ? fl_core_find(name)
					  : fl_subject_load(name, message, sizeof(message));
}

static void build_litmus(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	(void)subject;
	(void)profile;
	*program = litmus.program;
}

static const struct fl_scenario scenario_litmus = {.name = "litmus", .build = build_litmus};

static int load(const struct row *row)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s.case", folder(), row->file);
	if (fl_case_load(&litmus, path, message, sizeof(message))) {
		print_error("%s\n", message);
		return -1;
	}
	pinned = *fl_profile_find(litmus.profile);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		pinned.free_values[i] = (uint8_t)(1u << *fl_knob_at(&litmus.knobs, i));
	return 0;
}

enum { BREAKS, KEEPS, NOT_EXERCISED, NO_WORLD };

static int search(const struct row *row, unsigned int invariant)
{
	const struct fl_subject *subject = find_subject(row->subject);
	const char *argument, *error = "";
	struct fl_run_options options = {.strategy = fl_strategy_find("portfolio", &argument)};
	struct fl_outcome outcome;
	uint32_t premises = 0;

	if (!subject || load(row))
		return NO_WORLD;
	fl_memory_granularity = litmus.memory_granularity;
	if (fl_world_make(subject, &pinned, 1u << invariant, message, sizeof(message))) {
		print_error("%s\n", message);
		return NO_WORLD;
	}
	if (options.strategy->start(1, argument, &error))
		return NO_WORLD;
	for (options.schedule = 0; options.schedule < SCHEDULES; options.schedule++) {
		fl_world_explore(&scenario_litmus, &options, &outcome);
		for (unsigned int i = 0; i < outcome.finding_count; i++)
			if (outcome.findings[i].invariant == invariant)
				return BREAKS;
		premises |= outcome.premises;
		if (options.strategy->end && !options.strategy->end())
			break;
	}
	return premises & 1u << invariant ? KEEPS : NOT_EXERCISED;
}

/* Has the real driver of a row been built? */
static bool is_present(const struct row *row)
{
	static struct fl_subject_list list;

	if (strncmp(row->subject, "linux:", 6))
		return true;
	if (!list.count)
		fl_subject_list(&list);
	for (unsigned int i = 0; i < list.count; i++)
		if (!strcmp(list.names[i], row->subject))
			return true;
	return false;
}

static bool row_holds(const struct row *row)
{
	static const char *const names[] = {"breaks", "keeps", "unexercised", "no-world"};
	int invariant = fl_invariant_find(row->invariant);
	int status, found;
	pid_t child;

	if (invariant < 0) {
		print_error("EXPECTED:%u: unknown invariant %s\n", row->line, row->invariant);
		return false;
	}
	child = fork();
	if (!child)
		_exit(search(row, (unsigned int)invariant));
	if (child < 0 || waitpid(child, &status, 0) != child)
		return false;
	found = WIFEXITED(status) && WEXITSTATUS(status) <= NO_WORLD ? WEXITSTATUS(status)
								     : NO_WORLD;
	if (!strcmp(names[found], row->verdict))
		return true;
	print_error("EXPECTED:%u: %s: %s %s %s, expected: %s\n", row->line, row->file, row->subject,
		    names[found], row->invariant, row->verdict);
	return false;
}

static void verdicts_are_as_expected(void **state)
{
	unsigned int wrong = 0, skipped = 0;

	(void)state;
	assert_in_range(row_count, 50, MAX_ROWS - 1);
	for (unsigned int i = 0; i < row_count; i++) {
		if (is_present(&rows[i]))
			wrong += !row_holds(&rows[i]);
		else
			skipped++;
	}
	if (skipped)
		print_message("%u rows of drivers that have not been built are left out\n",
			      skipped);
	assert_int_equal(wrong, 0);
}

/* Each invariant has a litmus case that shows it broken. */
static void each_invariant_has_one(void **state)
{
	(void)state;
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		bool found = false;

		for (unsigned int j = 0; j < row_count; j++)
			found |= !strcmp(rows[j].invariant, fl_invariants[i]->name) &&
				 !strcmp(rows[j].verdict, "breaks");
		if (!found)
			print_error("no litmus case breaks %s\n", fl_invariants[i]->name);
		assert_true(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_invariant_has_one),
		cmocka_unit_test(verdicts_are_as_expected),
	};

	fl_oops_install();
	return cmocka_run_group_tests(tests, read_rows, NULL);
}

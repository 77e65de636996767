/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short cases: the same signature, each element needed, and a good one when stopped. */
#include <case/world.h>
#include <handler/handler.h>
#include <kernel/kernel.h>
#include <triage/minimize.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* After those that it wants. */
#include <cmocka.h>

static struct fl_case found, minimal, smaller;

static void make_world(const char *name)
{
	const struct fl_subject *subject = fl_core_find(name);
	char error[512];

	assert_non_null(subject);
	if (fl_world_make(subject, fl_profile_find("mmu500"), UINT32_MAX, error, sizeof(error)))
		fail_msg("%s", error);
}

/* A case of a search in the free scenario, as long as they come, that breaks @invariant. */
static void find(const char *invariant)
{
	const char *argument, *message;
	struct fl_run_options options = {.strategy = fl_strategy_find("random", &argument)};
	int number = fl_invariant_find(invariant);
	struct fl_outcome outcome;

	assert_int_equal(options.strategy->start(3, argument, &message), 0);
	for (; options.schedule < 20000; options.schedule++) {
		fl_world_explore(fl_scenario_find("free"), &options, &outcome);
		for (unsigned int i = 0; i < outcome.finding_count; i++) {
			if (outcome.findings[i].invariant != number)
				continue;
			fl_world_record(&found);
			if (found.decision_count == FL_MAX_DECISIONS)
				continue;
			memcpy(found.signature, outcome.findings[i].signature,
			       sizeof(found.signature));
			found.step = outcome.findings[i].step;
			return;
		}
	}
	fail_msg("nothing breaks %s", invariant);
}

static void assert_each_element_is_needed(void)
{
	static const char *const names[] = {"actor", "operation", "setting", "decision"};

	for (unsigned int kind = FL_ELEMENT_ACTOR; kind <= FL_ELEMENT_DECISION; kind++)
		for (unsigned int i = 0; fl_case_without(&smaller, &minimal, kind, i); i++)
			if (fl_case_breaks(&smaller))
				fail_msg("%s: it breaks without %s %u too", minimal.signature,
					 names[kind], i);
}

static void minimize(const struct fl_minimize_options *options, struct fl_minimized *result)
{
	char error[512];

	minimal = found;
	if (fl_minimize(&minimal, options, result, error, sizeof(error)))
		fail_msg("%s", error);
	assert_string_equal(minimal.signature, found.signature);
	smaller = minimal;
	assert_true(fl_case_breaks(&smaller));
	assert_int_equal(smaller.step, minimal.step);
}

static void every_element_is_needed(void **state)
{
	static const struct {
		const char *subject, *invariant;
		unsigned int operations, preemptions; /* at most */
	} rows[] = {
		{"core:guard-v2", "irq-storm", 4, 2},
		{"core:guard-v2", "unclocked-access", 4, 2},
		{"core:guard-v2", "pm-imbalance", 4, 3},
		{"core:guard-v2", "livelock", 5, 4},
		{"core:legacy", "resume-order", 3, 2},
		{"core:resume", "unclocked-access", 4, 2},
		{"core:guard-v1", "sleep-in-atomic", 3, 2},
	};
	const struct fl_minimize_options options = {.search_runs = 1000};
	struct fl_minimized result;
	struct fl_case_size size;

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_world(rows[i].subject);
		find(rows[i].invariant);
		minimize(&options, &result);
		assert_true(result.complete);
		assert_each_element_is_needed();
		fl_case_measure(&minimal, &size);
		if (size.operations > rows[i].operations || size.preemptions > rows[i].preemptions)
			fail_msg("%s: %s: %u operations and %u preemptions are left",
				 rows[i].subject, minimal.signature, size.operations,
				 size.preemptions);
	}
}

/* Without a search too: what is left is needed, if not the least that there is. */
static void replays_alone_do(void **state)
{
	const struct fl_minimize_options options = {0};
	struct fl_minimized result;

	(void)state;
	make_world("core:guard-v2");
	find("irq-storm");
	minimize(&options, &result);
	assert_true(result.complete);
	assert_each_element_is_needed();
}

static bool stop_soon(void *context, const struct fl_minimize_progress *progress)
{
	unsigned int *left = context;

	assert_true(progress->size.operations > 0);
	return (*left)-- > 0;
}

static void stopped_with_the_best_so_far(void **state)
{
	unsigned int left = 2;
	const struct fl_minimize_options options = {
		.search_runs = 1000, .progress = stop_soon, .context = &left};
	struct fl_case_size before, after;
	struct fl_minimized result;

	(void)state;
	make_world("core:guard-v2");
	find("unclocked-access");
	minimize(&options, &result);
	assert_false(result.complete);
	fl_case_measure(&found, &before);
	fl_case_measure(&minimal, &after);
	assert_true(after.operations <= before.operations);
	assert_true(after.preemptions <= before.preemptions);
}

static void what_does_not_break_is_left_alone(void **state)
{
	const struct fl_minimize_options options = {0};
	struct fl_minimized result;
	char error[512];

	(void)state;
	make_world("core:reference");
	minimal = found;
	assert_int_not_equal(fl_minimize(&minimal, &options, &result, error, sizeof(error)), 0);
	assert_non_null(strstr(error, "does not break \"unclocked-access"));
	assert_memory_equal(&minimal, &found, sizeof(found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_element_is_needed),
		cmocka_unit_test(replays_alone_do),
		cmocka_unit_test(stopped_with_the_best_so_far),
		cmocka_unit_test(what_does_not_break_is_left_alone),
	};

	fl_oops_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The strategies on the suspend race: exact counts for the exhaustive one, the bug for each of the
 * others, equal schedules for equal seeds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "engine/prng.h"
#include "suspend_race.h"

static const struct fl_strategy *start(const char *name, uint64_t seed)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(seed, argument, &error), 0);
	return strategy;
}

static uint64_t count_schedules(const char *name, int rounds)
{
	const struct fl_strategy *strategy = start(name, 0);
	uint64_t schedules = 0;

	race_init(rounds);
	race_bugs = 0;
	do {
		assert_int_equal(race_run(strategy, schedules), FL_END_QUIET);
		schedules++;
	} while (strategy->end());
	return schedules;
}

static void test_dfs_counts(void **state)
{
	assert_int_equal(count_schedules("dfs", 1), 16);
	assert_int_equal(count_schedules("dfs", 2), 15368);
}

/*
 * Schedules of one round by the number of preemptions. With none, the order of the three contexts
 * is all there is: 3! runs. The bug needs one preemption inside the handler.
 */
static void test_dfs_preemption_bound(void **state)
{
	uint64_t last = 0;

	assert_int_equal(count_schedules("dfs:0", 1), 6);
	assert_int_equal(race_bugs, 0);
	count_schedules("dfs:1", 1);
	assert_true(race_bugs > 0);
	for (int bound = 0; bound < 8; bound++) {
		char name[16];
		uint64_t count;

		snprintf(name, sizeof(name), "dfs:%d", bound);
		count = count_schedules(name, 1);
		assert_true(count >= last);
		last = count;
	}
	assert_int_equal(last, 16);
}

static void test_each_finds_the_bug(void **state)
{
	static const char *const names[] = {"random", "pct", "pct:2",	 "pct:5",
					    "pos",    "rf",  "portfolio"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fl_strategy *strategy = start(names[i], 1);

		race_init(1);
		race_bugs = 0;
		for (uint64_t schedule = 0; schedule < 2000; schedule++) {
			assert_int_equal(race_run(strategy, schedule), FL_END_QUIET);
			if (strategy->end)
				strategy->end();
		}
		if (!race_bugs)
			fail_msg("%s did not find the bug in 2000 schedules", names[i]);
	}
}

/* A schedule of a strategy without memory depends on the seed and its number, on nothing before. */
static void test_schedule_is_a_function_of_seed_and_number(void **state)
{
	const struct fl_strategy *strategy;
	struct fl_decision kept[64][64];
	size_t counts[64];

	race_init(2);
	strategy = start("random", 7);
	for (uint64_t schedule = 0; schedule < 64; schedule++) {
		const struct fl_decision *decisions;

		race_run(strategy, schedule);
		decisions = fl_decisions(&counts[schedule]);
		assert_true(counts[schedule] <= 64);
		memcpy(kept[schedule], decisions, counts[schedule] * sizeof(*decisions));
	}
	strategy = start("random", 7);
	for (uint64_t i = 0; i < 64; i++) {
		uint64_t schedule = 63 - i;
		const struct fl_decision *decisions;
		size_t count;

		race_run(strategy, schedule);
		decisions = fl_decisions(&count);
		assert_int_equal(count, counts[schedule]);
		for (size_t d = 0; d < count; d++) {
			assert_int_equal(decisions[d].at, kept[schedule][d].at);
			assert_int_equal(decisions[d].value, kept[schedule][d].value);
		}
	}
}

/* Is the schedule of that number, of the portfolio, the one that its member random would make? */
static bool is_random(uint64_t schedule)
{
	const struct fl_decision *decisions;
	struct fl_decision kept[64];
	size_t count, others;

	race_run(start("random", 7), schedule);
	decisions = fl_decisions(&count);
	assert_true(count <= 64);
	memcpy(kept, decisions, count * sizeof(*decisions));
	race_run(start("portfolio", 7), schedule);
	decisions = fl_decisions(&others);
	return others == count && !memcmp(kept, decisions, count * sizeof(*decisions));
}

static void test_portfolio_takes_turns(void **state)
{
	unsigned int by_chance = 0;

	race_init(3);
	/* One by one at first, in any family of schedules. */
	for (uint64_t schedule = 0; schedule < 2048; schedule += 8) {
		assert_true(is_random(schedule));
		assert_true(is_random(FL_SCHEDULE_FAMILY(3) + schedule));
		by_chance += is_random(schedule + 1);
	}
	assert_in_range(by_chance, 0, 25);
	/* In rows afterwards: every eighth row is its own. */
	by_chance = 0;
	for (uint64_t row = 67; row < 67 + 16; row++)
		for (uint64_t i = 0; i < 31; i++)
			if (row % 8 == 0)
				assert_true(is_random(row * 31 + i));
			else
				by_chance += is_random(row * 31 + i);
	assert_in_range(by_chance, 0, 43);
}

/*
 * The bug has depth 3 (irq before its read, the bus check before power off, power off before the
 * access). PCT's promise for that depth, 3 contexts and 7 steps: at least 1 schedule of 3 * 7 * 7.
 */
static void test_pct_keeps_its_promise(void **state)
{
	const struct fl_strategy *strategy = start("pct:3", 3);
	unsigned int hits = 0;

	race_init(1);
	for (uint64_t schedule = 0; schedule < 10000; schedule++) {
		race_bugs = 0;
		race_run(strategy, schedule);
		strategy->end();
		hits += race_bugs > 0;
	}
	assert_true(hits > 10000 / 147);
}

/* Each of 16 schedules appears under random walk, about as often as its probability says. */
static void test_random_reaches_all_schedules(void **state)
{
	const struct fl_strategy *strategy = start("random", 5);
	uint64_t seen[64];
	unsigned int distinct = 0;

	race_init(1);
	for (uint64_t schedule = 0; schedule < 5000; schedule++) {
		const struct fl_decision *decisions;
		uint64_t hash = 0;
		size_t count;
		unsigned int i;

		race_run(strategy, schedule);
		decisions = fl_decisions(&count);
		for (size_t d = 0; d < count; d++)
			hash = fl_prng_mix(hash ^
					   ((uint64_t)decisions[d].at << 16 | decisions[d].value));
		for (i = 0; i < distinct && seen[i] != hash; i++)
			;
		if (i == distinct) {
			assert_true(distinct < 64);
			seen[distinct++] = hash;
		}
	}
	assert_int_equal(distinct, 16);
}

/*
 * Three reads, each of which must fall between two neighbouring writes far down another context: a
 * window that chance seldom hits, and three times in one schedule hardly ever.
 */
static int windows[3];
static unsigned int hits_in_window;

static void read_in_window(void *arg)
{
	int *window = arg;

	fl_point(FL_ACCESS_NONE, 0, 0);
	fl_point(FL_ACCESS_READ, (uintptr_t)window, 1);
	hits_in_window += *window == 1;
}

static void open_windows(void *arg)
{
	for (int i = 0; i < 3; i++) {
		for (int step = 0; step < 15; step++)
			fl_point(FL_ACCESS_NONE, 0, 0);
		fl_point(FL_ACCESS_WRITE, (uintptr_t)&windows[i], 2);
		windows[i] = 1;
		fl_point(FL_ACCESS_WRITE, (uintptr_t)&windows[i], 3);
		windows[i] = 2;
	}
}

/* The first schedule of the search that hits all three windows, or @limit. */
static uint64_t schedules_to_windows(const char *name, uint64_t limit)
{
	struct fl_run_options options = {.strategy = start(name, 11)};

	fl_machine_init(1, true, NULL);
	for (int i = 0; i < 3; i++)
		fl_context_create("reader", FL_CONTEXT_TASK, 0, read_in_window, &windows[i]);
	fl_context_create("writer", FL_CONTEXT_TASK, 0, open_windows, NULL);
	fl_snapshot();
	for (; options.schedule < limit; options.schedule++) {
		fl_reset();
		memset(windows, 0, sizeof(windows));
		hits_in_window = 0;
		for (int context = 1; context < 5; context++)
			fl_context_activate(context);
		assert_int_equal(fl_run(&options), FL_END_QUIET);
		if (options.strategy->end)
			options.strategy->end();
		if (hits_in_window == 3)
			break;
	}
	return options.schedule;
}

static void test_rf_reaches_what_chance_does_not(void **state)
{
	assert_int_equal(schedules_to_windows("random", 3000), 3000);
	assert_int_equal(schedules_to_windows("pos", 3000), 3000);
	assert_true(schedules_to_windows("rf", 3000) < 3000);
}

static void test_bytes(void **state)
{
	const struct fl_strategy *strategy = start("bytes", 0);
	const struct fl_decision *decisions;
	size_t count;
	uint8_t input[16];

	race_init(1);
	fl_bytes_set(NULL, 0);
	assert_int_equal(race_run(strategy, 0), FL_END_QUIET);
	fl_decisions(&count);
	assert_int_equal(count, 0);

	memset(input, 1, sizeof(input));
	fl_bytes_set(input, 1);
	race_run(strategy, 0);
	decisions = fl_decisions(&count);
	assert_int_equal(count, 1);
	assert_int_equal(decisions[0].at, 0);
	assert_int_equal(decisions[0].value, race_contexts[1]);

	race_bugs = 0;
	for (uint32_t word = 0; word < 4096; word++) {
		for (int i = 0; i < 6; i++)
			input[i] = (word >> (2 * i)) & 3;
		fl_bytes_set(input, 6);
		race_run(strategy, 0);
	}
	assert_true(race_bugs > 0);
}

static void test_names_and_arguments(void **state)
{
	const char *argument, *error = NULL;

	assert_null(fl_strategy_find("pc", &argument));
	assert_null(fl_strategy_find("pctx", &argument));
	assert_string_equal(fl_strategy_find("pct", &argument)->name, "pct");
	assert_null(argument);
	assert_string_equal(fl_strategy_find("pct:4", &argument)->name, "pct");
	assert_string_equal(argument, "4");
	for (int i = 0; fl_strategies[i]; i++) {
		assert_true(strlen(fl_strategies[i]->help) > 10);
		assert_true(fl_strategies[i]->start(1, "nonsense", &error) < 0);
		assert_non_null(strstr(error, fl_strategies[i]->name));
	}
	assert_true(fl_strategy_find("pct", &argument)->start(1, "0", &error) < 0);
	assert_true(fl_strategy_find("dfs", &argument)->start(1, "", &error) < 0);
}

/* The first numbers for seed 1234567 as published with the reference implementation. */
static void test_prng_vectors(void **state)
{
	static const uint64_t expected[] = {
		6457827717110365317ull, 3203168211198807973ull,	 9817491932198370423ull,
		4593380528125082431ull, 16408922859458223821ull,
	};
	struct fl_prng prng = fl_prng_from(1234567);

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_true(fl_prng_next(&prng) == expected[i]);
}

static void test_prng_below_is_uniform(void **state)
{
	struct fl_prng prng = fl_prng_of(fl_prng_search(1, 2), 3);
	unsigned int seen[7] = {0};

	for (int i = 0; i < 70000; i++)
		seen[fl_prng_below(&prng, 7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9600, 10400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dfs_counts),
		cmocka_unit_test(test_dfs_preemption_bound),
		cmocka_unit_test(test_each_finds_the_bug),
		cmocka_unit_test(test_schedule_is_a_function_of_seed_and_number),
		cmocka_unit_test(test_portfolio_takes_turns),
		cmocka_unit_test(test_pct_keeps_its_promise),
		cmocka_unit_test(test_random_reaches_all_schedules),
		cmocka_unit_test(test_rf_reaches_what_chance_does_not),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_names_and_arguments),
		cmocka_unit_test(test_prng_vectors),
		cmocka_unit_test(test_prng_below_is_uniform),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

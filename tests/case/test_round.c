// SPDX-License-Identifier: GPL-2.0-or-later
/* How scenarios take turns, and which schedules are given up. */
#include "case_test.h"

#include "case/round.h"

#include <string.h>

#define TURNS 20000

/* What a scenario's schedules are like: the steps of one that ends by itself, and who stands still. */
struct kind {
	unsigned int steps;
	unsigned int still_of_16; /* so many of 16 stand still ... */
	unsigned int go_on_of_16; /* ... and of these so many go on after all */
};

#define BOUND	 3000 /* steps of a livelock */
#define PATIENCE 500

struct result {
	uint64_t schedules[FL_ROUND_MAX], livelocks[FL_ROUND_MAX], given_up[FL_ROUND_MAX];
	uint64_t steps[FL_ROUND_MAX];
	uint64_t order; /* a hash of whose turn it was, and of what was allowed to be given up */
};

static void play(const struct kind *kinds, unsigned int count, struct result *result)
{
	struct fl_round round;

	memset(result, 0, sizeof(*result));
	random_state = 1;
	fl_round_start(&round, count);
	for (unsigned int i = 0; i < TURNS; i++) {
		struct fl_run_options run = {0};
		struct fl_outcome outcome = {.end = FL_END_QUIET};
		unsigned int scenario = fl_round_next(&round, 7, &run);
		const struct kind *kind = &kinds[scenario];

		assert_in_range(scenario, 0, count - 1);
		assert_int_equal(run.schedule,
				 FL_SCHEDULE_FAMILY(scenario) + 7 + result->schedules[scenario]);
		assert_int_equal(FL_SCHEDULE_FAMILY_OF(run.schedule), scenario);
		outcome.steps = kind->steps;
		if (below(16) < kind->still_of_16) {
			bool goes_on = below(16) < kind->go_on_of_16;

			outcome.stood_still = true;
			outcome.steps = run.give_up ? PATIENCE : goes_on ? PATIENCE + 100 : BOUND;
			outcome.end = run.give_up ? FL_END_STEP_LIMIT
				      : goes_on	  ? FL_END_QUIET
						  : FL_END_LIVELOCK;
		}
		result->schedules[scenario]++;
		result->livelocks[scenario] += outcome.end == FL_END_LIVELOCK;
		result->given_up[scenario] += outcome.end == FL_END_STEP_LIMIT;
		result->steps[scenario] += outcome.steps;
		result->order = result->order * 31 + scenario * 2 + run.give_up;
		fl_round_done(&round, &outcome);
	}
}

static void steps_are_shared_equally(void **state)
{
	static const struct kind kinds[] = {{100, 0, 0}, {400, 0, 0}, {160, 0, 0}};
	struct result result;

	play(kinds, 3, &result);
	/* With what a schedule costs besides. */
	for (unsigned int i = 0; i < 3; i++)
		assert_in_range((result.steps[i] + 40 * result.schedules[i]) * 100 /
					(result.steps[0] + 40 * result.schedules[0]),
				99, 101);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(result.given_up[i], 0);
}

static void livelocks_are_not_always_waited_for(void **state)
{
	static const struct kind kinds[] = {{100, 8, 0}, {100, 0, 0}};
	struct result result;

	play(kinds, 2, &result);
	assert_true(result.given_up[0] > result.livelocks[0] * 5);
	/* But some are, all the time. */
	assert_true(result.livelocks[0] > result.schedules[0] / 40);
}

static void who_goes_on_is_waited_for(void **state)
{
	static const struct kind kinds[] = {{100, 8, 4}, {100, 0, 0}};
	struct result result;

	play(kinds, 2, &result);
	assert_true(result.given_up[0] * 50 < result.livelocks[0]);
}

static void a_rare_livelock_is_waited_for(void **state)
{
	static const struct kind kinds[] = {{1000, 1, 0}, {1000, 0, 0}};
	struct result result;

	play(kinds, 2, &result);
	assert_true(result.given_up[0] * 50 < result.livelocks[0]);
}

static void the_same_comes_in_the_same_order(void **state)
{
	static const struct kind kinds[] = {{100, 8, 0}, {300, 4, 3}, {200, 0, 0}};
	struct result first, second;

	play(kinds, 3, &first);
	play(kinds, 3, &second);
	assert_int_equal(first.order, second.order);
	assert_memory_equal(first.schedules, second.schedules, sizeof(first.schedules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_shared_equally),
		cmocka_unit_test(livelocks_are_not_always_waited_for),
		cmocka_unit_test(who_goes_on_is_waited_for),
		cmocka_unit_test(a_rare_livelock_is_waited_for),
		cmocka_unit_test(the_same_comes_in_the_same_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

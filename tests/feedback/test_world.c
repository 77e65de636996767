// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Features of real runs: the same input has the same ones, whatever ran before it and in whichever process;
 * schedules of the same operations differ in what they read from whom.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <case/operations.h>
#include <case/raw_form.h>
#include <case/world.h>
#include <feedback/feedback.h>
#include <handler/handler.h>

#define INPUTS	   200
#define MOST_BYTES 120
#define SCHEDULES  64

static const char *program;
static const struct fl_target *target;
static unsigned int counts[FL_FEATURE_KINDS];
static uint64_t features;

/* All of them, in their order. */
static void hear(enum fl_feature_kind kind, uint64_t value)
{
	counts[kind]++;
	features = fl_feature_pair(features, fl_feature_pair(kind, value));
}

static uint64_t features_of(const uint8_t *data, size_t size)
{
	struct fl_outcome outcome;

	features = 0;
	memset(counts, 0, sizeof(counts));
	feedback_reset();
	fl_world_raw(target, data, size, &outcome);
	return features;
}

static void make_world(void)
{
	char error[256];

	target = fl_target_find("suspend_race_fuzzer");
	if (fl_world_make(fl_core_subjects[0], fl_profile_find(target->profile), UINT32_MAX, error,
			  sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		exit(1);
	}
	feedback_watch(FL_ALL_FEATURES);
	fl_feature_listener = hear;
}

/* Input number @number; the same in each process. */
static size_t make_input(uint64_t number, uint8_t data[MOST_BYTES])
{
	size_t size = fl_feature_pair(number, 0) % MOST_BYTES;

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)fl_feature_pair(number, i + 1);
	return size;
}

static uint64_t features_of_input(uint64_t number)
{
	uint8_t data[MOST_BYTES];
	size_t size = make_input(number, data);

	return features_of(data, size);
}

static uint64_t features_of_all(void)
{
	uint64_t all = 0;

	for (uint64_t i = 0; i < INPUTS; i++)
		all = fl_feature_pair(all, features_of_input(i));
	return all;
}

static void test_the_same_whatever_ran_before(void **state)
{
	uint64_t first[INPUTS];
	unsigned int different = 0;

	(void)state;
	for (uint64_t i = 0; i < INPUTS; i++)
		first[i] = features_of_input(i);
	for (uint64_t i = INPUTS; i--;)
		assert_int_equal(features_of_input(i), first[i]);
	for (uint64_t i = 1; i < INPUTS; i++)
		different += first[i] != first[i - 1];
	assert_in_range(different, INPUTS / 2, INPUTS);
}

/* Its addresses are others. */
static void test_the_same_in_another_process(void **state)
{
	char command[4096];
	uint64_t theirs = 0;
	FILE *other;

	(void)state;
	snprintf(command, sizeof(command), "'%s' --print", program);
	other = popen(command, "r");
	assert_non_null(other);
	assert_int_equal(fscanf(other, "%lx", &theirs), 1);
	assert_int_equal(pclose(other), 0);
	assert_int_equal(features_of_all(), theirs);
}

static void test_every_kind_occurs(void **state)
{
	unsigned int seen = 0;

	(void)state;
	for (uint64_t i = 0; i < INPUTS; i++) {
		features_of_input(i);
		for (unsigned int kind = 0; kind < FL_FEATURE_KINDS; kind++)
			seen |= (counts[kind] > 0) << kind;
	}
	assert_int_equal(seen, FL_ALL_FEATURES);
}

/* Three actors with four operations each, and preemptions that depend on @number. */
static size_t make_schedule(uint64_t number, uint8_t data[MOST_BYTES])
{
	size_t size = RAW_HEAD_SIZE;

	data[0] = data[1] = 0;
	for (unsigned int i = 0; i < 15; i++) {
		bool actor = i % 5 == 0;

		data[size++] =
			actor ? RAW_ACTOR : (uint8_t)(RAW_OPERATION + fl_feature_pair(0, i) % 64);
		data[size++] = (uint8_t)(actor ? (i / 5) << 3 : fl_feature_pair(1, i));
	}
	for (unsigned int i = 0; i < 12; i++) {
		uint64_t chance = fl_feature_pair(number, 100 + i);

		data[size++] = (uint8_t)(RAW_PREEMPT + chance % FL_MAX_CONTEXTS);
		data[size++] = (uint8_t)(chance >> 8 & 7);
	}
	return size;
}

static void test_schedules_differ(void **state)
{
	uint64_t seen[SCHEDULES];
	unsigned int different = 0;

	(void)state;
	for (unsigned int i = 0; i < SCHEDULES; i++) {
		uint8_t data[MOST_BYTES];
		size_t size = make_schedule(i, data);
		bool known = false;

		seen[i] = features_of(data, size);
		for (unsigned int j = 0; j < i; j++)
			known |= seen[j] == seen[i];
		different += !known;
	}
	assert_in_range(different, SCHEDULES / 2, SCHEDULES);
}

static void test_nothing_is_watched_when_not_asked(void **state)
{
	(void)state;
	make_world();
	feedback_watch(0);
	features_of_input(3);
	assert_int_equal(features, 0);
	make_world();
	assert_int_not_equal(features_of_input(3), 0);
}

int main(int argument_count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_whatever_ran_before),
		cmocka_unit_test(test_the_same_in_another_process),
		cmocka_unit_test(test_every_kind_occurs),
		cmocka_unit_test(test_schedules_differ),
		cmocka_unit_test(test_nothing_is_watched_when_not_asked),
	};

	program = arguments[0];
	make_world();
	if (argument_count == 2 && !strcmp(arguments[1], "--print")) {
		printf("%lx\n", features_of_all());
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

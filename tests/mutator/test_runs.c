// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Mutated inputs mean something: each runs, its case goes to bytes and back, and most changes change the run.
 * Both with the mutator and with changes of bare bytes, which most engines are left to.
 */
#include "mutator_test.h"

#include <case/raw.h>
#include <handler/handler.h>
#include <world/trace_hash.h>

#define RUNS 2000

static const struct fl_target *target;

static int make_world(void **state)
{
	char error[256];

	target = fl_target_find("suspend_race_fuzzer");
	if (fl_world_make(fl_core_find(target->subject), fl_profile_find(target->profile), 0, error,
			  sizeof(error)))
		return -1;
	fl_trace_hash_start();
	return 0;
}

static uint64_t run(const uint8_t *data, size_t size)
{
	struct fl_outcome outcome;

	fl_trace_hash_reset();
	fl_world_raw(target, data, size, &outcome);
	return fl_trace_hash();
}

/* How many of RUNS changes made another run. */
static unsigned int count_changed(enum fl_mutation kind)
{
	static uint8_t data[MOST_BYTES];
	unsigned int changed = 0;

	for (uint32_t i = 0; i < RUNS; i++) {
		size_t size = random_bytes(data, 64);
		uint64_t before = run(data, size);

		if (kind == FL_MUTATION_COUNT)
			size = fl_mutate(NULL, data, size, MOST_BYTES, i);
		else
			size = fl_mutate_by(kind, NULL, data, size, MOST_BYTES, i);
		changed += size && run(data, size) != before;
	}
	return changed;
}

static void test_changes(void **state)
{
	unsigned int by_mutator = count_changed(FL_MUTATION_COUNT);
	unsigned int by_bytes = count_changed(FL_MUTATION_change_bytes);

	print_message("another run after %u of %u mutations, %u of %u changes of bytes\n",
		      by_mutator, RUNS, by_bytes, RUNS);
	assert_true(by_mutator > RUNS / 2);
	assert_true(by_bytes > RUNS / 4);
}

/* Whatever mutations make in a row is a case that can be written down. */
static void test_decodes(void **state)
{
	static uint8_t data[MOST_BYTES], encoded[FL_RAW_SIZE];
	static struct fl_case recorded;
	size_t size = 0;
	char error[256];

	for (uint32_t i = 0; i < RUNS; i++) {
		uint64_t wanted;
		size_t used;

		size = fl_mutate(NULL, data, size, 16 + below(MOST_BYTES - 16), i);
		wanted = run(data, size);
		fl_world_record(&recorded);
		used = fl_raw_encode(target, &recorded, encoded, sizeof(encoded), error,
				     sizeof(error));
		if (!used)
			fail_msg("%s", error);
		assert_int_equal(run(encoded, used), wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_decodes),
	};

	return cmocka_run_group_tests(tests, make_world, NULL);
}

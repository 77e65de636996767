// SPDX-License-Identifier: GPL-2.0-or-later
/* Each kind of mutation changes what its name says and leaves the rest; bounds; the same seed, the same result. */
#include "mutator_test.h"

#include <case/operations.h>
#include <case/target.h>

#define ROUNDS 3000

static uint8_t before[MOST_BYTES], after[MOST_BYTES];
static size_t before_size, after_size;
static struct parts old, new;

/* One mutation of a random input of whole slots, with room; false if it found nothing to change. */
static bool mutate(enum fl_mutation kind, uint32_t seed)
{
	before_size = random_bytes(before, MOST_BYTES / 4) & ~(size_t)1;
	if (before_size < RAW_HEAD_SIZE)
		return false;
	memcpy(after, before, before_size);
	after_size = fl_mutate_by(kind, NULL, after, before_size, MOST_BYTES, seed);
	if (!after_size)
		return false;
	assert_in_range(after_size, RAW_HEAD_SIZE, MOST_BYTES);
	old = take_apart(before, before_size);
	new = take_apart(after, after_size);
	return true;
}

static void assert_same_slots(enum slot_kind kind)
{
	assert_int_equal(old.count[kind], new.count[kind]);
	assert_memory_equal(old.slots[kind], new.slots[kind],
			    old.count[kind] * sizeof(struct part));
}

/* All but the kinds of the mask are as before. */
static void assert_only(unsigned int kinds)
{
	assert_memory_equal(old.head, new.head, RAW_HEAD_SIZE);
	for (enum slot_kind kind = 0; kind < SLOT_KINDS; kind++)
		if (!(kinds >> kind & 1))
			assert_same_slots(kind);
}

/* Preemption @from of the old schedule is preemption @to of the new one. */
static void assert_kept(unsigned int from, unsigned int to)
{
	assert_int_equal(old.due[from], new.due[to]);
	assert_int_equal(old.contexts[from], new.contexts[to]);
}

static unsigned int first_difference(void)
{
	unsigned int i = 0, count = old.count[0] < new.count[0] ? old.count[0] : new.count[0];

	while (i < count && old.due[i] == new.due[i] && old.contexts[i] == new.contexts[i])
		i++;
	return i;
}

static void test_add_preemption(void **state)
{
	unsigned int done = 0, inside = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		unsigned int at;

		if (!mutate(FL_MUTATION_add_preemption, seed))
			continue;
		assert_only(1u << SLOT_PREEMPT);
		assert_int_equal(new.count[SLOT_PREEMPT], old.count[SLOT_PREEMPT] + 1);
		at = first_difference();
		for (unsigned int i = at; i < old.count[SLOT_PREEMPT]; i++)
			assert_kept(i, i + 1);
		inside += at < old.count[SLOT_PREEMPT];
		done++;
	}
	assert_true(done > ROUNDS / 2);
	assert_true(inside > ROUNDS / 4);
}

static void test_remove_preemption(void **state)
{
	unsigned int done = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		unsigned int at;

		if (!mutate(FL_MUTATION_remove_preemption, seed))
			continue;
		assert_only(1u << SLOT_PREEMPT);
		assert_int_equal(new.count[SLOT_PREEMPT], old.count[SLOT_PREEMPT] - 1);
		at = first_difference();
		for (unsigned int i = at; i < new.count[SLOT_PREEMPT]; i++)
			assert_kept(i + 1, i);
		done++;
	}
	assert_true(done > ROUNDS / 2);
}

static void test_move_preemption(void **state)
{
	unsigned int done = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		unsigned int moved = 0;

		if (!mutate(FL_MUTATION_move_preemption, seed))
			continue;
		assert_only(1u << SLOT_PREEMPT);
		assert_int_equal(new.count[SLOT_PREEMPT], old.count[SLOT_PREEMPT]);
		for (unsigned int i = 0; i < old.count[SLOT_PREEMPT]; i++) {
			assert_int_equal(old.contexts[i], new.contexts[i]);
			moved += old.due[i] != new.due[i];
		}
		assert_int_equal(moved, 1);
		done++;
	}
	assert_true(done > ROUNDS / 2);
}

/* Steps that need wait slots: a move from far to near and back leaves what follows. */
static void test_waits(void **state)
{
	static const uint8_t far[] = {0x80, 0, 0x3f, 0xff, 0x05, 0xf3, 0x01, 0x10, 0x02, 0x00};

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		enum fl_mutation kind = seed % 3 == 0	? FL_MUTATION_add_preemption
					: seed % 3 == 1 ? FL_MUTATION_remove_preemption
							: FL_MUTATION_move_preemption;

		memcpy(after, far, sizeof(far));
		old = take_apart(far, sizeof(far));
		assert_int_equal(old.due[0], 240 + 15 * 64 + 63 + 240 + 3 * 64 + 5 + 16);
		after_size = fl_mutate_by(kind, NULL, after, sizeof(far), MOST_BYTES, seed);
		if (!after_size)
			continue;
		new = take_apart(after, after_size);
		if (kind == FL_MUTATION_remove_preemption) {
			assert_int_equal(new.count[0], 1);
			assert_true(new.due[0] == old.due[0] || new.due[0] == old.due[1]);
		} else if (kind == FL_MUTATION_add_preemption) {
			assert_int_equal(new.count[0], 3);
			assert_true(new.due[1] == old.due[0] || new.due[1] == old.due[1]);
		} else {
			assert_int_equal(new.count[0], 2);
			assert_true((new.due[0] == old.due[0]) != (new.due[1] == old.due[1]));
		}
	}
}

static void test_change_context(void **state)
{
	unsigned int done = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		unsigned int changed = 0;

		if (!mutate(FL_MUTATION_change_context, seed))
			continue;
		assert_only(1u << SLOT_PREEMPT);
		assert_int_equal(new.count[SLOT_PREEMPT], old.count[SLOT_PREEMPT]);
		for (unsigned int i = 0; i < old.count[SLOT_PREEMPT]; i++) {
			assert_int_equal(old.due[i], new.due[i]);
			changed += old.contexts[i] != new.contexts[i];
		}
		assert_int_equal(changed, 1);
		done++;
	}
	assert_true(done > ROUNDS / 2);
}

/* --- operations ------------------------------------------------------------------------------- */

static int by_value(const struct part *part)
{
	return part->first << 8 | part->second;
}

/* The operations as a bag: how often each comes. */
static int difference_of_bags(void)
{
	int difference = 0;

	for (unsigned int i = 0; i < old.count[SLOT_OPERATION]; i++)
		difference -= by_value(&old.slots[SLOT_OPERATION][i]);
	for (unsigned int i = 0; i < new.count[SLOT_OPERATION]; i++)
		difference += by_value(&new.slots[SLOT_OPERATION][i]);
	return difference;
}

static unsigned int places_changed(enum slot_kind kind)
{
	unsigned int changed = 0;

	assert_int_equal(old.count[kind], new.count[kind]);
	for (unsigned int i = 0; i < old.count[kind]; i++)
		changed += by_value(&old.slots[kind][i]) != by_value(&new.slots[kind][i]);
	return changed;
}

/* @longer has one operation that @shorter has not, and else the same in the same order. */
static void assert_one_more(const struct parts *longer, const struct parts *shorter)
{
	const struct part *more = longer->slots[SLOT_OPERATION],
			  *less = shorter->slots[SLOT_OPERATION];
	unsigned int i = 0;

	assert_int_equal(longer->count[SLOT_OPERATION], shorter->count[SLOT_OPERATION] + 1);
	while (i < shorter->count[SLOT_OPERATION] && by_value(&more[i]) == by_value(&less[i]))
		i++;
	assert_memory_equal(more + i + 1, less + i,
			    (shorter->count[SLOT_OPERATION] - i) * sizeof(*more));
}

static void test_operations(void **state)
{
	unsigned int inserted = 0, dropped = 0, swapped = 0, changed = 0, arguments = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		if (mutate(FL_MUTATION_insert_operation, seed)) {
			assert_only(1u << SLOT_OPERATION);
			assert_one_more(&new, &old);
			inserted++;
		}
		if (mutate(FL_MUTATION_drop_operation, seed)) {
			assert_only(1u << SLOT_OPERATION);
			assert_one_more(&old, &new);
			dropped++;
		}
		if (mutate(FL_MUTATION_swap_operations, seed)) {
			assert_only(1u << SLOT_OPERATION);
			assert_int_equal(places_changed(SLOT_OPERATION), 2);
			assert_int_equal(difference_of_bags(), 0);
			swapped++;
		}
		if (mutate(FL_MUTATION_change_operation, seed)) {
			assert_only(1u << SLOT_OPERATION);
			assert_int_equal(places_changed(SLOT_OPERATION), 1);
			assert_int_equal(difference_of_bags() & 0xff, 0);
			changed++;
		}
		if (mutate(FL_MUTATION_change_argument, seed)) {
			assert_only(1u << SLOT_OPERATION);
			assert_int_equal(places_changed(SLOT_OPERATION), 1);
			assert_in_range(difference_of_bags() + 255, 0, 510);
			arguments++;
		}
	}
	assert_true(inserted > ROUNDS / 2);
	assert_true(dropped > ROUNDS / 2);
	assert_true(swapped > ROUNDS / 2);
	assert_true(changed > ROUNDS / 2);
	assert_true(arguments > ROUNDS / 2);
}

/* A new operation is one of the target's. */
static void test_space(void **state)
{
	const struct fl_target *target = fl_target_find("tbu_debug_fuzzer");
	const struct fl_mutator_space space = {.operations = target->operations, .scenarios = 3};
	uint64_t seen = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		memset(after, 0, RAW_HEAD_SIZE);
		after_size = fl_mutate_by(FL_MUTATION_insert_operation, &space, after, 2,
					  MOST_BYTES, seed);
		new = take_apart(after, after_size);
		assert_int_equal(new.count[SLOT_OPERATION], 1);
		seen |= 1ull << (new.slots[SLOT_OPERATION][0].first - RAW_OPERATION);
		memset(after, 0, RAW_HEAD_SIZE);
		if (fl_mutate_by(FL_MUTATION_change_scenario, &space, after, 2, MOST_BYTES, seed))
			assert_in_range(after[0] & ~RAW_SPELLED, 0, 2);
	}
	assert_true(seen == target->operations);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void test_kinds(void **state)
{
	static const struct {
		enum fl_mutation mutation;
		unsigned int kinds;
		int more; /* slots, at most */
	} rows[] = {
		{FL_MUTATION_flip_knob, 1u << SLOT_KNOB, 1},
		{FL_MUTATION_change_draw, 1u << SLOT_DRAW, 1},
		{FL_MUTATION_add_answer, 1u << SLOT_ANSWER, 2},
		{FL_MUTATION_change_answer, 1u << SLOT_ANSWER, 0},
		{FL_MUTATION_drop_answer, 1u << SLOT_ANSWER, -1},
		{FL_MUTATION_change_client, 1u << SLOT_CLIENT, 1},
		{FL_MUTATION_change_actor, 1u << SLOT_ACTOR, 1},
	};

	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned int done = 0;

		for (uint32_t seed = 0; seed < ROUNDS; seed++) {
			if (!mutate(rows[i].mutation, seed))
				continue;
			assert_only(rows[i].kinds);
			assert_in_range(after_size - before_size + RAW_SLOT_SIZE, 0,
					(size_t)(rows[i].more + 1) * RAW_SLOT_SIZE);
			assert_false(after_size == before_size &&
				     !memcmp(before, after, after_size));
			done++;
		}
		if (done <= ROUNDS / 2)
			fail_msg("%s did nothing too often", fl_mutation_names[rows[i].mutation]);
	}
}

/* A knob is said once, however often it is flipped. */
static void test_knob_once(void **state)
{
	after_size = RAW_HEAD_SIZE;
	memset(after, 0, sizeof(after));
	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		size_t size = fl_mutate_by(FL_MUTATION_flip_knob, NULL, after, after_size,
					   MOST_BYTES, seed);

		if (size)
			after_size = size;
	}
	new = take_apart(after, after_size);
	assert_int_equal(new.count[SLOT_KNOB], FL_KNOB_COUNT);
}

static void test_head(void **state)
{
	unsigned int scenarios = 0, cpus = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		if (mutate(FL_MUTATION_change_scenario, seed)) {
			assert_int_not_equal(old.head[0], new.head[0]);
			assert_int_equal(old.head[1], new.head[1]);
			assert_memory_equal(before + 2, after + 2, before_size - 2);
			scenarios++;
		}
		if (mutate(FL_MUTATION_change_cpu, seed)) {
			assert_int_equal(old.head[0], new.head[0]);
			assert_int_equal(__builtin_popcount(old.head[1] ^ new.head[1]), 1);
			assert_memory_equal(before + 2, after + 2, before_size - 2);
			cpus++;
		}
	}
	assert_true(scenarios > ROUNDS / 2);
	assert_true(cpus > ROUNDS / 2);
}

/* What is put in is in one piece, and taking it out gives the old input. */
static void assert_inserted(size_t most)
{
	size_t more = after_size - before_size, at = 0;

	assert_in_range(more, RAW_SLOT_SIZE, most);
	while (at < before_size && before[at] == after[at])
		at++;
	assert_memory_equal(before + at, after + at + more, before_size - at);
}

static void test_splice(void **state)
{
	unsigned int spliced = 0, inserted = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		if (mutate(FL_MUTATION_splice, seed)) {
			assert_inserted(8 * RAW_SLOT_SIZE);
			spliced++;
		}
		if (mutate(FL_MUTATION_insert_slots, seed)) {
			assert_inserted(MOST_BYTES);
			inserted++;
		}
	}
	assert_true(spliced > ROUNDS / 2);
	assert_true(inserted > ROUNDS / 2);
}

/* --- bounds, and the same seed ---------------------------------------------------------------- */

#define GUARD 0xa5

/* Under AddressSanitizer the buffer's end is exact; elsewhere a guard stands behind it. */
static void test_bounds(void **state)
{
	for (uint32_t seed = 0; seed < 100000; seed++) {
		size_t max_size = below(64), size = below((uint32_t)max_size + 1), result, again;
		uint8_t *data = test_malloc(max_size + 1), copy[64];

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)below(256);
		data[max_size] = GUARD;
		memcpy(copy, data, size);
		result = fl_mutate(NULL, data, size, max_size, seed);
		assert_in_range(result, max_size > 0, max_size);
		assert_int_equal(data[max_size], GUARD);
		again = fl_mutate(NULL, copy, size, max_size, seed);
		assert_int_equal(again, result);
		assert_memory_equal(copy, data, result);
		test_free(data);
	}
}

static void test_each_in_bounds(void **state)
{
	for (uint32_t seed = 0; seed < 100000; seed++) {
		size_t max_size = below(24), size = below((uint32_t)max_size + 1), result;
		uint8_t *data = test_malloc(max_size + 1);

		for (size_t i = 0; i < size; i++)
			data[i] = (uint8_t)below(256);
		data[max_size] = GUARD;
		result = fl_mutate_by(seed % FL_MUTATION_COUNT, NULL, data, size, max_size, seed);
		assert_in_range(result, 0, max_size);
		assert_int_equal(data[max_size], GUARD);
		test_free(data);
	}
}

/* --- crossing --------------------------------------------------------------------------------- */

/* Slots of the first have even, of the second odd second bytes. */
static size_t marked(uint8_t *data, unsigned int mark)
{
	size_t size = RAW_HEAD_SIZE + RAW_SLOT_SIZE * (2 + below(20));

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)below(256);
	for (size_t i = RAW_HEAD_SIZE; i < size; i += RAW_SLOT_SIZE)
		data[i + 1] = (uint8_t)((data[i + 1] & ~1u) | mark);
	return size;
}

static void test_crossover(void **state)
{
	uint8_t first[MOST_BYTES], second[MOST_BYTES], result[MOST_BYTES];
	unsigned int both = 0;

	for (uint32_t seed = 0; seed < ROUNDS; seed++) {
		size_t first_size = marked(first, 0), second_size = marked(second, 1);
		size_t max_size = below(MOST_BYTES), size;
		unsigned int marks[2] = {0, 0};

		size = fl_crossover(first, first_size, second, second_size, result, max_size, seed);
		assert_in_range(size, max_size > 0, max_size);
		if (max_size < first_size + second_size)
			continue;
		assert_memory_equal(result, first, RAW_HEAD_SIZE);
		for (size_t i = RAW_HEAD_SIZE; i < size; i += RAW_SLOT_SIZE) {
			const uint8_t *from = result[i + 1] & 1 ? second : first;
			size_t from_size = result[i + 1] & 1 ? second_size : first_size;
			bool found = false;

			marks[result[i + 1] & 1]++;
			for (size_t j = RAW_HEAD_SIZE; j < from_size; j += RAW_SLOT_SIZE)
				found |= !memcmp(result + i, from + j, RAW_SLOT_SIZE);
			assert_true(found);
		}
		both += marks[0] && marks[1];
	}
	assert_true(both > ROUNDS * 3 / 10);
}

static void test_crossover_of_little(void **state)
{
	uint8_t result[8] = {0};
	const uint8_t one[] = {3}, head[] = {1, 2}, slots[] = {4, 5, 6, 7};

	assert_int_equal(fl_crossover(one, 0, one, 0, result, sizeof(result), 1), 0);
	assert_int_equal(fl_crossover(one, 1, head, 2, result, 0, 1), 0);
	for (uint32_t seed = 0; seed < 100; seed++) {
		assert_int_equal(fl_crossover(one, 1, head, 2, result, sizeof(result), seed), 2);
		assert_int_equal(fl_crossover(one, 0, head, 2, result, sizeof(result), seed), 2);
		assert_memory_equal(result, head, 2);
		assert_in_range(fl_crossover(one, 1, slots, 4, result, sizeof(result), seed), 2, 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_preemption),
		cmocka_unit_test(test_remove_preemption),
		cmocka_unit_test(test_move_preemption),
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_change_context),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_space),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_knob_once),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_splice),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_each_in_bounds),
		cmocka_unit_test(test_crossover),
		cmocka_unit_test(test_crossover_of_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

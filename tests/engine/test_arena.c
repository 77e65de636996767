/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arena and the way back to a snapshot.
 */
#include "engine_test.h"

#include "engine/fiber.h"

#if defined(FL_ASAN)
int __asan_address_is_poisoned(void const volatile *addr);
#endif

static char segment[1000];

static void fresh_world(void)
{
	fl_segments_clear();
	fl_arena_clear();
	fl_machine_init(1, true, NULL);
}

static void test_allocation(void **state)
{
	char *first, *second;
	uint64_t *aligned;

	fresh_world();
	first = fl_arena_alloc(10, 1);
	second = fl_arena_alloc(10, 1);
	aligned = fl_arena_alloc(64, 64);
	assert_ptr_equal(first, fl_arena_base());
	assert_true(second >= first + 10);
	assert_int_equal((uintptr_t)aligned % 64, 0);
	assert_true(fl_arena_used() >= (size_t)((char *)aligned + 64 - first));
	for (int i = 0; i < 10; i++)
		assert_true(!first[i] && !second[i]);
#if defined(FL_ASAN)
	assert_true(__asan_address_is_poisoned(first + 10));
	assert_true(__asan_address_is_poisoned(aligned + 8));
	assert_false(__asan_address_is_poisoned(first + 9));
#endif
}

static void test_reset_brings_back(void **state)
{
	char *kept, *later, *again;
	size_t used;

	fresh_world();
	kept = fl_arena_alloc(100, 8);
	strcpy(kept, "kept");
	strcpy(segment, "segment");
	fl_segment_add(segment, sizeof(segment));
	fl_context_create("early", FL_CONTEXT_TASK, 0, NULL, NULL);
	fl_alarm_create("alarm", NULL, NULL, 0);
	fl_delay(500, false);
	used = fl_arena_used();
	fl_snapshot();
	for (int i = 0; i < 3; i++) {
		strcpy(kept, "changed");
		segment[999] = 'x';
		later = fl_arena_alloc(5000, 16);
		memset(later, 0xff, 5000);
		fl_context_create("late", FL_CONTEXT_TASK, 0, NULL, NULL);
		fl_alarm_arm(0, 12345);
		fl_delay(700, false);
		fl_reset();
		assert_string_equal(kept, "kept");
		assert_string_equal(segment, "segment");
		assert_int_equal(segment[999], 0);
		assert_int_equal(fl_arena_used(), used);
		assert_int_equal(fl_context_count(), 3);
		/* The one that is forgotten has been there. */
		assert_in_range(fl_context_most(), 4, FL_MAX_CONTEXTS);
		assert_false(fl_alarm_armed(0));
		assert_int_equal(fl_now(), 500);
#if defined(FL_ASAN)
		assert_true(__asan_address_is_poisoned(later));
#endif
		again = fl_arena_alloc(6000, 16);
		assert_ptr_equal(again, later);
		for (int b = 0; b < 6000; b++)
			assert_int_equal(again[b], 0);
		fl_reset();
	}
	fl_segments_clear();
}

#if defined(FL_ASAN)
/* What a run poisons (a freed object in quarantine) is usable again after a reset. */
static void test_reset_brings_back_poison(void **state)
{
	char *object, *freed;

	fresh_world();
	object = fl_arena_alloc(64, 8);
	freed = fl_arena_alloc(64, 8);
	__asan_poison_memory_region(freed, 64);
	fl_segment_add(segment, sizeof(segment));
	fl_snapshot();
	__asan_poison_memory_region(object, 64);
	__asan_poison_memory_region(segment, 64);
	__asan_unpoison_memory_region(freed, 64);
	fl_reset();
	assert_false(__asan_address_is_poisoned(object));
	assert_false(__asan_address_is_poisoned(segment));
	assert_true(__asan_address_is_poisoned(freed));
	assert_true(__asan_address_is_poisoned(object + 64));
	fl_segments_clear();
}
#endif

/* Cut short runs leave nothing behind that grows. */
static unsigned char *volatile escaped;

static void fill_stack_and_stop(void *arg)
{
	unsigned char frame[2000];

	memset(frame, 1, sizeof(frame));
	escaped = frame;
	fl_point(FL_ACCESS_NONE, 0, 0);
	fl_point(FL_ACCESS_NONE, 0, 0);
	fl_stop("cut short");
}

static void fill_stack(void *arg)
{
	unsigned char frame[3000];

	memset(frame, 2, sizeof(frame));
	escaped = frame;
	for (;;)
		fl_yield();
}

/* What a byte is at the snapshot: rows of zeroes of several lengths among what is none. */
static unsigned char original(size_t at)
{
	return at / 64 % 9 < 3 || at / 300 % 5 == 2 ? (unsigned char)(at % 251) : 0;
}

static void fill(unsigned char *memory, size_t size)
{
	for (size_t i = 0; i < size; i++)
		memory[i] = original(i);
}

static void assert_original(const unsigned char *memory, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (memory[i] != original(i))
			fail_msg("byte %zu is %u, not %u", i, memory[i], original(i));
}

#define ODD 1237

/* Each byte in turn is what a run changes, and all at once; sizes and places that fill no whole granule, too. */
static void test_reset_of_every_byte(void **state)
{
	static unsigned char odd[1 + ODD + 64], many[64 * 1024] __attribute__((aligned(64)));
	unsigned char *memory;

	fresh_world();
	memory = fl_arena_alloc(3001, 8);
	fill(memory, 3001);
	fill(odd + 1, ODD);
	fl_segment_add(odd + 1, ODD);
	fill(many, sizeof(many));
	fl_segment_add(many, sizeof(many));
	fl_snapshot();
	for (size_t i = 0; i < 3001; i++) {
		memory[i] ^= 0x80;
		many[i * 21] ^= 1;
		if (i < ODD)
			odd[1 + i] ^= 0xff;
		fl_reset();
		assert_int_equal(memory[i], original(i));
		assert_int_equal(many[i * 21], original(i * 21));
	}
	memset(memory, 0xa5, 3001);
	memset(odd, 0xa5, sizeof(odd));
	memset(many, 0xa5, sizeof(many));
	fl_reset();
	assert_original(memory, 3001);
	assert_original(odd + 1, ODD);
	/* What stands beside it is not the world's. */
	assert_true(odd[0] == 0xa5 && odd[1 + ODD] == 0xa5 && odd[sizeof(odd) - 1] == 0xa5);
	assert_original(many, sizeof(many));
}

/* Objects on either side of what an alignment leaves out, and one that is all zeroes. */
static void test_reset_around_a_gap(void **state)
{
	char *before, *page, *after, *later;

	fresh_world();
	before = fl_arena_alloc(100, 8);
	page = fl_arena_alloc(4096, 4096);
	after = fl_arena_alloc(4096, 4096);
	fl_snapshot();
	for (int i = 0; i < 2; i++) {
		assert_true(page - before > 3000 && after - page == 8192);
		memset(before, 1, 100);
		memset(page, 2, 4096);
		memset(after, 3, 4096);
		/* Of the run alone: a gap before it is none of the snapshot's. */
		later = fl_arena_alloc(4096, 4096);
		memset(later, 4, 4096);
		fl_reset();
		for (int j = 0; j < 4096; j++)
			assert_true(!page[j] && !after[j] && (j >= 100 || !before[j]));
	}
}

static void test_abandoned_fibers(void **state)
{
	fl_context_t a, b;

	fresh_world();
	a = fl_context_create("a", FL_CONTEXT_TASK, 0, fill_stack_and_stop, NULL);
	b = fl_context_create("b", FL_CONTEXT_TASK, 0, fill_stack, NULL);
	fl_snapshot();
	for (uint64_t i = 0; i < 300; i++) {
		fl_reset();
		fl_context_activate(a);
		fl_context_activate(b);
		assert_int_equal(run_as("random", i), FL_END_STOPPED);
		assert_string_equal(fl_end_text(), "cut short");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_allocation),
		cmocka_unit_test(test_reset_brings_back),
		cmocka_unit_test(test_reset_of_every_byte),
		cmocka_unit_test(test_reset_around_a_gap),
#if defined(FL_ASAN)
		cmocka_unit_test(test_reset_brings_back_poison),
#endif
		cmocka_unit_test(test_abandoned_fibers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

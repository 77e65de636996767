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
#if defined(FL_ASAN)
		cmocka_unit_test(test_reset_brings_back_poison),
#endif
		cmocka_unit_test(test_abandoned_fibers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

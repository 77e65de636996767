/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The allocator and instrumented accesses: identity, fill, quarantine, failures, resets, names. */
#include "kernel_test.h"

#include <errno.h>

static void test_alignment_fill_and_size(void **state)
{
	unsigned char *small, *zeroed, *page;

	machine(1);
	small = fl_alloc(24, false, true, false);
	zeroed = fl_alloc(40, true, false, false);
	page = fl_alloc(4096, true, true, false);
	assert_int_equal((uintptr_t)small % 16, 0);
	assert_int_equal((uintptr_t)zeroed % 16, 0);
	assert_int_equal((uintptr_t)page % 4096, 0);
	for (int i = 0; i < 24; i++)
		assert_int_equal(small[i], 0xa5);
	for (int i = 0; i < 40; i++)
		assert_int_equal(zeroed[i], 0);
	assert_int_equal(fl_alloc_size(small), 24);
	assert_int_equal(fl_alloc_size(page + 100), 4096);
	assert_int_equal(fl_alloc_size(&small), 0);
	/* GFP_KERNEL may sleep, and says so; GFP_ATOMIC does not. */
	assert_int_equal(events(FL_EV_MAY_SLEEP), 2);
	assert_int_equal(event_at(FL_EV_ALLOC, 2)->a, 3);
	assert_int_equal(event_at(FL_EV_ALLOC, 2)->b, 4096);
}

static void test_physical_addresses_are_offsets(void **state)
{
	char *memory;

	machine(1);
	memory = fl_alloc(64, true, true, false);
	assert_true(fl_virt_to_phys(memory) < FL_ARENA_SIZE);
	assert_ptr_equal(fl_phys_to_virt(fl_virt_to_phys(memory) + 3), memory + 3);
}

static void test_quarantine(void **state)
{
	char *first, *second;

	machine(1);
	first = fl_alloc(32, true, true, false);
	second = fl_alloc(32, true, true, false);
	assert_false(fl_is_freed(first));
	fl_dealloc(first);
	assert_true(fl_is_freed(first));
	assert_true(fl_is_freed(first + 31));
	assert_false(fl_is_freed(first + 32));
	assert_false(fl_is_freed(second));
	assert_int_equal(events(FL_EV_FREE), 1);
#ifdef WITH_ASAN
	assert_int_not_equal(__asan_address_is_poisoned(first), 0);
#else
	assert_int_equal((unsigned char)first[0], 0x6b);
	assert_int_equal((unsigned char)first[31], 0x6b);
#endif
	assert_ptr_not_equal(fl_alloc(32, true, true, false), first);
	fl_dealloc(NULL);
	assert_int_equal(events(FL_EV_BAD_FREE), 0);
}

static void test_bad_frees(void **state)
{
	char *memory;
	int outside;

	machine(1);
	memory = fl_alloc(32, true, true, false);
	fl_dealloc(memory + 16);
	fl_dealloc(&outside);
	assert_int_equal(events(FL_EV_BAD_FREE), 2);
	assert_int_equal(event_at(FL_EV_BAD_FREE, 0)->a, 1);
	assert_int_equal(event_at(FL_EV_BAD_FREE, 1)->a, 0);
	fl_dealloc(memory);
	fl_dealloc(memory);
	assert_int_equal(events(FL_EV_BAD_FREE), 3);
	assert_int_equal(events(FL_EV_FREE), 1);
}

static void test_failures_hit_the_next_call_that_may_fail(void **state)
{
	machine(1);
	fl_failure_arm(FL_FAIL_ALLOC, -ENOMEM);
	assert_non_null(fl_alloc(8, true, true, false));
	assert_null(fl_alloc(8, true, true, true));
	assert_non_null(fl_alloc(8, true, true, true));
	assert_int_equal(events(FL_EV_ALLOC), 2);
}

static void test_live_objects_of_the_case(void **state)
{
	void *boot, *of_case;

	machine(1);
	boot = fl_alloc(8, true, true, false);
	fl_snapshot();
	for (int run = 0; run < 3; run++) {
		fl_reset();
		fl_work_choose_cpus();
		assert_int_equal(fl_alloc_live(), 0);
		of_case = fl_alloc(8, true, true, false);
		assert_int_equal(fl_alloc_live(), 1);
		/* What the boot made is not the case's, and may be freed by it. */
		fl_dealloc(boot);
		assert_int_equal(fl_alloc_live(), 1);
		fl_dealloc(of_case);
		assert_int_equal(fl_alloc_live(), 0);
	}
}

static void test_reset_forgets_objects_and_poison(void **state)
{
	void *boot, *first = NULL;

	machine(1);
	boot = fl_alloc(48, true, true, false);
	memset(boot, 1, 48);
	fl_snapshot();
	for (int run = 0; run < 3; run++) {
		char *memory;

		fl_reset();
		assert_false(fl_is_freed(boot));
		assert_int_equal(((char *)boot)[47], 1);
		memory = fl_alloc(100, true, true, false);
		if (!run)
			first = memory;
		/* The same address and zeroes in each run, whatever the last one left there. */
		assert_ptr_equal(memory, first);
		assert_int_equal(memory[99], 0);
		memset(memory, 7, 100);
		fl_dealloc(memory);
		fl_dealloc(boot);
		assert_true(fl_is_freed(boot));
	}
}

static void test_many_objects(void **state)
{
	static char *objects[1000];

	machine(1);
	for (unsigned int i = 0; i < 1000; i++)
		objects[i] = fl_alloc(1 + i % 50, true, true, false);
	for (unsigned int i = 0; i < 1000; i += 3)
		fl_dealloc(objects[i]);
	for (unsigned int i = 0; i < 1000; i++) {
		assert_int_equal(fl_is_freed(objects[i]), i % 3 == 0);
		assert_int_equal(fl_alloc_size(objects[i]), 1 + i % 50);
	}
}

/* --- instrumented accesses ---------------------------------------------------------------- */

static uint64_t global_word, other_word;
static char *heap;

static void accesses(void *arg)
{
	uint32_t local = 0;

	fl_memory_access(&local, 4, true, false, 1);
	fl_memory_access(&global_word, 8, false, false, 2);
	fl_memory_access((char *)&other_word + 4, 4, true, true, 3);
	fl_memory_access(&global_word, 8, true, false, 4);
	fl_memory_access(heap + 4, 4, true, false, 5);
	fl_atomic_point(heap + 8, 3);
	fl_atomic_point(heap + 8, 1);
	fl_dealloc(heap);
	fl_memory_access(heap + 4, 4, false, false, 6);
}

static void build_accesses(void)
{
	heap = fl_alloc(16, true, true, false);
}

static void start_accesses(void)
{
	spawn("task", 0, accesses, NULL);
}

static void judge_accesses(enum fl_end end)
{
	const struct fl_event *event;

	assert_int_equal(end, FL_END_QUIET);
	/* The own stack is left out; globals are numbered in order of touch. */
	assert_int_equal(events(FL_EV_MEM_READ), 3);
	assert_int_equal(events(FL_EV_MEM_WRITE), 4);
	event = event_at(FL_EV_MEM_READ, 0);
	assert_int_equal(event->a, (1ull << 32) + 8);
	assert_int_equal(event->b, 8);
	assert_int_equal(event->d, 2);
	event = event_at(FL_EV_MEM_WRITE, 0);
	assert_int_equal(event->a, (1ull << 32) + 20);
	assert_int_equal(event->c, 1);
	assert_int_equal(event_at(FL_EV_MEM_WRITE, 1)->a, (1ull << 32) + 8);
	assert_int_equal(event_at(FL_EV_MEM_WRITE, 2)->a, fl_virt_to_phys(heap + 4));
	/* A read-modify-write counts as a marked write. */
	assert_int_equal(event_at(FL_EV_MEM_WRITE, 3)->c, 1);
	assert_int_equal(events(FL_EV_USE_AFTER_FREE), 1);
	assert_int_equal(event_at(FL_EV_USE_AFTER_FREE, 0)->a, 1);
}

static void test_accesses_are_named_without_addresses(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_accesses,
				.start = start_accesses,
				.judge = judge_accesses,
				.schedules = 3});
}

/* An unprotected counter loses an update only if plain accesses are scheduling points. */
static unsigned int counter, lost;

static void count_up(void *arg)
{
	unsigned int value;

	fl_memory_access(&counter, 4, false, false, 1);
	value = counter;
	fl_memory_access(&counter, 4, true, false, 2);
	counter = value + 1;
}

static void start_count(void)
{
	counter = 0;
	spawn("x", 0, count_up, NULL);
	spawn("y", 1, count_up, NULL);
}

static void judge_count(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	lost += counter == 1;
}

static void test_granularity(void **state)
{
	struct plan plan = {.cpus = 2, .start = start_count, .judge = judge_count};

	lost = 0;
	run_plan(&plan);
	assert_int_equal(lost, 0);
	fl_memory_granularity = true;
	run_plan(&plan);
	fl_memory_granularity = false;
	assert_true(lost > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alignment_fill_and_size),
		cmocka_unit_test(test_physical_addresses_are_offsets),
		cmocka_unit_test(test_quarantine),
		cmocka_unit_test(test_bad_frees),
		cmocka_unit_test(test_failures_hit_the_next_call_that_may_fail),
		cmocka_unit_test(test_live_objects_of_the_case),
		cmocka_unit_test(test_reset_forgets_objects_and_poison),
		cmocka_unit_test(test_many_objects),
		cmocka_unit_test(test_accesses_are_named_without_addresses),
		cmocka_unit_test(test_granularity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

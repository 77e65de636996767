// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is a feature, and that its number is the same everywhere. Two contexts, "writer" and "reader", touch
 * one object; who goes first is told to the strategy "bytes".
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <faultline/event.h>
#include <faultline/host.h>

#include <feedback/feedback.h>
#include <kernel/kernel.h>

#define MOST 32
static struct {
	enum fl_feature_kind kind;
	uint64_t value;
} heard[MOST];
static unsigned int heard_count;

static void hear(enum fl_feature_kind kind, uint64_t value)
{
	if (heard_count < MOST) {
		heard[heard_count].kind = kind;
		heard[heard_count].value = value;
	}
	heard_count++;
}

static uintptr_t object;

static void writer(void *argument)
{
	(void)argument;
	fl_enter("writes");
	fl_point(FL_ACCESS_WRITE, object, 7);
	fl_leave();
	fl_point(FL_ACCESS_READ, object, 8);
}

static void reader(void *argument)
{
	(void)argument;
	fl_enter("reads");
	fl_point(FL_ACCESS_READ, object, 9);
	fl_leave();
}

/* @order: a digit a decision, 0: the one who is running, or the first; 1: the other one. */
static void run_watched(enum fl_feature_kind kind, fl_entry_t first, fl_entry_t second,
			const char *order)
{
	struct fl_run_options options = {0};
	const char *argument, *error;

	heard_count = 0;
	fl_machine_init(2, true, NULL);
	fl_unsubscribe_all();
	fl_where_reset();
	feedback_watch(1u << kind);
	feedback_reset();
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, first, NULL));
	fl_context_activate(fl_context_create("b", FL_CONTEXT_TASK, 1, second, NULL));
	options.strategy = fl_strategy_find("bytes", &argument);
	options.strategy->start(0, NULL, &error);
	fl_bytes_set((const uint8_t *)order, strlen(order));
	assert_int_equal(fl_run(&options), FL_END_QUIET);
}

static void run(fl_entry_t first, fl_entry_t second, const char *order)
{
	run_watched(FL_FEATURE_READS_FROM, first, second, order);
}

static int set_up(void **state)
{
	(void)state;
	fl_feature_listener = hear;
	object = 0x1000;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fl_feature_listener = NULL;
	fl_set_step_hook(NULL);
	fl_unsubscribe_all();
	return 0;
}

static void test_the_number_is_the_same_everywhere(void **state)
{
	(void)state;
	run(writer, reader, "");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].kind, FL_FEATURE_READS_FROM);
	assert_int_equal(heard[0].value, 0xa47dba7d439da70);
}

static void test_addresses_are_no_part_of_it(void **state)
{
	uint64_t value;

	(void)state;
	run(writer, reader, "");
	value = heard[0].value;
	object = 0x7ffff7654320;
	run(writer, reader, "");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].value, value);
}

static void test_reading_first_tells_nothing(void **state)
{
	(void)state;
	run(reader, writer, "");
	assert_int_equal(heard_count, 0);
	/* The same, where the other one is the first of the two contexts. */
	run(writer, reader, "1");
	assert_int_equal(heard_count, 0);
}

static void test_own_writes_tell_nothing(void **state)
{
	(void)state;
	run(writer, writer, "");
	/* The second one's read, after its own write; none of the first one's either. */
	assert_int_equal(heard_count, 0);
}

static void test_another_order_is_another_feature(void **state)
{
	uint64_t value;

	(void)state;
	run(writer, reader, "");
	value = heard[0].value;
	/* Both write, then the first one reads what the second one wrote. */
	run(writer, writer, "011");
	assert_int_equal(heard_count, 1);
	assert_int_not_equal(heard[0].value, value);
}

static void test_other_objects_are_no_communication(void **state)
{
	(void)state;
	object = 0x1000;
	run(writer, reader, "");
	assert_int_equal(heard_count, 1);
	/* A new run: what was written in the one before is forgotten. */
	run(reader, reader, "");
	assert_int_equal(heard_count, 0);
}

/* --- meetings ----------------------------------------------------------------------------------- */

/* The same function, by another access to another site. */
static void reader_elsewhere(void *argument)
{
	(void)argument;
	fl_enter("reads");
	fl_point(FL_ACCESS_RMW, object, 10);
	fl_leave();
}

/* None of the subject's functions: a model of the kernel, or the client. */
static void model(void *argument)
{
	(void)argument;
	fl_point(FL_ACCESS_RMW, object, 9);
}

static void test_functions_meet(void **state)
{
	uint64_t value;

	(void)state;
	run_watched(FL_FEATURE_MEETING, writer, reader, "");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].kind, FL_FEATURE_MEETING);
	value = heard[0].value;
	run_watched(FL_FEATURE_MEETING, writer, reader_elsewhere, "");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].value, value);
	/* Two of one function is another meeting. */
	run_watched(FL_FEATURE_MEETING, reader_elsewhere, reader, "");
	assert_int_equal(heard_count, 1);
	assert_int_not_equal(heard[0].value, value);
	/* The other way round nobody sees anything. */
	run_watched(FL_FEATURE_MEETING, reader, writer, "");
	assert_int_equal(heard_count, 0);
}

static void test_models_do_not_meet(void **state)
{
	(void)state;
	run_watched(FL_FEATURE_MEETING, writer, model, "");
	assert_int_equal(heard_count, 0);
	run_watched(FL_FEATURE_MEETING, model, reader, "");
	assert_int_equal(heard_count, 0);
	/* For the finer kind they count. */
	run(writer, model, "");
	assert_int_equal(heard_count, 1);
}

/* --- locks -------------------------------------------------------------------------------------- */

static fl_lock_t inner, outer, others[4];

static void watch_locks(void)
{
	heard_count = 0;
	fl_kernel_init();
	fl_unsubscribe_all();
	feedback_watch(1u << FL_FEATURE_LOCK_ORDER);
	feedback_reset();
}

static void take_both(fl_lock_t *first, const char *first_class, fl_lock_t *second,
		      const char *second_class)
{
	fl_spin_lock(first, first_class);
	fl_spin_lock(second, second_class);
	/* In the same order, for that changes nothing. */
	fl_spin_unlock(first, first_class);
	fl_spin_unlock(second, second_class);
}

static void test_lock_pairs_have_an_order(void **state)
{
	uint64_t value;

	(void)state;
	watch_locks();
	take_both(&inner, "inner", &outer, "outer");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].kind, FL_FEATURE_LOCK_ORDER);
	value = heard[0].value;
	take_both(&outer, "outer", &inner, "inner");
	assert_int_equal(heard_count, 2);
	assert_int_not_equal(heard[1].value, value);
}

static void test_lock_classes_count_by_name(void **state)
{
	uint64_t value;

	(void)state;
	watch_locks();
	take_both(&inner, "inner", &outer, "outer");
	value = heard[0].value;
	watch_locks();
	/* Their classes have other numbers now. */
	fl_spin_lock(&others[0], "another");
	fl_spin_unlock(&others[0], "another");
	take_both(&others[1], "inner", &others[2], "outer");
	assert_int_equal(heard_count, 1);
	assert_int_equal(heard[0].value, value);
}

static void test_a_lock_alone_tells_nothing(void **state)
{
	(void)state;
	watch_locks();
	fl_spin_lock(&inner, "inner");
	fl_spin_unlock(&inner, "inner");
	fl_spin_lock(&outer, "outer");
	fl_spin_unlock(&outer, "outer");
	assert_int_equal(heard_count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_the_number_is_the_same_everywhere),
		TEST(test_addresses_are_no_part_of_it),
		TEST(test_reading_first_tells_nothing),
		TEST(test_own_writes_tell_nothing),
		TEST(test_another_order_is_another_feature),
		TEST(test_other_objects_are_no_communication),
		TEST(test_functions_meet),
		TEST(test_models_do_not_meet),
		TEST(test_lock_pairs_have_an_order),
		TEST(test_lock_classes_count_by_name),
		TEST(test_a_lock_alone_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wait queues: no wake-up is lost, one or all are woken, timeouts, sleeping where one must not. */
#include "kernel_test.h"

static int queue, condition, passed, woken_first, rounds;
static uint64_t remaining;
static bool was_signalled;
static unsigned int firsts[2];

static void wait_for_condition(void)
{
	for (;;) {
		rounds++;
		fl_wait_prepare(&queue, "condition");
		point();
		if (condition)
			break;
		fl_wait_schedule();
	}
	fl_wait_finish();
	passed++;
}

static void waiter(void *arg)
{
	wait_for_condition();
}

static void setter(void *arg)
{
	point();
	/* A wake-up for nothing, before the one that matters. */
	fl_wait_wake(&queue, true);
	for (int i = 0; i < 20; i++)
		point();
	condition = 1;
	fl_wait_wake(&queue, true);
}

static void start_wait(void)
{
	condition = passed = rounds = 0;
	spawn("w1", 0, waiter, NULL);
	spawn("w2", 1, waiter, NULL);
	spawn("setter", 0, setter, NULL);
}

static void judge_wait(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(passed, 2);
	/* Each of two waiters sleeps again after the wake-up for nothing, and does not spin. */
	assert_in_range(rounds, 2, 6);
}

static void test_no_wake_up_is_lost(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_wait, .judge = judge_wait, .schedules = 200});
}

/* Without the prepare-first protocol the wake-up is lost in some schedule: the tests can see it. */
static void careless_waiter(void *arg)
{
	point();
	if (!condition) {
		point();
		fl_wait_prepare(&queue, "condition");
		fl_wait_schedule();
		fl_wait_finish();
	}
	passed++;
}

static unsigned int lost;

static void start_careless(void)
{
	condition = passed = 0;
	spawn("w", 0, careless_waiter, NULL);
	spawn("setter", 1, setter, NULL);
}

static void judge_careless(enum fl_end end)
{
	lost += end == FL_END_DEADLOCK;
}

static void test_a_careless_waiter_sleeps_for_ever(void **state)
{
	lost = 0;
	run_plan(&(struct plan){.cpus = 2, .start = start_careless, .judge = judge_careless});
	assert_true(lost > 0);
}

static void queued_waiter(void *arg)
{
	fl_wait_prepare(&queue, "turn");
	fl_wait_schedule();
	fl_wait_finish();
	if (!passed++)
		woken_first = (int)(intptr_t)arg;
}

static void wake_one_by_one(void *arg)
{
	/* Both sleep by now, because this one has waited longer than they can need. */
	fl_sleep_ns(1000000);
	fl_wait_wake(&queue, false);
	fl_sleep_ns(1000000);
	was_signalled = passed == 1;
	fl_wait_wake(&queue, false);
}

static void start_one(void)
{
	passed = 0;
	was_signalled = false;
	spawn("w0", 0, queued_waiter, (void *)0);
	spawn("w1", 1, queued_waiter, (void *)1);
	spawn("waker", 0, wake_one_by_one, NULL);
}

static void judge_one(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_true(was_signalled);
	assert_int_equal(passed, 2);
	firsts[woken_first]++;
}

static void test_wake_one_wakes_any_one(void **state)
{
	firsts[0] = firsts[1] = 0;
	run_plan(&(struct plan){.cpus = 2, .start = start_one, .judge = judge_one});
	assert_true(firsts[0] > 0);
	assert_true(firsts[1] > 0);
}

static void timing_waiter(void *arg)
{
	fl_wait_prepare(&queue, "with timeout");
	remaining = fl_wait_schedule_timeout(5000000);
	fl_wait_finish();
}

static void late_setter(void *arg)
{
	fl_sleep_ns((uintptr_t)arg);
	fl_wait_wake(&queue, true);
}

static void start_timeout(void)
{
	remaining = 1;
	spawn("w", 0, timing_waiter, NULL);
	spawn("setter", 1, late_setter, (void *)9000000);
}

static void judge_timeout(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(remaining, 0);
}

static void start_in_time(void)
{
	remaining = 0;
	spawn("w", 0, timing_waiter, NULL);
	spawn("setter", 1, late_setter, (void *)2000000);
}

static void judge_in_time(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_in_range(remaining, 2900000, 3010000);
}

static void test_timeout(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_timeout, .judge = judge_timeout, .schedules = 20});
	run_plan(&(struct plan){
		.cpus = 2, .start = start_in_time, .judge = judge_in_time, .schedules = 20});
}

static void atomic_sleeper(void *arg)
{
	fl_preempt_off();
	fl_sleep_ns(1000);
}

static void start_atomic(void)
{
	spawn("atomic", 0, atomic_sleeper, NULL);
}

static void judge_atomic(enum fl_end end)
{
	assert_int_equal(end, FL_END_STOPPED);
	assert_string_equal(fl_end_text(), "scheduling while atomic");
	assert_int_equal(event_at(FL_EV_MAY_SLEEP, 0)->a, 1);
	assert_string_equal(event_at(FL_EV_MAY_SLEEP, 0)->text, "sleep");
}

static void test_sleeping_while_atomic_ends_the_run(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_atomic, .judge = judge_atomic, .schedules = 2});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_wake_up_is_lost),
		cmocka_unit_test(test_a_careless_waiter_sleeps_for_ever),
		cmocka_unit_test(test_wake_one_wakes_any_one),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_sleeping_while_atomic_ends_the_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

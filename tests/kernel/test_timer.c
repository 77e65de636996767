/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers: order, context, starting again, the three answers of cancel, waiting for the callback. */
#include "kernel_test.h"

static int timer_a, timer_b;
static char order[16];
static unsigned int order_length, rounds, callback_bits;
static int callback_cpu;
static int cancel_answers[3], answers_seen[3];
static bool callback_ended, ended_before_return, early;
static uint64_t deadlines[2];

static void clear(void)
{
	memset(order, 0, sizeof(order));
	order_length = rounds = callback_bits = 0;
	callback_ended = ended_before_return = early = false;
	deadlines[0] = deadlines[1] = 0;
}

static void note_timer(void *timer)
{
	order[order_length++] = timer == &timer_a ? 'a' : 'b';
	if (fl_now() < deadlines[timer == &timer_b])
		early = true;
	callback_bits = fl_context_bits();
	callback_cpu = (int)fl_cpu_id();
}

static void starter(void *arg)
{
	uint64_t now = fl_time_ns();

	deadlines[0] = now + 2000000;
	deadlines[1] = now + 1000000;
	fl_timer_start(&timer_a, "a", note_timer, deadlines[0]);
	fl_timer_start(&timer_b, "b", note_timer, deadlines[1]);
}

static void start_order(void)
{
	clear();
	spawn("task", 1, starter, NULL);
}

static void judge_order(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_string_equal(order, "ba");
	assert_false(early);
	assert_int_equal(callback_bits, FL_IN_HARDIRQ | FL_IRQS_OFF);
	/* Where it was started. */
	assert_int_equal(callback_cpu, 1);
	assert_string_equal(event_at(FL_EV_ENTER, 0)->text, "b");
}

static void test_timers_fire_in_order_in_interrupt_context(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_order, .judge = judge_order, .schedules = 20});
}

static void again(void *timer)
{
	order[order_length++] = 'a';
	if (++rounds < 3)
		fl_timer_start(timer, "a", again, fl_now() + 1000000);
}

static void start_again(void)
{
	clear();
	fl_timer_start(&timer_a, "a", again, 1000000);
	/* Started twice: the later deadline counts, and it fires once. */
	fl_timer_start(&timer_b, "b", note_timer, 1000000);
	fl_timer_start(&timer_b, "b", note_timer, 9000000);
}

static void judge_again(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_string_equal(order, "aaab");
}

static void test_starting_again(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_again, .judge = judge_again, .schedules = 20});
}

static void slow_callback(void *timer)
{
	for (int i = 0; i < 4; i++)
		point();
	callback_ended = true;
}

static void canceller(void *arg)
{
	int answer;

	fl_udelay_ns(900);
	for (int i = 0; i < 4; i++)
		point();
	answer = fl_timer_cancel(&timer_a);
	answers_seen[answer + 1]++;
	cancel_answers[answer + 1] = 1;
}

static void busy_task(void *arg)
{
	for (int i = 0; i < 6; i++)
		point();
}

static void start_cancel(void)
{
	clear();
	fl_timer_start(&timer_a, "a", slow_callback, fl_now() + 1300);
	spawn("canceller", 1, canceller, NULL);
	spawn("busy", 0, busy_task, NULL);
}

static void judge_cancel(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
}

static void test_the_three_answers_of_cancel(void **state)
{
	memset(answers_seen, 0, sizeof(answers_seen));
	run_plan(&(struct plan){
		.cpus = 2, .start = start_cancel, .judge = judge_cancel, .schedules = 200});
	assert_true(answers_seen[0] > 0);
	assert_true(answers_seen[1] > 0);
	assert_true(answers_seen[2] > 0);
}

static void sync_canceller(void *arg)
{
	fl_udelay_ns(1200);
	point();
	fl_timer_cancel_sync(&timer_a);
	/* Either it never ran, or it has ended. */
	ended_before_return = callback_ended || !events(FL_EV_ENTER);
}

static void start_cancel_sync(void)
{
	clear();
	fl_timer_start(&timer_a, "a", slow_callback, fl_now() + 1300);
	spawn("canceller", 1, sync_canceller, NULL);
	spawn("busy", 0, busy_task, NULL);
}

static unsigned int waited;

static void judge_cancel_sync(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_true(ended_before_return);
	waited += callback_ended;
}

static void test_cancel_sync_waits(void **state)
{
	waited = 0;
	run_plan(&(struct plan){.cpus = 2,
				.start = start_cancel_sync,
				.judge = judge_cancel_sync,
				.schedules = 100});
	assert_true(waited > 0);
}

static void cancels_itself(void *timer)
{
	fl_timer_cancel_sync(timer);
}

static void start_self(void)
{
	clear();
	fl_timer_start(&timer_a, "self", cancels_itself, 1000);
	spawn("busy", 1, busy_task, NULL);
}

static void judge_self(enum fl_end end)
{
	assert_int_equal(end, FL_END_DEADLOCK);
	assert_non_null(strstr(fl_end_text(), "timer/0 spins for self held by timer/0"));
}

static void test_cancel_sync_in_the_callback_is_a_deadlock(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_self, .judge = judge_self, .schedules = 3});
}

static void wait_out(void *arg)
{
	uint64_t before = fl_time_ns();

	fl_udelay_ns(50000);
	order[0] = fl_time_ns() - before >= 50000 ? 'y' : 'n';
	fl_sleep_ns(50000);
	order[1] = fl_time_ns() - before >= 100000 ? 'y' : 'n';
}

static void start_time(void)
{
	clear();
	spawn("task", 0, wait_out, NULL);
}

static void judge_time(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_string_equal(order, "yy");
}

static void test_time_passes(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_time, .judge = judge_time, .schedules = 2});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timers_fire_in_order_in_interrupt_context),
		cmocka_unit_test(test_starting_again),
		cmocka_unit_test(test_the_three_answers_of_cancel),
		cmocka_unit_test(test_cancel_sync_waits),
		cmocka_unit_test(test_cancel_sync_in_the_callback_is_a_deadlock),
		cmocka_unit_test(test_time_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

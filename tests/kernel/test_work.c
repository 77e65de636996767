/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Workqueues: once each, never twice at once, queued again while running, cancel, flush, freeze. */
#include "kernel_test.h"

static int item_a, item_b;
static unsigned int runs, inside, overlaps, queued_again;
static bool flag, answer;
static unsigned int cpus_seen;

static void clear(void)
{
	runs = inside = overlaps = queued_again = 0;
	flag = answer = false;
}

static void body(void *work)
{
	if (inside++)
		overlaps++;
	point();
	point();
	runs++;
	cpus_seen |= 1u << fl_cpu_id();
	inside--;
}

static void queue_twice(void *arg)
{
	for (int i = 0; i < 2; i++) {
		if (fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body"))
			queued_again++;
		point();
	}
}

static void start_queue(void)
{
	clear();
	spawn("q0", 0, queue_twice, NULL);
	spawn("q1", 1, queue_twice, NULL);
}

static unsigned int most, least;

static void judge_queue(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(overlaps, 0);
	/* Each successful queueing is one run. */
	assert_int_equal(runs, queued_again);
	assert_int_equal(event_at(FL_EV_ENTER, 0)->text != NULL, 1);
	assert_string_equal(event_at(FL_EV_ENTER, 0)->text, "body");
	if (runs > most)
		most = runs;
	if (runs < least)
		least = runs;
}

static void test_queue(void **state)
{
	most = 0;
	least = 99;
	run_plan(&(struct plan){
		.cpus = 2, .start = start_queue, .judge = judge_queue, .schedules = 200});
	/* Pending items are not queued again; running ones are. */
	assert_int_equal(least, 1);
	assert_true(most >= 3);
}

/* Two workers run two items at once, but never one. */
static unsigned int both;

static void start_two(void)
{
	clear();
	fl_work_choose_cpus();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body");
	fl_work_queue(FL_WORKQUEUE_PM, &item_b, body, "body");
}

static void start_two_in_run_task(void *arg)
{
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body");
	fl_work_queue(FL_WORKQUEUE_PM, &item_b, body, "body");
}

static void start_two_in_run(void)
{
	clear();
	fl_work_choose_cpus();
	spawn("q", 0, start_two_in_run_task, NULL);
}

static void judge_two(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(runs, 2);
	both += overlaps;
}

static void test_two_workers_on_drawn_cpus(void **state)
{
	both = cpus_seen = 0;
	run_plan(&(struct plan){.cpus = 2, .start = start_two_in_run, .judge = judge_two});
	assert_true(both > 0);
	assert_int_equal(cpus_seen, 3);
	/* Outside a run there is no choice to make. */
	run_plan(&(struct plan){.cpus = 2, .start = start_two, .judge = judge_two});
}

static void requeue(void *work)
{
	body(work);
	if (runs < 3)
		flag |= !fl_work_queue(FL_WORKQUEUE_SYSTEM, work, requeue, "requeue");
}

static void start_requeue(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_SYSTEM, &item_a, requeue, "requeue");
}

static void judge_requeue(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(runs, 3);
	assert_false(flag);
}

static void test_an_item_queues_itself(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_requeue, .judge = judge_requeue, .schedules = 5});
}

static void moves(void *work)
{
	body(work);
	if (runs < 2)
		fl_work_queue(FL_WORKQUEUE_CLIENT, work, moves, "moves");
}

static void start_moves(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_SYSTEM, &item_a, moves, "moves");
}

static void judge_moves(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(runs, 2);
	assert_string_equal(fl_context_name(event_at(FL_EV_ENTER, 0)->context), "events");
	assert_string_equal(fl_context_name(event_at(FL_EV_ENTER, 1)->context), "client_wq");
}

static void test_an_item_moves_to_another_queue(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_moves, .judge = judge_moves, .schedules = 5});
}

static void canceller(void *arg)
{
	point();
	answer = fl_work_cancel_sync(&item_a);
	flag = inside != 0;
}

static void start_cancel(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body");
	spawn("canceller", 1, canceller, NULL);
}

static unsigned int caught;

static void judge_cancel(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(flag);
	assert_int_equal(runs, answer ? 0 : 1);
	caught += answer;
	assert_int_equal(event_at(FL_EV_MAY_SLEEP, 0)->a, 0);
}

static void test_cancel_sync(void **state)
{
	caught = 0;
	run_plan(&(struct plan){.cpus = 2, .start = start_cancel, .judge = judge_cancel});
	assert_true(caught > 0);
}

/* An item that queues itself again: cancel_sync ends that too. */
static void stubborn(void *work)
{
	body(work);
	fl_work_queue(FL_WORKQUEUE_PM, work, stubborn, "stubborn");
}

static void final_canceller(void *arg)
{
	for (int i = 0; i < 6; i++)
		point();
	fl_work_cancel_sync(&item_a);
	flag = inside || fl_work_pending(&item_a);
	queued_again = runs;
}

static void start_stubborn(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, stubborn, "stubborn");
	spawn("canceller", 1, final_canceller, NULL);
}

static void judge_stubborn(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(flag);
	assert_int_equal(runs, queued_again);
}

static void test_cancel_sync_of_an_item_that_queues_itself(void **state)
{
	/* Fair schedules: the canceller must get its turn. */
	struct plan plan = {.cpus = 2, .start = start_stubborn, .judge = judge_stubborn};

	machine(plan.cpus);
	fl_snapshot();
	run_plan_as(&plan, "random", 100);
}

static void flusher(void *arg)
{
	point();
	answer = fl_work_flush(&item_a);
	flag = runs == 0;
}

static void start_flush(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body");
	spawn("flusher", 1, flusher, NULL);
}

static void judge_flush(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(flag);
	assert_int_equal(runs, 1);
}

static void test_flush(void **state)
{
	run_plan(&(struct plan){.cpus = 2, .start = start_flush, .judge = judge_flush});
}

static void flushes_itself(void *work)
{
	fl_work_flush(work);
}

static void start_self(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, flushes_itself, "flushes_itself");
}

static void judge_self(enum fl_end end)
{
	assert_int_equal(end, FL_END_DEADLOCK);
	assert_non_null(strstr(fl_end_text(), "waits for flushes_itself held by pm_wq/0"));
}

static void test_flush_of_itself_is_a_deadlock(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_self, .judge = judge_self, .schedules = 2});
}

static void freezer(void *arg)
{
	fl_workqueue_freeze(FL_WORKQUEUE_PM, true);
	flag = inside != 0;
	queued_again = runs;
	fl_work_queue(FL_WORKQUEUE_PM, &item_b, body, "body");
	fl_sleep_ns(1000000);
	flag |= runs != queued_again || !fl_work_pending(&item_b);
	fl_workqueue_freeze(FL_WORKQUEUE_PM, false);
}

static void start_freeze(void)
{
	clear();
	fl_work_queue(FL_WORKQUEUE_PM, &item_a, body, "body");
	spawn("freezer", 1, freezer, NULL);
}

static void judge_freeze(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(flag);
	assert_int_equal(runs, 2);
}

static void test_frozen_queue_waits(void **state)
{
	run_plan(&(struct plan){.cpus = 2, .start = start_freeze, .judge = judge_freeze});
}

static void atomic_body(void *work)
{
	fl_preempt_off();
}

static void start_atomic(void)
{
	fl_work_queue(FL_WORKQUEUE_SYSTEM, &item_a, atomic_body, "atomic_body");
}

static void judge_atomic(enum fl_end end)
{
	assert_int_equal(end, FL_END_STOPPED);
	assert_non_null(strstr(fl_end_text(), "atomic context"));
}

static void test_work_that_leaks_atomic_context(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_atomic, .judge = judge_atomic, .schedules = 2});
}

static void test_view(void **state)
{
	struct fl_work_view view;

	machine(1);
	assert_false(fl_view_work(0, &view));
	fl_work_queue(FL_WORKQUEUE_CLIENT, &item_a, body, "body");
	assert_true(fl_view_work(0, &view));
	assert_string_equal(view.name, "body");
	assert_true(view.pending);
	assert_int_equal(view.queue, FL_WORKQUEUE_CLIENT);
	assert_int_equal(view.running, FL_NO_CONTEXT);
	assert_false(fl_view_work(32, &view));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_two_workers_on_drawn_cpus),
		cmocka_unit_test(test_an_item_queues_itself),
		cmocka_unit_test(test_an_item_moves_to_another_queue),
		cmocka_unit_test(test_cancel_sync),
		cmocka_unit_test(test_cancel_sync_of_an_item_that_queues_itself),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_flush_of_itself_is_a_deadlock),
		cmocka_unit_test(test_frozen_queue_waits),
		cmocka_unit_test(test_work_that_leaks_atomic_context),
		cmocka_unit_test(test_view),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor as a whole: a busy world replays event for event from its decisions, whatever ran
 * before, and a small one can be searched to its end.
 */
#include "irq_test.h"

static int timer, work_a, work_b, queue;
static fl_lock_t mutex, spinlock;
static unsigned int woken;

static void note_work(void *work)
{
	fl_mutex_lock(&mutex, "mutex");
	fl_sleep_ns(300);
	fl_mutex_unlock(&mutex, "mutex");
	woken++;
	fl_wait_wake(&queue, false);
}

static void on_timer(void *key)
{
	fl_work_queue(FL_WORKQUEUE_PM, &work_b, note_work, "note_work");
	set_cause(&sources[1], true);
}

static int locking_thread(int irq, void *dev_id)
{
	unsigned long flags;
	int answer = thread_handler(irq, dev_id);

	fl_mutex_lock(&mutex, "mutex");
	flags = fl_spin_lock_irqsave(&spinlock, "spinlock");
	fl_spin_unlock_irqrestore(&spinlock, "spinlock", flags);
	fl_mutex_unlock(&mutex, "mutex");
	fl_work_queue(FL_WORKQUEUE_PM, &work_a, note_work, "note_work");
	return answer;
}

static void waiter(void *arg)
{
	fl_timer_start(&timer, "on_timer", on_timer, fl_time_ns() + 900);
	while (woken < 2) {
		fl_wait_prepare(&queue, "work done");
		if (woken < 2)
			fl_wait_schedule_timeout(50000);
		fl_wait_finish();
	}
	fl_irq_disable(LINE);
	fl_dealloc(fl_alloc(100, false, true, true));
	fl_irq_enable(LINE);
}

static void build(void)
{
	clear_sources();
	request(0, NULL, locking_thread, FL_IRQF_ONESHOT | FL_IRQF_SHARED);
	request(1, hard_handler, NULL, FL_IRQF_SHARED);
}

static void start(void)
{
	clear_sources();
	mutex = spinlock = 0;
	woken = 0;
	fl_irq_choose_cpus();
	fl_work_choose_cpus();
	spawn("waiter", 0, waiter, NULL);
	spawn("busy", 1, busy, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static enum fl_end run(const struct fl_strategy *strategy, uint64_t schedule)
{
	fl_reset();
	fl_where_reset();
	event_count = 0;
	start();
	return fl_run(&(struct fl_run_options){.strategy = strategy, .schedule = schedule});
}

static const struct fl_strategy *started(const char *name)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(3, argument, &error), 0);
	return strategy;
}

static struct fl_event first_log[4096];
static struct fl_decision decisions[4096];

static void test_replay_is_the_same_run(void **state)
{
	machine(2);
	build();
	fl_snapshot();
	for (unsigned int i = 0; i < 200; i++) {
		const struct fl_decision *made;
		unsigned int first_count;
		size_t count;

		assert_int_equal(run(started("random"), i), FL_END_QUIET);
		assert_true(woken >= 2);
		first_count = event_count;
		assert_in_range(first_count, 20, 4096);
		memcpy(first_log, event_log, event_count * sizeof(event_log[0]));
		made = fl_decisions(&count);
		assert_in_range(count, 0, 4096);
		memcpy(decisions, made, count * sizeof(decisions[0]));
		/* Something else in between. */
		run(started("pct:3"), i + 1);
		fl_replay_set(decisions, count);
		assert_int_equal(run(started("replay"), 0), FL_END_QUIET);
		assert_int_equal(event_count, first_count);
		for (unsigned int j = 0; j < event_count; j++) {
			const struct fl_event *one = &first_log[j], *two = &event_log[j];

			assert_int_equal(one->kind, two->kind);
			assert_int_equal(one->context, two->context);
			assert_int_equal(one->step, two->step);
			assert_int_equal(one->a, two->a);
			assert_int_equal(one->b, two->b);
			assert_int_equal(one->c, two->c);
			assert_int_equal(one->d, two->d);
		}
	}
}

/* --- to the end --------------------------------------------------------------------------- */

static unsigned int seen_before, seen_between, seen_after;

static void look_at_cause(void *arg)
{
	unsigned int runs = sources[0].hard_runs;

	fl_spin_lock(&spinlock, "spinlock");
	fl_spin_unlock(&spinlock, "spinlock");
	if (runs)
		seen_before++;
	else if (sources[0].hard_runs)
		seen_between++;
	else
		seen_after++;
}

static void build_small(void)
{
	clear_sources();
	request(0, hard_handler, NULL, 0);
}

static void test_exhaustive_search_ends(void **state)
{
	const struct fl_strategy *strategy;
	unsigned int schedules = 0;

	machine(1);
	build_small();
	fl_snapshot();
	strategy = started("dfs");
	seen_before = seen_between = seen_after = 0;
	do {
		fl_reset();
		fl_where_reset();
		event_count = 0;
		clear_sources();
		spinlock = 0;
		spawn("task", 0, look_at_cause, NULL);
		spawn_agent("device", assert_causes, &sources[0]);
		assert_int_equal(fl_run(&(struct fl_run_options){.strategy = strategy,
								 .schedule = schedules}),
				 FL_END_QUIET);
		assert_int_equal(sources[0].hard_runs, 1);
		schedules++;
	} while (strategy->end() && schedules < 100000);
	assert_in_range(schedules, 3, 99999);
	assert_true(seen_before > 0);
	assert_true(seen_between > 0);
	assert_true(seen_after > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay_is_the_same_run),
		cmocka_unit_test(test_exhaustive_search_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

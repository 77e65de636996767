/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain.md 4.3: the spurious detector at both thresholds, judged threads, the poll, coming back.
 */
#include "irq_test.h"

static const unsigned int shared = FL_IRQF_SHARED;

/* A handler that never cares. */
static int careless_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	return FL_IRQ_NONE;
}

static void device_stuck(void *arg)
{
	set_cause(&sources[0], true);
}

/* --- thresholds --------------------------------------------------------------------------- */

static void build_careless(void)
{
	clear_sources();
	assert_int_equal(request(0, careless_handler, NULL, 0), 0);
}

static void build_careless_real(void)
{
	fl_knobs.spurious_threshold = FL_SPURIOUS_REAL;
	build_careless();
}

static void build_careless_off(void)
{
	fl_knobs.spurious_threshold = FL_SPURIOUS_OFF;
	build_careless();
}

static void start_stuck(void)
{
	clear_sources();
	spawn_agent("device", device_stuck, NULL);
}

static void judge_scaled(enum fl_end end)
{
	const struct fl_event *event = event_at(FL_EV_IRQ_SPURIOUS_OFF, 0);

	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 100);
	assert_non_null(event);
	assert_int_equal(event->a, LINE);
	assert_int_equal(event->b, 100);
	assert_int_equal(event->c, 100);
	assert_int_equal(events(FL_EV_WARNING), 1);
	assert_int_equal(events(FL_EV_PRINTK), 1);
	assert_true(look_at(LINE).spurious_disabled);
	assert_true(look_at(LINE).masked);
	assert_int_equal(look_at(LINE).depth, 1);
}

static void test_scaled_threshold(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_careless,
				.start = start_stuck,
				.judge = judge_scaled,
				.schedules = 2});
}

static void judge_real(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 100000);
	assert_true(look_at(LINE).spurious_disabled);
}

static void test_real_threshold(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_careless_real,
				.start = start_stuck,
				.judge = judge_real,
				.step_limit = 1000000,
				.schedules = 1});
}

static void judge_off(enum fl_end end)
{
	assert_int_equal(end, FL_END_STEP_LIMIT);
	assert_true(sources[0].hard_runs > 1000);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 0);
}

static void test_noirqdebug_storms_for_ever(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_careless_off,
				.start = start_stuck,
				.judge = judge_off,
				.step_limit = 5000,
				.schedules = 1});
}

/* --- how it counts ------------------------------------------------------------------------ */

static unsigned int handled_every;

/* Handled once in so many; the cause stays. */
static int mixed_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	if (source->hard_runs == 400)
		set_cause(source, false);
	return source->hard_runs % handled_every ? FL_IRQ_NONE : FL_IRQ_HANDLED;
}

static void build_mixed(void)
{
	clear_sources();
	assert_int_equal(request(0, mixed_handler, NULL, 0), 0);
}

static void judge_mixed(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 400);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 0);
}

static void test_a_few_handled_ones_are_enough(void **state)
{
	struct plan plan = {.cpus = 1,
			    .build = build_mixed,
			    .start = start_stuck,
			    .judge = judge_mixed,
			    .schedules = 1};

	/* At most 99 of 100 are unhandled; the limit wants more. */
	handled_every = 50;
	run_plan(&plan);
	handled_every = 100;
	run_plan(&plan);
	handled_every = 101;
	plan.judge = judge_scaled;
	run_plan(&plan);
}

/* Handled 150 times, then nobody cares. */
static int late_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	return ++source->hard_runs <= 150 ? FL_IRQ_HANDLED : FL_IRQ_NONE;
}

static void build_late(void)
{
	clear_sources();
	assert_int_equal(request(0, late_handler, NULL, 0), 0);
}

static void judge_late(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	/* irq_count advances only while suspicious: the window begins with the first NONE. */
	assert_int_equal(sources[0].hard_runs, 250);
}

static void test_counting_begins_with_the_first_unhandled_one(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_late,
				.start = start_stuck,
				.judge = judge_late,
				.schedules = 1});
}

/* Interrupts that are more than 100 ms apart never add up. */
static int slow_careless_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	fl_irq_input(LINE, 0, false);
	return FL_IRQ_NONE;
}

static void build_slow(void)
{
	clear_sources();
	assert_int_equal(request(0, slow_careless_handler, NULL, 0), 0);
}

static uint64_t pause_ns;

static void device_slow(void *arg)
{
	for (int i = 0; i < 250; i++) {
		fl_irq_input(LINE, 0, true);
		fl_delay(pause_ns, false);
	}
}

static void start_slow(void)
{
	clear_sources();
	spawn_agent("device", device_slow, NULL);
}

static void judge_slow(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 250);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 0);
	assert_int_equal(look_at(LINE).unhandled, 1);
}

static void judge_steady(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 100);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 1);
}

static void test_rare_ones_do_not_add_up(void **state)
{
	struct plan plan = {.cpus = 1,
			    .build = build_slow,
			    .start = start_slow,
			    .judge = judge_slow,
			    .schedules = 1};

	/* More than 25 jiffies of 4 ms apart, and just 25. */
	pause_ns = 108000000;
	run_plan(&plan);
	pause_ns = 96000000;
	plan.judge = judge_steady;
	run_plan(&plan);
}

/* --- threads ------------------------------------------------------------------------------ */

static int careless_thread(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->thread_runs++;
	return FL_IRQ_NONE;
}

static void build_careless_thread(void)
{
	clear_sources();
	assert_int_equal(request(0, NULL, careless_thread, FL_IRQF_ONESHOT), 0);
}

static void judge_careless_thread(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 1);
	/* Judged one interrupt late, and the thread of the last one still runs. */
	assert_int_equal(sources[0].thread_runs, 101);
	assert_true(look_at(LINE).masked);
}

static void test_threads_are_judged_one_interrupt_late(void **state)
{
	run_plan(&(struct plan){.cpus = 2,
				.build = build_careless_thread,
				.start = start_stuck,
				.judge = judge_careless_thread,
				.schedules = 5});
}

static int false_thread(int irq, void *dev_id)
{
	struct source *source = dev_id;

	/* Says it handled it, and the line stays up: the detector cannot see that. */
	if (++source->thread_runs == 300)
		set_cause(source, false);
	return FL_IRQ_HANDLED;
}

static void build_false_thread(void)
{
	clear_sources();
	assert_int_equal(request(0, NULL, false_thread, FL_IRQF_ONESHOT), 0);
}

static void judge_false_thread(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].thread_runs, 300);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 0);
}

static void test_handled_without_clearing_is_never_detected(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_false_thread,
				.start = start_stuck,
				.judge = judge_false_thread,
				.schedules = 2});
}

/* --- the poll ----------------------------------------------------------------------------- */

static int poll_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	if (source->none_answers) {
		source->none_answers--;
		return FL_IRQ_NONE;
	}
	if (!source->cause)
		return FL_IRQ_NONE;
	set_cause(source, false);
	return FL_IRQ_HANDLED;
}

static void build_poll(void)
{
	clear_sources();
	assert_int_equal(request(0, poll_handler, NULL, shared), 0);
}

static void start_poll(void)
{
	start_stuck();
	sources[0].none_answers = 100;
}

static void judge_poll(enum fl_end end)
{
	/* The dead line is polled; the cause goes, and yet the line stays disabled. */
	assert_int_equal(end, FL_END_QUIET);
	assert_false(sources[0].cause);
	assert_true(sources[0].hard_runs > 101);
	assert_true(look_at(LINE).spurious_disabled);
	assert_int_equal(look_at(LINE).depth, 1);
	/* A poll is no interrupt. */
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 101);
	assert_int_equal(fl_context_kind(event_at(FL_EV_IRQ_ENTER, 100)->context),
			 FL_CONTEXT_TIMER);
	assert_in_range(event_at(FL_EV_IRQ_ENTER, 100)->step, 1, 10000);
}

static void test_dead_shared_line_is_polled(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_poll,
				.start = start_poll,
				.judge = judge_poll,
				.schedules = 2});
}

static unsigned int runs_before;

static void patient(void *arg)
{
	fl_sleep_ns(50000000);
	runs_before = sources[0].hard_runs;
	for (int i = 0; i < 30; i++)
		fl_sleep_ns(100000000);
}

static void start_polls(void)
{
	start_poll();
	sources[0].none_answers = 1000;
	spawn("patient", 0, patient, NULL);
}

static void judge_polls(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(runs_before, 100);
	/* Every 100 ms, until nobody has done anything for eight polls; then the run may end. */
	assert_in_range(sources[0].hard_runs, 100 + 30 + 7, 100 + 30 + 10);
}

static void test_poll_goes_on_while_something_happens(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_poll,
				.start = start_polls,
				.judge = judge_polls,
				.schedules = 2});
}

static void judge_not_polled(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 100);
}

static void test_line_that_is_not_shared_is_not_polled(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_careless,
				.start = start_stuck,
				.judge = judge_not_polled,
				.schedules = 1});
}

static bool bit_missing;

/* A thread that is still at work when the poll wakes it again. */
static int sleeping_thread(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->thread_runs++;
	if (!look_at(LINE).actions[0].oneshot_pending)
		bit_missing = true;
	if (look_at(LINE).spurious_disabled)
		fl_sleep_ns(250000000);
	return FL_IRQ_NONE;
}

static void build_sleeping_thread(void)
{
	clear_sources();
	assert_int_equal(request(0, NULL, sleeping_thread, shared | FL_IRQF_ONESHOT), 0);
}

static void start_sleeping_thread(void)
{
	start_stuck();
	bit_missing = false;
}

static void judge_sleeping_thread(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_true(look_at(LINE).spurious_disabled);
	assert_true(sources[0].thread_runs > 103);
	/* Woken during its run, its bit is not cleared at the end of that run. */
	assert_false(bit_missing);
	assert_int_equal(look_at(LINE).threads_active, 0);
}

static void test_thread_woken_again_keeps_its_bit(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_sleeping_thread,
				.start = start_sleeping_thread,
				.judge = judge_sleeping_thread,
				.schedules = 2});
}

/* --- coming back -------------------------------------------------------------------------- */

static void build_rescue(void)
{
	clear_sources();
	assert_int_equal(request(1, careless_handler, NULL, shared), 0);
}

static void rescuer(void *arg)
{
	fl_sleep_ns(20000000);
	sources[3].hard_runs = look_at(LINE).spurious_disabled;
	request(0, hard_handler, NULL, shared);
	fl_sleep_ns(1000000);
}

static void start_rescue(void)
{
	start_stuck();
	spawn("rescuer", 0, rescuer, NULL);
}

static void judge_rescue(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[3].hard_runs, 1);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_false(look_at(LINE).spurious_disabled);
	assert_false(look_at(LINE).masked);
	assert_int_equal(look_at(LINE).depth, 0);
}

static void test_another_action_brings_the_line_back(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_rescue,
				.start = start_rescue,
				.judge = judge_rescue,
				.schedules = 5});
}

static void disabled_rescuer(void *arg)
{
	fl_sleep_ns(20000000);
	fl_irq_disable(LINE);
	request(0, hard_handler, NULL, shared);
	fl_sleep_ns(1000000);
}

static void start_disabled_rescue(void)
{
	start_stuck();
	spawn("rescuer", 0, disabled_rescuer, NULL);
}

static void judge_disabled_rescue(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	/* One level of depth less; the other one is the driver's. */
	assert_int_equal(sources[0].hard_runs, 0);
	assert_int_equal(look_at(LINE).depth, 1);
	assert_true(look_at(LINE).masked);
}

static void test_depth_stays_raised_otherwise(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_rescue,
				.start = start_disabled_rescue,
				.judge = judge_disabled_rescue,
				.schedules = 2});
}

/* --- nonsense ----------------------------------------------------------------------------- */

static int bogus_handler(int irq, void *dev_id)
{
	set_cause(dev_id, false);
	return 17;
}

static void build_bogus(void)
{
	clear_sources();
	assert_int_equal(request(0, bogus_handler, NULL, 0), 0);
}

static void judge_bogus(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(events(FL_EV_WARNING), 1);
	assert_int_equal(look_at(LINE).unhandled, 0);
}

static void test_bogus_answer_is_warned_of(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_bogus,
				.start = start_stuck,
				.judge = judge_bogus,
				.schedules = 1});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scaled_threshold),
		cmocka_unit_test(test_real_threshold),
		cmocka_unit_test(test_noirqdebug_storms_for_ever),
		cmocka_unit_test(test_a_few_handled_ones_are_enough),
		cmocka_unit_test(test_counting_begins_with_the_first_unhandled_one),
		cmocka_unit_test(test_rare_ones_do_not_add_up),
		cmocka_unit_test(test_threads_are_judged_one_interrupt_late),
		cmocka_unit_test(test_handled_without_clearing_is_never_detected),
		cmocka_unit_test(test_dead_shared_line_is_polled),
		cmocka_unit_test(test_poll_goes_on_while_something_happens),
		cmocka_unit_test(test_line_that_is_not_shared_is_not_polled),
		cmocka_unit_test(test_thread_woken_again_keeps_its_bit),
		cmocka_unit_test(test_another_action_brings_the_line_back),
		cmocka_unit_test(test_depth_stays_raised_otherwise),
		cmocka_unit_test(test_bogus_answer_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

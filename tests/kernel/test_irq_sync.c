/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain.md 4.4 and 3.8: who waits for what, depth, free_irq, suspend and resume of lines. */
#include "irq_test.h"

static const unsigned int oneshot = FL_IRQF_ONESHOT;
static const unsigned int shared = FL_IRQF_SHARED;

static bool hard_ran_after, thread_ran_after;
static unsigned int hard_seen, may_sleep_calls;
static unsigned int hard_after, thread_after, sleeps;

static void clear_notes(void)
{
	clear_sources();
	hard_ran_after = thread_ran_after = false;
	hard_seen = may_sleep_calls = 0;
	sources[0].thread_points = 4;
}

static void build_hard(void)
{
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
}

static void build_thread(void)
{
	clear_notes();
	assert_int_equal(request(0, NULL, thread_handler, oneshot), 0);
}

/* --- what each call waits for ------------------------------------------------------------- */

static void (*call)(unsigned int line);

static void caller(void *arg)
{
	point();
	point();
	call(LINE);
	hard_ran_after = sources[0].inside_hard || look_at(LINE).in_progress;
	thread_ran_after = sources[0].inside_thread;
	for (unsigned int i = 0; i < event_count; i++)
		may_sleep_calls += event_log[i].kind == FL_EV_MAY_SLEEP &&
				   event_log[i].context == fl_current();
}

static void start_caller(void)
{
	clear_notes();
	spawn("caller", 1, caller, NULL);
	spawn("busy", 0, busy, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static void judge_caller(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	hard_after += hard_ran_after;
	thread_after += thread_ran_after;
	sleeps += may_sleep_calls;
}

/* How often was the caller back while hard handlers, or a thread, still ran? */
static void try_call(void (*which)(unsigned int line), void (*build)(void))
{
	call = which;
	hard_after = thread_after = sleeps = 0;
	machine(2);
	build();
	fl_snapshot();
	for (unsigned int i = 0; i < 300; i++) {
		const char *argument, *error = "";
		const struct fl_strategy *strategy = fl_strategy_find("random", &argument);

		assert_int_equal(strategy->start(i, argument, &error), 0);
		fl_reset();
		fl_where_reset();
		event_count = 0;
		start_caller();
		judge_caller(fl_run(&(struct fl_run_options){.strategy = strategy}));
	}
}

static void synchronize_hard(unsigned int line)
{
	fl_irq_synchronize_hardirq(line);
}

static void test_disable_nosync_waits_for_nothing(void **state)
{
	try_call(fl_irq_disable_nosync, build_hard);
	assert_true(hard_after > 0);
	assert_int_equal(sleeps, 0);
	try_call(fl_irq_disable_nosync, build_thread);
	assert_true(thread_after > 0);
}

static void test_disable_waits_for_both(void **state)
{
	try_call(fl_irq_disable, build_hard);
	assert_int_equal(hard_after, 0);
	assert_int_equal(sleeps, 300);
	try_call(fl_irq_disable, build_thread);
	assert_int_equal(hard_after, 0);
	assert_int_equal(thread_after, 0);
}

static bool idle_answer;
static unsigned int wrong_answers;

static void note_answer(unsigned int line)
{
	idle_answer = fl_irq_synchronize_hardirq(line);
	/* What it says about threads is true when it returns. */
	if (idle_answer != !look_at(line).threads_active)
		wrong_answers++;
}

static void test_synchronize_hardirq_waits_for_hard_handlers(void **state)
{
	/* Threads are not its business. */
	try_call(synchronize_hard, build_thread);
	assert_true(thread_after > 0);
	assert_int_equal(sleeps, 0);
	wrong_answers = 0;
	try_call(note_answer, build_thread);
	assert_int_equal(wrong_answers, 0);
}

static void disable_then_hard(unsigned int line)
{
	fl_irq_disable_nosync(line);
	fl_irq_synchronize_hardirq(line);
}

static void disable_then_all(unsigned int line)
{
	fl_irq_disable_nosync(line);
	fl_irq_synchronize(line);
}

static void test_synchronize_after_disable(void **state)
{
	try_call(disable_then_hard, build_hard);
	assert_int_equal(hard_after, 0);
	assert_int_equal(sleeps, 0);
	try_call(disable_then_all, build_thread);
	assert_int_equal(hard_after, 0);
	assert_int_equal(thread_after, 0);
	assert_int_equal(sleeps, 300);
}

static void free_it(unsigned int line)
{
	fl_irq_free(line, &sources[0]);
}

static void test_free_waits_for_both_and_nothing_runs_after(void **state)
{
	void (*const builds[])(void) = {build_hard, build_thread};

	for (unsigned int i = 0; i < 2; i++) {
		try_call(free_it, builds[i]);
		assert_int_equal(hard_after, 0);
		assert_int_equal(thread_after, 0);
	}
}

/* --- within the own handler --------------------------------------------------------------- */

static int synchronizing_handler(int irq, void *dev_id)
{
	call(LINE);
	set_cause(dev_id, false);
	return FL_IRQ_HANDLED;
}

static void build_synchronizing(void)
{
	clear_notes();
	assert_int_equal(request(0, synchronizing_handler, NULL, 0), 0);
}

static void build_synchronizing_thread(void)
{
	clear_notes();
	assert_int_equal(request(0, NULL, synchronizing_handler, oneshot), 0);
}

static void start_device(void)
{
	clear_notes();
	spawn_agent("device", assert_causes, &sources[0]);
}

static const char *expected;

static void judge_own(enum fl_end end)
{
	assert_int_equal(end, FL_END_DEADLOCK);
	assert_non_null(strstr(fl_end_text(), expected));
}

static void judge_fine(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
}

static void expect_own_deadlock(void (*which)(unsigned int line), void (*build)(void),
				const char *text)
{
	call = which;
	expected = text;
	run_plan(&(struct plan){.cpus = 2,
				.build = build,
				.start = start_device,
				.judge = judge_own,
				.schedules = 2});
}

static void test_waiting_for_oneself_is_a_deadlock(void **state)
{
	expect_own_deadlock(fl_irq_synchronize, build_synchronizing,
			    "hardirq/0 spins for interrupt handler to end held by hardirq/0");
	expect_own_deadlock(fl_irq_disable, build_synchronizing,
			    "hardirq/0 spins for interrupt handler to end held by hardirq/0");
	expect_own_deadlock(synchronize_hard, build_synchronizing,
			    "hardirq/0 spins for interrupt handler to end held by hardirq/0");
	expect_own_deadlock(free_it, build_synchronizing,
			    "hardirq/0 spins for interrupt handler to end held by hardirq/0");
	expect_own_deadlock(fl_irq_disable, build_synchronizing_thread,
			    "irqthread/0 waits for interrupt threads to end held by irqthread/0");
	expect_own_deadlock(free_it, build_synchronizing_thread,
			    "irqthread/0 waits for interrupt threads to end held by irqthread/0");
	/* The one that is legal. */
	call = fl_irq_disable_nosync;
	run_plan(&(struct plan){.cpus = 2,
				.build = build_synchronizing,
				.start = start_device,
				.judge = judge_fine,
				.schedules = 2});
}

/* --- depth -------------------------------------------------------------------------------- */

static void test_depth_nests(void **state)
{
	machine(1);
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
	assert_true(fl_view_line_open(LINE));
	fl_irq_disable_nosync(LINE);
	fl_irq_disable_nosync(LINE);
	assert_int_equal(look_at(LINE).depth, 2);
	fl_irq_enable(LINE);
	assert_true(look_at(LINE).disabled);
	assert_false(fl_view_line_open(LINE));
	fl_irq_enable(LINE);
	assert_false(look_at(LINE).disabled);
	assert_int_equal(events(FL_EV_WARNING), 0);
	fl_irq_enable(LINE);
	assert_int_equal(events(FL_EV_WARNING), 1);
	assert_int_equal(look_at(LINE).depth, 0);
}

static void test_no_autoenable(void **state)
{
	machine(1);
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, FL_IRQF_NO_AUTOEN), 0);
	assert_true(look_at(LINE).disabled);
	assert_true(look_at(LINE).masked);
	assert_int_equal(look_at(LINE).depth, 1);
	fl_irq_enable(LINE);
	assert_false(look_at(LINE).disabled);
	assert_false(look_at(LINE).masked);
	assert_int_equal(look_at(LINE).depth, 0);
}

/* --- free --------------------------------------------------------------------------------- */

static void test_free_of_an_action(void **state)
{
	machine(1);
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, shared), 0);
	assert_int_equal(request(1, hard_handler, NULL, shared), 0);
	fl_irq_free(LINE, &sources[0]);
	assert_int_equal(look_at(LINE).action_count, 1);
	assert_int_equal(look_at(LINE).actions[0].number, 1);
	assert_false(look_at(LINE).masked);
	fl_irq_free(LINE, &sources[0]);
	assert_int_equal(events(FL_EV_WARNING), 1);
	fl_irq_free(LINE, &sources[1]);
	assert_true(look_at(LINE).masked);
	assert_true(look_at(LINE).disabled);
	assert_int_equal(look_at(LINE).depth, 1);
	assert_int_equal(events(FL_EV_IRQ_FREE_BEGIN), 2);
	assert_int_equal(events(FL_EV_IRQ_FREED), 2);
	assert_int_equal(sources[0].hard_runs, 0);
}

static void test_debug_shirq_calls_once_more(void **state)
{
	machine(1);
	fl_knobs.debug_shirq = 1;
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, shared), 0);
	fl_irq_free(LINE, &sources[0]);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(sources[0].bits, FL_IRQS_OFF);
	/* Between the begin and the end of free_irq(). */
	assert_int_equal(events(FL_EV_IRQ_ENTER), 1);
	assert_int_equal(event_log[event_count - 2].kind, FL_EV_IRQ_FREED);
	/* Only shared ones. */
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
	fl_irq_free(LINE, &sources[0]);
	assert_int_equal(sources[0].hard_runs, 1);
}

static void freeing_task(void *arg)
{
	fl_irq_free(LINE, &sources[0]);
	hard_seen = sources[0].hard_runs;
	fl_sleep_ns(100000);
}

static void quiet_other(void *arg)
{
	/* The other source of the line goes on. */
	for (int i = 0; i < 3; i++) {
		set_cause(&sources[1], true);
		fl_delay(10000, false);
	}
}

static void build_free_shared(void)
{
	clear_notes();
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(request(i, hard_handler, NULL, shared), 0);
}

static void start_free_shared(void)
{
	clear_notes();
	spawn("task", 1, freeing_task, NULL);
	spawn_agent("device", quiet_other, NULL);
}

static void judge_free_shared(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	/* After free_irq() the handler does not run; the others are not disturbed. */
	assert_int_equal(sources[0].hard_runs, hard_seen);
	assert_int_equal(sources[1].hard_runs, 3);
	assert_int_equal(sources[2].hard_runs, 3);
}

static void test_free_while_the_line_fires(void **state)
{
	run_plan(&(struct plan){.cpus = 2,
				.build = build_free_shared,
				.start = start_free_shared,
				.judge = judge_free_shared});
}

/* --- suspend and resume of lines ---------------------------------------------------------- */

static unsigned int during;

static void suspender(void *arg)
{
	fl_irqs_suspend();
	hard_ran_after = sources[0].inside_hard || sources[0].inside_thread;
	during = sources[0].hard_runs + sources[0].thread_runs;
	hard_seen = look_at(LINE).depth;
	fl_sleep_ns(100000);
	thread_ran_after = sources[0].hard_runs + sources[0].thread_runs != during;
	fl_irqs_resume();
}

static void start_suspend(void)
{
	clear_notes();
	spawn("suspender", 1, suspender, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static void judge_suspend(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(hard_ran_after);
	assert_false(thread_ran_after);
	assert_int_equal(hard_seen, 1);
	/* A level waits for the resume. */
	assert_int_equal(sources[0].hard_runs + sources[0].thread_runs, 1);
	assert_int_equal(look_at(LINE).depth, 0);
	assert_false(look_at(LINE).suspended);
}

static void test_suspend_disables_and_waits(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .build = build_hard, .start = start_suspend, .judge = judge_suspend});
	run_plan(&(struct plan){
		.cpus = 2, .build = build_thread, .start = start_suspend, .judge = judge_suspend});
}

static void test_suspend_leaves_no_suspend_lines(void **state)
{
	machine(1);
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, FL_IRQF_NO_SUSPEND), 0);
	fl_irqs_suspend();
	assert_int_equal(look_at(LINE).depth, 0);
	fl_irqs_resume();
	assert_int_equal(look_at(LINE).depth, 0);
	assert_int_equal(events(FL_EV_WARNING), 0);
	fl_irq_free(LINE, &sources[0]);
	/* Sharers must agree about it. */
	assert_int_equal(request(0, hard_handler, NULL, shared), 0);
	assert_int_equal(request(1, hard_handler, NULL, shared | FL_IRQF_NO_SUSPEND), 0);
	assert_int_equal(events(FL_EV_WARNING), 1);
}

static void test_suspend_nests_with_disable(void **state)
{
	machine(1);
	clear_notes();
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
	fl_irq_disable_nosync(LINE);
	fl_irqs_suspend();
	assert_int_equal(look_at(LINE).depth, 2);
	fl_irqs_resume();
	assert_int_equal(look_at(LINE).depth, 1);
	assert_true(look_at(LINE).disabled);
	fl_irq_enable(LINE);
	assert_false(look_at(LINE).disabled);
	/* Enabled by a driver while suspended: Linux warns and does nothing. */
	fl_irqs_suspend();
	fl_irq_enable(LINE);
	assert_int_equal(events(FL_EV_WARNING), 1);
	assert_int_equal(look_at(LINE).depth, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disable_nosync_waits_for_nothing),
		cmocka_unit_test(test_disable_waits_for_both),
		cmocka_unit_test(test_synchronize_hardirq_waits_for_hard_handlers),
		cmocka_unit_test(test_synchronize_after_disable),
		cmocka_unit_test(test_free_waits_for_both_and_nothing_runs_after),
		cmocka_unit_test(test_waiting_for_oneself_is_a_deadlock),
		cmocka_unit_test(test_depth_nests),
		cmocka_unit_test(test_no_autoenable),
		cmocka_unit_test(test_free_of_an_action),
		cmocka_unit_test(test_debug_shirq_calls_once_more),
		cmocka_unit_test(test_free_while_the_line_fires),
		cmocka_unit_test(test_suspend_disables_and_waits),
		cmocka_unit_test(test_suspend_leaves_no_suspend_lines),
		cmocka_unit_test(test_suspend_nests_with_disable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

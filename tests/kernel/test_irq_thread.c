/* SPDX-License-Identifier: GPL-2.0-or-later */
/* domain.md 4.2: threads, ONESHOT, who may share a line with whom, threadirqs. */
#include "irq_test.h"

#include <errno.h>

static const unsigned int oneshot = FL_IRQF_ONESHOT;
static const unsigned int shared = FL_IRQF_SHARED;

/* --- a thread ----------------------------------------------------------------------------- */

static void build_thread(void)
{
	clear_sources();
	assert_int_equal(request(0, NULL, thread_handler, oneshot), 0);
}

static void start_thread(void)
{
	clear_sources();
	sources[0].thread_points = 3;
	spawn("busy", 0, busy, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static void judge_thread(enum fl_end end)
{
	const struct fl_event *event;

	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].thread_runs, 1);
	assert_int_equal(sources[0].bits, 0);
	/* Masked before the handlers, unmasked by the thread: one hard interrupt. */
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 1);
	assert_int_equal(event_at(FL_EV_IRQ_FLOW_EXIT, 0)->b, FL_IRQ_WAKE_THREAD);
	assert_int_equal(events(FL_EV_LINE_MASK), 2);
	assert_int_equal(event_at(FL_EV_LINE_MASK, 0)->b, 1);
	assert_int_equal(event_at(FL_EV_LINE_MASK, 1)->b, 0);
	assert_false(look_at(LINE).masked);
	event = event_at(FL_EV_IRQ_ENTER, 0);
	assert_int_equal(event->c, 0);
	assert_string_equal(event->text, "irq_default_primary_handler");
	event = event_at(FL_EV_IRQ_ENTER, 1);
	assert_int_equal(event->c, 1);
	assert_string_equal(event->text, "thread");
	assert_int_equal(fl_context_kind(event->context), FL_CONTEXT_IRQ_THREAD);
	/* No entry point of the subject was called in the hard interrupt. */
	assert_int_equal(events(FL_EV_ENTER), 1);
	assert_int_equal(look_at(LINE).threads_active, 0);
	assert_int_equal(fl_context_state(look_at(LINE).actions[0].thread), FL_DORMANT);
}

static void test_oneshot_thread(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .build = build_thread, .start = start_thread, .judge = judge_thread});
}

static void start_stuck_thread(void)
{
	start_thread();
	sources[0].none_answers = 2;
}

static void judge_stuck_thread(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	/* The level is still there when the line is unmasked: an interrupt again each time. */
	assert_int_equal(sources[0].thread_runs, 3);
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 3);
}

static void test_line_that_stays_high_wakes_again(void **state)
{
	run_plan(&(struct plan){.cpus = 2,
				.build = build_thread,
				.start = start_stuck_thread,
				.judge = judge_stuck_thread});
}

/* Wakes its thread for a cause; a line that is high without one it quiets itself. */
static int quieting_or_waking(int irq, void *dev_id)
{
	int answer = waking_handler(irq, dev_id);

	if (answer == FL_IRQ_NONE)
		fl_irq_input(LINE, 0, false);
	return answer;
}

static void build_waking(void)
{
	clear_sources();
	assert_int_equal(request(0, quieting_or_waking, thread_handler, oneshot), 0);
}

static void blip_then_cause(void *arg)
{
	point();
	set_cause(&sources[0], true);
	fl_delay(20000, false);
	/* The line rises without the handler's cause. */
	fl_irq_input(LINE, 0, true);
}

static void judge_waking(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 2);
	assert_int_equal(sources[0].thread_runs, 1);
	/* No thread was woken for the second one, and yet the line is not left masked. */
	assert_false(look_at(LINE).masked);
}

static void start_waking(void)
{
	clear_sources();
	spawn_agent("device", blip_then_cause, NULL);
}

static void test_oneshot_line_is_unmasked_when_no_thread_was_woken(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_waking,
				.start = start_waking,
				.judge = judge_waking,
				.schedules = 5});
}

static void start_threads_fifo(void)
{
	clear_sources();
	sources[0].thread_points = 6;
	sources[0].none_answers = 1;
	spawn("busy", 0, busy, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static unsigned int preempted;

static void watch_fifo(void)
{
	fl_context_t thread = look_at(LINE).actions[0].thread;

	/* On one CPU no task takes a step while the thread could. */
	if (fl_context_state(thread) == FL_RUNNABLE &&
	    fl_context_kind(fl_current()) == FL_CONTEXT_TASK)
		preempted++;
}

static void watch_step(fl_context_t context)
{
	watch_fifo();
}

static void judge_fifo(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	/* Its waking step is the only one: the wake-up happens beside or on top of it. */
	assert_int_equal(preempted, 0);
}

static void test_threads_go_before_tasks(void **state)
{
	preempted = 0;
	fl_set_step_hook(watch_step);
	run_plan(&(struct plan){.cpus = 1,
				.build = build_thread,
				.start = start_threads_fifo,
				.judge = judge_fifo,
				.schedules = 20});
	fl_set_step_hook(NULL);
}

/* --- shared ONESHOT lines ----------------------------------------------------------------- */

static void build_two_threads(void)
{
	clear_sources();
	assert_int_equal(request(0, NULL, thread_handler, oneshot | shared), 0);
	assert_int_equal(request(1, NULL, thread_handler, oneshot | shared), 0);
}

static void start_two_threads(void)
{
	clear_sources();
	sources[0].thread_points = 2;
	sources[1].thread_points = 12;
	spawn_agent("device", assert_causes, &sources[0]);
}

static bool unmasked_early;

static void watch_mask(fl_context_t context)
{
	struct fl_line_view view = look_at(LINE);

	/* While the bit of any thread is set, the line is masked. */
	for (unsigned int i = 0; i < view.action_count; i++)
		if (view.actions[i].oneshot_pending && !view.masked)
			unmasked_early = true;
}

static void judge_two_threads(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(unmasked_early);
	/* Both are woken by each interrupt; the slow one keeps the line masked for both. */
	assert_int_equal(sources[0].thread_runs, 1);
	assert_int_equal(sources[1].thread_runs, 1);
	assert_int_equal(events(FL_EV_LINE_MASK), 2);
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 1);
	assert_false(look_at(LINE).masked);
}

static void test_the_last_thread_unmasks(void **state)
{
	unmasked_early = false;
	fl_set_step_hook(watch_mask);
	run_plan(&(struct plan){.cpus = 2,
				.build = build_two_threads,
				.start = start_two_threads,
				.judge = judge_two_threads});
	fl_set_step_hook(NULL);
}

/* Without ONESHOT the line is not masked: the hard handler runs while the thread does. */
static int quieting_handler(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	if (source->inside_thread)
		source->bits |= 0x100;
	point();
	if (!source->cause)
		return FL_IRQ_NONE;
	set_cause(source, false);
	return FL_IRQ_WAKE_THREAD;
}

static int slow_thread(int irq, void *dev_id)
{
	struct source *source = dev_id;

	if (source->inside_thread++)
		source->overlaps++;
	source->thread_runs++;
	for (int i = 0; i < 8; i++)
		point();
	source->inside_thread--;
	return FL_IRQ_HANDLED;
}

static void build_not_oneshot(void)
{
	clear_sources();
	assert_int_equal(request(0, quieting_handler, slow_thread, 0), 0);
}

static void assert_thrice(void *arg)
{
	for (int i = 0; i < 3; i++) {
		set_cause(&sources[0], true);
		for (int j = 0; j < 4; j++)
			point();
	}
}

static unsigned int concurrent;

static void start_not_oneshot(void)
{
	clear_sources();
	spawn_agent("device", assert_thrice, NULL);
}

static void judge_not_oneshot(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].overlaps, 0);
	assert_true(sources[0].thread_runs >= 1);
	concurrent += (sources[0].bits & 0x100) != 0;
	assert_int_equal(look_at(LINE).threads_active, 0);
}

static void test_thread_is_serial_but_beside_hard_handlers(void **state)
{
	concurrent = 0;
	run_plan(&(struct plan){.cpus = 2,
				.build = build_not_oneshot,
				.start = start_not_oneshot,
				.judge = judge_not_oneshot});
	assert_true(concurrent > 0);
}

/* --- who may join whom -------------------------------------------------------------------- */

static void test_requests_that_are_wrong_by_themselves(void **state)
{
	machine(1);
	clear_sources();
	assert_int_equal(request(0, NULL, NULL, 0), -EINVAL);
	/* Nothing would mask the line until the thread has run. */
	assert_int_equal(request(0, NULL, thread_handler, 0), -EINVAL);
	assert_int_equal(request(0, hard_handler, NULL, shared | FL_IRQF_NO_AUTOEN), -EINVAL);
	fl_failure_arm(FL_FAIL_IRQ, -ENOSPC);
	assert_int_equal(request(0, hard_handler, NULL, 0), -ENOSPC);
	assert_int_equal(look_at(LINE).action_count, 0);
	assert_int_equal(events(FL_EV_IRQ_REQUESTED), 0);
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
}

static void test_sharing_wants_both(void **state)
{
	machine(1);
	clear_sources();
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
	assert_int_equal(request(1, hard_handler, NULL, shared), -EBUSY);
	fl_irq_free(LINE, &sources[0]);
	assert_int_equal(request(0, hard_handler, NULL, shared), 0);
	assert_int_equal(request(1, hard_handler, NULL, 0), -EBUSY);
	assert_int_equal(request(1, hard_handler, NULL, shared), 0);
	assert_int_equal(look_at(LINE).action_count, 2);
}

static void test_plain_joins_oneshot_in_6_12(void **state)
{
	machine(1);
	clear_sources();
	assert_int_equal(request(0, NULL, thread_handler, oneshot | shared), 0);
	assert_int_equal(request(1, hard_handler, NULL, shared), 0);
	/* One with a thread must ask, or have the flag that request_irq() adds. */
	assert_int_equal(request(2, hard_handler, thread_handler, shared), -EBUSY);
	assert_int_equal(request(2, hard_handler, thread_handler, shared | FL_IRQF_COND_ONESHOT),
			 0);
	assert_int_equal(event_at(FL_EV_IRQ_REQUESTED, 1)->c, shared | oneshot);
}

static void test_plain_does_not_join_oneshot_in_6_1(void **state)
{
	machine(1);
	clear_sources();
	fl_irq_set_cond_oneshot(false);
	assert_int_equal(request(0, NULL, thread_handler, oneshot | shared), 0);
	assert_int_equal(request(1, hard_handler, NULL, shared), -EBUSY);
	assert_int_equal(request(1, hard_handler, NULL, shared | FL_IRQF_COND_ONESHOT), -EBUSY);
	assert_int_equal(request(1, hard_handler, NULL, shared | oneshot), 0);
}

static void test_oneshot_never_joins_plain(void **state)
{
	for (int cond = 0; cond < 2; cond++) {
		machine(1);
		clear_sources();
		fl_irq_set_cond_oneshot(cond);
		assert_int_equal(request(0, hard_handler, NULL, shared), 0);
		assert_int_equal(request(1, NULL, thread_handler, oneshot | shared), -EBUSY);
		/* The line goes on as it was. */
		assert_false(look_at(LINE).oneshot);
		assert_int_equal(look_at(LINE).action_count, 1);
	}
}

/* --- threadirqs --------------------------------------------------------------------------- */

static void build_forced(void)
{
	fl_knobs.threadirqs = 1;
	clear_sources();
	assert_int_equal(request(0, hard_handler, NULL, shared), 0);
	/* In the default build this one could not join. */
	assert_int_equal(request(1, NULL, thread_handler, oneshot | shared), 0);
}

static void start_forced(void)
{
	clear_sources();
	spawn_agent("device 0", assert_causes, &sources[0]);
	spawn_agent("device 1", assert_causes, &sources[1]);
}

static void judge_forced(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_true(sources[0].hard_runs >= 1);
	/* Not PREEMPT_RT: a forced thread runs with interrupts and softirqs off. */
	assert_int_equal(sources[0].bits, FL_IRQS_OFF | FL_PREEMPT_OFF);
	/* One that asked to be threaded is left as it is. */
	assert_int_equal(sources[1].bits, 0);
	for (unsigned int i = 0; i < events(FL_EV_ENTER); i++)
		assert_int_equal(fl_context_kind(event_at(FL_EV_ENTER, i)->context),
				 FL_CONTEXT_IRQ_THREAD);
	assert_true(look_at(LINE).oneshot);
	assert_false(look_at(LINE).masked);
}

static void test_forced_threading(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .build = build_forced, .start = start_forced, .judge = judge_forced});
}

static void test_no_thread_is_left_alone(void **state)
{
	machine(1);
	fl_knobs.threadirqs = 1;
	clear_sources();
	assert_int_equal(request(0, hard_handler, NULL, FL_IRQF_NO_THREAD), 0);
	assert_int_equal(look_at(LINE).actions[0].thread, FL_NO_CONTEXT);
	assert_null(look_at(LINE).actions[0].thread_name);
}

static void build_forced_both(void)
{
	fl_knobs.threadirqs = 1;
	clear_sources();
	assert_int_equal(request(0, waking_handler, thread_handler, 0), 0);
}

static void start_forced_both(void)
{
	clear_sources();
	spawn_agent("device", assert_causes, &sources[0]);
}

static unsigned int seconds;

static void judge_forced_both(enum fl_end end)
{
	/* The handler's thread ends and unmasks before the second thread has cleared the cause. */
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].cause, 0);
	assert_true(sources[0].hard_runs >= 1);
	assert_true(sources[0].thread_runs >= 1);
	assert_int_equal(look_at(LINE).threads_active, 0);
	seconds += sources[0].hard_runs > 1;
}

static void test_forced_action_with_a_thread_gets_a_second_one(void **state)
{
	seconds = 0;
	run_plan(&(struct plan){.cpus = 2,
				.build = build_forced_both,
				.start = start_forced_both,
				.judge = judge_forced_both});
	assert_true(seconds > 0);
}

/* --- descriptors are used again ----------------------------------------------------------- */

static void test_threads_are_used_again(void **state)
{
	int before;

	machine(1);
	clear_sources();
	before = fl_context_count();
	for (int i = 0; i < 100; i++) {
		assert_int_equal(request(0, NULL, thread_handler, oneshot), 0);
		fl_irq_free(LINE, &sources[0]);
	}
	assert_int_equal(fl_context_count(), before + 1);
	assert_int_equal(events(FL_EV_IRQ_FREED), 100);
}

static void test_too_many_actions(void **state)
{
	static char ids[40];
	struct fl_irq_request irq = {
		.line = LINE,
		.handler = hard_handler,
		.handler_name = "handler",
		.name = "many",
		.flags = FL_IRQF_SHARED,
	};

	machine(1);
	for (unsigned int i = 0; i < FL_LINE_ACTIONS; i++) {
		irq.dev_id = &ids[i];
		assert_int_equal(fl_irq_request(&irq), 0);
	}
	irq.dev_id = &ids[39];
	assert_int_equal(fl_irq_request(&irq), -EBUSY);
	/* A number that was freed is given to the next. */
	fl_irq_free(LINE, &ids[4]);
	assert_int_equal(fl_irq_request(&irq), 0);
	assert_int_equal(event_at(FL_EV_IRQ_REQUESTED, FL_LINE_ACTIONS)->b, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_oneshot_thread),
		cmocka_unit_test(test_line_that_stays_high_wakes_again),
		cmocka_unit_test(test_oneshot_line_is_unmasked_when_no_thread_was_woken),
		cmocka_unit_test(test_threads_go_before_tasks),
		cmocka_unit_test(test_the_last_thread_unmasks),
		cmocka_unit_test(test_thread_is_serial_but_beside_hard_handlers),
		cmocka_unit_test(test_requests_that_are_wrong_by_themselves),
		cmocka_unit_test(test_sharing_wants_both),
		cmocka_unit_test(test_plain_joins_oneshot_in_6_12),
		cmocka_unit_test(test_plain_does_not_join_oneshot_in_6_1),
		cmocka_unit_test(test_oneshot_never_joins_plain),
		cmocka_unit_test(test_forced_threading),
		cmocka_unit_test(test_no_thread_is_left_alone),
		cmocka_unit_test(test_forced_action_with_a_thread_gets_a_second_one),
		cmocka_unit_test(test_threads_are_used_again),
		cmocka_unit_test(test_too_many_actions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

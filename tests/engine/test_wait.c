/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting, waking, deadlocks and their texts, virtual time and alarms, the ends of a run.
 */
#include "engine_test.h"

static int lock_a, lock_b;
static uint64_t woken_at;

static void take(int *lock, const char *what, bool spin)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)lock, 0);
	while (*lock)
		fl_block((uintptr_t)lock, what, spin);
	*lock = 1;
	fl_set_owner((uintptr_t)lock, fl_current());
}

static void drop(int *lock)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)lock, 0);
	*lock = 0;
	fl_set_owner((uintptr_t)lock, FL_NO_CONTEXT);
	fl_wake_one((uintptr_t)lock);
}

static void a_then_b(void *arg)
{
	take(&lock_a, "mutex A", false);
	take(&lock_b, "mutex B", false);
	note("1");
	drop(&lock_b);
	drop(&lock_a);
}

static void b_then_a(void *arg)
{
	take(&lock_b, "mutex B", false);
	take(&lock_a, "mutex A", false);
	note("2");
	drop(&lock_a);
	drop(&lock_b);
}

static void wait_for_a(void *arg)
{
	take(&lock_a, "mutex A", false);
	drop(&lock_a);
}

static void test_deadlock_names_the_cycle(void **state)
{
	unsigned int deadlocks = 0;

	for (uint64_t schedule = 0; schedule < 200; schedule++) {
		enum fl_end end;

		lock_a = lock_b = 0;
		fl_machine_init(1, true, NULL);
		fl_context_activate(
			fl_context_create("bystander", FL_CONTEXT_TASK, 0, wait_for_a, NULL));
		fl_context_activate(fl_context_create("one", FL_CONTEXT_TASK, 0, a_then_b, NULL));
		fl_context_activate(fl_context_create("two", FL_CONTEXT_TASK, 0, b_then_a, NULL));
		end = run_as("random", schedule);
		if (end != FL_END_DEADLOCK) {
			assert_int_equal(end, FL_END_QUIET);
			continue;
		}
		deadlocks++;
		assert_ptr_equal(strstr(fl_end_text(), "one waits for mutex B held by two; "
						       "two waits for mutex A held by one"),
				 fl_end_text());
	}
	assert_in_range(deadlocks, 10, 190);
}

static unsigned int answers[3];

static void wait_in_line(void *arg)
{
	fl_block((uintptr_t)&lock_a, "the line", false);
	note(arg);
}

static void call_one(void *arg)
{
	point();
	if (fl_wake_one((uintptr_t)&lock_a) != 1)
		note("?");
	if (fl_wake_one((uintptr_t)&lock_b) != 0)
		note("?");
	fl_wake(fl_current() - 1);
	fl_wake_all((uintptr_t)&lock_a);
}

static void call_once(void *arg)
{
	point();
	fl_wake_one((uintptr_t)&lock_a);
}

/* Answer 0 is who waited longest, and the others can be chosen as well. */
static void test_wake_one_in_order(void **state)
{
	struct fl_decision second = {.at = 0, .value = 1, .kind = FL_CHOOSE_WAITER};

	for (size_t decisions = 0; decisions < 2; decisions++) {
		*trace = 0;
		fl_machine_init(1, true, NULL);
		fl_context_activate(fl_context_create("x", FL_CONTEXT_TASK, 0, wait_in_line, "x"));
		fl_context_activate(fl_context_create("y", FL_CONTEXT_TASK, 0, wait_in_line, "y"));
		fl_context_activate(fl_context_create("c", FL_CONTEXT_TASK, 0, call_once, NULL));
		fl_replay_set(&second, decisions);
		assert_int_equal(run_as("replay", 0), FL_END_DEADLOCK);
		assert_string_equal(trace, decisions ? "y" : "x");
	}
}

static void test_each_waiter_can_be_first(void **state)
{
	for (uint64_t schedule = 0; schedule < 300; schedule++) {
		*trace = 0;
		fl_machine_init(1, true, NULL);
		fl_context_activate(fl_context_create("x", FL_CONTEXT_TASK, 0, wait_in_line, "x"));
		fl_context_activate(fl_context_create("y", FL_CONTEXT_TASK, 0, wait_in_line, "y"));
		fl_context_activate(fl_context_create("z", FL_CONTEXT_AGENT, 0, wait_in_line, "z"));
		fl_context_activate(fl_context_create("c", FL_CONTEXT_TASK, 0, call_one, NULL));
		if (run_as("random", schedule) == FL_END_QUIET)
			answers[*trace - 'x']++;
	}
	for (int i = 0; i < 3; i++)
		assert_true(answers[i] > 5);
}

static void sleep_then_note(void *arg)
{
	fl_delay((uintptr_t)arg, false);
	woken_at = fl_now();
	note((uintptr_t)arg > 5000 ? "L" : "S");
}

static void busy_then_note(void *arg)
{
	fl_delay(2000, true);
	note("B");
}

static void test_time_jumps_when_nobody_runs(void **state)
{
	*trace = 0;
	fl_machine_init(1, true, NULL);
	fl_context_activate(
		fl_context_create("l", FL_CONTEXT_TASK, 0, sleep_then_note, (void *)20000000));
	fl_context_activate(
		fl_context_create("s", FL_CONTEXT_TASK, 0, sleep_then_note, (void *)1000));
	fl_context_activate(fl_context_create("b", FL_CONTEXT_TASK, 0, busy_then_note, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	/* The short sleeper's CPU is kept by the busy one. */
	assert_string_equal(trace, "BSL");
	assert_int_equal(woken_at, 20000000);
	assert_true(fl_now() < 20000000 + 10 * FL_STEP_NS);
}

static bool in_time, too_late;

static void wait_with_timeouts(void *arg)
{
	in_time = fl_block_until((uintptr_t)&lock_a, "a", fl_now() + 100000);
	too_late = !fl_block_until((uintptr_t)&lock_b, "b", fl_now() + 100000);
	woken_at = fl_now();
}

static void wake_lock_a(void *arg)
{
	point();
	fl_wake_all((uintptr_t)&lock_a);
}

static void test_block_until(void **state)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, wait_with_timeouts, NULL));
	fl_context_activate(fl_context_create("w", FL_CONTEXT_TASK, 0, wake_lock_a, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_true(in_time);
	assert_true(too_late);
	assert_in_range(woken_at, 100000, 102000);
}

static int alarms[2];
static unsigned int rings;
static int cancel_inside;

static void ring(void *arg)
{
	rings++;
	note(fl_preemptible() ? "?" : "r");
	if (fl_alarm_armed(alarms[0]))
		note("?");
	cancel_inside = fl_alarm_cancel(alarms[0]);
	if (rings < 3)
		fl_alarm_arm(alarms[0], fl_now() + 1000000);
}

static void arm(void *arg)
{
	fl_alarm_arm(alarms[0], 1000000);
	note(fl_alarm_armed(alarms[0]) ? "a" : "?");
}

static void test_alarms_ring_after_all_is_quiet(void **state)
{
	*trace = 0;
	rings = 0;
	fl_machine_init(2, true, NULL);
	alarms[0] = fl_alarm_create("alarm", ring, NULL, 1);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, arm, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_string_equal(trace, "arrr");
	assert_int_equal(cancel_inside, -1);
	assert_in_range(fl_now(), 3000000, 3001000);
	assert_int_equal(fl_alarm_cancel(alarms[0]), 0);
}

static void arm_with_irqs_off(void *arg)
{
	bool were_on = fl_cpu_irq_save();

	fl_alarm_arm(alarms[0], 200);
	for (int i = 0; i < 5; i++)
		point();
	note("x");
	fl_cpu_irq_restore(were_on);
	point();
	note("y");
	fl_alarm_arm(alarms[0], fl_now() + 1000000);
	note(fl_time_skip() ? "z" : "?");
	point();
	fl_alarm_arm(alarms[0], fl_now() + 1000000);
	note(fl_alarm_cancel(alarms[0]) == 1 && !fl_time_skip() ? "c" : "?");
}

static void ring_once(void *arg)
{
	note("r");
}

static void test_alarms_need_interrupts_on(void **state)
{
	*trace = 0;
	fl_machine_init(1, true, NULL);
	alarms[0] = fl_alarm_create("alarm", ring_once, NULL, 0);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, arm_with_irqs_off, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_string_equal(trace, "xryzrc");
}

static void spin_for_ever(void *arg)
{
	for (;;)
		fl_yield();
}

static void spin_with_progress(void *arg)
{
	for (;;) {
		fl_yield();
		fl_progress();
	}
}

static void test_livelock_needs_a_fair_strategy(void **state)
{
	static const char *const names[] = {"random", "pct:3", "pos", "rf", "portfolio"};
	struct fl_run_options options = {.step_limit = 20000, .livelock_bound = 500};

	for (int i = 0; i < 5; i++) {
		options.strategy = strategy_started(names[i], 1);
		fl_machine_init(1, true, NULL);
		fl_context_activate(
			fl_context_create("s", FL_CONTEXT_TASK, 0, spin_for_ever, NULL));
		assert_int_equal(fl_run(&options), FL_END_LIVELOCK);
		assert_true(fl_fair());
		assert_int_equal(fl_step(), fl_fair_since() + 500);

		fl_machine_init(1, true, NULL);
		fl_context_activate(
			fl_context_create("s", FL_CONTEXT_TASK, 0, spin_with_progress, NULL));
		assert_int_equal(fl_run(&options), FL_END_STEP_LIMIT);
	}
	options.strategy = strategy_started("dfs", 1);
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("s", FL_CONTEXT_TASK, 0, spin_for_ever, NULL));
	assert_int_equal(fl_run(&options), FL_END_STEP_LIMIT);
	assert_false(fl_fair());
	assert_true(fl_fair_since() == UINT64_MAX);
}

static void stop_here(void *arg)
{
	point();
	point();
	fl_stop("the subject panicked");
}

static void test_stop(void **state)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("s", FL_CONTEXT_TASK, 0, stop_here, NULL));
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, wait_in_line, "t"));
	assert_int_equal(run_plain(), FL_END_STOPPED);
	assert_string_equal(fl_end_text(), "the subject panicked");
	assert_int_equal(fl_step(), 2);
	assert_false(fl_running());
	assert_int_equal(fl_current(), FL_NO_CONTEXT);
}

static int activations;
static fl_context_t chain;

static void activate_chain(void *arg)
{
	activations++;
	point();
	if (activations < 5 && fl_context_state(chain) == FL_DORMANT)
		fl_context_activate(chain);
	point();
}

static void test_activation_inside_a_run(void **state)
{
	fl_context_t first;

	activations = 0;
	fl_machine_init(1, true, NULL);
	first = fl_context_create("first", FL_CONTEXT_TASK, 0, activate_chain, NULL);
	chain = fl_context_create("chain", FL_CONTEXT_WORK, 0, activate_chain, NULL);
	for (int i = 0; i < 3; i++) {
		fl_context_activate(first);
		assert_int_equal(run_plain(), FL_END_QUIET);
		assert_int_equal(fl_context_steps(first), 2);
	}
	assert_int_equal(activations, 5);
	fl_context_set_cpu(chain, 0);
	assert_int_equal(fl_context_cpu(chain), 0);
	assert_string_equal(fl_context_name(chain), "chain");
	assert_int_equal(fl_context_kind(chain), FL_CONTEXT_WORK);
	assert_int_equal(fl_context_count(), 3);
}

static void test_outside_a_run_nothing_happens(void **state)
{
	fl_machine_init(2, true, NULL);
	fl_point(FL_ACCESS_WRITE, 1, 1);
	fl_yield();
	assert_int_equal(fl_choose(FL_CHOOSE_HARDWARE, 10), 0);
	assert_int_equal(fl_this_cpu(), 0);
	assert_true(fl_cpu_irqs_on());
	assert_true(fl_cpu_irq_save());
	assert_false(fl_preemptible());
	fl_cpu_irq_restore(true);
	fl_preempt_disable();
	assert_false(fl_preemptible());
	fl_preempt_enable();
	assert_true(fl_preemptible());
	fl_delay(12345, false);
	assert_int_equal(fl_now(), 12345);
}

static void *hook_base;
static fl_context_t hook_context = FL_NO_CONTEXT;
static bool on_hooked_stack, reserve_kept;

static void remember_base(fl_context_t context, void *base)
{
	hook_context = context;
	hook_base = base;
	memset(base, 0x5a, FL_STACK_RESERVED);
}

static void look_at_stack(void *arg)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const unsigned char *base = (void *)(here & ~((uintptr_t)FL_STACK_SIZE - 1));

	on_hooked_stack = base == hook_base && base == fl_stack_base(fl_current());
	reserve_kept = true;
	for (unsigned int i = 0; i < FL_STACK_RESERVED; i++)
		reserve_kept &= base[i] == 0x5a;
}

static void test_stack_hook(void **state)
{
	fl_context_t context;

	fl_machine_init(1, true, NULL);
	fl_set_stack_hook(remember_base);
	context = fl_context_create("t", FL_CONTEXT_TASK, 0, look_at_stack, NULL);
	for (int i = 0; i < 2; i++) {
		on_hooked_stack = false;
		hook_context = FL_NO_CONTEXT;
		fl_context_activate(context);
		assert_int_equal(hook_context, context);
		run_plain();
		assert_true(on_hooked_stack);
		assert_true(reserve_kept);
	}
	fl_set_stack_hook(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deadlock_names_the_cycle),
		cmocka_unit_test(test_wake_one_in_order),
		cmocka_unit_test(test_each_waiter_can_be_first),
		cmocka_unit_test(test_time_jumps_when_nobody_runs),
		cmocka_unit_test(test_block_until),
		cmocka_unit_test(test_alarms_ring_after_all_is_quiet),
		cmocka_unit_test(test_alarms_need_interrupts_on),
		cmocka_unit_test(test_livelock_needs_a_fair_strategy),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_activation_inside_a_run),
		cmocka_unit_test(test_outside_a_run_nothing_happens),
		cmocka_unit_test(test_stack_hook),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

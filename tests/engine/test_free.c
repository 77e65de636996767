/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The free-running engine: ends of a run, waiting, interrupts, time, histories. What threads do at once is left
 * open; what must hold in any order is asserted, over many runs.
 */
#include "engine_test.h"

#define RUNS 60

static enum fl_end run_free(uint64_t seed, unsigned int perturbation)
{
	struct fl_free_options options = {
		.seed = seed,
		.perturbation = perturbation,
		.livelock_bound = 2000,
	};

	return fl_free_run(&options);
}

/* --- a lock: who holds it, is alone --------------------------------------------------------- */

static int lock;
static unsigned int inside_now, overlaps, passes;

static void take(void)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)&lock, 1);
	while (lock)
		fl_block((uintptr_t)&lock, "the lock", false);
	lock = 1;
	fl_set_owner((uintptr_t)&lock, fl_current());
}

static void drop(void)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)&lock, 2);
	lock = 0;
	fl_set_owner((uintptr_t)&lock, FL_NO_CONTEXT);
	fl_wake_one((uintptr_t)&lock);
}

/* Outside, where nobody's order is kept, but for the lock's. */
static void locker(void *arg)
{
	for (unsigned int i = 0; i < 20; i++) {
		take();
		fl_machine_leave();
		if (__atomic_fetch_add(&inside_now, 1, __ATOMIC_SEQ_CST))
			__atomic_fetch_add(&overlaps, 1, __ATOMIC_SEQ_CST);
		fl_free_perturb(3);
		__atomic_fetch_sub(&inside_now, 1, __ATOMIC_SEQ_CST);
		fl_machine_enter();
		passes++;
		drop();
	}
}

static void build_lockers(unsigned int count)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f"};

	lock = 0;
	inside_now = overlaps = passes = 0;
	fl_machine_init(2, true, NULL);
	for (unsigned int i = 0; i < count; i++)
		fl_context_activate(
			fl_context_create(names[i], FL_CONTEXT_TASK, i % 2, locker, NULL));
}

static void test_a_lock_keeps_others_out(void **state)
{
	for (uint64_t run = 0; run < RUNS; run++) {
		build_lockers(6);
		assert_int_equal(run_free(run, run % 2 ? 200 : 0), FL_END_QUIET);
		assert_int_equal(overlaps, 0);
		assert_int_equal(passes, 6 * 20);
		assert_false(fl_running());
		assert_int_equal(fl_current(), FL_NO_CONTEXT);
	}
}

/* --- ends ------------------------------------------------------------------------------------- */

static int lock_a, lock_b, both;

static void take_two(int *first, int *second)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)first, 0);
	*first = 1;
	fl_set_owner((uintptr_t)first, fl_current());
	/* Until both have their first. */
	fl_wake_all((uintptr_t)&both);
	while (!lock_a || !lock_b)
		fl_block((uintptr_t)&both, "the other one", false);
	while (*second)
		fl_block((uintptr_t)second, second == &lock_a ? "lock A" : "lock B", false);
}

static void a_then_b(void *arg)
{
	take_two(&lock_a, &lock_b);
}

static void b_then_a(void *arg)
{
	take_two(&lock_b, &lock_a);
}

static void test_a_deadlock_names_the_cycle(void **state)
{
	for (uint64_t run = 0; run < RUNS; run++) {
		lock_a = lock_b = 0;
		fl_machine_init(2, true, NULL);
		fl_context_activate(fl_context_create("one", FL_CONTEXT_TASK, 0, a_then_b, NULL));
		fl_context_activate(fl_context_create("two", FL_CONTEXT_TASK, 1, b_then_a, NULL));
		assert_int_equal(run_free(run, 0), FL_END_DEADLOCK);
		assert_non_null(strstr(fl_end_text(), "one waits for lock B held by two"));
		assert_non_null(strstr(fl_end_text(), "two waits for lock A held by one"));
		/* What a checker looks at stays. */
		assert_int_equal(fl_context_state(2), FL_BLOCKED);
	}
}

static void round_and_round(void *arg)
{
	for (;;)
		point();
}

static void test_no_progress_is_a_livelock(void **state)
{
	for (uint64_t run = 0; run < 10; run++) {
		fl_machine_init(2, true, NULL);
		fl_context_activate(
			fl_context_create("one", FL_CONTEXT_TASK, 0, round_and_round, NULL));
		fl_context_activate(
			fl_context_create("two", FL_CONTEXT_TASK, 1, round_and_round, NULL));
		assert_int_equal(run_free(run, 0), FL_END_LIVELOCK);
		/* Each of them had its share. */
		assert_true(fl_context_steps(2) >= 64);
		assert_true(fl_context_steps(3) >= 64);
	}
}

static void makes_progress(void *arg)
{
	for (;;) {
		point();
		fl_progress();
	}
}

static void test_the_step_limit_ends_a_run(void **state)
{
	struct fl_free_options options = {.step_limit = 5000};

	fl_machine_init(2, true, NULL);
	fl_context_activate(fl_context_create("one", FL_CONTEXT_TASK, 0, makes_progress, NULL));
	assert_int_equal(fl_free_run(&options), FL_END_STEP_LIMIT);
	assert_int_equal(fl_step(), 5000);
}

static void sleeps_for_ever(void *arg)
{
	for (;;)
		fl_delay(1000, false);
}

/* Whoever only ever waits takes steps, too. */
static void test_waiting_without_progress_is_a_livelock(void **state)
{
	struct fl_free_options options = {.step_limit = 1000};

	fl_machine_init(2, true, NULL);
	fl_context_activate(fl_context_create("one", FL_CONTEXT_TASK, 0, sleeps_for_ever, NULL));
	assert_int_equal(run_free(1, 0), FL_END_LIVELOCK);
	fl_machine_init(2, true, NULL);
	fl_context_activate(fl_context_create("one", FL_CONTEXT_TASK, 0, sleeps_for_ever, NULL));
	assert_int_equal(fl_free_run(&options), FL_END_STEP_LIMIT);
}

static void stopper(void *arg)
{
	for (unsigned int i = 0; i < 50; i++)
		point();
	fl_stop("enough");
}

static void waits_for_ever(void *arg)
{
	fl_block((uintptr_t)&lock_a, "what never comes", false);
	note("back");
}

static void busy_outside(void *arg)
{
	/* Comes in and goes out again until it does not come back. */
	for (;;) {
		fl_machine_leave();
		fl_machine_enter();
		point();
	}
}

static void test_a_stop_ends_everybody(void **state)
{
	for (uint64_t run = 0; run < RUNS; run++) {
		*trace = '\0';
		fl_machine_init(2, true, NULL);
		fl_context_activate(fl_context_create("stop", FL_CONTEXT_TASK, 0, stopper, NULL));
		fl_context_activate(
			fl_context_create("wait", FL_CONTEXT_TASK, 0, waits_for_ever, NULL));
		fl_context_activate(
			fl_context_create("busy", FL_CONTEXT_TASK, 1, busy_outside, NULL));
		assert_int_equal(run_free(run, 100), FL_END_STOPPED);
		assert_string_equal(fl_end_text(), "enough");
		assert_string_equal(trace, "");
	}
}

/* Reads its memory outside, and never calls. */
static void loops_outside(void *arg)
{
	fl_machine_leave();
	for (;;)
		fl_free_perturb(0);
}

static void test_a_loop_outside_is_a_livelock(void **state)
{
	for (uint64_t run = 0; run < 4; run++) {
		fl_machine_init(2, true, NULL);
		fl_context_activate(
			fl_context_create("loop", FL_CONTEXT_TASK, 0, loops_outside, NULL));
		assert_int_equal(run_free(run, run % 2 ? 100 : 0), FL_END_LIVELOCK);
		assert_true(fl_context_steps(2) >= 64);
	}
}

static void test_a_stop_ends_a_loop_outside(void **state)
{
	for (uint64_t run = 0; run < 10; run++) {
		fl_machine_init(2, true, NULL);
		fl_context_activate(fl_context_create("stop", FL_CONTEXT_TASK, 0, stopper, NULL));
		fl_context_activate(
			fl_context_create("loop", FL_CONTEXT_TASK, 1, loops_outside, NULL));
		assert_int_equal(run_free(run, 0), FL_END_STOPPED);
	}
}

static unsigned int came_late, begun, told;

/* Comes in while it can, and is told when it cannot: after the end of the run it is outside, and goes on. */
static void comes_while_it_can(void *arg)
{
	begun++;
	fl_machine_leave();
	while (fl_machine_try_enter()) {
		if (!fl_machine_inside() || fl_current() != 3)
			came_late++;
		fl_machine_leave();
		if (fl_machine_inside())
			came_late++;
	}
	if (fl_machine_inside() || fl_machine_try_enter())
		came_late++;
	told++;
	fl_machine_enter();
	came_late++;
}

static void test_who_tries_to_come_in_is_not_cut_short(void **state)
{
	came_late = begun = told = 0;
	for (uint64_t run = 0; run < RUNS; run++) {
		fl_machine_init(2, true, NULL);
		fl_context_activate(fl_context_create("stop", FL_CONTEXT_TASK, 0, stopper, NULL));
		fl_context_activate(
			fl_context_create("tries", FL_CONTEXT_TASK, 1, comes_while_it_can, NULL));
		assert_int_equal(run_free(run, 100), FL_END_STOPPED);
		assert_false(fl_machine_inside());
	}
	assert_int_equal(came_late, 0);
	/* Some runs end before it begins. */
	assert_true(begun > 0);
	assert_int_equal(told, begun);
}

/* --- interrupts -------------------------------------------------------------------------------- */

static unsigned int in_hardirq[2], taken[2], met;
static unsigned int irqs_off[2];

static void hardirq(unsigned int cpu)
{
	fl_cpu_set_pending(cpu, false, 0);
	fl_machine_leave();
	if (__atomic_fetch_add(&in_hardirq[cpu], 1, __ATOMIC_SEQ_CST) ||
	    __atomic_load_n(&irqs_off[cpu], __ATOMIC_SEQ_CST))
		__atomic_fetch_add(&met, 1, __ATOMIC_SEQ_CST);
	fl_free_perturb(0);
	__atomic_fetch_sub(&in_hardirq[cpu], 1, __ATOMIC_SEQ_CST);
	fl_machine_enter();
	taken[cpu]++;
}

static void with_irqs_off(void *arg)
{
	unsigned int cpu = (unsigned int)(uintptr_t)arg;

	for (unsigned int i = 0; i < 30; i++) {
		bool were_on = fl_cpu_irq_save();

		fl_machine_leave();
		__atomic_fetch_add(&irqs_off[cpu], 1, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&in_hardirq[cpu], __ATOMIC_SEQ_CST))
			__atomic_fetch_add(&met, 1, __ATOMIC_SEQ_CST);
		fl_free_perturb(0);
		__atomic_fetch_sub(&irqs_off[cpu], 1, __ATOMIC_SEQ_CST);
		fl_machine_enter();
		point();
		fl_cpu_irq_restore(were_on);
		point();
	}
}

static void raiser(void *arg)
{
	for (unsigned int i = 0; i < 40; i++) {
		point();
		fl_cpu_set_pending(i % 2, true, 0);
		fl_delay(1000, false);
	}
}

static void test_interrupts_off_keep_hard_interrupts_out(void **state)
{
	for (uint64_t run = 0; run < RUNS; run++) {
		memset(taken, 0, sizeof(taken));
		met = 0;
		fl_machine_init(2, true, hardirq);
		for (unsigned int i = 0; i < 4; i++)
			fl_context_activate(fl_context_create("off", FL_CONTEXT_TASK, i % 2,
							      with_irqs_off,
							      (void *)(uintptr_t)(i % 2)));
		fl_context_activate(fl_context_create("line", FL_CONTEXT_AGENT, 0, raiser, NULL));
		assert_int_equal(run_free(run, 50), FL_END_QUIET);
		assert_int_equal(met, 0);
		assert_true(taken[0] > 0 && taken[0] <= 20);
		assert_true(taken[1] > 0 && taken[1] <= 20);
	}
}

/* --- time, chance, resets ------------------------------------------------------------------------ */

static int alarm_number;
static uint64_t fired_at, slept_until;

static void alarm_fires(void *arg)
{
	fired_at = fl_now();
}

static void sleeper(void *arg)
{
	fl_alarm_arm(alarm_number, fl_now() + 20000000);
	fl_delay(70000000, false);
	slept_until = fl_now();
}

static void test_time_goes_to_the_next_deadline(void **state)
{
	fl_machine_init(1, true, NULL);
	alarm_number = fl_alarm_create("alarm", alarm_fires, NULL, 0);
	fl_context_activate(fl_context_create("sleeper", FL_CONTEXT_TASK, 0, sleeper, NULL));
	assert_int_equal(run_free(1, 0), FL_END_QUIET);
	assert_in_range(fired_at, 20000000, 21000000);
	assert_in_range(slept_until, 70000000, 71000000);
}

static uint32_t answers[64];

static void asks(void *arg)
{
	for (unsigned int i = 0; i < 64; i++)
		answers[i] = fl_choose(FL_CHOOSE_SCENARIO, 1000);
}

static void test_choices_follow_the_seed(void **state)
{
	uint32_t first[64];
	const struct fl_decision *decisions;
	size_t count;

	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("asks", FL_CONTEXT_TASK, 0, asks, NULL));
	run_free(5, 0);
	memcpy(first, answers, sizeof(first));
	decisions = fl_decisions(&count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(decisions[i].value, first[decisions[i].at]);
	assert_true(count > 50);
	for (uint64_t seed = 5; seed < 7; seed++) {
		fl_machine_init(1, true, NULL);
		fl_context_activate(fl_context_create("asks", FL_CONTEXT_TASK, 0, asks, NULL));
		run_free(seed, 500);
		assert_int_equal(!memcmp(first, answers, sizeof(first)), seed == 5);
	}
}

/* The order names a context for each step, as often as the context took one. */
static void test_the_history_has_each_step(void **state)
{
	static uint8_t order[1 << 16];
	unsigned int counts[FL_MAX_CONTEXTS] = {0};
	uint64_t first;
	size_t count;

	build_lockers(4);
	run_free(3, 100);
	count = fl_free_history(order, sizeof(order), &first);
	assert_int_equal(first, 0);
	assert_int_equal(count, fl_step());
	for (size_t i = 0; i < count; i++)
		counts[order[i]]++;
	for (int i = 0; i < fl_context_count(); i++)
		assert_int_equal(counts[i], fl_context_steps(i));
	assert_true(fl_free_features() > 0);
	/* What does not fit is the oldest. */
	assert_int_equal(fl_free_history(order, 10, &first), 10);
	assert_int_equal(first, fl_step() - 10);
}

static uint64_t *in_arena;

static void writes_arena(void *arg)
{
	point();
	*in_arena = 7;
	fl_arena_alloc(64, 8);
	fl_block((uintptr_t)&lock_b, "for ever", false);
}

static void test_a_reset_brings_the_world_back(void **state)
{
	fl_context_t context;
	size_t used;

	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	in_arena = fl_arena_alloc(sizeof(*in_arena), 8);
	context = fl_context_create("writer", FL_CONTEXT_TASK, 0, writes_arena, NULL);
	fl_snapshot();
	used = fl_arena_used();
	for (unsigned int i = 0; i < RUNS; i++) {
		fl_reset();
		assert_int_equal(*in_arena, 0);
		assert_int_equal(fl_arena_used(), used);
		assert_int_equal(fl_context_state(context), FL_DORMANT);
		fl_context_activate(context);
		/* In turn with fibers: both work on the same descriptors. */
		if (i % 2)
			assert_int_equal(run_plain(), FL_END_DEADLOCK);
		else
			assert_int_equal(run_free(i, 0), FL_END_DEADLOCK);
		assert_int_equal(*in_arena, 7);
	}
	fl_reset();
}

/* --- from an order to a schedule ------------------------------------------------------------------ */

static void writes_letters(void *arg)
{
	for (unsigned int i = 0; i < 3; i++) {
		point();
		note(arg);
	}
}

static void build_letters(void)
{
	*trace = '\0';
	fl_machine_init(2, true, NULL);
	fl_context_activate(fl_context_create("x", FL_CONTEXT_TASK, 0, writes_letters, "x"));
	fl_context_activate(fl_context_create("y", FL_CONTEXT_TASK, 1, writes_letters, "y"));
}

static void test_strategy_history_follows_an_order(void **state)
{
	static const char *const orders[] = {"xxxyyy", "xyxyxy", "yyxxyx", "yxxxyy"};

	for (unsigned int i = 0; i < 4; i++) {
		uint8_t order[6];

		build_letters();
		for (unsigned int k = 0; k < 6; k++)
			order[k] = (uint8_t)(orders[i][k] == 'x' ? 2 : 3);
		fl_history_set(order, 6, NULL, 0);
		assert_int_equal(run_as("history", 0), FL_END_QUIET);
		assert_string_equal(trace, orders[i]);
	}
}

static void test_strategy_history_leaves_the_order(void **state)
{
	static const uint8_t order[6] = {2, 2, 2, 3, 3, 3};
	unsigned int different = 0;

	fl_history_set(order, 6, NULL, 0);
	for (uint64_t schedule = 0; schedule < 100; schedule++) {
		build_letters();
		assert_int_equal(run_as("history", schedule), FL_END_QUIET);
		different += strcmp(trace, "xxxyyy") != 0;
	}
	assert_in_range(different, 5, 95);
}

/* --- stacks --------------------------------------------------------------------------------- */

#define MARK 0x5a5au

static unsigned int found[4];

static void mark_base(fl_context_t context, void *base)
{
	*(uint32_t *)base = MARK + (uint32_t)context;
}

static void *base_of_stack(void)
{
	return (void *)((uintptr_t)__builtin_frame_address(0) & ~((uintptr_t)FL_STACK_SIZE - 1));
}

static void looks_at_its_base(void *arg)
{
	uint32_t *base = base_of_stack();

	if (*base == MARK + (uint32_t)fl_current())
		found[(uintptr_t)arg]++;
	/* The next activation gets it anew. */
	*base = 0;
	fl_point(FL_ACCESS_NONE, 0, 1);
	fl_machine_leave();
	if (base_of_stack() != base)
		found[(uintptr_t)arg] += 100;
	fl_machine_enter();
}

/* As on the fibers: a subject finds what it keeps for a context by masking the stack pointer. */
static void test_a_stack_is_found_by_masking(void **state)
{
	memset(found, 0, sizeof(found));
	fl_set_stack_hook(mark_base);
	fl_machine_init(2, true, NULL);
	for (uintptr_t i = 0; i < 4; i++)
		fl_context_create("masks", FL_CONTEXT_TASK, i % 2, looks_at_its_base, (void *)i);
	for (unsigned int run = 0; run < RUNS; run++) {
		for (fl_context_t i = 0; i < fl_context_count(); i++)
			if (fl_context_kind(i) == FL_CONTEXT_TASK)
				fl_context_activate(i);
		assert_int_equal(run_free(run, 50), FL_END_QUIET);
	}
	fl_set_stack_hook(NULL);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(found[i], RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_lock_keeps_others_out),
		cmocka_unit_test(test_a_deadlock_names_the_cycle),
		cmocka_unit_test(test_no_progress_is_a_livelock),
		cmocka_unit_test(test_waiting_without_progress_is_a_livelock),
		cmocka_unit_test(test_a_loop_outside_is_a_livelock),
		cmocka_unit_test(test_a_stop_ends_a_loop_outside),
		cmocka_unit_test(test_the_step_limit_ends_a_run),
		cmocka_unit_test(test_a_stop_ends_everybody),
		cmocka_unit_test(test_who_tries_to_come_in_is_not_cut_short),
		cmocka_unit_test(test_interrupts_off_keep_hard_interrupts_out),
		cmocka_unit_test(test_time_goes_to_the_next_deadline),
		cmocka_unit_test(test_choices_follow_the_seed),
		cmocka_unit_test(test_the_history_has_each_step),
		cmocka_unit_test(test_a_reset_brings_the_world_back),
		cmocka_unit_test(test_strategy_history_follows_an_order),
		cmocka_unit_test(test_strategy_history_leaves_the_order),
		cmocka_unit_test(test_a_stack_is_found_by_masking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

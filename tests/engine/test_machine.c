/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a CPU: classes, preemption, interrupts and their delay.
 */
#include "engine_test.h"

static void write_twice(void *arg)
{
	note(arg);
	point();
	point();
	note(arg);
	point();
	note(arg);
}

static void wake_all_of(void *arg)
{
	note("w");
	fl_wake_all((uintptr_t)arg);
	point();
	point();
	note("w");
}

static void block_then_write(void *arg)
{
	fl_block((uintptr_t)trace, "the trace", false);
	write_twice(arg);
}

/* How many different traces random walk gives for a world that build() makes. */
static unsigned int distinct_traces(void (*build)(void), char traces[][64], unsigned int max)
{
	unsigned int count = 0;

	for (uint64_t schedule = 0; schedule < 500; schedule++) {
		unsigned int i;

		build();
		*trace = 0;
		assert_int_equal(run_as("random", schedule), FL_END_QUIET);
		for (i = 0; i < count && strcmp(traces[i], trace); i++)
			;
		if (i < count)
			continue;
		assert_true(count < max && strlen(trace) < 64);
		strcpy(traces[count++], trace);
	}
	return count;
}

static void two_normal_tasks(void)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, write_twice, "a"));
	fl_context_activate(fl_context_create("b", FL_CONTEXT_TASK, 0, write_twice, "b"));
}

static void two_tasks_without_preemption(void)
{
	fl_machine_init(1, false, NULL);
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, write_twice, "a"));
	fl_context_activate(fl_context_create("b", FL_CONTEXT_TASK, 0, write_twice, "b"));
}

static void two_cpus_without_preemption(void)
{
	fl_machine_init(2, false, NULL);
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, write_twice, "a"));
	fl_context_activate(fl_context_create("b", FL_CONTEXT_TASK, 1, write_twice, "b"));
}

static void fifo_and_normal(void)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, write_twice, "a"));
	fl_context_activate(fl_context_create("i", FL_CONTEXT_IRQ_THREAD, 0, write_twice, "i"));
}

static void normal_wakes_fifo(void)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(
		fl_context_create("i", FL_CONTEXT_IRQ_THREAD, 0, block_then_write, "i"));
	fl_context_activate(fl_context_create("w", FL_CONTEXT_TASK, 0, wake_all_of, trace));
}

static void normal_wakes_fifo_without_preemption(void)
{
	fl_machine_init(1, false, NULL);
	fl_context_activate(
		fl_context_create("i", FL_CONTEXT_IRQ_THREAD, 0, block_then_write, "i"));
	fl_context_activate(fl_context_create("w", FL_CONTEXT_TASK, 0, wake_all_of, trace));
}

static void test_preemptible_tasks_interleave(void **state)
{
	char traces[32][64];

	/* 3 + 3 steps of which the inner ones write: all merges of aaa and bbb. */
	assert_int_equal(distinct_traces(two_normal_tasks, traces, 32), 20);
}

static void test_non_preemptible_tasks_do_not(void **state)
{
	char traces[32][64];

	assert_int_equal(distinct_traces(two_tasks_without_preemption, traces, 32), 2);
	assert_int_equal(strlen(traces[0]), 6);
	assert_true(!strcmp(traces[0], "aaabbb") || !strcmp(traces[0], "bbbaaa"));
	assert_int_equal(distinct_traces(two_cpus_without_preemption, traces, 32), 20);
}

static void test_fifo_goes_first(void **state)
{
	char traces[32][64];

	assert_int_equal(distinct_traces(fifo_and_normal, traces, 32), 1);
	assert_string_equal(traces[0], "iiiaaa");
	assert_int_equal(distinct_traces(normal_wakes_fifo, traces, 32), 1);
	assert_string_equal(traces[0], "wiiiw");
	assert_int_equal(distinct_traces(normal_wakes_fifo_without_preemption, traces, 32), 1);
	assert_string_equal(traces[0], "wwiii");
}

static void without_preemption(void *arg)
{
	point();
	fl_preempt_disable();
	fl_preempt_disable();
	note("[");
	for (int i = 0; i < 3; i++)
		point();
	fl_preempt_enable();
	point();
	note("]");
	fl_preempt_enable();
	point();
}

static void one_atomic_task(void)
{
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("x", FL_CONTEXT_TASK, 0, without_preemption, NULL));
	fl_context_activate(fl_context_create("a", FL_CONTEXT_TASK, 0, write_twice, "a"));
	fl_context_activate(
		fl_context_create("i", FL_CONTEXT_IRQ_THREAD, 0, block_then_write, "i"));
}

static void test_preemption_off_keeps_the_cpu(void **state)
{
	for (uint64_t schedule = 0; schedule < 300; schedule++) {
		one_atomic_task();
		*trace = 0;
		/* The interrupt thread waits for ever, which is the deadlock. */
		assert_int_equal(run_as("random", schedule), FL_END_DEADLOCK);
		assert_non_null(strstr(trace, "[]"));
	}
}

static unsigned int irq_runs;
static unsigned int irq_cpu;
static bool irq_context_was_atomic;
static fl_context_t irq_context;
static uint64_t irq_step;

static void take_interrupt(unsigned int cpu)
{
	irq_runs++;
	irq_cpu = cpu;
	irq_context_was_atomic = !fl_cpu_irqs_on() && !fl_preemptible();
	irq_context = fl_current();
	irq_step = fl_step();
	note("!");
	point();
	point();
	note("!");
	fl_cpu_set_pending(cpu, false, 0);
}

static void raise_on_this_cpu(void *arg)
{
	unsigned int delay = (unsigned int)(uintptr_t)arg;

	point();
	fl_cpu_set_pending(fl_this_cpu(), true, delay);
	for (int i = 0; i < 4; i++) {
		point();
		note("t");
	}
}

static void test_interrupt_before_the_next_step(void **state)
{
	static const char *const expected[] = {"!!tttt", "t!!ttt", "tt!!tt", "ttt!!t"};

	for (unsigned int delay = 0; delay < 4; delay++) {
		irq_runs = 0;
		*trace = 0;
		fl_machine_init(2, true, take_interrupt);
		fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 1, raise_on_this_cpu,
						      (void *)(uintptr_t)delay));
		assert_int_equal(run_plain(), FL_END_QUIET);
		assert_string_equal(trace, expected[delay]);
		assert_int_equal(irq_runs, 1);
		assert_int_equal(irq_cpu, 1);
		assert_int_equal(irq_context, 1);
		assert_true(irq_context_was_atomic);
	}
}

/* The delay is what the task may take; a CPU without one takes the interrupt at once. */
static void raise_from_agent(void *arg)
{
	point();
	fl_cpu_set_pending(0, true, 64);
	note("a");
	point();
	note("a");
}

static void test_interrupt_on_idle_cpu(void **state)
{
	*trace = 0;
	irq_runs = 0;
	fl_machine_init(1, true, take_interrupt);
	fl_context_activate(fl_context_create("a", FL_CONTEXT_AGENT, 0, raise_from_agent, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_int_equal(irq_runs, 1);
	assert_string_equal(trace, "aa!!");
}

static void raise_with_irqs_off(void *arg)
{
	bool outer = fl_cpu_irq_save();
	bool inner;

	fl_cpu_set_pending(0, true, 0);
	point();
	note("t");
	inner = fl_cpu_irq_save();
	point();
	note(inner ? "on" : "t");
	fl_cpu_irq_restore(inner);
	point();
	note("t");
	fl_cpu_irq_restore(outer);
	point();
	note(fl_cpu_irqs_on() ? "T" : "off");
}

static void test_interrupts_off(void **state)
{
	*trace = 0;
	irq_runs = 0;
	fl_machine_init(1, true, take_interrupt);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, raise_with_irqs_off, NULL));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_string_equal(trace, "ttt!!T");
}

static bool starved_by_irq, starved_by_fifo;
static fl_context_t watched;

static void look_then_clear(unsigned int cpu)
{
	starved_by_irq = fl_context_starved(watched, false);
	starved_by_fifo = fl_context_starved(watched, true);
	fl_cpu_set_pending(cpu, false, 0);
}

static void look_from_fifo(void *arg)
{
	starved_by_irq = fl_context_starved(watched, false);
	starved_by_fifo = fl_context_starved(watched, true);
}

static void raise_once(void *arg)
{
	fl_cpu_set_pending(0, true, 0);
	point();
	point();
}

static void test_starvation(void **state)
{
	fl_machine_init(1, true, look_then_clear);
	watched = fl_context_create("t", FL_CONTEXT_TASK, 0, raise_once, NULL);
	fl_context_activate(watched);
	assert_false(fl_context_starved(watched, false));
	run_plain();
	assert_true(starved_by_irq);
	assert_false(starved_by_fifo);

	fl_machine_init(1, true, NULL);
	watched = fl_context_create("t", FL_CONTEXT_TASK, 0, write_twice, "t");
	fl_context_activate(watched);
	fl_context_activate(fl_context_create("i", FL_CONTEXT_IRQ_THREAD, 0, look_from_fifo, NULL));
	run_plain();
	assert_false(starved_by_irq);
	assert_true(starved_by_fifo);
}

/* A spinner keeps its CPU; what it waits for must come from another one, or from an interrupt. */
static void spin_on_trace(void *arg)
{
	note("s");
	fl_block((uintptr_t)trace, "lock", true);
	note("S");
}

static void wake_in_irq(unsigned int cpu)
{
	note("!");
	fl_wake_all((uintptr_t)trace);
	fl_cpu_set_pending(cpu, false, 0);
}

static void raise_for_spinner(void *arg)
{
	point();
	fl_cpu_set_pending(0, true, 64);
}

static void test_interrupt_on_top_of_a_spinner(void **state)
{
	*trace = 0;
	fl_machine_init(1, true, wake_in_irq);
	fl_context_activate(fl_context_create("s", FL_CONTEXT_TASK, 0, spin_on_trace, NULL));
	fl_context_activate(fl_context_create("a", FL_CONTEXT_AGENT, 0, raise_for_spinner, NULL));
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, write_twice, "t"));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_string_equal(trace, "s!Sttt");
}

static void test_spinner_keeps_its_cpu(void **state)
{
	*trace = 0;
	fl_machine_init(1, true, NULL);
	fl_context_activate(fl_context_create("s", FL_CONTEXT_TASK, 0, spin_on_trace, NULL));
	fl_context_activate(fl_context_create("w", FL_CONTEXT_TASK, 0, wake_all_of, trace));
	assert_int_equal(run_plain(), FL_END_DEADLOCK);
	assert_string_equal(fl_end_text(), "s spins for lock; w cannot get its CPU");

	*trace = 0;
	fl_machine_init(2, true, NULL);
	fl_context_activate(fl_context_create("s", FL_CONTEXT_TASK, 0, spin_on_trace, NULL));
	fl_context_activate(fl_context_create("w", FL_CONTEXT_TASK, 1, wake_all_of, trace));
	assert_int_equal(run_plain(), FL_END_QUIET);
	assert_string_equal(trace, "swwS");
}

/* An interrupt that nobody clears comes back for ever: the limit must end that, too. */
static void leave_pending(unsigned int cpu)
{
	irq_runs++;
}

static void test_storm_meets_the_step_limit(void **state)
{
	struct fl_run_options options = {.step_limit = 1000, .livelock_bound = 100};

	fl_replay_set(NULL, 0);
	options.strategy = strategy_started("replay", 0);
	irq_runs = 0;
	fl_machine_init(1, true, leave_pending);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, raise_once, NULL));
	assert_int_equal(fl_run(&options), FL_END_STEP_LIMIT);
	assert_int_equal(fl_step(), 1000);
	assert_true(irq_runs > 990);

	options.strategy = strategy_started("random", 0);
	fl_machine_init(1, true, leave_pending);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, raise_once, NULL));
	assert_int_equal(fl_run(&options), FL_END_LIVELOCK);
	assert_int_equal(fl_step(), 100);
}

static void progress_and_raise(void *argument)
{
	for (int i = 0; i < 5; i++)
		fl_point(FL_ACCESS_NONE, 0, 0);
	if (argument)
		fl_progress();
	raise_once(NULL);
}

static enum fl_end run_storm(const struct fl_run_options *options, void *progress)
{
	fl_machine_init(1, true, leave_pending);
	fl_context_activate(
		fl_context_create("t", FL_CONTEXT_TASK, 0, progress_and_raise, progress));
	return fl_run(options);
}

/* A run that stands still is given up if it is asked for, and else watched to the end. */
static void test_patience(void **state)
{
	struct fl_run_options options = {.step_limit = 1000, .livelock_bound = 100, .patience = 20};
	uint64_t given_up_at;

	options.strategy = strategy_started("random", 0);
	assert_int_equal(run_storm(&options, NULL), FL_END_LIVELOCK);
	assert_int_equal(fl_step(), 100);
	assert_true(fl_stood_still());

	options.give_up = true;
	assert_int_equal(run_storm(&options, NULL), FL_END_STEP_LIMIT);
	assert_int_equal(fl_step(), 20);
	assert_true(fl_stood_still());

	/* Patience begins anew with each progress. */
	assert_int_equal(run_storm(&options, &options), FL_END_STEP_LIMIT);
	given_up_at = fl_step();
	assert_true(given_up_at > 20 && given_up_at < 30);

	/* Who ends by itself was never still, and an unfair strategy has no say in it. */
	fl_machine_init(1, true, leave_pending);
	fl_context_activate(fl_context_create("t", FL_CONTEXT_TASK, 0, write_twice, "w"));
	assert_int_equal(fl_run(&options), FL_END_QUIET);
	assert_false(fl_stood_still());
	fl_replay_set(NULL, 0);
	options.strategy = strategy_started("replay", 0);
	assert_int_equal(run_storm(&options, NULL), FL_END_STEP_LIMIT);
	assert_int_equal(fl_step(), 1000);
	assert_false(fl_stood_still());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_preemptible_tasks_interleave),
		cmocka_unit_test(test_non_preemptible_tasks_do_not),
		cmocka_unit_test(test_fifo_goes_first),
		cmocka_unit_test(test_preemption_off_keeps_the_cpu),
		cmocka_unit_test(test_interrupt_before_the_next_step),
		cmocka_unit_test(test_interrupt_on_idle_cpu),
		cmocka_unit_test(test_interrupts_off),
		cmocka_unit_test(test_starvation),
		cmocka_unit_test(test_interrupt_on_top_of_a_spinner),
		cmocka_unit_test(test_spinner_keeps_its_cpu),
		cmocka_unit_test(test_storm_meets_the_step_limit),
		cmocka_unit_test(test_patience),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

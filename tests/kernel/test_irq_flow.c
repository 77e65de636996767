/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * domain.md 4.1: level and edge flow, lazy disable, shared lines, serialisation, delay, order, CPU.
 */
#include "irq_test.h"

static const unsigned int shared = FL_IRQF_SHARED;

/* --- level -------------------------------------------------------------------------------- */

static void build_hard(void)
{
	clear_sources();
	assert_int_equal(request(0, hard_handler, NULL, 0), 0);
}

static void start_hard(void)
{
	clear_sources();
	spawn("busy", 0, busy, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static void judge_hard(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(sources[0].bits, FL_IN_HARDIRQ | FL_IRQS_OFF);
	assert_int_equal(sources[0].last_cpu, 0);
	assert_int_equal(events(FL_EV_LINE), 2);
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 1);
	assert_int_equal(event_at(FL_EV_IRQ_FLOW_EXIT, 0)->b, FL_IRQ_HANDLED);
	assert_int_equal(event_at(FL_EV_IRQ_ENTER, 0)->a, LINE);
	assert_int_equal(event_at(FL_EV_IRQ_RETURN, 0)->d, FL_IRQ_HANDLED);
	assert_string_equal(event_at(FL_EV_ENTER, 0)->text, "handler");
}

static void test_level_runs_the_handler_once(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .build = build_hard, .start = start_hard, .judge = judge_hard});
}

static unsigned int ended_in_progress;

static void watch_progress(fl_context_t context)
{
	if (look_at(LINE).in_progress && !sources[0].inside_hard)
		ended_in_progress++;
}

static void test_handler_is_in_progress_until_the_flow_ends(void **state)
{
	/* Somebody can see that the handlers have returned and the line is still in progress. */
	ended_in_progress = 0;
	fl_set_step_hook(watch_progress);
	run_plan(&(struct plan){.cpus = 2,
				.build = build_hard,
				.start = start_hard,
				.judge = judge_hard,
				.schedules = 1});
	fl_set_step_hook(NULL);
	assert_true(ended_in_progress > 0);
}

static void start_uncleared(void)
{
	start_hard();
	sources[0].leaves_cause = true;
}

static void judge_uncleared(enum fl_end end)
{
	/* Handled, they say, and it comes again at once, for ever: the detector says nothing. */
	assert_int_equal(end, FL_END_STEP_LIMIT);
	assert_true(sources[0].hard_runs > 100);
	assert_int_equal(events(FL_EV_IRQ_SPURIOUS_OFF), 0);
	assert_false(look_at(LINE).masked);
}

static void test_level_that_stays_high_comes_again(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_hard,
				.start = start_uncleared,
				.judge = judge_uncleared,
				.step_limit = 1500,
				.schedules = 3});
}

static void blip(void *arg)
{
	point();
	set_cause(&sources[0], true);
	set_cause(&sources[0], false);
}

static void start_blip(void)
{
	clear_sources();
	spawn("busy", 0, busy, NULL);
	spawn_agent("device", blip, NULL);
}

static void judge_no_level(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 0);
	assert_int_equal(events(FL_EV_LINE), 2);
}

static void test_level_that_falls_is_forgotten(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_hard,
				.start = start_blip,
				.judge = judge_no_level,
				.schedules = 10});
}

static void masks_itself(void *arg)
{
	unsigned long flags = fl_local_irq_save();

	for (int i = 0; i < 20; i++)
		point();
	sources[1].hard_runs = sources[0].hard_runs;
	fl_local_irq_restore(flags);
}

static void start_irqs_off(void)
{
	clear_sources();
	spawn("task", 0, masks_itself, NULL);
	spawn_agent("device", assert_causes, &sources[0]);
}

static unsigned int held_off;

static void judge_irqs_off(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	held_off += !sources[1].hard_runs;
}

static void test_interrupts_off_hold_it_back(void **state)
{
	held_off = 0;
	run_plan(&(struct plan){
		.cpus = 1, .build = build_hard, .start = start_irqs_off, .judge = judge_irqs_off});
	assert_true(held_off > 0);
}

/* --- the delay of an assertion ------------------------------------------------------------ */

static unsigned int delays_seen;

static void counting_task(void *arg)
{
	for (unsigned int i = 0; i < 20; i++) {
		point();
		/*
		 * From here on the interrupt is there: the task counts its steps until it is taken.
		 */
		if (i == 3)
			set_cause(&sources[0], true);
		if (i > 3 && !sources[0].hard_runs)
			sources[1].hard_runs++;
	}
}

static void start_counting(void)
{
	clear_sources();
	spawn("task", 0, counting_task, NULL);
}

static void judge_counting(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_in_range(sources[1].hard_runs, 0, 7);
	delays_seen |= 1u << sources[1].hard_runs;
}

static void test_delay_is_bounded_and_chosen(void **state)
{
	delays_seen = 0;
	run_plan(&(struct plan){.cpus = 1,
				.build = build_hard,
				.start = start_counting,
				.judge = judge_counting,
				.schedules = 100});
	assert_int_equal(delays_seen, 0xff);
}

/* --- lazy disable ------------------------------------------------------------------------- */

static bool masked_at_once, masked_later;

static void lazily(void *arg)
{
	fl_irq_disable_nosync(LINE);
	masked_at_once = look_at(LINE).masked;
	set_cause(&sources[0], true);
	fl_sleep_ns(10000);
	masked_later = look_at(LINE).masked;
	sources[1].hard_runs = sources[0].hard_runs;
	fl_irq_enable(LINE);
}

static void start_lazily(void)
{
	clear_sources();
	spawn("task", 0, lazily, NULL);
}

static void judge_lazily(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_false(masked_at_once);
	assert_true(masked_later);
	assert_int_equal(sources[1].hard_runs, 0);
	/* A level is not lost: it is there when the line is enabled again. */
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(events(FL_EV_IRQ_FLOW_ENTER), 2);
	assert_false(look_at(LINE).masked);
	assert_int_equal(look_at(LINE).depth, 0);
}

static void test_disable_is_lazy(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_hard,
				.start = start_lazily,
				.judge = judge_lazily,
				.schedules = 20});
}

/* --- edge --------------------------------------------------------------------------------- */

static void build_edge(void)
{
	fl_knobs.trigger = FL_TRIGGER_EDGE;
	build_hard();
}

static void judge_blip(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(event_at(FL_EV_IRQ_RETURN, 0)->d, FL_IRQ_NONE);
}

static void test_edge_that_falls_is_remembered(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_edge,
				.start = start_blip,
				.judge = judge_blip,
				.schedules = 10});
}

static void start_edge_uncleared(void)
{
	start_hard();
	sources[0].leaves_cause = true;
}

static void judge_edge_uncleared(enum fl_end end)
{
	/* No new edge, no new interrupt: the cause is stuck, and nobody storms. */
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_true(look_at(LINE).level);
}

static void test_edge_comes_once(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_edge,
				.start = start_edge_uncleared,
				.judge = judge_edge_uncleared,
				.schedules = 10});
}

/* Several edges while the handler runs are one. */
static int edge_handler(int irq, void *dev_id)
{
	if (!sources[0].hard_runs++) {
		for (int i = 0; i < 3; i++) {
			fl_irq_input(LINE, 0, false);
			fl_irq_input(LINE, 0, true);
		}
	}
	point();
	fl_irq_input(LINE, 0, false);
	return FL_IRQ_HANDLED;
}

static void build_edge_handler(void)
{
	fl_knobs.trigger = FL_TRIGGER_EDGE;
	clear_sources();
	assert_int_equal(request(0, edge_handler, NULL, 0), 0);
}

static void judge_edge_handler(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 2);
}

static void test_edges_during_handling_are_one(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_edge_handler,
				.start = start_hard,
				.judge = judge_edge_handler,
				.schedules = 10});
}

static void edge_while_disabled(void *arg)
{
	fl_irq_disable_nosync(LINE);
	set_cause(&sources[0], true);
	fl_sleep_ns(10000);
	/* The first one was noted and masked the line; this one meets the mask and is lost. */
	set_cause(&sources[0], false);
	set_cause(&sources[0], true);
	sources[1].hard_runs = sources[0].hard_runs;
	fl_irq_enable(LINE);
	fl_sleep_ns(10000);
	sources[2].hard_runs = sources[0].hard_runs;
}

static void start_edge_disabled(void)
{
	clear_sources();
	spawn("task", 0, edge_while_disabled, NULL);
}

static void judge_edge_disabled(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[1].hard_runs, 0);
	/* Sent again by enable_irq(), once. */
	assert_int_equal(sources[2].hard_runs, 1);
}

static void test_edge_while_disabled_is_resent(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_edge,
				.start = start_edge_disabled,
				.judge = judge_edge_disabled,
				.schedules = 20});
}

static void edge_before_request(void *arg)
{
	set_cause(&sources[0], true);
	request(0, hard_handler, NULL, 0);
}

static void start_edge_masked(void)
{
	clear_sources();
	fl_knobs.trigger = FL_TRIGGER_EDGE;
	spawn("task", 0, edge_before_request, NULL);
}

static void judge_edge_masked(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(events(FL_EV_IRQ_REQUESTED), 1);
	assert_int_equal(sources[0].hard_runs, 0);
	assert_true(look_at(LINE).level);
}

static void start_level_masked(void)
{
	clear_sources();
	spawn("task", 0, edge_before_request, NULL);
}

static void judge_level_masked(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
}

static void test_edge_while_masked_is_lost_and_a_level_is_not(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_edge_masked, .judge = judge_edge_masked, .schedules = 3});
	run_plan(&(struct plan){.cpus = 1,
				.start = start_level_masked,
				.judge = judge_level_masked,
				.schedules = 3});
}

/* --- shared lines ------------------------------------------------------------------------- */

static void build_shared(void)
{
	clear_sources();
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(request(i, hard_handler, NULL, shared), 0);
}

static void start_shared(void)
{
	clear_sources();
	spawn("busy", 0, busy, NULL);
	spawn_agent("device 1", assert_causes, &sources[1]);
	spawn_agent("device 2", assert_causes, &sources[2]);
}

static void judge_shared(enum fl_end end)
{
	unsigned int flows = events(FL_EV_IRQ_FLOW_ENTER);

	assert_int_equal(end, FL_END_QUIET);
	assert_in_range(flows, 1, 2);
	/* Every action is called at every interrupt, in the order of request. */
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(sources[i].hard_runs, flows);
		assert_int_equal(sources[i].overlaps, 0);
	}
	for (unsigned int i = 0; i < flows * 3; i++) {
		assert_int_equal(event_at(FL_EV_IRQ_ENTER, i)->b, i % 3);
		assert_int_equal(event_at(FL_EV_IRQ_ENTER, i)->d, i % 3);
	}
	/* One answer of HANDLED is enough for the line. */
	for (unsigned int i = 0; i < flows; i++)
		assert_int_equal(event_at(FL_EV_IRQ_FLOW_EXIT, i)->b, FL_IRQ_HANDLED);
}

static void test_shared_line_calls_all_actions(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .build = build_shared, .start = start_shared, .judge = judge_shared});
}

/* --- order, CPU --------------------------------------------------------------------------- */

static struct source other_line;
static unsigned int first_lines[2];

static int note_first(int irq, void *dev_id)
{
	struct source *source = dev_id;

	source->hard_runs++;
	set_cause(source, false);
	return FL_IRQ_HANDLED;
}

static void build_two_lines(void)
{
	struct fl_irq_request irq = {
		.line = LINE + 1,
		.handler = note_first,
		.handler_name = "handler",
		.name = "other",
		.dev_id = &other_line,
	};

	clear_sources();
	assert_int_equal(request(0, note_first, NULL, 0), 0);
	assert_int_equal(fl_irq_request(&irq), 0);
}

static void raise_both(void *arg)
{
	set_cause(&sources[0], true);
	set_cause(&other_line, true);
}

static void start_two_lines(void)
{
	clear_sources();
	memset(&other_line, 0, sizeof(other_line));
	other_line.line = LINE + 1;
	spawn_agent("device", raise_both, NULL);
}

static void judge_two_lines(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(other_line.hard_runs, 1);
	first_lines[event_at(FL_EV_IRQ_FLOW_ENTER, 0)->a - LINE]++;
}

static void test_order_of_pending_lines_is_chosen(void **state)
{
	first_lines[0] = first_lines[1] = 0;
	run_plan(&(struct plan){.cpus = 1,
				.build = build_two_lines,
				.start = start_two_lines,
				.judge = judge_two_lines});
	assert_true(first_lines[0] > 0);
	assert_true(first_lines[1] > 0);
}

static unsigned int cpus_seen;

static void start_drawn_cpu(void)
{
	clear_sources();
	fl_irq_choose_cpus();
	spawn_agent("device", assert_causes, &sources[0]);
}

static void judge_drawn_cpu(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(sources[0].hard_runs, 1);
	assert_int_equal(look_at(LINE).cpu, sources[0].last_cpu);
	assert_int_equal(look_at(LINE + 1).cpu, -1);
	cpus_seen |= 1u << sources[0].last_cpu;
}

static void test_cpu_of_a_line_is_drawn(void **state)
{
	cpus_seen = 0;
	run_plan(&(struct plan){.cpus = 3,
				.build = build_hard,
				.start = start_drawn_cpu,
				.judge = judge_drawn_cpu});
	assert_int_equal(cpus_seen, 7);
}

/* --- a handler that breaks the rules ------------------------------------------------------ */

static int enabling_handler(int irq, void *dev_id)
{
	set_cause(dev_id, false);
	fl_local_irq_restore(1);
	return FL_IRQ_HANDLED;
}

static void build_enabling(void)
{
	clear_sources();
	assert_int_equal(request(0, enabling_handler, NULL, 0), 0);
}

static void judge_enabling(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(events(FL_EV_WARNING), 1);
}

static void test_handler_that_enables_interrupts_is_warned_of(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = build_enabling,
				.start = start_hard,
				.judge = judge_enabling,
				.schedules = 2});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_level_runs_the_handler_once),
		cmocka_unit_test(test_handler_is_in_progress_until_the_flow_ends),
		cmocka_unit_test(test_level_that_stays_high_comes_again),
		cmocka_unit_test(test_level_that_falls_is_forgotten),
		cmocka_unit_test(test_interrupts_off_hold_it_back),
		cmocka_unit_test(test_delay_is_bounded_and_chosen),
		cmocka_unit_test(test_disable_is_lazy),
		cmocka_unit_test(test_edge_that_falls_is_remembered),
		cmocka_unit_test(test_edge_comes_once),
		cmocka_unit_test(test_edges_during_handling_are_one),
		cmocka_unit_test(test_edge_while_disabled_is_resent),
		cmocka_unit_test(test_edge_while_masked_is_lost_and_a_level_is_not),
		cmocka_unit_test(test_shared_line_calls_all_actions),
		cmocka_unit_test(test_order_of_pending_lines_is_chosen),
		cmocka_unit_test(test_cpu_of_a_line_is_drawn),
		cmocka_unit_test(test_handler_that_enables_interrupts_is_warned_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

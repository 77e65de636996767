/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq-return, dead-line, suspended-line-high. */
#include "check_test.h"

#include <smmu/bits.h>

static void raise_fault(void)
{
	as(AGENT);
	record(0, 1, false);
	set_output(0, LINE_0, true);
}

static void lower(void)
{
	set_output(0, LINE_0, false);
}

static void none_with_the_cause_asserted(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	breaks("irq-return in context_fault (NONE with its cause asserted)");
	assert_true(premise("irq-return"));
}

static void none_for_a_fault_it_retired(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	retire(0, 1, FL_RETIRE_W1C);
	lower();
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	breaks("irq-return in context_fault (NONE for a fault it retired)");
}

static void none_for_a_fault_that_another_retired(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	as(TASK);
	retire(0, 1, FL_RETIRE_W1C);
	lower();
	as(HARDIRQ);
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("irq-return");
}

static void none_after_its_get_ran_the_reset(void **state)
{
	(void)state;
	raise_fault();
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	begin_resume();
	retire(0, 1, FL_RETIRE_W1C);
	lower();
	end_resume();
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("irq-return");
}

static void none_for_a_fault_that_came_during_the_call(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	raise_fault();
	as(HARDIRQ);
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("irq-return");
	assert_false(premise("irq-return"));
}

static void handled_with_nothing_retired(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("irq-return in context_fault (HANDLED with nothing retired)");
}

static void handled_after_a_clear_that_left_ss(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, SMMU_FSR_TF, SMMU_FSR_TF | SMMU_FSR_SS, SMMU_FSR_SS);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	keeps("irq-return");
}

static void handled_after_a_mask_at_the_line(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	mask(LINE_0, false, 1);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	keeps("irq-return");
}

static void a_oneshot_mask_is_no_excuse(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	mask(LINE_0, true, 0);
	enter_handler(LINE_0, 0, "primary");
	leave_handler(LINE_0, 0, FL_IRQ_WAKE_THREAD);
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("irq-return in context_fault (HANDLED with nothing retired)");
}

static void a_thread_is_judged_from_the_hard_entry_on(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "primary");
	leave_handler(LINE_0, 0, FL_IRQ_WAKE_THREAD);
	keeps("irq-return");
	/* Somebody else retires the fault before the thread comes, which finds nothing. */
	as(TASK);
	retire(0, 1, FL_RETIRE_W1C);
	lower();
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("irq-return");
}

static void a_posted_clear_counts(void **state)
{
	(void)state;
	fl_knobs.posted_writes = 1;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	write_register(bank_register(0, SMMU_FSR), SMMU_FSR_TF);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	keeps("irq-return");
}

static void another_devices_handler_is_not_judged(void **state)
{
	(void)state;
	raise_fault();
	as(HARDIRQ);
	enter_handler(LINE_0, FL_SOURCE_OTHER, "other");
	leave_handler(LINE_0, FL_SOURCE_OTHER, FL_IRQ_HANDLED);
	keeps("irq-return");
}

static void run_handler_once(void)
{
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, 2, 2, 0);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
}

static void a_line_ends_disabled_by_the_detector(void **state)
{
	(void)state;
	raise_fault();
	run_handler_once();
	fl_emit(FL_EV_IRQ_SPURIOUS_OFF, LINE_0, 100, 100, 0);
	mask(LINE_0, true, 1);
	finish(FL_END_DEADLOCK);
	breaks("dead-line in context_fault (disabled by the spurious detector)");
	assert_true(premise("dead-line"));
}

static void a_line_ends_masked(void **state)
{
	(void)state;
	raise_fault();
	run_handler_once();
	mask(LINE_0, true, 0);
	finish(FL_END_QUIET);
	breaks("dead-line in context_fault (masked for ever)");
}

static void a_masked_line_without_a_cause(void **state)
{
	(void)state;
	raise_fault();
	run_handler_once();
	mask(LINE_0, true, 0);
	lower();
	finish(FL_END_QUIET);
	keeps("dead-line");
}

static void a_line_masked_while_suspended(void **state)
{
	(void)state;
	raise_fault();
	as(WORKER);
	begin_suspend();
	mask(LINE_0, true, 1);
	end_suspend();
	finish(FL_END_QUIET);
	keeps("dead-line");
	keeps("suspended-line-high");
}

static void an_unfinished_run_kills_no_line(void **state)
{
	(void)state;
	raise_fault();
	mask(LINE_0, true, 0);
	finish(FL_END_STEP_LIMIT);
	keeps("dead-line");
}

static void suspended_with_the_line_high(void **state)
{
	(void)state;
	raise_fault();
	as(WORKER);
	begin_suspend();
	keeps("suspended-line-high");
	end_suspend();
	breaks("suspended-line-high in runtime_suspend");
	assert_true(premise("suspended-line-high"));
}

static void suspended_with_the_line_low(void **state)
{
	(void)state;
	raise_fault();
	as(WORKER);
	begin_suspend();
	lower();
	end_suspend();
	keeps("suspended-line-high");
}

static void unmasked_while_suspended(void **state)
{
	(void)state;
	raise_fault();
	mask(LINE_0, true, 0);
	as(WORKER);
	begin_suspend();
	end_suspend();
	keeps("suspended-line-high");
	mask(LINE_0, false, 0);
	breaks("suspended-line-high in runtime_suspend");
}

static void another_device_may_be_high(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	fl_emit(FL_EV_LINE, LINE_0, 1, 0, 0);
	end_suspend();
	keeps("suspended-line-high");
}

const struct CMUnitTest irq_tests[] = {
	STORY(none_with_the_cause_asserted),
	STORY(none_for_a_fault_it_retired),
	STORY(none_for_a_fault_that_another_retired),
	STORY(none_after_its_get_ran_the_reset),
	STORY(none_for_a_fault_that_came_during_the_call),
	STORY(handled_with_nothing_retired),
	STORY(handled_after_a_clear_that_left_ss),
	STORY(handled_after_a_mask_at_the_line),
	STORY(a_oneshot_mask_is_no_excuse),
	STORY(a_thread_is_judged_from_the_hard_entry_on),
	STORY(a_posted_clear_counts),
	STORY(another_devices_handler_is_not_judged),
	STORY(a_line_ends_disabled_by_the_detector),
	STORY(a_line_ends_masked),
	STORY(a_masked_line_without_a_cause),
	STORY(a_line_masked_while_suspended),
	STORY(an_unfinished_run_kills_no_line),
	STORY(suspended_with_the_line_high),
	STORY(suspended_with_the_line_low),
	STORY(unmasked_while_suspended),
	STORY(another_device_may_be_high),
	STORIES_END,
};

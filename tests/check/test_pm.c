/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pm-imbalance, sleep-in-atomic. */
#include "check_test.h"

static void a_handler_keeps_a_reference(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, 1, true);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("pm-imbalance in context_fault (keeps a reference)");
}

static void a_handler_puts_anothers_reference(void **state)
{
	(void)state;
	as(TASK);
	get(FL_DEVICE_SMMU, 1, true);
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, -22, false);
	put(FL_DEVICE_SMMU, true);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("pm-imbalance in context_fault (puts more than it got)");
}

static void a_put_without_a_reference(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, -22, false);
	put(FL_DEVICE_SMMU, false);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("pm-imbalance in context_fault (puts more than it got)");
}

static void map_while_robbed(void)
{
	as(TASK);
	enter("map_pages");
	get(FL_DEVICE_SMMU, 0, true);
	as(OTHER_TASK);
}

static void end_of_map(void)
{
	as(TASK);
	put(FL_DEVICE_SMMU, false);
	leave();
}

static void robbed_by_nobody_known(void **state)
{
	(void)state;
	map_while_robbed();
	end_of_map();
	breaks("pm-imbalance in map_pages (underflow)");
}

static void robbed_by_the_scenario(void **state)
{
	(void)state;
	map_while_robbed();
	put(FL_DEVICE_SMMU, true);
	end_of_map();
	keeps("pm-imbalance");
	as(TASK);
	enter("map_pages");
	fl_emit(FL_EV_PM_UNDERFLOW, FL_DEVICE_SMMU, 0, 0, 0);
	keeps("kernel-warning");
}

static void robbed_by_a_handler(void **state)
{
	(void)state;
	map_while_robbed();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	put(FL_DEVICE_SMMU, true);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	end_of_map();
	breaks("pm-imbalance in context_fault (puts more than it got)");
}

static void a_balanced_handler(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, 1, true);
	enter("get_fault_info");
	get(FL_DEVICE_SMMU, 1, true);
	put(FL_DEVICE_SMMU, true);
	leave();
	put(FL_DEVICE_SMMU, true);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	finish(FL_END_QUIET);
	keeps("pm-imbalance");
	assert_true(premise("pm-imbalance"));
}

static void only_the_inner_function_is_to_blame(void **state)
{
	(void)state;
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	enter("set_stall");
	get(FL_DEVICE_SMMU, 1, true);
	leave();
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	breaks("pm-imbalance in set_stall (keeps a reference)");
}

static void the_scenarios_references_are_its_own(void **state)
{
	(void)state;
	as(TASK);
	get(FL_DEVICE_SMMU, 1, true);
	finish(FL_END_QUIET);
	keeps("pm-imbalance");
	assert_false(premise("pm-imbalance"));
}

static void a_count_that_nobody_accounts_for(void **state)
{
	(void)state;
	set_status(FL_DEVICE_GPU, FL_RPM_SUSPENDED);
	fake.pm[FL_DEVICE_SMMU].usage_count++;
	finish(FL_END_QUIET);
	breaks("pm-imbalance (usage count at quiescence)");
}

static void a_link_that_came_and_went(void **state)
{
	(void)state;
	/* The GPU was active at the start, its link held one reference, and was suspended. */
	set_status(FL_DEVICE_GPU, FL_RPM_SUSPENDED);
	fake.pm[FL_DEVICE_SMMU].usage_count--;
	finish(FL_END_QUIET);
	keeps("pm-imbalance");
}

static void a_drift_is_judged_at_quiescence_only(void **state)
{
	(void)state;
	set_status(FL_DEVICE_GPU, FL_RPM_SUSPENDED);
	fake.pm[FL_DEVICE_SMMU].usage_count++;
	finish(FL_END_STEP_LIMIT);
	keeps("pm-imbalance");
}

static void sleeping_in_atomic(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(GLOBAL_LINE, FL_BANK_GLOBAL, "global_fault");
	fl_emit_text(FL_EV_MAY_SLEEP, 1, 0, 0, 0, "pm_runtime_resume_and_get");
	breaks("sleep-in-atomic in global_fault");
}

static void sleeping_where_it_may(void **state)
{
	(void)state;
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit_text(FL_EV_MAY_SLEEP, 0, 0, 0, 0, "mutex_lock");
	keeps("sleep-in-atomic");
	assert_true(premise("sleep-in-atomic"));
}

const struct CMUnitTest pm_tests[] = {
	STORY(a_handler_keeps_a_reference),
	STORY(a_handler_puts_anothers_reference),
	STORY(a_put_without_a_reference),
	STORY(robbed_by_nobody_known),
	STORY(robbed_by_the_scenario),
	STORY(robbed_by_a_handler),
	STORY(a_balanced_handler),
	STORY(only_the_inner_function_is_to_blame),
	STORY(the_scenarios_references_are_its_own),
	STORY(a_count_that_nobody_accounts_for),
	STORY(a_link_that_came_and_went),
	STORY(a_drift_is_judged_at_quiescence_only),
	STORY(sleeping_in_atomic),
	STORY(sleeping_where_it_may),
	STORIES_END,
};

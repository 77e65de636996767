/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost-stall, resume-order, lost-fault. */
#include "check_test.h"

static void a_stall_stays(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, true);
	finish(FL_END_DEADLOCK);
	breaks("lost-stall");
	assert_true(premise("lost-stall"));
}

static void a_stall_is_retired(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, true);
	as(THREAD);
	retire(0, 1, FL_RETIRE_RESUME_TERMINATE);
	finish(FL_END_QUIET);
	keeps("lost-stall");
}

static void ss_without_a_transaction(void **state)
{
	(void)state;
	fake.banks[0].fsr = SMMU_FSR_SS;
	finish(FL_END_QUIET);
	breaks("lost-stall");
}

static void ss_of_a_collapsed_device(void **state)
{
	(void)state;
	fake.banks[0].fsr = SMMU_FSR_SS;
	set_power(FL_POWER_COLLAPSED);
	finish(FL_END_QUIET);
	keeps("lost-stall");
}

static void ss_in_a_bank_of_nobody(void **state)
{
	(void)state;
	fake.banks[1].fsr = SMMU_FSR_SS;
	finish(FL_END_QUIET);
	keeps("lost-stall");
}

static void a_stall_in_an_inconclusive_run(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, true);
	finish(FL_END_STEP_LIMIT);
	keeps("lost-stall");
	finish(FL_END_LIVELOCK);
	keeps("lost-stall");
	fake.step += 5000;
	finish(FL_END_LIVELOCK);
	breaks("lost-stall");
}

static void resume(uint32_t fsr, bool accepted)
{
	fl_emit(FL_EV_RESUME_WRITE, 0, 1, fsr, accepted);
}

static void resume_before_the_clear(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	enter("resume_translation");
	resume(SMMU_FSR_TF | SMMU_FSR_SS, false);
	breaks("resume-order in resume_translation");
}

static void resume_after_the_clear(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, SMMU_FSR_TF, SMMU_FSR_TF | SMMU_FSR_SS, SMMU_FSR_SS);
	/* FORMAT is no fault. */
	resume(SMMU_FSR_SS | SMMU_FSR_FORMAT, true);
	keeps("resume-order");
	assert_true(premise("resume-order"));
}

static void resume_after_a_fault_came_in_between(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, SMMU_FSR_TF, SMMU_FSR_TF | SMMU_FSR_SS, SMMU_FSR_SS);
	resume(SMMU_FSR_TF | SMMU_FSR_SS, false);
	breaks("resume-order in context_fault (recorded after the clear)");
}

static void read_fsr(uint32_t value)
{
	fl_emit(FL_EV_REG_READ, FL_REGISTER(FL_REGION_SMMU, bank_register(0, SMMU_FSR)), value, 0,
		4);
}

/* A handler that serves one fault after the other, each in the wrong order. */
static void resume_of_a_fault_that_was_read(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, SMMU_FSR_TF, SMMU_FSR_TF | SMMU_FSR_SS, SMMU_FSR_SS);
	read_fsr(SMMU_FSR_TF | SMMU_FSR_SS);
	resume(SMMU_FSR_TF | SMMU_FSR_SS, false);
	breaks("resume-order in context_fault");
}

static void resume_of_a_fault_that_others_read(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_FSR_WRITE, 0, SMMU_FSR_TF, SMMU_FSR_TF | SMMU_FSR_SS, SMMU_FSR_SS);
	/* SS alone is no fault that the handler knows of. */
	read_fsr(SMMU_FSR_SS);
	as(TASK);
	read_fsr(SMMU_FSR_TF | SMMU_FSR_SS);
	as(HARDIRQ);
	resume(SMMU_FSR_TF | SMMU_FSR_SS, false);
	breaks("resume-order in context_fault (recorded after the clear)");
}

static void resume_after_a_clear_that_went_nowhere(void **state)
{
	(void)state;
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_OFF_ACCESS, FL_REGISTER(FL_REGION_SMMU, 0), 0, 1, FL_POWER_GATED);
	resume(SMMU_FSR_TF, false);
	keeps("resume-order");
}

static void resume_order_is_the_mmu500s(void **state)
{
	(void)state;
	fake.hardware.qcom_v2 = true;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	resume(SMMU_FSR_TF | SMMU_FSR_SS, true);
	keeps("resume-order");
	assert_false(premise("resume-order"));
}

static void clear_in_handler(bool report)
{
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	read_register(bank_register(0, SMMU_FSR), 1);
	if (report)
		fl_emit(FL_EV_REPORT, 0, 0x1000, 0, 0);
	retire(0, 1, FL_RETIRE_W1C);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
}

static void cleared_and_not_reported(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	clear_in_handler(false);
	keeps("lost-fault");
	finish(FL_END_QUIET);
	breaks("lost-fault in context_fault (retired unreported)");
	assert_true(premise("lost-fault"));
}

static void cleared_and_reported(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	clear_in_handler(true);
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void dropped_with_the_power(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	as(WORKER);
	begin_suspend();
	end_suspend();
	retire(0, 1, FL_RETIRE_POWER_LOSS);
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void dropped_by_the_drivers_reset(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	as(WORKER);
	begin_suspend();
	end_suspend();
	begin_resume();
	retire(0, 1, FL_RETIRE_W1C);
	end_resume();
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void dropped_at_shutdown(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	as(TASK);
	enter("arm_smmu_device_shutdown");
	retire(0, 1, FL_RETIRE_W1C);
	leave();
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void never_served(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	finish(FL_END_QUIET);
	breaks("lost-fault (never served)");
}

static void garbage_after_a_power_loss(void **state)
{
	(void)state;
	fl_emit_text(FL_EV_FAULT_RECORDED, 1, 0, SMMU_FSR_SS, 0, "unknown after power loss");
	clear_in_handler(false);
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void the_drivers_own_translation(void **state)
{
	(void)state;
	fl_emit_text(FL_EV_FAULT_RECORDED, 1, 0, SMMU_FSR_TF, 0, "ECATS");
	clear_in_handler(false);
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void not_served_while_suspended(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	as(WORKER);
	begin_suspend();
	end_suspend();
	finish(FL_END_QUIET);
	keeps("lost-fault");
}

static void in_a_bank_of_nobody(void **state)
{
	(void)state;
	as(AGENT);
	record(1, 1, false);
	finish(FL_END_QUIET);
	keeps("lost-fault");
	assert_false(premise("lost-fault"));
}

static void about_to_report_when_the_world_stopped(void **state)
{
	(void)state;
	as(AGENT);
	record(0, 1, false);
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	retire(0, 1, FL_RETIRE_W1C);
	finish(FL_END_DEADLOCK);
	keeps("lost-fault");
}

const struct CMUnitTest fault_tests[] = {
	STORY(a_stall_stays),
	STORY(a_stall_is_retired),
	STORY(ss_without_a_transaction),
	STORY(ss_of_a_collapsed_device),
	STORY(ss_in_a_bank_of_nobody),
	STORY(a_stall_in_an_inconclusive_run),
	STORY(resume_before_the_clear),
	STORY(resume_after_the_clear),
	STORY(resume_after_a_fault_came_in_between),
	STORY(resume_after_a_clear_that_went_nowhere),
	STORY(resume_of_a_fault_that_was_read),
	STORY(resume_of_a_fault_that_others_read),
	STORY(resume_order_is_the_mmu500s),
	STORY(cleared_and_not_reported),
	STORY(cleared_and_reported),
	STORY(dropped_with_the_power),
	STORY(dropped_by_the_drivers_reset),
	STORY(dropped_at_shutdown),
	STORY(never_served),
	STORY(garbage_after_a_power_loss),
	STORY(the_drivers_own_translation),
	STORY(not_served_while_suspended),
	STORY(in_a_bank_of_nobody),
	STORY(about_to_report_when_the_world_stopped),
	STORIES_END,
};

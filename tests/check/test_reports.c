/* SPDX-License-Identifier: GPL-2.0-or-later */
/* double-report, torn-report. */
#include "check_test.h"

#define CBFRSYNRA_0 (SMMU_PAGE_SIZE + SMMU_CBFRSYNRA(0))

static void report(void)
{
	fl_emit(FL_EV_REPORT, 0, 0x1000, 0, 0);
}

static void begin(void)
{
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
}

static void end(void)
{
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
}

static void read_fsr(uint32_t value, uint32_t fault)
{
	fl_emit(FL_EV_REG_READ, FL_REGISTER(FL_REGION_SMMU, bank_register(0, SMMU_FSR)), value,
		fault, 4);
}

/* A handler in the order of 6.12; the ids that its reads belong to. */
static void handle(uint32_t far, uint32_t fsr, uint32_t fsynr0, uint32_t stream)
{
	begin();
	read_register(bank_register(0, SMMU_FAR), far);
	read_fsr(SMMU_FSR_TF, fsr);
	read_register(bank_register(0, SMMU_FSYNR0), fsynr0);
	read_register(CBFRSYNRA_0, stream);
	report();
	end();
}

static void reported_twice(void **state)
{
	(void)state;
	record(0, 1, true);
	handle(1, 1, 1, 1);
	keeps("double-report");
	assert_true(premise("double-report"));
	handle(1, 1, 1, 1);
	breaks("double-report in context_fault (report)");
}

static void reported_again_for_multi(void **state)
{
	(void)state;
	record(0, 1, false);
	for (unsigned int i = 0; i < 2; i++) {
		begin();
		read_fsr(i ? SMMU_FSR_MULTI : SMMU_FSR_TF, 1);
		report();
		end();
	}
	breaks("double-report in context_fault (report of MULTI alone)");
}

static void two_faults_reported(void **state)
{
	(void)state;
	record(0, 1, false);
	handle(1, 1, 1, 1);
	retire(0, 1, FL_RETIRE_W1C);
	record(0, 2, false);
	handle(2, 2, 2, 2);
	keeps("double-report");
	keeps("torn-report");
}

static void nested_reads_are_not_the_handlers(void **state)
{
	(void)state;
	record(0, 1, true);
	begin();
	read_register(bank_register(0, SMMU_FSR), 1);
	/* The fault info hook of the client's callback meets a newer fault. */
	record(0, 2, true);
	enter("get_fault_info");
	read_register(bank_register(0, SMMU_FSR), 2);
	leave();
	report();
	end();
	handle(2, 2, 2, 2);
	keeps("double-report");
}

static void resume(uint32_t fsr, bool accepted)
{
	fl_emit(FL_EV_RESUME_WRITE, 0, 1, fsr, accepted);
}

static void resumed_twice(void **state)
{
	(void)state;
	record(0, 1, true);
	begin();
	resume(SMMU_FSR_SS, true);
	retire(0, 1, FL_RETIRE_RESUME_TERMINATE);
	keeps("double-report");
	as(WORKER);
	enter("fault_worker");
	resume(0, false);
	breaks("double-report in fault_worker (RESUME)");
}

static void an_ignored_resume_is_another_matter(void **state)
{
	(void)state;
	record(0, 1, true);
	begin();
	resume(SMMU_FSR_TF | SMMU_FSR_SS, false);
	resume(SMMU_FSR_SS, true);
	end();
	keeps("double-report");
}

static void each_fault_has_its_resume(void **state)
{
	(void)state;
	for (uint32_t fault = 1; fault < 4; fault++) {
		record(0, fault, true);
		begin();
		resume(SMMU_FSR_SS, true);
		retire(0, fault, FL_RETIRE_RESUME_TERMINATE);
		end();
	}
	keeps("double-report");
}

static void far_is_older_than_fsr(void **state)
{
	(void)state;
	record(0, 2, false);
	handle(1, 2, 2, 2);
	breaks("torn-report in context_fault");
	assert_true(premise("torn-report"));
}

static void the_stream_is_newer(void **state)
{
	(void)state;
	record(0, 1, false);
	handle(1, 1, 1, 2);
	breaks("torn-report in context_fault");
}

static void all_of_one_fault(void **state)
{
	(void)state;
	record(0, 1, false);
	handle(1, 1, 1, 1);
	keeps("torn-report");
	assert_true(premise("torn-report"));
}

static void looked_again_before_the_report(void **state)
{
	(void)state;
	record(0, 1, false);
	begin();
	read_register(bank_register(0, SMMU_FSR), 1);
	read_register(bank_register(0, SMMU_FAR), 1);
	record(0, 2, false);
	read_register(bank_register(0, SMMU_FSR), 2);
	report();
	end();
	keeps("torn-report");
}

static void nothing_was_recorded(void **state)
{
	(void)state;
	handle(1, 0, 1, 1);
	keeps("torn-report");
	assert_false(premise("torn-report"));
}

static void garbage_is_not_torn(void **state)
{
	(void)state;
	record(0, 1, false);
	begin();
	read_register(bank_register(0, SMMU_FSR), 1);
	set_power(FL_POWER_GATED);
	read_register(bank_register(0, SMMU_FAR), 0);
	report();
	end();
	keeps("torn-report");
}

static void torn_fault_info(void **state)
{
	(void)state;
	record(0, 1, false);
	begin();
	read_register(bank_register(0, SMMU_FSR), 1);
	read_register(bank_register(0, SMMU_FAR), 1);
	enter("get_fault_info");
	read_register(bank_register(0, SMMU_FSR), 1);
	read_register(bank_register(0, SMMU_FAR), 2);
	leave();
	report();
	end();
	breaks("torn-report in get_fault_info");
}

static void another_bank_is_another_matter(void **state)
{
	(void)state;
	record(0, 1, false);
	begin();
	read_register(bank_register(1, SMMU_FAR), 7);
	read_register(bank_register(0, SMMU_FSR), 1);
	report();
	end();
	keeps("torn-report");
}

const struct CMUnitTest report_tests[] = {
	STORY(reported_twice),
	STORY(reported_again_for_multi),
	STORY(two_faults_reported),
	STORY(nested_reads_are_not_the_handlers),
	STORY(resumed_twice),
	STORY(an_ignored_resume_is_another_matter),
	STORY(each_fault_has_its_resume),
	STORY(far_is_older_than_fsr),
	STORY(the_stream_is_newer),
	STORY(all_of_one_fault),
	STORY(looked_again_before_the_report),
	STORY(nothing_was_recorded),
	STORY(garbage_is_not_torn),
	STORY(torn_fault_info),
	STORY(another_bank_is_another_matter),
	STORIES_END,
};

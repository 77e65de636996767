/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context faults: recording, write-one-to-clear, SS and RESUME, the interrupt output. */
#include "smmu_test.h"

static void test_first_fault_is_recorded(void **state)
{
	struct smmu_bank_view view;
	struct fl_event recorded;

	fresh_device();
	set_up(SCTLR_BASE);
	assert_int_equal(dma_now(UNMAPPED + 0x123, true), SMMU_OUTCOME_ABORTED);
	smmu_bank_view(0, &view);
	assert_int_equal(view.fsr, SMMU_FSR_TF | SMMU_FSR_FORMAT_AARCH64);
	assert_int_equal(view.far, UNMAPPED + 0x123);
	assert_int_equal(view.fsynr0, SMMU_FSYNR0_WNR | 3);
	assert_int_equal(view.cbfrsynra, STREAM);
	assert_int_equal(view.fault, 1);
	assert_true(line_level[0]);
	recorded = last_event(FL_EV_FAULT_RECORDED);
	assert_int_equal(recorded.a, 1);
	assert_int_equal(recorded.b, 0);
	assert_int_equal(recorded.c, view.fsr);
	assert_int_equal(recorded.d, 0);
	assert_int_equal(last_event(FL_EV_TXN_FAULT).d, UNMAPPED + 0x123);
	assert_int_equal(last_event(FL_EV_TXN_DONE).d, 1);
	assert_int_equal(smmu_fault_count(), 1);
	assert_int_equal(smmu_fault_bank(1), 0);
}

static void test_mapped_goes_through(void **state)
{
	fresh_device();
	set_up(SCTLR_STALL);
	assert_int_equal(dma_now(MAPPED, true), SMMU_OUTCOME_OK);
	assert_int_equal(fsr(), 0);
	assert_int_equal(level_changes, 0);
	wr(CB(0, SMMU_SCTLR), 0);
	assert_int_equal(dma_now(UNMAPPED, true), SMMU_OUTCOME_BYPASSED);
}

static void test_w1c(void **state)
{
	struct fl_event write;

	fresh_device();
	set_up(SCTLR_BASE);
	dma(UNMAPPED, false);
	wr(CB(0, SMMU_FSR), SMMU_FSR_PF);
	assert_true(fsr() & SMMU_FSR_TF);
	assert_true(line_level[0]);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_int_equal(fsr(), 0);
	assert_false(line_level[0]);
	write = last_event(FL_EV_FSR_WRITE);
	assert_int_equal(write.b, SMMU_FSR_TF);
	assert_true(write.c & SMMU_FSR_TF);
	assert_false(write.d & SMMU_FSR_TF);
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 1);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_W1C);
	assert_false(smmu_fault_live(1));
	/* The syndrome stays readable. */
	assert_int_equal(smmu_read(CB(0, SMMU_FAR), 8), UNMAPPED);
}

static void test_multi_keeps_first_syndrome(void **state)
{
	struct smmu_bank_view view;

	fresh_device();
	set_up(SCTLR_BASE);
	dma(UNMAPPED, false);
	dma(UNMAPPED + 0x1000, true);
	smmu_bank_view(0, &view);
	assert_true(view.fsr & SMMU_FSR_MULTI);
	assert_int_equal(view.far, UNMAPPED);
	assert_int_equal(view.fsynr0 & SMMU_FSYNR0_WNR, 0);
	assert_int_equal(smmu_fault_count(), 1);
	assert_int_equal(last_event(FL_EV_FAULT_MULTI).a, 1);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	/* MULTI alone keeps the fault and the line. */
	assert_true(smmu_fault_live(1));
	assert_true(line_level[0]);
	wr(CB(0, SMMU_FSR), SMMU_FSR_MULTI);
	assert_false(smmu_fault_live(1));
	assert_false(line_level[0]);
}

static void test_cfre(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE & ~SMMU_SCTLR_CFRE);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_DROPPED);
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_ABORTED);
}

static void test_cfie(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE & ~SMMU_SCTLR_CFIE);
	dma(UNMAPPED, false);
	assert_false(line_level[0]);
	assert_false(smmu_fault_asserting(1));
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE);
	assert_true(line_level[0]);
	assert_true(smmu_output(0));
	assert_true(smmu_fault_asserting(1));
	assert_int_equal(last_event(FL_EV_OUTPUT).b, 1);
	assert_int_equal(last_event(FL_EV_SCTLR_WRITE).b, SCTLR_BASE);
	assert_int_equal(last_event(FL_EV_SCTLR_WRITE).c, SCTLR_BASE & ~SMMU_SCTLR_CFIE);
}

static void test_stall_and_terminate(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_int_equal(smmu_dma_pending(), 1);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(last_event(FL_EV_FAULT_RECORDED).d, 1);
	assert_int_equal(last_event(FL_EV_TXN_STALLED).c, 1);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	assert_true(smmu_fault_live(1));
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 0);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr(), 0);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_ABORTED);
	assert_int_equal(last_event(FL_EV_RESUME_WRITE).d, 1);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_pending(), 0);
	assert_false(line_level[0]);
}

static void test_retry(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	wr(CB(0, SMMU_RESUME), 0);
	/* Still unmapped: a new fault, and the line never fell. */
	assert_int_equal(smmu_fault_count(), 2);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).a, 1);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_RESUME_RETRY);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(level_changes, 1);
	set_entry(3, UNMAPPED >> 12, MAPPED_PA | PAGE_RW);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	wr(CB(0, SMMU_RESUME), 0);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_OK);
	assert_int_equal(fsr(), 0);
	assert_false(line_level[0]);
}

static void test_ss_alone_on_the_line(void **state)
{
	fresh_device();
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_true(line_level[0]);
	assert_true(smmu_fault_asserting(1));

	fresh_device();
	fl_knobs.ss_asserts_line = 1;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	assert_true(line_level[0]);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_false(line_level[0]);
	assert_true(smmu_fault_live(1));
	assert_false(smmu_fault_asserting(1));
}

/* RESUME first, FSR second: the order before v6.16. */
static void resume_first(uint8_t while_faulted, uint8_t policy)
{
	fresh_device();
	fl_knobs.resume_while_faulted = while_faulted;
	fl_knobs.resume_ignored_policy = policy;
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
}

static void test_resume_while_faulted(void **state)
{
	resume_first(FL_RESUME_IGNORED, FL_RESUME_LITERAL);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	assert_int_equal(last_event(FL_EV_RESUME_WRITE).d, 0);
	assert_true(line_level[0]);
	/* Literal: the duplicate heals it. */
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr(), 0);

	resume_first(FL_RESUME_IGNORED, FL_RESUME_STICKY);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	assert_true(line_level[0]);
	smmu_hardware_reset();
	assert_int_equal(fsr(), 0);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_RESET);

	resume_first(FL_RESUME_ACCEPTED, FL_RESUME_LITERAL);
	assert_int_equal(fsr(), 0);
	assert_false(line_level[0]);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_W1C);
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 1);
}

static void test_resume_without_ss(void **state)
{
	fresh_device();
	set_up(SCTLR_STALL);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(last_event(FL_EV_RESUME_WRITE).d, 0);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_PENDING);

	fresh_device();
	fl_knobs.resume_without_ss = 1;
	set_up(SCTLR_STALL);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_ABORTED);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_PENDING);
}

static void test_fsrrestore(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(CB(0, SMMU_FSRRESTORE), SMMU_FSR_TF);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF);
	assert_true(line_level[0]);
	assert_int_equal(count_events(FL_EV_FAULT_RECORDED), 1);
	assert_string_equal(last_event(FL_EV_FAULT_RECORDED).text, "FSRRESTORE");
	wr(CB(0, SMMU_FSRRESTORE), SMMU_FSR_PF | SMMU_FSR_SS);
	assert_int_equal(count_events(FL_EV_FAULT_RECORDED), 1);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	/* SS needs its RESUME even without a transaction. */
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr(), 0);
	assert_int_equal(count_events(FL_EV_FAULT_RETIRED), 1);
}

static void test_disabled_bank(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), 0);
	assert_false(line_level[0]);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_true(smmu_fault_live(1));

	fresh_device();
	fl_knobs.disabled_bank = 1;
	set_up(SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), 0);
	assert_int_not_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_int_equal(fsr(), 0);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).c, FL_RETIRE_TEARDOWN);
}

/* Which fault a value read belongs to: a torn report reads two. */
static void test_fault_of_reads(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	smmu_read(CB(0, SMMU_FAR), 8);
	assert_int_equal(last_event(FL_EV_REG_READ).c, 0);
	dma(UNMAPPED, false);
	rd(CB(0, SMMU_FSR));
	assert_int_equal(last_event(FL_EV_REG_READ).c, 1);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_int_equal(last_event(FL_EV_REG_WRITE).c, 1);
	rd(CB(0, SMMU_FSR));
	assert_int_equal(last_event(FL_EV_REG_READ).c, 0);
	smmu_read(CB(0, SMMU_FAR), 8);
	assert_int_equal(last_event(FL_EV_REG_READ).c, 1);
	dma(UNMAPPED + 0x1000, false);
	rd(GR1(SMMU_CBFRSYNRA(0)));
	assert_int_equal(last_event(FL_EV_REG_READ).c, 2);
	rd(CB(0, SMMU_FSYNR0));
	assert_int_equal(last_event(FL_EV_REG_READ).c, 2);
}

static void test_generation_is_exact(void **state)
{
	uint64_t before;

	fresh_device();
	set_up(SCTLR_STALL);
	before = smmu_generation();
	rd(CB(0, SMMU_FSR));
	wr(CB(0, SMMU_SCTLR), SCTLR_STALL);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	wr(CB(0, SMMU_RESUME), 1);
	wr(SMMU_TLBIALLH, ~0u);
	smmu_set_clocks(true);
	assert_int_equal(smmu_generation(), before);
	dma(UNMAPPED, false);
	assert_int_not_equal(smmu_generation(), before);
	before = smmu_generation();
	wr(CB(0, SMMU_RESUME), 1);
	assert_int_equal(smmu_generation(), before);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_int_not_equal(smmu_generation(), before);
	before = smmu_generation();
	smmu_set_clocks(false);
	assert_int_not_equal(smmu_generation(), before);
}

static unsigned int waited;
static enum smmu_outcome outcome;
static fl_context_t waiter;

static void wait_for_it(void *arg)
{
	outcome = smmu_dma_wait(dma(UNMAPPED, false));
}

static void wait_then_resume(void *arg)
{
	fl_context_activate(waiter);
	while (fl_context_state(waiter) != FL_BLOCKED && waited < 100) {
		fl_yield();
		waited++;
	}
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
}

static void test_wait(void **state)
{
	fresh_device();
	set_up(SCTLR_STALL);
	waiter = fl_context_create("waiter", FL_CONTEXT_AGENT, 0, wait_for_it, NULL);
	waited = 0;
	outcome = SMMU_OUTCOME_OK;
	assert_int_equal(run(wait_then_resume), FL_END_QUIET);
	assert_true(waited < 100);
	assert_int_equal(outcome, SMMU_OUTCOME_ABORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_fault_is_recorded),
		cmocka_unit_test(test_mapped_goes_through),
		cmocka_unit_test(test_w1c),
		cmocka_unit_test(test_multi_keeps_first_syndrome),
		cmocka_unit_test(test_cfre),
		cmocka_unit_test(test_cfie),
		cmocka_unit_test(test_stall_and_terminate),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_ss_alone_on_the_line),
		cmocka_unit_test(test_resume_while_faulted),
		cmocka_unit_test(test_resume_without_ss),
		cmocka_unit_test(test_fsrrestore),
		cmocka_unit_test(test_disabled_bank),
		cmocka_unit_test(test_fault_of_reads),
		cmocka_unit_test(test_generation_is_exact),
		cmocka_unit_test(test_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

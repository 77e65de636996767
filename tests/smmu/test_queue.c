/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Further transactions of a bank with a fault: queue, MULTI while stalled, HUPCF, CFCFG. */
#include "smmu_test.h"

static unsigned int queued(void)
{
	struct smmu_bank_view view;

	smmu_bank_view(0, &view);
	return view.queued;
}

/* What the core does since v6.16. */
static void handle(uint32_t resume)
{
	uint32_t seen = rd(CB(0, SMMU_FSR));

	wr(CB(0, SMMU_FSR), seen);
	wr(CB(0, SMMU_RESUME), resume);
}

static void test_held_until_resume(void **state)
{
	unsigned int second;
	struct smmu_bank_view view;

	fresh_device();
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	second = dma(UNMAPPED + 0x1000, false);
	assert_int_equal(queued(), 1);
	assert_int_equal(smmu_dma_pending(), 2);
	assert_int_equal(last_event(FL_EV_TXN_STALLED).c, 0);
	/* Held: neither MULTI nor a second fault, not even when only SS is left. */
	assert_false(fsr() & SMMU_FSR_MULTI);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	dma(UNMAPPED + 0x2000, false);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	assert_int_equal(queued(), 2);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	/* The next one has won: its own fault, its own RESUME. */
	smmu_bank_view(0, &view);
	assert_int_equal(view.fault, 2);
	assert_int_equal(view.far, UNMAPPED + 0x1000);
	assert_int_equal(view.queued, 1);
	assert_true(line_level[0]);
	assert_int_equal(smmu_dma_outcome(second), SMMU_OUTCOME_PENDING);
	handle(SMMU_RESUME_TERMINATE);
	handle(SMMU_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_pending(), 0);
	assert_int_equal(smmu_fault_count(), 3);
	assert_false(line_level[0]);
}

static void test_recorded_while_stalled(void **state)
{
	unsigned int first, second;
	struct smmu_bank_view view;

	fresh_device();
	fl_knobs.multi_while_stalled = FL_MULTI_RECORDED;
	set_up(SCTLR_STALL);
	first = dma(UNMAPPED, false);
	dma(UNMAPPED + 0x1000, false);
	assert_true(fsr() & SMMU_FSR_MULTI);
	/* Only SS left: the one that waited is recorded at once. */
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF | SMMU_FSR_MULTI);
	smmu_bank_view(0, &view);
	assert_int_equal(view.fsr & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(view.far, UNMAPPED + 0x1000);
	assert_int_equal(view.fault, 2);
	assert_true(smmu_fault_live(1));
	/* So the RESUME for the first comes too early. */
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_outcome(first), SMMU_OUTCOME_PENDING);
	assert_int_equal(last_event(FL_EV_RESUME_WRITE).d, 0);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_true(smmu_fault_live(2));
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_outcome(first), SMMU_OUTCOME_ABORTED);
	assert_false(smmu_fault_live(1));
	/* SS has passed to the second, which was recorded already. */
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_SS);
	assert_true(smmu_fault_live(2));
	assert_int_equal(smmu_fault_count(), 2);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(fsr(), 0);
	assert_false(smmu_fault_live(2));
	second = dma(MAPPED, false);
	assert_int_equal(smmu_dma_outcome(second), SMMU_OUTCOME_OK);
}

static void test_others_terminated(void **state)
{
	fresh_device_with(SMMU_MODEL_QCOM_V2, 0);
	fl_knobs.others_while_stalled = FL_OTHERS_TERMINATE;
	set_up(SCTLR_STALL);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_PENDING);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_ABORTED);
	assert_int_equal(queued(), 0);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);
}

static void test_queue_depth(void **state)
{
	static const unsigned int depths[] = {4, 0, 1, 8};

	for (unsigned int knob = 0; knob < 4; knob++) {
		fresh_device();
		fl_knobs.stall_queue_depth = knob;
		set_up(SCTLR_STALL);
		dma(UNMAPPED, false);
		for (unsigned int i = 0; i < depths[knob]; i++)
			assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_PENDING);
		assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_ABORTED);
		assert_int_equal(queued(), depths[knob]);
	}
}

static unsigned int winner_iova;

static void three_faults(void *arg)
{
	struct smmu_bank_view view;

	for (unsigned int i = 0; i < 3; i++)
		dma(UNMAPPED + 0x1000 * i, false);
	handle(SMMU_RESUME_TERMINATE);
	smmu_bank_view(0, &view);
	winner_iova = view.far;
}

/* Which of the waiting transactions wins is the hardware's choice. */
static void test_winner_is_chosen(void **state)
{
	const struct fl_decision second = {.kind = FL_CHOOSE_HARDWARE, .at = 0, .value = 1};

	fresh_device();
	set_up(SCTLR_STALL);
	run(three_faults);
	assert_int_equal(winner_iova, UNMAPPED + 0x1000);
	fresh_device();
	set_up(SCTLR_STALL);
	run_with(three_faults, &second, 1);
	assert_int_equal(winner_iova, UNMAPPED + 0x2000);
}

static void test_hupcf_clear_blocks_the_bank(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_BASE & ~SMMU_SCTLR_HUPCF);
	dma(UNMAPPED, false);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_ABORTED);
	assert_false(fsr() & SMMU_FSR_MULTI);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);

	fresh_device();
	set_up(SCTLR_STALL & ~SMMU_SCTLR_HUPCF);
	dma(UNMAPPED, false);
	txn = dma(MAPPED, false);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	handle(SMMU_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_OK);

	fresh_device();
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);
}

/* CFCFG is sampled after the fault, and again when a waiting transaction's turn comes. */
static void test_cfcfg_is_sampled_late(void **state)
{
	unsigned int second;

	fresh_device();
	set_up(SCTLR_STALL);
	dma(UNMAPPED, false);
	second = dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE);
	assert_int_equal(smmu_dma_outcome(second), SMMU_OUTCOME_PENDING);
	assert_true(fsr() & SMMU_FSR_SS);
	handle(SMMU_RESUME_TERMINATE);
	assert_int_equal(smmu_dma_outcome(second), SMMU_OUTCOME_ABORTED);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	wr(CB(0, SMMU_SCTLR), SCTLR_STALL);
	assert_int_equal(dma_now(UNMAPPED, false), SMMU_OUTCOME_PENDING);
}

static void test_cfcfg_cleared_flushes(void **state)
{
	unsigned int first, second;

	fresh_device();
	fl_knobs.cfcfg_cleared = 1;
	set_up(SCTLR_STALL);
	first = dma(UNMAPPED, false);
	second = dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE);
	assert_int_equal(smmu_dma_outcome(second), SMMU_OUTCOME_ABORTED);
	/* SS is RESUME's alone. */
	assert_int_equal(smmu_dma_outcome(first), SMMU_OUTCOME_PENDING);
	assert_true(fsr() & SMMU_FSR_SS);
}

/* A type bit without SS, then stalling is switched on: MULTI, and a turn after the W1C. */
static void test_wait_for_w1c(void **state)
{
	unsigned int txn;

	fresh_device();
	set_up(SCTLR_BASE);
	dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), SCTLR_STALL);
	txn = dma(UNMAPPED, false);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_MULTI);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF | SMMU_FSR_MULTI);
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF | SMMU_FSR_SS);
	assert_int_equal(smmu_fault_count(), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held_until_resume),
		cmocka_unit_test(test_recorded_while_stalled),
		cmocka_unit_test(test_others_terminated),
		cmocka_unit_test(test_queue_depth),
		cmocka_unit_test(test_winner_is_chosen),
		cmocka_unit_test(test_hupcf_clear_blocks_the_bank),
		cmocka_unit_test(test_cfcfg_is_sampled_late),
		cmocka_unit_test(test_cfcfg_cleared_flushes),
		cmocka_unit_test(test_wait_for_w1c),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The TBU debug block: halt and acknowledge, ECATS. */
#include "smmu_test.h"

static uint64_t tbu_rd(uint32_t offset)
{
	return smmu_tbu_read(0, offset, 8);
}

static void tbu_wr(uint32_t offset, uint64_t value)
{
	smmu_tbu_write(0, offset, value, 8);
}

static void test_halt_waits_for_stalled(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_STALL);
	assert_int_equal(tbu_rd(SMMU_TBU_STATUS), 0);
	dma(UNMAPPED, false);
	dma(UNMAPPED, false);
	tbu_wr(SMMU_TBU_SID_HALT, SMMU_TBU_HALT);
	assert_false(tbu_rd(SMMU_TBU_STATUS) & SMMU_TBU_STATUS_HALT_ACK);
	/* As the driver does: no stalling, FSR, RESUME; the one that waited is terminated as well.
	 */
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE & ~SMMU_SCTLR_CFIE);
	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	wr(CB(0, SMMU_SCTLR), SCTLR_STALL);
	assert_true(tbu_rd(SMMU_TBU_STATUS) & SMMU_TBU_STATUS_HALT_ACK);
	tbu_wr(SMMU_TBU_SID_HALT, 0);
	assert_int_equal(tbu_rd(SMMU_TBU_STATUS), 0);
}

static void test_halt_holds_transactions(void **state)
{
	unsigned int txn;

	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_BASE);
	tbu_wr(SMMU_TBU_SID_HALT, SMMU_TBU_HALT);
	txn = dma(MAPPED, false);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	assert_int_equal(smmu_dma_held(), 1);
	/* Held is not stalled. */
	assert_true(tbu_rd(SMMU_TBU_STATUS) & SMMU_TBU_STATUS_HALT_ACK);
	tbu_wr(SMMU_TBU_SID_HALT, 0);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_OK);
}

static void test_streams_of_tbus(void **state)
{
	struct smmu_request request = {.stream = 1024 + STREAM, .iova = MAPPED};
	unsigned int txn;

	fresh_device_with(SMMU_MODEL_MMU500, 2);
	set_up(SCTLR_BASE);
	route(1, 1024 + STREAM, 0);
	assert_int_equal(smmu_tbu_of(1023), 0);
	assert_int_equal(smmu_tbu_of(1024), 1);
	assert_int_equal(smmu_tbu_of(9999), 1);
	smmu_tbu_write(1, SMMU_TBU_SID_HALT, SMMU_TBU_HALT, 4);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);
	txn = smmu_dma(&request);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_PENDING);
	smmu_tbu_write(1, SMMU_TBU_SID_HALT, 0, 4);
	assert_int_equal(smmu_dma_outcome(txn), SMMU_OUTCOME_OK);
}

static void trigger(uint64_t iova)
{
	tbu_wr(SMMU_TBU_SID_HALT, (tbu_rd(SMMU_TBU_SID_HALT) & ~SMMU_TBU_SID) | STREAM);
	tbu_wr(SMMU_TBU_VA, iova);
	tbu_wr(SMMU_TBU_AXUSER, 0xffull << 36);
	tbu_wr(SMMU_TBU_TRIGGER, SMMU_TBU_TRIGGER_GO | SMMU_TBU_TRIGGER_PRIVILEGED);
}

static void test_ecats(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_BASE & ~SMMU_SCTLR_CFIE);
	tbu_wr(SMMU_TBU_SID_HALT, SMMU_TBU_HALT);
	trigger(MAPPED);
	assert_int_equal(tbu_rd(SMMU_TBU_PAR), MAPPED_PA);
	assert_int_equal(tbu_rd(SMMU_TBU_AXUSER), 0xffull << 36);
	tbu_wr(SMMU_TBU_TRIGGER, 0);
	trigger(UNMAPPED);
	assert_true(tbu_rd(SMMU_TBU_PAR) & SMMU_TBU_PAR_FAULT);
	/* It goes through the bank: its fault is recorded there. */
	assert_int_equal(fsr() & SMMU_FSR_FAULT, SMMU_FSR_TF);
	assert_int_equal(rd(GR1(SMMU_CBFRSYNRA(0))), STREAM);
	assert_false(tbu_rd(SMMU_TBU_STATUS) & SMMU_TBU_STATUS_RUNNING);
}

/* With CFCFG left on, the ECATS itself stalls, and neither it nor the halt completes. */
static void test_ecats_may_stall(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_STALL);
	tbu_wr(SMMU_TBU_SID_HALT, SMMU_TBU_HALT);
	trigger(UNMAPPED);
	assert_int_equal(tbu_rd(SMMU_TBU_STATUS), SMMU_TBU_STATUS_RUNNING);
	assert_true(line_level[0]);
	wr(CB(0, SMMU_FSR), SMMU_FSR_TF);
	wr(CB(0, SMMU_RESUME), SMMU_RESUME_TERMINATE);
	assert_int_equal(tbu_rd(SMMU_TBU_STATUS), SMMU_TBU_STATUS_HALT_ACK);
}

static void test_ecats_of_unknown_stream(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_BASE);
	wr(SMMU_SMR(0), 0);
	trigger(MAPPED);
	assert_true(tbu_rd(SMMU_TBU_PAR) & SMMU_TBU_PAR_FAULT);
	assert_int_equal(smmu_gfsr(), SMMU_GFSR_USF);
}

static unsigned int polls;
static uint64_t early, late;

static void ecats_in_run(void *arg)
{
	trigger(MAPPED);
	early = tbu_rd(SMMU_TBU_PAR);
	for (polls = 0; tbu_rd(SMMU_TBU_STATUS) & SMMU_TBU_STATUS_RUNNING && polls < 100; polls++)
		;
	late = tbu_rd(SMMU_TBU_PAR);
}

static void test_ecats_takes_time(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	set_up(SCTLR_BASE);
	run(ecats_in_run);
	assert_int_equal(early, 0);
	assert_true(polls > 0 && polls < 100);
	assert_int_equal(late, MAPPED_PA);
}

static void test_half_accesses(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	smmu_tbu_write(0, SMMU_TBU_AXUSER + 4, 0xff0, 4);
	smmu_tbu_write(0, SMMU_TBU_AXUSER, 0x5, 4);
	assert_int_equal(tbu_rd(SMMU_TBU_AXUSER), 0xff000000005ull);
	assert_int_equal(smmu_tbu_read(0, SMMU_TBU_AXUSER + 4, 4), 0xff0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_halt_waits_for_stalled),
		cmocka_unit_test(test_halt_holds_transactions),
		cmocka_unit_test(test_streams_of_tbus),
		cmocka_unit_test(test_ecats),
		cmocka_unit_test(test_ecats_may_stall),
		cmocka_unit_test(test_ecats_of_unknown_stream),
		cmocka_unit_test(test_ecats_takes_time),
		cmocka_unit_test(test_half_accesses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

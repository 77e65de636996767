/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stream matching and global faults. */
#include "smmu_test.h"

static enum smmu_outcome dma_of(uint16_t stream)
{
	struct smmu_request request = {.stream = stream, .iova = MAPPED, .write = true};

	return smmu_dma_outcome(smmu_dma(&request));
}

static void test_unmatched_stream(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	assert_int_equal(dma_of(9), SMMU_OUTCOME_ABORTED);
	assert_int_equal(rd(SMMU_GFSR), SMMU_GFSR_USF);
	assert_int_equal(rd(SMMU_GFSYNR1), 9);
	assert_int_equal(rd(SMMU_GFSYNR0), SMMU_GFSYNR0_WNR);
	assert_int_equal(smmu_read(SMMU_GFAR, 8), MAPPED);
	assert_int_equal(smmu_gfsr(), SMMU_GFSR_USF);
	assert_int_equal(smmu_gfault(), 1);
	assert_int_equal(last_event(FL_EV_FAULT_RECORDED).b, FL_BANK_GLOBAL);
	assert_int_equal(smmu_fault_bank(1), FL_BANK_GLOBAL);
	assert_true(global_level);
	assert_true(smmu_fault_asserting(1));
	/* A second one: MULTI, first syndrome. */
	dma_of(10);
	assert_int_equal(rd(SMMU_GFSR), SMMU_GFSR_USF | SMMU_GFSR_MULTI);
	assert_int_equal(rd(SMMU_GFSYNR1), 9);
	wr(SMMU_GFSR, SMMU_GFSR_USF);
	assert_true(global_level);
	wr(SMMU_GFSR, SMMU_GFSR_MULTI);
	assert_false(global_level);
	assert_int_equal(last_event(FL_EV_FAULT_RETIRED).b, FL_BANK_GLOBAL);
	assert_int_equal(last_event(FL_EV_FSR_WRITE).a, FL_BANK_GLOBAL);
	assert_false(smmu_fault_live(1));
}

static void test_usfcfg_and_gfre(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_CR0, 0);
	assert_int_equal(dma_of(9), SMMU_OUTCOME_BYPASSED);
	wr(SMMU_CR0, SMMU_CR0_USFCFG);
	assert_int_equal(dma_of(9), SMMU_OUTCOME_DROPPED);
	assert_int_equal(smmu_gfsr(), SMMU_GFSR_USF);
	assert_false(global_level);
	wr(SMMU_CR0, SMMU_CR0_USFCFG | SMMU_CR0_GFIE);
	assert_true(global_level);
	/* At reset, clients bypass. */
	wr(SMMU_CR0, SMMU_CR0_CLIENTPD);
	assert_int_equal(dma_of(STREAM), SMMU_OUTCOME_BYPASSED);
}

static void test_stream_masks(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_SMR(0), SMMU_SMR_VALID | 0xfu << 16 | 0x20);
	assert_int_equal(dma_of(0x2b), SMMU_OUTCOME_OK);
	assert_int_equal(dma_of(0x3b), SMMU_OUTCOME_ABORTED);
	wr(SMMU_SMR(0), 0xfu << 16 | 0x20);
	assert_int_equal(dma_of(0x2b), SMMU_OUTCOME_ABORTED);
}

static void expect_global(uint32_t bit)
{
	wr(SMMU_GFSR, ~0u);
	assert_int_equal(dma_of(STREAM), SMMU_OUTCOME_ABORTED);
	assert_int_equal(smmu_gfsr(), bit);
}

static void test_kinds_of_global_fault(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_S2CR(0), SMMU_S2CR_FAULT << 16);
	expect_global(SMMU_GFSR_ICF);
	wr(SMMU_S2CR(0), 7);
	expect_global(SMMU_GFSR_UCBF);
	wr(SMMU_S2CR(0), 0);
	wr(GR1(SMMU_CBAR(0)), SMMU_CBAR_S1_S2_FAULT << 16);
	expect_global(SMMU_GFSR_ICF);
	wr(GR1(SMMU_CBAR(0)), SMMU_CBAR_S1_S2_BYPASS << 16);
	route(1, STREAM, 1);
	wr(SMMU_CR0, rd(SMMU_CR0) | SMMU_CR0_SMCFCFG);
	expect_global(SMMU_GFSR_SMCF);
	wr(SMMU_CR0, rd(SMMU_CR0) & ~SMMU_CR0_SMCFCFG);
	/* Unpredictable: here the first match counts. */
	assert_int_equal(dma_of(STREAM), SMMU_OUTCOME_OK);
	wr(SMMU_S2CR(0), SMMU_S2CR_BYPASS << 16);
	assert_int_equal(dma_of(STREAM), SMMU_OUTCOME_BYPASSED);
}

/* A configuration fault has an interrupt enable of its own. */
static void test_missing_bank(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_CR0, SMMU_CR0_GFIE);
	assert_int_equal(rd(CB(3, SMMU_FSR)), 0);
	assert_int_equal(smmu_gfsr(), SMMU_GFSR_CAF);
	assert_false(global_level);
	wr(SMMU_CR0, SMMU_CR0_GCFGFIE);
	assert_true(global_level);
}

static void test_gfsrrestore(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(SMMU_GFSRRESTORE, SMMU_GFSR_USF);
	assert_true(global_level);
	assert_int_equal(smmu_gfault(), 1);
	assert_string_equal(last_event(FL_EV_FAULT_RECORDED).text, "sGFSRRESTORE");
	wr(SMMU_GFSRRESTORE, SMMU_GFSR_MULTI);
	assert_int_equal(count_events(FL_EV_FAULT_MULTI), 1);
	assert_int_equal(smmu_fault_count(), 1);
	wr(SMMU_GFSR, ~0u);
	assert_false(global_level);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unmatched_stream),
		cmocka_unit_test(test_usfcfg_and_gfre),
		cmocka_unit_test(test_stream_masks),
		cmocka_unit_test(test_kinds_of_global_fault),
		cmocka_unit_test(test_missing_bank),
		cmocka_unit_test(test_gfsrrestore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

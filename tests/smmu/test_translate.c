/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table walk, and the operations that ask for one. */
#include "smmu_test.h"

#define TYPES SMMU_FSR_TYPES

static enum smmu_outcome access_as(uint64_t iova, bool write, bool privileged)
{
	struct smmu_request request = {
		.stream = STREAM,
		.iova = iova,
		.write = write,
		.privileged = privileged,
	};

	wr(CB(0, SMMU_FSR), SMMU_FSR_FAULT);
	return smmu_dma_outcome(smmu_dma(&request));
}

static void expect_fault(uint64_t iova, bool write, bool privileged, uint32_t type,
			 unsigned int level)
{
	assert_int_equal(access_as(iova, write, privileged), SMMU_OUTCOME_ABORTED);
	assert_int_equal(fsr() & TYPES, type);
	assert_int_equal(rd(CB(0, SMMU_FSYNR0)) & 3, level);
}

static void test_levels(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	expect_fault(UNMAPPED, false, false, SMMU_FSR_TF, 3);
	expect_fault(1ull << 21, false, false, SMMU_FSR_TF, 2);
	expect_fault(1ull << 30, false, false, SMMU_FSR_TF, 1);
	/* Beyond 36 bits there is no table. */
	expect_fault(1ull << 36, false, false, SMMU_FSR_TF, 0);
	/* A block descriptor at the last level is invalid. */
	set_entry(3, UNMAPPED >> 12, MAPPED_PA | BLOCK_RW);
	expect_fault(UNMAPPED, false, false, SMMU_FSR_TF, 3);
}

static void test_blocks(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	set_entry(2, 1, 0x80200000 | BLOCK_RW);
	set_entry(1, 1, 0xc0000000 | BLOCK_RW);
	assert_int_equal(access_as(0x212345, true, false), SMMU_OUTCOME_OK);
	assert_int_equal(access_as(0x7fffffff, true, false), SMMU_OUTCOME_OK);
	smmu_write(CB(0, SMMU_ATS1PR), 0x7ffff000, 8);
	assert_int_equal(smmu_read(CB(0, SMMU_PAR), 8) & SMMU_TBU_PA, 0xfffff000);
}

static void test_permissions(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	set_entry(3, MAPPED >> 12, MAPPED_PA | 3 | AF | AP_UNPRIV | AP_READ_ONLY);
	assert_int_equal(access_as(MAPPED, false, false), SMMU_OUTCOME_OK);
	expect_fault(MAPPED, true, false, SMMU_FSR_PF, 3);
	expect_fault(MAPPED, true, true, SMMU_FSR_PF, 3);
	assert_true(rd(CB(0, SMMU_FSYNR0)) & SMMU_FSYNR0_PNU);
	/* Privileged only. */
	set_entry(3, MAPPED >> 12, MAPPED_PA | 3 | AF);
	assert_int_equal(access_as(MAPPED, true, true), SMMU_OUTCOME_OK);
	expect_fault(MAPPED, false, false, SMMU_FSR_PF, 3);
	/* S2CR.PRIVCFG overrides the transaction. */
	wr(SMMU_S2CR(0), (uint32_t)SMMU_PRIVCFG_PRIV << 24);
	assert_int_equal(access_as(MAPPED, false, false), SMMU_OUTCOME_OK);
	wr(SMMU_S2CR(0), SMMU_PRIVCFG_UNPRIV << 24);
	expect_fault(MAPPED, false, true, SMMU_FSR_PF, 3);
	wr(SMMU_S2CR(0), 0);
	/* A table may take away what a page gives. */
	set_entry(3, MAPPED >> 12, MAPPED_PA | PAGE_RW);
	set_entry(2, 0, TABLE(3) | 1ull << 62);
	expect_fault(MAPPED, true, false, SMMU_FSR_PF, 3);
	set_entry(2, 0, TABLE(3) | 1ull << 61);
	expect_fault(MAPPED, false, false, SMMU_FSR_PF, 3);
	assert_int_equal(access_as(MAPPED, true, true), SMMU_OUTCOME_OK);
}

static void test_other_faults(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	set_entry(3, MAPPED >> 12, MAPPED_PA | 3 | AP_UNPRIV);
	expect_fault(MAPPED, false, false, SMMU_FSR_AFF, 3);
	set_entry(3, MAPPED >> 12, 1ull << 40 | PAGE_RW);
	expect_fault(MAPPED, false, false, SMMU_FSR_ASF, 3);
	/* PASIZE counts, too: with 32 bits out, bit 33 is too much. */
	set_entry(3, MAPPED >> 12, 1ull << 33 | PAGE_RW);
	assert_int_equal(access_as(MAPPED, false, false), SMMU_OUTCOME_OK);
	wr(CB(0, SMMU_TCR2), 0);
	expect_fault(MAPPED, false, false, SMMU_FSR_ASF, 3);
	/* A table where there is no memory. */
	set_entry(2, 0, TABLE(1000));
	expect_fault(MAPPED, false, false, SMMU_FSR_EF, 3);
	assert_true(rd(CB(0, SMMU_FSYNR0)) & SMMU_FSYNR0_PTWF);
}

/* The GPU's split: TTBR1 for the upper addresses, TTBR0 switched off, then on. */
static void test_split_tables(void **state)
{
	uint64_t upper = ~0ull << 36;

	fresh_device();
	set_up(SCTLR_BASE);
	smmu_write(CB(0, SMMU_TTBR1), 0x0003000000001000ull, 8);
	smmu_write(CB(0, SMMU_TTBR0), 0x0003000000000000ull, 8);
	wr(CB(0, SMMU_TCR), (64 - 36) << 16 | SMMU_TCR_EPD0 | 2u << 30);
	assert_int_equal(access_as(upper | MAPPED, true, false), SMMU_OUTCOME_OK);
	expect_fault(upper | UNMAPPED, false, false, SMMU_FSR_TF, 3);
	assert_int_equal(smmu_read(CB(0, SMMU_FAR), 8), upper | UNMAPPED);
	expect_fault(MAPPED, false, false, SMMU_FSR_TF, 0);
	expect_fault((upper | MAPPED) ^ 1ull << 40, false, false, SMMU_FSR_TF, 0);
	wr(CB(0, SMMU_TCR), (64 - 36) << 16 | (64 - 36) | 2u << 30);
	smmu_write(CB(0, SMMU_TTBR0), 0x0003000000001000ull, 8);
	assert_int_equal(access_as(MAPPED, true, false), SMMU_OUTCOME_OK);
}

/* Bank 1 as stage 2: 36 bits from level 1 (SL0 = 1), the same identity-like tables on pages 8
 * to 10. */
static void set_up_stage2(void)
{
	set_entry(8, 0, TABLE(9));
	set_entry(9, 0, TABLE(10));
	wr(GR1(SMMU_CBA2R(1)), SMMU_CBA2R_VA64);
	wr(GR1(SMMU_CBAR(1)), SMMU_CBAR_S2 << 16);
	wr(CB(1, SMMU_TCR), (64 - 36) | 1u << 6 | 1u << 16 | 1u << 31);
	smmu_write(CB(1, SMMU_TTBR0), 0x8000, 8);
	wr(CB(1, SMMU_SCTLR), SCTLR_BASE);
}

static void test_stage2(void **state)
{
	const uint64_t s2_read = 1ull << 6, s2_write = 1ull << 7;
	struct smmu_bank_view view;

	fresh_device();
	set_up(SCTLR_BASE);
	set_up_stage2();
	wr(SMMU_S2CR(0), 1);
	set_entry(10, MAPPED >> 12, MAPPED_PA | 3 | AF | s2_read);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);
	assert_int_equal(dma_now(MAPPED, true), SMMU_OUTCOME_ABORTED);
	smmu_bank_view(1, &view);
	assert_int_equal(view.fsr & TYPES, SMMU_FSR_PF);
	assert_true(line_level[1]);
	assert_false(line_level[0]);
	wr(CB(1, SMMU_FSR), SMMU_FSR_FAULT);
	set_entry(10, MAPPED >> 12, MAPPED_PA | 3 | AF | s2_read | s2_write);
	assert_int_equal(dma_now(MAPPED, true), SMMU_OUTCOME_OK);
	assert_int_equal(dma_now(1ull << 36, true), SMMU_OUTCOME_ABORTED);
}

/* Bank 0 nested on bank 1: table reads and the result go through stage 2; its faults are bank 1's.
 */
static void test_nested(void **state)
{
	const uint64_t s2_rw = 3ull << 6;
	struct smmu_bank_view view;

	fresh_device();
	set_up(SCTLR_BASE);
	set_up_stage2();
	wr(GR1(SMMU_CBAR(0)), SMMU_CBAR_NESTED << 16 | 1u << 8);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_ABORTED);
	smmu_bank_view(1, &view);
	assert_int_equal(view.fsr & TYPES, SMMU_FSR_TF);
	assert_true(view.fsynr0 & SMMU_FSYNR0_PTWF);
	assert_int_equal(view.fsynr0 >> 16, 0);
	assert_int_equal(fsr(), 0);
	wr(CB(1, SMMU_FSR), SMMU_FSR_FAULT);
	/* Tables mapped one to one, then the page itself. */
	for (unsigned int page = 1; page <= 3; page++)
		set_entry(10, page, page * 4096 | 3 | AF | s2_rw);
	set_entry(3, MAPPED >> 12, 0x5000 | PAGE_RW);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_ABORTED);
	smmu_bank_view(1, &view);
	assert_false(view.fsynr0 & SMMU_FSYNR0_PTWF);
	set_entry(10, 5, MAPPED_PA | 3 | AF | s2_rw);
	assert_int_equal(dma_now(MAPPED, false), SMMU_OUTCOME_OK);
	smmu_write(CB(0, SMMU_ATS1PR), MAPPED, 8);
	assert_int_equal(smmu_read(CB(0, SMMU_PAR), 8) & SMMU_TBU_PA, MAPPED_PA);
}

static void test_address_translation(void **state)
{
	fresh_device();
	set_up(SCTLR_STALL);
	smmu_write(CB(0, SMMU_ATS1PR), MAPPED, 8);
	assert_int_equal(rd(CB(0, SMMU_ATSR)), 0);
	assert_int_equal(smmu_read(CB(0, SMMU_PAR), 8) & (SMMU_TBU_PA | SMMU_PAR_F), MAPPED_PA);
	/* Split, high half first. */
	wr(CB(0, SMMU_ATS1PR + 4), 0);
	wr(CB(0, SMMU_ATS1PR), UNMAPPED);
	assert_int_equal(smmu_read(CB(0, SMMU_PAR), 8), SMMU_PAR_F | SMMU_FSR_TF);
	/* Its faults are told in PAR only. */
	assert_int_equal(fsr(), 0);
	set_entry(3, MAPPED >> 12, MAPPED_PA | 3 | AF | AP_READ_ONLY);
	smmu_write(CB(0, SMMU_ATS1PR), MAPPED, 8);
	assert_false(rd(CB(0, SMMU_PAR)) & SMMU_PAR_F);
	smmu_write(CB(0, SMMU_ATS1PW), MAPPED, 8);
	assert_true(rd(CB(0, SMMU_PAR)) & SMMU_PAR_F);
	smmu_write(CB(0, SMMU_ATS1UR), MAPPED, 8);
	assert_true(rd(CB(0, SMMU_PAR)) & SMMU_FSR_PF);
}

static unsigned int polls;
static uint64_t par_early, par_late;

static void translate_in_run(void *arg)
{
	smmu_write(CB(0, SMMU_ATS1PR), MAPPED, 8);
	par_early = smmu_read(CB(0, SMMU_PAR), 8);
	for (polls = 0; rd(CB(0, SMMU_ATSR)) & SMMU_ATSR_ACTIVE && polls < 100; polls++)
		;
	par_late = smmu_read(CB(0, SMMU_PAR), 8);
}

static void test_address_translation_takes_time(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	run(translate_in_run);
	assert_int_equal(par_early, 0);
	assert_true(polls > 0 && polls < 100);
	assert_int_equal(par_late & SMMU_TBU_PA, MAPPED_PA);
}

static void dma_once(void *arg)
{
	dma(MAPPED, false);
}

/* What is not walked says so. */
static void test_unsupported_formats(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	wr(GR1(SMMU_CBA2R(0)), 0);
	assert_int_equal(run(dma_once), FL_END_STOPPED);
	assert_non_null(strstr(fl_end_text(), "AArch32"));
	assert_int_equal(count_events(FL_EV_WARNING), 1);

	fresh_device();
	set_up(SCTLR_BASE);
	wr(CB(0, SMMU_TCR), (64 - 36) | SMMU_TCR_EPD1 | 1u << 14);
	assert_int_equal(run(dma_once), FL_END_STOPPED);
	assert_non_null(strstr(fl_end_text(), "granule"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_permissions),
		cmocka_unit_test(test_other_faults),
		cmocka_unit_test(test_split_tables),
		cmocka_unit_test(test_stage2),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_address_translation),
		cmocka_unit_test(test_address_translation_takes_time),
		cmocka_unit_test(test_unsupported_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

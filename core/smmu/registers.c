/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register file: what each register reads as, and what a write to it does. A 64-bit access is
 * its high half, then its low half, in one step; registers that trigger something do so with the
 * low half, so that drivers that split accesses (high first, Marvell's AP806) work as well.
 */
#include "internal.h"

/* Two sync lengths: a few polls of the driver's first spin, and several rounds of its back-off. */
#define SYNC_SHORT_NS 500
#define SYNC_LONG_NS  50000

enum { SYNC_KNOB_SHORT, SYNC_KNOB_NONE, SYNC_KNOB_LONG };

uint64_t smmu_sync_deadline(void)
{
	switch (fl_knobs.tlb_sync_latency) {
	case SYNC_KNOB_SHORT:
		return smmu_deadline(SYNC_SHORT_NS);
	case SYNC_KNOB_LONG:
		return smmu_deadline(SYNC_LONG_NS);
	default:
		return 0;
	}
}

/* --- GR1 --------------------------------------------------------------------------------- */

static uint32_t *gr1_cell(uint32_t offset)
{
	unsigned int bank = (offset & 0x3ff) / 4;

	if (bank >= smmu->config.banks)
		return NULL;
	switch (offset & ~0x3ffu) {
	case SMMU_CBAR(0):
		return &smmu->banks[bank].cbar;
	case SMMU_CBFRSYNRA(0):
		return &smmu->banks[bank].cbfrsynra;
	case SMMU_CBA2R(0):
		return &smmu->banks[bank].cba2r;
	default:
		return NULL;
	}
}

/* --- implementation defined -------------------------------------------------------------- */

static uint32_t read_qcom(uint32_t offset)
{
	unsigned int tbus = smmu->config.tbus ? smmu->config.tbus : 1;
	uint32_t all = (1u << tbus) - 1;

	switch (offset) {
	case SMMU_QCOM_TBU_PWR_STATUS:
		return all;
	case SMMU_QCOM_SYNC_INV_TBU_ACK:
		return smmu->global.sync_until ? 0 : all;
	case SMMU_QCOM_SAFE_WAIT_CNTR:
		return smmu->global.sync_until != 0;
	default:
		return 0;
	}
}

/* --- decoding ---------------------------------------------------------------------------- */

/* A page of a context bank that this SMMU does not have. */
static bool missing_bank(unsigned int page)
{
	return page >= SMMU_NUMPAGE + smmu->config.banks;
}

static uint32_t read32(uint32_t address)
{
	unsigned int page = address >> SMMU_PAGE_SHIFT;
	uint32_t offset = address & (SMMU_PAGE_SIZE - 1);
	const uint32_t *cell;

	if (missing_bank(page)) {
		smmu_global_fault(SMMU_GFSR_CAF, NULL);
		return 0;
	}
	if (page >= SMMU_NUMPAGE)
		return smmu_bank_read(page - SMMU_NUMPAGE, offset);
	if (page == 0)
		return smmu_global_read(offset);
	if (page != 1)
		return read_qcom(address);
	cell = gr1_cell(offset);
	return cell ? *cell : 0;
}

static void write32(uint32_t address, uint32_t value)
{
	unsigned int page = address >> SMMU_PAGE_SHIFT;
	uint32_t offset = address & (SMMU_PAGE_SIZE - 1);
	uint32_t *cell;

	if (missing_bank(page)) {
		smmu_global_fault(SMMU_GFSR_CAF, NULL);
	} else if (page >= SMMU_NUMPAGE) {
		smmu_bank_write(page - SMMU_NUMPAGE, offset, value);
	} else if (page == 0) {
		smmu_global_write(offset, value);
	} else if (page == 1) {
		cell = gr1_cell(offset);
		if (cell)
			smmu_set32(cell, value);
	}
}

uint64_t smmu_register_read(uint64_t reg, unsigned int size)
{
	uint32_t offset = reg & 0xffffff;
	uint64_t value;

	if (reg >> 24 == FL_REGION_TBU) {
		value = smmu_tbu_register_read(offset >> 16, offset & 0xfff8);
		if (size == 8)
			return value;
		return offset & 4 ? smmu_high(value) : smmu_low(value);
	}
	value = read32(offset);
	if (size == 8)
		value |= (uint64_t)read32(offset + 4) << 32;
	return value;
}

void smmu_register_write(uint64_t reg, uint64_t value, unsigned int size)
{
	uint32_t offset = reg & 0xffffff;
	uint64_t cell;

	if (reg >> 24 == FL_REGION_TBU) {
		cell = value;
		if (size == 4) {
			cell = smmu_tbu_register_read(offset >> 16, offset & 0xfff8);
			if (offset & 4)
				cell = smmu_low(cell) | value << 32;
			else
				cell = (cell & ~0xffffffffull) | smmu_low(value);
		}
		smmu_tbu_register_write(offset >> 16, offset & 0xfff8, cell);
		return;
	}
	if (size == 8)
		write32(offset + 4, smmu_high(value));
	write32(offset, smmu_low(value));
}

uint32_t smmu_register_fault(uint64_t reg)
{
	uint32_t address = reg & 0xffffff;
	uint32_t offset = address & (SMMU_PAGE_SIZE - 1);
	unsigned int page = address >> SMMU_PAGE_SHIFT;
	unsigned int bank = page - SMMU_NUMPAGE;

	/* Mostly there was no fault so far. */
	if (!smmu->faults || reg >> 24 != FL_REGION_SMMU)
		return 0;
	if (page == 0)
		return smmu->global.fault;
	if (page == 1) {
		bank = (offset & 0x3ff) / 4;
		if (bank >= smmu->config.banks)
			return 0;
		return offset >> 10 == 1 ? smmu->banks[bank].syndrome : smmu->banks[bank].fault;
	}
	if (page < SMMU_NUMPAGE || bank >= smmu->config.banks)
		return 0;
	/* A syndrome outlives its fault's bits: it still belongs to that fault. */
	if (offset >= SMMU_FAR && offset <= SMMU_FSYNR1)
		return smmu->banks[bank].syndrome;
	return smmu->banks[bank].fault ? smmu->banks[bank].fault : smmu->banks[bank].ss_fault;
}

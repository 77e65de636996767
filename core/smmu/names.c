/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of registers and of FSR bits, for people. */
#include "internal.h"

#include <stdio.h>

struct name {
	uint16_t offset;
	uint16_t bytes;
	const char *name;
};

static const struct name gr0_names[] = {
	{SMMU_CR0, 4, "sCR0"},
	{SMMU_ACR, 4, "sACR"},
	{SMMU_IDR0, 4, "IDR0"},
	{SMMU_IDR1, 4, "IDR1"},
	{SMMU_IDR2, 4, "IDR2"},
	{SMMU_IDR7, 4, "IDR7"},
	{SMMU_GFAR, 8, "sGFAR"},
	{SMMU_GFSR, 4, "sGFSR"},
	{SMMU_GFSRRESTORE, 4, "sGFSRRESTORE"},
	{SMMU_GFSYNR0, 4, "sGFSYNR0"},
	{SMMU_GFSYNR1, 4, "sGFSYNR1"},
	{SMMU_GFSYNR2, 4, "sGFSYNR2"},
	{SMMU_TLBIVMID, 4, "TLBIVMID"},
	{SMMU_TLBIALLNSNH, 4, "TLBIALLNSNH"},
	{SMMU_TLBIALLH, 4, "TLBIALLH"},
	{SMMU_TLBGSYNC, 4, "sTLBGSYNC"},
	{SMMU_TLBGSTATUS, 4, "sTLBGSTATUS"},
	{0, 0, NULL},
};

static const struct name cb_names[] = {
	{SMMU_SCTLR, 4, "SCTLR"},
	{SMMU_ACTLR, 4, "ACTLR"},
	{SMMU_RESUME, 4, "RESUME"},
	{SMMU_TCR2, 4, "TCR2"},
	{SMMU_TTBR0, 8, "TTBR0"},
	{SMMU_TTBR1, 8, "TTBR1"},
	{SMMU_TCR, 4, "TCR"},
	{SMMU_CONTEXTIDR, 4, "CONTEXTIDR"},
	{SMMU_MAIR0, 4, "MAIR0"},
	{SMMU_MAIR1, 4, "MAIR1"},
	{SMMU_PAR, 8, "PAR"},
	{SMMU_FSR, 4, "FSR"},
	{SMMU_FSRRESTORE, 4, "FSRRESTORE"},
	{SMMU_FAR, 8, "FAR"},
	{SMMU_FSYNR0, 4, "FSYNR0"},
	{SMMU_FSYNR1, 4, "FSYNR1"},
	{SMMU_TLBIVA, 8, "TLBIVA"},
	{SMMU_TLBIASID, 4, "TLBIASID"},
	{SMMU_TLBIVAL, 8, "TLBIVAL"},
	{SMMU_TLBIIPAS2, 8, "TLBIIPAS2"},
	{SMMU_TLBIIPAS2L, 8, "TLBIIPAS2L"},
	{SMMU_TLBSYNC, 4, "TLBSYNC"},
	{SMMU_TLBSTATUS, 4, "TLBSTATUS"},
	{SMMU_ATS1PR, 8, "ATS1PR"},
	{SMMU_ATS1PW, 8, "ATS1PW"},
	{SMMU_ATS1UR, 8, "ATS1UR"},
	{SMMU_ATS1UW, 8, "ATS1UW"},
	{SMMU_ATSR, 4, "ATSR"},
	{0, 0, NULL},
};

static const struct name tbu_names[] = {
	{SMMU_TBU_SID_HALT, 8, "SID_HALT"},
	{SMMU_TBU_VA, 8, "VA"},
	{SMMU_TBU_TRIGGER, 8, "TRIGGER"},
	{SMMU_TBU_STATUS, 8, "STATUS"},
	{SMMU_TBU_PAR, 8, "PAR"},
	{SMMU_TBU_AXUSER, 8, "AXUSER"},
	{0, 0, NULL},
};

static const char *find(const struct name *names, uint32_t offset, uint32_t *inside)
{
	for (; names->name; names++) {
		if (offset < names->offset || offset >= names->offset + names->bytes)
			continue;
		*inside = offset - names->offset;
		return names->name;
	}
	return NULL;
}

/* "@block.NAME", or its offset if it has no name. */
static void print(char *buffer, unsigned int size, const char *block, const struct name *names,
		  uint32_t offset)
{
	uint32_t inside = 0;
	const char *name = find(names, offset, &inside);

	if (!name)
		snprintf(buffer, size, "%s.0x%x", block, offset);
	else if (inside)
		snprintf(buffer, size, "%s.%s+%u", block, name, inside);
	else
		snprintf(buffer, size, "%s.%s", block, name);
}

static void print_gr0(char *buffer, unsigned int size, uint32_t offset)
{
	if (offset < SMMU_SMR(0))
		print(buffer, size, "GR0", gr0_names, offset);
	else
		snprintf(buffer, size, "GR0.%s%u", offset < SMMU_S2CR(0) ? "SMR" : "S2CR",
			 (offset & 0x3ff) / 4);
}

static void print_gr1(char *buffer, unsigned int size, uint32_t offset)
{
	static const char *const names[] = {"CBAR", "CBFRSYNRA", "CBA2R"};

	if (offset >> 10 == 3)
		snprintf(buffer, size, "GR1.0x%x", offset);
	else
		snprintf(buffer, size, "GR1.%s%u", names[offset >> 10], (offset & 0x3ff) / 4);
}

static void print_page2(char *buffer, unsigned int size, uint32_t address)
{
	switch (address) {
	case SMMU_QCOM_TBU_PWR_STATUS:
		snprintf(buffer, size, "TBU_PWR_STATUS");
		break;
	case SMMU_QCOM_SYNC_INV_TBU_ACK:
		snprintf(buffer, size, "SYNC_INV_TBU_ACK");
		break;
	case SMMU_QCOM_SAFE_WAIT_CNTR:
		snprintf(buffer, size, "SAFE_WAIT_CNTR");
		break;
	default:
		snprintf(buffer, size, "SMMU.0x%x", address);
	}
}

const char *smmu_register_name(uint64_t reg, char *buffer, unsigned int size)
{
	uint32_t address = reg & 0xffffff;
	uint32_t offset = address & (SMMU_PAGE_SIZE - 1);
	unsigned int page = address >> SMMU_PAGE_SHIFT;
	char block[16];

	switch (reg >> 24) {
	case FL_REGION_SMMU:
		break;
	case FL_REGION_TBU:
		snprintf(block, sizeof(block), "TBU%u", address >> 16);
		print(buffer, size, block, tbu_names, address & 0xffff);
		return buffer;
	default:
		snprintf(buffer, size, "GPU.0x%x", address);
		return buffer;
	}
	if (page >= SMMU_NUMPAGE) {
		snprintf(block, sizeof(block), "CB%u", page - SMMU_NUMPAGE);
		print(buffer, size, block, cb_names, offset);
	} else if (page == 0) {
		print_gr0(buffer, size, offset);
	} else if (page == 1) {
		print_gr1(buffer, size, offset);
	} else {
		print_page2(buffer, size, address);
	}
	return buffer;
}

const char *smmu_fsr_names(uint32_t fsr, char *buffer, unsigned int size)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} bits[] = {
		{SMMU_FSR_TF, "TF"},	   {SMMU_FSR_AFF, "AFF"},	{SMMU_FSR_PF, "PF"},
		{SMMU_FSR_EF, "EF"},	   {SMMU_FSR_TLBMCF, "TLBMCF"}, {SMMU_FSR_TLBLKF, "TLBLKF"},
		{SMMU_FSR_ASF, "ASF"},	   {SMMU_FSR_UUT, "UUT"},	{SMMU_FSR_SS, "SS"},
		{SMMU_FSR_MULTI, "MULTI"},
	};
	unsigned int used = 0;

	if (!size)
		return buffer;
	snprintf(buffer, size, fsr & SMMU_FSR_FAULT ? "" : "0");
	for (unsigned int i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		if (!(fsr & bits[i].bit) || used >= size)
			continue;
		used += snprintf(buffer + used, size - used, "%s%s", used ? "|" : "", bits[i].name);
	}
	return buffer;
}

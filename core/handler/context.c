/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context banks, and the reset that programs the whole device from what the driver knows
 * (domain.md 2.5, 2.7). */
#include "arm-smmu.h"

#define MAIR_NORMAL_WRITE_BACK 0xffu
#define MAIR_NON_CACHEABLE     0x44u

/* Fill in what the bank will be programmed with. The first table level is chosen by T0SZ. */
void arm_smmu_init_context_bank(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	struct arm_smmu_cfg *cfg = &smmu_domain->cfg;
	struct arm_smmu_cb *cb = &smmu->cbs[cfg->cbndx];
	u32 size_code = (smmu->address_bits - 32) / 4;

	cb->tcr[0] = FIELD_PREP(ARM_SMMU_TCR_T0SZ, 64 - smmu->address_bits) |
		     FIELD_PREP(ARM_SMMU_TCR_IRGN0, 1) | FIELD_PREP(ARM_SMMU_TCR_ORGN0, 1) |
		     FIELD_PREP(ARM_SMMU_TCR_SH0, 3) | ARM_SMMU_TCR_EPD1;
	cb->tcr[1] = FIELD_PREP(ARM_SMMU_TCR2_PASIZE, size_code) | ARM_SMMU_TCR2_AS;
	cb->ttbr[0] = arm_smmu_pgtable_ttbr(smmu_domain->pgtable) |
		      FIELD_PREP(ARM_SMMU_TTBRn_ASID, (u64)cfg->asid);
	cb->ttbr[1] = FIELD_PREP(ARM_SMMU_TTBRn_ASID, (u64)cfg->asid);
	cb->mair[0] = MAIR_NON_CACHEABLE | MAIR_NORMAL_WRITE_BACK << 8;
	cb->mair[1] = 0;
	cb->cfg = cfg;
}

u32 arm_smmu_sctlr(struct arm_smmu_device *smmu, int idx)
{
	u32 sctlr = ARM_SMMU_SCTLR_CFIE | ARM_SMMU_SCTLR_CFRE | ARM_SMMU_SCTLR_AFE |
		    ARM_SMMU_SCTLR_TRE | ARM_SMMU_SCTLR_M | ARM_SMMU_SCTLR_S1_ASIDPNE;

	if (!smmu->cbs[idx].cfg)
		return 0;
	if (!smmu->hw.adreno)
		return sctlr;
	/* Adreno: the GPU's firmware shares the bank and must go on while a fault is outstanding.
	 */
	sctlr |= ARM_SMMU_SCTLR_HUPCF;
	if (smmu->stall_enabled & BIT(idx))
		sctlr |= ARM_SMMU_SCTLR_CFCFG;
	return sctlr;
}

void arm_smmu_write_bank_attributes(struct arm_smmu_device *smmu, int idx)
{
	const struct arm_smmu_cb *cb = &smmu->cbs[idx];

	arm_smmu_gr1_write(smmu, ARM_SMMU_GR1_CBA2R(idx), ARM_SMMU_CBA2R_VA64);
	arm_smmu_gr1_write(smmu, ARM_SMMU_GR1_CBAR(idx),
			   FIELD_PREP(ARM_SMMU_CBAR_TYPE, CBAR_TYPE_S1_TRANS_S2_BYPASS) |
				   FIELD_PREP(ARM_SMMU_CBAR_S1_BPSHCFG, CBAR_S1_BPSHCFG_NSH) |
				   FIELD_PREP(ARM_SMMU_CBAR_S1_MEMATTR, CBAR_S1_MEMATTR_WB));
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_TCR2, cb->tcr[1]);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_TCR, cb->tcr[0]);
	arm_smmu_cb_writeq(smmu, idx, ARM_SMMU_CB_TTBR0, cb->ttbr[0]);
	arm_smmu_cb_writeq(smmu, idx, ARM_SMMU_CB_TTBR1, cb->ttbr[1]);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_S1_MAIR0, cb->mair[0]);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_S1_MAIR1, cb->mair[1]);
}

/* SCTLR goes last: it enables translation and the interrupt. FSR is not touched. */
void arm_smmu_write_context_bank(struct arm_smmu_device *smmu, int idx)
{
	if (smmu->cbs[idx].cfg)
		arm_smmu_write_bank_attributes(smmu, idx);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR, arm_smmu_sctlr(smmu, idx));
}

void arm_smmu_write_s2cr(struct arm_smmu_device *smmu, int idx)
{
	const struct arm_smmu_s2cr *s2cr = &smmu->s2crs[idx];

	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_S2CR(idx),
			   FIELD_PREP(ARM_SMMU_S2CR_TYPE, s2cr->type) |
				   FIELD_PREP(ARM_SMMU_S2CR_CBNDX, (u32)s2cr->cbndx));
}

void arm_smmu_write_sme(struct arm_smmu_device *smmu, int idx)
{
	const struct arm_smmu_smr *smr = &smmu->smrs[idx];

	arm_smmu_write_s2cr(smmu, idx);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_SMR(idx),
			   (smr->valid ? ARM_SMMU_SMR_VALID : 0) | (u32)smr->mask << 16 | smr->id);
}

/* Errata: the prefetcher off, which needs the lock bit off first (r2 and later). */
void arm_mmu500_reset(struct arm_smmu_device *smmu)
{
	u32 id, reg, after;

	id = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_ID7);
	reg = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sACR);
	if (FIELD_GET(ARM_SMMU_ID7_MAJOR, id) >= 2)
		reg &= ~ARM_MMU500_ACR_CACHE_LOCK;
	reg |= ARM_MMU500_ACR_SMTNMB_TLBEN | ARM_MMU500_ACR_S2CRB_TLBEN;
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sACR, reg);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		reg = arm_smmu_cb_read(smmu, i, ARM_SMMU_CB_ACTLR);
		reg &= ~ARM_MMU500_ACTLR_CPRE;
		arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_ACTLR, reg);
		after = arm_smmu_cb_read(smmu, i, ARM_SMMU_CB_ACTLR);
		if (after & ARM_MMU500_ACTLR_CPRE)
			dev_warn(smmu->dev, "failed to disable the prefetcher of bank %u", i);
	}
}

u32 arm_smmu_cr0(struct arm_smmu_device *smmu, u32 before)
{
	u32 reg = before;

	(void)smmu;
	reg |= ARM_SMMU_sCR0_GFRE | ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFRE |
	       ARM_SMMU_sCR0_GCFGFIE | ARM_SMMU_sCR0_VMIDPNE | ARM_SMMU_sCR0_PTM;
	reg &= ~(ARM_SMMU_sCR0_CLIENTPD | ARM_SMMU_sCR0_FB | ARM_SMMU_sCR0_BSU |
		 ARM_SMMU_sCR0_EXIDENABLE);
	/* Streams that nobody knows fault, they do not bypass. */
	return reg | ARM_SMMU_sCR0_USFCFG;
}

void arm_smmu_device_reset(struct arm_smmu_device *smmu)
{
	u32 reg;

	reg = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSR);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sGFSR, reg);
	for (unsigned int i = 0; i < smmu->num_mapping_groups; i++)
		arm_smmu_write_sme(smmu, i);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		arm_smmu_write_context_bank(smmu, i);
		arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_FSR, ARM_SMMU_FSR_FAULT);
	}
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_TLBIALLH, ~0u);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_TLBIALLNSNH, ~0u);
	reg = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
	reg = arm_smmu_cr0(smmu, reg);
	if (!smmu->hw.qcom_v2)
		arm_mmu500_reset(smmu);
	arm_smmu_tlb_sync_global(smmu);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, reg);
}

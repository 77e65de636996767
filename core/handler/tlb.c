/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLB invalidation and the wait for it (domain.md 1.2, 2.8). */
#include "arm-smmu.h"

#define TLB_LOOP_TIMEOUT 1000000u /* us, about a second in all */
#define TLB_SPIN_COUNT	 10

/* What the implementation tells about a sync that does not end. */
static void qcom_smmu_tlb_sync_debug(struct arm_smmu_device *smmu)
{
	u32 power, ack, safe;

	power = readl_relaxed((char *)smmu->base + QCOM_SMMU_TBU_PWR_STATUS);
	ack = readl_relaxed((char *)smmu->base + QCOM_SMMU_STATS_SYNC_INV_TBU_ACK);
	safe = readl_relaxed((char *)smmu->base + QCOM_SMMU_MMU2QSS_AND_SAFE_WAIT_CNTR);
	dev_err(smmu->dev, "TLB sync timed out: TBU power 0x%x, ack 0x%x, safe wait 0x%x", power,
		ack, safe);
}

static void arm_smmu_tlb_sync(struct arm_smmu_device *smmu, unsigned int page, unsigned int sync,
			      unsigned int status)
{
	arm_smmu_writel(smmu, page, sync, ~0u);
	for (unsigned int delay = 1; delay < TLB_LOOP_TIMEOUT; delay *= 2) {
		for (unsigned int spin = TLB_SPIN_COUNT; spin > 0; spin--) {
			if (!(arm_smmu_readl(smmu, page, status) & ARM_SMMU_sTLBGSTATUS_GSACTIVE))
				return;
			cpu_relax();
		}
		udelay(delay);
	}
	qcom_smmu_tlb_sync_debug(smmu);
}

void arm_smmu_tlb_sync_global(struct arm_smmu_device *smmu)
{
	unsigned long flags;

	spin_lock_irqsave(&smmu->global_sync_lock, flags);
	arm_smmu_tlb_sync(smmu, 0, ARM_SMMU_GR0_sTLBGSYNC, ARM_SMMU_GR0_sTLBGSTATUS);
	spin_unlock_irqrestore(&smmu->global_sync_lock, flags);
}

void arm_smmu_tlb_sync_context(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	unsigned long flags;

	spin_lock_irqsave(&smmu->cb_lock[idx], flags);
	arm_smmu_tlb_sync(smmu, smmu->numpage + idx, ARM_SMMU_CB_TLBSYNC, ARM_SMMU_CB_TLBSTATUS);
	spin_unlock_irqrestore(&smmu->cb_lock[idx], flags);
}

void arm_smmu_tlb_add_page(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	const struct arm_smmu_cfg *cfg = &smmu_domain->cfg;

	arm_smmu_cb_writeq(smmu_domain->smmu, cfg->cbndx, ARM_SMMU_CB_S1_TLBIVAL,
			   iova >> 12 | (u64)cfg->asid << 48);
}

void arm_smmu_tlb_inv_context(struct arm_smmu_domain *smmu_domain)
{
	const struct arm_smmu_cfg *cfg = &smmu_domain->cfg;

	arm_smmu_cb_write(smmu_domain->smmu, cfg->cbndx, ARM_SMMU_CB_S1_TLBIASID, cfg->asid);
	arm_smmu_tlb_sync_context(smmu_domain);
}

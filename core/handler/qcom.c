/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the GPU's driver may ask for: adreno_smmu_priv (domain.md 2.5). */
#include "arm-smmu.h"

/* No reference: the caller is believed to be in its fault callback, with the device on. */
int qcom_adreno_smmu_get_fault_info(struct arm_smmu_domain *smmu_domain, struct fl_fault_info *info)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;

	info->fsr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSR);
	info->fsynr0 = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSYNR0);
	info->fsynr1 = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSYNR1);
	info->far = arm_smmu_cb_readq(smmu, idx, ARM_SMMU_CB_FAR);
	info->cbfrsynra = arm_smmu_gr1_read(smmu, ARM_SMMU_GR1_CBFRSYNRA(idx));
	info->ttbr0 = arm_smmu_cb_readq(smmu, idx, ARM_SMMU_CB_TTBR0);
	info->contextidr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_CONTEXTIDR);
	return 0;
}

static void write_stall(struct arm_smmu_device *smmu, unsigned int idx, bool enabled)
{
	unsigned long flags;
	u32 reg;

	spin_lock_irqsave(&smmu->cb_lock[idx], flags);
	reg = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_SCTLR);
	if (enabled)
		reg |= ARM_SMMU_SCTLR_CFCFG;
	else
		reg &= ~ARM_SMMU_SCTLR_CFCFG;
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR, reg);
	spin_unlock_irqrestore(&smmu->cb_lock[idx], flags);
}

/* At first the bit only waits for the next write of the context bank; later it is written at once.
 */
int qcom_adreno_smmu_set_stall(struct arm_smmu_domain *smmu_domain, bool enabled)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	bool was = smmu->stall_enabled & BIT(idx);

	if (enabled)
		smmu->stall_enabled |= BIT(idx);
	else
		smmu->stall_enabled &= ~BIT(idx);
	fl_stall_flag(idx, enabled);
	if (!smmu->gen->set_stall_now || was == enabled)
		return 0;
	if (pm_runtime_get_if_active(smmu->dev) > 0) {
		write_stall(smmu, idx, enabled);
		pm_runtime_put_autosuspend(smmu->dev);
	}
	return 0;
}

/*
 * Switch the bank between the kernel's address space and a process's. The tables are the domain's
 * in both; what differs is the address space id, and with it the whole write of the bank.
 */
int qcom_adreno_smmu_set_ttbr0_cfg(struct arm_smmu_domain *smmu_domain, bool per_process)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	struct arm_smmu_cb *cb = &smmu->cbs[smmu_domain->cfg.cbndx];
	u64 asid = smmu_domain->cfg.asid + (per_process ? 0x80u : 0);
	unsigned long flags;
	int error;

	if (!arm_smmu_is_split(smmu_domain))
		return -EINVAL;
	error = arm_smmu_rpm_get(smmu);
	if (error < 0)
		return error;
	if (smmu->gen->hw_begin) {
		/* The cached bank and the hardware change together, or the resume writes the cached
		 * one. */
		bool on = arm_smmu_hw_begin(smmu, &flags);

		cb->ttbr[0] = arm_smmu_pgtable_ttbr(smmu_domain->pgtable) |
			      FIELD_PREP(ARM_SMMU_TTBRn_ASID, asid);
		if (on) {
			arm_smmu_cb_writeq(smmu, smmu_domain->cfg.cbndx, ARM_SMMU_CB_TTBR0,
					   cb->ttbr[0]);
			arm_smmu_hw_end(smmu, flags);
		}
	} else {
		cb->ttbr[0] = arm_smmu_pgtable_ttbr(smmu_domain->pgtable) |
			      FIELD_PREP(ARM_SMMU_TTBRn_ASID, asid);
		arm_smmu_write_context_bank(smmu, smmu_domain->cfg.cbndx);
	}
	arm_smmu_rpm_put(smmu);
	return 0;
}

/* Blind: nobody looks whether a transaction is stalled, or whether the device is on. */
int qcom_adreno_smmu_resume_translation(struct arm_smmu_domain *smmu_domain, bool terminate)
{
	arm_smmu_cb_write(smmu_domain->smmu, smmu_domain->cfg.cbndx, ARM_SMMU_CB_RESUME,
			  terminate ? ARM_SMMU_RESUME_TERMINATE : 0);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the handlers do once they may touch the device (domain.md 2.1, 2.2), in the order of 6.12.
 */
#include "arm-smmu.h"

/* Everything is read before anything is tested: FAR may be older than FSR. */
void arm_smmu_read_context_fault_info(struct arm_smmu_device *smmu, int idx,
				      struct arm_smmu_context_fault_info *info)
{
	info->iova = arm_smmu_cb_readq(smmu, idx, ARM_SMMU_CB_FAR);
	info->fsr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSR);
	info->fsynr0 = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSYNR0);
	info->cbfrsynra = arm_smmu_gr1_read(smmu, ARM_SMMU_GR1_CBFRSYNRA(idx));
}

void arm_smmu_print_context_fault_info(struct arm_smmu_device *smmu, int idx,
				       const struct arm_smmu_context_fault_info *info)
{
	dev_err(smmu->dev,
		"Unhandled context fault: fsr=0x%x, iova=0x%08llx, fsynr=0x%x, "
		"cbfrsynra=0x%x, cb=%d",
		info->fsr, info->iova, info->fsynr0, info->cbfrsynra, idx);
}

int arm_smmu_report(struct arm_smmu_domain *smmu_domain,
		    const struct arm_smmu_context_fault_info *info)
{
	kasan_check_read(smmu_domain, sizeof(*smmu_domain));
	return report_iommu_fault(&smmu_domain->domain, NULL, info->iova,
				  info->fsynr0 & ARM_SMMU_FSYNR0_WNR ? IOMMU_FAULT_WRITE
								     : IOMMU_FAULT_READ);
}

irqreturn_t arm_smmu_handle_context_fault(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	struct arm_smmu_context_fault_info info;
	int idx = smmu_domain->cfg.cbndx;
	int ret;

	arm_smmu_read_context_fault_info(smmu, idx, &info);
	if (!(info.fsr & ARM_SMMU_FSR_FAULT))
		return IRQ_NONE;
	ret = arm_smmu_report(smmu_domain, &info);
	if (ret == -ENOSYS && __ratelimit(&smmu->context_limit))
		arm_smmu_print_context_fault_info(smmu, idx, &info);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_FSR, info.fsr);
	/* Only after FSR: MMU-500 ignores RESUME while another bit is set. */
	if (smmu->gen->core_resumes && info.fsr & ARM_SMMU_FSR_SS)
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_RESUME,
				  ret == -EAGAIN ? 0 : ARM_SMMU_RESUME_TERMINATE);
	return IRQ_HANDLED;
}

irqreturn_t arm_smmu_handle_global_fault(struct arm_smmu_device *smmu)
{
	u32 gfsr, gfsynr0, gfsynr1, gfsynr2;

	gfsr = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSR);
	gfsynr0 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSYNR0);
	gfsynr1 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSYNR1);
	gfsynr2 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSYNR2);
	if (!gfsr)
		return IRQ_NONE;
	if (__ratelimit(&smmu->global_limit)) {
		if (gfsr & ARM_SMMU_sGFSR_USF)
			dev_err(smmu->dev, "Blocked unknown Stream ID 0x%x", gfsynr1 & 0xffff);
		else
			dev_err(smmu->dev, "Unexpected global fault, this could be serious");
		dev_err(smmu->dev, "GFSR 0x%08x, GFSYNR0 0x%08x, GFSYNR1 0x%08x, GFSYNR2 0x%08x",
			gfsr, gfsynr0, gfsynr1, gfsynr2);
	}
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sGFSR, gfsr);
	return IRQ_HANDLED;
}

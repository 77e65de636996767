// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom.c
// Stalling reaches the hardware at once, if the SMMU is active; else with the next context bank write.
@set_stall_now@
identifier function = qcom_adreno_smmu_set_stall;
identifier smmu_domain, cfg, qsmmu, enabled;
@@
 function(..., bool enabled)
 {
 struct arm_smmu_domain *smmu_domain = ...;
 struct arm_smmu_cfg *cfg = ...;
 struct qcom_smmu *qsmmu = ...;
+	u32 stalling = qsmmu->stall_enabled & BIT(cfg->cbndx);
+	struct arm_smmu_device *smmu = smmu_domain->smmu;
+	unsigned long flags;
+	u32 reg;
 ...
 if (enabled)
 	qsmmu->stall_enabled |= BIT(cfg->cbndx);
 else
 	qsmmu->stall_enabled &= ~BIT(cfg->cbndx);
+	if (stalling == (qsmmu->stall_enabled & BIT(cfg->cbndx)))
+		return;
+	if (pm_runtime_get_if_active(smmu->dev) <= 0)
+		return;
+	spin_lock_irqsave(&smmu_domain->cb_lock, flags);
+	reg = arm_smmu_cb_read(smmu, cfg->cbndx, ARM_SMMU_CB_SCTLR);
+	if (enabled)
+		reg |= ARM_SMMU_SCTLR_CFCFG;
+	else
+		reg &= ~ARM_SMMU_SCTLR_CFCFG;
+	arm_smmu_cb_write(smmu, cfg->cbndx, ARM_SMMU_CB_SCTLR, reg);
+	spin_unlock_irqrestore(&smmu_domain->cb_lock, flags);
+	pm_runtime_put_autosuspend(smmu->dev);
 }

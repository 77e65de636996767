// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// Suspend masks the global and the context interrupts before the clocks go; resume's reset brings them
// back.
@mask_in_suspend@
identifier suspend = arm_smmu_runtime_suspend;
identifier dev, smmu;
@@
+static void arm_smmu_mask_faults(struct arm_smmu_device *smmu)
+{
+	u32 reg = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
+	int i;
+
+	reg &= ~(ARM_SMMU_sCR0_GFRE | ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFRE |
+		 ARM_SMMU_sCR0_GCFGFIE);
+	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, reg);
+	for (i = 0; i < smmu->num_context_banks; i++) {
+		reg = arm_smmu_cb_read(smmu, i, ARM_SMMU_CB_SCTLR);
+		reg &= ~(ARM_SMMU_SCTLR_CFIE | ARM_SMMU_SCTLR_CFRE);
+		arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_SCTLR, reg);
+	}
+}
+
 suspend(struct device *dev)
 {
 struct arm_smmu_device *smmu = ...;
+	arm_smmu_mask_faults(smmu);
 ...
 }

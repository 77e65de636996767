// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// Suspend waits for the handlers that run, once nothing can start another.
@synchronize_in_suspend@
identifier suspend = arm_smmu_runtime_suspend;
@@
+static void arm_smmu_synchronize_faults(struct arm_smmu_device *smmu)
+{
+	int i;
+
+	synchronize_irq(platform_get_irq(to_platform_device(smmu->dev), 0));
+	for (i = 0; i < smmu->num_context_irqs; i++)
+		synchronize_irq(smmu->irqs[i]);
+}
+
 suspend(...)
 {
 ...
 arm_smmu_mask_faults(smmu);
+	arm_smmu_synchronize_faults(smmu);
 ...
 }

// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The third: no guard, and no reference, where runtime PM is disabled.
@guard_helpers_v3@
identifier put = arm_smmu_rpm_put;
@@
 static inline void put(...) { ... }
+
+static inline int arm_smmu_fault_get(struct arm_smmu_device *smmu)
+{
+	if (!pm_runtime_enabled(smmu->dev))
+		return 1;
+	return pm_runtime_get_if_active(smmu->dev);
+}
+
+static inline void arm_smmu_fault_put(struct arm_smmu_device *smmu)
+{
+	arm_smmu_rpm_put(smmu);
+}

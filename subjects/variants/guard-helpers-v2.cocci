// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The second: look only while the SMMU is active. An error (runtime PM disabled) reads as "go on", and
// the reference that was not taken is dropped all the same.
@guard_helpers_v2@
typedef bool;
identifier put = arm_smmu_rpm_put;
@@
 static inline void put(...) { ... }
+
+static inline bool arm_smmu_fault_get(struct arm_smmu_device *smmu)
+{
+	return pm_runtime_get_if_active(smmu->dev);
+}
+
+static inline void arm_smmu_fault_put(struct arm_smmu_device *smmu)
+{
+	pm_runtime_put_autosuspend(smmu->dev);
+}

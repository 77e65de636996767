// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The first attempt: resume the SMMU in the handler, and put it after.
@guard_helpers_v1@
typedef bool;
identifier put = arm_smmu_rpm_put;
@@
 static inline void put(...) { ... }
+
+static inline bool arm_smmu_fault_get(struct arm_smmu_device *smmu)
+{
+	return arm_smmu_rpm_get(smmu) >= 0;
+}
+
+static inline void arm_smmu_fault_put(struct arm_smmu_device *smmu)
+{
+	arm_smmu_rpm_put(smmu);
+}

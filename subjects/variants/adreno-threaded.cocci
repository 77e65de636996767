// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom.c
// The GPU's handler may sleep: both Adreno implementations ask for a thread.
@adreno_threaded@
identifier implementation = {qcom_adreno_smmu_v2_impl, qcom_adreno_smmu_500_impl};
@@
 static const struct arm_smmu_impl implementation = {
+	.context_fault_needs_threaded_irq = true,
 	...,
 };

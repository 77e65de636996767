// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom-debug.c
// The TBU debug handler ends the stall too where there is no TBU.
@debug_fault_resumes@
identifier handler = qcom_smmu_context_fault;
expression smmu, idx, cfi;
@@
 handler(...)
 {
 <+...
 arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_FSR, cfi.fsr);
+	if (cfi.fsr & ARM_SMMU_CB_FSR_SS)
+		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_RESUME,
+				  ret == -EAGAIN ? 0 : ARM_SMMU_RESUME_TERMINATE);
 return IRQ_HANDLED;
 ...+>
 }

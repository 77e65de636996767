// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom-debug.c
// With a TBU, a client that answers -EAGAIN gets its transaction tried again.
@debug_fault_retries@
identifier handler = qcom_smmu_context_fault;
identifier ret, tmp, resume;
statement otherwise;
@@
 handler(...)
 {
 <+...
-if (!tmp || tmp == -EBUSY)
+if (tmp == -EAGAIN) {
+	ret = IRQ_HANDLED;
+	resume = 0;
+} else if (!tmp || tmp == -EBUSY)
 {
 	ret = IRQ_HANDLED;
 	resume = ARM_SMMU_RESUME_TERMINATE;
 } else otherwise
 ...+>
 }

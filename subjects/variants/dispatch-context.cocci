// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The guard is what is registered, whatever the implementation.
@dispatch_context@
identifier context_fault;
expression smmu;
@@
-if (smmu->impl && smmu->impl->context_fault)
-	context_fault = smmu->impl->context_fault;
-else
-	context_fault = arm_smmu_context_fault;
+context_fault = arm_smmu_context_fault;

// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// The same for the global fault.
@dispatch_global@
identifier global_fault;
expression smmu;
@@
-if (smmu->impl && smmu->impl->global_fault)
-	global_fault = smmu->impl->global_fault;
-else
-	global_fault = arm_smmu_global_fault;
+global_fault = arm_smmu_global_fault;

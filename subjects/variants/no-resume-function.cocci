// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom.c
// What client-cannot-resume leaves without a caller.
@no_resume_function@
identifier function = qcom_adreno_smmu_resume_translation;
@@
-static void function(...)
-{
-...
-}

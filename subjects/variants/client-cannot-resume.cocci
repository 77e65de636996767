// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu-qcom.c
// The hook by which the GPU's driver ended a stall goes.
@client_cannot_resume@
identifier priv, function = qcom_adreno_smmu_resume_translation;
@@
-priv->resume_translation = function;

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hardware agent that sets fault bits through the restore ports, as a self-test of the interrupt
 * path does (domain.md, section 1.4, FSRRESTORE). Its check and its write are one step, so that it
 * never reaches into a fault that is being handled.
 */
#include "internal.h"

static bool idle_bank(unsigned int bank)
{
	struct smmu_bank_view view;

	smmu_bank_view(bank, &view);
	return !(view.fsr & SMMU_FSR_FAULT) && !view.stalled && !view.queued;
}

static bool restore_bank(unsigned int bank, uint32_t bits)
{
	if (bank >= smmu->config.banks)
		return false;
	smmu_point(FL_ACCESS_WRITE, smmu_object_bank(bank),
		   FL_REGISTER(FL_REGION_SMMU, SMMU_FSRRESTORE));
	smmu_settle();
	if (smmu->power != FL_POWER_ON || !idle_bank(bank))
		return false;
	smmu_bank_write_fsrrestore(bank, bits & SMMU_FSR_TYPES);
	return true;
}

static bool restore_global(uint32_t bits)
{
	smmu_point(FL_ACCESS_WRITE, smmu_object_global(),
		   FL_REGISTER(FL_REGION_SMMU, SMMU_GFSRRESTORE));
	smmu_settle();
	if (smmu->power != FL_POWER_ON || smmu->global.gfsr)
		return false;
	smmu_global_write_gfsrrestore(bits & SMMU_GFSR_ALL & ~SMMU_GFSR_MULTI);
	return true;
}

bool smmu_self_test(unsigned int bank, uint32_t bits)
{
	bool done = bank == FL_BANK_GLOBAL ? restore_global(bits) : restore_bank(bank, bits);

	if (done)
		smmu_outputs_update();
	return done;
}

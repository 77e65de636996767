/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What checkers and traces see of the device. Nothing here changes it, or draws unknown values. */
#include "internal.h"

void smmu_bank_view(unsigned int index, struct smmu_bank_view *view)
{
	const struct smmu_bank *bank = &smmu->banks[index];

	*view = (struct smmu_bank_view){
		.fsr = bank->fsr,
		.sctlr = bank->sctlr,
		.fsynr0 = bank->fsynr0,
		.fsynr1 = bank->fsynr1,
		.cbfrsynra = bank->cbfrsynra,
		.far = bank->far,
		.fault = bank->fault ? bank->fault : bank->ss_fault,
		.stalled = smmu_txn_count(index, SMMU_TXN_STALLED) +
			   smmu_txn_count(index, SMMU_TXN_QUEUED),
		.queued = smmu_txn_count(index, SMMU_TXN_QUEUED),
		.output = bank->output,
	};
}

uint32_t smmu_fsr(unsigned int bank)
{
	return bank == FL_BANK_GLOBAL ? smmu->global.gfsr : smmu->banks[bank].fsr;
}

uint32_t smmu_gfsr(void)
{
	return smmu->global.gfsr;
}

uint32_t smmu_gfault(void)
{
	return smmu->global.fault;
}

bool smmu_output(unsigned int bank)
{
	return bank == FL_BANK_GLOBAL ? smmu->global.output : smmu->banks[bank].output;
}

/* The bank in which @fault is live, FL_BANK_GLOBAL, or SMMU_NO_BANK. */
static unsigned int live_in(uint32_t fault)
{
	if (!fault)
		return SMMU_NO_BANK;
	if (smmu->global.fault == fault)
		return FL_BANK_GLOBAL;
	for (unsigned int i = 0; i < smmu->config.banks; i++)
		if (smmu->banks[i].fault == fault || smmu->banks[i].ss_fault == fault ||
		    smmu_txn_has_fault(i, fault))
			return i;
	return SMMU_NO_BANK;
}

bool smmu_fault_live(uint32_t fault)
{
	return live_in(fault) != SMMU_NO_BANK;
}

bool smmu_fault_asserting(uint32_t fault)
{
	unsigned int index = live_in(fault);
	const struct smmu_bank *bank;

	if (index == SMMU_NO_BANK || !smmu_output(index))
		return false;
	if (index == FL_BANK_GLOBAL)
		return true;
	bank = &smmu->banks[index];
	if (fault == bank->fault && bank->fsr & SMMU_FSR_W1C)
		return true;
	return fault == bank->ss_fault && bank->fsr & SMMU_FSR_SS && smmu_ss_asserts();
}

unsigned int smmu_fault_bank(uint32_t fault)
{
	unsigned int live = live_in(fault);

	return live != SMMU_NO_BANK ? live : smmu->fault_banks[fault % SMMU_FAULT_BANKS];
}

uint32_t smmu_fault_count(void)
{
	return smmu->faults;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers after a power loss with knob reset_state = random (domain.md, section 1.6): each is
 * drawn from a few telling values when it is first looked at, so that a run has few choices.
 *
 * What is visible at once is the level of the lines. So one choice is made at power-up: which bank,
 * if any, comes up with its line high. The others' SCTLR and FSR are then drawn such that their
 * line is low.
 */
#include "internal.h"

#define GARBAGE_SCTLR (SMMU_SCTLR_M | SMMU_SCTLR_CFRE | SMMU_SCTLR_CFCFG)

void smmu_unknown_mark(void)
{
	struct smmu_global *global = &smmu->global;

	for (unsigned int i = 0; i < smmu->config.banks; i++)
		smmu->banks[i].unknown = SMMU_UNKNOWN_FSR | SMMU_UNKNOWN_FAR | SMMU_UNKNOWN_SCTLR;
	global->smr_unknown = global->s2cr_unknown = (1u << smmu->config.stream_groups) - 1;
	smmu->draw_at_power_up = true;
}

static void set_fsr(unsigned int index, uint32_t fsr)
{
	struct smmu_bank *bank = &smmu->banks[index];

	bank->unknown &= ~SMMU_UNKNOWN_FSR;
	bank->fsr = fsr;
	smmu_changed();
	if (!fsr)
		return;
	bank->fault = smmu_new_fault(index);
	bank->syndrome = bank->fault;
	if (fsr & SMMU_FSR_SS)
		bank->ss_fault = bank->fault;
	fl_emit_text(FL_EV_FAULT_RECORDED, bank->fault, index, fsr, 0, "unknown after power loss");
}

void smmu_unknown_power_up(void)
{
	unsigned int choice;
	struct smmu_bank *bank;

	if (!smmu->draw_at_power_up)
		return;
	smmu->draw_at_power_up = false;
	choice = smmu_chance(smmu->config.banks + 1);
	if (!choice)
		return;
	bank = &smmu->banks[choice - 1];
	/* A read without power (off_read = retained) has seen it already. */
	if ((bank->unknown & (SMMU_UNKNOWN_SCTLR | SMMU_UNKNOWN_FSR)) !=
	    (SMMU_UNKNOWN_SCTLR | SMMU_UNKNOWN_FSR))
		return;
	bank->unknown &= ~SMMU_UNKNOWN_SCTLR;
	bank->sctlr = GARBAGE_SCTLR | SMMU_SCTLR_CFIE;
	set_fsr(choice - 1, smmu_chance(2) ? SMMU_FSR_FAULT : SMMU_FSR_TF);
}

void smmu_unknown_fsr(unsigned int index, bool written)
{
	static const uint32_t values[] = {0, SMMU_FSR_TF, SMMU_FSR_SS, SMMU_FSR_FAULT};
	struct smmu_bank *bank = &smmu->banks[index];
	bool low;

	if (!(bank->unknown & SMMU_UNKNOWN_FSR))
		return;
	/* The line came up low: with CFIE drawn as set, no bit of FSR can have been. */
	low = !written && !(bank->unknown & SMMU_UNKNOWN_SCTLR) && bank->sctlr & SMMU_SCTLR_CFIE;
	set_fsr(index, low ? 0 : values[smmu_chance(4)]);
}

void smmu_unknown_far(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];

	if (!(bank->unknown & SMMU_UNKNOWN_FAR))
		return;
	bank->unknown &= ~SMMU_UNKNOWN_FAR;
	bank->far = smmu_chance(2) ? 0xffffffffffff : 0;
	smmu_changed_silently();
}

void smmu_unknown_sctlr(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t value;

	if (!(bank->unknown & SMMU_UNKNOWN_SCTLR))
		return;
	value = smmu_chance(2) ? GARBAGE_SCTLR | SMMU_SCTLR_CFIE : 0;
	/* The line came up low, and FSR turned out to have bits: CFIE cannot have been set. */
	if (!(bank->unknown & SMMU_UNKNOWN_FSR) && bank->fsr & SMMU_FSR_FAULT)
		value &= ~SMMU_SCTLR_CFIE;
	bank->unknown &= ~SMMU_UNKNOWN_SCTLR;
	bank->sctlr = value;
	smmu_changed();
}

void smmu_unknown_smr(unsigned int group)
{
	struct smmu_global *global = &smmu->global;

	if (!(global->smr_unknown & 1u << group))
		return;
	global->smr_unknown &= ~(1u << group);
	global->smr[group] = smmu_chance(2) ? SMMU_SMR_VALID | SMMU_SMR_MASK : 0;
	smmu_changed_silently();
}

void smmu_unknown_s2cr(unsigned int group)
{
	struct smmu_global *global = &smmu->global;

	if (!(global->s2cr_unknown & 1u << group))
		return;
	global->s2cr_unknown &= ~(1u << group);
	/* To bank 0, bypass, fault. */
	global->s2cr[group] = smmu_chance(3) << 16;
	smmu_changed_silently();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interrupt outputs: levels without a latch (domain.md, sections 1.5.6 and 1.6). With power they
 * are an expression of the registers. While only the clocks are off they keep their level or fall
 * (knob gated_line), while the domain is off they fall or keep it (knob collapsed_line).
 */
#include "internal.h"

enum { SS_ASSERTS_YES, SS_ASSERTS_NO };

bool smmu_ss_asserts(void)
{
	return fl_knobs.ss_asserts_line == SS_ASSERTS_YES;
}

static uint32_t causes(void)
{
	return SMMU_FSR_W1C | (smmu_ss_asserts() ? SMMU_FSR_SS : 0);
}

static inline bool asserts(const struct smmu_bank *bank, uint32_t by)
{
	return ((bank->sctlr & SMMU_SCTLR_CFIE) != 0) & ((bank->fsr & by) != 0);
}

bool smmu_bank_asserts(const struct smmu_bank *bank)
{
	return asserts(bank, causes());
}

static bool global_asserts(const struct smmu_global *global)
{
	if (global->cr0 & SMMU_CR0_GFIE && global->gfsr & ~SMMU_GFSR_CONFIG)
		return true;
	return global->cr0 & SMMU_CR0_GCFGFIE && global->gfsr & SMMU_GFSR_CONFIG;
}

/* What an output does without power, given its level so far. */
static bool level_off(bool level)
{
	if (smmu->power == FL_POWER_GATED)
		return level && fl_knobs.gated_line == FL_GATED_LINE_KEPT;
	return level && fl_knobs.collapsed_line == FL_COLLAPSED_LINE_KEPT;
}

static void drive(unsigned int bank, bool *output, bool level)
{
	if (smmu->power != FL_POWER_ON)
		level = level_off(*output);
	if (*output == level)
		return;
	*output = level;
	smmu_changed_silently();
	smmu->causes++;
	fl_emit(FL_EV_OUTPUT, bank, level, 0, 0);
	smmu->config.output(bank, level);
}

/* With power on: is every output as the registers want it? */
static bool settled(void)
{
	bool differs = global_asserts(&smmu->global) ^ smmu->global.output;
	uint32_t by = causes();

	for (unsigned int i = 0; i < smmu->config.banks; i++)
		differs |= asserts(&smmu->banks[i], by) ^ smmu->banks[i].output;
	return !differs;
}

void smmu_outputs_drive(void)
{
	/* First, for what an output leads to may change the state again. */
	smmu->undriven = false;
	/* Most changes are none for the outputs. */
	if (smmu->power == FL_POWER_ON && settled())
		return;
	for (unsigned int i = 0; i < smmu->config.banks; i++)
		drive(i, &smmu->banks[i].output, smmu_bank_asserts(&smmu->banks[i]));
	drive(FL_BANK_GLOBAL, &smmu->global.output, global_asserts(&smmu->global));
}

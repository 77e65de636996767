/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Power in three levels: on; clocks gated, with state kept; domain off, with state lost or retained
 * (domain.md, section 1.6).
 */
#include "internal.h"

/* What stands in FSR, FAR, SCTLR, SMR and S2CR, and in the syndrome that goes with FSR. */
static void reset_bank(unsigned int index, bool keep)
{
	struct smmu_bank *bank = &smmu->banks[index];
	struct smmu_bank before = *bank;

	smmu_bank_reset(index);
	if (!keep)
		return;
	bank->sctlr = before.sctlr;
	bank->fsr = before.fsr;
	bank->far = before.far;
	bank->fsynr0 = before.fsynr0;
	bank->fsynr1 = before.fsynr1;
	bank->cbfrsynra = before.cbfrsynra;
	bank->fault = before.fault;
	bank->ss_fault = before.ss_fault;
	bank->syndrome = before.syndrome;
	bank->unknown = before.unknown;
}

static void reset_global(bool keep)
{
	struct smmu_global *global = &smmu->global;
	struct smmu_global before = *global;

	smmu_global_reset();
	if (!keep)
		return;
	for (unsigned int i = 0; i < SMMU_MAX_GROUPS; i++) {
		global->smr[i] = before.smr[i];
		global->s2cr[i] = before.s2cr[i];
	}
	global->smr_unknown = before.smr_unknown;
	global->s2cr_unknown = before.s2cr_unknown;
}

/* The faults whose bits are about to go. */
static void retire_faults(enum fl_retire reason, bool keep)
{
	struct smmu_global *global = &smmu->global;

	for (unsigned int i = 0; i < smmu->config.banks; i++) {
		if (!keep)
			smmu->banks[i].fsr = 0;
		smmu_bank_retire(i, reason);
	}
	if (!global->fault)
		return;
	fl_emit(FL_EV_FAULT_RETIRED, global->fault, FL_BANK_GLOBAL, reason, 0);
	global->fault = 0;
}

static void lose_state(enum fl_retire reason)
{
	bool keep = fl_knobs.reset_state == FL_RESET_RETAINED;

	smmu_posted_lose();
	smmu_txn_lose_all(reason);
	retire_faults(reason, keep);
	for (unsigned int i = 0; i < smmu->config.banks; i++)
		reset_bank(i, keep);
	reset_global(keep);
	for (unsigned int i = 0; i < smmu->config.tbus; i++)
		smmu_tbu_reset(i);
	if (fl_knobs.reset_state == FL_RESET_RANDOM)
		smmu_unknown_mark();
}

static enum fl_power power_now(void)
{
	if (!smmu->domain && fl_knobs.power_off != FL_POWER_OFF_REFUSED)
		return FL_POWER_COLLAPSED;
	return smmu->clocks ? FL_POWER_ON : FL_POWER_GATED;
}

static void update(void)
{
	enum fl_power before = smmu->power;
	enum fl_power after = power_now();

	if (before == after)
		return;
	smmu_settle();
	if (before == FL_POWER_ON)
		smmu_posted_lose();
	smmu->power = after;
	smmu_changed();
	fl_emit(FL_EV_POWER, before, after, 0, 0);
	if (after == FL_POWER_COLLAPSED && fl_knobs.power_off == FL_POWER_OFF_COLLAPSE)
		lose_state(FL_RETIRE_POWER_LOSS);
	if (after == FL_POWER_ON) {
		smmu_unknown_power_up();
		smmu_txn_release_held();
	}
	smmu_outputs_update();
}

static void point(void)
{
	if (smmu->whole_device_object)
		fl_point(FL_ACCESS_WRITE, (uintptr_t)smmu, 0);
}

void smmu_set_clocks(bool on)
{
	point();
	if (smmu->clocks == on)
		return;
	smmu->clocks = on;
	smmu_changed_silently();
	update();
}

void smmu_set_domain(bool on)
{
	point();
	if (smmu->domain == on)
		return;
	smmu->domain = on;
	smmu_changed_silently();
	update();
}

void smmu_hardware_reset(void)
{
	point();
	smmu_settle();
	lose_state(FL_RETIRE_RESET);
	if (smmu->power == FL_POWER_ON)
		smmu_unknown_power_up();
	smmu_outputs_update();
}

enum fl_power smmu_power(void)
{
	return smmu->power;
}

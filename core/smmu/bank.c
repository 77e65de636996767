/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A context bank's faults (domain.md, section 1.5): recording with the first syndrome kept, FSR as
 * write-one-to-clear, SS that only RESUME clears, SCTLR.
 */
#include "internal.h"

#include <string.h>

enum { NO_SS_IGNORED, NO_SS_TERMINATES_NEXT };
enum { DISABLED_BANK_KEPT, DISABLED_BANK_TERMINATED };
enum { CFCFG_CLEARED_KEPT, CFCFG_CLEARED_FLUSHED };

void smmu_bank_reset(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];
	bool output = bank->output;

	memset(bank, 0, sizeof(*bank));
	bank->output = output;
	if (smmu->config.model == SMMU_MODEL_MMU500)
		bank->actlr = SMMU_ACTLR_CMTLB | SMMU_ACTLR_CPRE;
	smmu_changed();
}

uint32_t smmu_new_fault(unsigned int bank)
{
	uint32_t id = ++smmu->faults;

	smmu->fault_banks[id % SMMU_FAULT_BANKS] = bank;
	return id;
}

bool smmu_bank_outstanding(const struct smmu_bank *bank)
{
	return bank->fsr & SMMU_FSR_FAULT;
}

static void retire(unsigned int index, uint32_t fault, enum fl_retire reason)
{
	fl_emit(FL_EV_FAULT_RETIRED, fault, index, reason, 0);
	fl_progress();
}

void smmu_bank_retire(unsigned int index, enum fl_retire reason)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t fault = bank->fault;
	uint32_t ss_fault = bank->ss_fault;

	if (ss_fault && !(bank->fsr & SMMU_FSR_SS)) {
		bank->ss_fault = 0;
		if (ss_fault != fault)
			retire(index, ss_fault, reason);
	}
	if (fault && !(bank->fsr & SMMU_FSR_W1C) && fault != bank->ss_fault &&
	    !smmu_txn_has_fault(index, fault)) {
		bank->fault = 0;
		retire(index, fault, reason);
	}
	if (!(bank->fsr & SMMU_FSR_FAULT))
		smmu_set_cause(&bank->fsr, 0);
}

void smmu_bank_forget(unsigned int index, uint32_t fault, enum fl_retire reason)
{
	const struct smmu_bank *bank = &smmu->banks[index];

	if (fault && fault != bank->fault && fault != bank->ss_fault)
		retire(index, fault, reason);
}

/* --- recording --------------------------------------------------------------------------- */

static uint32_t fsynr0_of(const struct smmu_txn *txn, const struct smmu_walk *walk)
{
	uint32_t fsynr0 = walk->level;

	if (txn->request.write)
		fsynr0 |= SMMU_FSYNR0_WNR;
	if (txn->privileged)
		fsynr0 |= SMMU_FSYNR0_PNU;
	if (walk->on_table)
		fsynr0 |= SMMU_FSYNR0_PTWF;
	/* S1CBNDX tells a stage 2 bank whose stage 1 bank it was. */
	if (walk->bank != txn->entry_bank)
		fsynr0 |= (uint32_t)txn->entry_bank << 16;
	return fsynr0;
}

/* Type bit and syndrome; the FSR's type bits were clear. SS is the caller's business. */
static uint32_t record(unsigned int index, struct smmu_txn *txn, const struct smmu_walk *walk)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t id = smmu_new_fault(index);

	bank->unknown &= ~SMMU_UNKNOWN_FAR;
	bank->fsr |= walk->fsr | SMMU_FSR_FORMAT_AARCH64;
	bank->far = txn->request.iova;
	bank->fsynr0 = fsynr0_of(txn, walk);
	bank->fsynr1 = txn->request.unit;
	bank->cbfrsynra = txn->request.stream;
	bank->fault = id;
	bank->syndrome = id;
	txn->fault = id;
	smmu_changed();
	return id;
}

static void set_multi(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];

	smmu_set_cause(&bank->fsr, bank->fsr | SMMU_FSR_MULTI);
	fl_emit(FL_EV_FAULT_MULTI, bank->fault, index, bank->fsr, 0);
}

void smmu_bank_stall(unsigned int index, struct smmu_txn *txn)
{
	struct smmu_bank *bank = &smmu->banks[index];

	bank->fsr |= SMMU_FSR_SS;
	bank->ss_fault = txn->fault;
	txn->bank = index;
	txn->state = SMMU_TXN_STALLED;
	smmu_changed();
}

/* For FAULT_RECORDED: a translation that the driver itself had a TBU try is no master's transaction. */
static const char *origin_of(const struct smmu_txn *txn)
{
	return txn->debug ? "ECATS" : NULL;
}

/* FSR is clear: rule 1. */
static void first_fault(unsigned int index, struct smmu_txn *txn, const struct smmu_walk *walk)
{
	struct smmu_bank *bank = &smmu->banks[index];
	bool stall = bank->sctlr & SMMU_SCTLR_CFCFG;
	uint32_t id = record(index, txn, walk);

	if (stall && bank->terminate_next) {
		/* A RESUME that came before its stall. */
		bank->terminate_next = false;
		stall = false;
	}
	if (stall)
		smmu_bank_stall(index, txn);
	fl_emit_text(FL_EV_FAULT_RECORDED, id, index, bank->fsr, stall, origin_of(txn));
	if (stall)
		fl_emit(FL_EV_TXN_STALLED, txn->number, index, id, 0);
	else
		smmu_txn_terminate(txn, index);
}

/* SS is clear, a type bit is set: MULTI, and the first syndrome stays. */
static void further_fault(unsigned int index, struct smmu_txn *txn)
{
	set_multi(index);
	if (smmu->banks[index].sctlr & SMMU_SCTLR_CFCFG)
		smmu_queue_add(index, txn);
	else
		smmu_txn_terminate(txn, index);
}

/* SS is set: knobs multi_while_stalled and others_while_stalled. */
static void fault_while_stalled(unsigned int index, struct smmu_txn *txn,
				const struct smmu_walk *walk)
{
	struct smmu_bank *bank = &smmu->banks[index];
	bool recorded = fl_knobs.multi_while_stalled == FL_MULTI_RECORDED;
	bool wait = fl_knobs.others_while_stalled == FL_OTHERS_STALL;

	if (recorded) {
		/* CFCFG is sampled now. Held transactions sample it when their turn comes. */
		wait = wait && bank->sctlr & SMMU_SCTLR_CFCFG;
		if (bank->fsr & SMMU_FSR_W1C) {
			set_multi(index);
		} else {
			record(index, txn, walk);
			fl_emit_text(FL_EV_FAULT_RECORDED, txn->fault, index, bank->fsr, wait,
				     origin_of(txn));
		}
	}
	if (wait)
		smmu_queue_add(index, txn);
	else
		smmu_txn_terminate(txn, index);
}

void smmu_bank_fault(unsigned int index, struct smmu_txn *txn, const struct smmu_walk *walk)
{
	uint32_t fsr;

	smmu_unknown_fsr(index, false);
	smmu_unknown_sctlr(index);
	fsr = smmu->banks[index].fsr;
	fl_emit(FL_EV_TXN_FAULT, txn->number, index, txn->request.stream, txn->request.iova);
	if (fsr & SMMU_FSR_SS)
		fault_while_stalled(index, txn, walk);
	else if (fsr & SMMU_FSR_W1C)
		further_fault(index, txn);
	else
		first_fault(index, txn, walk);
}

/* --- registers --------------------------------------------------------------------------- */

void smmu_bank_write_fsr(unsigned int index, uint32_t value)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t before;

	smmu_unknown_fsr(index, false);
	before = bank->fsr;
	smmu_set_cause(&bank->fsr, before & ~(value & SMMU_FSR_W1C));
	fl_emit(FL_EV_FSR_WRITE, index, value, before, bank->fsr);
	smmu_bank_retire(index, FL_RETIRE_W1C);
	smmu_queue_run(index);
}

void smmu_bank_write_fsrrestore(unsigned int index, uint32_t value)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t before;

	smmu_unknown_fsr(index, false);
	before = bank->fsr;
	smmu_set_cause(&bank->fsr, before | (value & SMMU_FSR_FAULT));
	if (bank->fsr == before)
		return;
	if (!(before & SMMU_FSR_FAULT)) {
		bank->fault = smmu_new_fault(index);
		/* A reader takes whatever the syndrome registers hold now for its syndrome. */
		bank->syndrome = bank->fault;
		fl_emit_text(FL_EV_FAULT_RECORDED, bank->fault, index, bank->fsr, 0, "FSRRESTORE");
	} else if (bank->fsr & ~before & SMMU_FSR_MULTI) {
		fl_emit(FL_EV_FAULT_MULTI, bank->fault, index, bank->fsr, 0);
	}
	if (bank->fsr & ~before & SMMU_FSR_SS)
		bank->ss_fault = bank->fault;
}

/* Retry: once more through the walk; a fault is then a new one. */
static void retry(unsigned int index, struct smmu_txn *txn)
{
	txn->fault = 0;
	txn->bank = SMMU_NO_BANK;
	txn->state = SMMU_TXN_FLYING;
	smmu_txn_translate(txn);
}

static bool resume_counts(struct smmu_bank *bank)
{
	if (!(bank->fsr & SMMU_FSR_SS)) {
		if (fl_knobs.resume_without_ss == NO_SS_TERMINATES_NEXT && !bank->terminate_next) {
			bank->terminate_next = true;
			smmu_changed_silently();
		}
		return false;
	}
	if (bank->resume_stuck)
		return false;
	if (bank->fsr & SMMU_FSR_W1C && fl_knobs.resume_while_faulted == FL_RESUME_IGNORED) {
		if (fl_knobs.resume_ignored_policy == FL_RESUME_STICKY) {
			bank->resume_stuck = true;
			smmu_changed_silently();
		}
		return false;
	}
	return true;
}

void smmu_bank_write_resume(unsigned int index, uint32_t value)
{
	struct smmu_bank *bank = &smmu->banks[index];
	bool terminate = value & SMMU_RESUME_TERMINATE;
	struct smmu_txn *txn;
	bool counts;

	smmu_unknown_fsr(index, false);
	counts = resume_counts(bank);
	fl_emit(FL_EV_RESUME_WRITE, index, value, bank->fsr, counts);
	if (!counts)
		return;
	smmu_set_cause(&bank->fsr, bank->fsr & ~SMMU_FSR_SS);
	txn = smmu_txn_stalled(index);
	/* The transaction's end tells its fault, so it comes before the fault's. */
	if (txn && terminate)
		smmu_txn_terminate(txn, index);
	else if (txn)
		txn->fault = 0;
	smmu_bank_retire(index, terminate ? FL_RETIRE_RESUME_TERMINATE : FL_RETIRE_RESUME_RETRY);
	if (txn && !terminate)
		retry(index, txn);
	smmu_queue_run(index);
}

/* SCTLR.M went off: knob disabled_bank says what becomes of faults and stalled transactions. */
static void disable(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];
	struct smmu_txn *txn;

	if (fl_knobs.disabled_bank != DISABLED_BANK_TERMINATED)
		return;
	smmu_queue_flush(index, FL_RETIRE_TEARDOWN);
	txn = smmu_txn_stalled(index);
	if (txn)
		smmu_txn_terminate(txn, index);
	smmu_set_cause(&bank->fsr, 0);
	smmu_bank_retire(index, FL_RETIRE_TEARDOWN);
}

void smmu_bank_write_sctlr(unsigned int index, uint32_t value)
{
	struct smmu_bank *bank = &smmu->banks[index];
	uint32_t before = bank->sctlr;

	if (bank->unknown & SMMU_UNKNOWN_SCTLR) {
		bank->unknown &= ~SMMU_UNKNOWN_SCTLR;
		smmu_changed_silently();
	}
	smmu_set_cause(&bank->sctlr, value);
	fl_emit(FL_EV_SCTLR_WRITE, index, value, before, 0);
	/* Whether the line rises now depends on an FSR that nobody has looked at yet. */
	if (value & SMMU_SCTLR_CFIE)
		smmu_unknown_fsr(index, true);
	if (before & ~value & SMMU_SCTLR_CFCFG && fl_knobs.cfcfg_cleared == CFCFG_CLEARED_FLUSHED)
		smmu_queue_flush(index, FL_RETIRE_TEARDOWN);
	if (before & ~value & SMMU_SCTLR_M)
		disable(index);
	smmu_queue_run(index);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledger of transactions: each has a number and one outcome, and stands here until it has it.
 *
 * A transaction passes two scheduling points: the match of its stream, then the translation in its
 * bank (on MMU-500 the first is in the TBU, the second in the TCU). Between the two the registers,
 * and the power, may change.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

enum { POWER_OFF_DROPPED, POWER_OFF_HANG };

struct smmu_txn *smmu_txn_new(const struct smmu_request *request)
{
	uint32_t number = ++smmu->transactions;
	unsigned int index;

	smmu_changed_silently();
	index = (unsigned int)__builtin_ctzll(~smmu->in_use);
	if (index < SMMU_MAX_ACTIVE) {
		struct smmu_txn *txn = &smmu->active[index];

		*txn = (struct smmu_txn){
			.request = *request,
			.number = number,
			.state = SMMU_TXN_FLYING,
			.bank = SMMU_NO_BANK,
			.entry_bank = SMMU_NO_BANK,
			.privileged = request->privileged,
		};
		smmu->in_use |= 1ull << index;
		smmu->outcomes[number % SMMU_OUTCOMES] = SMMU_OUTCOME_PENDING;
		return txn;
	}
	/* More than any master has outstanding: the interconnect refuses it. */
	smmu->outcomes[number % SMMU_OUTCOMES] = SMMU_OUTCOME_ABORTED;
	fl_emit(FL_EV_TXN_DONE, number, FL_BANK_GLOBAL, SMMU_OUTCOME_ABORTED, 0);
	return NULL;
}

static uint8_t *outcome_of(uint32_t number)
{
	if (!number || number > smmu->transactions ||
	    number + SMMU_OUTCOMES <= smmu->transactions) {
		fprintf(stderr,
			"faultline: transaction %u: only the last %u of %u are remembered\n",
			number, SMMU_OUTCOMES, smmu->transactions);
		exit(3);
	}
	return &smmu->outcomes[number % SMMU_OUTCOMES];
}

void smmu_txn_done(struct smmu_txn *txn, enum smmu_outcome outcome)
{
	uint8_t *slot = &smmu->outcomes[txn->number % SMMU_OUTCOMES];
	unsigned int bank = txn->bank != SMMU_NO_BANK ? txn->bank : txn->entry_bank;

	if (bank == SMMU_NO_BANK)
		bank = FL_BANK_GLOBAL;
	txn->state = SMMU_TXN_FREE;
	smmu->in_use &= ~(1ull << (txn - smmu->active));
	smmu_changed_silently();
	/* A transaction that was overtaken by as many others as are remembered has lost its slot.
	 */
	if (txn->number + SMMU_OUTCOMES > smmu->transactions)
		*slot = outcome;
	fl_emit(FL_EV_TXN_DONE, txn->number, bank, outcome, txn->fault);
	fl_wake_all((uintptr_t)slot);
}

void smmu_txn_terminate(struct smmu_txn *txn, unsigned int bank)
{
	bool abort_seen = smmu->banks[bank].sctlr & SMMU_SCTLR_CFRE;

	smmu_txn_done(txn, abort_seen ? SMMU_OUTCOME_ABORTED : SMMU_OUTCOME_DROPPED);
}

struct smmu_txn *smmu_txn_stalled(unsigned int bank)
{
	struct smmu_txn *txn;

	smmu_for_each_active(txn)
		if (txn->state == SMMU_TXN_STALLED && txn->bank == bank)
			return txn;
	return NULL;
}

bool smmu_txn_has_fault(unsigned int bank, uint32_t fault)
{
	const struct smmu_txn *txn;

	smmu_for_each_active(txn)
		if (txn->state == SMMU_TXN_QUEUED && txn->bank == bank && txn->fault == fault)
			return true;
	return false;
}

bool smmu_txn_pending(uint32_t number)
{
	const struct smmu_txn *txn;

	smmu_for_each_active(txn)
		if (txn->number == number)
			return true;
	return false;
}

unsigned int smmu_txn_count(unsigned int bank, enum smmu_txn_state state)
{
	const struct smmu_txn *txn;
	unsigned int count = 0;

	smmu_for_each_active(txn)
		count += txn->state == state && (bank == FL_BANK_GLOBAL || txn->bank == bank);
	return count;
}

/* --- its way ----------------------------------------------------------------------------- */

/* Without power there is nothing to answer (knob stalled_at_power_off). */
static void lost(struct smmu_txn *txn)
{
	smmu_txn_done(txn, fl_knobs.stalled_at_power_off == POWER_OFF_HANG ? SMMU_OUTCOME_HUNG
									   : SMMU_OUTCOME_DROPPED);
}

/* Clocks off or TBU halted: the handshake waits. Domain off: lost. Returns whether it may go on. */
static bool may_go_on(struct smmu_txn *txn)
{
	if (smmu->power == FL_POWER_COLLAPSED) {
		lost(txn);
		return false;
	}
	if (smmu->power == FL_POWER_ON && (txn->debug || !smmu_tbu_halted(txn->request.stream)))
		return true;
	if (txn->state != SMMU_TXN_HELD)
		smmu_changed_silently();
	txn->state = SMMU_TXN_HELD;
	return false;
}

/* The stream leads to no bank: a global fault. */
static void no_bank(struct smmu_txn *txn, uint32_t gfsr)
{
	bool abort_seen = smmu->global.cr0 & SMMU_CR0_GFRE;

	fl_emit(FL_EV_TXN_FAULT, txn->number, FL_BANK_GLOBAL, txn->request.stream,
		txn->request.iova);
	txn->fault = smmu_global_fault(gfsr, &txn->request);
	txn->bank = FL_BANK_GLOBAL;
	smmu_txn_done(txn, abort_seen ? SMMU_OUTCOME_ABORTED : SMMU_OUTCOME_DROPPED);
}

void smmu_txn_translate(struct smmu_txn *txn)
{
	unsigned int index = txn->entry_bank;
	struct smmu_bank *bank = &smmu->banks[index];
	struct smmu_walk walk;

	smmu_unknown_sctlr(index);
	smmu_unknown_fsr(index, false);
	if (bank->sctlr & SMMU_SCTLR_M && !(bank->sctlr & SMMU_SCTLR_HUPCF) &&
	    smmu_bank_outstanding(bank)) {
		/* Not translated at all while a fault is outstanding. */
		if (bank->sctlr & SMMU_SCTLR_CFCFG)
			smmu_queue_add(index, txn);
		else
			smmu_txn_terminate(txn, index);
		return;
	}
	smmu_translate(index, txn->request.iova, txn->request.write, txn->privileged, &walk);
	if (walk.fsr)
		smmu_bank_fault(walk.bank, txn, &walk);
	else
		smmu_txn_done(txn, walk.bypassed ? SMMU_OUTCOME_BYPASSED : SMMU_OUTCOME_OK);
}

void smmu_txn_issue(struct smmu_txn *txn)
{
	uint32_t gfsr = 0;

	if (!may_go_on(txn))
		return;
	txn->state = SMMU_TXN_FLYING;
	switch (smmu_stream_match(txn, &gfsr)) {
	case SMMU_MATCH_BANK:
		smmu_txn_translate(txn);
		break;
	case SMMU_MATCH_BYPASS:
		smmu_txn_done(txn, SMMU_OUTCOME_BYPASSED);
		break;
	case SMMU_MATCH_FAULT:
		no_bank(txn, gfsr);
		break;
	}
}

/* The oldest transaction that is held and younger than @after. */
static struct smmu_txn *next_held(uint32_t after)
{
	struct smmu_txn *txn, *next = NULL;

	smmu_for_each_active(txn)
		if (txn->state == SMMU_TXN_HELD && txn->number > after &&
		    (!next || txn->number < next->number))
			next = txn;
	return next;
}

void smmu_txn_release_held(void)
{
	uint32_t after = 0;
	struct smmu_txn *txn;

	while ((txn = next_held(after))) {
		after = txn->number;
		smmu_txn_issue(txn);
	}
}

void smmu_txn_lose_all(enum fl_retire reason)
{
	for (uint32_t after = 0;;) {
		struct smmu_txn *txn, *next = NULL;
		unsigned int bank;
		uint32_t fault;

		smmu_for_each_active(txn)
			if (txn->number > after && (!next || txn->number < next->number))
				next = txn;
		if (!next)
			return;
		after = next->number;
		fault = next->state == SMMU_TXN_QUEUED ? next->fault : 0;
		bank = next->bank;
		lost(next);
		if (fault)
			smmu_bank_forget(bank, fault, reason);
	}
}

/* --- the master's side ------------------------------------------------------------------- */

/* Registers are named in a case, transactions are not: one site for all of each stage. */
#define SITE_MATCH     FL_REGISTER(FL_REGION_SMMU, SMMU_SMR(0) + 1)
#define SITE_TRANSLATE FL_REGISTER(FL_REGION_SMMU, SMMU_FSR + 1)

static bool still_flying(const struct smmu_txn *txn, uint32_t number)
{
	return txn->number == number && txn->state == SMMU_TXN_FLYING;
}

static void run_transaction(struct smmu_txn *txn, uint32_t number)
{
	uint32_t gfsr = 0;
	enum smmu_match where;

	if (!may_go_on(txn))
		return;
	where = smmu_stream_match(txn, &gfsr);
	if (where == SMMU_MATCH_BYPASS) {
		smmu_txn_done(txn, SMMU_OUTCOME_BYPASSED);
		return;
	}
	if (where == SMMU_MATCH_FAULT) {
		smmu_point(FL_ACCESS_WRITE, smmu_object_global(), SITE_TRANSLATE);
		if (still_flying(txn, number) && may_go_on(txn))
			no_bank(txn, gfsr);
		return;
	}
	smmu_point(FL_ACCESS_WRITE, smmu_object_bank(txn->entry_bank), SITE_TRANSLATE);
	if (still_flying(txn, number) && may_go_on(txn))
		smmu_txn_translate(txn);
}

unsigned int smmu_dma(const struct smmu_request *request)
{
	struct smmu_txn *txn;
	uint32_t number;

	smmu_point(FL_ACCESS_READ, smmu_object_global(), SITE_MATCH);
	smmu_settle();
	txn = smmu_txn_new(request);
	if (!txn)
		return smmu->transactions;
	number = txn->number;
	run_transaction(txn, number);
	smmu_outputs_update();
	return number;
}

enum smmu_outcome smmu_dma_outcome(unsigned int transaction)
{
	return *outcome_of(transaction);
}

enum smmu_outcome smmu_dma_wait(unsigned int transaction)
{
	uint8_t *slot = outcome_of(transaction);

	while (*slot == SMMU_OUTCOME_PENDING)
		fl_block((uintptr_t)slot, "SMMU transaction", false);
	return *slot;
}

enum smmu_outcome smmu_dma_wait_until(unsigned int transaction, uint64_t deadline_ns)
{
	uint8_t *slot = outcome_of(transaction);

	if (*slot == SMMU_OUTCOME_PENDING)
		fl_block_until((uintptr_t)slot, "SMMU transaction", deadline_ns);
	return *slot;
}

unsigned int smmu_dma_pending(void)
{
	return smmu_txn_count(FL_BANK_GLOBAL, SMMU_TXN_STALLED) +
	       smmu_txn_count(FL_BANK_GLOBAL, SMMU_TXN_QUEUED);
}

unsigned int smmu_dma_held(void)
{
	return smmu_txn_count(FL_BANK_GLOBAL, SMMU_TXN_HELD);
}

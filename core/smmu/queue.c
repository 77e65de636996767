/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Further faulting transactions of a bank (domain.md, section 1.5, implementation profiles): each
 * stalls until it wins the race to be recorded, then waits for its own RESUME. The one that wins is
 * translated again at that moment, and CFCFG and HUPCF are sampled at that moment.
 */
#include "internal.h"

static unsigned int depth(void)
{
	/* In the order of the knob's values, "4,0,1,8". */
	static const uint8_t depths[] = {4, 0, 1, 8};

	return depths[fl_knobs.stall_queue_depth & 3];
}

void smmu_queue_add(unsigned int index, struct smmu_txn *txn)
{
	if (smmu_txn_count(index, SMMU_TXN_QUEUED) >= depth()) {
		smmu_txn_terminate(txn, index);
		return;
	}
	txn->bank = index;
	txn->state = SMMU_TXN_QUEUED;
	smmu_changed_silently();
	fl_emit(FL_EV_TXN_STALLED, txn->number, index, txn->fault, 0);
}

/*
 * The @nth transaction (0 the oldest) that waits in bank @index, of those that are recorded and
 * only wait for SS, or of the others.
 */
static struct smmu_txn *waiting(unsigned int index, bool recorded, unsigned int nth)
{
	uint32_t after = 0;
	struct smmu_txn *txn, *next;

	do {
		next = NULL;
		smmu_for_each_active(txn) {
			if (txn->state != SMMU_TXN_QUEUED || txn->bank != index)
				continue;
			if ((txn->fault != 0) != recorded || txn->number <= after)
				continue;
			if (!next || txn->number < next->number)
				next = txn;
		}
		if (next)
			after = next->number;
	} while (next && nth--);
	return next;
}

static unsigned int count_unrecorded(unsigned int index)
{
	unsigned int count = 0;

	while (waiting(index, false, count))
		count++;
	return count;
}

/* A recorded transaction that waited for another one's RESUME now owns SS. */
static bool pass_ss_on(unsigned int index)
{
	struct smmu_bank *bank = &smmu->banks[index];
	struct smmu_txn *txn;

	if (bank->fsr & SMMU_FSR_SS)
		return false;
	txn = waiting(index, true, 0);
	if (!txn)
		return false;
	smmu_bank_stall(index, txn);
	fl_emit(FL_EV_TXN_STALLED, txn->number, index, txn->fault, 0);
	return true;
}

static bool next_may_try(const struct smmu_bank *bank)
{
	if (bank->fsr & SMMU_FSR_W1C)
		return false;
	if (!(bank->fsr & SMMU_FSR_SS))
		return true;
	return fl_knobs.multi_while_stalled == FL_MULTI_RECORDED && bank->sctlr & SMMU_SCTLR_HUPCF;
}

void smmu_queue_run(unsigned int index)
{
	const struct smmu_bank *bank = &smmu->banks[index];
	unsigned int count, winner;
	struct smmu_txn *txn;

	/* Each turn takes one transaction out; one that goes back in leaves a fault that ends the
	 * loop. */
	for (;;) {
		if (pass_ss_on(index))
			continue;
		if (!next_may_try(bank))
			return;
		count = count_unrecorded(index);
		if (!count)
			return;
		winner = smmu_chance(count);
		txn = waiting(index, false, winner);
		txn->state = SMMU_TXN_FLYING;
		txn->bank = SMMU_NO_BANK;
		smmu_changed_silently();
		smmu_txn_translate(txn);
	}
}

void smmu_queue_flush(unsigned int index, enum fl_retire reason)
{
	struct smmu_txn *txn;
	uint32_t fault;

	while ((txn = waiting(index, false, 0)))
		smmu_txn_terminate(txn, index);
	while ((txn = waiting(index, true, 0))) {
		fault = txn->fault;
		smmu_txn_terminate(txn, index);
		smmu_bank_forget(index, fault, reason);
	}
	smmu_bank_retire(index, reason);
}

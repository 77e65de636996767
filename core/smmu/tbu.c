/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TBU's debug block (domain.md, sections 1.7 and 2.3): halting the TBU, and ECATS, a
 * translation that its trigger register starts. A halt is acknowledged when no transaction of that
 * TBU is stalled; new ones wait meanwhile. An ECATS goes through the context bank like a
 * transaction: its fault is recorded, may interrupt, and may stall.
 */
#include "internal.h"

#include <string.h>

#define ECATS_NS	1000
#define STREAMS_PER_TBU 1024

void smmu_tbu_reset(unsigned int index)
{
	memset(&smmu->tbus[index], 0, sizeof(smmu->tbus[index]));
	smmu_changed_silently();
}

unsigned int smmu_tbu_of(uint16_t stream)
{
	unsigned int tbu = stream / STREAMS_PER_TBU;

	if (!smmu->config.tbus)
		return 0;
	return tbu < smmu->config.tbus ? tbu : smmu->config.tbus - 1;
}

bool smmu_tbu_halted(uint16_t stream)
{
	return smmu->config.tbus && smmu->tbus[smmu_tbu_of(stream)].sid_halt & SMMU_TBU_HALT;
}

static bool anything_stalled(unsigned int index)
{
	const struct smmu_txn *txn;

	smmu_for_each_active(txn) {
		if (txn->state != SMMU_TXN_STALLED && txn->state != SMMU_TXN_QUEUED)
			continue;
		if (smmu_tbu_of(txn->request.stream) == index)
			return true;
	}
	return false;
}

static bool ecats_running(const struct smmu_tbu *tbu)
{
	return tbu->ecats_until || smmu_txn_pending(tbu->ecats_transaction);
}

static uint64_t read_status(unsigned int index)
{
	const struct smmu_tbu *tbu = &smmu->tbus[index];
	uint64_t status = ecats_running(tbu) ? SMMU_TBU_STATUS_RUNNING : 0;

	if (tbu->sid_halt & SMMU_TBU_HALT && !anything_stalled(index))
		status |= SMMU_TBU_STATUS_HALT_ACK;
	return status;
}

uint64_t smmu_tbu_register_read(unsigned int index, uint32_t offset)
{
	const struct smmu_tbu *tbu = &smmu->tbus[index];

	switch (offset) {
	case SMMU_TBU_SID_HALT:
		return tbu->sid_halt;
	case SMMU_TBU_VA:
		return tbu->va;
	case SMMU_TBU_TRIGGER:
		return tbu->trigger;
	case SMMU_TBU_STATUS:
		return read_status(index);
	case SMMU_TBU_PAR:
		return tbu->par;
	case SMMU_TBU_AXUSER:
		return tbu->axuser;
	default:
		return 0;
	}
}

/* What the walk would say, for PAR; the transaction itself has only an outcome. */
static uint64_t ecats_par(const struct smmu_txn *txn)
{
	struct smmu_walk walk;

	smmu_translate(txn->entry_bank, txn->request.iova, false, txn->privileged, &walk);
	return walk.fsr ? SMMU_TBU_PAR_FAULT : walk.pa & SMMU_TBU_PA;
}

static void trigger(unsigned int index)
{
	struct smmu_tbu *tbu = &smmu->tbus[index];
	struct smmu_request request = {
		.stream = index * STREAMS_PER_TBU + (tbu->sid_halt & SMMU_TBU_SID),
		.iova = tbu->va,
		.privileged = tbu->trigger & SMMU_TBU_TRIGGER_PRIVILEGED,
	};
	uint32_t gfsr = 0;
	struct smmu_txn *txn;

	txn = smmu_txn_new(&request);
	if (!txn)
		return;
	txn->debug = true;
	tbu->ecats_transaction = txn->number;
	tbu->par = 0;
	switch (smmu_stream_match(txn, &gfsr)) {
	case SMMU_MATCH_BANK:
		tbu->ecats_par = ecats_par(txn);
		break;
	case SMMU_MATCH_BYPASS:
		tbu->ecats_par = tbu->va & SMMU_TBU_PA;
		break;
	case SMMU_MATCH_FAULT:
		tbu->ecats_par = SMMU_TBU_PAR_FAULT;
		break;
	}
	tbu->ecats_until = smmu_deadline(ECATS_NS);
	if (!tbu->ecats_until)
		tbu->par = tbu->ecats_par;
	smmu_changed_silently();
	smmu_txn_issue(txn);
}

/*
 * Trigger off: the operation is over for the debug block. A transaction that its fault stalled
 * stays with its bank, which wants its RESUME.
 */
static void stop(struct smmu_tbu *tbu)
{
	tbu->ecats_until = 0;
	tbu->ecats_transaction = 0;
	smmu_changed_silently();
}

static void write_trigger(unsigned int index, uint64_t value)
{
	struct smmu_tbu *tbu = &smmu->tbus[index];
	bool was_on = tbu->trigger & SMMU_TBU_TRIGGER_GO;
	bool on = value & SMMU_TBU_TRIGGER_GO;

	smmu_set64(&tbu->trigger, value);
	if (on && !was_on)
		trigger(index);
	else if (!on && was_on)
		stop(tbu);
}

void smmu_tbu_register_write(unsigned int index, uint32_t offset, uint64_t value)
{
	struct smmu_tbu *tbu = &smmu->tbus[index];
	bool was_halted = tbu->sid_halt & SMMU_TBU_HALT;

	switch (offset) {
	case SMMU_TBU_SID_HALT:
		smmu_set64(&tbu->sid_halt, value & (SMMU_TBU_HALT | SMMU_TBU_SID));
		if (was_halted && !(value & SMMU_TBU_HALT))
			smmu_txn_release_held();
		break;
	case SMMU_TBU_VA:
		smmu_set64(&tbu->va, value);
		break;
	case SMMU_TBU_TRIGGER:
		write_trigger(index, value);
		break;
	case SMMU_TBU_AXUSER:
		smmu_set64(&tbu->axuser, value);
		break;
	}
}

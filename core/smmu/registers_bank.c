/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of a context bank (domain.md, section 1.4): reads, writes, address translation. */
#include "internal.h"

#define ATS_NS 1000

uint32_t smmu_bank_read(unsigned int index, uint32_t offset)
{
	const struct smmu_bank *bank = &smmu->banks[index];

	switch (offset) {
	case SMMU_SCTLR:
		smmu_unknown_sctlr(index);
		return bank->sctlr;
	case SMMU_ACTLR:
		return bank->actlr;
	case SMMU_TCR2:
		return bank->tcr2;
	case SMMU_TTBR0:
		return smmu_low(bank->ttbr0);
	case SMMU_TTBR0 + 4:
		return smmu_high(bank->ttbr0);
	case SMMU_TTBR1:
		return smmu_low(bank->ttbr1);
	case SMMU_TTBR1 + 4:
		return smmu_high(bank->ttbr1);
	case SMMU_TCR:
		return bank->tcr;
	case SMMU_CONTEXTIDR:
		return bank->contextidr;
	case SMMU_MAIR0:
		return bank->mair0;
	case SMMU_MAIR1:
		return bank->mair1;
	case SMMU_PAR:
		return smmu_low(bank->par);
	case SMMU_PAR + 4:
		return smmu_high(bank->par);
	case SMMU_FSR:
		smmu_unknown_fsr(index, false);
		return bank->fsr;
	case SMMU_FAR:
		smmu_unknown_far(index);
		return smmu_low(bank->far);
	case SMMU_FAR + 4:
		smmu_unknown_far(index);
		return smmu_high(bank->far);
	case SMMU_FSYNR0:
		return bank->fsynr0;
	case SMMU_FSYNR1:
		return bank->fsynr1;
	case SMMU_TLBSTATUS:
		return bank->sync_until != 0;
	case SMMU_ATSR:
		return bank->ats_until ? SMMU_ATSR_ACTIVE : 0;
	default:
		return 0;
	}
}

/* An address translation operation: its result goes to PAR when it ends; its faults go nowhere
 * else. */
static void translate_operation(unsigned int index, uint32_t offset)
{
	struct smmu_bank *bank = &smmu->banks[index];
	bool privileged = offset < SMMU_ATS1UR;
	bool write = offset & 8;
	struct smmu_walk walk;

	smmu_translate(index, bank->ats_address & ~0xfffull, write, privileged, &walk);
	/* Bit 11 reads as one in the format of 64-bit descriptors; the type of a fault stands as in
	 * FSR. */
	bank->ats_par = walk.fsr ? walk.fsr | SMMU_PAR_F : (walk.pa & ~0xfffull) | 1u << 11;
	bank->ats_until = smmu_deadline(ATS_NS);
	if (!bank->ats_until)
		smmu_set64(&bank->par, bank->ats_par);
	smmu_changed_silently();
}

static void write_actlr(struct smmu_bank *bank, uint32_t value)
{
	/* domain.md 1.7: on MMU-500 r2 a write is ignored while sACR.CACHE_LOCK is set. */
	if (smmu->config.model == SMMU_MODEL_MMU500 && smmu->global.acr & SMMU_ACR_CACHE_LOCK)
		return;
	smmu_set32(&bank->actlr, value);
}

static void write_far_half(unsigned int index, uint32_t value, bool upper)
{
	smmu_unknown_far(index);
	(upper ? smmu_set_high : smmu_set_low)(&smmu->banks[index].far, value);
}

void smmu_bank_write(unsigned int index, uint32_t offset, uint32_t value)
{
	struct smmu_bank *bank = &smmu->banks[index];

	switch (offset) {
	case SMMU_SCTLR:
		smmu_bank_write_sctlr(index, value);
		break;
	case SMMU_ACTLR:
		write_actlr(bank, value);
		break;
	case SMMU_RESUME:
		smmu_bank_write_resume(index, value);
		break;
	case SMMU_TCR2:
		smmu_set32(&bank->tcr2, value);
		break;
	case SMMU_TTBR0:
		smmu_set_low(&bank->ttbr0, value);
		break;
	case SMMU_TTBR0 + 4:
		smmu_set_high(&bank->ttbr0, value);
		break;
	case SMMU_TTBR1:
		smmu_set_low(&bank->ttbr1, value);
		break;
	case SMMU_TTBR1 + 4:
		smmu_set_high(&bank->ttbr1, value);
		break;
	case SMMU_TCR:
		smmu_set32(&bank->tcr, value);
		break;
	case SMMU_CONTEXTIDR:
		smmu_set32(&bank->contextidr, value);
		break;
	case SMMU_MAIR0:
		smmu_set32(&bank->mair0, value);
		break;
	case SMMU_MAIR1:
		smmu_set32(&bank->mair1, value);
		break;
	case SMMU_PAR:
		smmu_set_low(&bank->par, value);
		break;
	case SMMU_PAR + 4:
		smmu_set_high(&bank->par, value);
		break;
	case SMMU_FSR:
		smmu_bank_write_fsr(index, value);
		break;
	case SMMU_FSRRESTORE:
		smmu_bank_write_fsrrestore(index, value);
		break;
	case SMMU_FAR:
	case SMMU_FAR + 4:
		write_far_half(index, value, offset != SMMU_FAR);
		break;
	case SMMU_FSYNR0:
		smmu_set32(&bank->fsynr0, value);
		break;
	case SMMU_FSYNR1:
		smmu_set32(&bank->fsynr1, value);
		break;
	case SMMU_TLBSYNC:
		smmu_set64(&bank->sync_until, smmu_sync_deadline());
		break;
	case SMMU_ATS1PR + 4:
	case SMMU_ATS1PW + 4:
	case SMMU_ATS1UR + 4:
	case SMMU_ATS1UW + 4:
		smmu_set_high(&bank->ats_address, value);
		break;
	case SMMU_ATS1PR:
	case SMMU_ATS1PW:
	case SMMU_ATS1UR:
	case SMMU_ATS1UW:
		smmu_set_low(&bank->ats_address, value);
		translate_operation(index, offset);
		break;
	}
}

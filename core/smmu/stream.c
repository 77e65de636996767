/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stream matching: SMR, S2CR, CLIENTPD, and what is a global fault (domain.md, section 1.2). */
#include "internal.h"

static bool group_matches(unsigned int group, uint16_t stream)
{
	uint32_t smr, mask;

	smmu_unknown_smr(group);
	smr = smmu->global.smr[group];
	mask = smr >> 16 & SMMU_SMR_ID;
	return smr & SMMU_SMR_VALID && !((smr ^ stream) & SMMU_SMR_ID & ~mask);
}

static enum smmu_match unmatched(uint32_t *gfsr)
{
	if (!(smmu->global.cr0 & SMMU_CR0_USFCFG))
		return SMMU_MATCH_BYPASS;
	*gfsr = SMMU_GFSR_USF;
	return SMMU_MATCH_FAULT;
}

static enum smmu_match to_bank(struct smmu_txn *txn, uint32_t s2cr, uint32_t *gfsr)
{
	unsigned int bank = s2cr & SMMU_S2CR_CBNDX;

	if (bank >= smmu->config.banks) {
		*gfsr = SMMU_GFSR_UCBF;
		return SMMU_MATCH_FAULT;
	}
	/* A bank that is stage 1 "with stage 2 fault" takes no transaction. */
	if (SMMU_CBAR_TYPE(smmu->banks[bank].cbar) == SMMU_CBAR_S1_S2_FAULT) {
		*gfsr = SMMU_GFSR_ICF;
		return SMMU_MATCH_FAULT;
	}
	txn->entry_bank = bank;
	if (SMMU_S2CR_PRIVCFG(s2cr) == SMMU_PRIVCFG_UNPRIV)
		txn->privileged = false;
	else if (SMMU_S2CR_PRIVCFG(s2cr) == SMMU_PRIVCFG_PRIV)
		txn->privileged = true;
	return SMMU_MATCH_BANK;
}

enum smmu_match smmu_stream_match(struct smmu_txn *txn, uint32_t *gfsr)
{
	const struct smmu_global *global = &smmu->global;
	unsigned int found = smmu->config.stream_groups;

	if (global->cr0 & SMMU_CR0_CLIENTPD)
		return SMMU_MATCH_BYPASS;
	for (unsigned int group = 0; group < smmu->config.stream_groups; group++) {
		if (!group_matches(group, txn->request.stream))
			continue;
		if (found == smmu->config.stream_groups) {
			found = group;
		} else if (global->cr0 & SMMU_CR0_SMCFCFG) {
			*gfsr = SMMU_GFSR_SMCF;
			return SMMU_MATCH_FAULT;
		}
	}
	if (found == smmu->config.stream_groups)
		return unmatched(gfsr);

	smmu_unknown_s2cr(found);
	switch (SMMU_S2CR_TYPE(global->s2cr[found])) {
	case SMMU_S2CR_TRANSLATE:
		return to_bank(txn, global->s2cr[found], gfsr);
	case SMMU_S2CR_BYPASS:
		return SMMU_MATCH_BYPASS;
	default:
		*gfsr = SMMU_GFSR_ICF;
		return SMMU_MATCH_FAULT;
	}
}

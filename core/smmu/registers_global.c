/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers of GR0 (domain.md, section 1.2): reads, writes, identification. */
#include "internal.h"

static uint32_t read_idr0(void)
{
	/*
	 * Stages 1 and 2 and nested, stream matching on 15-bit ids, coherent walks, address
	 * translation operations (ATOSNS = 0), and no AArch32 formats: they are not walked here.
	 */
	return 1u << 30 | 1u << 29 | 1u << 28 | 1u << 27 | 1u << 25 | 1u << 24 |
	       smmu->config.banks << 16 | 1u << 14 | 15u << 9 | smmu->config.stream_groups;
}

static uint32_t read_idr2(void)
{
	/* 32, 36 and 40 bits have the codes 0, 1 and 2; IAS, OAS and UBS are equal; 4K granule. */
	uint32_t code = (smmu->config.address_bits - 32) / 4;

	return code | code << 4 | code << 8 | 1u << 12;
}

static uint32_t read_group(uint32_t offset)
{
	unsigned int group = (offset & 0x3ff) / 4;

	if (group >= smmu->config.stream_groups)
		return 0;
	if (offset < SMMU_S2CR(0)) {
		smmu_unknown_smr(group);
		return smmu->global.smr[group];
	}
	smmu_unknown_s2cr(group);
	return smmu->global.s2cr[group];
}

static void known(uint16_t *unknown, unsigned int group)
{
	if (!(*unknown & 1u << group))
		return;
	*unknown &= ~(1u << group);
	smmu_changed_silently();
}

static void write_group(uint32_t offset, uint32_t value)
{
	unsigned int group = (offset & 0x3ff) / 4;
	struct smmu_global *global = &smmu->global;

	if (group >= smmu->config.stream_groups)
		return;
	if (offset < SMMU_S2CR(0)) {
		known(&global->smr_unknown, group);
		smmu_set32(&global->smr[group],
			   value & (SMMU_SMR_ID | SMMU_SMR_MASK | SMMU_SMR_VALID));
	} else {
		known(&global->s2cr_unknown, group);
		smmu_set32(&global->s2cr[group], value);
	}
}

uint32_t smmu_global_read(uint32_t offset)
{
	const struct smmu_global *global = &smmu->global;

	if (offset >= SMMU_SMR(0))
		return read_group(offset);
	switch (offset) {
	case SMMU_CR0:
		return global->cr0;
	case SMMU_ACR:
		return global->acr;
	case SMMU_IDR0:
		return read_idr0();
	case SMMU_IDR1:
		return SMMU_NUMPAGENDXB << 28 | smmu->config.banks;
	case SMMU_IDR2:
		return read_idr2();
	case SMMU_IDR7:
		/* r2p1: from major 2 on, CACHE_LOCK guards ACTLR. */
		return smmu->config.model == SMMU_MODEL_MMU500 ? 0x21 : 0x10;
	case SMMU_GFAR:
		return smmu_low(global->gfar);
	case SMMU_GFAR + 4:
		return smmu_high(global->gfar);
	case SMMU_GFSR:
		return global->gfsr;
	case SMMU_GFSYNR0:
		return global->gfsynr0;
	case SMMU_GFSYNR1:
		return global->gfsynr1;
	case SMMU_GFSYNR2:
		return global->gfsynr2;
	case SMMU_TLBGSTATUS:
		return global->sync_until != 0;
	default:
		return 0;
	}
}

static void write_cr0(uint32_t value)
{
	/* MMU-500 has no override of stalling. */
	if (smmu->config.model == SMMU_MODEL_MMU500)
		value &= ~(SMMU_CR0_STALLD | SMMU_CR0_GSE);
	smmu_set_cause(&smmu->global.cr0, value);
}

/*
 * TLB invalidations (TLBIVMID, TLBIALL*, TLBIVA ...) need nothing: this SMMU caches no translation,
 * which the architecture allows. Only the time that a sync takes can be seen.
 */
void smmu_global_write(uint32_t offset, uint32_t value)
{
	struct smmu_global *global = &smmu->global;

	if (offset >= SMMU_SMR(0)) {
		write_group(offset, value);
		return;
	}
	switch (offset) {
	case SMMU_CR0:
		write_cr0(value);
		break;
	case SMMU_ACR:
		smmu_set32(&global->acr, value);
		break;
	case SMMU_GFAR:
		smmu_set_low(&global->gfar, value);
		break;
	case SMMU_GFAR + 4:
		smmu_set_high(&global->gfar, value);
		break;
	case SMMU_GFSR:
		smmu_global_write_gfsr(value);
		break;
	case SMMU_GFSRRESTORE:
		smmu_global_write_gfsrrestore(value);
		break;
	case SMMU_GFSYNR0:
		smmu_set32(&global->gfsynr0, value);
		break;
	case SMMU_GFSYNR1:
		smmu_set32(&global->gfsynr1, value);
		break;
	case SMMU_GFSYNR2:
		smmu_set32(&global->gfsynr2, value);
		break;
	case SMMU_TLBGSYNC:
		smmu_set64(&global->sync_until, smmu_sync_deadline());
		break;
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table walk: 64-bit descriptors (VMSAv8-64), 4K granule, stage 1 by TTBR0 or TTBR1, stage 2,
 * and both nested. It reads the tables that the driver wrote, through config.read_memory, each
 * time: no translation is cached. The AArch32 formats and other granules are not walked; IDR0 and
 * IDR2 do not offer them, and a bank that asks for one ends the run with a message.
 */
#include "internal.h"

#define ADDRESS_MASK	   0x0000fffffffff000ull
#define LAST_LEVEL	   3
#define DESC_VALID	   (1ull << 0)
#define DESC_TABLE	   (1ull << 1) /* table at levels 0 to 2, page at level 3 */
#define DESC_AF		   (1ull << 10)
#define S1_AP_UNPRIV	   (1ull << 6)
#define S1_AP_READ_ONLY	   (1ull << 7)
#define S1_TABLE_NO_UNPRIV (1ull << 61)
#define S1_TABLE_READ_ONLY (1ull << 62)
#define S2_READ		   (1ull << 6)
#define S2_WRITE	   (1ull << 7)
#define NOT_NESTED	   (-1)

/* One translation regime: a table, and what an access to it must look like. */
struct regime {
	unsigned int bank;
	bool stage2;
	int nested; /* the bank of stage 2 that the table's addresses go through */
	uint64_t base;
	unsigned int bits;  /* of input address */
	unsigned int level; /* to start at */
	unsigned int output_bits;
};

struct access {
	uint64_t address;
	bool write;
	bool privileged;
};

static unsigned int level_shift(unsigned int level)
{
	return 12 + 9 * (LAST_LEVEL - level);
}

static unsigned int size_code_bits(unsigned int code)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 48, 48};
	unsigned int size = bits[code & 7];

	return size < smmu->config.address_bits ? size : smmu->config.address_bits;
}

static void fault(struct smmu_walk *walk, unsigned int bank, uint32_t type, unsigned int level)
{
	walk->fsr = type;
	walk->bank = bank;
	walk->level = level;
}

static void run_walk(const struct regime *regime, const struct access *access,
		     struct smmu_walk *walk);
static bool stage2_regime(unsigned int bank, struct regime *regime);

/* Translate an intermediate address by stage 2 bank @bank. */
static void stage2(unsigned int bank, const struct access *access, struct smmu_walk *walk)
{
	struct regime regime;

	if (!(smmu->banks[bank].sctlr & SMMU_SCTLR_M)) {
		walk->pa = access->address;
		return;
	}
	if (!stage2_regime(bank, &regime) || access->address >> regime.bits) {
		fault(walk, bank, SMMU_FSR_TF, 0);
		return;
	}
	run_walk(&regime, access, walk);
}

/* Read a descriptor; false: *walk has the fault. */
static bool read_descriptor(const struct regime *regime, uint64_t address, unsigned int level,
			    uint64_t *descriptor, struct smmu_walk *walk)
{
	struct access access = {.address = address, .privileged = true};

	if (regime->nested != NOT_NESTED) {
		stage2(regime->nested, &access, walk);
		if (walk->fsr) {
			walk->on_table = true;
			return false;
		}
		address = walk->pa;
	}
	if (smmu->config.read_memory(address, descriptor))
		return true;
	fault(walk, regime->bank, SMMU_FSR_EF, level);
	walk->on_table = true;
	return false;
}

static bool permitted(const struct regime *regime, uint64_t descriptor, uint64_t table_bits,
		      const struct access *access)
{
	bool read_only, unprivileged;

	if (regime->stage2)
		return descriptor & (access->write ? S2_WRITE : S2_READ);
	read_only = descriptor & S1_AP_READ_ONLY || table_bits & S1_TABLE_READ_ONLY;
	unprivileged = descriptor & S1_AP_UNPRIV && !(table_bits & S1_TABLE_NO_UNPRIV);
	if (access->write && read_only)
		return false;
	return access->privileged || unprivileged;
}

static void leaf(const struct regime *regime, const struct access *access, uint64_t descriptor,
		 uint64_t table_bits, unsigned int level, struct smmu_walk *walk)
{
	uint64_t in_block = (1ull << level_shift(level)) - 1;
	uint64_t output = (descriptor & ADDRESS_MASK & ~in_block) | (access->address & in_block);

	if (output >> regime->output_bits)
		fault(walk, regime->bank, SMMU_FSR_ASF, level);
	else if (!(descriptor & DESC_AF))
		fault(walk, regime->bank, SMMU_FSR_AFF, level);
	else if (!permitted(regime, descriptor, table_bits, access))
		fault(walk, regime->bank, SMMU_FSR_PF, level);
	else
		walk->pa = output;
}

static void run_walk(const struct regime *regime, const struct access *access,
		     struct smmu_walk *walk)
{
	uint64_t address = access->address & ((1ull << regime->bits) - 1);
	uint64_t table = regime->base;
	uint64_t table_bits = 0;
	uint64_t descriptor, index;

	for (unsigned int level = regime->level;; level++) {
		index = address >> level_shift(level);
		if (level != regime->level)
			index &= 0x1ff;
		if (table >> regime->output_bits) {
			fault(walk, regime->bank, SMMU_FSR_ASF, level);
			return;
		}
		if (!read_descriptor(regime, table + 8 * index, level, &descriptor, walk))
			return;
		if (!(descriptor & DESC_VALID) ||
		    (!(descriptor & DESC_TABLE) && (level == 0 || level == LAST_LEVEL))) {
			fault(walk, regime->bank, SMMU_FSR_TF, level);
			return;
		}
		if (level == LAST_LEVEL || !(descriptor & DESC_TABLE)) {
			leaf(regime, access, descriptor, table_bits, level, walk);
			return;
		}
		table_bits |= descriptor;
		table = descriptor & ADDRESS_MASK;
	}
}

/* --- which table ------------------------------------------------------------------------- */

static uint64_t aligned_base(uint64_t ttbr, unsigned int bits, unsigned int level)
{
	unsigned int index_bits = bits - level_shift(level);

	/* The table is aligned to its size; bits 63:48 are the ASID. */
	return ttbr & 0x0000ffffffffffffull & ~((8ull << index_bits) - 1);
}

/* TnSZ from 16 (48 bits) to 39 (25 bits) is valid. */
static bool input_bits(unsigned int size_field, unsigned int *bits)
{
	*bits = 64 - size_field;
	return size_field >= 16 && size_field <= 39;
}

static void check_format(const struct smmu_bank *bank)
{
	if (!(bank->cba2r & SMMU_CBA2R_VA64))
		smmu_unsupported(
			"fake SMMU: a context bank asks for AArch32 tables (CBA2R.VA64 = 0); "
			"only 64-bit descriptors are walked");
}

static void check_granule(bool is_4k)
{
	if (!is_4k)
		smmu_unsupported(
			"fake SMMU: a context bank asks for 16K or 64K pages (TCR.TG); only "
			"the 4K granule is walked");
}

/* Choose TTBR0 or TTBR1 by the upper bits of @iova; false: no table covers it. */
static bool stage1_regime(unsigned int index, uint64_t iova, struct regime *regime)
{
	const struct smmu_bank *bank = &smmu->banks[index];
	uint32_t tcr = bank->tcr;
	bool upper = iova >> 63;
	unsigned int bits;
	uint64_t ttbr;

	if (tcr & (upper ? SMMU_TCR_EPD1 : SMMU_TCR_EPD0))
		return false;
	if (!input_bits((upper ? tcr >> 16 : tcr) & 0x3f, &bits))
		return false;
	if ((upper ? ~iova : iova) >> bits)
		return false;
	/* After the tests above: a bank that lost its configuration with the power asks for
	 * nothing. */
	check_format(bank);
	/* TG0 says 4K with 0, TG1 with 2. */
	check_granule(upper ? (tcr >> 30 & 3) == 2 : !(tcr >> 14 & 3));
	ttbr = upper ? bank->ttbr1 : bank->ttbr0;
	regime->bank = index;
	regime->stage2 = false;
	regime->bits = bits;
	regime->level = LAST_LEVEL - (bits - 12 - 1) / 9;
	regime->base = aligned_base(ttbr, bits, regime->level);
	regime->output_bits = size_code_bits(bank->tcr2);
	return true;
}

static bool stage2_regime(unsigned int index, struct regime *regime)
{
	const struct smmu_bank *bank = &smmu->banks[index];
	unsigned int start = bank->tcr >> 6 & 3;
	unsigned int bits;

	/* SL0 counts up from level 2; 3 is reserved. The first table may be up to 16 in a row. */
	if (start == 3 || !input_bits(bank->tcr & 0x3f, &bits))
		return false;
	check_format(bank);
	check_granule(!(bank->tcr >> 14 & 3));
	regime->level = 2 - start;
	if (bits <= level_shift(regime->level) || bits > level_shift(regime->level) + 9 + 4)
		return false;
	regime->bank = index;
	regime->stage2 = true;
	regime->nested = NOT_NESTED;
	regime->bits = bits;
	regime->base = aligned_base(bank->ttbr0, bits, regime->level);
	regime->output_bits = size_code_bits(bank->tcr >> 16 & 7);
	return true;
}

static int nested_bank(const struct smmu_bank *bank)
{
	unsigned int index = SMMU_CBAR_CBNDX(bank->cbar);

	if (SMMU_CBAR_TYPE(bank->cbar) != SMMU_CBAR_NESTED)
		return NOT_NESTED;
	if (index >= smmu->config.banks)
		smmu_unsupported(
			"fake SMMU: CBAR of a nested bank names a stage 2 bank that does not "
			"exist (CBNDX)");
	return index;
}

void smmu_translate(unsigned int index, uint64_t iova, bool write, bool privileged,
		    struct smmu_walk *walk)
{
	const struct smmu_bank *bank = &smmu->banks[index];
	struct access access = {.address = iova, .write = write, .privileged = privileged};
	struct regime regime;
	int second;

	*walk = (struct smmu_walk){.bank = index};
	smmu_unknown_sctlr(index);
	if (SMMU_CBAR_TYPE(bank->cbar) == SMMU_CBAR_S2) {
		walk->bypassed = !(bank->sctlr & SMMU_SCTLR_M);
		stage2(index, &access, walk);
		return;
	}
	second = nested_bank(bank);
	if (bank->sctlr & SMMU_SCTLR_M) {
		if (!stage1_regime(index, iova, &regime)) {
			fault(walk, index, SMMU_FSR_TF, 0);
			return;
		}
		regime.nested = second;
		run_walk(&regime, &access, walk);
		if (walk->fsr)
			return;
		access.address = walk->pa;
	} else {
		walk->pa = iova;
		walk->bypassed = second == NOT_NESTED;
	}
	if (second != NOT_NESTED)
		stage2(second, &access, walk);
}

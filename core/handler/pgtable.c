/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Page tables: stage 1, 64-bit descriptors, 4K granule, three levels (up to 39 bits of address).
 * The SMMU walks them. Writers need no lock: an entry is written in one piece, and a table is
 * installed only where there is none.
 */
#include "arm-smmu.h"

#define ENTRIES		    512
#define FIRST_LEVEL	    1
#define LAST_LEVEL	    3
#define PTE_TABLE	    3ull /* also a page at the last level */
#define PTE_UNPRIV	    (1ull << 6)
#define PTE_READ_ONLY	    (1ull << 7)
#define PTE_INNER_SHAREABLE (3ull << 8)
#define PTE_AF		    (1ull << 10)
#define PTE_NOT_GLOBAL	    (1ull << 11)
#define PTE_ADDRESS	    GENMASK_ULL(47, 12)

struct arm_smmu_pgtable {
	unsigned int bits;
	u64 *root;
};

static unsigned int index_of(u64 iova, unsigned int level)
{
	return iova >> (12 + 9 * (LAST_LEVEL - level)) & (ENTRIES - 1);
}

static u64 *alloc_table(void)
{
	return kzalloc(ENTRIES * sizeof(u64), GFP_KERNEL);
}

struct arm_smmu_pgtable *arm_smmu_pgtable_alloc(unsigned int bits)
{
	struct arm_smmu_pgtable *pgtable = kzalloc(sizeof(*pgtable), GFP_KERNEL);

	if (!pgtable)
		return NULL;
	pgtable->bits = bits;
	pgtable->root = alloc_table();
	if (!pgtable->root) {
		kfree(pgtable);
		return NULL;
	}
	return pgtable;
}

static void free_table(u64 *table, unsigned int level)
{
	for (unsigned int i = 0; i < ENTRIES && level < LAST_LEVEL; i++) {
		if (table[i])
			free_table(phys_to_virt(table[i] & PTE_ADDRESS), level + 1);
	}
	kfree(table);
}

void arm_smmu_pgtable_free(struct arm_smmu_pgtable *pgtable)
{
	if (!pgtable)
		return;
	free_table(pgtable->root, FIRST_LEVEL);
	kfree(pgtable);
}

u64 arm_smmu_pgtable_ttbr(const struct arm_smmu_pgtable *pgtable)
{
	return virt_to_phys(pgtable->root);
}

/* The last-level entry of @iova; NULL if there is none (or no memory for one, with @make). */
static u64 *entry_of(const struct arm_smmu_pgtable *pgtable, u64 iova, bool make)
{
	u64 *table = pgtable->root;

	for (unsigned int level = FIRST_LEVEL; level < LAST_LEVEL; level++) {
		u64 *entry = &table[index_of(iova, level)];

		if (!READ_ONCE(*entry)) {
			u64 *fresh = make ? alloc_table() : NULL;

			if (!fresh)
				return NULL;
			/* Somebody else may have put a table here meanwhile. */
			if (cmpxchg(entry, 0, virt_to_phys(fresh) | PTE_TABLE))
				kfree(fresh);
		}
		table = phys_to_virt(fl_linux_load(entry, __ATOMIC_ACQUIRE) & PTE_ADDRESS);
	}
	return &table[index_of(iova, LAST_LEVEL)];
}

int arm_smmu_pgtable_map(struct arm_smmu_pgtable *pgtable, u64 iova, phys_addr_t paddr, int prot)
{
	u64 pte = (paddr & PTE_ADDRESS) | PTE_TABLE | PTE_AF | PTE_INNER_SHAREABLE | PTE_UNPRIV |
		  PTE_NOT_GLOBAL;
	u64 *entry;

	if (iova >> pgtable->bits || paddr >> 48)
		return -ERANGE;
	entry = entry_of(pgtable, iova, true);
	if (!entry)
		return -ENOMEM;
	if (!(prot & IOMMU_WRITE))
		pte |= PTE_READ_ONLY;
	return cmpxchg(entry, 0, pte) ? -EEXIST : 0;
}

bool arm_smmu_pgtable_unmap(struct arm_smmu_pgtable *pgtable, u64 iova)
{
	u64 *entry = iova >> pgtable->bits ? NULL : entry_of(pgtable, iova, false);

	if (!entry || !READ_ONCE(*entry))
		return false;
	WRITE_ONCE(*entry, 0);
	return true;
}

phys_addr_t arm_smmu_pgtable_walk(const struct arm_smmu_pgtable *pgtable, u64 iova)
{
	u64 *entry = iova >> pgtable->bits ? NULL : entry_of(pgtable, iova, false);
	u64 pte = entry ? READ_ONCE(*entry) : 0;

	return pte ? (pte & PTE_ADDRESS) | (iova & 0xfff) : 0;
}

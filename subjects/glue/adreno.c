// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: what the GPU's driver does with adreno_smmu_priv (domain.md, 6.1): it hands the SMMU's
 * driver the table of hooks, and keeps a page table for its process beside the kernel's, in the lower
 * half of the address space. The table is made by the tree's own io-pgtable code.
 */
#include "glue.h"
#include "adreno.h"

#include <linux/adreno-smmu-priv.h>
#include <linux/io-pgtable.h>

static struct adreno_smmu_priv priv;
static struct io_pgtable_cfg process_config;
static struct io_pgtable_ops *process_tables;
static bool process_installed;

/* The SMMU's driver flushes by the domain; the table's own flushes have nobody to tell. */
static void no_flush_all(void *cookie)
{
}

static void no_flush_walk(unsigned long iova, size_t size, size_t granule, void *cookie)
{
}

static void no_add_page(struct iommu_iotlb_gather *gather, unsigned long iova, size_t granule,
			void *cookie)
{
}

static const struct iommu_flush_ops no_flush = {
	.tlb_flush_all = no_flush_all,
	.tlb_flush_walk = no_flush_walk,
	.tlb_add_page = no_add_page,
};

void glue_adreno_init(void)
{
	dev_set_drvdata(&glue_gpu, &priv);
}

static bool ready(void)
{
	return glue_hardware.adreno && priv.cookie && glue_bank(0) >= 0;
}

void glue_adreno_forget(void)
{
	if (process_tables)
		free_io_pgtable_ops(process_tables);
	process_tables = NULL;
	process_installed = false;
	priv.cookie = NULL;
}

/* In all hooks: what the driver is called with is read before it is entered, for it may change from then on. */
static int install(bool per_process)
{
	const void *cookie = priv.cookie;
	int result;

	fl_subject_enter(glue_symbol((const void *)priv.set_ttbr0_cfg));
	result = priv.set_ttbr0_cfg(cookie, per_process ? &process_config : NULL);
	fl_subject_leave();
	if (!result)
		process_installed = per_process;
	return result;
}

/* The clone of the kernel's configuration, without the quirk of its half. */
static int make_tables(void)
{
	process_config = *priv.get_ttbr1_cfg(priv.cookie);
	process_config.quirks &= ~IO_PGTABLE_QUIRK_ARM_TTBR1;
	process_config.tlb = &no_flush;
	process_tables = alloc_io_pgtable_ops(ARM_64_LPAE_S1, &process_config, NULL);
	return process_tables ? 0 : -ENOMEM;
}

bool glue_adreno_wants(uint64_t iova)
{
	return ready() && !(iova >> 63) &&
	       priv.get_ttbr1_cfg(priv.cookie)->quirks & IO_PGTABLE_QUIRK_ARM_TTBR1;
}

struct io_pgtable_ops *glue_adreno_tables(void)
{
	if (!process_tables && (make_tables() || install(true)))
		return NULL;
	return process_tables;
}

/* The driver refuses what is so already; it may be asked all the same. */
int glue_set_ttbr0_cfg(bool per_process)
{
	int result;

	if (!ready() || !glue_hook_begin())
		return -ENODEV;
	if (per_process && !process_tables)
		result = glue_adreno_tables() ? 0 : -ENOMEM;
	else
		result = install(per_process);
	glue_hook_end();
	return result;
}

int glue_set_stall(bool on)
{
	const void *cookie;

	if (!ready() || !priv.set_stall || !glue_hook_begin())
		return -ENODEV;
	/* The driver flips its flag first of all; what follows may take time. */
	fl_stall_flag(glue_bank(0), on);
	cookie = priv.cookie;
	fl_subject_enter(glue_symbol((const void *)priv.set_stall));
	priv.set_stall(cookie, on);
	fl_subject_leave();
	glue_hook_end();
	return 0;
}

int glue_get_fault_info(struct fl_fault_info *info)
{
	struct adreno_smmu_fault_info from = { 0 };
	const void *cookie;

	if (!ready() || !priv.get_fault_info || !glue_hook_begin())
		return -ENODEV;
	cookie = priv.cookie;
	fl_subject_enter(glue_symbol((const void *)priv.get_fault_info));
	priv.get_fault_info(cookie, &from);
	fl_subject_leave();
	glue_hook_end();
	info->far = from.far;
	info->ttbr0 = from.ttbr0;
	info->contextidr = from.contextidr;
	info->fsr = from.fsr;
	info->fsynr0 = from.fsynr0;
	info->fsynr1 = from.fsynr1;
	info->cbfrsynra = from.cbfrsynra;
	return 0;
}

int glue_resume_translation(bool terminate)
{
	void (*resume)(const void *cookie, bool terminate) = glue_priv_resume(&priv);
	const void *cookie;

	if (!ready() || !resume || !glue_hook_begin())
		return -ENODEV;
	cookie = priv.cookie;
	fl_subject_enter(glue_symbol((const void *)resume));
	resume(cookie, terminate);
	fl_subject_leave();
	glue_hook_end();
	return 0;
}

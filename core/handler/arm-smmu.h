/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The built-in driver: its structures, and what its files share. It stands on include/linux only,
 * and it has no writable globals but one root pointer (device.c): the rest is allocated, so that a
 * reset of the world covers it.
 *
 * A generation is what differs: struct arm_smmu_generation. Functions have the names of the real
 * driver, because findings are named after them.
 */
#ifndef FAULTLINE_HANDLER_ARM_SMMU_H
#define FAULTLINE_HANDLER_ARM_SMMU_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/clk.h>
#include <linux/container_of.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interconnect.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/kasan-checks.h>
#include <linux/mutex.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <faultline/subject.h>

#include "registers.h"

#define ARM_SMMU_MAX_CBS	      8
#define ARM_SMMU_MAX_STREAMS	      16
#define ARM_SMMU_MAX_TBUS	      2
#define ARM_SMMU_MAX_DOMAINS	      4
#define ARM_SMMU_AUTOSUSPEND_DELAY_MS 20
#define INVALID_CBNDX		      0xffu
#define INVALID_IRPTNDX		      0xffu

struct arm_smmu_device;
struct arm_smmu_domain;

/* What was read of a fault, in one go. */
struct arm_smmu_context_fault_info {
	u64 iova;
	u32 fsr, fsynr0, cbfrsynra;
};

/* What a handler does before it touches the device, and after. */
struct arm_smmu_guard {
	/*
	 * May the handler go on? @wanted: this handler is one that the generation guards. *held
	 * gets whether exit must be called.
	 */
	bool (*enter)(struct arm_smmu_device *smmu, bool wanted, bool *held);
	void (*exit)(struct arm_smmu_device *smmu);
};

struct arm_smmu_generation {
	bool core_resumes;    /* the core writes RESUME, after FSR */
	bool adreno_threaded; /* the context fault handler of Adreno banks is a thread */
	bool strict_pm;	      /* puts exactly what it got */
	bool set_stall_now;   /* set_stall() writes SCTLR at once if the device is active */
	const struct arm_smmu_guard *guard; /* NULL: none */
	const struct dev_pm_ops *pm_ops;
	/* A domain's bank and interrupt: made at first attach, destroyed with the domain. */
	int (*init_domain)(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain);
	void (*destroy_domain)(struct arm_smmu_domain *smmu_domain);
	int (*request_global_irq)(struct arm_smmu_device *smmu);
	int (*request_context_irq)(struct arm_smmu_domain *smmu_domain);
	void (*device_reset)(struct arm_smmu_device *smmu);
	int (*set_stall)(struct arm_smmu_domain *smmu_domain, bool enabled);
	int (*get_fault_info)(struct arm_smmu_domain *smmu_domain, struct fl_fault_info *info);
	/*
	 * Between these two the registers may be written: device on, and it stays on. NULL:
	 * believed without asking, because the caller holds a reference. end() follows only if
	 * begin() said yes.
	 */
	bool (*hw_begin)(struct arm_smmu_device *smmu, unsigned long *flags);
	void (*hw_end)(struct arm_smmu_device *smmu, unsigned long flags);
	/* Device shutdown: bypass, quiet, off. */
	void (*shutdown)(struct arm_smmu_device *smmu);
	/* The reference's handlers (reference.h). */
	const struct arm_smmu_fault_steps *steps;
	void (*handler_put)(struct arm_smmu_device *smmu);
};

struct arm_smmu_cfg {
	u8 cbndx;
	u8 irptndx;
	u16 asid;
};

struct arm_smmu_cb {
	u64 ttbr[2];
	u32 tcr[2];
	u32 mair[2];
	struct arm_smmu_cfg *cfg; /* NULL: not assigned */
	/* The reference's: who may be told of this bank's faults; retries in a row. */
	struct mutex fault_lock;
	struct arm_smmu_domain *domain;
	unsigned int retries;
};

struct arm_smmu_smr {
	u16 id, mask;
	bool valid;
};

struct arm_smmu_s2cr {
	u32 type;
	u8 cbndx;
};

struct qcom_tbu {
	struct arm_smmu_device *smmu;
	void __iomem *base;
	unsigned int number;
	struct clk clk;
	struct icc_path path;
	spinlock_t halt_lock;
	unsigned int halt_count;
};

/* The reference's state; what guards what is told in reference.c. */
struct arm_smmu_quiet {
	spinlock_t hw_lock;
	bool hw_on;   /* clocks on and registers programmed */
	bool masking; /* no bank may have its interrupt or stalling on */
	bool quiet;   /* handlers have nothing to look for */
	struct mutex sleep_lock;
	bool prepared; /* the clocks are */
	bool slept_on; /* .resume must switch the device on again */
	u32 drops;     /* faults that suspend or reset has dropped */
};

struct arm_smmu_device {
	struct device *dev;
	const struct arm_smmu_generation *gen;
	struct fl_hardware hw;
	void __iomem *base;
	u32 pgshift, numpage;
	unsigned int num_context_banks, num_mapping_groups;
	unsigned int address_bits;
	bool trans_ops;
	unsigned long context_map; /* banks in use */
	struct arm_smmu_cb cbs[ARM_SMMU_MAX_CBS];
	spinlock_t cb_lock[ARM_SMMU_MAX_CBS];
	struct arm_smmu_smr smrs[ARM_SMMU_MAX_STREAMS];
	struct arm_smmu_s2cr s2crs[ARM_SMMU_MAX_STREAMS];
	spinlock_t global_sync_lock;
	int irqs[ARM_SMMU_MAX_CBS];
	int global_irq;
	int num_clks;
	struct clk_bulk_data clks[1];
	u8 stall_enabled; /* Adreno: bit n, bank n stalls */
	struct qcom_tbu *tbus;
	spinlock_t atos_lock;
	struct ratelimit_state context_limit, global_limit;
	struct arm_smmu_quiet quiet;
};

struct arm_smmu_domain {
	struct arm_smmu_device *smmu;	    /* NULL before the first attach */
	struct arm_smmu_pgtable *pgtbl_ops; /* published last */
	struct arm_smmu_pgtable *pgtable;
	struct arm_smmu_cfg cfg;
	struct mutex init_mutex;
	struct iommu_domain domain;
	u16 sid;
	bool threaded; /* its fault handler runs in a thread */
	bool stalls;   /* the driver's flag, for domains of the GPU */
};

/* --- registers -------------------------------------------------------------------------------- */

static inline void __iomem *arm_smmu_page(struct arm_smmu_device *smmu, unsigned int page)
{
	return (char *)smmu->base + ((unsigned long)page << smmu->pgshift);
}

static inline u32 arm_smmu_readl(struct arm_smmu_device *smmu, unsigned int page,
				 unsigned int offset)
{
	return readl_relaxed((char *)arm_smmu_page(smmu, page) + offset);
}

static inline void arm_smmu_writel(struct arm_smmu_device *smmu, unsigned int page,
				   unsigned int offset, u32 value)
{
	writel_relaxed(value, (char *)arm_smmu_page(smmu, page) + offset);
}

#define arm_smmu_gr0_read(s, o)	      arm_smmu_readl((s), 0, (o))
#define arm_smmu_gr0_write(s, o, v)   arm_smmu_writel((s), 0, (o), (v))
#define arm_smmu_gr1_read(s, o)	      arm_smmu_readl((s), 1, (o))
#define arm_smmu_gr1_write(s, o, v)   arm_smmu_writel((s), 1, (o), (v))
#define arm_smmu_cb_read(s, n, o)     arm_smmu_readl((s), (s)->numpage + (n), (o))
#define arm_smmu_cb_write(s, n, o, v) arm_smmu_writel((s), (s)->numpage + (n), (o), (v))

static inline u64 arm_smmu_cb_readq(struct arm_smmu_device *smmu, unsigned int cb,
				    unsigned int offset)
{
	return readq_relaxed((char *)arm_smmu_page(smmu, smmu->numpage + cb) + offset);
}

static inline void arm_smmu_cb_writeq(struct arm_smmu_device *smmu, unsigned int cb,
				      unsigned int offset, u64 value)
{
	writeq_relaxed(value, (char *)arm_smmu_page(smmu, smmu->numpage + cb) + offset);
}

/* --- page tables (pgtable.c) ------------------------------------------------------------------ */

/* An empty table for @bits of address; NULL if out of memory. Freed by arm_smmu_pgtable_free(). */
struct arm_smmu_pgtable *arm_smmu_pgtable_alloc(unsigned int bits);
void arm_smmu_pgtable_free(struct arm_smmu_pgtable *pgtable);
u64 arm_smmu_pgtable_ttbr(const struct arm_smmu_pgtable *pgtable);
/* 0, -EEXIST, -ENOMEM, -ERANGE; @prot IOMMU_READ and IOMMU_WRITE. */
int arm_smmu_pgtable_map(struct arm_smmu_pgtable *pgtable, u64 iova, phys_addr_t paddr, int prot);
/* true if there was a page. */
bool arm_smmu_pgtable_unmap(struct arm_smmu_pgtable *pgtable, u64 iova);
/* 0 if nothing is mapped. */
phys_addr_t arm_smmu_pgtable_walk(const struct arm_smmu_pgtable *pgtable, u64 iova);

/* --- TLB (tlb.c); the caller sees to power --------------------------------------------------- */

void arm_smmu_tlb_sync_context(struct arm_smmu_domain *smmu_domain);
void arm_smmu_tlb_sync_global(struct arm_smmu_device *smmu);
void arm_smmu_tlb_add_page(struct arm_smmu_domain *smmu_domain, u64 iova);
void arm_smmu_tlb_inv_context(struct arm_smmu_domain *smmu_domain);

/* --- context banks and reset (context.c) --------------------------------------------------------
 */

void arm_smmu_init_context_bank(struct arm_smmu_domain *smmu_domain);
void arm_smmu_write_context_bank(struct arm_smmu_device *smmu, int idx);
/* All of it but SCTLR. */
void arm_smmu_write_bank_attributes(struct arm_smmu_device *smmu, int idx);
/* The SCTLR that the bank should have, of what the driver knows. */
u32 arm_smmu_sctlr(struct arm_smmu_device *smmu, int idx);
/* What a stream group does; the same with which streams are in it. */
void arm_smmu_write_s2cr(struct arm_smmu_device *smmu, int idx);
void arm_smmu_write_sme(struct arm_smmu_device *smmu, int idx);
void arm_smmu_device_reset(struct arm_smmu_device *smmu);
void arm_mmu500_reset(struct arm_smmu_device *smmu);
/* sCR0 as reset leaves it, from what it was. */
u32 arm_smmu_cr0(struct arm_smmu_device *smmu, u32 before);

/* --- faults (fault.c, guard.c, qcom-debug.c) ----------------------------------------------------
 */

void arm_smmu_read_context_fault_info(struct arm_smmu_device *smmu, int idx,
				      struct arm_smmu_context_fault_info *info);
void arm_smmu_print_context_fault_info(struct arm_smmu_device *smmu, int idx,
				       const struct arm_smmu_context_fault_info *info);
/* Ask the domain's user; 0 or a negative errno. */
int arm_smmu_report(struct arm_smmu_domain *smmu_domain,
		    const struct arm_smmu_context_fault_info *info);
irqreturn_t arm_smmu_handle_context_fault(struct arm_smmu_domain *smmu_domain);
irqreturn_t arm_smmu_handle_global_fault(struct arm_smmu_device *smmu);
irqreturn_t qcom_smmu_context_fault(int irq, void *dev);
int arm_smmu_request_context_irq(struct arm_smmu_domain *smmu_domain);
int arm_smmu_request_global_irq(struct arm_smmu_device *smmu);
extern const struct arm_smmu_guard arm_smmu_guard_v1, arm_smmu_guard_v2, arm_smmu_guard_v3;

/*
 * Has the GPU's driver a process's half of this address space? Not without a power domain: 6.12's
 * set_ttbr0_cfg() fails where runtime PM is disabled.
 */
static inline bool arm_smmu_is_split(const struct arm_smmu_domain *smmu_domain)
{
	return smmu_domain->stalls && smmu_domain->smmu->hw.pm_domain;
}

/* --- Adreno (qcom.c) ---------------------------------------------------------------------------
 */

int qcom_adreno_smmu_set_stall(struct arm_smmu_domain *smmu_domain, bool enabled);
int qcom_adreno_smmu_get_fault_info(struct arm_smmu_domain *smmu_domain,
				    struct fl_fault_info *info);
int qcom_adreno_smmu_set_ttbr0_cfg(struct arm_smmu_domain *smmu_domain, bool per_process);
int qcom_adreno_smmu_resume_translation(struct arm_smmu_domain *smmu_domain, bool terminate);

/* --- domains (domain.c) ------------------------------------------------------------------------
 */

struct arm_smmu_domain *arm_smmu_domain_alloc(unsigned int number, bool stalls);
void arm_smmu_domain_free(struct arm_smmu_domain *smmu_domain);
int arm_smmu_attach_dev(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain);
int arm_smmu_detach_dev(struct arm_smmu_domain *smmu_domain);
int arm_smmu_map_pages(struct arm_smmu_domain *smmu_domain, u64 iova, phys_addr_t paddr, int prot);
int arm_smmu_unmap_pages(struct arm_smmu_domain *smmu_domain, u64 iova);
phys_addr_t arm_smmu_iova_to_phys(struct arm_smmu_domain *smmu_domain, u64 iova);
/* What init_domain is made of. */
int arm_smmu_alloc_bank(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain);
void arm_smmu_free_bank(struct arm_smmu_device *smmu, unsigned int cbndx);
int arm_smmu_init_domain_context(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain);
void arm_smmu_destroy_domain_context(struct arm_smmu_domain *smmu_domain);

/* --- power management (pm.c) --------------------------------------------------------------------
 */

int arm_smmu_rpm_get(struct arm_smmu_device *smmu);
void arm_smmu_rpm_put(struct arm_smmu_device *smmu);
/* The put of those who go on whatever arm_smmu_rpm_get() answered: @got. */
void arm_smmu_rpm_end(struct arm_smmu_device *smmu, int got);
void arm_smmu_rpm_use_autosuspend(struct arm_smmu_device *smmu);
void arm_smmu_device_shutdown(struct arm_smmu_device *smmu);
extern const struct dev_pm_ops arm_smmu_pm_ops, arm_smmu_pm_ops_v3, arm_smmu_pm_ops_v4;
/* Call @fn once for each interrupt number that the driver uses. */
void arm_smmu_for_each_irq(struct arm_smmu_device *smmu,
			   void (*fn)(struct arm_smmu_device *, int irq));

/* Optional gate for register writes outside handlers (struct arm_smmu_generation). */
static inline bool arm_smmu_hw_begin(struct arm_smmu_device *smmu, unsigned long *flags)
{
	return !smmu->gen->hw_begin || smmu->gen->hw_begin(smmu, flags);
}

static inline void arm_smmu_hw_end(struct arm_smmu_device *smmu, unsigned long flags)
{
	if (smmu->gen->hw_end)
		smmu->gen->hw_end(smmu, flags);
}

/* --- the device (device.c) ----------------------------------------------------------------------
 */

/* Make the SMMU and the GPU for generation @gen on hardware @hw; 0 or a negative errno. */
int arm_smmu_device_probe(const struct arm_smmu_generation *gen, const struct fl_hardware *hw);
void arm_smmu_device_remove(struct arm_smmu_device *smmu);

/* Everything that there is; one pointer to it is the driver's only global. */
struct arm_smmu_root {
	struct device smmu_dev, gpu_dev;
	struct arm_smmu_device *smmu; /* NULL after unbind */
	struct arm_smmu_domain_slot {
		struct arm_smmu_domain *domain;
		unsigned int users; /* operations that are using it */
		bool busy;	    /* being made or freed */
		bool hooks;	    /* an attach has ended: the GPU's driver has its hooks */
	} slots[ARM_SMMU_MAX_DOMAINS];
	struct wait_queue_head users_gone;
	struct mutex group_mutex; /* of the IOMMU core: attach and detach */
	bool unbinding;
};
extern struct arm_smmu_root *arm_smmu_root;

#endif

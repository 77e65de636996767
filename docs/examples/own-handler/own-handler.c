/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handler of your own as a subject of Faultline: a small SMMU driver on include/linux, built
 *outside of Faultline's tree against the installed headers.
 *
 * It serves one domain, the GPU's, on context bank 0. Its fault handler is what one writes first:
 *look only while the device is active, otherwise it was not us. Run it and see what is wrong with
 *that:
 *
 *	make FAULTLINE=/path/to/prefix
 *	faultline explore --subject ./own-handler.so --profile mmu500 --seconds 5
 *
 * Globals need no care: the writable segments of a subject are part of the snapshot.
 */
#include <linux/bits.h>
#include <linux/clk.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iommu.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include <faultline/rpm.h>
#include <faultline/subject.h>

#define STREAMS	      4
#define ADDRESS_BITS  36

/* Registers: domain.md, or drivers/iommu/arm/arm-smmu/arm-smmu.h. */
#define CR0	      0x0
#define CR0_ENABLED   0x436 /* GFRE, GFIE, GCFGFRE, GCFGFIE, USFCFG; not CLIENTPD */
#define GFSR	      0x48
#define SMR(n)	      (0x800 + 4 * (n))
#define S2CR(n)	      (0xc00 + 4 * (n))
#define S2CR_FAULT    (2u << 16)
#define CBAR0	      0x1000
#define CBAR_S1	      (1u << 16)
#define CBFRSYNRA0    0x1400
#define CBA2R0	      0x1800
#define SCTLR	      0x0
#define SCTLR_ENABLED 0x67 /* CFIE, CFRE, AFE, TRE, M: faults are terminated, not stalled */
#define TCR2	      0x10
#define TTBR0	      0x20
#define TCR	      0x30
#define FSR	      0x58
#define FSR_FAULT     0xc00001feu
#define FAR	      0x60
#define FSYNR0	      0x68
#define FSYNR0_WRITE  BIT(4)
#define TLBIALLH      0x6c

static struct {
	struct device smmu, gpu;
	struct clk clk;
	void __iomem *base, *bank;
	int bank_irq, global_irq;
	struct iommu_domain domain;
	u64 *table; /* first level; NULL: no domain */
	bool attached;
} own;

/* --- page tables: three levels of 4 KiB ---------------------------------------------------------
 */

static u64 *entry_of(u64 iova, bool make)
{
	u64 *table = own.table;

	for (int shift = 30; shift > 12; shift -= 9) {
		u64 *entry = &table[iova >> shift & 511];

		if (!*entry) {
			void *next = make ? kzalloc(4096, GFP_KERNEL) : NULL;

			if (!next)
				return NULL;
			*entry = virt_to_phys(next) | 3;
		}
		table = phys_to_virt(*entry & GENMASK_ULL(47, 12));
	}
	return &table[iova >> 12 & 511];
}

static void free_tables(u64 *table, int level)
{
	for (int i = 0; i < 512 && level < 3; i++)
		if (table[i])
			free_tables(phys_to_virt(table[i] & GENMASK_ULL(47, 12)), level + 1);
	kfree(table);
}

/* --- hardware ------------------------------------------------------------------------------------
 */

static void write_bank(void)
{
	writel_relaxed(own.attached ? 1 : 0, own.base + CBA2R0);
	writel_relaxed(CBAR_S1, own.base + CBAR0);
	if (own.attached) {
		writel_relaxed((ADDRESS_BITS - 32) / 4 | BIT(4), own.bank + TCR2);
		writel_relaxed((64 - ADDRESS_BITS) | BIT(23), own.bank + TCR);
		writeq_relaxed(virt_to_phys(own.table), own.bank + TTBR0);
	}
	writel_relaxed(own.attached ? SCTLR_ENABLED : 0, own.bank + SCTLR);
}

static void write_streams(void)
{
	for (unsigned int i = 0; i < STREAMS; i++) {
		writel_relaxed(i == 0 && own.attached ? 0 : S2CR_FAULT, own.base + S2CR(i));
		writel_relaxed(BIT(31) | i, own.base + SMR(i));
	}
}

static void reset(void)
{
	writel_relaxed(readl_relaxed(own.base + GFSR), own.base + GFSR);
	write_streams();
	write_bank();
	writel_relaxed(FSR_FAULT, own.bank + FSR);
	writel_relaxed(~0u, own.base + TLBIALLH);
	writel_relaxed(CR0_ENABLED, own.base + CR0);
}

/* --- the handlers: what this example is about
 * ------------------------------------------------------ */

static irqreturn_t own_context_fault(int irq, void *dev_id)
{
	irqreturn_t ret = IRQ_NONE;
	u32 fsr, fsynr;
	u64 iova;

	(void)irq;
	(void)dev_id;
	if (pm_runtime_get_if_active(&own.smmu) == 0)
		return IRQ_NONE;
	fsr = readl_relaxed(own.bank + FSR);
	if (fsr & FSR_FAULT) {
		iova = readq_relaxed(own.bank + FAR);
		fsynr = readl_relaxed(own.bank + FSYNR0);
		readl_relaxed(own.base + CBFRSYNRA0);
		report_iommu_fault(&own.domain, &own.smmu, iova,
				   fsynr & FSYNR0_WRITE ? IOMMU_FAULT_WRITE : IOMMU_FAULT_READ);
		writel_relaxed(fsr, own.bank + FSR);
		ret = IRQ_HANDLED;
	}
	pm_runtime_put_autosuspend(&own.smmu);
	return ret;
}

static irqreturn_t own_global_fault(int irq, void *dev_id)
{
	irqreturn_t ret = IRQ_NONE;
	u32 gfsr;

	(void)irq;
	(void)dev_id;
	if (pm_runtime_get_if_active(&own.smmu) == 0)
		return IRQ_NONE;
	gfsr = readl_relaxed(own.base + GFSR);
	if (gfsr) {
		dev_err(&own.smmu, "global fault 0x%x", gfsr);
		writel_relaxed(gfsr, own.base + GFSR);
		ret = IRQ_HANDLED;
	}
	pm_runtime_put_autosuspend(&own.smmu);
	return ret;
}

/* --- power ---------------------------------------------------------------------------------------
 */

static int own_runtime_suspend(struct device *dev)
{
	(void)dev;
	clk_disable(&own.clk);
	return 0;
}

static int own_runtime_resume(struct device *dev)
{
	int error = clk_enable(&own.clk);

	(void)dev;
	if (!error)
		reset();
	return error;
}

static int gpu_runtime_suspend(struct device *dev)
{
	(void)dev;
	return fl_client_runtime_suspend();
}

static int gpu_runtime_resume(struct device *dev)
{
	(void)dev;
	return fl_client_runtime_resume();
}

static const struct dev_pm_ops own_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pm_runtime_force_resume),
	RUNTIME_PM_OPS(own_runtime_suspend, own_runtime_resume, NULL),
};

static const struct dev_pm_ops gpu_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pm_runtime_force_resume),
	RUNTIME_PM_OPS(gpu_runtime_suspend, gpu_runtime_resume, NULL),
};

/* --- the subject's operations
 * --------------------------------------------------------------------- */

static int own_supports(const struct fl_hardware *hardware, const char **reason)
{
	if (hardware->pm_domain)
		return 0;
	*reason = "this example wants a power domain, so that runtime PM is enabled";
	return -EOPNOTSUPP;
}

static int own_probe(const struct fl_hardware *hardware)
{
	u32 id1;
	int error;

	own.clk.device = FL_DEVICE_SMMU;
	own.base = (void __iomem *)FL_MMIO(FL_REGION_SMMU, 0);
	own.bank_irq = fl_linux_irq_of(hardware->bank_lines[0]);
	own.global_irq = fl_linux_irq_of(hardware->global_line);
	device_initialize(&own.smmu, FL_DEVICE_SMMU, "own-smmu", &own_pm_ops, hardware->pm_domain);
	device_initialize(&own.gpu, FL_DEVICE_GPU, "gpu", &gpu_pm_ops, false);
	error = clk_prepare_enable(&own.clk);
	if (error)
		return error;
	id1 = readl_relaxed(own.base + 0x24);
	own.bank = own.base + (2ul << (id1 >> 28 & 7)) * 4096;
	error = request_irq(own.global_irq, own_global_fault, IRQF_SHARED, "own global fault",
			    &own);
	if (error)
		return error;
	reset();
	pm_runtime_set_active(&own.smmu);
	pm_runtime_enable(&own.smmu);
	device_link_add(&own.gpu, &own.smmu, DL_FLAG_PM_RUNTIME);
	pm_runtime_enable(&own.gpu);
	return 0;
}

static int client_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova,
			int flags, void *token)
{
	(void)dev;
	(void)token;
	return fl_client_fault(domain->number, iova, flags);
}

static int own_domain_alloc(unsigned int domain)
{
	if (domain || own.table)
		return -ENOSPC;
	own.table = kzalloc(4096, GFP_KERNEL);
	iommu_set_fault_handler(&own.domain, client_fault, NULL);
	return own.table ? 0 : -ENOMEM;
}

static int own_attach(unsigned int domain)
{
	int error;

	if (domain || !own.table || own.attached)
		return -EINVAL;
	error = pm_runtime_resume_and_get(&own.smmu);
	if (error)
		return error;
	fl_subject_enter("own_attach");
	error = request_irq(own.bank_irq, own_context_fault, IRQF_SHARED | IRQF_BANK(0),
			    "own context fault", &own.domain);
	if (!error) {
		own.attached = true;
		write_bank();
		write_streams();
		fl_domain_live(0, 0, true);
	}
	fl_subject_leave();
	pm_runtime_put_autosuspend(&own.smmu);
	return error;
}

static int own_detach(unsigned int domain)
{
	int error;

	if (domain || !own.attached)
		return -EINVAL;
	error = pm_runtime_resume_and_get(&own.smmu);
	if (error)
		return error;
	fl_subject_enter("own_detach");
	own.attached = false;
	write_streams();
	write_bank();
	fl_domain_live(0, 0, false);
	free_irq(own.bank_irq, &own.domain);
	fl_subject_leave();
	pm_runtime_put_autosuspend(&own.smmu);
	return 0;
}

static int own_domain_free(unsigned int domain)
{
	if (domain || !own.table)
		return -ENODEV;
	if (own.attached && own_detach(0))
		return -EBUSY;
	free_tables(own.table, 1);
	own.table = NULL;
	fl_domain_freed(0);
	return 0;
}

static int own_map(unsigned int domain, uint64_t iova, uint64_t phys, unsigned int prot)
{
	u64 *entry = domain || !own.table ? NULL : entry_of(iova, true);

	if (!entry)
		return -ENOMEM;
	if (*entry)
		return -EEXIST;
	/* Page, unprivileged, inner shareable, accessed, not global. */
	*entry = phys | 0xf43 | (prot & IOMMU_WRITE ? 0 : 0x80);
	return 0;
}

static int own_unmap(unsigned int domain, uint64_t iova)
{
	u64 *entry = domain || !own.table ? NULL : entry_of(iova, false);

	if (!entry || !*entry)
		return -ENOENT;
	*entry = 0;
	if (pm_runtime_get_if_active(&own.smmu) > 0) {
		writel_relaxed(~0u, own.base + TLBIALLH);
		pm_runtime_put_autosuspend(&own.smmu);
	}
	return 0;
}

static uint64_t own_iova_to_phys(unsigned int domain, uint64_t iova)
{
	u64 *entry = domain || !own.table ? NULL : entry_of(iova, false);

	return entry && *entry ? (*entry & GENMASK_ULL(47, 12)) | (iova & 0xfff) : 0;
}

static struct device *device_of(enum fl_device device)
{
	return device == FL_DEVICE_GPU ? &own.gpu : &own.smmu;
}

static int own_pm(enum fl_device device, enum fl_pm_op op)
{
	return fl_rpm_op(device_of(device), op);
}

static void own_pm_view(enum fl_device device, struct fl_pm_view *view)
{
	fl_rpm_view(device_of(device), view);
}

static int own_system_sleep(enum fl_device device, enum fl_sleep_phase phase)
{
	return fl_rpm_system_sleep(device_of(device), phase);
}

static int own_shutdown(void)
{
	pm_runtime_force_suspend(&own.smmu);
	return 0;
}

static int own_unbind(void)
{
	own_domain_free(0);
	own_shutdown();
	free_irq(own.global_irq, &own);
	clk_unprepare(&own.clk);
	return 0;
}

/* What Faultline looks for in the shared object. */
const struct fl_subject faultline_subject = {
	.host_abi = FL_HOST_ABI,
	.name = "own:handler",
	.help = "an example: looks only while the device is active",
	.version = "",
	.supports = own_supports,
	.probe = own_probe,
	.domain_alloc = own_domain_alloc,
	.attach = own_attach,
	.detach = own_detach,
	.domain_free = own_domain_free,
	.map = own_map,
	.unmap = own_unmap,
	.iova_to_phys = own_iova_to_phys,
	.pm = own_pm,
	.pm_view = own_pm_view,
	.system_sleep = own_system_sleep,
	.shutdown = own_shutdown,
	.unbind = own_unbind,
};

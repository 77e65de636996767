/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: register access. Each access is a scheduling point. @address is what
 * ioremap returned: FL_MMIO(region, instance) of <faultline/host.h> plus an offset; it is never
 * dereferenced.
 */
#ifndef FAULTLINE_LINUX_IO_H
#define FAULTLINE_LINUX_IO_H

#include <linux/types.h>
#include <faultline/host.h>

static inline u32 readl_relaxed(const volatile void __iomem *address)
{
	return (u32)fl_mmio_read((unsigned long)address, 4);
}

static inline u64 readq_relaxed(const volatile void __iomem *address)
{
	return fl_mmio_read((unsigned long)address, 8);
}

static inline void writel_relaxed(u32 value, volatile void __iomem *address)
{
	fl_mmio_write((unsigned long)address, value, 4);
}

static inline void writeq_relaxed(u64 value, volatile void __iomem *address)
{
	fl_mmio_write((unsigned long)address, value, 8);
}

/* The ordered forms differ only in memory ordering, which a deterministic run does not weaken. */
static inline u32 readl(const volatile void __iomem *address)
{
	return readl_relaxed(address);
}

static inline void writel(u32 value, volatile void __iomem *address)
{
	writel_relaxed(value, address);
}

static inline phys_addr_t virt_to_phys(const void *address)
{
	return fl_virt_to_phys(address);
}

static inline void *phys_to_virt(phys_addr_t address)
{
	return fl_phys_to_virt(address);
}

#endif

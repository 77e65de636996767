// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: register accesses go to the fake device behind the floor. */
#include "glue.h"

#include <linux/io.h>

u32 __raw_readl(const volatile void __iomem *addr)
{
	GLUE_INSIDE();

	return (u32)fl_mmio_read((unsigned long)addr, 4);
}

u64 __raw_readq(const volatile void __iomem *addr)
{
	GLUE_INSIDE();

	return fl_mmio_read((unsigned long)addr, 8);
}

void __raw_writel(u32 value, volatile void __iomem *addr)
{
	GLUE_INSIDE();

	fl_mmio_write((unsigned long)addr, value, 4);
}

void __raw_writeq(u64 value, volatile void __iomem *addr)
{
	GLUE_INSIDE();

	fl_mmio_write((unsigned long)addr, value, 8);
}

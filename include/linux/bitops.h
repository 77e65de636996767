/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: atomic bit operations on the first word of a bitmap (bits 0 to 63). */
#ifndef FAULTLINE_LINUX_BITOPS_H
#define FAULTLINE_LINUX_BITOPS_H

#include <linux/atomic.h>

/* Set bit @nr; returns whether it was set before. */
static inline bool test_and_set_bit(unsigned int nr, unsigned long *map)
{
	unsigned long bit = 1ul << nr, old;

	fl_atomic_point(map, FL_ATOMIC_RMW);
	old = fl_linux_fetch_or(map, bit);
	return old & bit;
}

static inline void clear_bit(unsigned int nr, unsigned long *map)
{
	fl_atomic_point(map, FL_ATOMIC_RMW);
	fl_linux_fetch_and(map, ~(1ul << nr));
}

#endif

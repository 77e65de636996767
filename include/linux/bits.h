/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: bits, masks and fields. */
#ifndef FAULTLINE_LINUX_BITS_H
#define FAULTLINE_LINUX_BITS_H

#include <linux/types.h>

#define BIT(n)			(1u << (n))
#define BIT_ULL(n)		(1ull << (n))
#define GENMASK(high, low)	((~0u >> (31 - (high))) & (~0u << (low)))
#define GENMASK_ULL(high, low)	((~0ull >> (63 - (high))) & (~0ull << (low)))

/* @mask: a constant, contiguous and not 0. */
#define FIELD_GET(mask, value)	(((value) & (mask)) / ((mask) & ~((mask) - 1)))
#define FIELD_PREP(mask, value) (((__typeof__(mask))(value) * ((mask) & ~((mask) - 1))) & (mask))

static inline u32 lower_32_bits(u64 value)
{
	return (u32)value;
}

static inline u32 upper_32_bits(u64 value)
{
	return (u32)(value >> 32);
}

#endif

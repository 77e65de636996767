/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: types. Linux's names; the system's <linux/types.h> stays reachable. */
#ifndef FAULTLINE_LINUX_TYPES_H
#define FAULTLINE_LINUX_TYPES_H

#if defined(__has_include_next)
#if __has_include_next(<linux/types.h>)
#include_next <linux/types.h>
#endif
#endif
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef unsigned long long u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef long long s64;

typedef u64 phys_addr_t;
typedef u64 dma_addr_t;
typedef unsigned int gfp_t;

#define __iomem
#define __must_check   __attribute__((warn_unused_result))
#define __maybe_unused __attribute__((unused))

#endif

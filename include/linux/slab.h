/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: memory. Freed memory stays in quarantine until the world is reset. */
#ifndef FAULTLINE_LINUX_SLAB_H
#define FAULTLINE_LINUX_SLAB_H

#include <linux/types.h>
#include <faultline/host.h>

#define __GFP_DIRECT_RECLAIM 0x400u /* may sleep */
#define __GFP_ZERO	     0x100u
#define __GFP_NOFAIL	     0x8000u
#define GFP_KERNEL	     __GFP_DIRECT_RECLAIM
#define GFP_ATOMIC	     0x20u

static inline void *kmalloc(size_t size, gfp_t flags)
{
	return fl_alloc(size, flags & __GFP_ZERO, flags & __GFP_DIRECT_RECLAIM,
			!(flags & __GFP_NOFAIL));
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kcalloc(size_t count, size_t size, gfp_t flags)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	return kzalloc(bytes, flags);
}

static inline void kfree(const void *memory)
{
	fl_dealloc((void *)memory);
}

#endif

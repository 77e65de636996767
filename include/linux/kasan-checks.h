/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: an explicit check that memory was not freed, for code that is built without
 * instrumentation. A driver that goes on with freed memory follows garbage: the run ends there.
 */
#ifndef FAULTLINE_LINUX_KASAN_CHECKS_H
#define FAULTLINE_LINUX_KASAN_CHECKS_H

#include <faultline/host.h>

static inline void kasan_check_read(const volatile void *address, unsigned int size)
{
	(void)size;
	if (__builtin_expect(fl_is_freed((const void *)address), 0))
		fl_bug("KASAN: use-after-free");
}

#endif

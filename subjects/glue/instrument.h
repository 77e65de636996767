/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Given to every file that the tree's build compiles (-include): atomic operations and marked accesses
 * become scheduling points. It takes the place of <linux/instrumented.h>, whose functions the tree's
 * atomics call, and adds a call to READ_ONCE() and WRITE_ONCE().
 */
#ifndef _LINUX_INSTRUMENTED_H
#define _LINUX_INSTRUMENTED_H

#ifndef __ASSEMBLY__

#ifdef FAULTLINE_THREADS
#include "threads.h"
#endif
#include <linux/types.h>
#include <asm/rwonce.h>

extern void fl_atomic_point(const void *address, unsigned int kind);

#define instrument_read(v, size) ((void)(v), (void)(size))
#define instrument_write(v, size) ((void)(v), (void)(size))
#define instrument_read_write(v, size) ((void)(v), (void)(size))
#define instrument_atomic_read(v, size) ((void)(size), fl_atomic_point((const void *)(v), 1))
#define instrument_atomic_write(v, size) ((void)(size), fl_atomic_point((const void *)(v), 2))
#define instrument_atomic_read_write(v, size) ((void)(size), fl_atomic_point((const void *)(v), 3))
/* Nobody copies to or from user space here. */
#define instrument_copy_to_user(to, from, n) ((void)0)
#define instrument_copy_from_user_before(to, from, n) ((void)0)
#define instrument_copy_from_user_after(to, from, n, left) ((void)0)
#define instrument_memcpy_before(to, from, n) ((void)0)
#define instrument_memcpy_after(to, from, n, left) ((void)0)
#define instrument_get_user(to) ((void)0)
#define instrument_put_user(from, ptr, size) ((void)0)

#undef READ_ONCE
#define READ_ONCE(x)                                                                               \
	({                                                                                         \
		compiletime_assert_rwonce_type(x);                                                 \
		fl_atomic_point((const void *)&(x), 1);                                            \
		__READ_ONCE(x);                                                                    \
	})
#undef WRITE_ONCE
#define WRITE_ONCE(x, val)                                                                         \
	do {                                                                                       \
		compiletime_assert_rwonce_type(x);                                                 \
		fl_atomic_point((const void *)&(x), 2);                                            \
		__WRITE_ONCE(x, val);                                                              \
	} while (0)

#endif
#endif

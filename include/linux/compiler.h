/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: marked and annotated memory accesses. READ_ONCE() and WRITE_ONCE() are
 * scheduling points. In a build without instrumentation a plain access that others could see may be
 * announced by plain_read() and plain_write(), so that the race detector learns of it.
 */
#ifndef FAULTLINE_LINUX_COMPILER_H
#define FAULTLINE_LINUX_COMPILER_H

#include <faultline/host.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ volatile("" ::: "memory")

#define FL_ATOMIC_READ	1u
#define FL_ATOMIC_WRITE 2u
#define FL_ATOMIC_RMW	3u

#define READ_ONCE(x)                                                                               \
	({                                                                                         \
		fl_atomic_point(&(x), FL_ATOMIC_READ);                                             \
		*(const volatile __typeof__(x) *)&(x);                                             \
	})

#define WRITE_ONCE(x, value)                                                                       \
	do {                                                                                       \
		fl_atomic_point(&(x), FL_ATOMIC_WRITE);                                            \
		*(volatile __typeof__(x) *)&(x) = (value);                                         \
	} while (0)

/* Orders a store after everything before it; the fibers are sequentially consistent anyway. */
#define smp_store_release(pointer, value) WRITE_ONCE(*(pointer), value)
#define smp_load_acquire(pointer)	  READ_ONCE(*(pointer))

/* A plain access, told to the race detector; @x must be an lvalue of 1, 2, 4 or 8 bytes. */
#define plain_read(x)                                                                              \
	({                                                                                         \
		fl_memory_access(&(x), sizeof(x), false, false, __LINE__);                         \
		(x);                                                                               \
	})
#define plain_write(x, value)                                                                      \
	do {                                                                                       \
		fl_memory_access(&(x), sizeof(x), true, false, __LINE__);                          \
		(x) = (value);                                                                     \
	} while (0)

#endif

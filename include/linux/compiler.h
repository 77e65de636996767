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

#ifdef FAULTLINE_FREE
/* On threads: relaxed, acquiring and releasing accesses of the machine that all runs on. */
#define fl_linux_load(pointer, order)	      __atomic_load_n(pointer, order)
#define fl_linux_store(pointer, value, order) __atomic_store_n(pointer, value, order)
#define fl_linux_xchg(pointer, value)	      __atomic_exchange_n(pointer, value, __ATOMIC_SEQ_CST)
#define fl_linux_fetch_add(pointer, value)    __atomic_fetch_add(pointer, value, __ATOMIC_SEQ_CST)
#define fl_linux_fetch_or(pointer, bits)      __atomic_fetch_or(pointer, bits, __ATOMIC_SEQ_CST)
#define fl_linux_cmpxchg(pointer, old, value)                                                      \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = (old);                                             \
                                                                                                   \
		__atomic_compare_exchange_n(pointer, &fl_old, value, false, __ATOMIC_SEQ_CST,      \
					    __ATOMIC_SEQ_CST);                                     \
		fl_old;                                                                            \
	})
#define fl_linux_fetch_and(pointer, bits) __atomic_fetch_and(pointer, bits, __ATOMIC_SEQ_CST)
#else
/*
 * On fibers what follows a scheduling point is indivisible; loads and stores are marked for the sake of the
 * modelled kernel, which a subject on threads reads.
 */
#define fl_linux_load(pointer, order)	      __atomic_load_n(pointer, __ATOMIC_RELAXED)
#define fl_linux_store(pointer, value, order) __atomic_store_n(pointer, value, __ATOMIC_RELAXED)
#define fl_linux_xchg(pointer, value)                                                              \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = *(pointer);                                        \
                                                                                                   \
		*(pointer) = (value);                                                              \
		fl_old;                                                                            \
	})
#define fl_linux_fetch_add(pointer, value)                                                         \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = *(pointer);                                        \
                                                                                                   \
		*(pointer) = fl_old + (value);                                                     \
		fl_old;                                                                            \
	})
#define fl_linux_cmpxchg(pointer, old, value)                                                      \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = *(pointer);                                        \
                                                                                                   \
		if (fl_old == (old))                                                               \
			*(pointer) = (value);                                                      \
		fl_old;                                                                            \
	})
#define fl_linux_fetch_or(pointer, bits)                                                           \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = *(pointer);                                        \
                                                                                                   \
		*(pointer) = fl_old | (bits);                                                      \
		fl_old;                                                                            \
	})
#define fl_linux_fetch_and(pointer, bits)                                                          \
	({                                                                                         \
		__typeof__(*(pointer)) fl_old = *(pointer);                                        \
                                                                                                   \
		*(pointer) = fl_old & (bits);                                                      \
		fl_old;                                                                            \
	})
#endif

#define READ_ONCE(x)                                                                               \
	({                                                                                         \
		fl_atomic_point(&(x), FL_ATOMIC_READ);                                             \
		fl_linux_load(&(x), __ATOMIC_RELAXED);                                             \
	})

#define WRITE_ONCE(x, value)                                                                       \
	do {                                                                                       \
		fl_atomic_point(&(x), FL_ATOMIC_WRITE);                                            \
		fl_linux_store(&(x), (value), __ATOMIC_RELAXED);                                   \
	} while (0)

/* Orders a store after everything before it; the fibers are sequentially consistent anyway. */
#define smp_store_release(pointer, value)                                                          \
	do {                                                                                       \
		fl_atomic_point((pointer), FL_ATOMIC_WRITE);                                       \
		fl_linux_store((pointer), (value), __ATOMIC_RELEASE);                              \
	} while (0)
#define smp_load_acquire(pointer)                                                                  \
	({                                                                                         \
		fl_atomic_point((pointer), FL_ATOMIC_READ);                                        \
		fl_linux_load((pointer), __ATOMIC_ACQUIRE);                                        \
	})

/* If *@pointer is @old make it @value; returns what it was. */
#define cmpxchg(pointer, old, value)                                                               \
	({                                                                                         \
		fl_atomic_point((pointer), FL_ATOMIC_RMW);                                         \
		fl_linux_cmpxchg((pointer), (old), (value));                                       \
	})

/*
 * A function of the subject that the floor calls back goes out of the machine for it (<faultline/free.h>).
 */
#ifdef FAULTLINE_FREE
bool fl_machine_enter(void);
void fl_machine_leave(void);
#define fl_linux_go_out()  fl_machine_leave()
#define fl_linux_come_in() fl_machine_enter()
#else
#define fl_linux_go_out()  ((void)0)
#define fl_linux_come_in() ((void)0)
#endif

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

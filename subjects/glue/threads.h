/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The form of a subject for threads (scripts/add-linux --threads): um is a kernel of one CPU, in which atomic
 * operations have no lock prefix and the barriers between CPUs are the compiler's alone. Read before all other
 * headers (instrument.h, glue.h), and before the first use of either, it gives them what CONFIG_SMP would.
 * The build looks at the objects whether it has (subjects/build/threads.sh).
 */
#ifndef FAULTLINE_THREADS_H
#define FAULTLINE_THREADS_H

#ifndef __ASSEMBLY__

#include <asm/alternative.h>
#undef LOCK_PREFIX
#define LOCK_PREFIX "lock; "

#include <asm/barrier.h>
#undef smp_mb
#undef smp_rmb
#undef smp_wmb
#undef smp_store_mb
#undef smp_mb__before_atomic
#undef smp_mb__after_atomic
#undef smp_store_release
#undef smp_load_acquire
#define smp_mb()		 __smp_mb()
#define smp_rmb()		 __smp_rmb()
#define smp_wmb()		 __smp_wmb()
#define smp_store_mb(var, value) __smp_store_mb(var, value)
#define smp_mb__before_atomic()	 __smp_mb__before_atomic()
#define smp_mb__after_atomic()	 __smp_mb__after_atomic()
#define smp_store_release(p, v)	 __smp_store_release(p, v)
#define smp_load_acquire(p)	 __smp_load_acquire(p)

/* On threads an atomic is only a moment at which its context may be held up (core/free/doors.c). */
#define fl_atomic_point		 fl_free_atomic_point

#endif
#endif

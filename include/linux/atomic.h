/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: atomic integers. Each operation is a scheduling point, then indivisible. */
#ifndef FAULTLINE_LINUX_ATOMIC_H
#define FAULTLINE_LINUX_ATOMIC_H

#include <linux/compiler.h>

typedef struct {
	int counter;
} atomic_t;

#define ATOMIC_INIT(value) {(value)}

static inline int atomic_read(const atomic_t *v)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_READ);
	return fl_linux_load(&v->counter, __ATOMIC_RELAXED);
}

static inline void atomic_set(atomic_t *v, int value)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_WRITE);
	fl_linux_store(&v->counter, value, __ATOMIC_RELAXED);
}

static inline int atomic_add_return(int value, atomic_t *v)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	return fl_linux_fetch_add(&v->counter, value) + value;
}

static inline int atomic_inc_return(atomic_t *v)
{
	return atomic_add_return(1, v);
}

static inline int atomic_dec_return(atomic_t *v)
{
	return atomic_add_return(-1, v);
}

static inline void atomic_inc(atomic_t *v)
{
	atomic_add_return(1, v);
}

static inline void atomic_dec(atomic_t *v)
{
	atomic_add_return(-1, v);
}

/* Add @value unless the counter is @unless; true if it was added. */
static inline bool atomic_add_unless(atomic_t *v, int value, int unless)
{
	int old, found;

	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	old = fl_linux_load(&v->counter, __ATOMIC_RELAXED);
	while (old != unless) {
		found = fl_linux_cmpxchg(&v->counter, old, old + value);
		if (found == old)
			return true;
		old = found;
	}
	return false;
}

static inline bool atomic_inc_not_zero(atomic_t *v)
{
	return atomic_add_unless(v, 1, 0);
}

/* Returns the old value. */
static inline int atomic_xchg(atomic_t *v, int value)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	return fl_linux_xchg(&v->counter, value);
}

static inline int atomic_cmpxchg(atomic_t *v, int expected, int value)
{
	return cmpxchg(&v->counter, expected, value);
}

#endif

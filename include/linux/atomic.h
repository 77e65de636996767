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
	return v->counter;
}

static inline void atomic_set(atomic_t *v, int value)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_WRITE);
	v->counter = value;
}

static inline int atomic_add_return(int value, atomic_t *v)
{
	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	v->counter += value;
	return v->counter;
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
	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	if (v->counter == unless)
		return false;
	v->counter += value;
	return true;
}

static inline bool atomic_inc_not_zero(atomic_t *v)
{
	return atomic_add_unless(v, 1, 0);
}

/* Returns the old value. */
static inline int atomic_xchg(atomic_t *v, int value)
{
	int old;

	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	old = v->counter;
	v->counter = value;
	return old;
}

static inline int atomic_cmpxchg(atomic_t *v, int expected, int value)
{
	int old;

	fl_atomic_point(&v->counter, FL_ATOMIC_RMW);
	old = v->counter;
	if (old == expected)
		v->counter = value;
	return old;
}

#endif

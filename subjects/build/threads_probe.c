// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiled as the driver's files are for threads, and never linked: subjects/build/threads.sh looks whether the
 * code of each function holds what its name begins with.
 */
#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/refcount.h>

void lock_atomic_inc(atomic_t *v);
void lock_atomic_inc(atomic_t *v)
{
	atomic_inc(v);
}

bool lock_atomic_dec_and_test(atomic_t *v);
bool lock_atomic_dec_and_test(atomic_t *v)
{
	return atomic_dec_and_test(v);
}

bool lock_atomic_add_unless(atomic_t *v);
bool lock_atomic_add_unless(atomic_t *v)
{
	return atomic_add_unless(v, -1, 0);
}

int lock_atomic_cmpxchg(atomic_t *v);
int lock_atomic_cmpxchg(atomic_t *v)
{
	return atomic_cmpxchg(v, 1, 2);
}

void lock_atomic64_add(atomic64_t *v);
void lock_atomic64_add(atomic64_t *v)
{
	atomic64_add(3, v);
}

void lock_refcount_inc(refcount_t *r);
void lock_refcount_inc(refcount_t *r)
{
	refcount_inc(r);
}

void lock_set_bit(unsigned long *word, long bit);
void lock_set_bit(unsigned long *word, long bit)
{
	set_bit(bit, word);
}

void lock_clear_bit(unsigned long *word, long bit);
void lock_clear_bit(unsigned long *word, long bit)
{
	clear_bit(bit, word);
}

bool lock_test_and_set_bit(unsigned long *word, long bit);
bool lock_test_and_set_bit(unsigned long *word, long bit)
{
	return test_and_set_bit(bit, word);
}

u64 lock_cmpxchg64_relaxed(u64 *word);
u64 lock_cmpxchg64_relaxed(u64 *word)
{
	return cmpxchg64_relaxed(word, 1, 2);
}

void mfence_smp_mb(void);
void mfence_smp_mb(void)
{
	smp_mb();
}

void mfence_smp_mb__after_atomic(void);
void mfence_smp_mb__after_atomic(void)
{
	smp_mb__after_atomic();
}

void fence_smp_rmb(void);
void fence_smp_rmb(void)
{
	smp_rmb();
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: spinlocks and mutexes on the floor's locks.
 *
 * A lock lives in the tree's own structure: the word that the floor wants is raw_lock.slock (spinlock)
 * or the low half of owner (mutex), and the debug fields, which nobody else uses here, hold the name of
 * its class. A lock that was initialised by the compiler is made ours at its first use.
 */
#include "glue.h"

#include <linux/mutex.h>
#include <linux/spinlock.h>

static const char *class_of(const char *expression)
{
	const char *last = expression;

	/* "&smmu_domain->cb_lock" is class "cb_lock", "&dev->power.lock" is "power.lock". */
	for (const char *p = expression; *p; p++)
		if (*p == '&' || (p[0] == '-' && p[1] == '>' && p++))
			last = p + 1;
	return last;
}

void __raw_spin_lock_init(raw_spinlock_t *lock, const char *name, struct lock_class_key *key,
			  short inner)
{
	lock->raw_lock.slock = 0;
	lock->magic = SPINLOCK_MAGIC;
	lock->owner_cpu = -1;
	lock->owner = (void *)class_of(name);
}

static const char *spin_class(raw_spinlock_t *lock)
{
	if (lock->owner == SPINLOCK_OWNER_INIT) {
		lock->raw_lock.slock = 0;
		lock->owner = (void *)glue_symbol(lock);
	}
	return lock->owner;
}

static fl_lock_t *spin_word(raw_spinlock_t *lock)
{
	return (fl_lock_t *)&lock->raw_lock.slock;
}

void _raw_spin_lock(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	fl_spin_lock(spin_word(lock), spin_class(lock));
}

void _raw_spin_unlock(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	glue_pm_watch(lock);
	fl_spin_unlock(spin_word(lock), spin_class(lock));
}

int _raw_spin_trylock(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	return fl_spin_trylock(spin_word(lock), spin_class(lock));
}

/*
 * The kernel's _irq pair forgets whether interrupts were on and turns them on at the end. Whoever calls
 * it with interrupts off has a bug; keep it visible.
 */
void _raw_spin_lock_irq(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	fl_spin_lock_irqsave(spin_word(lock), spin_class(lock));
}

void _raw_spin_unlock_irq(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	glue_pm_watch(lock);
	fl_spin_unlock_irqrestore(spin_word(lock), spin_class(lock), 1);
}

unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	GLUE_INSIDE();

	return fl_spin_lock_irqsave(spin_word(lock), spin_class(lock));
}

void _raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	GLUE_INSIDE();

	glue_pm_watch(lock);
	fl_spin_unlock_irqrestore(spin_word(lock), spin_class(lock), flags);
}

void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	atomic_long_set(&lock->owner, 0);
	INIT_LIST_HEAD(&lock->wait_list);
	lock->magic = (void *)class_of(name);
}

static const char *mutex_class(struct mutex *lock)
{
	if (lock->magic == lock)
		lock->magic = (void *)glue_symbol(lock);
	return lock->magic;
}

static fl_lock_t *mutex_word(struct mutex *lock)
{
	return (fl_lock_t *)&lock->owner;
}

void mutex_lock(struct mutex *lock)
{
	GLUE_INSIDE();

	fl_mutex_lock(mutex_word(lock), mutex_class(lock));
}

int mutex_trylock(struct mutex *lock)
{
	GLUE_INSIDE();

	return fl_mutex_trylock(mutex_word(lock), mutex_class(lock));
}

void mutex_unlock(struct mutex *lock)
{
	GLUE_INSIDE();

	fl_mutex_unlock(mutex_word(lock), mutex_class(lock));
}

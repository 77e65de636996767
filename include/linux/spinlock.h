/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: spinlocks. A lock's class, for lock-order, is the name that
 * spin_lock_init() was given, so locks of one field are of one class.
 */
#ifndef FAULTLINE_LINUX_SPINLOCK_H
#define FAULTLINE_LINUX_SPINLOCK_H

#include <faultline/host.h>

typedef struct {
	fl_lock_t word;
	const char *class_name;
} spinlock_t;

#define spin_lock_init(lock) fl_linux_spin_init((lock), #lock)

static inline void fl_linux_spin_init(spinlock_t *lock, const char *class_name)
{
	lock->word = 0;
	lock->class_name = class_name;
}

static inline void spin_lock(spinlock_t *lock)
{
	fl_spin_lock(&lock->word, lock->class_name);
}

static inline bool spin_trylock(spinlock_t *lock)
{
	return fl_spin_trylock(&lock->word, lock->class_name);
}

static inline void spin_unlock(spinlock_t *lock)
{
	fl_spin_unlock(&lock->word, lock->class_name);
}

#define spin_lock_irqsave(lock, flags)                                                             \
	((flags) = fl_spin_lock_irqsave(&(lock)->word, (lock)->class_name))

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	fl_spin_unlock_irqrestore(&lock->word, lock->class_name, flags);
}

/* For callers that know interrupts to be on. */
static inline void spin_lock_irq(spinlock_t *lock)
{
	fl_spin_lock_irqsave(&lock->word, lock->class_name);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	fl_spin_unlock_irqrestore(&lock->word, lock->class_name, 1);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: mutexes. */
#ifndef FAULTLINE_LINUX_MUTEX_H
#define FAULTLINE_LINUX_MUTEX_H

#include <faultline/host.h>

struct mutex {
	fl_lock_t word;
	const char *class_name;
};

#define mutex_init(lock) fl_linux_mutex_init((lock), #lock)

static inline void fl_linux_mutex_init(struct mutex *lock, const char *class_name)
{
	lock->word = 0;
	lock->class_name = class_name;
}

static inline void mutex_lock(struct mutex *lock)
{
	fl_mutex_lock(&lock->word, lock->class_name);
}

static inline bool mutex_trylock(struct mutex *lock)
{
	return fl_mutex_trylock(&lock->word, lock->class_name);
}

static inline void mutex_unlock(struct mutex *lock)
{
	fl_mutex_unlock(&lock->word, lock->class_name);
}

static inline bool mutex_is_locked(const struct mutex *lock)
{
	return fl_lock_held(&lock->word);
}

#endif

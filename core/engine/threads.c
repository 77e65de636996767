/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads and what they synchronise with. Everything waits in the engine; here stand only the
 * conditions. A woken waiter looks again: who takes a lock first is the schedule's decision.
 */
#include <faultline/threads.h>

#include "internal.h"

#include <stdio.h>

static struct {
	fl_entry_t entry;
	void *arg;
} threads[FL_MAX_CONTEXTS];

/* Happens-before edges as ThreadSanitizer is told about them. */
static inline void acquire(const void *object)
{
#if defined(FL_TSAN)
	__tsan_acquire((void *)(uintptr_t)object);
#endif
	(void)object;
}

static inline void release(const void *object)
{
#if defined(FL_TSAN)
	__tsan_release((void *)(uintptr_t)object);
#endif
	(void)object;
}

static inline const char *name_of(const char *name, const char *kind)
{
	return name ? name : kind;
}

static void thread_main(void *arg)
{
	fl_context_t self = fl_current();

	threads[self].entry(threads[self].arg);
	release(&threads[self]);
	/* No point until the context is dormant: a woken joiner finds it so. */
	fl_wake_all((uintptr_t)&threads[self]);
}

fl_context_t fl_thread_create(const char *name, fl_entry_t entry, void *arg)
{
	fl_context_t thread;

#if defined(FL_TSAN)
	fl_fiber_threads = true;
#endif
	/* Who comes first gets the lower number, so the order is a decision. */
	fl_point(FL_ACCESS_RMW, (uintptr_t)threads, 0);
	thread = fl_context_create(name, FL_CONTEXT_TASK, 0, thread_main, NULL);
	threads[thread].entry = entry;
	threads[thread].arg = arg;
	if (fl_running())
		fl_context_activate(thread);
	return thread;
}

void fl_thread_join(fl_context_t thread)
{
	uintptr_t object = (uintptr_t)&threads[thread];

	fl_point(FL_ACCESS_LOCK, object, 0);
	while (fl_context_state(thread) != FL_DORMANT)
		fl_block(object, fl_context_name(thread), false);
	acquire(&threads[thread]);
}

static void take(struct fl_thread_mutex *mutex)
{
	while (mutex->holder)
		fl_block((uintptr_t)mutex, name_of(mutex->name, "a mutex"), false);
	mutex->holder = fl_current() + 1;
	fl_set_owner((uintptr_t)mutex, fl_current());
	acquire(mutex);
}

static void let_go(struct fl_thread_mutex *mutex)
{
	if (mutex->holder != fl_current() + 1) {
		static char text[128];

		snprintf(text, sizeof(text), "%s unlocks %s, which it does not hold",
			 fl_context_name(fl_current()), name_of(mutex->name, "a mutex"));
		fl_stop(text);
	}
	release(mutex);
	mutex->holder = 0;
	fl_set_owner((uintptr_t)mutex, FL_NO_CONTEXT);
	fl_wake_all((uintptr_t)mutex);
}

void fl_thread_mutex_lock(struct fl_thread_mutex *mutex)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)mutex, 0);
	take(mutex);
}

bool fl_thread_mutex_trylock(struct fl_thread_mutex *mutex)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)mutex, 0);
	if (mutex->holder)
		return false;
	take(mutex);
	return true;
}

void fl_thread_mutex_unlock(struct fl_thread_mutex *mutex)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)mutex, 0);
	let_go(mutex);
}

void fl_thread_cond_wait(struct fl_thread_cond *cond, struct fl_thread_mutex *mutex)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)cond, 0);
	let_go(mutex);
	fl_block((uintptr_t)cond, name_of(cond->name, "a condition variable"), false);
	acquire(cond);
	take(mutex);
}

bool fl_thread_cond_wait_for(struct fl_thread_cond *cond, struct fl_thread_mutex *mutex,
			     uint64_t ns)
{
	bool in_time;

	fl_point(FL_ACCESS_LOCK, (uintptr_t)cond, 0);
	let_go(mutex);
	in_time = fl_block_until((uintptr_t)cond, name_of(cond->name, "a condition variable"),
				 fl_now() + ns);
	if (in_time)
		acquire(cond);
	take(mutex);
	return in_time;
}

void fl_thread_cond_signal(struct fl_thread_cond *cond)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)cond, 0);
	release(cond);
	fl_wake_one((uintptr_t)cond);
}

void fl_thread_cond_broadcast(struct fl_thread_cond *cond)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)cond, 0);
	release(cond);
	fl_wake_all((uintptr_t)cond);
}

void fl_thread_sem_wait(struct fl_thread_sem *sem)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)sem, 0);
	while (!sem->value)
		fl_block((uintptr_t)sem, name_of(sem->name, "a semaphore"), false);
	sem->value--;
	acquire(sem);
}

bool fl_thread_sem_trywait(struct fl_thread_sem *sem)
{
	fl_point(FL_ACCESS_LOCK, (uintptr_t)sem, 0);
	if (!sem->value)
		return false;
	sem->value--;
	acquire(sem);
	return true;
}

void fl_thread_sem_post(struct fl_thread_sem *sem)
{
	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)sem, 0);
	release(sem);
	sem->value++;
	fl_wake_all((uintptr_t)sem);
}

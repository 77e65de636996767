// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machine lock: a futex, and nothing of pthreads. ThreadSanitizer must not see it in a build that looks
 * for the subject's races, for it orders all that it sees: core/ is built without its instrumentation
 * there, and it knows nothing of system calls. In a build that looks for the framework's races core/ is
 * instrumented, and these atomics order its accesses as a lock does.
 */
#include "free.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SPINS	   64
/* How long a hand-over waits for the one who was woken, before it yields its CPU: some microseconds. */
#define HAND_OVERS 2000
/* Some tens of milliseconds, where the lock is held for microseconds. */
#define ATTEMPTS   (1u << 20)

enum { LOCK_FREE, LOCK_HELD, LOCK_WANTED };
static uint32_t machine_lock;
static uint32_t takes; /* how often it was taken; under the lock */

void fl_futex_wait(const uint32_t *word, uint32_t value)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

void fl_futex_wake(const uint32_t *word, unsigned int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}

static bool try_take(void)
{
	uint32_t expected = LOCK_FREE;

	return __atomic_compare_exchange_n(&machine_lock, &expected, LOCK_HELD, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

void fl_machine_lock_take(void)
{
	for (unsigned int i = 0; i < SPINS; i++) {
		if (try_take())
			goto taken;
		fl_cpu_pause();
	}
	while (__atomic_exchange_n(&machine_lock, LOCK_WANTED, __ATOMIC_ACQUIRE) != LOCK_FREE)
		fl_futex_wait(&machine_lock, LOCK_WANTED);
taken:
	__atomic_store_n(&takes, takes + 1, __ATOMIC_RELAXED);
}

bool fl_machine_lock_try(void)
{
	for (unsigned int i = 0; i < ATTEMPTS; i++) {
		if (try_take()) {
			__atomic_store_n(&takes, takes + 1, __ATOMIC_RELAXED);
			return true;
		}
		if (i % SPINS)
			fl_cpu_pause();
		else
			sched_yield();
	}
	return false;
}

/* Without it whoever drops the lock takes it again before the one who was woken has come to his CPU. */
void fl_machine_lock_hand_over(void)
{
	uint32_t before = takes;

	if (fl_machine_lock_drop()) {
		for (unsigned int i = 0; i < HAND_OVERS; i++) {
			if (__atomic_load_n(&takes, __ATOMIC_RELAXED) != before)
				break;
			fl_cpu_pause();
		}
		if (__atomic_load_n(&takes, __ATOMIC_RELAXED) == before)
			sched_yield();
	}
	fl_machine_lock_take();
}

bool fl_machine_lock_drop(void)
{
	if (__atomic_exchange_n(&machine_lock, LOCK_FREE, __ATOMIC_RELEASE) != LOCK_WANTED)
		return false;
	fl_futex_wake(&machine_lock, 1);
	return true;
}

bool fl_machine_lock_wanted(void)
{
	return __atomic_load_n(&machine_lock, __ATOMIC_RELAXED) == LOCK_WANTED;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the kernel floor share.
 *
 * Each file keeps its mutable state in one struct of the arena, so that a reset is a copy; the
 * pointer to it is set by its init function, once a world. The structs are small on purpose: they
 * are copied between any two runs. Sections that Linux runs under a spinlock of the core
 * (desc->lock, a hrtimer base's lock ...) are steps: the code between two scheduling points is
 * atomic, and a point stands where the lock would be taken.
 */
#ifndef FAULTLINE_KERNEL_INTERNAL_H
#define FAULTLINE_KERNEL_INTERNAL_H

#include <kernel/kernel.h>

#if defined(__SANITIZE_ADDRESS__)
#define FL_WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FL_WITH_ASAN 1
#endif
#endif
#ifdef FL_WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* Tables by context begin with a row for the caller outside a run (probe, tests). */
#define SLOTS	    (FL_MAX_CONTEXTS + 1)

static inline unsigned int own_slot(void)
{
	return fl_context_row(fl_current());
}

/* Program points of the floor, for strategies that guide themselves by sites. */
enum site_kind {
	SITE_LOCK = 1,
	SITE_UNLOCK,
	SITE_LOCK_LOOK,
	SITE_WAIT,
	SITE_WAKE,
	SITE_TIMER,
	SITE_WORK,
	SITE_IRQ,
	SITE_POWER,
	SITE_MEMORY,
	SITE_TIME,
	SITE_ATOMIC,
};
#define SITE(kind, number) (0x80000000u | (uint32_t)(kind) << 16 | (uint32_t)(number))

/* Where Linux takes a lock of its core around a step: each such step is ordered after those before it. */
static inline void order_step(const volatile void *object)
{
	fl_order_acquire(object);
	fl_order_release(object);
}

/* context.c: end the run if the running context must not block ("scheduling while atomic"). */
void fl_require_sleepable(void);

/* memory.c */
void fl_memory_begin_case(void);
void fl_report_use_after_free(const void *address);
extern const bool *fl_memory_has_freed;
/* Report a use of memory that was freed; a load and a branch while nothing was freed. */
static inline void fl_check_freed(const void *address)
{
	if (unlikely(*fl_memory_has_freed))
		fl_report_use_after_free(address);
}

/* irq_spurious.c */
void fl_spurious_poll(void *timer);

void fl_context_init(void);
void fl_mmio_init(void);
void fl_memory_init(void);
void fl_access_init(void);
void fl_lock_init(void);
void fl_wait_init(void);
void fl_timer_init(void);
void fl_work_init(void);
void fl_irq_init(void);
void fl_power_init(void);
void fl_failure_init(void);

#endif

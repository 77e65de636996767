/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fibers: Boost.Context's C entry points, and what the sanitizers must be told about them.
 *
 * A fiber is made once for its stack and then reused: when an activation ends, the fiber parks in
 * its loop and the next activation of the same context continues there. A fiber that is cut short
 * is abandoned, and made anew when it is wanted again.
 *
 * AddressSanitizer keeps a "fake stack" for each fiber; it is handed over at every switch, and
 * freed when a fiber is abandoned. MemorySanitizer wants the bounds of the stack. ThreadSanitizer
 * has fibers of its own; switches carry the flag "no synchronisation", so that races between
 * contexts stay visible, and the engine itself is built without its instrumentation. The edges that
 * are real (activation, the start and the end of a run) are told to it one by one.
 */
#ifndef FAULTLINE_ENGINE_FIBER_H
#define FAULTLINE_ENGINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define FL_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define FL_TSAN 1
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(FL_ASAN)
#define FL_ASAN 1
#endif
#if __has_feature(memory_sanitizer)
#define FL_MSAN 1
#endif
#endif
/* The engine is built with -fno-sanitize=thread, so the compiler does not tell; the build does. */
#if defined(FAULTLINE_TSAN) && !defined(FL_TSAN)
#define FL_TSAN 1
#endif

#if defined(FL_ASAN)
void __sanitizer_start_switch_fiber(void **fake_stack_save, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *fake_stack_save, const void **bottom_old,
				     size_t *size_old);
void __asan_poison_memory_region(void const volatile *addr, size_t size);
void __asan_unpoison_memory_region(void const volatile *addr, size_t size);
#endif
#if defined(FL_MSAN)
void __msan_start_switch_fiber(const void *bottom, size_t size);
void __msan_finish_switch_fiber(const void **bottom_old, size_t *size_old);
void __msan_unpoison(const volatile void *addr, size_t size);
#endif
#if defined(FL_TSAN)
#define FL_TSAN_NO_SYNC 1u
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned int flags);
void __tsan_destroy_fiber(void *fiber);
void __tsan_switch_to_fiber(void *fiber, unsigned int flags);
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
/* There are threads, which only what they do orders. Contexts of a world are ordered by their steps. */
extern bool fl_fiber_threads;
#endif

/* Boost.Context, <boost/context/detail/fcontext.hpp>, in C. */
struct fl_transfer {
	void *fctx;
	void *data;
};
struct fl_transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *top, size_t size, void (*function)(struct fl_transfer transfer));

struct fl_fiber {
	void *fctx;   /* where it continues, while it is not running */
	bool parked;  /* ready for another activation */
	bool started; /* has run since it was made */
	char *base;   /* the aligned block of FL_STACK_SIZE bytes; NULL: none yet */
	void *top;    /* the stack proper: bottom up to top */
	const void *bottom;
	size_t size;
#if defined(FL_ASAN)
	void *fake_stack;
#endif
#if defined(FL_TSAN)
	void *tsan;
	char edge; /* the address that activation's happens-before edge hangs on */
#endif
};

/* Make the fiber start at @function at its next switch. Its stack must exist. */
void fl_fiber_make(struct fl_fiber *fiber, void (*function)(struct fl_transfer transfer));
/* Release what the sanitizers keep for a fiber that will never continue. */
void fl_fiber_abandon(struct fl_fiber *fiber);
#if defined(FL_TSAN)
/* What @fiber did so far happened before what the caller does from now on. */
void fl_fiber_synchronise(struct fl_fiber *fiber);
#endif

/* The first thing on the other side of a switch. @self is who arrives. */
static inline void fl_fiber_arrive(struct fl_fiber *self, struct fl_transfer transfer)
{
	struct fl_fiber *from;

#if defined(FL_MSAN)
	/* Filled in by assembly, of which MemorySanitizer saw nothing. */
	__msan_unpoison(&transfer, sizeof(transfer));
#endif
	from = transfer.data;
	from->fctx = transfer.fctx;
#if defined(FL_ASAN)
	__sanitizer_finish_switch_fiber(self->fake_stack, &from->bottom, &from->size);
	self->fake_stack = NULL;
#elif defined(FL_MSAN)
	__msan_finish_switch_fiber(&from->bottom, &from->size);
#endif
	(void)self;
}

/*
 * Leave @from and continue @to; returns when somebody switches back. @sync: ThreadSanitizer sees a
 * happens-before edge.
 */
static inline void fl_fiber_switch(struct fl_fiber *from, struct fl_fiber *to, bool sync)
{
#if defined(FL_ASAN)
	__sanitizer_start_switch_fiber(&from->fake_stack, to->bottom, to->size);
#elif defined(FL_MSAN)
	__msan_start_switch_fiber(to->bottom, to->size);
#elif defined(FL_TSAN)
	__tsan_switch_to_fiber(to->tsan, sync || !fl_fiber_threads ? 0 : FL_TSAN_NO_SYNC);
#endif
	(void)sync;
	fl_fiber_arrive(from, jump_fcontext(to->fctx, from));
}

#endif

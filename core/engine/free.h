/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the free-running engine share: free.c (threads and runs), free_lock.c (the machine
 * lock), free_perturb.c (held-up contexts, features, history). The tables of the engine (internal.h) are the
 * same as those of the fibers; here they change under the machine lock.
 */
#ifndef FAULTLINE_ENGINE_FREE_H
#define FAULTLINE_ENGINE_FREE_H

#include "internal.h"

/* The processor's own hint in a loop that spins. */
static inline void fl_cpu_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* free_lock.c: futexes. */
void fl_futex_wait(const uint32_t *word, uint32_t value);
void fl_futex_wake(const uint32_t *word, unsigned int count);
void fl_machine_lock_take(void);
/* Take it, but give up after some thousand attempts: whoever has it may wait for what the caller holds. */
bool fl_machine_lock_try(void);
/* Drop it; true if somebody waited for it. */
bool fl_machine_lock_drop(void);
bool fl_machine_lock_wanted(void);
/* Drop it and take it again, but let one of those who wait for it have it first, if there is one. */
void fl_machine_lock_hand_over(void);

/* free.c: where fibers would switch; the caller is inside. */
void fl_free_point(struct fl_pending pending, bool yielding);
/*
 * The caller is outside, at an access to its own memory. One that makes many and never calls comes in, takes a
 * step, and leaves with the run: else a loop that waits for memory to change could not be ended.
 */
void fl_free_point_outside(void);
/* The caller is not runnable any more: wait until it is. */
void fl_free_wait(void);
void fl_free_start(fl_context_t context);
void fl_free_wake(fl_context_t context);
/* Interrupts of the caller's CPU go off: wait until no hard interrupt runs there. */
void fl_free_irqs_go_off(void);
_Noreturn void fl_free_stop(void);
uint32_t fl_free_choose(uint32_t n);

/*
 * free_stack.c: run @loop, which never returns, on the aligned stack of @context; each activation finds
 * what a subject keeps at its base made anew.
 */
_Noreturn void fl_free_change_stack(fl_context_t context, void (*loop)(void *argument),
				    void *argument);
void fl_free_prepare_stack(fl_context_t context);

/* free_perturb.c */
void fl_perturb_begin(uint64_t seed, unsigned int per_mille);
/* A context is about to take the step @step at @site: count the pair; true if it is to be held up first. */
bool fl_perturb_point(fl_context_t context, uint32_t site);
/* Whoever waits for the machine lock gets it at one of so many points, on average. */
#define FL_HAND_OVER_POINTS 16
bool fl_perturb_hand_over(void);
/* Hold the calling thread up, which holds no lock. */
void fl_perturb_hold(void);
void fl_history_begin(void);
void fl_history_step(fl_context_t context, uint64_t step);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stacks. There is one for each context number, mapped when that number is used for the first
 * time and kept for the life of the process: a context then finds the same addresses in each run,
 * whatever ran before.
 *
 *   base                                                     base + FL_STACK_SIZE
 *   | reserved | guard |  <----------------- stack ----------------- |
 *
 * The block is aligned to its size, so that masking any address in it gives the base; the reserved
 * area at the base is the subject's. The guard stands between it and the stack: a stack that
 * overflows faults before it destroys what the subject keeps there.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define GUARD_SIZE   4096u
/*
 * Tops at equal offsets of aligned blocks would all fall into the same cache sets; each stack
 * begins a few lines lower than its neighbour.
 */
#define COLOUR_SIZE  192u
#define COLOUR_COUNT 16u

_Static_assert((FL_STACK_SIZE & (FL_STACK_SIZE - 1)) == 0, "the stack's size aligns it");
_Static_assert(FL_STACK_SIZE >= 16384, "a stack must leave room for a sanitizer's frames");

void fl_stack_ensure(struct fl_fiber *fiber, int index)
{
	size_t mapped = 2 * (size_t)FL_STACK_SIZE;
	uintptr_t aligned;
	char *area;

	if (fiber->base)
		return;
	area = mmap(NULL, mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (area == MAP_FAILED)
		fl_die("cannot map a stack of %u bytes: %s", FL_STACK_SIZE, strerror(errno));
	/* Keep the aligned half or middle of it, give the rest back. */
	aligned = ((uintptr_t)area + FL_STACK_SIZE - 1) & ~((uintptr_t)FL_STACK_SIZE - 1);
	if (aligned != (uintptr_t)area)
		munmap(area, aligned - (uintptr_t)area);
	munmap((char *)aligned + FL_STACK_SIZE, (uintptr_t)area + mapped - aligned - FL_STACK_SIZE);
	fiber->base = (char *)aligned;
	if (mprotect(fiber->base, FL_STACK_RESERVED, PROT_READ | PROT_WRITE) ||
	    mprotect(fiber->base + FL_STACK_RESERVED + GUARD_SIZE,
		     FL_STACK_SIZE - FL_STACK_RESERVED - GUARD_SIZE, PROT_READ | PROT_WRITE))
		fl_die("cannot make a stack writable: %s", strerror(errno));
	fiber->bottom = fiber->base + FL_STACK_RESERVED + GUARD_SIZE;
	fiber->top =
		fiber->base + FL_STACK_SIZE - ((unsigned int)index % COLOUR_COUNT) * COLOUR_SIZE;
	fiber->size = (size_t)((char *)fiber->top - (const char *)fiber->bottom);
}

void *fl_stack_base(fl_context_t context)
{
	struct fl_fiber *fiber = &fl_engine.fibers[fl_context_number(fl_context_get(context))];

	fl_stack_ensure(fiber, context);
	return fiber->base;
}

void fl_set_stack_hook(void (*hook)(fl_context_t context, void *base))
{
	fl_engine.stack_hook = hook;
}

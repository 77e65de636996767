/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stacks of the threads of a free run: blocks like those of the fibers (stack_pool.c), for a subject may find
 * what it keeps at the base by masking the stack pointer. A thread changes to its block before its first
 * activation, and never comes back to the stack that it was made with.
 */
#include "fiber.h"
#include "free.h"

struct arrival {
	void (*loop)(void *argument);
	void *argument;
};

/* The fibers of these contexts have their own, and may be in the middle of something there. */
static struct fl_fiber stacks[FL_MAX_CONTEXTS];

static void arrive(struct fl_transfer transfer)
{
	struct arrival *arrival;
#if defined(FL_ASAN)
	__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
#elif defined(FL_MSAN)
	const void *bottom;
	size_t size;

	__msan_unpoison(&transfer, sizeof(transfer));
	__msan_finish_switch_fiber(&bottom, &size);
#endif
	arrival = transfer.data;
	arrival->loop(arrival->argument);
	fl_die("the loop of a thread has ended");
}

void fl_free_change_stack(fl_context_t context, void (*loop)(void *argument), void *argument)
{
	struct arrival arrival = {.loop = loop, .argument = argument};
	struct fl_fiber *stack = &stacks[context];
#if defined(FL_ASAN)
	void *fake_stack;
#endif

	fl_stack_ensure(stack, context);
	stack->fctx = make_fcontext(stack->top, stack->size, arrive);
	/* To ThreadSanitizer it is one thread as before, in one call more. */
#if defined(FL_ASAN)
	__sanitizer_start_switch_fiber(&fake_stack, stack->bottom, stack->size);
#elif defined(FL_MSAN)
	__msan_start_switch_fiber(stack->bottom, stack->size);
#endif
	jump_fcontext(stack->fctx, &arrival);
	fl_die("a thread came back to the stack that it was made with");
}

void fl_free_prepare_stack(fl_context_t context)
{
	if (fl_engine.stack_hook)
		fl_engine.stack_hook(context, stacks[context].base);
}

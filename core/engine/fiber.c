/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fiber.h"

#include <stdint.h>

#if defined(FL_TSAN)
bool fl_fiber_threads;
#endif

void fl_fiber_make(struct fl_fiber *fiber, void (*function)(struct fl_transfer transfer))
{
#if defined(FL_ASAN)
	/* It may have been parked and wanted again, but forgotten by a reset before it ran. */
	fl_fiber_abandon(fiber);
	/* Frames of an abandoned fiber left their red zones behind. */
	__asan_unpoison_memory_region(fiber->bottom, fiber->size);
#endif
#if defined(FL_TSAN)
	if (!fiber->tsan)
		fiber->tsan = __tsan_create_fiber(0);
#endif
	fiber->fctx = make_fcontext(fiber->top, fiber->size, function);
	fiber->started = false;
}

void fl_fiber_abandon(struct fl_fiber *fiber)
{
#if defined(FL_ASAN)
	/*
	 * AddressSanitizer frees the fake stack of whoever leaves without a place to save it. So
	 * pretend to be the abandoned fiber for a moment, and to leave it for good. No frame may be
	 * entered in between but those of the runtime.
	 */
	void *fake_stack = fiber->fake_stack;
	void *own = NULL;
	const void *bottom;
	size_t size;

	fiber->fake_stack = NULL;
	if (!fake_stack)
		return;
	__sanitizer_start_switch_fiber(&own, fiber->bottom, fiber->size);
	__sanitizer_finish_switch_fiber(fake_stack, &bottom, &size);
	__sanitizer_start_switch_fiber(NULL, bottom, size);
	__sanitizer_finish_switch_fiber(own, NULL, NULL);
#elif defined(FL_TSAN)
	if (!fiber->tsan || !fiber->started)
		return;
	/* Its shadow call stack is still full, and would grow at each reuse. */
	__tsan_destroy_fiber(fiber->tsan);
	fiber->tsan = NULL;
#endif
}

#if defined(FL_TSAN)
void fl_fiber_synchronise(struct fl_fiber *fiber)
{
	void *self = __tsan_get_current_fiber();

	__tsan_switch_to_fiber(fiber->tsan, 0);
	__tsan_switch_to_fiber(self, 0);
}
#endif

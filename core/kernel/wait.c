/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleeping on a condition: prepare, look at the condition, schedule, finish. A wake-up between
 * prepare and schedule is remembered, as a task's state remembers it in Linux, so none is lost.
 */
#include "internal.h"

static struct wait_state {
	uint32_t order;
	uint32_t queued; /* waiters on any queue */
	struct waiter {
		const void *queue; /* NULL: not waiting */
		const char *what;
		uint32_t order;
		bool woken;
	} waiters[SLOTS];
} *state;

void fl_wait_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
}

void fl_wait_prepare(const void *queue, const char *what)
{
	struct waiter *waiter = &state->waiters[own_slot()];

	fl_point(FL_ACCESS_LOCK, (uintptr_t)queue, SITE(SITE_WAIT, 1));
	order_step(queue);
	fl_check_freed(queue);
	/* Preparing again after a wake-up that did not help queues again, at the end. */
	if (waiter->queue != queue || waiter->woken)
		waiter->order = state->order++;
	state->queued += !waiter->queue;
	waiter->queue = queue;
	waiter->what = what;
	waiter->woken = false;
}

void fl_wait_finish(void)
{
	struct waiter *waiter = &state->waiters[own_slot()];

	/* Who was woken is off the queue already, and Linux does not take its lock then. */
	if (!waiter->woken)
		fl_point(FL_ACCESS_LOCK, (uintptr_t)waiter->queue, SITE(SITE_WAIT, 2));
	state->queued -= waiter->queue != NULL;
	waiter->queue = NULL;
	waiter->woken = false;
}

void fl_wait_schedule(void)
{
	struct waiter *waiter = &state->waiters[own_slot()];

	fl_might_sleep("schedule");
	fl_require_sleepable();
	fl_point(FL_ACCESS_LOCK, (uintptr_t)waiter->queue, SITE(SITE_WAIT, 3));
	while (waiter->queue && !waiter->woken) {
		if (!fl_running())
			fl_bug("sleeps outside a run, where nobody can wake it");
		fl_block((uintptr_t)waiter->queue, waiter->what, false);
	}
	if (waiter->queue)
		fl_order_acquire(waiter->queue);
}

uint64_t fl_wait_schedule_timeout(uint64_t ns)
{
	struct waiter *waiter = &state->waiters[own_slot()];
	uint64_t deadline, now;

	fl_might_sleep("schedule_timeout");
	fl_require_sleepable();
	fl_point(FL_ACCESS_LOCK, (uintptr_t)waiter->queue, SITE(SITE_WAIT, 4));
	deadline = fl_now() + ns;
	while ((now = fl_now()) < deadline && !(waiter->queue && waiter->woken))
		fl_block_until((uintptr_t)waiter, waiter->queue ? waiter->what : "timeout",
			       deadline);
	return now < deadline ? deadline - now : 0;
}

/* Rows that this run may have used so far. */
static unsigned int rows(void)
{
	return fl_context_row(fl_context_count());
}

static void wake(unsigned int slot)
{
	fl_context_t context = (fl_context_t)slot - 1;

	state->waiters[slot].woken = true;
	/* Who is not blocked yet sees the flag when it comes to schedule. */
	if (context != FL_NO_CONTEXT && fl_context_state(context) == FL_BLOCKED)
		fl_wake(context);
}

/* The sleeper of @queue that is number @skip in the order of preparing, or -1. */
static int sleeper(const void *queue, unsigned int skip)
{
	uint32_t above = 0;
	int found = -1;

	do {
		found = -1;
		for (unsigned int i = 0; i < rows(); i++) {
			const struct waiter *waiter = &state->waiters[i];

			if (waiter->queue != queue || waiter->woken || waiter->order < above)
				continue;
			if (found < 0 || waiter->order < state->waiters[found].order)
				found = (int)i;
		}
		if (found >= 0)
			above = state->waiters[found].order + 1;
	} while (found >= 0 && skip--);
	return found;
}

void fl_wait_wake(const void *queue, bool all)
{
	unsigned int count = 0;

	fl_point(FL_ACCESS_UNLOCK, (uintptr_t)queue, SITE(SITE_WAKE, all));
	order_step(queue);
	fl_check_freed(queue);
	/* Mostly nobody sleeps at all. */
	for (unsigned int i = 0; state->queued && i < rows(); i++) {
		if (state->waiters[i].queue != queue || state->waiters[i].woken)
			continue;
		if (all)
			wake(i);
		count++;
	}
	if (all || !count)
		return;
	wake((unsigned int)sleeper(queue, count > 1 ? fl_choose(FL_CHOOSE_WAITER, count) : 0));
}

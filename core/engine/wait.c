/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Waiting for objects, waking, and naming who waits for whom.
 *
 * There are no queues: an object is a number, and with at most 64 contexts a wake-up looks at each
 * one that waits. Owners are kept as a stack of (object, owner) pairs, because locks are mostly
 * released in the reverse order.
 */
#include "free.h"
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define END_TEXT_SIZE 1024

struct fl_held fl_held[FL_MAX_HELD];

static char end_text[END_TEXT_SIZE];

void fl_make_runnable(struct fl_context *context)
{
	uint64_t bit = BIT64(fl_context_number(context));

	context->state = FL_RUNNABLE;
	fl_world.waiting &= ~bit;
	fl_world.timed &= ~bit;
	fl_world.runnable |= bit;
	fl_cpu_dirty(context->slot);
	if (unlikely(fl_free_running))
		fl_free_wake(fl_context_number(context));
}

static void wait_on(uintptr_t object, const char *what, bool spin, uint64_t deadline_ns)
{
	struct fl_context *self = fl_engine.self;
	struct fl_wait *wait = fl_wait_of(self);
	uint64_t bit = BIT64(fl_engine.current);

	self->state = spin ? FL_SPINNING : FL_BLOCKED;
	wait->object = object;
	wait->what = what;
	wait->order = fl_world.wait_order++;
	self->timed_out = false;
	fl_world.runnable &= ~bit;
	fl_world.waiting |= bit;
	if (deadline_ns != FL_NEVER)
		fl_deadline_set(self, deadline_ns);
	if (spin)
		fl_cpu_dirty(self->slot);
	else
		fl_cpu_release(self);
	fl_reschedule();
}

void fl_block(uintptr_t object, const char *what, bool spin)
{
	if (!fl_in_run())
		fl_die("waits for %s outside a run, where nobody can wake it", what);
	wait_on(object, what, spin, FL_NEVER);
	fl_order_acquire((const void *)object);
}

bool fl_block_until(uintptr_t object, const char *what, uint64_t deadline_ns)
{
	if (!fl_in_run()) {
		if (fl_world.time_ns < deadline_ns)
			fl_world.time_ns = deadline_ns;
		return false;
	}
	wait_on(object, what, false, deadline_ns);
	fl_order_acquire((const void *)object);
	return !fl_engine.self->timed_out;
}

static uint64_t waiters_of(uintptr_t object)
{
	uint64_t waiting = fl_world.waiting;
	uint64_t waiters = 0;

	for (; waiting; waiting &= waiting - 1) {
		int number = __builtin_ctzll(waiting);

		if (fl_waits[number].object == object)
			waiters |= BIT64(number);
	}
	return waiters;
}

unsigned int fl_wake_all(uintptr_t object)
{
	uint64_t waiters = waiters_of(object);
	unsigned int count = 0;

	fl_order_release((const void *)object);
	for (; waiters; waiters &= waiters - 1, count++)
		fl_make_runnable(&fl_world.contexts[__builtin_ctzll(waiters)]);
	return count;
}

/* The waiter that has waited longest but for @skip others. */
static struct fl_context *waiter_in_order(uint64_t waiters, uint32_t skip)
{
	for (;;) {
		fl_context_t oldest = __builtin_ctzll(waiters);

		for (uint64_t left = waiters; left; left &= left - 1) {
			fl_context_t context = __builtin_ctzll(left);

			if (fl_waits[context].order < fl_waits[oldest].order)
				oldest = context;
		}
		if (!skip--)
			return &fl_world.contexts[oldest];
		waiters &= ~BIT64(oldest);
	}
}

unsigned int fl_wake_one(uintptr_t object)
{
	uint64_t waiters = waiters_of(object);
	uint32_t skip = 0;

	fl_order_release((const void *)object);
	if (!waiters)
		return 0;
	if (waiters & (waiters - 1))
		skip = fl_choose(FL_CHOOSE_WAITER, (uint32_t)__builtin_popcountll(waiters));
	fl_make_runnable(waiter_in_order(waiters, skip));
	return 1;
}

bool fl_wake(fl_context_t context)
{
	struct fl_context *c = fl_context_get(context);

	if (c->state != FL_BLOCKED && c->state != FL_SPINNING && c->state != FL_SLEEPING)
		return false;
	fl_make_runnable(c);
	return true;
}

void fl_set_owner(uintptr_t object, fl_context_t owner)
{
	unsigned int i = fl_world.held_count;

	while (i && fl_held[i - 1].object != object)
		i--;
	if (i && owner != FL_NO_CONTEXT) {
		fl_held[i - 1].owner = owner;
	} else if (i) {
		fl_world.held_count--;
		for (; i <= fl_world.held_count; i++)
			fl_held[i - 1] = fl_held[i];
	} else if (owner != FL_NO_CONTEXT && fl_world.held_count < FL_MAX_HELD) {
		/*
		 * Beyond that many locks held at once, a report is poorer and nothing else is
		 * lost.
		 */
		fl_held[fl_world.held_count++] = (struct fl_held){object, owner};
	}
}

static fl_context_t owner_of(uintptr_t object)
{
	for (unsigned int i = fl_world.held_count; i; i--)
		if (fl_held[i - 1].object == object)
			return fl_held[i - 1].owner;
	return FL_NO_CONTEXT;
}

static bool waits(fl_context_t context)
{
	return fl_world.waiting & BIT64(context);
}

/* Whom does @context wait for? */
static fl_context_t next_in_chain(fl_context_t context)
{
	return owner_of(fl_waits[context].object);
}

/* A context that stands on a cycle of waits, or FL_NO_CONTEXT. */
static fl_context_t find_cycle(void)
{
	for (uint64_t left = fl_world.waiting; left; left &= left - 1) {
		fl_context_t start = __builtin_ctzll(left);
		fl_context_t context = start;

		for (int hops = 0; hops < FL_MAX_CONTEXTS; hops++) {
			context = next_in_chain(context);
			if (context == start)
				return start;
			if (context == FL_NO_CONTEXT || !waits(context))
				break;
		}
	}
	return FL_NO_CONTEXT;
}

static void append(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void append(const char *format, ...)
{
	size_t used = strlen(end_text);
	va_list args;

	va_start(args, format);
	vsnprintf(end_text + used, sizeof(end_text) - used, format, args);
	va_end(args);
}

static void append_wait(fl_context_t context)
{
	const struct fl_context *c = &fl_world.contexts[context];
	fl_context_t owner = next_in_chain(context);

	append("%s%s %s for %s", *end_text ? "; " : "", fl_context_name(context),
	       c->state == FL_SPINNING ? "spins" : "waits", fl_waits[context].what);
	if (owner != FL_NO_CONTEXT)
		append(" held by %s", fl_context_name(owner));
}

void fl_describe_deadlock(void)
{
	fl_context_t cycle = find_cycle();
	uint64_t told = 0;

	*end_text = 0;
	for (fl_context_t c = cycle; c != FL_NO_CONTEXT && !(told & BIT64(c));
	     c = next_in_chain(c)) {
		append_wait(c);
		told |= BIT64(c);
	}
	for (uint64_t left = fl_world.waiting & ~told; left; left &= left - 1)
		append_wait(__builtin_ctzll(left));
	/* Runnable, yet not eligible: the CPU is held by one of those above. */
	for (uint64_t left = fl_world.runnable; left; left &= left - 1)
		append("; %s cannot get its CPU", fl_context_name(__builtin_ctzll(left)));
}

void fl_set_end_text(const char *text)
{
	snprintf(end_text, sizeof(end_text), "%s", text);
}

const char *fl_end_text(void)
{
	return end_text;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leak: nothing allocated during a run outlives teardown.
 *
 * What a driver allocates after its probe belongs to domains (their tables, their interrupts), so
 * teardown is over when every domain that was ever attached has been freed and nothing moves. The
 * domains themselves belong to their owner: one that was allocated and never attached may stay.
 */
#include <check/observe.h>

#include <string.h>

#define MAX_OBJECTS 512

static struct {
	uint32_t object;
	uint32_t size;
	const char *function; /* of the subject that allocated it */
} objects[MAX_OBJECTS];
static unsigned int count;

static void allocated(const struct fl_event *event)
{
	const char *function = fl_where(event->context);

	/* The scenario's and the client's own objects are not the subject's. */
	if (count == MAX_OBJECTS || !function || strstr(function, "domain_alloc"))
		return;
	objects[count].object = (uint32_t)event->a;
	objects[count].size = (uint32_t)event->b;
	objects[count++].function = function;
}

static void released(const struct fl_event *event)
{
	for (unsigned int i = count; i--;) {
		if (objects[i].object != event->a)
			continue;
		objects[i] = objects[--count];
		return;
	}
}

static bool torn_down(void)
{
	bool any = false;

	for (unsigned int i = 0; i < CHECK_DOMAINS; i++) {
		if (!check_world->domain_seen[i])
			continue;
		if (!check_world->domain_freed[i])
			return false;
		any = true;
	}
	return any;
}

static void finish(enum fl_end end)
{
	if (end != FL_END_QUIET || !torn_down())
		return;
	fl_premise(&fl_invariant_leak);
	for (unsigned int i = 0; i < count; i++)
		fl_violation(&fl_invariant_leak, objects[i].function, NULL,
			     "object %u of %u bytes, allocated by %s, outlives all domains",
			     objects[i].object, objects[i].size, objects[i].function);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_ALLOC, allocated);
	fl_subscribe(FL_EV_FREE, released);
}

static void reset(void)
{
	count = 0;
}

const struct fl_invariant fl_invariant_leak = {
	.name = "leak",
	.help = "nothing allocated during a run outlives teardown",
	.premise = "all domains were freed",
	.consequence = "The memory is never freed: kmemleak reports it, and each round of the same "
		       "operations loses more.",
	.subscribe = subscribe,
	.reset = reset,
	.finish = finish,
};

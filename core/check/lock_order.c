/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock-order: no two locks are taken in opposite orders; no lock taken in hard IRQ is elsewhere taken
 * with interrupts on. Both within one run, and by class, as lockdep does it: that the schedule was
 * lucky does not matter.
 *
 * A trylock waits for nothing, so it makes no edge and no use in hard IRQ; but what is held after it
 * counts. Two locks of one class may be nested (a parent's before its child's): from outside a driver
 * nothing tells whether that is annotated, so such pairs are left out.
 *
 * A cycle is seen from the edge that closes it, and which one that is depends on the schedule. The
 * finding is named after the cycle's first function by name, so that it has one signature.
 */
#include <check/observe.h>

#include <kernel/view.h>

#include <stdio.h>
#include <string.h>

#define MAX_CLASSES 64
#define MAX_CYCLE   8

static uint64_t after[MAX_CLASSES]; /* classes taken while this one was held */
static const char *edge_function[MAX_CLASSES][MAX_CLASSES];
static const char *class_name[MAX_CLASSES];
/* How each class was taken in this run, each way a bit: what it says was noted the first time. */
static uint8_t ways[MAX_CLASSES];
static uint64_t in_hardirq, irqs_on;
static const char *irqs_on_function[MAX_CLASSES];
static bool nested; /* the premise was told */

/* The way from @from to @to, as a mask of the classes on it; 0 if there is none. */
static uint64_t path(unsigned int from, unsigned int to, uint64_t visited)
{
	if (from == to)
		return 1ull << to;
	visited |= 1ull << from;
	for (uint64_t next = after[from] & ~visited; next; next &= next - 1) {
		unsigned int class = (unsigned int)__builtin_ctzll(next);
		uint64_t rest = path(class, to, visited);

		if (rest)
			return rest | 1ull << from;
	}
	return 0;
}

static const char *first_by_name(const char *a, const char *b)
{
	if (!a || !b)
		return a ? a : b;
	return strcmp(a, b) <= 0 ? a : b;
}

/* Classes and functions of a cycle in an order that does not depend on where it was closed. */
static void report_cycle(uint64_t cycle)
{
	const char *names[MAX_CYCLE], *function = NULL;
	char text[FL_SIGNATURE_SIZE] = "";
	unsigned int count = 0, used = 0;

	for (uint64_t rest = cycle; rest && count < MAX_CYCLE; rest &= rest - 1) {
		unsigned int class = (unsigned int)__builtin_ctzll(rest);
		unsigned int place = count++;

		for (; place && strcmp(names[place - 1], class_name[class]) > 0; place--)
			names[place] = names[place - 1];
		names[place] = class_name[class];
		for (uint64_t next = after[class] & cycle; next; next &= next - 1)
			function = first_by_name(function,
						 edge_function[class][__builtin_ctzll(next)]);
	}
	for (unsigned int i = 0; i < count && used < sizeof(text); i++)
		used += (unsigned int)snprintf(text + used, sizeof(text) - used, "%s%s",
					       i ? ", " : "", names[i]);
	fl_violation(&fl_invariant_lock_order, function, check_intern(text),
		     "the locks %s are taken in orders that form a cycle", text);
}

static void report_irq_use(unsigned int class)
{
	char text[FL_SIGNATURE_SIZE];

	snprintf(text, sizeof(text), "%s, interrupts on", class_name[class]);
	fl_violation(&fl_invariant_lock_order, irqs_on_function[class], check_intern(text),
		     "%s is taken in hard IRQ, and held with interrupts on elsewhere",
		     class_name[class]);
}

static uint8_t way_of(const struct fl_event *event)
{
	return (uint8_t)(1u << ((event->c & 3) | (event->d ? 4 : 0)));
}

/* By itself, for lock() runs for each lock that is taken, and this is seldom. */
static __attribute__((noinline)) void note_way(const struct fl_event *event, unsigned int class)
{
	uint64_t bit = 1ull << class;

	if (!ways[class]) {
		after[class] = 0;
		class_name[class] = event->text ? event->text : "?";
	}
	ways[class] |= way_of(event);
	if (event->c & 2 && !event->d)
		in_hardirq |= bit;
	if (!(event->c & 3) && !(irqs_on & bit)) {
		irqs_on |= bit;
		irqs_on_function[class] = fl_where(event->context);
	}
	if (in_hardirq & irqs_on & bit)
		report_irq_use(class);
}

static void add_edge(unsigned int from, unsigned int to, fl_context_t context)
{
	uint64_t way;

	if (from == to || after[from] & 1ull << to)
		return;
	way = path(to, from, 0);
	after[from] |= 1ull << to;
	edge_function[from][to] = fl_where(context);
	if (way)
		report_cycle(way);
}

static void lock(const struct fl_event *event)
{
	unsigned int class = (unsigned int)event->a, count;
	struct fl_lock_view held[FL_VIEW_LOCKS];

	if (event->a >= MAX_CLASSES)
		return;
	if (!(ways[class] & way_of(event)))
		note_way(event, class);
	count = fl_view_locks(event->context, held, FL_VIEW_LOCKS);
	if (!count)
		return;
	if (!nested)
		fl_premise(&fl_invariant_lock_order);
	nested = true;
	for (unsigned int i = 0; i < count && !event->d; i++)
		if (held[i].class_number < MAX_CLASSES)
			add_edge(held[i].class_number, class, event->context);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_LOCK, lock);
}

static void reset(void)
{
	memset(ways, 0, sizeof(ways));
	in_hardirq = 0;
	irqs_on = 0;
	nested = false;
}

const struct fl_invariant fl_invariant_lock_order = {
	.name = "lock-order",
	.help = "locks are taken in one order, and hard IRQ's locks with interrupts off",
	.premise = "a lock was taken while another one was held",
	.consequence =
		"lockdep prints \"possible circular locking dependency\" or \"inconsistent lock "
		"state\"; without it the machine deadlocks when the two orders meet.",
	.subscribe = subscribe,
	.reset = reset,
};

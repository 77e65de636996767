/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * data-race: no two conflicting plain accesses without a happens-before edge.
 *
 * At memory granularity each plain access has a scheduling point of its own, and the detector is KCSAN's
 * idea made exact: two accesses race if one happened while the other context stood right before its
 * own and could have gone first. That is so if that context was runnable at the first access and has
 * taken no step between the two. Whatever orders the two (a lock, a wake-up, an activation, interrupts
 * off, synchronize_irq ...) would have kept it from standing there, so no list of all means of
 * synchronisation is needed, and what is missing from such a list cannot make a finding. The price is
 * that both must come together in one schedule; making them do so is the search's job.
 *
 * Marked accesses do not race. An interrupt handler races with the task that it interrupts, as in KCSAN.
 * At call granularity contexts do not stand at accesses, and nothing is judged.
 */
#include <check/observe.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_RECENT 128u /* a power of two */

static struct access {
	uint64_t object;
	uint64_t runnable;    /* contexts that could run at the time */
	const char *function; /* that its context was in */
	uint64_t step;
	uint32_t site;
	fl_context_t context;
	uint8_t size;
	bool write;
	uint32_t steps[FL_MAX_CONTEXTS]; /* of each context at the time */
} recent[MAX_RECENT];
static uint32_t count;
static bool premise;
static bool subscribed;

static bool conflict(const struct access *access, const struct fl_event *event, bool write)
{
	return (access->write || write) && access->object < event->a + event->b &&
	       event->a < access->object + access->size;
}

/* The code's own function if the subject tells it: what runs inside the PM core is not its caller's. */
static const char *function_of(uint32_t site, const char *entered)
{
	const char *name = fl_site_name(site);

	return name ? name : entered;
}

static void report(const struct access *first, const struct fl_event *event, bool write)
{
	const char *a = function_of(first->site, first->function);
	const char *b = function_of((uint32_t)event->d, fl_where(event->context));
	char text[FL_SIGNATURE_SIZE];
	const char *swap;

	/* Which of the two comes first is chance; the signature's order is not. */
	if (!a || (b && strcmp(b, a) < 0)) {
		swap = a;
		a = b;
		b = swap;
	}
	snprintf(text, sizeof(text), "with %s", b ? b : "the world");
	fl_violation(&fl_invariant_data_race, a, check_intern(text),
		     "plain %s (step %" PRIu64 ", site %" PRIu32 ") and plain %s (step %" PRIu64
		     ", site %" PRIu64
		     ") of the same memory, with nothing between them that orders them",
		     first->write ? "write" : "read", first->step, first->site,
		     write ? "write" : "read", event->step, event->d);
}

static void judge(const struct fl_event *event, bool write)
{
	uint32_t steps = (uint32_t)fl_context_steps(event->context);
	uint32_t oldest = count > MAX_RECENT ? count - MAX_RECENT : 0;

	for (uint32_t i = count; i-- > oldest;) {
		const struct access *access = &recent[i & (MAX_RECENT - 1)];

		/* From here on back the context had not come to this access yet. */
		if (steps - access->steps[event->context] > 1)
			return;
		if (access->context != event->context &&
		    access->runnable & 1ull << event->context && conflict(access, event, write))
			report(access, event, write);
	}
}

static void note(const struct fl_event *event, bool write)
{
	struct access *access = &recent[count++ & (MAX_RECENT - 1)];
	fl_context_t contexts = fl_context_count();

	access->object = event->a;
	access->size = (uint8_t)event->b;
	access->write = write;
	access->context = event->context;
	access->function = fl_where(event->context);
	access->step = event->step;
	access->site = (uint32_t)event->d;
	access->runnable = 0;
	for (fl_context_t i = 0; i < contexts; i++) {
		access->steps[i] = (uint32_t)fl_context_steps(i);
		if (fl_context_state(i) == FL_RUNNABLE)
			access->runnable |= 1ull << i;
	}
	for (fl_context_t i = contexts; i < FL_MAX_CONTEXTS; i++)
		access->steps[i] = 0;
}

static void memory_access(const struct fl_event *event)
{
	bool write = event->kind == FL_EV_MEM_WRITE;

	if (!fl_memory_granularity || event->c || event->context == FL_NO_CONTEXT)
		return;
	if (!premise && check_frame_of(check_context_of(event))) {
		premise = true;
		fl_premise(&fl_invariant_data_race);
	}
	judge(event, write);
	note(event, write);
}

static void subscribe(void)
{
	subscribed = false;
}

static void reset(void)
{
	count = 0;
	premise = false;
	/* Not before they are wanted, for there are many of these events. */
	if (!fl_memory_granularity || subscribed)
		return;
	subscribed = true;
	fl_subscribe(FL_EV_MEM_READ, memory_access);
	fl_subscribe(FL_EV_MEM_WRITE, memory_access);
}

const struct fl_invariant fl_invariant_data_race = {
	.name = "data-race",
	.help = "no two conflicting plain accesses that nothing orders",
	.premise = "a handler made plain accesses at memory granularity",
	.consequence =
		"Nothing at first. KCSAN prints a data-race report; without it a value may be "
		"stale or torn, as the compiler and the CPU like.",
	.needs = FL_NEEDS_MEMORY,
	.on_threads =
		"needs a build with ThreadSanitizer, which judges it there (scripts/stress-tsan)",
	.subscribe = subscribe,
	.reset = reset,
};

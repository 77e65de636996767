/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rf, reads-from guided search, after Wolff, Shi, Duck, Mathur, Roychoudhury: "Greybox fuzzing for
 * concurrency testing", ASPLOS 2024. A bug often needs that a read takes its value from one certain
 * write, which must come from afar or is soon overwritten: a point that a random scheduler seldom
 * hits, and two or three of them together almost never.
 *
 * Each schedule is POS under up to three constraints "the read r takes its value from the write w".
 * An operation is named by its context, kind, site and object, so a constraint means the same in
 * the next schedule. The operations are learnt from earlier schedules; what was a first operation
 * of a context is taken to be so again, because a context that has not begun does not tell. To keep
 * a constraint,
 *
 *  - r waits while w was not the last to write its object;
 *  - once it was, others who want to write the object wait for r.
 *
 * If everybody eligible would have to wait, or somebody spins, or it takes too long, the constraint
 * is dropped: it asks for what cannot be, or what is not worth it.
 *
 * Feedback: a schedule that showed a new pair of read and write, or a new combination of pairs,
 * leaves its constraints in the corpus; later schedules are mutations of what is in there.
 */
#include "strategy_pos.h"

#include <errno.h>
#include <string.h>

#define MAX_CONSTRAINTS 3
#define MAX_EVENTS	1024 /* different operations that are told apart */
#define MAX_CORPUS	256
#define TABLE_SIZE	(1u << 14) /* of seen pairs and combinations; a power of two */
#define PATIENCE	200	   /* decisions that one constraint may influence */
#define INITIAL		0	   /* "event 0": the value from before the schedule */

/* An operation of a context, in as little room as there is: by the next schedule of rf it is in no near cache. */
struct event {
	uintptr_t object;
	uint32_t site;
	uint8_t kind;
	int8_t context;
};

struct constraint {
	uint16_t read, write; /* numbers of events */
};

struct plan {
	struct constraint constraints[MAX_CONSTRAINTS];
	unsigned int count;
};

static uint64_t search;
static struct fl_length length;
static struct fl_pos pos;
static uint64_t patience_left[MAX_CONSTRAINTS];
static unsigned int live; /* mask of constraints that are still kept */

/* Events in the order in which they were first seen; addresses serve for equality only. */
static struct event events[MAX_EVENTS];
static unsigned int event_count;
static uint16_t event_index[4 * MAX_EVENTS]; /* by hash; 0: empty */

/* Which event wrote an event's object last, kept at the first event that named the object. */
static uint16_t object_of[MAX_EVENTS];	/* event -> the first event with its object */
static uint16_t last_write[MAX_EVENTS]; /* by that first event */
static uint16_t first_event[FL_MAX_CONTEXTS];

/* The pending event of each context in @told, looked up once for each of the context's steps. */
static uint16_t pending_event[FL_MAX_CONTEXTS];
static uint64_t told;

static uint64_t seen[TABLE_SIZE]; /* hashes of pairs and of combinations */
static unsigned int seen_count;
/*
 * The writes that each read was last learnt with, the latest first: most pairs are those of the schedules before,
 * and need not be looked up in a table that fits no near cache. 0xffff: none.
 */
#define LEARNT 4
static uint16_t learnt[MAX_EVENTS][LEARNT];
static struct plan corpus[MAX_CORPUS];
static unsigned int corpus_count, corpus_next;
static struct plan plan;
static uint64_t combination;
static bool news;

static bool reads(uint8_t kind)
{
	return kind == FL_ACCESS_READ || kind == FL_ACCESS_RMW || kind == FL_ACCESS_LOCK;
}

static bool writes(uint8_t kind)
{
	return kind == FL_ACCESS_WRITE || kind == FL_ACCESS_RMW || kind == FL_ACCESS_LOCK ||
	       kind == FL_ACCESS_UNLOCK;
}

static bool same_event(const struct event *a, const struct event *b)
{
	return a->object == b->object && a->site == b->site && a->kind == b->kind &&
	       a->context == b->context;
}

static unsigned int first_with_object(uintptr_t object)
{
	for (unsigned int i = 1; i < event_count; i++)
		if (events[i].object == object)
			return i;
	return event_count;
}

/* The number of an operation, or INITIAL if it is unknown and, with @learn, there is no room. */
static unsigned int event_number(fl_context_t context, const struct fl_pending *operation,
				 bool learn)
{
	struct event event = {operation->object, operation->site, operation->kind, (int8_t)context};
	/* One multiplication: everything that follows waits for the slot. The best bits are the upper ones. */
	uint64_t hash = (event.object ^ (uint64_t)event.site << 27 ^ (uint64_t)event.kind << 50 ^
			 (uint64_t)context << 54) *
			FL_PRNG_STEP;
	unsigned int slot = (unsigned int)(hash >> 52) % (4 * MAX_EVENTS);

	for (; event_index[slot]; slot = (slot + 1) % (4 * MAX_EVENTS))
		if (same_event(&events[event_index[slot]], &event))
			return event_index[slot];
	if (!learn || event_count == MAX_EVENTS)
		return INITIAL;
	object_of[event_count] = (uint16_t)first_with_object(event.object);
	events[event_count] = event;
	event_index[slot] = (uint16_t)event_count;
	return event_count++;
}

/* Remember @hash; true if it is new. A full table tells nothing any more, so it starts anew. */
static bool is_news(uint64_t hash)
{
	unsigned int slot;

	hash |= 1;
	if (seen_count == TABLE_SIZE / 2) {
		memset(seen, 0, sizeof(seen));
		memset(learnt, 0xff, sizeof(learnt));
		seen_count = 0;
	}
	for (slot = (unsigned int)(hash >> 20) % TABLE_SIZE; seen[slot];
	     slot = (slot + 1) % TABLE_SIZE)
		if (seen[slot] == hash)
			return false;
	seen[slot] = hash;
	seen_count++;
	return true;
}

static int rf_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy rf takes no argument";
		return -EINVAL;
	}
	search = fl_prng_search(seed, 3);
	length = (struct fl_length){0};
	event_count = 1;
	memset(event_index, 0, sizeof(event_index));
	memset(first_event, 0, sizeof(first_event));
	memset(seen, 0, sizeof(seen));
	memset(learnt, 0xff, sizeof(learnt));
	seen_count = 0;
	corpus_count = 0;
	corpus_next = 0;
	return 0;
}

/* A read that was seen, and a write of its object by somebody else, or the initial value. */
static bool draw_constraint(struct constraint *constraint)
{
	for (int attempt = 0; attempt < 8; attempt++) {
		unsigned int read = 1 + fl_prng_below(&pos.prng, event_count - 1);
		unsigned int skip = fl_prng_below(&pos.prng, event_count - 1);

		if (!reads(events[read].kind))
			continue;
		/*
		 * The first fitting write from a random place on; none up to the end is the initial
		 * value.
		 */
		constraint->read = (uint16_t)read;
		constraint->write = INITIAL;
		for (unsigned int i = 1 + skip; i < event_count; i++) {
			if (object_of[i] != object_of[read] || !writes(events[i].kind) ||
			    events[i].context == events[read].context)
				continue;
			constraint->write = (uint16_t)i;
			break;
		}
		return true;
	}
	return false;
}

static void mutate(void)
{
	uint32_t action = fl_prng_below(&pos.prng, 4);
	struct constraint constraint;

	if (action == 0 && plan.count) {
		uint32_t victim = fl_prng_below(&pos.prng, plan.count);

		plan.constraints[victim] = plan.constraints[--plan.count];
		return;
	}
	if (!draw_constraint(&constraint))
		return;
	for (unsigned int i = 0; i < plan.count; i++) {
		/* One read has one source. */
		if (plan.constraints[i].read != constraint.read)
			continue;
		plan.constraints[i] = constraint;
		return;
	}
	if (plan.count < MAX_CONSTRAINTS && action != 1)
		plan.constraints[plan.count++] = constraint;
	else
		plan.constraints[fl_prng_below(&pos.prng, plan.count ? plan.count : 1)] =
			constraint;
	if (!plan.count)
		plan.count = 1;
}

static void rf_begin(uint64_t schedule)
{
	fl_pos_begin(&pos, fl_prng_of(search, schedule), fl_length_estimate(&length, schedule));
	plan.count = 0;
	/* One of eight goes unguided: it may show operations that no plan leads to. */
	if (event_count > 1 && fl_prng_below(&pos.prng, 8)) {
		uint32_t rounds = 1 + fl_prng_below(&pos.prng, MAX_CONSTRAINTS);

		if (corpus_count)
			plan = corpus[fl_prng_below(&pos.prng, corpus_count)];
		while (rounds--)
			mutate();
	}
	live = (1u << plan.count) - 1;
	for (unsigned int i = 0; i < plan.count; i++)
		patience_left[i] = PATIENCE;
	memset(last_write, 0, event_count * sizeof(last_write[0]));
	told = 0;
	combination = 0;
	news = false;
}

/* Was @read learnt with @write, and not too long ago? In one expression: which of them it is nobody can predict. */
static bool is_learnt(unsigned int read, unsigned int write)
{
	const uint16_t *writes_of = learnt[read];

	return (writes_of[0] == write) | (writes_of[1] == write) | (writes_of[2] == write) |
	       (writes_of[3] == write);
}

static void note_learnt(unsigned int read, unsigned int write)
{
	for (unsigned int i = LEARNT - 1; i; i--)
		learnt[read][i] = learnt[read][i - 1];
	learnt[read][0] = (uint16_t)write;
}

static void learn_pair(unsigned int read, unsigned int write)
{
	uint64_t pair = fl_prng_mix((uint64_t)read << 16 | write | 1ull << 40);

	/* A sum does not depend on the order, as a set does not. */
	combination += pair;
	if (!is_learnt(read, write)) {
		news |= is_news(pair);
		note_learnt(read, write);
	}
	for (unsigned int i = 0; i < plan.count; i++)
		if (plan.constraints[i].read == read && plan.constraints[i].write == write)
			live &= ~(1u << i);
}

static void rf_step(fl_context_t context, const struct fl_pending *executed)
{
	unsigned int event;

	if (executed->kind != FL_ACCESS_NONE) {
		unsigned int known = event_count;

		event = told & BIT64(context) ? pending_event[context]
					      : event_number(context, executed, true);
		if (event == known)
			last_write[event] = INITIAL;
		if (fl_world.contexts[context].steps == 1)
			first_event[context] = (uint16_t)event;
		if (event && reads(executed->kind))
			learn_pair(event, last_write[object_of[event]]);
		if (event && writes(executed->kind))
			last_write[object_of[event]] = (uint16_t)event;
	}
	told &= ~BIT64(context);
	fl_pos_step(&pos, context, executed);
}

/* What @context will do next, as far as it is known. */
static unsigned int next_event(fl_context_t context)
{
	const struct fl_context *c = &fl_world.contexts[context];
	unsigned int event;

	if (told & BIT64(context))
		return pending_event[context];
	if (c->fresh)
		return first_event[context];
	if (c->pending.kind == FL_ACCESS_NONE)
		return INITIAL;
	event = event_number(context, &c->pending, false);
	/* What is unknown now may be learnt from another context's step. */
	if (event != INITIAL) {
		pending_event[context] = (uint16_t)event;
		told |= BIT64(context);
	}
	return event;
}

/* Those of @eligible that must wait for the sake of @constraint; @next: what each of them will do. */
static uint64_t waiters_for(const struct constraint *constraint, uint64_t eligible,
			    const uint16_t next[FL_MAX_CONTEXTS])
{
	unsigned int object = object_of[constraint->read];
	bool source_is_there = last_write[object] == constraint->write;
	uint64_t waiters = 0;

	for (uint64_t left = eligible; left; left &= left - 1) {
		fl_context_t context = __builtin_ctzll(left);
		unsigned int event = next[context];
		bool waits = !source_is_there;

		if (event != constraint->read)
			waits = source_is_there && event && object_of[event] == object &&
				writes(events[event].kind);
		waiters |= (uint64_t)waits << context;
	}
	return waiters;
}

static uint64_t without_waiters(uint64_t eligible)
{
	uint16_t next[FL_MAX_CONTEXTS];
	uint64_t allowed = eligible;

	for (uint64_t left = eligible; left; left &= left - 1) {
		fl_context_t context = __builtin_ctzll(left);

		next[context] = (uint16_t)next_event(context);
	}
	for (unsigned int i = 0; i < plan.count; i++) {
		uint64_t waiters;

		if (!(live & 1u << i))
			continue;
		waiters = waiters_for(&plan.constraints[i], eligible, next);
		if (!waiters)
			continue;
		if (!(allowed & ~waiters) || fl_engine.yielding || !patience_left[i]--)
			live &= ~(1u << i);
		else
			allowed &= ~waiters;
	}
	return allowed;
}

static fl_context_t rf_pick(uint64_t eligible, fl_context_t fallback)
{
	if (live)
		eligible = without_waiters(eligible);
	return fl_pos_pick(&pos, eligible);
}

static uint32_t rf_choose(enum fl_choice_kind kind, uint32_t n)
{
	return fl_random_answer(&pos.prng, kind, n);
}

static bool rf_end(void)
{
	fl_length_learn(&length, fl_step());
	news |= is_news(fl_prng_mix(combination));
	if (news && plan.count) {
		corpus[corpus_next] = plan;
		corpus_next = (corpus_next + 1) % MAX_CORPUS;
		if (corpus_count < MAX_CORPUS)
			corpus_count++;
	}
	return true;
}

const struct fl_strategy fl_strategy_rf = {
	.name = "rf",
	.help = "pos under reads-from constraints that are learnt from earlier schedules",
	.start = rf_start,
	.begin = rf_begin,
	.pick = rf_pick,
	.choose = rf_choose,
	.end = rf_end,
	.step = rf_step,
};

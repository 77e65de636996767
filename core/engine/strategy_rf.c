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

/*
 * An operation of a context, with all that a step asks of it in one piece: by the next schedule of rf it is in no
 * near cache.
 */
struct event {
	uintptr_t object;
	uint64_t name; /* its site, kind and context, see name_of() */
	/*
	 * The four writes that a read was last learnt with, the latest lowest: most pairs are those of the schedules
	 * before, and need not be looked up in a table that fits no near cache.
	 */
	uint64_t learnt;
	uint16_t object_first; /* the first event with its object */
	uint8_t kind;
	int8_t context;
} __attribute__((aligned(32)));

#define NOTHING_LEARNT UINT64_MAX

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
static uint16_t last_write[MAX_EVENTS];
static uint16_t first_event[FL_MAX_CONTEXTS];

/* What the live constraints are about; no object is at an odd address, so NO_OBJECT equals none. */
#define NO_OBJECT 1u
static uintptr_t live_objects[MAX_CONSTRAINTS];
static uint64_t live_reads; /* their reads, each a bit by its number's last digits */

static uint64_t seen[TABLE_SIZE]; /* hashes of pairs and of combinations */
static unsigned int seen_count;
static struct plan corpus[MAX_CORPUS];
static unsigned int corpus_count, corpus_next;
static struct plan plan;
static uint64_t combination;
static bool news;

static inline uint64_t name_of(fl_context_t context, const struct fl_pending *operation)
{
	return operation->site | (uint64_t)operation->kind << 32 | (uint64_t)context << 40;
}

static unsigned int first_with_object(uintptr_t object)
{
	for (unsigned int i = 1; i < event_count; i++)
		if (events[i].object == object)
			return i;
	return event_count;
}

/* INITIAL if there is no room. */
static __attribute__((noinline)) unsigned int new_event(unsigned int slot, fl_context_t context,
							const struct fl_pending *operation)
{
	if (event_count == MAX_EVENTS)
		return INITIAL;
	events[event_count] = (struct event){
		.object = operation->object,
		.name = name_of(context, operation),
		.learnt = NOTHING_LEARNT,
		.object_first = (uint16_t)first_with_object(operation->object),
		.kind = operation->kind,
		.context = (int8_t)context,
	};
	last_write[event_count] = INITIAL;
	event_index[slot] = (uint16_t)event_count;
	return event_count++;
}

/* The number of an operation, or INITIAL if it is unknown and, with @learn, there is no room. */
static inline unsigned int event_number(fl_context_t context, const struct fl_pending *operation,
					bool learn)
{
	uint64_t name = name_of(context, operation);
	/* All that follows waits for the slot. The best bits are the upper ones. */
	uint64_t hash = (operation->object + (name << 23 | name >> 41)) * FL_PRNG_STEP;
	unsigned int slot = (unsigned int)(hash >> 52) % (4 * MAX_EVENTS);
	unsigned int number;

	for (; (number = event_index[slot]); slot = (slot + 1) % (4 * MAX_EVENTS))
		if (likely(!((events[number].object ^ operation->object) |
			     (events[number].name ^ name))))
			return number;
	return learn ? new_event(slot, context, operation) : INITIAL;
}

static void forget_learnt(void)
{
	for (unsigned int i = 0; i < event_count; i++)
		events[i].learnt = NOTHING_LEARNT;
}

/* Remember @hash; true if it is new. A full table tells nothing any more, so it starts anew. */
static bool is_news(uint64_t hash)
{
	unsigned int slot;

	hash |= 1;
	if (seen_count == TABLE_SIZE / 2) {
		memset(seen, 0, sizeof(seen));
		forget_learnt();
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

		if (!fl_access_reads(events[read].kind))
			continue;
		/*
		 * The first fitting write from a random place on; none up to the end is the initial
		 * value.
		 */
		constraint->read = (uint16_t)read;
		constraint->write = INITIAL;
		for (unsigned int i = 1 + skip; i < event_count; i++) {
			if (events[i].object_first != events[read].object_first ||
			    !fl_access_writes(events[i].kind) ||
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

static void note_live(void)
{
	live_reads = 0;
	for (unsigned int i = 0; i < MAX_CONSTRAINTS; i++) {
		unsigned int read = plan.constraints[i].read;

		live_objects[i] = NO_OBJECT;
		if (!(live & 1u << i))
			continue;
		live_objects[i] = events[read].object;
		live_reads |= 1ull << read % 64;
	}
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
	note_live();
	combination = 0;
	news = false;
}

/* Was @read learnt with @write, and not too long ago? Is one of the four equal, that is, their difference zero? */
static inline uint64_t is_learnt(unsigned int read, unsigned int write)
{
	const uint64_t ones = 0x0001000100010001ull;
	uint64_t differences = events[read].learnt ^ write * ones;

	return (differences - ones) & ~differences & ones << 15;
}

static __attribute__((noinline)) void learn_new_pair(unsigned int read, unsigned int write,
						     uint64_t pair)
{
	news |= is_news(pair);
	events[read].learnt = events[read].learnt << 16 | write;
}

/* Those that ask for this pair have what they want. */
static __attribute__((noinline)) void keep_constraints(unsigned int read, unsigned int write)
{
	for (unsigned int i = 0; i < plan.count; i++)
		if (plan.constraints[i].read == read && plan.constraints[i].write == write)
			live &= ~(1u << i);
	note_live();
}

static inline void learn(unsigned int event, uint8_t kind)
{
	uint16_t *last = &last_write[events[event].object_first];
	unsigned int write = *last;
	bool is_read = (event != INITIAL) & fl_access_reads(kind);
	bool is_write = (event != INITIAL) & fl_access_writes(kind);
	uint64_t pair = fl_prng_mix((uint64_t)event << 16 | write | 1ull << 40);

	/* A sum does not depend on the order, as a set does not. */
	combination += pair & -(uint64_t)is_read;
	*last = (uint16_t)(write ^ ((write ^ event) & -(unsigned int)is_write));
	if (unlikely(!(is_learnt(event, write) | !is_read)))
		learn_new_pair(event, write, pair);
	if (unlikely(is_read & (live_reads >> event % 64)))
		keep_constraints(event, write);
}

static void rf_step(fl_context_t context, const struct fl_pending *executed)
{
	if (executed->kind != FL_ACCESS_NONE) {
		unsigned int event = event_number(context, executed, true);

		if (unlikely(fl_world.contexts[context].steps == 1))
			first_event[context] = (uint16_t)event;
		learn(event, executed->kind);
	}
	fl_pos_step(&pos, context, executed);
}

/* What @context will do next, as far as it is known. */
static unsigned int next_event(fl_context_t context)
{
	const struct fl_context *c = &fl_world.contexts[context];

	if (c->fresh)
		return first_event[context];
	return event_number(context, &c->pending, false);
}

/* Its object. */
static inline uintptr_t next_object(fl_context_t context)
{
	const struct fl_context *c = &fl_world.contexts[context];

	return c->fresh ? events[first_event[context]].object : c->pending.object;
}

/* Those of @eligible that must wait for the sake of @constraint; @next: what each of them will do. */
static inline uint64_t waiters_for(const struct constraint *constraint, uint64_t eligible,
				   const uint16_t next[FL_MAX_CONTEXTS])
{
	const struct event *read = &events[constraint->read];
	bool source_is_there = last_write[read->object_first] == constraint->write;
	uint64_t waiters = 0;

	for (uint64_t left = eligible; left; left &= left - 1) {
		fl_context_t context = __builtin_ctzll(left);
		unsigned int number = next[context];
		const struct event *event = &events[number];
		bool overwrites = (number != INITIAL) & (event->object == read->object) &
				  fl_access_writes(event->kind);
		bool waits = event == read ? !source_is_there : source_is_there & overwrites;

		waiters |= (uint64_t)waits << context;
	}
	return waiters;
}

static __attribute__((noinline)) uint64_t without_waiters(uint64_t eligible)
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
	note_live();
	return allowed;
}

/* Will any of @eligible touch what a live constraint is about? Mostly none will. */
static inline bool concerns_constraints(uint64_t eligible)
{
	bool concerns = false;

	for (uint64_t left = eligible; left; left &= left - 1) {
		uintptr_t object = next_object(__builtin_ctzll(left));

		concerns |= (object == live_objects[0]) | (object == live_objects[1]) |
			    (object == live_objects[2]);
	}
	return concerns;
}

static fl_context_t rf_pick(uint64_t eligible, fl_context_t fallback)
{
	if (live && concerns_constraints(eligible))
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

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two contexts communicated through a register, a lock or a variable. Reads-from: the program point of
 * the one who wrote it last and that of the one who reads it. Meeting: the subject's functions in which the
 * two are, if both are in one; what the kernel's models and the client tell each other is left out.
 *
 * A program point is the subject's function that the context is in, what it does and to which site. What it
 * does it to tells who communicates with whom, by its address within this run, and is no part of the
 * number: addresses differ from process to process, and a site names the register or the class of lock.
 *
 * Only the last write counts, and one's own writes tell nothing, so a schedule in which nobody meets
 * anybody has no feature.
 */
#include "feedback.h"

#include <string.h>

#include <faultline/event.h>

/* Objects of one run; a power of two. What finds no room is not told. */
#define OBJECTS 4096u
#define PROBES	16u

/* Half a cache line: a run meets a hundred of them, strewn over the table. */
static struct object {
	uintptr_t address;
	/* Who wrote it last; these make up his program point. */
	const char *function; /* the subject's, or NULL */
	uint32_t site;
	uint32_t run; /* in which the entry was made: others are free */
	uint8_t kind;
	int8_t context;
} __attribute__((aligned(32))) objects[OBJECTS];
static uint32_t run;
/* The one that each context met last: often it goes on with it, releases the lock, writes the register that it read. */
static struct object none = {.address = UINTPTR_MAX}, *last[FL_MAX_CONTEXTS];

/*
 * The function in which each context will do what it does next: it was in it when its last step ended.
 * What a context does first it does in the first function that it entered.
 */
static const char *functions[FL_MAX_CONTEXTS];
static uint64_t begun; /* contexts whose function is known */

static inline struct object *find_object(uintptr_t address)
{
	uint32_t at = (uint32_t)(address * 0x9e3779b97f4a7c15ull >> 40);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		struct object *object = &objects[(at + probe) % OBJECTS];

		if (__builtin_expect(object->run != run, 0)) {
			*object = (struct object){
				.address = address, .run = run, .context = FL_NO_CONTEXT};
			return object;
		}
		if (__builtin_expect(object->address == address, 1))
			return object;
	}
	return NULL;
}

static uint64_t point_of(const char *function, uint8_t kind, uint32_t site)
{
	return fl_feature_pair(fl_feature_name(function), (uint64_t)kind << 32 | site);
}

static void tell(const struct object *object, const char *function, const struct fl_pending *done)
{
	if (watches(FL_FEATURE_READS_FROM))
		fl_feature(FL_FEATURE_READS_FROM,
			   fl_feature_pair(point_of(object->function, object->kind, object->site),
					   point_of(function, done->kind, done->site)));
	if (watches(FL_FEATURE_MEETING) && object->function && function)
		fl_feature(FL_FEATURE_MEETING, fl_feature_pair(fl_feature_name(object->function),
							       fl_feature_name(function)));
}

static inline void note_write(struct object *object, fl_context_t context, const char *function,
			      const struct fl_pending *done)
{
	object->function = function;
	object->site = done->site;
	object->kind = done->kind;
	object->context = (int8_t)context;
}

/* Seldom, next to steps: @object was written by another one than who reads it now. */
static __attribute__((noinline)) void meet(struct object *object, fl_context_t context,
					   const char *function, const struct fl_pending *done)
{
	tell(object, function, done);
	if (fl_access_writes(done->kind))
		note_write(object, context, function, done);
}

void reads_from_step(fl_context_t context)
{
	const struct fl_pending *done = fl_context_pending(context);
	const char *function = functions[context];
	struct object *object;

	if (fl_context_state(context) == FL_DORMANT) {
		begun &= ~(1ull << context);
		functions[context] = NULL;
	} else {
		begun |= 1ull << context;
		functions[context] = fl_where(context);
	}
	if (done->kind == FL_ACCESS_NONE)
		return;
	object = last[context];
	if (object->address != done->object) {
		object = find_object(done->object);
		if (!object)
			return;
		last[context] = object;
	}
	/* The last thing done, so that what runs each step keeps nothing for afterwards. */
	if (fl_access_reads(done->kind) && object->context != FL_NO_CONTEXT &&
	    object->context != context)
		meet(object, context, function, done);
	else if (fl_access_writes(done->kind))
		note_write(object, context, function, done);
}

static void enter(const struct fl_event *event)
{
	if (event->context == FL_NO_CONTEXT || begun >> event->context & 1)
		return;
	begun |= 1ull << event->context;
	functions[event->context] = event->text;
}

void reads_from_begin(void)
{
	memset(functions, 0, sizeof(functions));
	begun = 0;
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		last[i] = &none;
	/* The entries of 2^32 runs ago must not come to life. */
	if (!++run) {
		memset(objects, 0, sizeof(objects));
		run = 1;
	}
}

void reads_from_start(void)
{
	fl_subscribe(FL_EV_ENTER, enter);
	reads_from_begin();
}

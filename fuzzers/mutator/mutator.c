/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which mutation is taken, those of bare bytes, and crossing two inputs. */
#include "mutator.h"
#include "program.h"

#include <case/operations.h>

#include <string.h>

#define MOST_AT_ONCE 4
#define TRIES	     64
/* One in so many is made of nothing. */
#define NEW_TURN     5
/* One in so many gets another head, and one a new rest. */
#define HEAD_TURN    4
#define REST_TURN    4
/* An input with fewer is short; a new rest has at most so many. */
#define FEW_SLOTS    32
#define MOST_SLOTS   256
/* A number that most bytes of slots are below. */
#define SMALL	     16

const char *const fl_mutation_names[FL_MUTATION_COUNT] = {
#define FL_MUTATION_NAME(name, weight) #name,
	FL_MUTATIONS(FL_MUTATION_NAME)
#undef FL_MUTATION_NAME
};

static const uint8_t weights[FL_MUTATION_COUNT] = {
#define FL_MUTATION_WEIGHT(name, weight) weight,
	FL_MUTATIONS(FL_MUTATION_WEIGHT)
#undef FL_MUTATION_WEIGHT
};

static const struct fl_mutator_space everything = {
	.operations = (1ull << OP_COUNT) - 1,
	.scenarios = 32,
};

/* Bytes that know of no slots: changed, come, gone, or doubled. */
static bool slots_change_bytes(struct slots *slots)
{
	size_t at = slots_random(slots, (uint32_t)slots->size);
	uint8_t *byte = slots->data + at;
	uint8_t value = (uint8_t)slots_random(slots, slots_random(slots, 2) ? SMALL : 256);

	switch (slots_random(slots, 5)) {
	case 0:
		*byte ^= (uint8_t)(1u << slots_random(slots, 8));
		return true;
	case 1:
		*byte = (uint8_t)(*byte + 1 + slots_random(slots, 254));
		return true;
	case 2:
		if (*byte == value)
			return false;
		*byte = value;
		return true;
	case 3:
		if (slots->size == slots->max_size)
			return false;
		memmove(byte + 1, byte, slots->size - at);
		*byte = value;
		slots->size++;
		return true;
	default:
		if (slots->size < 2)
			return false;
		memmove(byte, byte + 1, slots->size - at - 1);
		slots->size--;
		return true;
	}
}

/*
 * Some to many random slots. Most inputs that find something are long: each slot is one more chance of
 * a race, and few of them spoil others.
 */
static bool slots_insert_slots(struct slots *slots)
{
	size_t place = slots_place(slots);
	size_t number = 1 + slots_random(slots, 2u << slots_random(slots, 8));

	if (!slots_has_room(slots, 1))
		return false;
	while (number-- && slots_has_room(slots, 1)) {
		unsigned int first = slots_random(slots, 256);

		slots_insert(slots, place, first, slots_random(slots, 256));
	}
	return true;
}

static bool (*const mutations[FL_MUTATION_COUNT])(struct slots *slots) = {
#define FL_MUTATION_FUNCTION(name, weight) slots_##name,
	FL_MUTATIONS(FL_MUTATION_FUNCTION)
#undef FL_MUTATION_FUNCTION
};

static enum fl_mutation pick_mutation(struct slots *slots)
{
	uint32_t total = 0, number;
	unsigned int kind = 0;

	for (unsigned int i = 0; i < FL_MUTATION_COUNT; i++)
		total += weights[i];
	for (number = slots_random(slots, total); number >= weights[kind]; kind++)
		number -= weights[kind];
	return (enum fl_mutation)kind;
}

static struct slots slots_of(const struct fl_mutator_space *space, uint8_t *data, size_t size,
			     size_t max_size, uint32_t seed)
{
	return (struct slots){
		.data = data,
		.size = size < max_size ? size : max_size,
		.max_size = max_size,
		.space = space ? space : &everything,
		.prng = fl_prng_of(fl_prng_search(seed, 0), 0),
	};
}

/* Too short for a form. */
static size_t random_byte(struct slots *slots)
{
	if (slots->max_size)
		slots->data[0] = (uint8_t)slots_random(slots, 256);
	return slots->max_size ? 1 : 0;
}

/*
 * Another scenario, or the same slots as the whole program. What an engine kept first decides what it keeps
 * later: without this nearly all of a corpus ends in the scenario of its first long input.
 */
static void draw_head(struct slots *slots)
{
	slots->data[0] = (uint8_t)(slots_random(slots, 2) * RAW_SPELLED |
				   slots_random(slots, slots->space->scenarios));
	if (slots_random(slots, 2))
		slots->data[1] = (uint8_t)slots_random(slots, 256);
}

/* The first @kept slots, and a random rest as long as anything that the engine allows up to MOST_SLOTS. */
static void draw_rest(struct slots *slots, size_t kept)
{
	size_t room, number;

	slots->size = RAW_HEAD_SIZE + kept * RAW_SLOT_SIZE;
	room = (slots->max_size - slots->size) / RAW_SLOT_SIZE;
	if (!room)
		return;
	number = 1 + slots_random(slots, (uint32_t)(room < MOST_SLOTS ? room : MOST_SLOTS));
	while (number--) {
		unsigned int first = slots_random(slots, 256);

		slots_insert(slots, slots_count(slots), first, slots_random(slots, 256));
	}
}

/*
 * Engines begin with short inputs and prefer them, but contexts hardly meet in those: half of what is made of
 * a short input is all of it and a random rest. Of a long one some of it is kept: that repeats the way to a
 * state, and goes on from there otherwise.
 */
static bool takes_new_rest(struct slots *slots)
{
	size_t count = slots_count(slots);

	if (!slots_random(slots, REST_TURN)) {
		draw_rest(slots, slots_random(slots, (uint32_t)count + 1));
		return true;
	}
	if (count < FEW_SLOTS && !slots_random(slots, 2)) {
		draw_rest(slots, count);
		return true;
	}
	return false;
}

/*
 * Nothing of the input. Engines give most executions to inputs with what is rare, and what is rare is often a way
 * to fail early, behind which no race comes about: some are spent as if nothing had been seen.
 */
static void draw_all(struct slots *slots)
{
	draw_head(slots);
	slots->data[1] = (uint8_t)slots_random(slots, 256);
	draw_rest(slots, 0);
}

size_t fl_mutate(const struct fl_mutator_space *space, uint8_t *data, size_t size, size_t max_size,
		 uint32_t seed)
{
	struct slots slots = slots_of(space, data, size, max_size, seed);
	unsigned int left = 1;

	if (!slots_make_whole(&slots))
		return random_byte(&slots);
	if (!slots_random(&slots, NEW_TURN)) {
		draw_all(&slots);
		return slots.size;
	}
	while (left < MOST_AT_ONCE && !slots_random(&slots, 2))
		left++;
	if (!slots_random(&slots, HEAD_TURN))
		draw_head(&slots);
	if (takes_new_rest(&slots))
		return slots.size;
	/* What finds nothing to change gives way to another; where nothing has room some change bytes. */
	for (unsigned int i = 0; i < TRIES && left; i++) {
		left -= mutations[pick_mutation(&slots)](&slots);
		slots_make_whole(&slots);
	}
	return slots.size;
}

size_t fl_mutate_by(enum fl_mutation kind, const struct fl_mutator_space *space, uint8_t *data,
		    size_t size, size_t max_size, uint32_t seed)
{
	struct slots slots = slots_of(space, data, size, max_size, seed);

	if (!slots_make_whole(&slots))
		return 0;
	return mutations[kind](&slots) ? slots.size : 0;
}

/* --- crossing --------------------------------------------------------------------------------- */

/* Groups of slots that mean something without those of the others. */
enum { PROGRAM, KNOBS, SCHEDULE, GROUPS };

static unsigned int group_of(const uint8_t slot[RAW_SLOT_SIZE])
{
	switch (slot_kind(slot)) {
	case SLOT_KNOB:
		return KNOBS;
	case SLOT_PREEMPT:
	case SLOT_ANSWER:
		return SCHEDULE;
	default:
		return PROGRAM;
	}
}

static void append(struct slots *slots, const uint8_t slot[RAW_SLOT_SIZE])
{
	slots_insert(slots, slots_count(slots), slot[0], slot[1]);
}

static size_t count_of(size_t size)
{
	return size > RAW_HEAD_SIZE ? (size - RAW_HEAD_SIZE) / RAW_SLOT_SIZE : 0;
}

static const uint8_t *slot_of(const uint8_t *data, size_t index)
{
	return data + RAW_HEAD_SIZE + index * RAW_SLOT_SIZE;
}

static void append_groups(struct slots *slots, const uint8_t *data, size_t size,
			  unsigned int groups)
{
	for (size_t i = 0; i < count_of(size); i++)
		if (groups >> group_of(slot_of(data, i)) & 1)
			append(slots, slot_of(data, i));
}

size_t fl_crossover(const uint8_t *first, size_t first_size, const uint8_t *second,
		    size_t second_size, uint8_t *result, size_t max_size, uint32_t seed)
{
	struct slots slots = slots_of(NULL, result, 0, max_size, seed);
	size_t first_count = count_of(first_size), second_count = count_of(second_size);
	unsigned int groups;

	if (!max_size || !(first_size + second_size))
		return 0;
	if (!slots_make_whole(&slots))
		return random_byte(&slots);
	/* Program and head go together. */
	if (first_size)
		memcpy(result, first, first_size < RAW_HEAD_SIZE ? first_size : RAW_HEAD_SIZE);
	else
		memcpy(result, second, second_size < RAW_HEAD_SIZE ? second_size : RAW_HEAD_SIZE);
	if (slots_random(&slots, 2)) {
		/* The program of the first; of knobs and schedule one or both of the second. */
		groups = (1u + slots_random(&slots, 3)) << KNOBS;
		append_groups(&slots, first, first_size, ~groups);
		append_groups(&slots, second, second_size, groups);
		if (slots.size > RAW_HEAD_SIZE)
			return slots.size;
	}
	/* The beginning of one and the end of the other, in half of the cases at the same place. */
	if (first_count) {
		size_t cut = 1 + slots_random(&slots, (uint32_t)first_count);
		size_t from = cut;

		for (size_t i = 0; i < cut; i++)
			append(&slots, slot_of(first, i));
		if (second_count && (from >= second_count || slots_random(&slots, 2)))
			from = slots_random(&slots, (uint32_t)second_count);
		for (size_t i = from; i < second_count; i++)
			append(&slots, slot_of(second, i));
	} else {
		append_groups(&slots, second, second_size, ~0u);
	}
	return slots.size;
}

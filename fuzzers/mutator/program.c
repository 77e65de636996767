/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mutations of what the actors do: operations, actors, the client's callback. */
#include "program.h"

#include <case/case_form.h>
#include <case/operations.h>

#include <string.h>

#define OPERATIONS     (1u << SLOT_OPERATION)
/* What a new operation can stand beside: the actor who does it is the last before it. */
#define PROGRAM	       (OPERATIONS | 1u << SLOT_ACTOR)
#define NAMES	       64
#define CPUS	       8
#define CLIENT_VALUES  5
#define LONGEST_SPLICE 8

static unsigned int random_operation(struct slots *slots)
{
	uint64_t operations = slots->space->operations;
	uint32_t skip = slots_random(slots, (uint32_t)__builtin_popcountll(operations));

	while (skip--)
		operations &= operations - 1;
	return (unsigned int)__builtin_ctzll(operations);
}

bool slots_insert_operation(struct slots *slots)
{
	size_t beside = slots_pick(slots, PROGRAM);
	unsigned int code = random_operation(slots);
	unsigned int arguments = slots_random(slots, 256);

	if (beside == SLOT_NONE)
		return slots_insert(slots, slots_place(slots), RAW_OPERATION | code, arguments);
	return slots_insert(slots, beside + 1, RAW_OPERATION | code, arguments);
}

bool slots_drop_operation(struct slots *slots)
{
	size_t dropped = slots_pick(slots, OPERATIONS);

	if (dropped == SLOT_NONE)
		return false;
	slots_remove(slots, dropped);
	return true;
}

bool slots_swap_operations(struct slots *slots)
{
	size_t one = slots_pick(slots, OPERATIONS), other = slots_pick(slots, OPERATIONS);
	uint8_t kept[RAW_SLOT_SIZE];

	if (one == SLOT_NONE || !memcmp(slot_at(slots, one), slot_at(slots, other), RAW_SLOT_SIZE))
		return false;
	memcpy(kept, slot_at(slots, one), RAW_SLOT_SIZE);
	memcpy(slot_at(slots, one), slot_at(slots, other), RAW_SLOT_SIZE);
	memcpy(slot_at(slots, other), kept, RAW_SLOT_SIZE);
	return true;
}

bool slots_change_operation(struct slots *slots)
{
	size_t changed = slots_pick(slots, OPERATIONS);
	unsigned int code = RAW_OPERATION | random_operation(slots);

	if (changed == SLOT_NONE || slot_at(slots, changed)[0] == code)
		return false;
	slot_at(slots, changed)[0] = (uint8_t)code;
	return true;
}

bool slots_change_argument(struct slots *slots)
{
	size_t changed = slots_pick(slots, OPERATIONS);
	unsigned int how = slots_random(slots, 3), by = slots_random(slots, 8);
	uint8_t *argument;

	if (changed == SLOT_NONE)
		return false;
	argument = slot_at(slots, changed) + 1;
	/* The first argument is the lowest; most have few values. */
	if (how == 0)
		*argument ^= (uint8_t)(1u << by);
	else if (how == 1)
		*argument = (uint8_t)(*argument + 1 + by);
	else
		*argument = (uint8_t)(*argument - 1 - by);
	return true;
}

bool slots_splice(struct slots *slots)
{
	size_t count = slots_count(slots), from, to, length;
	uint8_t copy[LONGEST_SPLICE * RAW_SLOT_SIZE];

	if (!count)
		return false;
	from = slots_random(slots, (uint32_t)count);
	length = 1 + slots_random(slots, LONGEST_SPLICE);
	if (length > count - from)
		length = count - from;
	if (!slots_has_room(slots, length))
		return false;
	to = slots_place(slots);
	memcpy(copy, slot_at(slots, from), length * RAW_SLOT_SIZE);
	for (size_t i = 0; i < length; i++)
		slots_insert(slots, to + i, copy[i * RAW_SLOT_SIZE], copy[i * RAW_SLOT_SIZE + 1]);
	return true;
}

/* Another CPU for an actor, or operations for another one. */
bool slots_change_actor(struct slots *slots)
{
	size_t actor = slots_random(slots, 2) ? slots_pick(slots, 1u << SLOT_ACTOR) : SLOT_NONE;
	unsigned int name = slots_random(slots, NAMES), cpu = slots_random(slots, CPUS);
	size_t beside;

	if (actor != SLOT_NONE) {
		uint8_t *slot = slot_at(slots, actor);

		if (slots_random(slots, 2))
			slot[1] ^= (uint8_t)(1u << slots_random(slots, 3));
		else if (slot[1] >> 3 == (name & 0x1f))
			return false;
		else
			slot[1] = (uint8_t)((name & 0x1f) << 3 | (slot[1] & 7));
		return true;
	}
	beside = slots_pick(slots, PROGRAM);
	return slots_insert(slots, beside == SLOT_NONE ? slots_place(slots) : beside,
			    RAW_ACTOR | name >> 5, (name & 0x1f) << 3 | cpu);
}

bool slots_change_client(struct slots *slots)
{
	size_t client = slots_pick(slots, 1u << SLOT_CLIENT);
	unsigned int field = slots_random(slots, CASE_CLIENT_FIELDS);
	unsigned int value = field << 5 | slots_random(slots, CLIENT_VALUES);

	if (client == SLOT_NONE || slots_random(slots, 2))
		return slots_insert(slots, slots_place(slots), RAW_CLIENT, value);
	if (slot_at(slots, client)[1] == value)
		return false;
	slot_at(slots, client)[1] = (uint8_t)value;
	return true;
}

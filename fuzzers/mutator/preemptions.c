/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutations of the schedule. A preempt slot holds the steps since the preemption before, so one that comes,
 * goes or moves is made up for in the next: the others stay where they were.
 */
#include "slots.h"

/* Context numbers of the worlds that there are; any is taken modulo those that can run. */
#define USUAL_CONTEXTS 24

/* One that preempts: its slot, and the steps after the one before, with those of wait slots. */
struct preemption {
	size_t slot;
	uint64_t steps;
};

static uint32_t count(const struct slots *slots)
{
	uint32_t result = 0;

	for (size_t i = 0; i < slots_count(slots); i++) {
		const uint8_t *slot = slot_at(slots, i);

		result += slot_kind(slot) == SLOT_PREEMPT && !slot_is_wait(slot);
	}
	return result;
}

/* Preemption @number, which there is. */
static struct preemption find(const struct slots *slots, uint32_t number)
{
	struct preemption result = {0, 0};

	for (size_t i = 0; i < slots_count(slots); i++) {
		const uint8_t *slot = slot_at(slots, i);

		if (slot_kind(slot) != SLOT_PREEMPT)
			continue;
		if (slot_is_wait(slot)) {
			result.steps += RAW_WAIT +
					(uint64_t)(slot[1] - RAW_WAIT) * FL_MAX_CONTEXTS +
					(slot[0] & (FL_MAX_CONTEXTS - 1));
		} else if (number--) {
			result.steps = 0;
		} else {
			result.slot = i;
			result.steps += slot[1];
			break;
		}
	}
	return result;
}

static size_t waits_for(uint64_t steps)
{
	size_t result = 0;

	for (; steps >= RAW_WAIT; result++)
		steps -= RAW_WAIT + (steps - RAW_WAIT < RAW_WAIT_LONGEST ? steps - RAW_WAIT
									 : RAW_WAIT_LONGEST);
	return result;
}

/* Is there room for the waits of @steps, besides @more slots? */
static bool has_room(const struct slots *slots, uint64_t steps, size_t more)
{
	return slots_has_room(slots, waits_for(steps) + more);
}

/* Preemption @number comes @steps after the one before. There is room. */
static void set_steps(struct slots *slots, uint32_t number, uint64_t steps)
{
	size_t slot = find(slots, number).slot;

	/* Its waits are those back to the preemption before. */
	for (size_t i = slot; i--;) {
		if (slot_kind(slot_at(slots, i)) != SLOT_PREEMPT)
			continue;
		if (!slot_is_wait(slot_at(slots, i)))
			break;
		slots_remove(slots, i);
		slot--;
	}
	while (steps >= RAW_WAIT) {
		uint64_t more = steps - RAW_WAIT;
		unsigned int wait = more < RAW_WAIT_LONGEST ? (unsigned int)more : RAW_WAIT_LONGEST;

		slots_insert(slots, slot++, RAW_PREEMPT | wait % FL_MAX_CONTEXTS,
			     RAW_WAIT + wait / FL_MAX_CONTEXTS);
		steps -= RAW_WAIT + wait;
	}
	slot_at(slots, slot)[1] = (uint8_t)steps;
}

static unsigned int random_context(struct slots *slots)
{
	size_t other = slots_random(slots, 3) ? SLOT_NONE : slots_pick(slots, 1u << SLOT_PREEMPT);

	/* One that is there already: contexts that race do it more than once. */
	if (other != SLOT_NONE && !slot_is_wait(slot_at(slots, other)))
		return slot_at(slots, other)[0] & (FL_MAX_CONTEXTS - 1);
	return slots_random(slots, USUAL_CONTEXTS);
}

/* Few steps are likelier: what happens between two preemptions is short. */
static uint64_t random_steps(struct slots *slots)
{
	return slots_random(slots, 2u << slots_random(slots, 9));
}

bool slots_add_preemption(struct slots *slots)
{
	uint32_t total = count(slots), number = slots_random(slots, total + 1);
	unsigned int context = random_context(slots);
	struct preemption next;
	uint64_t steps;

	if (number == total) {
		steps = random_steps(slots);
		if (!has_room(slots, steps, 1))
			return false;
		slots_insert(slots, slots_count(slots), RAW_PREEMPT | context, 0);
		/* Waits behind the last preemption did nothing until now. */
		set_steps(slots, number, steps);
		return true;
	}
	next = find(slots, number);
	if (!next.steps || !has_room(slots, next.steps, 2))
		return false;
	steps = slots_random(slots, (uint32_t)next.steps);
	set_steps(slots, number, 0);
	slots_insert(slots, find(slots, number).slot, RAW_PREEMPT | context, 0);
	set_steps(slots, number, steps);
	set_steps(slots, number + 1, next.steps - steps - 1);
	return true;
}

bool slots_move_preemption(struct slots *slots)
{
	uint32_t total = count(slots), number = total ? slots_random(slots, total) : 0;
	uint64_t most, steps;
	struct preemption moved;

	if (!total)
		return false;
	moved = find(slots, number);
	/* It stays between its neighbours. */
	most = number + 1 < total ? moved.steps + find(slots, number + 1).steps : UINT64_MAX;
	if (slots_random(slots, 2)) {
		steps = random_steps(slots);
	} else {
		uint64_t distance = 1 + slots_random(slots, 2u << slots_random(slots, 4));

		if (slots_random(slots, 2))
			steps = moved.steps + distance;
		else
			steps = moved.steps > distance ? moved.steps - distance : 0;
	}
	if (steps > most)
		steps = most;
	if (steps == moved.steps || !has_room(slots, most == UINT64_MAX ? steps : most, 2))
		return false;
	set_steps(slots, number, steps);
	if (number + 1 < total)
		set_steps(slots, number + 1, most - steps);
	return true;
}

bool slots_remove_preemption(struct slots *slots)
{
	uint32_t total = count(slots), number = total ? slots_random(slots, total) : 0;
	uint64_t steps = 0;

	if (!total)
		return false;
	if (number + 1 < total) {
		steps = find(slots, number).steps + 1 + find(slots, number + 1).steps;
		if (!has_room(slots, steps, 0))
			return false;
	}
	set_steps(slots, number, 0);
	slots_remove(slots, find(slots, number).slot);
	if (number + 1 < total)
		set_steps(slots, number, steps);
	return true;
}

bool slots_change_context(struct slots *slots)
{
	uint32_t total = count(slots);
	uint8_t *slot;
	unsigned int context;

	if (!total)
		return false;
	slot = slot_at(slots, find(slots, slots_random(slots, total)).slot);
	context = random_context(slots);
	if ((slot[0] & (FL_MAX_CONTEXTS - 1)) == context)
		return false;
	slot[0] = (uint8_t)(RAW_PREEMPT | context);
	return true;
}

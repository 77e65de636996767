/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mutations of what a case answers: knobs, what a scenario draws, choices of the run. */
#include "program.h"

#include <faultline/knobs.h>

#define KNOB_VALUES  5
#define DRAW_VALUES  16
#define VALUES	     4
#define LONGEST_SKIP 16

/* The last of those slots whose first byte and upper bits of the second are these: it is the one that counts. */
static size_t find_last(const struct slots *slots, unsigned int first, unsigned int second,
			unsigned int mask)
{
	for (size_t i = slots_count(slots); i--;)
		if (slot_at(slots, i)[0] == first && (slot_at(slots, i)[1] & mask) == second)
			return i;
	return SLOT_NONE;
}

/* That slot gets this second byte; if there is none it comes, behind the head, where a cut spares it. */
static bool set(struct slots *slots, size_t slot, unsigned int first, unsigned int second)
{
	if (slot == SLOT_NONE)
		return slots_insert(slots, 0, first, second);
	if (slot_at(slots, slot)[1] == second)
		return false;
	slot_at(slots, slot)[1] = (uint8_t)second;
	return true;
}

bool slots_flip_knob(struct slots *slots)
{
	unsigned int knob = slots_random(slots, FL_KNOB_COUNT);
	unsigned int value = slots_random(slots, KNOB_VALUES);
	unsigned int first = RAW_KNOB | knob >> 5, second = (knob & 0x1f) << 3;

	return set(slots, find_last(slots, first, second, 0xf8), first, second | value);
}

bool slots_change_draw(struct slots *slots)
{
	unsigned int first = RAW_DRAW | slots_random(slots, RAW_DRAWS);
	unsigned int value = slots_random(slots, DRAW_VALUES);

	return set(slots, find_last(slots, first, 0, 0), first, value);
}

static size_t pick_answer(struct slots *slots)
{
	return slots_pick(slots, 1u << SLOT_ANSWER);
}

/* One more question of a kind is answered; or some are answered 0 before the next that is. */
bool slots_add_answer(struct slots *slots)
{
	unsigned int kind = slots_random(slots, RAW_ANSWER_KINDS);
	unsigned int skip = slots_random(slots, LONGEST_SKIP);
	unsigned int value = 1 + slots_random(slots, slots_random(slots, 2) ? VALUES : 255);
	size_t place = slots_place(slots);

	if (!slots_has_room(slots, 2))
		return false;
	slots_insert(slots, place, RAW_ANSWER | RAW_ANSWER_VALUE << 3 | kind, value);
	if (skip)
		slots_insert(slots, place, RAW_ANSWER | RAW_ANSWER_SKIP << 3 | kind, skip - 1);
	return true;
}

bool slots_change_answer(struct slots *slots)
{
	size_t answer = pick_answer(slots);
	unsigned int value = slots_random(slots, slots_random(slots, 2) ? VALUES : 256);

	if (answer == SLOT_NONE || slot_at(slots, answer)[1] == value)
		return false;
	slot_at(slots, answer)[1] = (uint8_t)value;
	return true;
}

bool slots_drop_answer(struct slots *slots)
{
	size_t answer = pick_answer(slots);

	if (answer == SLOT_NONE)
		return false;
	slots_remove(slots, answer);
	return true;
}

bool slots_change_scenario(struct slots *slots)
{
	unsigned int scenario = slots_random(slots, slots->space->scenarios);
	unsigned int spelled = slots->data[0] & RAW_SPELLED;

	/* What is spelled out is seldom worth to be built again. */
	if (!slots_random(slots, 8))
		spelled ^= RAW_SPELLED;
	if (slots->data[0] == (spelled | scenario))
		return false;
	slots->data[0] = (uint8_t)(spelled | scenario);
	return true;
}

bool slots_change_cpu(struct slots *slots)
{
	slots->data[1] ^= (uint8_t)(1u << slots_random(slots, RAW_CPU_BITS));
	return true;
}

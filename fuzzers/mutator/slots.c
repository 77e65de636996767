/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slots in their buffer. */
#include "slots.h"

#include <string.h>

uint32_t slots_random(struct slots *slots, uint32_t n)
{
	return fl_prng_below(&slots->prng, n);
}

bool slots_make_whole(struct slots *slots)
{
	if (slots->max_size < RAW_HEAD_SIZE)
		return false;
	while (slots->size < RAW_HEAD_SIZE)
		slots->data[slots->size++] = 0;
	if (slots->size % RAW_SLOT_SIZE) {
		if (slots->size < slots->max_size)
			slots->data[slots->size++] = 0;
		else
			slots->size--;
	}
	return true;
}

size_t slots_count(const struct slots *slots)
{
	return (slots->size - RAW_HEAD_SIZE) / RAW_SLOT_SIZE;
}

uint8_t *slot_at(const struct slots *slots, size_t index)
{
	return slots->data + RAW_HEAD_SIZE + index * RAW_SLOT_SIZE;
}

enum slot_kind slot_kind(const uint8_t slot[RAW_SLOT_SIZE])
{
	if (slot[0] >= RAW_ACTOR)
		return SLOT_ACTOR;
	if (slot[0] >= RAW_CLIENT)
		return SLOT_CLIENT;
	if (slot[0] >= RAW_KNOB)
		return SLOT_KNOB;
	if (slot[0] >= RAW_DRAW)
		return SLOT_DRAW;
	if (slot[0] >= RAW_ANSWER)
		return SLOT_ANSWER;
	return slot[0] >= RAW_OPERATION ? SLOT_OPERATION : SLOT_PREEMPT;
}

bool slot_is_wait(const uint8_t slot[RAW_SLOT_SIZE])
{
	return slot_kind(slot) == SLOT_PREEMPT && slot[1] >= RAW_WAIT;
}

bool slots_has_room(const struct slots *slots, size_t more)
{
	return (slots->max_size - slots->size) / RAW_SLOT_SIZE >= more;
}

bool slots_insert(struct slots *slots, size_t index, unsigned int first, unsigned int second)
{
	uint8_t *at = slot_at(slots, index);

	if (!slots_has_room(slots, 1))
		return false;
	memmove(at + RAW_SLOT_SIZE, at, (slots_count(slots) - index) * RAW_SLOT_SIZE);
	at[0] = (uint8_t)first;
	at[1] = (uint8_t)second;
	slots->size += RAW_SLOT_SIZE;
	return true;
}

void slots_remove(struct slots *slots, size_t index)
{
	uint8_t *at = slot_at(slots, index);

	memmove(at, at + RAW_SLOT_SIZE, (slots_count(slots) - index - 1) * RAW_SLOT_SIZE);
	slots->size -= RAW_SLOT_SIZE;
}

size_t slots_pick(struct slots *slots, unsigned int kinds)
{
	uint32_t seen = 0;
	size_t picked = SLOT_NONE;

	/* Each of those seen so far with the same probability. */
	for (size_t i = 0; i < slots_count(slots); i++)
		if (kinds >> slot_kind(slot_at(slots, i)) & 1 && !slots_random(slots, ++seen))
			picked = i;
	return picked;
}

size_t slots_place(struct slots *slots)
{
	return slots_random(slots, (uint32_t)slots_count(slots) + 1);
}

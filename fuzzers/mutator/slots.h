/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Raw bytes as an array of slots that grows and shrinks in its buffer: what mutations are made of. */
#ifndef FAULTLINE_FUZZERS_MUTATOR_SLOTS_H
#define FAULTLINE_FUZZERS_MUTATOR_SLOTS_H

#include "mutator.h"

#include <case/raw_form.h>
#include <engine/prng.h>

struct slots {
	uint8_t *data;
	size_t size, max_size;
	const struct fl_mutator_space *space;
	struct fl_prng prng;
};

enum slot_kind {
	SLOT_PREEMPT, /* and waits: slots_is_wait() */
	SLOT_OPERATION,
	SLOT_ANSWER,
	SLOT_DRAW,
	SLOT_KNOB,
	SLOT_CLIENT,
	SLOT_ACTOR,
	SLOT_KINDS
};

/* No slot, or none that fits. */
#define SLOT_NONE SIZE_MAX

/*
 * Give the input a whole head and whole slots: an absent byte means 0, so this changes nothing but for a half
 * slot that has no room. False if there is no room for a head.
 */
bool slots_make_whole(struct slots *slots);
size_t slots_count(const struct slots *slots);
uint8_t *slot_at(const struct slots *slots, size_t index);
enum slot_kind slot_kind(const uint8_t slot[RAW_SLOT_SIZE]);
bool slot_is_wait(const uint8_t slot[RAW_SLOT_SIZE]);

/* A slot before slot @index (the count: at the end). False if there is no room. */
bool slots_insert(struct slots *slots, size_t index, unsigned int first, unsigned int second);
void slots_remove(struct slots *slots, size_t index);
bool slots_has_room(const struct slots *slots, size_t more);

/* A random one of the slots whose kind is in the mask @kinds (1 << enum slot_kind), or SLOT_NONE. */
size_t slots_pick(struct slots *slots, unsigned int kinds);
/* A random place before, between or behind slots. */
size_t slots_place(struct slots *slots);

uint32_t slots_random(struct slots *slots, uint32_t n); /* below @n */

/* --- preemptions.c ---------------------------------------------------------------------------- */

/* Each returns false if it can change nothing; all other preemptions stay at their steps. */
bool slots_add_preemption(struct slots *slots);
bool slots_move_preemption(struct slots *slots);
bool slots_remove_preemption(struct slots *slots);
bool slots_change_context(struct slots *slots);

#endif

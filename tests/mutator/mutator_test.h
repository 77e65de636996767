/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the mutator share: an input taken apart. */
#ifndef FAULTLINE_TESTS_MUTATOR_TEST_H
#define FAULTLINE_TESTS_MUTATOR_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <mutator.h>
#include <slots.h>

#define MOST_BYTES 256
#define MOST_SLOTS (MOST_BYTES / RAW_SLOT_SIZE)

/* Slots by kind, in their order; preemptions with the steps at which they are due at the earliest. */
struct parts {
	uint8_t head[RAW_HEAD_SIZE];
	struct part {
		uint8_t first, second;
	} slots[SLOT_KINDS][MOST_SLOTS];
	unsigned int count[SLOT_KINDS]; /* of SLOT_PREEMPT: without waits */
	uint64_t due[MOST_SLOTS];
	uint8_t contexts[MOST_SLOTS];
};

__attribute__((unused)) static struct parts take_apart(const uint8_t *data, size_t size)
{
	struct parts parts = {.head = {0}};
	uint64_t due = 0;

	for (size_t i = 0; i < RAW_HEAD_SIZE && i < size; i++)
		parts.head[i] = data[i];
	for (size_t at = RAW_HEAD_SIZE; at < size; at += RAW_SLOT_SIZE) {
		uint8_t slot[2] = {data[at], at + 1 < size ? data[at + 1] : 0};
		enum slot_kind kind = slot_kind(slot);

		if (kind == SLOT_PREEMPT && slot[1] >= 240) {
			due += 240 + (slot[1] - 240u) * 64 + (slot[0] & 63);
			continue;
		}
		if (kind == SLOT_PREEMPT) {
			due += slot[1];
			parts.due[parts.count[kind]] = due++;
			parts.contexts[parts.count[kind]] = slot[0] & 63;
		}
		parts.slots[kind][parts.count[kind]++] = (struct part){slot[0], slot[1]};
	}
	return parts;
}

static uint64_t random_state = 1;

__attribute__((unused)) static uint32_t below(uint32_t n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(random_state >> 33) % n;
}

__attribute__((unused)) static size_t random_bytes(uint8_t *data, size_t most)
{
	size_t size = below((uint32_t)most + 1);

	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)below(256);
	return size;
}

#endif

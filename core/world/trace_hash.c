/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hashing a trace: as it happens, without keeping it. */
#include "trace_hash.h"
#include "objects.h"

#include <faultline/event.h>

#include <string.h>

static uint64_t hash;

uint64_t fl_hash_bytes(uint64_t value, const void *bytes, size_t size)
{
	for (const uint8_t *byte = bytes; size; byte++, size--)
		value = (value ^ *byte) * 1099511628211ull;
	return value;
}

static void take_numbers(const uint64_t *numbers, size_t count)
{
	uint8_t bytes[8];

	/* Byte by byte, so that it is the same number on every machine. */
	for (size_t i = 0; i < count; i++) {
		for (unsigned int byte = 0; byte < sizeof(bytes); byte++)
			bytes[byte] = (uint8_t)(numbers[i] >> (8 * byte));
		hash = fl_hash_bytes(hash, bytes, sizeof(bytes));
	}
}

static void take_event(const struct fl_event *event)
{
	struct fl_event copy = *event;

	if (!fl_running())
		return;
	fl_number_objects(&copy);
	take_numbers((const uint64_t[]){copy.kind, (uint64_t)copy.context, copy.step, copy.a,
					copy.b, copy.c, copy.d},
		     7);
	if (copy.text)
		hash = fl_hash_bytes(hash, copy.text, strlen(copy.text) + 1);
}

static void take_step(fl_context_t context)
{
	take_numbers((const uint64_t[]){FL_EVENT_KINDS, (uint64_t)context, fl_step()}, 3);
}

void fl_trace_hash_start(void)
{
	for (unsigned int kind = 0; kind < FL_EVENT_KINDS; kind++)
		fl_subscribe(kind, take_event);
	fl_set_step_hook(take_step);
	fl_trace_hash_reset();
}

void fl_trace_hash_reset(void)
{
	hash = FL_HASH_START;
	fl_forget_objects();
}

uint64_t fl_trace_hash(void)
{
	return hash;
}

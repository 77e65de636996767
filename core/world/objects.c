/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects in the order of their appearance: a table that is emptied by a new generation of its slots. */
#include "objects.h"

#define OBJECT_SLOTS (1u << 16)

static struct {
	uint64_t object;
	uint32_t number;
	uint32_t generation; /* of another one: empty */
} objects[OBJECT_SLOTS];
static uint32_t object_count;
static uint32_t generation = 1;

static uint64_t number_object(uint64_t object)
{
	uint32_t slot = (uint32_t)((object * 0x9e3779b97f4a7c15ull) >> 48);

	for (; objects[slot].generation == generation; slot = (slot + 1) % OBJECT_SLOTS)
		if (objects[slot].object == object)
			return objects[slot].number;
	if (object_count == OBJECT_SLOTS / 2)
		return 0;
	objects[slot].object = object;
	objects[slot].number = ++object_count;
	objects[slot].generation = generation;
	return object_count;
}

void fl_number_objects(struct fl_event *event)
{
	switch (event->kind) {
	case FL_EV_ALLOC:
	case FL_EV_FREE:
	case FL_EV_BAD_FREE:
	case FL_EV_USE_AFTER_FREE:
	case FL_EV_MEM_READ:
	case FL_EV_MEM_WRITE:
		event->a = number_object(event->a);
		break;
	case FL_EV_LOCK:
	case FL_EV_UNLOCK:
		event->b = number_object(event->b);
		break;
	default:
		break;
	}
}

void fl_forget_objects(void)
{
	object_count = 0;
	/* Four thousand million runs are more than a process has. */
	generation++;
}

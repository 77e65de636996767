/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The allocator. Objects come from the arena one after the other and are never reused before the
 * reset: quarantine is complete, and an object's number (1, 2, 3 ... in order of allocation) is an
 * identity that events can carry. Since addresses only grow, the table of objects is sorted by
 * address, and finding the object of an address is a binary search. The arena's red zones stand
 * between objects; under AddressSanitizer a freed object is poisoned, and the engine's reset brings
 * the shadow back.
 */
#include "internal.h"

#include <string.h>

#define FRESH_BYTE  0xa5
#define FREED_BYTE  0x6b
#define PAGE_BYTES  4096u
#define CHUNK_SHIFT 7
#define CHUNK	    (1u << CHUNK_SHIFT)
#define MAX_CHUNKS  64u

enum { OBJECT_FREED = 1, OBJECT_OF_CASE = 2 };

struct object {
	uint32_t offset; /* in the arena */
	uint32_t size;
	uint32_t flags;
};

static struct memory_state {
	bool has_freed;
	bool in_case;
	uint32_t count;
	uint32_t live_of_case;
	struct object *chunks[MAX_CHUNKS];
} *state;

const bool *fl_memory_has_freed;

void fl_memory_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
	fl_memory_has_freed = &state->has_freed;
}

void fl_memory_begin_case(void)
{
	state->in_case = true;
}

static struct object *object_at(uint32_t index)
{
	return &state->chunks[index >> CHUNK_SHIFT][index & (CHUNK - 1)];
}

static bool in_arena(const void *address)
{
	return (uintptr_t)address - (uintptr_t)fl_arena_base() < FL_ARENA_SIZE;
}

/* The number of the object that holds @address, or 0. */
static uint32_t find(const void *address)
{
	uint32_t low = 0, high = state->count;
	uint32_t offset;

	if (!in_arena(address))
		return 0;
	offset = (uint32_t)((uintptr_t)address - (uintptr_t)fl_arena_base());
	/* The last object that begins at or below the address. */
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (object_at(middle)->offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return 0;
	return offset - object_at(low - 1)->offset < object_at(low - 1)->size ? low : 0;
}

void *fl_alloc(size_t size, bool zero, bool may_sleep, bool may_fail)
{
	struct object *object;
	char *memory;

	if (may_sleep)
		fl_might_sleep("allocation that may sleep");
	fl_point(FL_ACCESS_NONE, 0, SITE(SITE_MEMORY, 1));
	if (may_fail && fl_failure_take(FL_FAIL_ALLOC))
		return NULL;
	if (unlikely(state->count == MAX_CHUNKS * CHUNK)) {
		if (may_fail)
			return NULL;
		fl_bug("out of memory: too many objects for the model");
	}
	if (!(state->count & (CHUNK - 1)))
		state->chunks[state->count >> CHUNK_SHIFT] =
			fl_arena_alloc(CHUNK * sizeof(struct object), 8);
	/* As ZERO_SIZE_PTR would be one object for all, an empty one has a byte of its own. */
	if (!size)
		size = 1;
	memory = fl_arena_alloc(size, size >= PAGE_BYTES ? PAGE_BYTES : 16);
	if (!zero)
		memset(memory, FRESH_BYTE, size);
	object = object_at(state->count++);
	object->offset = (uint32_t)(memory - (char *)fl_arena_base());
	object->size = (uint32_t)size;
	object->flags = 0;
	if (state->in_case) {
		object->flags = OBJECT_OF_CASE;
		state->live_of_case++;
	}
	fl_emit(FL_EV_ALLOC, state->count, size, 0, 0);
	return memory;
}

void fl_dealloc(void *memory)
{
	struct object *object;
	uint32_t number;

	if (!memory)
		return;
	fl_point(FL_ACCESS_WRITE, (uintptr_t)memory, SITE(SITE_MEMORY, 2));
	number = find(memory);
	object = number ? object_at(number - 1) : NULL;
	if (!object || object->flags & OBJECT_FREED ||
	    (char *)memory != (char *)fl_arena_base() + object->offset) {
		fl_emit(FL_EV_BAD_FREE, number, 0, 0, 0);
		return;
	}
	object->flags |= OBJECT_FREED;
	state->has_freed = true;
	if (object->flags & OBJECT_OF_CASE)
		state->live_of_case--;
	fl_emit(FL_EV_FREE, number, object->size, 0, 0);
	memset(memory, FREED_BYTE, object->size);
#ifdef FL_WITH_ASAN
	ASAN_POISON_MEMORY_REGION(memory, object->size);
#endif
}

size_t fl_alloc_size(const void *memory)
{
	uint32_t number = find(memory);

	return number ? object_at(number - 1)->size : 0;
}

bool fl_is_freed(const void *address)
{
	uint32_t number;

	if (!state->has_freed)
		return false;
	number = find(address);
	return number && object_at(number - 1)->flags & OBJECT_FREED;
}

void fl_report_use_after_free(const void *address)
{
	if (fl_is_freed(address))
		fl_emit(FL_EV_USE_AFTER_FREE, find(address), 0, 0, 0);
}

unsigned int fl_alloc_live(void)
{
	return state->live_of_case;
}

uint64_t fl_virt_to_phys(const void *address)
{
	return (uint64_t)((uintptr_t)address - (uintptr_t)fl_arena_base());
}

void *fl_phys_to_virt(uint64_t address)
{
	return (char *)fl_arena_base() + address;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Atomics and instrumented memory accesses: scheduling points, and events for the race detector.
 *
 * An event names memory without its address: in the arena by its offset; outside of it (a subject's
 * globals) by GLOBAL plus the order in which its 8-byte word was first seen. Memory on the running
 * context's own stack is private, and left out.
 */
#include "internal.h"

#define GLOBAL	  (1ull << 32)
#define MAX_WORDS 2048u
#define HASH_SIZE (2 * MAX_WORDS)

bool fl_memory_granularity;

/*
 * The table of global words stands outside the arena and is never cleared, only its fill level is
 * reset: a slot counts if the number in it is in use and points back to the slot.
 */
static struct {
	uintptr_t address;
	uint32_t slot;
} words[MAX_WORDS + 1];
static uint16_t slots[HASH_SIZE];
static uint32_t *word_count;

static const char *(*site_names)(uint32_t site);

void fl_access_init(void)
{
	site_names = NULL;
	word_count = fl_arena_alloc(sizeof(*word_count), 8);
}

/* In one expression without branches: which of them is taken would depend on the run before. */
static bool slot_in_use(uint32_t slot)
{
	uint32_t number = slots[slot];

	return (number - 1 < *word_count) & (words[number].slot == slot);
}

/* The number of the word at @address from 1 up; 0 when there are too many to tell apart. */
static uint32_t word_number(uintptr_t address)
{
	uint32_t slot = (uint32_t)((address * 0x9e3779b97f4a7c15ull) >> 40) % HASH_SIZE;

	for (; slot_in_use(slot); slot = (slot + 1) % HASH_SIZE)
		if (words[slots[slot]].address == address)
			return slots[slot];
	if (*word_count == MAX_WORDS)
		return 0;
	++*word_count;
	words[*word_count].address = address;
	words[*word_count].slot = slot;
	slots[slot] = (uint16_t)*word_count;
	return *word_count;
}

void fl_set_site_names(const char *(*name)(uint32_t site))
{
	site_names = name;
}

const char *fl_site_name(uint32_t site)
{
	return site_names ? site_names(site) : NULL;
}

static void tell(enum fl_event_kind kind, const void *address, unsigned int size, bool marked,
		 uint32_t site)
{
	uint64_t object;

	if (!fl_subscribers[kind])
		return;
	object = fl_virt_to_phys(address);
	if (object >= FL_ARENA_SIZE) {
		uint32_t number = word_number((uintptr_t)address & ~7ul);

		if (!number)
			return;
		object = GLOBAL + number * 8ull + ((uintptr_t)address & 7);
	}
	fl_emit(kind, object, size, marked, site);
}

static bool on_own_stack(const void *address)
{
	uintptr_t mask = ~((uintptr_t)FL_STACK_SIZE - 1);

#ifdef FL_WITH_ASAN
	/* AddressSanitizer moves locals to a stack of its own, to see their use after return. */
	void *fake = __asan_get_current_fake_stack();

	if (fake && __asan_addr_is_in_fake_stack(fake, (void *)address, NULL, NULL))
		return true;
#endif
	return ((uintptr_t)address & mask) == ((uintptr_t)__builtin_frame_address(0) & mask);
}

void fl_atomic_point(const void *address, unsigned int kind)
{
	static const enum fl_access_kind kinds[4] = {
		FL_ACCESS_NONE,
		FL_ACCESS_READ,
		FL_ACCESS_WRITE,
		FL_ACCESS_RMW,
	};

	if (!fl_running())
		return;
	/* The word, so that accesses of different sizes to one place conflict. */
	fl_point(kinds[kind & 3], (uintptr_t)address & ~7ul, SITE(SITE_ATOMIC, 8 + (kind & 3)));
	fl_check_freed(address);
	tell((kind & 3) == 1 ? FL_EV_MEM_READ : FL_EV_MEM_WRITE, address, 4, true, 0);
}

void fl_memory_access(const void *address, unsigned int size, bool write, bool marked,
		      uint32_t site)
{
	if (!fl_running() || on_own_stack(address))
		return;
	if (fl_memory_granularity)
		fl_point(write ? FL_ACCESS_WRITE : FL_ACCESS_READ, (uintptr_t)address & ~7ul, site);
	fl_check_freed(address);
	tell(write ? FL_EV_MEM_WRITE : FL_EV_MEM_READ, address, size, marked, site);
}

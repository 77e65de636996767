// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: names of the tree's functions and static objects. The build makes the table
 * (subjects/build/link.sh): offsets relative to themselves, so it needs no relocation and stays
 * read-only.
 */
#include "glue.h"

struct glue_symbol_entry {
	s32 object;
	s32 name;
};
extern const struct glue_symbol_entry glue_symbol_table[];
extern const unsigned int glue_symbol_count;

/* A search is linear; what was found is kept, by a hash of the address within the table's object. */
#define CACHED 32
static struct {
	const void *address;
	const char *name;
} cache[CACHED];

static const char *search(const void *address)
{
	for (unsigned int i = 0; i < glue_symbol_count; i++) {
		const struct glue_symbol_entry *entry = &glue_symbol_table[i];

		if ((const char *)&entry->object + entry->object == address)
			return (const char *)&entry->name + entry->name;
	}
	return "?";
}

const char *glue_symbol(const void *address)
{
	unsigned int slot = ((unsigned long)address >> 4) % CACHED;

	if (cache[slot].address != address) {
		cache[slot].address = address;
		cache[slot].name = search(address);
	}
	return cache[slot].name;
}

const char *glue_function(const void *address)
{
	const struct glue_symbol_entry *found = NULL;
	const char *nearest = NULL;

	for (unsigned int i = 0; i < glue_symbol_count; i++) {
		const struct glue_symbol_entry *entry = &glue_symbol_table[i];
		const char *object = (const char *)&entry->object + entry->object;

		if (object > (const char *)address || (found && object < nearest))
			continue;
		found = entry;
		nearest = object;
	}
	return found ? (const char *)&found->name + found->name : NULL;
}

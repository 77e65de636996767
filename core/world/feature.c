/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who hears of features, and the numbers of names. */
#include "feature.h"

#include <stddef.h>

fl_feature_listener_t fl_feature_listener;

/* Names are string constants and there are few, so each is read once: looked up by where it is. */
#define KNOWN 1024u
static struct {
	const char *name;
	uint64_t number;
} known[KNOWN];

/* FNV-1a. */
static uint64_t number_of(const char *name)
{
	uint64_t number = 0xcbf29ce484222325ull;

	while (*name)
		number = (number ^ (unsigned char)*name++) * 0x100000001b3ull;
	return number;
}

uint64_t fl_feature_name(const char *name)
{
	uintptr_t slot = ((uintptr_t)name * 0x9e3779b97f4a7c15ull >> 40) % KNOWN;

	if (!name)
		return 0;
	if (known[slot].name != name) {
		known[slot].number = number_of(name);
		known[slot].name = name;
	}
	return known[slot].number;
}

const char *fl_feature_kind_name(enum fl_feature_kind kind)
{
	static const char *const names[FL_FEATURE_KINDS] = {
		[FL_FEATURE_MEETING] = "meeting",
		[FL_FEATURE_DEVICE_STATE] = "device-state",
		[FL_FEATURE_LOCK_ORDER] = "lock-order",
		[FL_FEATURE_READS_FROM] = "reads-from",
	};

	return names[kind];
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparing names as often as runs do. */
#ifndef FAULTLINE_WORLD_NAMES_H
#define FAULTLINE_WORLD_NAMES_H

#include <stdbool.h>

/*
 * What strcmp() would find. libFuzzer listens in on that one, to learn what an input should hold, which costs
 * many times what it does; from names of ours there is nothing to learn.
 */
static inline bool fl_same_name(const char *a, const char *b)
{
	if (a == b)
		return true;
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* faultline explore --from: cases for the histories of stress runs. */
#ifndef FAULTLINE_CLI_EXPLORE_FROM_H
#define FAULTLINE_CLI_EXPLORE_FROM_H

#include <stdbool.h>
#include <stdint.h>

#define EXPLORE_FROM_MAX 256

struct explore_from {
	const char *paths[EXPLORE_FROM_MAX];
	unsigned int count;
	const char *subject; /* instead of each history's own; NULL: its own */
	const char *out;     /* folder for the cases; NULL: the histories' own folders */
	bool json;
};

void explore_from_add(struct explore_from *from, const char *path);
/*
 * Search for a case of each history, up to @seconds or @runs schedules each (10 s if both are 0). Returns the exit
 * status: 1 if a case was found for one of them.
 */
int explore_from_run(struct explore_from *from, double seconds, uint64_t runs, uint64_t seed);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* Edit distance over short names. */
#include "nearest.h"

#include <stddef.h>
#include <string.h>

#define MAX_LENGTH 63

static unsigned int smallest(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance; names longer than MAX_LENGTH are as far away as their length. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[MAX_LENGTH + 1];
	size_t a_length = strlen(a);
	size_t b_length = strlen(b);

	if (a_length > MAX_LENGTH || b_length > MAX_LENGTH)
		return a_length > b_length ? a_length : b_length;
	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned int above = row[j];
			unsigned int replaced = diagonal + (a[i - 1] != b[j - 1]);

			row[j] = smallest(above + 1, row[j - 1] + 1, replaced);
			diagonal = above;
		}
	}
	return row[b_length];
}

const char *nearest(const char *text, const char *const *names, unsigned int count)
{
	const char *best = NULL;
	unsigned int best_distance = strlen(text) / 3 + 1;

	for (unsigned int i = 0; i < count; i++) {
		unsigned int edits = distance(text, names[i]);

		/* The end of a long name is what people leave out: "guard-v2", "storm". */
		if (strlen(text) >= 3 && strstr(names[i], text))
			edits = 1;
		if (edits <= best_distance && (!best || edits < best_distance)) {
			best = names[i];
			best_distance = edits;
		}
	}
	return best;
}

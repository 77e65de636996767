// SPDX-License-Identifier: GPL-2.0-or-later
/* Repeated groups of lines, told once. */
#include "cli.h"
#include "explain.h"

#include <stdlib.h>
#include <string.h>

/* A group of more lines is not recognised at a glance as the same. */
#define LONGEST_GROUP 24
#define MAX_LINES     4096

struct lines {
	const char *start[MAX_LINES];
	size_t length[MAX_LINES];
	unsigned int count, left;
};

static void split(struct lines *lines, const char *text)
{
	for (; *text && lines->count < MAX_LINES; lines->count++) {
		lines->start[lines->count] = text;
		lines->length[lines->count] = strcspn(text, "\n");
		text += lines->length[lines->count];
		text += *text == '\n';
	}
}

/* But for their steps. A line that begins a step is no line that goes on with one. */
static bool same(const struct lines *lines, unsigned int one, unsigned int other)
{
	const char *left = lines->start[one], *right = lines->start[other];
	size_t length = lines->length[one], skip = lines->left;

	if (length != lines->length[other] || length < skip)
		return false;
	if ((left[skip - 3] == ' ') != (right[skip - 3] == ' '))
		return false;
	return !memcmp(left + skip, right + skip, length - skip);
}

/* How often the @size lines from @at on come again right behind themselves. */
static unsigned int repeats(const struct lines *lines, unsigned int at, unsigned int size)
{
	unsigned int times = 0;

	for (;;) {
		unsigned int next = at + (times + 1) * size;

		if (next + size > lines->count)
			return times;
		for (unsigned int i = 0; i < size; i++)
			if (!same(lines, at + i, next + i))
				return times;
		times++;
	}
}

void explain_fold(FILE *out, const char *text, unsigned int left)
{
	struct lines *lines = calloc(1, sizeof(*lines));

	if (!lines)
		fail_internal("there is no memory for the table");
	lines->left = left;
	split(lines, text);
	for (unsigned int i = 0; i < lines->count;) {
		unsigned int size = 1, times = 0;

		for (; size <= LONGEST_GROUP && !times; size++)
			times = repeats(lines, i, size);
		size--;
		/* A line or two are as short as what would be said of them. */
		if (times * size < 3) {
			times = 0;
			size = 1;
		}
		for (unsigned int j = 0; j < size; j++)
			fprintf(out, "%.*s\n", (int)lines->length[i + j], lines->start[i + j]);
		if (times)
			fprintf(out, "%*s... these %u lines %u times more\n", (int)left, "", size,
				times);
		i += size * (times + 1);
	}
	free(lines);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From features to slots of the back-end. */
#include "feedback.h"

#include <feedback/feedback.h>

#include <string.h>

/* The run in which each slot was shown last: engines count hits, and how often tells nothing new. */
static uint32_t shown[FUZZ_FEEDBACK_MAX_SLOTS];
static uint32_t run;

static void hear(enum fl_feature_kind kind, uint64_t value)
{
	uint32_t slot = (uint32_t)fl_feature_pair(kind, value) & (fuzz_feedback_slots - 1);

	if (shown[slot] == run)
		return;
	shown[slot] = run;
	fuzz_feedback_show(slot);
}

static int find_kind(const char *name, size_t length)
{
	for (unsigned int kind = 0; kind < FL_FEATURE_KINDS; kind++) {
		const char *known = fl_feature_kind_name(kind);

		if (strlen(known) == length && !strncmp(known, name, length))
			return (int)kind;
	}
	return -1;
}

int fuzz_feedback_parse(const char *list, const char **wrong, int *length)
{
	int mask = 0;

	if (!list)
		return FL_USUAL_FEATURES;
	if (!strcmp(list, "none"))
		return 0;
	do {
		size_t size = strcspn(list, ",");
		int kind = find_kind(list, size);

		if (kind < 0) {
			*wrong = list;
			*length = (int)size;
			return -1;
		}
		mask |= 1 << kind;
		list += size;
	} while (*list++);
	return mask;
}

void fuzz_feedback_start(uint32_t kinds)
{
	feedback_watch(kinds);
	fl_feature_listener = kinds ? hear : NULL;
}

void fuzz_feedback_begin(void)
{
	if (!++run) {
		memset(shown, 0, sizeof(shown));
		run = 1;
	}
	feedback_reset();
}

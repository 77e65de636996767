/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock order: a lock was taken while another one was held. The feature is the pair of their classes, by
 * name, in this order, and whether interrupts were off or it was in a hard interrupt.
 */
#include "feedback.h"

#include <string.h>

#include <faultline/event.h>

#define MAX_HELD 8

/* The first row is for code outside a run. */
static struct held {
	unsigned int count;
	struct {
		uint64_t class, object;
	} locks[MAX_HELD];
} held[FL_MAX_CONTEXTS + 1];

static struct held *held_by(fl_context_t context)
{
	return &held[fl_context_row(context)];
}

static void lock(const struct fl_event *event)
{
	struct held *mine = held_by(event->context);
	uint64_t class = fl_feature_name(event->text);

	for (unsigned int i = 0; i < mine->count; i++)
		fl_feature(FL_FEATURE_LOCK_ORDER,
			   fl_feature_pair(mine->locks[i].class, class + event->c));
	if (mine->count == MAX_HELD)
		return;
	mine->locks[mine->count].class = class;
	mine->locks[mine->count++].object = event->b;
}

static void unlock(const struct fl_event *event)
{
	struct held *mine = held_by(event->context);

	for (unsigned int i = mine->count; i--;) {
		if (mine->locks[i].object != event->b)
			continue;
		/* Mostly the last one, and then there is nothing to move. */
		if (i != --mine->count)
			memmove(&mine->locks[i], &mine->locks[i + 1],
				(mine->count - i) * sizeof(mine->locks[0]));
		return;
	}
}

void lock_pairs_begin(void)
{
	for (int i = 0; i <= fl_context_most(); i++)
		held[i].count = 0;
}

void lock_pairs_start(void)
{
	fl_subscribe(FL_EV_LOCK, lock);
	fl_subscribe(FL_EV_UNLOCK, unlock);
	lock_pairs_begin();
}

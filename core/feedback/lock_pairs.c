/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lock order: a lock was taken while another one was held. The feature is the pair of their classes, by
 * name, in this order, and whether interrupts were off or it was in a hard interrupt.
 */
#include "feedback.h"

#include <kernel/view.h>

#include <faultline/event.h>

static void lock(const struct fl_event *event)
{
	struct fl_lock_view held[FL_VIEW_LOCKS];
	unsigned int count = fl_view_locks(event->context, held, FL_VIEW_LOCKS);

	for (unsigned int i = 0; i < count; i++)
		fl_feature(FL_FEATURE_LOCK_ORDER,
			   fl_feature_pair(fl_feature_name(held[i].class),
					   fl_feature_name(event->text) + event->c));
}

void lock_pairs_start(void)
{
	fl_subscribe(FL_EV_LOCK, lock);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kinds of features are watched for. */
#include "feedback.h"

static uint32_t watched;

bool watches(enum fl_feature_kind kind)
{
	return watched & 1u << kind;
}

static bool watches_objects(void)
{
	return watches(FL_FEATURE_READS_FROM) || watches(FL_FEATURE_MEETING);
}

static void step_of_device(fl_context_t context)
{
	(void)context;
	device_state_step();
}

static void step_of_both(fl_context_t context)
{
	device_state_step();
	reads_from_step(context);
}

void feedback_watch(uint32_t kinds)
{
	watched = kinds;
	if (watches_objects())
		reads_from_start();
	if (watches(FL_FEATURE_DEVICE_STATE))
		device_state_start();
	if (watches(FL_FEATURE_LOCK_ORDER))
		lock_pairs_start();
	if (watches_objects())
		fl_set_step_hook(watches(FL_FEATURE_DEVICE_STATE) ? step_of_both : reads_from_step);
	else
		fl_set_step_hook(watches(FL_FEATURE_DEVICE_STATE) ? step_of_device : NULL);
}

void feedback_reset(void)
{
	if (watches_objects())
		reads_from_begin();
	if (watches(FL_FEATURE_DEVICE_STATE))
		device_state_begin();
}

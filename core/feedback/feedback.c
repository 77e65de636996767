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

static void step(fl_context_t context)
{
	if (watches_objects())
		reads_from_step(context);
	if (watches(FL_FEATURE_DEVICE_STATE))
		device_state_step();
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
	fl_set_step_hook(watches_objects() || watches(FL_FEATURE_DEVICE_STATE) ? step : NULL);
}

void feedback_reset(void)
{
	if (watches_objects())
		reads_from_begin();
	if (watches(FL_FEATURE_DEVICE_STATE))
		device_state_begin();
	if (watches(FL_FEATURE_LOCK_ORDER))
		lock_pairs_begin();
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of stressors. */
#include "stressor.h"

#include <string.h>

const struct stressor *const stressors[] = {
	&stressor_fault_storm,
	&stressor_gmu_traffic,
	&stressor_global_faults,
	&stressor_self_test,
	&stressor_shared_line,
	&stressor_suspend_resume,
	&stressor_autosuspend,
	&stressor_pm_disable,
	&stressor_system_sleep,
	&stressor_clock_failures,
	&stressor_submit,
	&stressor_blocking_client,
	&stressor_stall_toggle,
	&stressor_attach_detach,
	&stressor_map_unmap,
	&stressor_unbind,
	NULL,
};
_Static_assert(sizeof(stressors) / sizeof(stressors[0]) <= MAX_STRESSORS + 1,
	       "a set of stressors is a mask");

int stressor_find(const char *name)
{
	for (int i = 0; stressors[i]; i++)
		if (!strcmp(stressors[i]->name, name))
			return i;
	return -1;
}

bool stressor_fits(const struct stressor *stressor, const struct fl_subject *subject,
		   const struct fl_profile *profile)
{
	if (stressor->features & ~fl_features_on(subject, profile))
		return false;
	return !stressor->shared_line || profile->other_line != FL_MAX_LINES;
}

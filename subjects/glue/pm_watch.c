// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: tell the floor what the tree's runtime PM core does. Whatever it changes in a device it
 * changes under power.lock; so what differs when that lock is released is told then, before anybody
 * else can have seen it.
 */
#include "glue.h"

static struct {
	const void *lock;
	int status;
	unsigned int disable_depth;
} seen[FL_DEVICES];

void glue_pm_watch_start(void)
{
	for (unsigned int id = 0; id < FL_DEVICES; id++) {
		struct device *dev = glue_device(id);

		seen[id].lock = &dev->power.lock;
		seen[id].status = dev->power.runtime_status;
		seen[id].disable_depth = dev->power.disable_depth;
	}
}

void glue_pm_watch(const void *lock)
{
	for (unsigned int id = 0; id < FL_DEVICES; id++) {
		const struct device *dev;
		int before = seen[id].status;

		if (seen[id].lock != lock)
			continue;
		dev = glue_device(id);
		/* A resume that was put off until the suspend was over comes in the same hold. */
		if (before == RPM_SUSPENDING && dev->power.runtime_status == RPM_RESUMING) {
			fl_pm_status(id, RPM_SUSPENDING, RPM_SUSPENDED);
			before = RPM_SUSPENDED;
		}
		if (dev->power.runtime_status != before) {
			seen[id].status = dev->power.runtime_status;
			fl_pm_status(id, (unsigned int)before, (unsigned int)seen[id].status);
		}
		if (dev->power.disable_depth != seen[id].disable_depth) {
			seen[id].disable_depth = dev->power.disable_depth;
			fl_pm_enabled(id, (int)dev->power.disable_depth);
		}
		return;
	}
}

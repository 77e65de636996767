/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modelled: devices and device links. */
#include "internal.h"

#include <string.h>

void device_initialize(struct device *dev, enum fl_device id, const char *name,
		       const struct dev_pm_ops *pm_ops, bool pm_domain)
{
	struct dev_pm_info *power = &dev->power;

	dev->name = name;
	dev->id = id;
	dev->pm_ops = pm_ops;
	dev->pm_domain = pm_domain;
	dev->domain_on = true;
	spin_lock_init(&power->lock);
	init_waitqueue_head(&power->wait_queue);
	hrtimer_setup(&power->suspend_timer, pm_suspend_timer_fn);
	INIT_WORK(&power->work, pm_runtime_work);
	power->disable_depth = 1;
	power->runtime_status = RPM_SUSPENDED;
	power->last_status = RPM_INVALID;
}

int device_link_add(struct device *consumer, struct device *supplier, u32 flags)
{
	struct device_link *link;

	if (consumer->link_count == DEVICE_MAX_SUPPLIERS)
		return -ENOSPC;
	link = &consumer->links[consumer->link_count++];
	memset(link, 0, sizeof(*link));
	link->supplier = supplier;
	link->flags = flags;
	return 0;
}

void device_link_remove(struct device *consumer, struct device *supplier)
{
	for (unsigned int i = 0; i < consumer->link_count; i++) {
		struct device_link *link = &consumer->links[i];

		if (link->supplier != supplier)
			continue;
		for (int held = atomic_xchg(&link->rpm_active, 0); held > 0; held--)
			rpm_put_noidle_internal(supplier);
		*link = consumer->links[--consumer->link_count];
		return;
	}
}

int rpm_get_suppliers(struct device *dev)
{
	for (unsigned int i = 0; i < dev->link_count; i++) {
		struct device_link *link = &dev->links[i];
		int result;

		if (!(link->flags & DL_FLAG_PM_RUNTIME))
			continue;
		result = rpm_get_sync_internal(link->supplier);
		/* A supplier whose runtime PM is disabled is taken as always on. */
		if (result < 0 && result != -EACCES) {
			rpm_put_noidle_internal(link->supplier);
			return result;
		}
		atomic_inc(&link->rpm_active);
	}
	return 0;
}

/* Drops the references without an idle check, which the caller may ask for later. */
void rpm_put_suppliers(struct device *dev, bool try_to_suspend)
{
	for (unsigned int i = 0; i < dev->link_count; i++) {
		struct device_link *link = &dev->links[i];
		int held = atomic_xchg(&link->rpm_active, 0);

		for (; held > 0; held--)
			rpm_put_noidle_internal(link->supplier);
		if (try_to_suspend)
			pm_runtime_request_idle(link->supplier);
	}
}

void rpm_suspend_suppliers(struct device *dev)
{
	for (unsigned int i = 0; i < dev->link_count; i++)
		pm_runtime_request_idle(dev->links[i].supplier);
}

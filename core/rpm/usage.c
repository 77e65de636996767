/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modelled: references and requests, the calls of drivers (domain.md 3.2). Each tells the checkers
 * what it did to the count; what the PM core does for itself is not told.
 */
#include "internal.h"

static int usage_of(const struct device *dev)
{
	return dev->power.usage_count.counter;
}

int rpm_get_sync_internal(struct device *dev)
{
	atomic_inc(&dev->power.usage_count);
	return rpm_locked(dev, rpm_resume, 0);
}

void rpm_put_noidle_internal(struct device *dev)
{
	atomic_add_unless(&dev->power.usage_count, -1, 0);
}

/* --- get ---------------------------------------------------------------------------------- */

int pm_runtime_get_sync(struct device *dev)
{
	int result;

	fl_might_sleep("pm_runtime_get_sync");
	result = rpm_get_sync_internal(dev);
	fl_pm_got(dev->id, result, true, usage_of(dev));
	return result;
}

int pm_runtime_resume_and_get(struct device *dev)
{
	int result;

	fl_might_sleep("pm_runtime_resume_and_get");
	result = rpm_get_sync_internal(dev);
	if (result < 0)
		rpm_put_noidle_internal(dev);
	else
		result = 0;
	fl_pm_got(dev->id, result, result == 0, usage_of(dev));
	return result;
}

int pm_runtime_get(struct device *dev)
{
	int result;

	atomic_inc(&dev->power.usage_count);
	result = rpm_locked(dev, rpm_resume, RPM_ASYNC);
	fl_pm_got(dev->id, result, true, usage_of(dev));
	return result;
}

void pm_runtime_get_noresume(struct device *dev)
{
	atomic_inc(&dev->power.usage_count);
	fl_pm_got(dev->id, 0, true, usage_of(dev));
}

static int get_conditional(struct device *dev, bool even_if_unused)
{
	struct dev_pm_info *power = &dev->power;
	unsigned long irqs;
	int result = 0;

	spin_lock_irqsave(&power->lock, irqs);
	if (power->disable_depth > 0) {
		result = -EINVAL;
	} else if (power->runtime_status == RPM_ACTIVE) {
		if (even_if_unused ||
		    (!power->ignore_children && atomic_read(&power->child_count) > 0)) {
			atomic_inc(&power->usage_count);
			result = 1;
		} else {
			result = atomic_inc_not_zero(&power->usage_count);
		}
	}
	/* Told under the lock, so that no suspend comes between the reference and its event. */
	fl_pm_got(dev->id, result, result == 1, usage_of(dev));
	spin_unlock_irqrestore(&power->lock, irqs);
	return result;
}

int pm_runtime_get_if_active(struct device *dev)
{
	return get_conditional(dev, true);
}

int pm_runtime_get_if_in_use(struct device *dev)
{
	return get_conditional(dev, false);
}

/* --- put ---------------------------------------------------------------------------------- */

int rpm_drop_usage_count(struct device *dev)
{
	int usage = atomic_dec_return(&dev->power.usage_count);

	if (usage >= 0)
		return usage;
	atomic_inc(&dev->power.usage_count);
	fl_pm_underflow(dev->id);
	return -EINVAL;
}

static int put(struct device *dev, int (*algorithm)(struct device *, unsigned int),
	       unsigned int flags)
{
	int usage = rpm_drop_usage_count(dev);

	fl_pm_put(dev->id, usage < 0 ? usage : 0, usage >= 0, usage < 0 ? usage_of(dev) : usage);
	if (usage)
		return usage < 0 ? usage : 0;
	return rpm_locked(dev, algorithm, flags);
}

int pm_runtime_put(struct device *dev)
{
	return put(dev, rpm_idle, RPM_ASYNC);
}

int pm_runtime_put_autosuspend(struct device *dev)
{
	return put(dev, rpm_suspend, RPM_ASYNC | RPM_AUTO);
}

int pm_runtime_put_sync(struct device *dev)
{
	fl_might_sleep("pm_runtime_put_sync");
	return put(dev, rpm_idle, 0);
}

int pm_runtime_put_sync_suspend(struct device *dev)
{
	fl_might_sleep("pm_runtime_put_sync_suspend");
	return put(dev, rpm_suspend, 0);
}

void pm_runtime_put_noidle(struct device *dev)
{
	bool dropped = atomic_add_unless(&dev->power.usage_count, -1, 0);

	fl_pm_put(dev->id, 0, dropped, usage_of(dev));
}

/* --- transitions without a reference -------------------------------------------------------- */

int pm_runtime_suspend(struct device *dev)
{
	fl_might_sleep("pm_runtime_suspend");
	return rpm_locked(dev, rpm_suspend, 0);
}

int pm_runtime_autosuspend(struct device *dev)
{
	fl_might_sleep("pm_runtime_autosuspend");
	return rpm_locked(dev, rpm_suspend, RPM_AUTO);
}

int pm_runtime_resume(struct device *dev)
{
	fl_might_sleep("pm_runtime_resume");
	return rpm_locked(dev, rpm_resume, 0);
}

int pm_runtime_idle(struct device *dev)
{
	fl_might_sleep("pm_runtime_idle");
	return rpm_locked(dev, rpm_idle, 0);
}

int pm_runtime_request_idle(struct device *dev)
{
	return rpm_locked(dev, rpm_idle, RPM_ASYNC);
}

int pm_request_autosuspend(struct device *dev)
{
	return rpm_locked(dev, rpm_suspend, RPM_ASYNC | RPM_AUTO);
}

int pm_request_resume(struct device *dev)
{
	return rpm_locked(dev, rpm_resume, RPM_ASYNC);
}

void pm_runtime_mark_last_busy(struct device *dev)
{
	WRITE_ONCE(dev->power.last_busy, ktime_get_ns());
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modelled: switching runtime PM on and off, and forcing a device up and down (domain.md 3.9). */
#include "internal.h"

#include <linux/printk.h>

static void set_disable_depth(struct device *dev, int depth)
{
	WRITE_ONCE(dev->power.disable_depth, depth);
	fl_pm_enabled(dev->id, depth);
}

void pm_runtime_enable(struct device *dev)
{
	unsigned long irqs;

	spin_lock_irqsave(&dev->power.lock, irqs);
	if (!dev->power.disable_depth) {
		fl_warn("Unbalanced pm_runtime_enable!");
	} else {
		set_disable_depth(dev, dev->power.disable_depth - 1);
		if (!dev->power.disable_depth)
			dev->power.last_status = RPM_INVALID;
	}
	spin_unlock_irqrestore(&dev->power.lock, irqs);
}

static bool is_busy(const struct device *dev)
{
	return dev->power.runtime_status == RPM_SUSPENDING ||
	       dev->power.runtime_status == RPM_RESUMING || dev->power.idle_notification;
}

/* Cancel what is queued, wait for what is under way. Under power.lock, which it drops. */
static void flush(struct device *dev)
{
	rpm_deactivate_timer(dev);
	if (dev->power.request_pending) {
		dev->power.request = RPM_REQ_NONE;
		spin_unlock_irq(&dev->power.lock);
		cancel_work_sync(&dev->power.work);
		spin_lock_irq(&dev->power.lock);
		dev->power.request_pending = false;
	}
	if (is_busy(dev))
		rpm_wait_while(dev, is_busy);
}

static bool resume_is_pending(const struct device *dev)
{
	return dev->power.request_pending && dev->power.request == RPM_REQ_RESUME;
}

int pm_runtime_barrier(struct device *dev)
{
	int result = 0;

	fl_might_sleep("pm_runtime_barrier");
	atomic_inc(&dev->power.usage_count);
	spin_lock_irq(&dev->power.lock);
	if (resume_is_pending(dev)) {
		rpm_resume(dev, 0);
		result = 1;
	}
	flush(dev);
	spin_unlock_irq(&dev->power.lock);
	rpm_put_noidle_internal(dev);
	return result;
}

void __pm_runtime_disable(struct device *dev, bool check_resume)
{
	fl_might_sleep("pm_runtime_disable");
	spin_lock_irq(&dev->power.lock);
	if (dev->power.disable_depth > 0) {
		set_disable_depth(dev, dev->power.disable_depth + 1);
		goto out;
	}
	if (check_resume && resume_is_pending(dev)) {
		/* Somebody has work for the device: up it goes, and stays up meanwhile. */
		atomic_inc(&dev->power.usage_count);
		rpm_resume(dev, 0);
		rpm_put_noidle_internal(dev);
	}
	/* The resume dropped the lock: somebody else may have disabled it in between. */
	set_disable_depth(dev, dev->power.disable_depth + 1);
	if (dev->power.disable_depth == 1) {
		flush(dev);
		dev->power.last_status = dev->power.runtime_status;
	}
out:
	spin_unlock_irq(&dev->power.lock);
}

void pm_runtime_disable(struct device *dev)
{
	__pm_runtime_disable(dev, true);
}

/* Change the children that @parent counts as active for a device that becomes @status. */
static int tell_parent(struct device *dev, struct device *parent, enum rpm_status status)
{
	int error = 0;

	if (status == RPM_SUSPENDED) {
		atomic_add_unless(&parent->power.child_count, -1, 0);
		return 0;
	}
	spin_lock(&parent->power.lock);
	if (!parent->power.disable_depth && !parent->power.ignore_children &&
	    parent->power.runtime_status != RPM_ACTIVE) {
		dev_err(dev,
			"runtime PM trying to activate child device %s but parent (%s) is not "
			"active",
			dev->name, parent->name);
		error = -EBUSY;
	} else if (dev->power.runtime_status == RPM_SUSPENDED) {
		atomic_inc(&parent->power.child_count);
	}
	spin_unlock(&parent->power.lock);
	return error;
}

/*
 * A driver says what the hardware is. Runtime PM is disabled meanwhile, even if only an error had
 * let the caller in. Suppliers follow: up before an active device, let go after a suspended one.
 */
static int set_status(struct device *dev, enum rpm_status status)
{
	struct device *parent = dev->parent;
	bool parent_may_idle = false;
	unsigned long irqs;
	int error = 0;

	spin_lock_irqsave(&dev->power.lock, irqs);
	if (!dev->power.disable_depth && !dev->power.runtime_error) {
		spin_unlock_irqrestore(&dev->power.lock, irqs);
		return -EAGAIN;
	}
	set_disable_depth(dev, dev->power.disable_depth + 1);
	spin_unlock_irqrestore(&dev->power.lock, irqs);

	if (status == RPM_ACTIVE) {
		error = rpm_get_suppliers(dev);
		if (error)
			status = RPM_SUSPENDED;
	}
	spin_lock_irqsave(&dev->power.lock, irqs);
	if (parent && dev->power.runtime_status != status) {
		int parent_error = tell_parent(dev, parent, status);

		parent_may_idle = status == RPM_SUSPENDED && !parent->power.ignore_children;
		if (parent_error) {
			error = parent_error;
			status = RPM_SUSPENDED;
			goto out;
		}
	}
	rpm_set_status(dev, status);
	if (!error)
		dev->power.runtime_error = 0;
out:
	spin_unlock_irqrestore(&dev->power.lock, irqs);
	if (parent_may_idle)
		pm_runtime_request_idle(parent);
	if (status == RPM_SUSPENDED)
		rpm_put_suppliers(dev, true);
	pm_runtime_enable(dev);
	return error;
}

int pm_runtime_set_active(struct device *dev)
{
	return set_status(dev, RPM_ACTIVE);
}

int pm_runtime_set_suspended(struct device *dev)
{
	return set_status(dev, RPM_SUSPENDED);
}

/*
 * The callback runs with runtime PM disabled and the status as it was, so nobody waits for it and
 * pm_runtime_get_if_active() answers -EINVAL meanwhile. The usage count only decides whether the
 * device comes up again with the system.
 */
int pm_runtime_force_suspend(struct device *dev)
{
	int error;

	pm_runtime_disable(dev);
	if (pm_runtime_status_suspended(dev))
		return 0;
	error = pm_domain_runtime_suspend(dev);
	if (error) {
		pm_runtime_enable(dev);
		return error;
	}
	/* One reference is the PM core's own, from the prepare phase of system sleep. */
	if (atomic_read(&dev->power.usage_count) <= 1 &&
	    (atomic_read(&dev->power.child_count) == 0 || dev->power.ignore_children)) {
		pm_runtime_set_suspended(dev);
	} else {
		rpm_set_status(dev, RPM_SUSPENDED);
		dev->power.needs_force_resume = true;
	}
	return 0;
}

int pm_runtime_force_resume(struct device *dev)
{
	int error = 0;

	fl_might_sleep("pm_runtime_force_resume");
	if (pm_runtime_status_suspended(dev) && dev->power.needs_force_resume) {
		rpm_set_status(dev, RPM_ACTIVE);
		error = pm_domain_runtime_resume(dev);
		if (error)
			pm_runtime_set_suspended(dev);
		else
			pm_runtime_mark_last_busy(dev);
	}
	dev->power.needs_force_resume = false;
	pm_runtime_enable(dev);
	return error;
}

/* --- autosuspend -------------------------------------------------------------------------- */

/*
 * A negative delay forbids suspending by a reference of its own; leaving that state drops it.
 */
static void update_autosuspend(struct device *dev, int old_delay, bool old_use)
{
	bool prevented = old_use && old_delay < 0;
	bool prevents = dev->power.use_autosuspend && dev->power.autosuspend_delay < 0;

	if (prevents) {
		if (!prevented) {
			atomic_inc(&dev->power.usage_count);
			rpm_resume(dev, 0);
		}
		return;
	}
	if (prevented)
		rpm_put_noidle_internal(dev);
	rpm_idle(dev, RPM_AUTO);
}

void pm_runtime_set_autosuspend_delay(struct device *dev, int delay_ms)
{
	int old;

	spin_lock_irq(&dev->power.lock);
	old = dev->power.autosuspend_delay;
	dev->power.autosuspend_delay = delay_ms;
	update_autosuspend(dev, old, dev->power.use_autosuspend);
	spin_unlock_irq(&dev->power.lock);
}

static void set_use_autosuspend(struct device *dev, bool use)
{
	bool old;

	spin_lock_irq(&dev->power.lock);
	old = dev->power.use_autosuspend;
	dev->power.use_autosuspend = use;
	update_autosuspend(dev, dev->power.autosuspend_delay, old);
	spin_unlock_irq(&dev->power.lock);
}

void pm_runtime_use_autosuspend(struct device *dev)
{
	set_use_autosuspend(dev, true);
}

void pm_runtime_dont_use_autosuspend(struct device *dev)
{
	set_use_autosuspend(dev, false);
}

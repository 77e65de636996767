/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modelled: the phases of system sleep for one device (domain.md 3.8), and a subject's pm
 * operations. */
#include <faultline/rpm.h>

#include "internal.h"

static int run_sleep_callback(struct device *dev, bool suspend)
{
	const struct dev_pm_ops *ops = dev->pm_ops;
	int (*callback)(struct device *) = suspend ? ops->suspend : ops->resume;
	int error = 0;

	fl_pm_callback(dev->id, true, suspend, 0, true);
	if (callback) {
		fl_subject_enter(suspend ? ops->suspend_name : ops->resume_name);
		error = callback(dev);
		fl_subject_leave();
	}
	fl_pm_callback(dev->id, false, suspend, error, true);
	return error;
}

int fl_rpm_system_sleep(struct device *dev, enum fl_sleep_phase phase)
{
	switch (phase) {
	case FL_SLEEP_PREPARE:
		atomic_inc(&dev->power.usage_count);
		dev->prepared = true;
		return 0;
	case FL_SLEEP_SUSPEND:
		pm_runtime_barrier(dev);
		return run_sleep_callback(dev, true);
	case FL_SLEEP_SUSPEND_LATE:
		__pm_runtime_disable(dev, false);
		return 0;
	case FL_SLEEP_SUSPEND_NOIRQ:
		return pm_domain_suspend_noirq(dev);
	case FL_SLEEP_RESUME_NOIRQ:
		return pm_domain_resume_noirq(dev);
	case FL_SLEEP_RESUME_EARLY:
		pm_runtime_enable(dev);
		return 0;
	case FL_SLEEP_RESUME:
		return run_sleep_callback(dev, false);
	case FL_SLEEP_COMPLETE:
		dev->prepared = false;
		pm_domain_complete(dev);
		if (rpm_drop_usage_count(dev) == 0)
			rpm_locked(dev, rpm_idle, RPM_ASYNC);
		return 0;
	}
	return -EINVAL;
}

int fl_rpm_op(struct device *dev, enum fl_pm_op op)
{
	switch (op) {
	case FL_PM_GET_SYNC:
		return pm_runtime_get_sync(dev);
	case FL_PM_RESUME_AND_GET:
		return pm_runtime_resume_and_get(dev);
	case FL_PM_GET:
		return pm_runtime_get(dev);
	case FL_PM_GET_NORESUME:
		pm_runtime_get_noresume(dev);
		return 0;
	case FL_PM_GET_IF_ACTIVE:
		return pm_runtime_get_if_active(dev);
	case FL_PM_GET_IF_IN_USE:
		return pm_runtime_get_if_in_use(dev);
	case FL_PM_PUT:
		return pm_runtime_put(dev);
	case FL_PM_PUT_SYNC:
		return pm_runtime_put_sync(dev);
	case FL_PM_PUT_AUTOSUSPEND:
		return pm_runtime_put_autosuspend(dev);
	case FL_PM_PUT_NOIDLE:
		pm_runtime_put_noidle(dev);
		return 0;
	case FL_PM_SUSPEND:
		return pm_runtime_suspend(dev);
	case FL_PM_REQUEST_IDLE:
		return pm_runtime_request_idle(dev);
	case FL_PM_MARK_BUSY:
		pm_runtime_mark_last_busy(dev);
		return 0;
	case FL_PM_ENABLE:
		pm_runtime_enable(dev);
		return 0;
	case FL_PM_DISABLE:
		pm_runtime_disable(dev);
		return 0;
	case FL_PM_BARRIER:
		return pm_runtime_barrier(dev);
	case FL_PM_FORCE_SUSPEND:
		return pm_runtime_force_suspend(dev);
	case FL_PM_FORCE_RESUME:
		return pm_runtime_force_resume(dev);
	case FL_PM_OPS:
		break;
	}
	return -EINVAL;
}

void fl_rpm_view(const struct device *dev, struct fl_pm_view *view)
{
	view->status = (enum fl_rpm_status)dev->power.runtime_status;
	view->usage_count = dev->power.usage_count.counter;
	view->child_count = dev->power.child_count.counter;
	view->disable_depth = dev->power.disable_depth;
	view->runtime_error = dev->power.runtime_error;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modelled: the driver's callbacks with the power domain around them (domain.md 3.7). */
#include "internal.h"

#include <linux/pm_domain.h>

int rpm_run_runtime_suspend(struct device *dev)
{
	int error = 0;

	fl_pm_callback(dev->id, true, true, 0, false);
	if (dev->pm_ops && dev->pm_ops->runtime_suspend) {
		fl_subject_enter(dev->pm_ops->runtime_suspend_name);
		error = dev->pm_ops->runtime_suspend(dev);
		fl_subject_leave();
	}
	fl_pm_callback(dev->id, false, true, error, false);
	return error;
}

int rpm_run_runtime_resume(struct device *dev)
{
	int error = 0;

	fl_pm_callback(dev->id, true, false, 0, false);
	if (dev->pm_ops && dev->pm_ops->runtime_resume) {
		fl_subject_enter(dev->pm_ops->runtime_resume_name);
		error = dev->pm_ops->runtime_resume(dev);
		fl_subject_leave();
	}
	fl_pm_callback(dev->id, false, false, error, false);
	return error;
}

static int domain_up(struct device *dev)
{
	int error;

	if (!dev->pm_domain || dev->domain_on)
		return 0;
	error = fl_domain_on(dev->id);
	if (!error)
		dev->domain_on = true;
	return error;
}

static void domain_down(struct device *dev)
{
	if (!dev->pm_domain || !dev->domain_on)
		return;
	dev->domain_on = false;
	fl_domain_off(dev->id);
}

int pm_domain_runtime_suspend(struct device *dev)
{
	int error = rpm_run_runtime_suspend(dev);

	/* During system sleep the domain goes off in the noirq phase only. */
	if (!error && !dev->prepared)
		domain_down(dev);
	return error;
}

int pm_domain_runtime_resume(struct device *dev)
{
	int error = domain_up(dev);

	if (error)
		return error;
	error = rpm_run_runtime_resume(dev);
	if (error && !dev->prepared)
		domain_down(dev);
	return error;
}

int pm_domain_suspend_noirq(struct device *dev)
{
	domain_down(dev);
	return 0;
}

int pm_domain_resume_noirq(struct device *dev)
{
	return domain_up(dev);
}

void pm_domain_complete(struct device *dev)
{
	if (pm_runtime_status_suspended(dev))
		domain_down(dev);
}

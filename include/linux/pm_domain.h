/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: the power domain that stands around a device's callbacks, as genpd does: on
 * before the resume callback, off after the suspend callback, never off between the prepare and
 * complete phases of system sleep but in its noirq phase.
 */
#ifndef FAULTLINE_LINUX_PM_DOMAIN_H
#define FAULTLINE_LINUX_PM_DOMAIN_H

#include <linux/device.h>

/* The runtime callbacks of @dev with its domain around them; 0 or a negative errno. */
int pm_domain_runtime_suspend(struct device *dev);
int pm_domain_runtime_resume(struct device *dev);
/* The noirq phases of system sleep. */
int pm_domain_suspend_noirq(struct device *dev);
int pm_domain_resume_noirq(struct device *dev);
/* The complete phase: a suspended device's domain goes off now. */
void pm_domain_complete(struct device *dev);

#endif

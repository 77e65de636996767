/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a subject's table of operations to the modelled runtime PM: a subject that stands on
 * include/linux calls these in its pm, pm_view and system_sleep.
 */
#ifndef FAULTLINE_RPM_H
#define FAULTLINE_RPM_H

#include <faultline/subject.h>

#ifdef __cplusplus
extern "C" {
#endif

struct device;

/* Do @op on @dev as a driver would; returns the call's result, 0 for those without one. */
int fl_rpm_op(struct device *dev, enum fl_pm_op op);
/* Look at @dev; no scheduling point. */
void fl_rpm_view(const struct device *dev, struct fl_pm_view *view);
/*
 * One phase of system sleep for @dev, as the PM core does it (domain.md 3.8). Interrupts and the
 * freezer belong to the machine (fl_irqs_suspend(), fl_workqueue_freeze()), not to a device.
 */
int fl_rpm_system_sleep(struct device *dev, enum fl_sleep_phase phase);

#ifdef __cplusplus
}
#endif

#endif

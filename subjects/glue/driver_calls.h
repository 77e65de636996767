/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Given to the driver's own files (-include), not to the PM core: three calls of runtime PM that are
 * inline, and so leave no symbol to redirect, go to the glue. The others are redirected in the objects
 * (subjects/build/link.sh).
 */
#ifndef FAULTLINE_DRIVER_CALLS_H
#define FAULTLINE_DRIVER_CALLS_H

#include <linux/pm_runtime.h>

int glue_pm_resume_and_get(struct device *dev);
void glue_pm_get_noresume(struct device *dev);
void glue_pm_put_noidle(struct device *dev);
#define pm_runtime_resume_and_get glue_pm_resume_and_get
#define pm_runtime_get_noresume glue_pm_get_noresume
#define pm_runtime_put_noidle glue_pm_put_noidle

#endif

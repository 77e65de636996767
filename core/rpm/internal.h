/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the modelled runtime PM core share. */
#ifndef FAULTLINE_RPM_INTERNAL_H
#define FAULTLINE_RPM_INTERNAL_H

#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>

/* How a transition is asked for. */
#define RPM_ASYNC  0x01u /* queue it */
#define RPM_NOWAIT 0x02u /* do not wait for a concurrent one */
#define RPM_AUTO   0x08u /* after the autosuspend delay */

/*
 * The algorithms (domain.md 3.3, 3.4). Called with power.lock held and interrupts off; they drop
 * the lock around callbacks and waits.
 */
int rpm_suspend(struct device *dev, unsigned int flags);
int rpm_resume(struct device *dev, unsigned int flags);
int rpm_idle(struct device *dev, unsigned int flags);

/* Under power.lock: change the status and tell; drop what is queued or armed. */
void rpm_set_status(struct device *dev, enum rpm_status status);
void rpm_deactivate_timer(struct device *dev);
void rpm_cancel_pending(struct device *dev);
/* When the autosuspend delay ends, in ns; 0: now, or it is not used. */
u64 rpm_autosuspend_expiration(struct device *dev);
/* Sleep, with power.lock dropped, until @busy(dev) is false. */
void rpm_wait_while(struct device *dev, bool (*busy)(const struct device *dev));

/* Take the lock, run @algorithm, drop the lock. */
int rpm_locked(struct device *dev, int (*algorithm)(struct device *dev, unsigned int flags),
	       unsigned int flags);

/* Work and timer of a device. */
void pm_runtime_work(struct work_struct *work);
enum hrtimer_restart pm_suspend_timer_fn(struct hrtimer *timer);

/* References that the PM core takes for itself: not told to the checkers of a driver's balance. */
int rpm_get_sync_internal(struct device *dev);
void rpm_put_noidle_internal(struct device *dev);
/* One reference less: the count, or -EINVAL after an underflow, which is told and taken back. */
int rpm_drop_usage_count(struct device *dev);

/* The driver's callbacks, by kind, with entry point and events around them. */
int rpm_run_runtime_suspend(struct device *dev);
int rpm_run_runtime_resume(struct device *dev);

/* Suppliers of a consumer (device links). */
int rpm_get_suppliers(struct device *dev);
void rpm_put_suppliers(struct device *dev, bool try_to_suspend);
void rpm_suspend_suppliers(struct device *dev);

#endif

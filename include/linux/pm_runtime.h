/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: runtime PM. Semantics and return values are those of Linux 6.12
 * (Documentation/power/runtime_pm.rst), but that a call which may sleep is checked always, not only
 * when it happens to have something to wait for.
 */
#ifndef FAULTLINE_LINUX_PM_RUNTIME_H
#define FAULTLINE_LINUX_PM_RUNTIME_H

#include <linux/device.h>
#include <linux/err.h>

/* --- references --------------------------------------------------------------------------- */

/*
 * Take a reference and resume, waiting. Returns 1 (was active), 0 (resumed) or a negative errno;
 * the reference is taken in every case. May sleep.
 */
int pm_runtime_get_sync(struct device *dev);
/* The same, but without a reference on error; 0 or a negative errno. May sleep. */
int __must_check pm_runtime_resume_and_get(struct device *dev);
/* Take a reference and queue a resume. Atomic-safe. */
int pm_runtime_get(struct device *dev);
void pm_runtime_get_noresume(struct device *dev);
/* 1 and a reference if ACTIVE; 0 if not; -EINVAL if runtime PM is disabled. Atomic-safe. */
int __must_check pm_runtime_get_if_active(struct device *dev);
/* The same, if it is in use already. */
int __must_check pm_runtime_get_if_in_use(struct device *dev);

/* Drop a reference; at 0 queue an idle check. Atomic-safe. */
int pm_runtime_put(struct device *dev);
/* Drop a reference; at 0 queue a suspend after the autosuspend delay. Atomic-safe. */
int pm_runtime_put_autosuspend(struct device *dev);
/* Drop a reference; at 0 suspend. May sleep. */
int pm_runtime_put_sync(struct device *dev);
int pm_runtime_put_sync_suspend(struct device *dev);
void pm_runtime_put_noidle(struct device *dev);

/* --- transitions -------------------------------------------------------------------------- */

/* May sleep. */
int pm_runtime_suspend(struct device *dev);
int pm_runtime_resume(struct device *dev);
int pm_runtime_idle(struct device *dev);
int pm_runtime_autosuspend(struct device *dev);
/* Atomic-safe. */
int pm_runtime_request_idle(struct device *dev);
int pm_request_autosuspend(struct device *dev);
int pm_request_resume(struct device *dev);

/* --- set-up ------------------------------------------------------------------------------- */

void pm_runtime_enable(struct device *dev);
/* Runs a pending resume request, waits for a transition that is under way. May sleep. */
void pm_runtime_disable(struct device *dev);
/* The same with a choice: a pending resume request is dropped unless @check_resume. */
void __pm_runtime_disable(struct device *dev, bool check_resume);
/* 1 if a pending resume request had to be run. May sleep. */
int pm_runtime_barrier(struct device *dev);
/* Only while disabled, or after an error, which they clear; 0 or -EAGAIN. */
int pm_runtime_set_active(struct device *dev);
int pm_runtime_set_suspended(struct device *dev);
/* System sleep by means of the runtime callbacks, whatever the usage count. May sleep. */
int pm_runtime_force_suspend(struct device *dev);
int pm_runtime_force_resume(struct device *dev);
void pm_runtime_use_autosuspend(struct device *dev);
void pm_runtime_dont_use_autosuspend(struct device *dev);
void pm_runtime_set_autosuspend_delay(struct device *dev, int delay_ms);
void pm_runtime_mark_last_busy(struct device *dev);

/* --- looking; unlocked, so the answer may be stale ------------------------------------------ */

static inline bool pm_runtime_enabled(struct device *dev)
{
	return !READ_ONCE(dev->power.disable_depth);
}

static inline bool pm_runtime_suspended(struct device *dev)
{
	return READ_ONCE(dev->power.runtime_status) == RPM_SUSPENDED && pm_runtime_enabled(dev);
}

static inline bool pm_runtime_status_suspended(struct device *dev)
{
	return READ_ONCE(dev->power.runtime_status) == RPM_SUSPENDED;
}

static inline bool pm_runtime_active(struct device *dev)
{
	return READ_ONCE(dev->power.runtime_status) == RPM_ACTIVE || !pm_runtime_enabled(dev);
}

#endif

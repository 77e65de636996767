/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: a device's power management, its callbacks and its runtime state. */
#ifndef FAULTLINE_LINUX_PM_H
#define FAULTLINE_LINUX_PM_H

#include <linux/atomic.h>
#include <linux/hrtimer.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct device;

enum rpm_status {
	RPM_INVALID = -1,
	RPM_ACTIVE = 0,
	RPM_RESUMING,
	RPM_SUSPENDED,
	RPM_SUSPENDING,
};

/* In the order of precedence: a pending request is not replaced by a weaker one. */
enum rpm_request {
	RPM_REQ_NONE = 0,
	RPM_REQ_IDLE,
	RPM_REQ_SUSPEND,
	RPM_REQ_AUTOSUSPEND,
	RPM_REQ_RESUME,
};

/* Callbacks with their names, which reports use. */
struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
	int (*runtime_suspend)(struct device *dev);
	int (*runtime_resume)(struct device *dev);
	int (*runtime_idle)(struct device *dev);
	const char *suspend_name, *resume_name;
	const char *runtime_suspend_name, *runtime_resume_name, *runtime_idle_name;
};

#define SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)                                                 \
	.suspend = suspend_fn, .suspend_name = #suspend_fn, .resume = resume_fn,                   \
	.resume_name = #resume_fn
#define RUNTIME_PM_OPS(suspend_fn, resume_fn, idle_fn)                                             \
	.runtime_suspend = suspend_fn, .runtime_suspend_name = #suspend_fn,                        \
	.runtime_resume = resume_fn, .runtime_resume_name = #resume_fn, .runtime_idle = idle_fn,   \
	.runtime_idle_name = #idle_fn

struct dev_pm_info {
	spinlock_t lock;
	wait_queue_head_t wait_queue;
	struct hrtimer suspend_timer;
	struct work_struct work;
	u64 timer_expires;
	atomic_t usage_count;
	atomic_t child_count;
	int disable_depth;
	bool idle_notification;
	bool request_pending;
	bool deferred_resume;
	bool needs_force_resume;
	bool ignore_children;
	bool use_autosuspend;
	bool timer_autosuspends;
	enum rpm_request request;
	enum rpm_status runtime_status;
	enum rpm_status last_status; /* status when runtime PM was disabled */
	int runtime_error;
	int autosuspend_delay; /* ms; negative: never */
	u64 last_busy;	       /* ns */
};

#endif

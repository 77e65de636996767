/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modelled: the transitions of runtime PM (domain.md 3.3, 3.4).
 *
 * One thing decides who wins a race between a suspend and a reference: the suspend looks at
 * usage_count and sets RPM_SUSPENDING within one hold of power.lock, and pm_runtime_get_if_active()
 * looks at the status and counts within one hold of it. Everything else may happen in any order,
 * with the lock dropped: the callback, the suppliers, the domain.
 */
#include "internal.h"

#include <linux/container_of.h>

void rpm_set_status(struct device *dev, enum rpm_status status)
{
	enum rpm_status before = dev->power.runtime_status;

	fl_atomic_point(&dev->power.runtime_status, FL_ATOMIC_WRITE);
	fl_linux_store(&dev->power.runtime_status, status, __ATOMIC_RELAXED);
	if (before != status)
		fl_pm_status(dev->id, (unsigned int)before, (unsigned int)status);
}

void rpm_deactivate_timer(struct device *dev)
{
	if (dev->power.timer_expires) {
		hrtimer_try_to_cancel(&dev->power.suspend_timer);
		dev->power.timer_expires = 0;
	}
}

void rpm_cancel_pending(struct device *dev)
{
	rpm_deactivate_timer(dev);
	/* The work item finds nothing to do. */
	dev->power.request = RPM_REQ_NONE;
}

u64 rpm_autosuspend_expiration(struct device *dev)
{
	u64 expires;

	if (!dev->power.use_autosuspend || dev->power.autosuspend_delay < 0)
		return 0;
	expires = READ_ONCE(dev->power.last_busy);
	expires += (u64)dev->power.autosuspend_delay * NSEC_PER_MSEC;
	return expires > ktime_get_ns() ? expires : 0;
}

void rpm_wait_while(struct device *dev, bool (*busy)(const struct device *dev))
{
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&dev->power.wait_queue, &wait, TASK_UNINTERRUPTIBLE);
		if (!busy(dev))
			break;
		spin_unlock_irq(&dev->power.lock);
		schedule();
		spin_lock_irq(&dev->power.lock);
	}
	finish_wait(&dev->power.wait_queue, &wait);
}

static bool is_suspending(const struct device *dev)
{
	return dev->power.runtime_status == RPM_SUSPENDING;
}

static bool is_in_transition(const struct device *dev)
{
	return dev->power.runtime_status == RPM_SUSPENDING ||
	       dev->power.runtime_status == RPM_RESUMING;
}

static void queue_request(struct device *dev, enum rpm_request request)
{
	dev->power.request = request;
	if (dev->power.request_pending)
		return;
	dev->power.request_pending = true;
	queue_work(pm_wq, &dev->power.work);
}

/*
 * Run @callback with the lock dropped and interrupts on. The suppliers stand around it: pulled up
 * before a resume, let go after a suspend. The error latches: until the status is set again,
 * nothing else is tried.
 */
static int run_callback(struct device *dev, int (*callback)(struct device *dev))
{
	bool resuming = dev->power.runtime_status == RPM_RESUMING;
	int error = 0;

	spin_unlock_irq(&dev->power.lock);
	if (resuming && dev->link_count) {
		error = rpm_get_suppliers(dev);
		if (error)
			rpm_put_suppliers(dev, true);
	}
	if (!error) {
		error = callback(dev);
		if (dev->link_count && resuming == (error != 0))
			rpm_put_suppliers(dev, false);
	}
	spin_lock_irq(&dev->power.lock);
	dev->power.runtime_error = error;
	/* -EACCES means "disabled" to callers, so a callback cannot say it. */
	return error == -EACCES ? -EIO : error;
}

static int check_suspend_allowed(struct device *dev)
{
	const struct dev_pm_info *power = &dev->power;

	if (power->runtime_error)
		return -EINVAL;
	if (power->disable_depth > 0)
		return -EACCES;
	if (atomic_read(&power->usage_count))
		return -EAGAIN;
	if (!power->ignore_children && atomic_read(&power->child_count))
		return -EBUSY;
	/* A resume that is asked for goes before a suspend. */
	if ((power->deferred_resume && power->runtime_status == RPM_SUSPENDING) ||
	    (power->request_pending && power->request == RPM_REQ_RESUME))
		return -EAGAIN;
	return power->runtime_status == RPM_SUSPENDED;
}

/* The delay has not ended: see to it that the timer looks again when it has. */
static void arm_autosuspend(struct device *dev, u64 expires)
{
	dev->power.request = RPM_REQ_NONE;
	/* A timer that fires earlier stays: its callback checks everything again. */
	if (!dev->power.timer_expires || dev->power.timer_expires > expires) {
		u64 slack = (u64)dev->power.autosuspend_delay * (NSEC_PER_MSEC / 4);

		dev->power.timer_expires = expires;
		hrtimer_start_range_ns(&dev->power.suspend_timer, ns_to_ktime(expires), slack,
				       HRTIMER_MODE_ABS);
	}
	dev->power.timer_autosuspends = true;
}

/* The device is down: tell whoever waits, or wants it up again, or may now go down as well. */
static int suspended(struct device *dev)
{
	struct device *parent = dev->parent;

	rpm_set_status(dev, RPM_SUSPENDED);
	rpm_deactivate_timer(dev);
	if (parent)
		atomic_add_unless(&parent->power.child_count, -1, 0);
	wake_up_all(&dev->power.wait_queue);
	if (dev->power.deferred_resume) {
		dev->power.deferred_resume = false;
		rpm_resume(dev, 0);
		return -EAGAIN;
	}
	if ((parent && !parent->power.ignore_children) || dev->link_count) {
		spin_unlock_irq(&dev->power.lock);
		if (parent && !parent->power.ignore_children)
			rpm_locked(parent, rpm_idle, RPM_ASYNC);
		rpm_suspend_suppliers(dev);
		spin_lock_irq(&dev->power.lock);
	}
	return 0;
}

int rpm_suspend(struct device *dev, unsigned int flags)
{
	int result;

repeat:
	result = check_suspend_allowed(dev);
	if (result)
		return result;
	if (dev->power.runtime_status == RPM_RESUMING && !(flags & RPM_ASYNC))
		return -EAGAIN;

	if ((flags & RPM_AUTO) && dev->power.runtime_status != RPM_SUSPENDING) {
		u64 expires = rpm_autosuspend_expiration(dev);

		if (expires) {
			arm_autosuspend(dev, expires);
			return 0;
		}
	}
	rpm_cancel_pending(dev);

	if (dev->power.runtime_status == RPM_SUSPENDING) {
		if (flags & (RPM_ASYNC | RPM_NOWAIT))
			return -EINPROGRESS;
		rpm_wait_while(dev, is_suspending);
		goto repeat;
	}
	if (flags & RPM_ASYNC) {
		queue_request(dev, flags & RPM_AUTO ? RPM_REQ_AUTOSUSPEND : RPM_REQ_SUSPEND);
		return 0;
	}

	rpm_set_status(dev, RPM_SUSPENDING);
	result = run_callback(dev, pm_domain_runtime_suspend);
	if (!result)
		return suspended(dev);

	rpm_set_status(dev, RPM_ACTIVE);
	dev->power.deferred_resume = false;
	wake_up_all(&dev->power.wait_queue);
	if (result == -EAGAIN || result == -EBUSY) {
		/* Not now, says the driver; no error. If it was busy since, try again later. */
		dev->power.runtime_error = 0;
		if ((flags & RPM_AUTO) && rpm_autosuspend_expiration(dev))
			goto repeat;
	} else {
		rpm_cancel_pending(dev);
	}
	return result;
}

/* Hold the parent up during the resume; called and returns with the lock of @dev held. */
static int resume_parent(struct device *dev, struct device *parent)
{
	int error = 0;

	spin_unlock_irq(&dev->power.lock);
	atomic_inc(&parent->power.usage_count);
	spin_lock_irq(&parent->power.lock);
	if (!parent->power.disable_depth && !parent->power.ignore_children) {
		rpm_resume(parent, 0);
		if (parent->power.runtime_status != RPM_ACTIVE)
			error = -EBUSY;
	}
	spin_unlock_irq(&parent->power.lock);
	spin_lock_irq(&dev->power.lock);
	return error;
}

static int resume_not_allowed(const struct device *dev)
{
	if (dev->power.runtime_error)
		return -EINVAL;
	if (!dev->power.disable_depth)
		return 0;
	return dev->power.runtime_status == RPM_ACTIVE && dev->power.last_status == RPM_ACTIVE
		       ? 1
		       : -EACCES;
}

int rpm_resume(struct device *dev, unsigned int flags)
{
	struct device *parent = NULL;
	int result;

repeat:
	result = resume_not_allowed(dev);
	if (result)
		goto out;
	dev->power.request = RPM_REQ_NONE;
	/* An autosuspend timer may run on: it will look again. */
	if (!dev->power.timer_autosuspends)
		rpm_deactivate_timer(dev);
	if (dev->power.runtime_status == RPM_ACTIVE) {
		result = 1;
		goto out;
	}
	if (is_in_transition(dev)) {
		if (flags & (RPM_ASYNC | RPM_NOWAIT)) {
			if (dev->power.runtime_status == RPM_SUSPENDING)
				dev->power.deferred_resume = true;
			if (dev->power.runtime_status == RPM_RESUMING || (flags & RPM_NOWAIT))
				result = -EINPROGRESS;
			goto out;
		}
		rpm_wait_while(dev, is_in_transition);
		goto repeat;
	}
	if (flags & RPM_ASYNC) {
		queue_request(dev, RPM_REQ_RESUME);
		goto out;
	}
	if (!parent && dev->parent) {
		parent = dev->parent;
		result = resume_parent(dev, parent);
		if (result)
			goto out;
		goto repeat;
	}

	rpm_set_status(dev, RPM_RESUMING);
	result = run_callback(dev, pm_domain_runtime_resume);
	if (result) {
		rpm_set_status(dev, RPM_SUSPENDED);
		rpm_cancel_pending(dev);
	} else {
		rpm_set_status(dev, RPM_ACTIVE);
		pm_runtime_mark_last_busy(dev);
		if (parent)
			atomic_inc(&parent->power.child_count);
	}
	wake_up_all(&dev->power.wait_queue);
	if (result >= 0)
		rpm_idle(dev, RPM_ASYNC);
out:
	if (parent) {
		spin_unlock_irq(&dev->power.lock);
		if (rpm_drop_usage_count(parent) == 0)
			rpm_locked(parent, rpm_idle, RPM_ASYNC);
		spin_lock_irq(&dev->power.lock);
	}
	return result;
}

int rpm_idle(struct device *dev, unsigned int flags)
{
	int result = check_suspend_allowed(dev);

	/* What may not suspend says why; a device that is down already is none to be idle. */
	if (result < 0)
		return result;
	result = 0;
	if (dev->power.runtime_status != RPM_ACTIVE)
		result = -EAGAIN;
	else if (dev->power.request_pending && dev->power.request > RPM_REQ_IDLE)
		result = -EAGAIN;
	else if (dev->power.idle_notification)
		result = -EINPROGRESS;
	if (result)
		return result;
	dev->power.request = RPM_REQ_NONE;
	if (!dev->pm_ops || !dev->pm_ops->runtime_idle)
		return rpm_suspend(dev, flags | RPM_AUTO);
	if (flags & RPM_ASYNC) {
		queue_request(dev, RPM_REQ_IDLE);
		return 0;
	}
	dev->power.idle_notification = true;
	spin_unlock_irq(&dev->power.lock);
	fl_subject_enter(dev->pm_ops->runtime_idle_name);
	result = dev->pm_ops->runtime_idle(dev);
	fl_subject_leave();
	spin_lock_irq(&dev->power.lock);
	dev->power.idle_notification = false;
	wake_up_all(&dev->power.wait_queue);
	return result ? result : rpm_suspend(dev, flags | RPM_AUTO);
}

int rpm_locked(struct device *dev, int (*algorithm)(struct device *dev, unsigned int flags),
	       unsigned int flags)
{
	unsigned long irqs;
	int result;

	spin_lock_irqsave(&dev->power.lock, irqs);
	result = algorithm(dev, flags);
	spin_unlock_irqrestore(&dev->power.lock, irqs);
	return result;
}

/* What was queued on pm_wq. The request may have changed, or gone, since. */
void pm_runtime_work(struct work_struct *work)
{
	struct device *dev = container_of(work, struct device, power.work);
	enum rpm_request request;

	spin_lock_irq(&dev->power.lock);
	if (dev->power.request_pending) {
		request = dev->power.request;
		dev->power.request = RPM_REQ_NONE;
		dev->power.request_pending = false;
		switch (request) {
		case RPM_REQ_NONE:
			break;
		case RPM_REQ_IDLE:
			rpm_idle(dev, RPM_NOWAIT);
			break;
		case RPM_REQ_SUSPEND:
			rpm_suspend(dev, RPM_NOWAIT);
			break;
		case RPM_REQ_AUTOSUSPEND:
			rpm_suspend(dev, RPM_NOWAIT | RPM_AUTO);
			break;
		case RPM_REQ_RESUME:
			rpm_resume(dev, RPM_NOWAIT);
			break;
		}
	}
	spin_unlock_irq(&dev->power.lock);
}

/* The autosuspend timer: hard interrupt; only queues work, which checks everything again. */
enum hrtimer_restart pm_suspend_timer_fn(struct hrtimer *timer)
{
	struct device *dev = container_of(timer, struct device, power.suspend_timer);
	unsigned long irqs;

	spin_lock_irqsave(&dev->power.lock, irqs);
	if (dev->power.timer_expires && dev->power.timer_expires <= ktime_get_ns()) {
		dev->power.timer_expires = 0;
		rpm_suspend(dev, dev->power.timer_autosuspends ? RPM_ASYNC | RPM_AUTO : RPM_ASYNC);
	}
	spin_unlock_irqrestore(&dev->power.lock, irqs);
	return HRTIMER_NORESTART;
}

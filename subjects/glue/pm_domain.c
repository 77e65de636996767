// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: a power domain around the driver's callbacks, in the way of genpd (domain.md, 3.7). */
#include "glue.h"

#include <linux/pm_runtime.h>

/* Of each device that has a domain of its own. */
static struct {
	bool attached;
	bool on;
	bool prepared;	/* between prepare and complete of system sleep: no runtime power-off */
	bool going_off; /* decided, and not done yet: genpd holds its lock from the one to the other */
	bool awaited;
} domains[FL_DEVICES];

static int run_callback(struct device *dev, bool suspend)
{
	const struct dev_pm_ops *ops = dev->driver ? dev->driver->pm : NULL;
	int (*callback)(struct device *) =
		!ops ? NULL : suspend ? ops->runtime_suspend : ops->runtime_resume;
	int id = glue_device_id(dev);
	int error = 0;

	fl_pm_callback(id, true, suspend, 0, false);
	if (callback) {
		fl_subject_enter(glue_symbol(callback));
		error = callback(dev);
		fl_subject_leave();
	}
	fl_pm_callback(id, false, suspend, error, false);
	return error;
}

int glue_domain_up(struct device *dev)
{
	int id = glue_device_id(dev);
	int error;

	if (id < 0 || !domains[id].attached)
		return 0;
	while (domains[id].going_off) {
		domains[id].awaited = true;
		fl_wait_prepare(&domains[id], "genpd lock");
		if (domains[id].going_off)
			fl_wait_schedule();
		fl_wait_finish();
	}
	if (domains[id].on)
		return 0;
	error = fl_domain_on(id);
	if (!error)
		domains[id].on = true;
	return error;
}

void glue_domain_down(struct device *dev)
{
	int id = glue_device_id(dev);

	if (id < 0 || !domains[id].attached || !domains[id].on)
		return;
	domains[id].on = false;
	domains[id].going_off = true;
	fl_domain_off(id);
	domains[id].going_off = false;
	if (!domains[id].awaited)
		return;
	domains[id].awaited = false;
	fl_wait_wake(&domains[id], true);
}

static bool prepared(const struct device *dev)
{
	return domains[glue_device_id(dev)].prepared;
}

static int domain_runtime_suspend(struct device *dev)
{
	GLUE_INSIDE();
	int error = run_callback(dev, true);

	if (!error && !prepared(dev))
		glue_domain_down(dev);
	return error;
}

static int domain_runtime_resume(struct device *dev)
{
	GLUE_INSIDE();
	int error;

	/* A forced resume has changed the status without the lock. */
	glue_pm_watch(&dev->power.lock);
	error = glue_domain_up(dev);
	if (error)
		return error;
	error = run_callback(dev, false);
	if (error && !prepared(dev))
		glue_domain_down(dev);
	return error;
}

static struct dev_pm_domain domain = {
	.ops = {
		.runtime_suspend = domain_runtime_suspend,
		.runtime_resume = domain_runtime_resume,
	},
};

/* Its callbacks are told to the floor; it has no domain, or switches its own. */
void glue_callbacks_watch(struct device *dev)
{
	dev->pm_domain = &domain;
}

/* The floor starts with all domains on. */
void glue_domain_attach(struct device *dev)
{
	int id = glue_device_id(dev);

	domains[id].attached = true;
	domains[id].on = true;
	glue_callbacks_watch(dev);
}

void glue_set_prepared(struct device *dev, bool is)
{
	domains[glue_device_id(dev)].prepared = is;
}

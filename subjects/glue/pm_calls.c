// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: runtime PM as drivers call it: the tree's own function, with what the checkers want to
 * know told to the floor. The driver's objects are redirected here; the PM core's own calls are not.
 *
 * The tree looks at the context only when it is about to sleep; here a call that may sleep is flagged
 * always, for whether it does is a matter of luck.
 */
#include "glue.h"

#include <linux/pm_runtime.h>

/* The context in which the PM core has complained of an underflow since it was last asked. */
static int underflow_context = -1;

void glue_pm_underflow(const struct device *dev)
{
	int id = glue_device_id(dev);

	underflow_context = fl_context_id();
	if (id >= 0)
		fl_pm_underflow(id);
}

static int usage(const struct device *dev)
{
	return dev->power.usage_count.counter;
}

static void got(struct device *dev, int result, bool reference)
{
	int id = glue_device_id(dev);

	if (id >= 0)
		fl_pm_got(id, result, reference, usage(dev));
}

static void put(struct device *dev, int result, bool reference)
{
	int id = glue_device_id(dev);

	if (id >= 0)
		fl_pm_put(id, result, reference, usage(dev));
}

static void may_sleep(const struct device *dev, int rpmflags, const char *what)
{
	if (!(rpmflags & RPM_ASYNC) && !dev->power.irq_safe)
		fl_might_sleep(what);
}

/* Before a call that drops a reference: nobody has complained in this context yet. */
static void put_begins(void)
{
	if (underflow_context == fl_context_id())
		underflow_context = -1;
}

static bool put_dropped(void)
{
	return underflow_context != fl_context_id() || underflow_context == -1;
}

int glue_pm_resume(struct device *dev, int rpmflags)
{
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_resume");
	result = __pm_runtime_resume(dev, rpmflags);
	if (rpmflags & RPM_GET_PUT)
		got(dev, result, true);
	return result;
}

int glue_pm_suspend(struct device *dev, int rpmflags)
{
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_suspend");
	put_begins();
	result = __pm_runtime_suspend(dev, rpmflags);
	if (rpmflags & RPM_GET_PUT)
		put(dev, result, put_dropped());
	return result;
}

int glue_pm_idle(struct device *dev, int rpmflags)
{
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_idle");
	put_begins();
	result = __pm_runtime_idle(dev, rpmflags);
	if (rpmflags & RPM_GET_PUT)
		put(dev, result, put_dropped());
	return result;
}

/* get_sync and, on failure, put_noidle: nobody but the PM core sees the reference in between. */
int glue_pm_resume_and_get(struct device *dev)
{
	int result;

	may_sleep(dev, 0, "pm_runtime_resume_and_get");
	result = __pm_runtime_resume(dev, RPM_GET_PUT);
	if (result < 0)
		pm_runtime_put_noidle(dev);
	else
		result = 0;
	got(dev, result, result == 0);
	return result;
}

void glue_pm_get_noresume(struct device *dev)
{
	fl_atomic_point(&dev->power.usage_count, 3);
	pm_runtime_get_noresume(dev);
	got(dev, 0, true);
}

void glue_pm_put_noidle(struct device *dev)
{
	int before;

	fl_atomic_point(&dev->power.usage_count, 3);
	before = usage(dev);
	pm_runtime_put_noidle(dev);
	put(dev, 0, before > 0);
}

/* The second parameter arrives from trees that have one. */
int glue_pm_get_if_active(struct device *dev, bool ign_usage_count)
{
	int result = glue_real_get_if_active(dev, ign_usage_count);

	got(dev, result, result == 1);
	return result;
}

int glue_pm_get_if_in_use(struct device *dev)
{
	int result = glue_real_get_if_in_use(dev);

	got(dev, result, result == 1);
	return result;
}

int glue_pm_barrier(struct device *dev)
{
	fl_might_sleep("pm_runtime_barrier");
	/* The result became void in later trees. */
	pm_runtime_barrier(dev);
	return 0;
}

void glue_pm_disable(struct device *dev, bool check_resume)
{
	fl_might_sleep("pm_runtime_disable");
	__pm_runtime_disable(dev, check_resume);
}

/*
 * The tree changes the status without power.lock here, so the watch on that lock does not see it. A
 * callback that follows the change looks by itself (pm_domain.c).
 */
int glue_pm_force_suspend(struct device *dev)
{
	int result;

	fl_might_sleep("pm_runtime_force_suspend");
	result = pm_runtime_force_suspend(dev);
	glue_pm_watch(&dev->power.lock);
	return result;
}

int glue_pm_force_resume(struct device *dev)
{
	fl_might_sleep("pm_runtime_force_resume");
	return pm_runtime_force_resume(dev);
}

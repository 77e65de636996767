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

/* Of each context, and of the code outside a run: has the PM core complained of an underflow in it? */
static bool underflows[FL_MAX_CONTEXTS + 1];

static bool *underflow(void)
{
	int context = fl_context_id();

	return &underflows[context < 0 ? FL_MAX_CONTEXTS : context];
}

void glue_pm_underflow(const struct device *dev)
{
	int id = glue_device_id(dev);

	*underflow() = true;
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
	*underflow() = false;
}

static bool put_dropped(void)
{
	return !*underflow();
}

int glue_pm_resume(struct device *dev, int rpmflags)
{
	GLUE_INSIDE();
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_resume");
	glue_go_out();
	result = __pm_runtime_resume(dev, rpmflags);
	glue_come_in();
	if (rpmflags & RPM_GET_PUT)
		got(dev, result, true);
	return result;
}

int glue_pm_suspend(struct device *dev, int rpmflags)
{
	GLUE_INSIDE();
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_suspend");
	put_begins();
	glue_go_out();
	result = __pm_runtime_suspend(dev, rpmflags);
	glue_come_in();
	if (rpmflags & RPM_GET_PUT)
		put(dev, result, put_dropped());
	return result;
}

int glue_pm_idle(struct device *dev, int rpmflags)
{
	GLUE_INSIDE();
	int result;

	may_sleep(dev, rpmflags, "pm_runtime_idle");
	put_begins();
	glue_go_out();
	result = __pm_runtime_idle(dev, rpmflags);
	glue_come_in();
	if (rpmflags & RPM_GET_PUT)
		put(dev, result, put_dropped());
	return result;
}

/* get_sync and, on failure, put_noidle: nobody but the PM core sees the reference in between. */
int glue_pm_resume_and_get(struct device *dev)
{
	GLUE_INSIDE();
	int result;

	may_sleep(dev, 0, "pm_runtime_resume_and_get");
	glue_go_out();
	result = __pm_runtime_resume(dev, RPM_GET_PUT);
	glue_come_in();
	if (result < 0)
		pm_runtime_put_noidle(dev);
	else
		result = 0;
	got(dev, result, result == 0);
	return result;
}

void glue_pm_get_noresume(struct device *dev)
{
	GLUE_INSIDE();

	fl_atomic_point(&dev->power.usage_count, 3);
	pm_runtime_get_noresume(dev);
	got(dev, 0, true);
}

void glue_pm_put_noidle(struct device *dev)
{
	GLUE_INSIDE();
	int before;

	fl_atomic_point(&dev->power.usage_count, 3);
	before = usage(dev);
	pm_runtime_put_noidle(dev);
	put(dev, 0, before > 0);
}

/* The second parameter arrives from trees that have one. */
int glue_pm_get_if_active(struct device *dev, bool ign_usage_count)
{
	GLUE_INSIDE();
	int result;

	glue_go_out();
	result = glue_real_get_if_active(dev, ign_usage_count);
	glue_come_in();
	got(dev, result, result == 1);
	return result;
}

int glue_pm_get_if_in_use(struct device *dev)
{
	GLUE_INSIDE();
	int result;

	glue_go_out();
	result = glue_real_get_if_in_use(dev);
	glue_come_in();
	got(dev, result, result == 1);
	return result;
}

int glue_pm_barrier(struct device *dev)
{
	GLUE_INSIDE();

	fl_might_sleep("pm_runtime_barrier");
	/* The result became void in later trees. */
	glue_go_out();
	pm_runtime_barrier(dev);
	glue_come_in();
	return 0;
}

void glue_pm_disable(struct device *dev, bool check_resume)
{
	GLUE_INSIDE();

	fl_might_sleep("pm_runtime_disable");
	glue_go_out();
	__pm_runtime_disable(dev, check_resume);
	glue_come_in();
}

/*
 * The tree changes the status without power.lock here, so the watch on that lock does not see it. A
 * callback that follows the change looks by itself (pm_domain.c).
 */
int glue_pm_force_suspend(struct device *dev)
{
	GLUE_INSIDE();
	int result;

	fl_might_sleep("pm_runtime_force_suspend");
	glue_go_out();
	result = pm_runtime_force_suspend(dev);
	glue_come_in();
	glue_pm_watch(&dev->power.lock);
	return result;
}

int glue_pm_force_resume(struct device *dev)
{
	GLUE_INSIDE();
	int result;

	fl_might_sleep("pm_runtime_force_resume");
	glue_go_out();
	result = pm_runtime_force_resume(dev);
	glue_come_in();
	return result;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: what the PM core and the driver core do to one device in system sleep, at shutdown and
 * when it is unbound (domain.md, 3.8). The order among devices, the freezer and the interrupts belong
 * to the machine.
 */
#include "glue.h"

#include <linux/pm_runtime.h>

static int run_callback(struct device *dev, bool suspend)
{
	const struct dev_pm_ops *ops = dev->driver ? dev->driver->pm : NULL;
	int (*callback)(struct device *) = !ops ? NULL : suspend ? ops->suspend : ops->resume;
	int id = glue_device_id(dev);
	int error = 0;

	fl_pm_callback(id, true, suspend, 0, true);
	if (callback) {
		fl_subject_enter(glue_symbol(callback));
		error = callback(dev);
		fl_subject_leave();
	}
	fl_pm_callback(id, false, suspend, error, true);
	return error;
}

/* genpd gives up a domain that only system sleep had kept on. */
static void complete_sleep(struct device *dev)
{
	glue_set_prepared(dev, false);
	if (pm_runtime_status_suspended(dev))
		glue_domain_down(dev);
	pm_runtime_put(dev);
}

int glue_system_sleep(enum fl_device device, enum fl_sleep_phase phase)
{
	struct device *dev = glue_device(device);

	switch (phase) {
	case FL_SLEEP_PREPARE:
		pm_runtime_get_noresume(dev);
		glue_set_prepared(dev, true);
		return 0;
	case FL_SLEEP_SUSPEND:
		pm_runtime_barrier(dev);
		return run_callback(dev, true);
	case FL_SLEEP_SUSPEND_LATE:
		__pm_runtime_disable(dev, false);
		return 0;
	case FL_SLEEP_SUSPEND_NOIRQ:
		glue_domain_down(dev);
		return 0;
	case FL_SLEEP_RESUME_NOIRQ:
		return glue_domain_up(dev);
	case FL_SLEEP_RESUME_EARLY:
		pm_runtime_enable(dev);
		return 0;
	case FL_SLEEP_RESUME:
		return run_callback(dev, false);
	case FL_SLEEP_COMPLETE:
		complete_sleep(dev);
		return 0;
	}
	return -EINVAL;
}

static bool gone;

int glue_shutdown(void)
{
	if (gone)
		return -ENODEV;
	/* Nothing may follow: the device is not brought up again. */
	gone = true;
	fl_subject_enter(glue_symbol(glue_smmu_driver->shutdown));
	glue_smmu_driver->shutdown(&glue_smmu);
	fl_subject_leave();
	return 0;
}

/*
 * The consumer's driver goes first: the GPU is put down, the domains go, its link goes. Then the SMMU's
 * driver, held up meanwhile as the driver core holds it.
 */
int glue_unbind(void)
{
	struct device *dev = &glue_smmu.dev;
	void (*remove)(struct platform_device *device) = glue_driver_remove(glue_smmu_driver);

	if (gone)
		return -ENODEV;
	gone = true;
	glue_pm_force_suspend(&glue_gpu);
	for (unsigned int number = 0; number < GLUE_MASTERS; number++)
		glue_domain_free(number);
	glue_links_remove(dev);
	pm_runtime_get_sync(dev);
	pm_runtime_put_sync(dev);
	fl_subject_enter(glue_symbol((const void *)remove));
	remove(&glue_smmu);
	fl_subject_leave();
	glue_devres_release(dev);
	dev_set_drvdata(dev, NULL);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: the GPU's device and driver as the PM core sees them; the rest is the floor's client. Its
 * functions are global for the sake of the table of names.
 */
#include "glue.h"

#include <linux/pm_runtime.h>

#define GPU_AUTOSUSPEND_DELAY_MS 66

int gpu_runtime_suspend(struct device *dev)
{
	GLUE_INSIDE();

	return fl_client_runtime_suspend();
}

int gpu_runtime_resume(struct device *dev)
{
	GLUE_INSIDE();

	return fl_client_runtime_resume();
}

int gpu_system_suspend(struct device *dev)
{
	return glue_pm_force_suspend(dev);
}

int gpu_system_resume(struct device *dev)
{
	return glue_pm_force_resume(dev);
}

static const struct dev_pm_ops gpu_pm_ops = {
	.suspend = gpu_system_suspend,
	.resume = gpu_system_resume,
	.runtime_suspend = gpu_runtime_suspend,
	.runtime_resume = gpu_runtime_resume,
};

static struct device_driver gpu_driver = {
	.name = "adreno",
	.pm = &gpu_pm_ops,
};

void glue_gpu_init(void)
{
	glue_gpu.driver = &gpu_driver;
	/* Its domain is switched by its driver, through the GMU. */
	glue_callbacks_watch(&glue_gpu);
	pm_runtime_enable(&glue_gpu);
	pm_runtime_set_autosuspend_delay(&glue_gpu, GPU_AUTOSUSPEND_DELAY_MS);
	pm_runtime_use_autosuspend(&glue_gpu);
}

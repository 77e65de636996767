// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: the platform bus: the devices of the world and the drivers that the tree registers. */
#include "glue.h"

#include <linux/pm_runtime.h>

#define SMMU_BASE 0x3da0000ul

/* Of drivers/base/power/power.h, which is private to the driver core; runtime.c defines it. */
extern void pm_runtime_init(struct device *dev);

struct platform_device glue_smmu = { .name = "arm-smmu" };
struct platform_device glue_tbu[GLUE_TBUS] = { { .name = "tbu", .id = 0 }, { .name = "tbu", .id = 1 } };
struct device glue_masters[GLUE_MASTERS];
struct fl_hardware glue_hardware;

struct platform_driver *glue_smmu_driver;
struct platform_driver *glue_tbu_driver;
static struct resource smmu_resource;

int glue_device_id(const struct device *dev)
{
	if (dev == &glue_smmu.dev)
		return FL_DEVICE_SMMU;
	if (dev == &glue_gpu)
		return FL_DEVICE_GPU;
	/* There is one number for all TBUs: the first stands for it. */
	if (dev == &glue_tbu[0].dev)
		return FL_DEVICE_TBU;
	return -1;
}

struct device *glue_device(enum fl_device id)
{
	switch (id) {
	case FL_DEVICE_SMMU:
		return &glue_smmu.dev;
	case FL_DEVICE_GPU:
		return &glue_gpu;
	case FL_DEVICE_TBU:
		return &glue_tbu[0].dev;
	default:
		return NULL;
	}
}

/* What device_initialize() would do of what the PM core and the driver look at. */
void glue_device_init(struct device *dev, const char *name)
{
	dev->init_name = name;
	spin_lock_init(&dev->power.lock);
	INIT_LIST_HEAD(&dev->links.suppliers);
	INIT_LIST_HEAD(&dev->links.consumers);
	INIT_LIST_HEAD(&dev->devres_head);
	spin_lock_init(&dev->devres_lock);
	pm_runtime_init(dev);
}

int __platform_driver_register(struct platform_driver *driver, struct module *owner)
{
	if (!strcmp(driver->driver.name, "arm-smmu"))
		glue_smmu_driver = driver;
	else
		glue_tbu_driver = driver;
	return 0;
}

void __iomem *devm_platform_get_and_ioremap_resource(struct platform_device *device,
						     unsigned int index, struct resource **result)
{
	smmu_resource.start = SMMU_BASE;
	smmu_resource.end = SMMU_BASE + glue_hardware.region_size - 1;
	smmu_resource.flags = IORESOURCE_MEM;
	if (result)
		*result = &smmu_resource;
	return (void __iomem *)FL_MMIO(FL_REGION_SMMU, 0);
}

int platform_irq_count(struct platform_device *device)
{
	return 1 + glue_hardware.banks;
}

/* The global interrupt, then one a bank; a profile may give several banks the same line. */
int platform_get_irq(struct platform_device *device, unsigned int index)
{
	if (index > glue_hardware.banks)
		return -ENXIO;
	return GLUE_FIRST_IRQ +
	       (index ? glue_hardware.bank_lines[index - 1] : glue_hardware.global_line);
}

struct device *glue_driver_find_device(const struct device_driver *driver, struct device *start,
				       const void *data,
				       int (*match)(struct device *dev, const void *data))
	GLUE_PROVIDES(driver_find_device);
struct device *glue_driver_find_device(const struct device_driver *driver, struct device *start,
				       const void *data,
				       int (*match)(struct device *dev, const void *data))
{
	return match(&glue_smmu.dev, data) ? &glue_smmu.dev : NULL;
}

int glue_match_fwnode(struct device *dev, const void *fwnode) GLUE_PROVIDES(device_match_fwnode);
int glue_match_fwnode(struct device *dev, const void *fwnode)
{
	return fwnode && __dev_fwnode(dev) == fwnode;
}

int glue_for_each_child(struct device *parent, void *data, int (*fn)(struct device *dev, void *data))
	GLUE_PROVIDES(device_for_each_child);
int glue_for_each_child(struct device *parent, void *data, int (*fn)(struct device *dev, void *data))
{
	return 0;
}

const char *dev_driver_string(const struct device *dev)
{
	return dev->driver ? dev->driver->name : "";
}

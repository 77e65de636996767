// SPDX-License-Identifier: GPL-2.0-or-later
/* Stub: calls that may do nothing here; each says why. Variables that are only ever pointed to. */
#include "glue.h"

#include <linux/dma-mapping.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/pm_wakeirq.h>

/* Module parameters keep their defaults: nobody sets them. */
__typeof__(param_ops_bool) param_ops_bool;
__typeof__(param_ops_int) param_ops_int;

/* No device is on it: compared with dev->bus only. */
char glue_pci_bus_type[8] GLUE_PROVIDES(pci_bus_type);

/* The mask bounds what the DMA API hands out, which nobody asks here. */
int dma_set_mask(struct device *dev, u64 mask)
{
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	return 0;
}

/* The walker is coherent: no cache line needs writing back. */
void glue_dma_unmap_page(struct device *dev, dma_addr_t address, size_t size,
			 enum dma_data_direction direction, unsigned long attrs)
	GLUE_PROVIDES(dma_unmap_page_attrs);
void glue_dma_unmap_page(struct device *dev, dma_addr_t address, size_t size,
			 enum dma_data_direction direction, unsigned long attrs)
{
}

void glue_dma_sync(struct device *dev, dma_addr_t address, size_t size,
		   enum dma_data_direction direction) GLUE_PROVIDES(dma_sync_single_for_device);
void glue_dma_sync(struct device *dev, dma_addr_t address, size_t size,
		   enum dma_data_direction direction)
{
}

void glue_dma_sync_612(struct device *dev, dma_addr_t address, size_t size,
		       enum dma_data_direction direction) GLUE_PROVIDES(__dma_sync_single_for_device);
void glue_dma_sync_612(struct device *dev, dma_addr_t address, size_t size,
		       enum dma_data_direction direction)
{
}

/* No device here wakes the system up by an interrupt. */
void glue_wake_irq_check_enable(struct device *dev, bool set) GLUE_PROVIDES(dev_pm_enable_wake_irq_check);
void glue_wake_irq_check_enable(struct device *dev, bool set)
{
}

void glue_wake_irq_check_disable(struct device *dev, bool set)
	GLUE_PROVIDES(dev_pm_disable_wake_irq_check);
void glue_wake_irq_check_disable(struct device *dev, bool set)
{
}

void glue_wake_irq_complete(struct device *dev) GLUE_PROVIDES(dev_pm_enable_wake_irq_complete);
void glue_wake_irq_complete(struct device *dev)
{
}

/* There is no sysfs. */
void glue_rpm_sysfs_remove(struct device *dev) GLUE_PROVIDES(rpm_sysfs_remove);
void glue_rpm_sysfs_remove(struct device *dev)
{
}

int iommu_device_sysfs_add(struct iommu_device *iommu, struct device *parent,
			   const struct attribute_group **groups, const char *format, ...)
{
	return 0;
}

void iommu_device_sysfs_remove(struct iommu_device *iommu)
{
}

/* No firmware reserved memory for a device. */
struct iommu_resv_region *iommu_alloc_resv_region(phys_addr_t start, size_t length, int protection,
						  enum iommu_resv_type type, gfp_t gfp)
{
	return NULL;
}

/* Devices are static objects: nobody frees one when its last reference goes. */
void put_device(struct device *dev)
{
}

/* A backtrace would be addresses; the event of the warning itself has its title. */
void glue_dump_stack(void) GLUE_PROVIDES(dump_stack);
void glue_dump_stack(void)
{
}

/* Drivers stay: a subject is unbound, never unloaded. */
void glue_driver_unregister(struct platform_driver *driver) GLUE_PROVIDES(platform_driver_unregister);
void glue_driver_unregister(struct platform_driver *driver)
{
}

/* Further instances of Tegra's SMMU, which is not here; some compilers see that, others keep the calls. */
struct resource *platform_get_resource(struct platform_device *device, unsigned int type,
				       unsigned int number)
{
	return NULL;
}

void __iomem *glue_devm_ioremap_resource(struct device *dev, const struct resource *resource)
	GLUE_PROVIDES(devm_ioremap_resource);
void __iomem *glue_devm_ioremap_resource(struct device *dev, const struct resource *resource)
{
	return ERR_PTR(-EINVAL);
}

/* A workaround of sdm845 in the firmware; other SoCs do not ask for it. */
int glue_wait_safe_toggle(bool enable) GLUE_PROVIDES(qcom_scm_qsmmu500_wait_safe_toggle);
int glue_wait_safe_toggle(bool enable)
{
	return 0;
}

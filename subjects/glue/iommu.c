// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: the part of the IOMMU core below which a driver lives: devices, groups, fault reports. */
#include "glue.h"

#include <linux/of.h>
#include <linux/slab.h>

#include "domains.h"

/* The core's own type; the driver only keeps the pointer. One a master, as they share no stream. */
struct iommu_group {
	unsigned int users;
};
static struct iommu_group groups[GLUE_MASTERS];
static unsigned int groups_used;

static struct {
	struct iommu_fwspec fwspec;
	u32 ids[2];
} fwspecs[GLUE_MASTERS];
static struct dev_iommu dev_iommus[GLUE_MASTERS];

const struct iommu_ops *glue_iommu_ops;

int iommu_device_register(struct iommu_device *iommu, const struct iommu_ops *ops, struct device *hw)
{
	iommu->ops = ops;
	glue_iommu_ops = ops;
	return 0;
}

void iommu_device_unregister(struct iommu_device *iommu)
{
	GLUE_INSIDE();

	glue_iommu_ops = NULL;
}

int glue_fwspec_add_ids(struct device *dev, const u32 *ids, int count)
	GLUE_PROVIDES(iommu_fwspec_add_ids);
int glue_fwspec_add_ids(struct device *dev, const u32 *ids, int count)
{
	struct iommu_fwspec *fwspec = dev->iommu->fwspec;

	for (int i = 0; i < count; i++) {
		if (fwspec->num_ids == ARRAY_SIZE(fwspecs[0].ids))
			return -ENOMEM;
		fwspec->ids[fwspec->num_ids++] = ids[i];
	}
	return 0;
}

void iommu_fwspec_free(struct device *dev)
{
	dev->iommu->fwspec = NULL;
}

void glue_iommu_priv_set(struct device *dev, void *priv) GLUE_PROVIDES(dev_iommu_priv_set);
void glue_iommu_priv_set(struct device *dev, void *priv)
{
	dev->iommu->priv = priv;
}

struct iommu_group *generic_device_group(struct device *dev)
{
	if (groups_used == GLUE_MASTERS)
		return ERR_PTR(-ENOMEM);
	return iommu_group_ref_get(&groups[groups_used++]);
}

struct iommu_group *pci_device_group(struct device *dev)
{
	return generic_device_group(dev);
}

struct iommu_group *fsl_mc_device_group(struct device *dev)
{
	return generic_device_group(dev);
}

struct iommu_group *iommu_group_ref_get(struct iommu_group *group)
{
	group->users++;
	return group;
}

/* As bus and firmware code do for a device with an iommus property, and then the core. */
int glue_iommu_add_master(unsigned int number)
{
	struct of_phandle_args args = { .np = &glue_smmu_node, .args_count = 1, .args = { number } };
	struct device *dev = &glue_masters[number];
	struct iommu_device *iommu;
	struct iommu_group *group;
	int error;

	dev->iommu = &dev_iommus[number];
	mutex_init(&dev->iommu->lock);
	dev->iommu->fwspec = &fwspecs[number].fwspec;
	dev->iommu->fwspec->iommu_fwnode = &glue_smmu_node.fwnode;
	glue_fwspec_set_ops(dev->iommu->fwspec, glue_iommu_ops);
	error = glue_iommu_ops->of_xlate(dev, &args);
	if (error)
		return error;
	iommu = glue_iommu_ops->probe_device(dev);
	if (IS_ERR(iommu))
		return PTR_ERR(iommu);
	dev->iommu->iommu_dev = iommu;
	group = glue_iommu_ops->device_group(dev);
	if (IS_ERR(group))
		return PTR_ERR(group);
	dev->iommu_group = group;
	if (glue_iommu_ops->probe_finalize)
		glue_iommu_ops->probe_finalize(dev);
	return 0;
}

/* Of each context, and of the code outside a run. */
static bool reporting[FL_MAX_CONTEXTS + 1];

static bool *own_reporting(void)
{
	int context = fl_context_id();

	return &reporting[context < 0 ? FL_MAX_CONTEXTS : context];
}

bool glue_reporting(void)
{
	return *own_reporting();
}

int report_iommu_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova, int flags)
{
	GLUE_INSIDE();
	int number = glue_domain_number(domain);
	int answer = -ENOSYS;

	if (number < 0)
		fl_bug("report_iommu_fault: not a domain that is alive");
	*own_reporting() = true;
	if (domain->handler)
		answer = domain->handler(domain, dev, iova, flags, domain->handler_token);
	*own_reporting() = false;
	fl_reported((unsigned int)number, iova, flags, answer);
	return answer;
}

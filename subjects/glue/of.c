// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: the device tree: an SMMU, its TBUs and its masters, as the profile says. */
#include "glue.h"

#include <linux/of_address.h>
#include <linux/of_device.h>

struct device_node glue_smmu_node = { .name = "iommu", .full_name = "iommu@3da0000" };
struct device_node glue_tbu_nodes[GLUE_TBUS] = {
	{ .name = "tbu", .full_name = "tbu@3dd9000" },
	{ .name = "tbu", .full_name = "tbu@3ddd000" },
};
struct device_node glue_master_nodes[GLUE_MASTERS] = {
	{ .name = "gpu", .full_name = "gpu@3d00000" },
	{ .name = "display", .full_name = "display@1" },
	{ .name = "video", .full_name = "video@2" },
	{ .name = "camera", .full_name = "camera@3" },
};

/* Streams that come through one TBU, as the fake SMMU routes them (core/smmu/smmu.h). */
#define STREAMS_A_TBU 1024

/*
 * An SMMU without a power domain has runtime PM disabled, and 6.12's set_ttbr0_cfg() fails there: the GPU
 * gets no process page table. So that its faults can be explored all the same, the device tree says
 * last that it is also of a kind for which the driver does not split the address space.
 */
#define NOT_SPLIT "qcom,msm8996-smmu-v2"

/* The compatible list of @node, most specific first; NULL when it has no @index. */
static const char *compatible(const struct device_node *node, unsigned int index)
{
	if (node == &glue_smmu_node) {
		if (index == 0)
			return glue_hardware.qcom_v2 ? "qcom,sc7180-smmu-v2" : "qcom,sc7280-smmu-500";
		if (index == 1 && glue_hardware.adreno)
			return "qcom,adreno-smmu";
		if (index == 1 + glue_hardware.adreno)
			return glue_hardware.qcom_v2 ? "qcom,smmu-v2" : "arm,mmu-500";
		if (index == 3 && glue_hardware.adreno && !glue_hardware.pm_domain)
			return NOT_SPLIT;
	}
	for (unsigned int i = 0; i < GLUE_TBUS; i++)
		if (node == &glue_tbu_nodes[i] && index == 0)
			return "qcom,sc7280-tbu";
	if (node == &glue_master_nodes[0] && index == 0)
		return "qcom,adreno";
	return NULL;
}

int of_device_is_compatible(const struct device_node *node, const char *wanted)
{
	const char *has;

	for (unsigned int i = 0; (has = compatible(node, i)); i++)
		if (!strcmp(has, wanted))
			return 1;
	return 0;
}

/* The entry that matches the most specific string of the node. */
const struct of_device_id *of_match_node(const struct of_device_id *matches,
					 const struct device_node *node)
{
	const char *has;

	for (unsigned int i = 0; matches && (has = compatible(node, i)); i++)
		for (const struct of_device_id *match = matches; match->compatible[0]; match++)
			if (!strcmp(has, match->compatible))
				return match;
	return NULL;
}

const struct of_device_id *of_match_device(const struct of_device_id *matches,
					   const struct device *dev)
{
	return dev->of_node ? of_match_node(matches, dev->of_node) : NULL;
}

const void *of_device_get_match_data(const struct device *dev)
{
	const struct of_device_id *match = of_match_device(dev->driver->of_match_table, dev);

	return match ? match->data : NULL;
}

/* One global interrupt; stream ids of one cell; nothing else is said. */
int of_property_read_variable_u32_array(const struct device_node *node, const char *name, u32 *values,
					size_t minimum, size_t maximum)
{
	if (node != &glue_smmu_node || minimum > 1)
		return -EINVAL;
	if (strcmp(name, "#global-interrupts") && strcmp(name, "#iommu-cells"))
		return -EINVAL;
	values[0] = 1;
	return maximum ? 1 : 0;
}

struct property *of_find_property(const struct device_node *node, const char *name, int *length)
{
	return NULL;
}

bool glue_of_property_read_bool(const struct device_node *node, const char *name)
	GLUE_PROVIDES(of_property_read_bool);
bool glue_of_property_read_bool(const struct device_node *node, const char *name)
{
	return false;
}

bool of_dma_is_coherent(struct device_node *node)
{
	return true;
}

/* qcom,stream-id-range of a TBU: <&smmu first count>. */
int __of_parse_phandle_with_args(const struct device_node *node, const char *list, const char *cells,
				 int cell_count, int index, struct of_phandle_args *result)
{
	for (unsigned int i = 0; i < GLUE_TBUS; i++) {
		if (node != &glue_tbu_nodes[i] || strcmp(list, "qcom,stream-id-range") || index)
			continue;
		result->np = &glue_smmu_node;
		result->args_count = 2;
		result->args[0] = i * STREAMS_A_TBU;
		result->args[1] = STREAMS_A_TBU;
		return 0;
	}
	return -ENOENT;
}

void __iomem *devm_of_iomap(struct device *dev, struct device_node *node, int index,
			    resource_size_t *size)
{
	for (unsigned int i = 0; i < GLUE_TBUS; i++)
		if (node == &glue_tbu_nodes[i] && index == 0)
			return (void __iomem *)FL_MMIO(FL_REGION_TBU, i);
	return IOMEM_ERR_PTR(-EINVAL);
}

struct fwnode_handle *__dev_fwnode(struct device *dev)
{
	return dev->of_node ? &dev->of_node->fwnode : dev->fwnode;
}

struct fwnode_handle *glue_dev_fwnode_const(const struct device *dev) GLUE_PROVIDES(__dev_fwnode_const);
struct fwnode_handle *glue_dev_fwnode_const(const struct device *dev)
{
	return __dev_fwnode((struct device *)dev);
}

enum dev_dma_attr glue_dma_attr(const struct device *dev) GLUE_PROVIDES(device_get_dma_attr);
enum dev_dma_attr glue_dma_attr(const struct device *dev)
{
	return DEV_DMA_COHERENT;
}

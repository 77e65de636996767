/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Probe and remove: the SMMU, its TBUs, and the GPU as its consumer. */
#include "arm-smmu.h"

#include <faultline/engine.h>

#define GPU_AUTOSUSPEND_DELAY_MS 66

struct arm_smmu_root *arm_smmu_root;

static int gpu_runtime_suspend(struct device *dev)
{
	(void)dev;
	return fl_client_runtime_suspend();
}

static int gpu_runtime_resume(struct device *dev)
{
	(void)dev;
	return fl_client_runtime_resume();
}

static int gpu_system_suspend(struct device *dev)
{
	return pm_runtime_force_suspend(dev);
}

static int gpu_system_resume(struct device *dev)
{
	return pm_runtime_force_resume(dev);
}

static const struct dev_pm_ops gpu_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(gpu_system_suspend, gpu_system_resume),
	RUNTIME_PM_OPS(gpu_runtime_suspend, gpu_runtime_resume, NULL),
};

static void read_configuration(struct arm_smmu_device *smmu)
{
	u32 id0, id1, id2;

	id0 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_ID0);
	id1 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_ID1);
	id2 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_ID2);
	smmu->trans_ops = id0 & ARM_SMMU_ID0_S1TS && !(id0 & ARM_SMMU_ID0_ATOSNS);
	smmu->pgshift = id1 & ARM_SMMU_ID1_PAGESIZE ? 16 : 12;
	smmu->numpage = 1u << (FIELD_GET(ARM_SMMU_ID1_NUMPAGENDXB, id1) + 1);
	if (smmu->hw.region_size && smmu->hw.region_size != 2u * smmu->numpage << smmu->pgshift)
		dev_warn(smmu->dev,
			 "SMMU address space size (0x%x) differs from mapped region size (0x%x)!",
			 2u * smmu->numpage << smmu->pgshift, smmu->hw.region_size);
	smmu->num_context_banks = FIELD_GET(ARM_SMMU_ID1_NUMCB, id1);
	if (smmu->num_context_banks > ARM_SMMU_MAX_CBS)
		smmu->num_context_banks = ARM_SMMU_MAX_CBS;
	smmu->num_mapping_groups = id0 & 0xff;
	if (smmu->num_mapping_groups > ARM_SMMU_MAX_STREAMS)
		smmu->num_mapping_groups = ARM_SMMU_MAX_STREAMS;
	/* Three levels of table reach 39 bits; more of the input range is not used. */
	smmu->address_bits = 32 + 4 * FIELD_GET(ARM_SMMU_ID2_IAS, id2);
	if (smmu->address_bits > 39)
		smmu->address_bits = 39;
}

static void init_structures(struct arm_smmu_device *smmu)
{
	for (unsigned int i = 0; i < ARM_SMMU_MAX_CBS; i++) {
		spin_lock_init(&smmu->cb_lock[i]);
		mutex_init(&smmu->cbs[i].fault_lock);
		smmu->irqs[i] = fl_linux_irq_of(smmu->hw.bank_lines[i]);
	}
	/* The streams of the domains are known from the device tree; the others have no entry. */
	for (unsigned int i = 0; i < ARM_SMMU_MAX_STREAMS; i++) {
		smmu->s2crs[i].type = S2CR_TYPE_FAULT;
		smmu->smrs[i].valid = i < ARM_SMMU_MAX_DOMAINS;
		smmu->smrs[i].id = smmu->smrs[i].valid ? i : 0;
	}
	smmu->global_irq = fl_linux_irq_of(smmu->hw.global_line);
	spin_lock_init(&smmu->global_sync_lock);
	spin_lock_init(&smmu->atos_lock);
	smmu->num_clks = 1;
	smmu->clks[0].id = "iface";
	smmu->clks[0].clk.device = FL_DEVICE_SMMU;
}

static int probe_tbus(struct arm_smmu_device *smmu)
{
	if (!smmu->hw.tbus)
		return 0;
	smmu->tbus = kcalloc(smmu->hw.tbus, sizeof(*smmu->tbus), GFP_KERNEL);
	if (!smmu->tbus)
		return -ENOMEM;
	for (unsigned int i = 0; i < smmu->hw.tbus; i++) {
		struct qcom_tbu *tbu = &smmu->tbus[i];

		tbu->smmu = smmu;
		tbu->base = (void __iomem *)FL_MMIO(FL_REGION_TBU, i);
		tbu->number = i;
		tbu->clk.device = FL_DEVICE_TBU;
		tbu->path.path = i;
		spin_lock_init(&tbu->halt_lock);
	}
	return 0;
}

static int probe_smmu(struct arm_smmu_device *smmu)
{
	int error;

	error = clk_bulk_prepare(smmu->num_clks, smmu->clks);
	if (error)
		return error;
	error = clk_bulk_enable(smmu->num_clks, smmu->clks);
	if (error)
		goto unprepare;
	read_configuration(smmu);
	error = smmu->gen->request_global_irq(smmu);
	if (error) {
		dev_err(smmu->dev, "failed to request global IRQ: %d", error);
		goto disable;
	}
	smmu->gen->device_reset(smmu);
	error = probe_tbus(smmu);
	if (error)
		goto free;
	/* Without a power domain there is nothing to save; runtime PM stays disabled. */
	if (smmu->hw.pm_domain) {
		pm_runtime_set_active(smmu->dev);
		pm_runtime_enable(smmu->dev);
	}
	return 0;
free:
	free_irq(smmu->global_irq, smmu);
disable:
	clk_bulk_disable(smmu->num_clks, smmu->clks);
unprepare:
	clk_bulk_unprepare(smmu->num_clks, smmu->clks);
	return error;
}

static void probe_gpu(struct arm_smmu_root *root)
{
	struct device *gpu = &root->gpu_dev;

	device_link_add(gpu, &root->smmu_dev, DL_FLAG_PM_RUNTIME | DL_FLAG_AUTOREMOVE_SUPPLIER);
	pm_runtime_enable(gpu);
	pm_runtime_set_autosuspend_delay(gpu, GPU_AUTOSUSPEND_DELAY_MS);
	pm_runtime_use_autosuspend(gpu);
}

int arm_smmu_device_probe(const struct arm_smmu_generation *gen, const struct fl_hardware *hw)
{
	struct arm_smmu_root *root = kzalloc(sizeof(*root), GFP_KERNEL | __GFP_NOFAIL);
	struct arm_smmu_device *smmu = kzalloc(sizeof(*smmu), GFP_KERNEL | __GFP_NOFAIL);
	int error;

	arm_smmu_root = root;
	fl_segment_add(&arm_smmu_root, sizeof(arm_smmu_root));
	root->smmu = smmu;
	mutex_init(&root->group_mutex);
	init_waitqueue_head(&root->users_gone);
	device_initialize(&root->smmu_dev, FL_DEVICE_SMMU, "arm-smmu", gen->pm_ops, hw->pm_domain);
	device_initialize(&root->gpu_dev, FL_DEVICE_GPU, "gpu", &gpu_pm_ops, false);
	smmu->dev = &root->smmu_dev;
	smmu->gen = gen;
	smmu->hw = *hw;
	smmu->base = (void __iomem *)FL_MMIO(FL_REGION_SMMU, 0);
	dev_set_drvdata(smmu->dev, smmu);
	init_structures(smmu);
	error = probe_smmu(smmu);
	if (error) {
		root->smmu = NULL;
		kfree(smmu);
		return error;
	}
	probe_gpu(root);
	return 0;
}

void arm_smmu_device_remove(struct arm_smmu_device *smmu)
{
	smmu->gen->shutdown(smmu);
	/* Device-managed resources go after remove: the interrupt is live until here. */
	free_irq(smmu->global_irq, smmu);
	kfree(smmu->tbus);
	smmu->dev->pm_ops = NULL;
	kfree(smmu);
}

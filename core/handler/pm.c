/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Power management of the generations before the reference (domain.md 2.6). */
#include "arm-smmu.h"

/*
 * Strict: the count goes up even while runtime PM is disabled, so that its being enabled in between
 * does not matter; whether the device is on then is not said by the answer (arm_smmu_hw_begin()
 * says it).
 */
static int get_strictly(struct arm_smmu_device *smmu)
{
	int ret = pm_runtime_get_sync(smmu->dev);

	if (ret >= 0 || ret == -EACCES)
		return 0;
	pm_runtime_put_noidle(smmu->dev);
	return ret;
}

int arm_smmu_rpm_get(struct arm_smmu_device *smmu)
{
	if (smmu->gen->strict_pm)
		return get_strictly(smmu);
	if (pm_runtime_enabled(smmu->dev))
		return pm_runtime_resume_and_get(smmu->dev);
	return 0;
}

/* Does not count as being busy, up to 6.12. */
void arm_smmu_rpm_put(struct arm_smmu_device *smmu)
{
	if (smmu->gen->strict_pm || pm_runtime_enabled(smmu->dev))
		pm_runtime_put_autosuspend(smmu->dev);
}

/* The driver ignores the answer at both ends. */
void arm_smmu_rpm_end(struct arm_smmu_device *smmu, int got)
{
	if (got >= 0 || !smmu->gen->strict_pm)
		arm_smmu_rpm_put(smmu);
}

/* At each attach, as 6.12 does; the first one counts. */
void arm_smmu_rpm_use_autosuspend(struct arm_smmu_device *smmu)
{
	pm_runtime_set_autosuspend_delay(smmu->dev, ARM_SMMU_AUTOSUSPEND_DELAY_MS);
	pm_runtime_use_autosuspend(smmu->dev);
}

void arm_smmu_for_each_irq(struct arm_smmu_device *smmu,
			   void (*fn)(struct arm_smmu_device *, int irq))
{
	fn(smmu, smmu->global_irq);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		bool seen = smmu->irqs[i] == smmu->global_irq;

		for (unsigned int j = 0; j < i && !seen; j++)
			seen = smmu->irqs[j] == smmu->irqs[i];
		if (!seen)
			fn(smmu, smmu->irqs[i]);
	}
}

/* --- runtime ---------------------------------------------------------------------------------- */

/* v3: no interrupt from here on, says the device; nobody reads back whether it has arrived. */
static void mask_interrupts(struct arm_smmu_device *smmu)
{
	u32 reg;

	reg = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
	reg &= ~(ARM_SMMU_sCR0_GFRE | ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFRE |
		 ARM_SMMU_sCR0_GCFGFIE);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, reg);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		reg = arm_smmu_cb_read(smmu, i, ARM_SMMU_CB_SCTLR);
		reg &= ~(ARM_SMMU_SCTLR_CFIE | ARM_SMMU_SCTLR_CFRE);
		arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_SCTLR, reg);
	}
}

static void synchronize(struct arm_smmu_device *smmu, int irq)
{
	(void)smmu;
	synchronize_irq(irq);
}

static int arm_smmu_runtime_suspend(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	clk_bulk_disable(smmu->num_clks, smmu->clks);
	return 0;
}

static int runtime_suspend_v3(struct device *dev)
{
	mask_interrupts(dev_get_drvdata(dev));
	return arm_smmu_runtime_suspend(dev);
}

/* v4: and whoever is in a handler comes out first. */
static int runtime_suspend_v4(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	mask_interrupts(smmu);
	arm_smmu_for_each_irq(smmu, synchronize);
	return arm_smmu_runtime_suspend(dev);
}

static int arm_smmu_runtime_resume(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int ret = clk_bulk_enable(smmu->num_clks, smmu->clks);

	if (ret)
		return ret;
	smmu->gen->device_reset(smmu);
	return 0;
}

/* --- system sleep ----------------------------------------------------------------------------- */

/* The status stays as it is: nobody but this driver knows that the clocks are off. */
static int arm_smmu_pm_suspend(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int ret = 0;

	if (!pm_runtime_suspended(dev))
		ret = dev->pm_ops->runtime_suspend(dev);
	if (!ret)
		clk_bulk_unprepare(smmu->num_clks, smmu->clks);
	return ret;
}

static int arm_smmu_pm_resume(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int ret = clk_bulk_prepare(smmu->num_clks, smmu->clks);

	if (ret)
		return ret;
	if (pm_runtime_suspended(dev))
		return 0;
	ret = arm_smmu_runtime_resume(dev);
	if (ret)
		clk_bulk_unprepare(smmu->num_clks, smmu->clks);
	return ret;
}

const struct dev_pm_ops arm_smmu_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(arm_smmu_pm_suspend, arm_smmu_pm_resume),
	RUNTIME_PM_OPS(arm_smmu_runtime_suspend, arm_smmu_runtime_resume, NULL),
};

/* The callback keeps its name in reports, whatever the generation. */
const struct dev_pm_ops arm_smmu_pm_ops_v3 = {
	SYSTEM_SLEEP_PM_OPS(arm_smmu_pm_suspend, arm_smmu_pm_resume),
	.runtime_suspend = runtime_suspend_v3,
	.runtime_suspend_name = "arm_smmu_runtime_suspend",
	.runtime_resume = arm_smmu_runtime_resume,
	.runtime_resume_name = "arm_smmu_runtime_resume",
};

const struct dev_pm_ops arm_smmu_pm_ops_v4 = {
	SYSTEM_SLEEP_PM_OPS(arm_smmu_pm_suspend, arm_smmu_pm_resume),
	.runtime_suspend = runtime_suspend_v4,
	.runtime_suspend_name = "arm_smmu_runtime_suspend",
	.runtime_resume = arm_smmu_runtime_resume,
	.runtime_resume_name = "arm_smmu_runtime_resume",
};

/* --- shutdown --------------------------------------------------------------------------------- */

void arm_smmu_device_shutdown(struct arm_smmu_device *smmu)
{
	if (smmu->context_map)
		dev_notice(smmu->dev, "disabling translation");
	arm_smmu_rpm_get(smmu);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, ARM_SMMU_sCR0_CLIENTPD);
	arm_smmu_rpm_put(smmu);
	if (pm_runtime_enabled(smmu->dev))
		pm_runtime_force_suspend(smmu->dev);
	else
		clk_bulk_disable(smmu->num_clks, smmu->clks);
	clk_bulk_unprepare(smmu->num_clks, smmu->clks);
}

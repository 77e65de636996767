/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reference: power (reference.c, 3 to 7). */
#include "reference.h"

/* --- masking ---------------------------------------------------------------------------------- */

/* What the bank should have now: a masked device neither interrupts nor stalls. */
u32 arm_smmu_reference_sctlr(struct arm_smmu_device *smmu, unsigned int bank)
{
	u32 sctlr = arm_smmu_sctlr(smmu, bank);

	return smmu->quiet.masking ? sctlr & ~(ARM_SMMU_SCTLR_CFIE | ARM_SMMU_SCTLR_CFCFG) : sctlr;
}

static void write_masks(struct arm_smmu_device *smmu, bool masking)
{
	unsigned long flags;
	u32 cr0;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	smmu->quiet.masking = masking;
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		if (smmu->cbs[i].cfg)
			arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_SCTLR,
					  arm_smmu_reference_sctlr(smmu, i));
	}
	cr0 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
	if (masking)
		cr0 &= ~(ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFIE);
	else
		cr0 |= ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFIE;
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, cr0);
	/* The read comes after the writes have arrived: from here on the lines are what they should
	 * be. */
	arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
}

void arm_smmu_reference_mask(struct arm_smmu_device *smmu)
{
	write_masks(smmu, true);
}

void arm_smmu_reference_unmask(struct arm_smmu_device *smmu)
{
	write_masks(smmu, false);
}

bool arm_smmu_reference_has_faults(struct arm_smmu_device *smmu)
{
	unsigned long flags;
	bool any = false;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	for (unsigned int i = 0; i < smmu->num_context_banks && !any; i++)
		any = smmu->cbs[i].cfg && arm_smmu_reference_pending(smmu, i);
	if (!any)
		any = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSR) != 0;
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	return any;
}

static void drop_faults(struct arm_smmu_device *smmu)
{
	u32 gfsr, dropped = 0;
	unsigned long flags;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++)
		dropped += arm_smmu_reference_drop_bank(smmu, i);
	gfsr = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSR);
	if (gfsr)
		arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sGFSR, gfsr);
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	if (!dropped && !gfsr)
		return;
	smmu->quiet.drops++;
	dev_warn(smmu->dev, "dropped faults of %u context banks, global status 0x%x", dropped,
		 gfsr);
}

static void synchronize(struct arm_smmu_device *smmu, int irq)
{
	(void)smmu;
	synchronize_irq(irq);
}

/* With runtime PM disabled, or the device's life at an end: wait for the handlers, drop the rest.
 */
static void quiesce_by_force(struct arm_smmu_device *smmu)
{
	arm_smmu_reference_mask(smmu);
	mutex_lock(&smmu->quiet.sleep_lock);
	WRITE_ONCE(smmu->quiet.quiet, true);
	mutex_unlock(&smmu->quiet.sleep_lock);
	arm_smmu_for_each_irq(smmu, synchronize);
	drop_faults(smmu);
}

/* --- switching -------------------------------------------------------------------------------- */

void arm_smmu_reference_power_off(struct arm_smmu_device *smmu)
{
	unsigned long flags;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	smmu->quiet.hw_on = false;
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	clk_bulk_disable(smmu->num_clks, smmu->clks);
}

static void disable_line(struct arm_smmu_device *smmu, int irq)
{
	(void)smmu;
	disable_irq_nosync(irq);
}

static void enable_line(struct arm_smmu_device *smmu, int irq)
{
	(void)smmu;
	enable_irq(irq);
}

/* All banks as the cache says, masked, and without what stood there. Under hw_lock. */
static void program_banks(struct arm_smmu_device *smmu)
{
	u32 cr0;

	cr0 = arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0);
	cr0 &= ~(ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFIE);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, cr0);
	for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
		if (smmu->cbs[i].cfg)
			arm_smmu_write_bank_attributes(smmu, i);
		arm_smmu_cb_write(smmu, i, ARM_SMMU_CB_SCTLR, arm_smmu_reference_sctlr(smmu, i));
		arm_smmu_reference_drop_bank(smmu, i);
	}
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sGFSR, arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sGFSR));
	for (unsigned int i = 0; i < smmu->num_mapping_groups; i++)
		arm_smmu_write_sme(smmu, i);
}

/* The whole device, from what is cached; interrupts stay masked. */
static void reset(struct arm_smmu_device *smmu)
{
	unsigned long flags;
	u32 cr0;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	smmu->quiet.masking = true;
	program_banks(smmu);
	if (!smmu->hw.qcom_v2)
		arm_mmu500_reset(smmu);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_TLBIALLH, ~0u);
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_TLBIALLNSNH, ~0u);
	arm_smmu_tlb_sync_global(smmu);
	cr0 = arm_smmu_cr0(smmu, arm_smmu_gr0_read(smmu, ARM_SMMU_GR0_sCR0));
	arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0,
			   cr0 & ~(ARM_SMMU_sCR0_GFIE | ARM_SMMU_sCR0_GCFGFIE));
	smmu->quiet.hw_on = true;
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	WRITE_ONCE(smmu->quiet.quiet, false);
}

/* At probe: the clocks are on, and no line can be high for a bank that was never enabled. */
void arm_smmu_reference_reset(struct arm_smmu_device *smmu)
{
	reset(smmu);
	arm_smmu_reference_unmask(smmu);
}

int arm_smmu_reference_power_on(struct arm_smmu_device *smmu)
{
	int error;

	arm_smmu_for_each_irq(smmu, disable_line);
	error = clk_bulk_enable(smmu->num_clks, smmu->clks);
	if (!error)
		reset(smmu);
	arm_smmu_for_each_irq(smmu, enable_line);
	/* The lines are enabled, so an edge that the unmask makes is seen. */
	if (!error)
		arm_smmu_reference_unmask(smmu);
	return error;
}

/* --- runtime ---------------------------------------------------------------------------------- */

/*
 * Refuse, or go quiet. A handler may be at work here whose get_sync() was turned away: somebody
 * else is disabling runtime PM and waits for this suspend. It holds sleep_lock, and it is not
 * waited for: it tells the client, which may wait for a resume of its own device, which waits for
 * this suspend. A fault in its hands is one that refuses the suspend, like one in FSR.
 */
static int quiesce_or_refuse(struct arm_smmu_device *smmu)
{
	int error = -EBUSY;

	arm_smmu_reference_mask(smmu);
	if (mutex_trylock(&smmu->quiet.sleep_lock)) {
		if (!arm_smmu_reference_has_faults(smmu)) {
			WRITE_ONCE(smmu->quiet.quiet, true);
			error = 0;
		}
		mutex_unlock(&smmu->quiet.sleep_lock);
	}
	if (error)
		arm_smmu_reference_unmask(smmu);
	return error;
}

int arm_smmu_reference_runtime_suspend(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int error = 0;

	if (!smmu->quiet.hw_on)
		return 0;
	/* pm_runtime_force_suspend() leaves the status alone: nobody waits for us, and we may wait.
	 */
	if (READ_ONCE(dev->power.runtime_status) == RPM_SUSPENDING)
		error = quiesce_or_refuse(smmu);
	else
		quiesce_by_force(smmu);
	if (!error)
		arm_smmu_reference_power_off(smmu);
	return error;
}

static int prepare_clocks(struct arm_smmu_device *smmu)
{
	int error = 0;

	if (!smmu->quiet.prepared)
		error = clk_bulk_prepare(smmu->num_clks, smmu->clks);
	if (!error)
		smmu->quiet.prepared = true;
	return error;
}

static void unprepare_clocks(struct arm_smmu_device *smmu)
{
	if (smmu->quiet.prepared)
		clk_bulk_unprepare(smmu->num_clks, smmu->clks);
	smmu->quiet.prepared = false;
}

int arm_smmu_reference_runtime_resume(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int error = prepare_clocks(smmu);

	return error ? error : arm_smmu_reference_power_on(smmu);
}

/* --- system sleep ----------------------------------------------------------------------------- */

/*
 * Runtime PM is disabled from here to .resume, whatever the status: nobody can switch the device on
 * in between, and a handler does not wait for somebody who does.
 */
int arm_smmu_reference_pm_suspend(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	pm_runtime_disable(dev);
	smmu->quiet.slept_on = smmu->quiet.hw_on;
	if (smmu->quiet.slept_on) {
		quiesce_by_force(smmu);
		arm_smmu_reference_power_off(smmu);
	}
	unprepare_clocks(smmu);
	return 0;
}

/* A device that does not come up is suspended, for whoever needs it next to try again. */
int arm_smmu_reference_pm_resume(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);
	int error = prepare_clocks(smmu);

	if (!error && smmu->quiet.slept_on)
		error = arm_smmu_reference_power_on(smmu);
	if (error && smmu->quiet.slept_on)
		pm_runtime_set_suspended(dev);
	smmu->quiet.slept_on = false;
	pm_runtime_enable(dev);
	return error;
}

const struct dev_pm_ops arm_smmu_reference_pm_ops = {ARM_SMMU_REFERENCE_PM_OPS};

/* --- shutdown --------------------------------------------------------------------------------- */

/* For good: clients bypass, the device is off, and runtime PM stays disabled. */
void arm_smmu_reference_shutdown(struct arm_smmu_device *smmu)
{
	unsigned long flags;

	if (smmu->context_map)
		dev_notice(smmu->dev, "disabling translation");
	pm_runtime_disable(smmu->dev);
	if (smmu->quiet.hw_on) {
		quiesce_by_force(smmu);
		spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
		arm_smmu_gr0_write(smmu, ARM_SMMU_GR0_sCR0, ARM_SMMU_sCR0_CLIENTPD);
		spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
		/* With CLIENTPD nothing new can be recorded; the read makes sure that it has
		 * arrived. */
		drop_faults(smmu);
		arm_smmu_reference_power_off(smmu);
	}
	unprepare_clocks(smmu);
}

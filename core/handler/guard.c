/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handlers that generations register, and how each proposal guards them against a suspended
 * device (domain.md 2.1, 2.2, 2.6).
 */
#include "arm-smmu.h"

/* v1: wake the device and wait for it; only where the context fault handler is a thread. */
static bool enter_v1(struct arm_smmu_device *smmu, bool wanted, bool *held)
{
	*held = wanted;
	return !wanted || arm_smmu_rpm_get(smmu) >= 0;
}

/* v2: look only while the device is active. A negative answer (PM disabled) counts as active. */
static bool enter_v2(struct arm_smmu_device *smmu, bool wanted, bool *held)
{
	(void)wanted;
	*held = true;
	return pm_runtime_get_if_active(smmu->dev) != 0;
}

/* And the put is unconditional, even if there was no reference to take. */
static void exit_v2(struct arm_smmu_device *smmu)
{
	pm_runtime_put_autosuspend(smmu->dev);
}

/* v3: a helper for devices without runtime PM, on both ends; the two ends may see different
 * answers. */
static bool enter_v3(struct arm_smmu_device *smmu, bool wanted, bool *held)
{
	(void)wanted;
	*held = true;
	return !pm_runtime_enabled(smmu->dev) || pm_runtime_get_if_active(smmu->dev) != 0;
}

const struct arm_smmu_guard arm_smmu_guard_v1 = {enter_v1, arm_smmu_rpm_put};
const struct arm_smmu_guard arm_smmu_guard_v2 = {enter_v2, exit_v2};
const struct arm_smmu_guard arm_smmu_guard_v3 = {enter_v3, arm_smmu_rpm_put};

static bool has_debug_handler(struct arm_smmu_device *smmu)
{
	return !smmu->hw.adreno && !smmu->hw.qcom_v2;
}

static irqreturn_t arm_smmu_context_fault(int irq, void *dev)
{
	struct arm_smmu_domain *smmu_domain = dev;
	const struct arm_smmu_guard *guard;
	struct arm_smmu_device *smmu;
	bool held = false;
	irqreturn_t ret;

	kasan_check_read(smmu_domain, sizeof(*smmu_domain));
	smmu = smmu_domain->smmu;
	guard = smmu->gen->guard;
	if (guard && !guard->enter(smmu, smmu_domain->threaded, &held))
		return IRQ_NONE;
	if (has_debug_handler(smmu))
		ret = qcom_smmu_context_fault(irq, dev);
	else
		ret = arm_smmu_handle_context_fault(smmu_domain);
	if (held)
		guard->exit(smmu);
	return ret;
}

static irqreturn_t arm_smmu_global_fault(int irq, void *dev)
{
	struct arm_smmu_device *smmu = dev;
	const struct arm_smmu_guard *guard = smmu->gen->guard;
	bool held = false;
	irqreturn_t ret;

	(void)irq;
	if (guard && !guard->enter(smmu, true, &held))
		return IRQ_NONE;
	ret = arm_smmu_handle_global_fault(smmu);
	if (held)
		guard->exit(smmu);
	return ret;
}

int arm_smmu_request_context_irq(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	bool debug = has_debug_handler(smmu);
	unsigned long flags = IRQF_SHARED | IRQF_BANK(idx);
	int irq = smmu->irqs[idx];

	smmu_domain->threaded = debug || (smmu->hw.adreno && smmu->gen->adreno_threaded);
	/* Without a guard to wrap, the implementation's handler is registered itself. */
	if (debug && !smmu->gen->guard)
		return request_threaded_irq(irq, NULL, qcom_smmu_context_fault,
					    flags | IRQF_ONESHOT, "arm-smmu-context-fault",
					    smmu_domain);
	if (smmu_domain->threaded)
		return request_threaded_irq(irq, NULL, arm_smmu_context_fault, flags | IRQF_ONESHOT,
					    "arm-smmu-context-fault", smmu_domain);
	return request_irq(irq, arm_smmu_context_fault, flags, "arm-smmu-context-fault",
			   smmu_domain);
}

int arm_smmu_request_global_irq(struct arm_smmu_device *smmu)
{
	return request_irq(smmu->global_irq, arm_smmu_global_fault, IRQF_SHARED,
			   "arm-smmu global fault", smmu);
}

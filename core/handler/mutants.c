/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutants: the reference with one thing broken each, so that each checker is seen to fire. A mutant
 * is a few lines, a copy of the reference's table with a field replaced, and a row at the end.
 */
#include "handler.h"
#include "reference.h"
#include "subject.h"

/* --- suspend and resume ------------------------------------------------------------------------
 */

/* Always too busy, and looking busy, so that the PM core tries again and again. */
static int never_suspend(struct device *dev)
{
	pm_runtime_mark_last_busy(dev);
	return -EBUSY;
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

static void synchronize_line(struct arm_smmu_device *smmu, int irq)
{
	(void)smmu;
	synchronize_irq(irq);
}

/* Once suspended, the interrupts stay off. */
static int resume_masked(struct device *dev)
{
	int error = arm_smmu_reference_runtime_resume(dev);

	if (!error)
		arm_smmu_for_each_irq(dev_get_drvdata(dev), disable_line);
	return error;
}

/* One enable too many. */
static int resume_warning(struct device *dev)
{
	int error = arm_smmu_reference_runtime_resume(dev);

	if (!error)
		arm_smmu_for_each_irq(dev_get_drvdata(dev), enable_line);
	return error;
}

/* Goes down without waiting for anybody. */
static int sleep_unsynchronised(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	pm_runtime_disable(dev);
	smmu->quiet.slept_on = smmu->quiet.hw_on;
	if (smmu->quiet.slept_on) {
		arm_smmu_reference_mask(smmu);
		WRITE_ONCE(smmu->quiet.quiet, true);
		arm_smmu_reference_power_off(smmu);
	}
	clk_bulk_unprepare(smmu->num_clks, smmu->clks);
	smmu->quiet.prepared = false;
	return 0;
}

/* Waits for handlers that wait for it. */
static int suspend_synchronised(struct device *dev)
{
	arm_smmu_for_each_irq(dev_get_drvdata(dev), synchronize_line);
	return arm_smmu_reference_runtime_suspend(dev);
}

/* Waits for a handler that got no reference, and with it for the client. */
static int suspend_after_handler(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	mutex_lock(&smmu->quiet.sleep_lock);
	mutex_unlock(&smmu->quiet.sleep_lock);
	return arm_smmu_reference_runtime_suspend(dev);
}

/* Looks for faults, and leaves the interrupts on. */
static int suspend_unmasked(struct device *dev)
{
	struct arm_smmu_device *smmu = dev_get_drvdata(dev);

	if (!smmu->quiet.hw_on)
		return 0;
	if (arm_smmu_reference_has_faults(smmu))
		return -EBUSY;
	WRITE_ONCE(smmu->quiet.quiet, true);
	arm_smmu_reference_power_off(smmu);
	return 0;
}

/* --- handlers ----------------------------------------------------------------------------------
 */

static void put_nothing(struct arm_smmu_device *smmu)
{
	(void)smmu;
}

static void put_twice(struct arm_smmu_device *smmu)
{
	pm_runtime_put_autosuspend(smmu->dev);
	pm_runtime_put_autosuspend(smmu->dev);
}

static int report_twice(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	arm_smmu_reference_report(smmu, bank, fsr);
	return arm_smmu_reference_report(smmu, bank, fsr);
}

static int report_nothing(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	(void)smmu;
	(void)bank;
	(void)fsr;
	return 0;
}

/* Clears first, so the next fault may put its syndrome in place of this one's. */
static int report_torn(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_FSR, fsr);
	return arm_smmu_reference_report(smmu, bank, fsr);
}

/* RESUME while FSR still holds the fault. */
static void clear_late(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	if (fsr & ARM_SMMU_FSR_SS)
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_RESUME, ARM_SMMU_RESUME_TERMINATE);
	arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_FSR, fsr);
}

/* An early FSR_FAULT mask: a stalled transaction alone is nobody's business. */
static u32 pending_without_stall(struct arm_smmu_device *smmu, unsigned int bank)
{
	return arm_smmu_reference_pending(smmu, bank) & ~ARM_SMMU_FSR_SS;
}

/* A counter that is nobody's: the handlers of two banks count up at the same time. */
static int report_counting(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	u32 count = plain_read(smmu->quiet.drops);

	plain_write(smmu->quiet.drops, count + 1);
	return arm_smmu_reference_report(smmu, bank, fsr);
}

/* Does the work, and denies it. */
static irqreturn_t arm_smmu_context_fault(int irq, void *dev)
{
	struct arm_smmu_domain *smmu_domain = dev;

	(void)irq;
	arm_smmu_reference_guarded(smmu_domain->smmu, arm_smmu_reference_serve_line,
				   smmu_domain->cfg.cbndx);
	return IRQ_NONE;
}

static int request_denying_irq(struct arm_smmu_domain *smmu_domain)
{
	unsigned int bank = smmu_domain->cfg.cbndx;

	return request_threaded_irq(smmu_domain->smmu->irqs[bank], NULL, arm_smmu_context_fault,
				    IRQF_SHARED | IRQF_ONESHOT | IRQF_BANK(bank),
				    "arm-smmu-context-fault", smmu_domain);
}

/* Looks whether the device is quiet, and does nothing that keeps it from becoming so. */
static irqreturn_t unguarded(int irq, void *dev)
{
	struct arm_smmu_domain *smmu_domain = dev;
	struct arm_smmu_device *smmu = smmu_domain->smmu;

	(void)irq;
	if (READ_ONCE(smmu->quiet.quiet))
		return IRQ_NONE;
	return arm_smmu_reference_serve_line(smmu, smmu_domain->cfg.cbndx) ? IRQ_HANDLED : IRQ_NONE;
}

static int request_unguarded_irq(struct arm_smmu_domain *smmu_domain)
{
	unsigned int bank = smmu_domain->cfg.cbndx;

	return request_threaded_irq(smmu_domain->smmu->irqs[bank], NULL, unguarded,
				    IRQF_SHARED | IRQF_ONESHOT | IRQF_BANK(bank),
				    "arm-smmu-context-fault", smmu_domain);
}

/* A hard handler that waits for power. */
static irqreturn_t arm_smmu_global_fault(int irq, void *dev)
{
	(void)irq;
	return arm_smmu_reference_guarded(dev, arm_smmu_reference_serve_line, FL_BANK_GLOBAL)
		       ? IRQ_HANDLED
		       : IRQ_NONE;
}

static int request_hard_irq(struct arm_smmu_device *smmu)
{
	int error = arm_smmu_reference_request_global_irq(smmu);

	if (error)
		return error;
	free_irq(smmu->global_irq, smmu);
	return request_irq(smmu->global_irq, arm_smmu_global_fault, IRQF_SHARED,
			   "arm-smmu global fault", smmu);
}

/* --- domains -----------------------------------------------------------------------------------
 */

/* The interrupt outlives its domain, and the bank stays enabled. */
static void destroy_early(struct arm_smmu_domain *smmu_domain)
{
	arm_smmu_pgtable_free(smmu_domain->pgtable);
	arm_smmu_free_bank(smmu_domain->smmu, smmu_domain->cfg.cbndx);
}

static void destroy_leaking(struct arm_smmu_domain *smmu_domain)
{
	smmu_domain->pgtable = NULL;
	arm_smmu_reference_destroy_domain(smmu_domain);
}

static void destroy_dereferencing(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_pgtable *pgtable = smmu_domain->pgtable;

	arm_smmu_reference_destroy_domain(smmu_domain);
	kasan_check_read(pgtable, 1);
}

/* --- stalling ----------------------------------------------------------------------------------
 */

/* The register learns of it at the next resume. */
static int set_stall_lazily(struct arm_smmu_domain *smmu_domain, bool enabled)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;

	if (enabled)
		smmu->stall_enabled |= BIT(bank);
	else
		smmu->stall_enabled &= ~BIT(bank);
	fl_stall_flag(bank, enabled);
	return 0;
}

/* hw_lock inside cb_lock; everybody else does it the other way round. */
static int set_stall_inverted(struct arm_smmu_domain *smmu_domain, bool enabled)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	spinlock_t *lock = &smmu->cb_lock[smmu_domain->cfg.cbndx];
	unsigned long flags;
	int result;

	spin_lock_irqsave(lock, flags);
	result = arm_smmu_reference_set_stall(smmu_domain, enabled);
	spin_unlock_irqrestore(lock, flags);
	return result;
}

/* --- tables ------------------------------------------------------------------------------------
 */

/* Overriding a field of what the reference's macros initialise is the point here. */
#pragma GCC diagnostic ignored "-Woverride-init"

#define PM(name, ...) static const struct dev_pm_ops name = {ARM_SMMU_REFERENCE_PM_OPS, __VA_ARGS__}
#define STEPS(name, ...)                                                                           \
	static const struct arm_smmu_fault_steps name = {.pending = arm_smmu_reference_pending,    \
							 .report = arm_smmu_reference_report,      \
							 .clear = arm_smmu_reference_clear,        \
							 __VA_ARGS__}
#define MUTANT(id, title, what, bits, ...)                                                         \
	static const struct arm_smmu_generation id##_generation = {ARM_SMMU_REFERENCE,             \
								   __VA_ARGS__};                   \
	ARM_SMMU_SUBJECT(id, id##_generation, .name = "core:mutant-" title, .help = what,          \
			 .features = FL_SUBJECT_STALL | FL_SUBJECT_TBU |                           \
				     FL_SUBJECT_MASKS_IN_SUSPEND | (bits))

PM(never_pm, .runtime_suspend = never_suspend);
PM(masks_pm, .runtime_resume = resume_masked);
PM(warns_pm, .runtime_resume = resume_warning);
PM(no_sync_pm, .suspend = sleep_unsynchronised);
PM(deadlock_pm, .runtime_suspend = suspend_synchronised);
PM(waits_pm, .runtime_suspend = suspend_after_handler);
PM(no_mask_pm, .runtime_suspend = suspend_unmasked);
STEPS(twice_steps, .report = report_twice);
STEPS(nothing_steps, .report = report_nothing);
STEPS(torn_steps, .report = report_torn);
STEPS(late_steps, .clear = clear_late);
STEPS(no_stall_steps, .pending = pending_without_stall);
STEPS(race_steps, .report = report_counting);

MUTANT(never_suspends, "never-suspends", "suspend is always refused", 0, .pm_ops = &never_pm);
MUTANT(masks_for_ever, "masks-for-ever", "resume leaves the lines disabled", 0,
       .pm_ops = &masks_pm);
MUTANT(warns, "warns", "resume enables the lines once too often", 0, .pm_ops = &warns_pm);
MUTANT(no_sync, "no-sync", "system sleep does not wait for handlers", 0, .pm_ops = &no_sync_pm);
MUTANT(deadlock, "deadlock", "suspend waits for handlers that wait for it", 0,
       .pm_ops = &deadlock_pm);
MUTANT(waits_for_handler, "waits-for-handler", "suspend waits for a handler without a reference", 0,
       .pm_ops = &waits_pm);
MUTANT(no_mask, "no-mask", "suspend leaves the interrupts on in the device", 0,
       .pm_ops = &no_mask_pm);
MUTANT(forgets_put, "forgets-put", "handlers keep their reference", 0, .handler_put = put_nothing);
MUTANT(double_put, "double-put", "handlers put twice", 0, .handler_put = put_twice);
MUTANT(reports_twice, "reports-twice", "each fault is reported twice", 0, .steps = &twice_steps);
MUTANT(reports_nothing, "reports-nothing", "faults are cleared and not reported", 0,
       .steps = &nothing_steps);
MUTANT(torn, "torn", "FSR is cleared before the syndrome is read", 0, .steps = &torn_steps);
MUTANT(resume_first, "resume-first", "RESUME is written before FSR", 0, .steps = &late_steps);
MUTANT(no_resume, "no-resume", "a transaction that is only stalled is left alone", 0,
       .steps = &no_stall_steps);
MUTANT(data_race, "data-race", "handlers count faults without a lock", FL_SUBJECT_MEMORY,
       .steps = &race_steps);
MUTANT(returns_none, "returns-none", "the context fault handler always answers IRQ_NONE", 0,
       .request_context_irq = request_denying_irq);
MUTANT(no_reference, "no-reference", "the context fault handler takes no reference", 0,
       .request_context_irq = request_unguarded_irq);
MUTANT(hard_irq, "hard-irq", "the global fault handler waits in hard interrupt context", 0,
       .request_global_irq = request_hard_irq);
MUTANT(use_after_free, "use-after-free", "a domain's interrupt outlives it", 0,
       .destroy_domain = destroy_early);
MUTANT(leaks_domain, "leaks-domain", "a domain's tables are not freed", 0,
       .destroy_domain = destroy_leaking);
MUTANT(bug, "bug", "a domain's tables are used after they were freed", 0,
       .destroy_domain = destroy_dereferencing);
MUTANT(drift, "drift", "set_stall waits for the next resume", 0, .set_stall = set_stall_lazily);
MUTANT(lock_inversion, "lock-inversion", "set_stall takes cb_lock before hw_lock", 0,
       .set_stall = set_stall_inverted);

const struct fl_subject *const fl_core_mutants[] = {
	&never_suspends_subject,
	&masks_for_ever_subject,
	&warns_subject,
	&no_sync_subject,
	&deadlock_subject,
	&no_mask_subject,
	&forgets_put_subject,
	&double_put_subject,
	&reports_twice_subject,
	&reports_nothing_subject,
	&torn_subject,
	&resume_first_subject,
	&no_resume_subject,
	&data_race_subject,
	&returns_none_subject,
	&hard_irq_subject,
	&use_after_free_subject,
	&leaks_domain_subject,
	&bug_subject,
	&drift_subject,
	&lock_inversion_subject,
	&no_reference_subject,
	&waits_for_handler_subject,
	NULL,
};

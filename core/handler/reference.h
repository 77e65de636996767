/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the reference; reference.c tells how they work together. */
#ifndef FAULTLINE_HANDLER_REFERENCE_H
#define FAULTLINE_HANDLER_REFERENCE_H

#include "arm-smmu.h"

/* What serving a fault is made of; the caller holds the bank's fault_lock. */
struct arm_smmu_fault_steps {
	/* FSR, as far as it is this handler's business; 0: done. */
	u32 (*pending)(struct arm_smmu_device *smmu, unsigned int bank);
	/* Read the syndrome that @fsr announces, and pass it up; the client's answer. */
	int (*report)(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr);
	void (*clear)(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr);
};

/* The reference as a generation: mutants copy it and replace a field. */
#define ARM_SMMU_REFERENCE                                                                         \
	.core_resumes = true, .adreno_threaded = true, .strict_pm = true, .set_stall_now = true,   \
	.pm_ops = &arm_smmu_reference_pm_ops, .init_domain = arm_smmu_reference_init_domain,       \
	.destroy_domain = arm_smmu_reference_destroy_domain,                                       \
	.request_global_irq = arm_smmu_reference_request_global_irq,                               \
	.request_context_irq = arm_smmu_reference_request_context_irq,                             \
	.device_reset = arm_smmu_reference_reset, .set_stall = arm_smmu_reference_set_stall,       \
	.get_fault_info = arm_smmu_reference_get_fault_info,                                       \
	.hw_begin = arm_smmu_reference_hw_begin, .hw_end = arm_smmu_reference_hw_end,              \
	.shutdown = arm_smmu_reference_shutdown, .steps = &arm_smmu_reference_steps,               \
	.handler_put = arm_smmu_reference_handler_put

#define ARM_SMMU_REFERENCE_PM_OPS                                                                  \
	.suspend = arm_smmu_reference_pm_suspend, .suspend_name = "arm_smmu_pm_suspend",           \
	.resume = arm_smmu_reference_pm_resume, .resume_name = "arm_smmu_pm_resume",               \
	.runtime_suspend = arm_smmu_reference_runtime_suspend,                                     \
	.runtime_suspend_name = "arm_smmu_runtime_suspend",                                        \
	.runtime_resume = arm_smmu_reference_runtime_resume,                                       \
	.runtime_resume_name = "arm_smmu_runtime_resume"

extern const struct dev_pm_ops arm_smmu_reference_pm_ops;
extern const struct arm_smmu_fault_steps arm_smmu_reference_steps;

/* reference.c: handlers */
int arm_smmu_reference_request_context_irq(struct arm_smmu_domain *smmu_domain);
int arm_smmu_reference_request_global_irq(struct arm_smmu_device *smmu);
/*
 * Run @serve on the device if it is on, and see to it that it stays on meanwhile. Returns what
 * @serve returned: true if it found something of its own; false if the device is quiet.
 */
bool arm_smmu_reference_guarded(struct arm_smmu_device *smmu,
				bool (*serve)(struct arm_smmu_device *smmu, unsigned int bank),
				unsigned int bank);
/* The end of a handler's reference. */
void arm_smmu_reference_handler_put(struct arm_smmu_device *smmu);
/* Serve all that drives the line of @bank's output; true if @bank had something. */
bool arm_smmu_reference_serve_line(struct arm_smmu_device *smmu, unsigned int bank);

/* reference-fault.c: what is done with a recorded fault */
bool arm_smmu_reference_serve_bank(struct arm_smmu_device *smmu, unsigned int bank);
u32 arm_smmu_reference_pending(struct arm_smmu_device *smmu, unsigned int bank);
int arm_smmu_reference_report(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr);
void arm_smmu_reference_clear(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr);
bool arm_smmu_reference_serve_global(struct arm_smmu_device *smmu);
/*
 * Clear what is recorded in @bank and terminate what it stalls; true if there was something. Under
 * hw_lock.
 */
bool arm_smmu_reference_drop_bank(struct arm_smmu_device *smmu, unsigned int bank);

/* reference-pm.c: power */
/* SCTLR as it should be now; under hw_lock. */
u32 arm_smmu_reference_sctlr(struct arm_smmu_device *smmu, unsigned int bank);
void arm_smmu_reference_reset(struct arm_smmu_device *smmu);
void arm_smmu_reference_mask(struct arm_smmu_device *smmu);
void arm_smmu_reference_unmask(struct arm_smmu_device *smmu);
bool arm_smmu_reference_has_faults(struct arm_smmu_device *smmu);
void arm_smmu_reference_power_off(struct arm_smmu_device *smmu);
int arm_smmu_reference_power_on(struct arm_smmu_device *smmu);
int arm_smmu_reference_runtime_suspend(struct device *dev);
int arm_smmu_reference_runtime_resume(struct device *dev);
int arm_smmu_reference_pm_suspend(struct device *dev);
int arm_smmu_reference_pm_resume(struct device *dev);
void arm_smmu_reference_shutdown(struct arm_smmu_device *smmu);

/* reference-domain.c: banks, and what the GPU's driver asks for */
int arm_smmu_reference_init_domain(struct arm_smmu_device *smmu,
				   struct arm_smmu_domain *smmu_domain);
void arm_smmu_reference_destroy_domain(struct arm_smmu_domain *smmu_domain);
int arm_smmu_reference_set_stall(struct arm_smmu_domain *smmu_domain, bool enabled);
int arm_smmu_reference_get_fault_info(struct arm_smmu_domain *smmu_domain,
				      struct fl_fault_info *info);
bool arm_smmu_reference_hw_begin(struct arm_smmu_device *smmu, unsigned long *flags);
void arm_smmu_reference_hw_end(struct arm_smmu_device *smmu, unsigned long flags);

#endif

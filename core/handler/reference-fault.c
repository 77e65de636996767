/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference: serving and dropping recorded faults (reference.c, 8). The caller sees to power.
 *
 * A bank is served in small steps, each decided by a fresh read of FSR, which also pushes posted
 * writes: a type bit stands for a fault that nobody was told of; MULTI alone for faults whose
 * syndromes were not kept; SS alone for a transaction that waits for RESUME. What is recorded
 * between two steps is simply the next step.
 */
#include "reference.h"

/* A client that asks for retries and does not make progress is not asked for ever. */
#define MAX_RETRIES 4

u32 arm_smmu_reference_pending(struct arm_smmu_device *smmu, unsigned int bank)
{
	return arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSR) & ARM_SMMU_FSR_FAULT;
}

/* The syndrome belongs to @fsr, which was read before it, and which holds it until it is written.
 */
int arm_smmu_reference_report(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	struct arm_smmu_domain *smmu_domain = smmu->cbs[bank].domain;
	struct arm_smmu_context_fault_info info = {.fsr = fsr};
	int answer;

	info.iova = arm_smmu_cb_readq(smmu, bank, ARM_SMMU_CB_FAR);
	info.fsynr0 = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSYNR0);
	info.cbfrsynra = arm_smmu_gr1_read(smmu, ARM_SMMU_GR1_CBFRSYNRA(bank));
	answer = arm_smmu_report(smmu_domain, &info);
	if (answer == -ENOSYS && __ratelimit(&smmu->context_limit)) {
		arm_smmu_print_context_fault_info(smmu, bank, &info);
		dev_err(smmu->dev, "the tables say 0x%llx",
			arm_smmu_pgtable_walk(smmu_domain->pgtable, info.iova));
	}
	return answer;
}

void arm_smmu_reference_clear(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_FSR, fsr);
}

const struct arm_smmu_fault_steps arm_smmu_reference_steps = {
	.pending = arm_smmu_reference_pending,
	.report = arm_smmu_reference_report,
	.clear = arm_smmu_reference_clear,
};

/*
 * End the stall with @value, if SS is all that is left: MMU-500 ignores RESUME while FSR has more.
 * Hardware that records a fault even while a transaction is stalled could do so between the look
 * and the write, so for these few accesses others wait (HUPCF = 0, CFCFG = 1). false: something
 * else came first.
 */
static bool resume_stalled(struct arm_smmu_device *smmu, unsigned int bank, u32 value)
{
	u32 sctlr = arm_smmu_reference_sctlr(smmu, bank);
	bool translating = sctlr & ARM_SMMU_SCTLR_M;
	bool only_stalled;

	if (translating)
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_SCTLR,
				  (sctlr & ~ARM_SMMU_SCTLR_HUPCF) | ARM_SMMU_SCTLR_CFCFG);
	only_stalled = arm_smmu_reference_pending(smmu, bank) == ARM_SMMU_FSR_SS;
	if (only_stalled) {
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_RESUME, value);
		/* Arrived before the others are let go. */
		arm_smmu_reference_pending(smmu, bank);
	}
	if (translating)
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_SCTLR, sctlr);
	return only_stalled;
}

/* The client's answer to the stalled fault is known; true if the stall is over. */
static bool resume(struct arm_smmu_device *smmu, unsigned int bank, int answer)
{
	struct arm_smmu_cb *cb = &smmu->cbs[bank];
	bool retry = answer == -EAGAIN && cb->retries < MAX_RETRIES;
	unsigned long flags;
	bool resumed;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	resumed = resume_stalled(smmu, bank, retry ? 0 : ARM_SMMU_RESUME_TERMINATE);
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	if (resumed)
		cb->retries = retry ? cb->retries + 1 : 0;
	return resumed;
}

bool arm_smmu_reference_serve_bank(struct arm_smmu_device *smmu, unsigned int bank)
{
	const struct arm_smmu_fault_steps *steps = smmu->gen->steps;
	struct arm_smmu_cb *cb = &smmu->cbs[bank];
	int stalled_answer = 0;
	bool answered = false;
	bool served = false;
	u32 fsr;

	mutex_lock(&cb->fault_lock);
	/* Without a domain the bank is being taken up or down, and is disabled or will be cleared.
	 */
	while (cb->domain && (fsr = steps->pending(smmu, bank))) {
		served = true;
		if (fsr & ARM_SMMU_FSR_TYPES) {
			int answer = steps->report(smmu, bank, fsr);

			/* The first fault that is seen with SS is the one that stalled. */
			if (fsr & ARM_SMMU_FSR_SS && !answered) {
				stalled_answer = answer;
				answered = true;
			}
			steps->clear(smmu, bank, fsr);
		} else if (fsr & ARM_SMMU_FSR_MULTI) {
			steps->clear(smmu, bank, fsr);
		} else if (resume(smmu, bank, answered ? stalled_answer : 0)) {
			answered = false;
		}
	}
	mutex_unlock(&cb->fault_lock);
	return served;
}

bool arm_smmu_reference_serve_global(struct arm_smmu_device *smmu)
{
	return arm_smmu_handle_global_fault(smmu) == IRQ_HANDLED;
}

/*
 * The ones that queue behind the first stalled one may each want a RESUME of their own; a bank that
 * does not come clean is left to the reset. Under hw_lock.
 */
bool arm_smmu_reference_drop_bank(struct arm_smmu_device *smmu, unsigned int bank)
{
	bool dropped = false;
	u32 fsr;

	for (int i = 0; i < 64 && (fsr = arm_smmu_reference_pending(smmu, bank)); i++) {
		dropped = true;
		if (fsr == ARM_SMMU_FSR_SS)
			resume_stalled(smmu, bank, ARM_SMMU_RESUME_TERMINATE);
		else
			arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_FSR, fsr);
	}
	return dropped;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference: serving and dropping recorded faults (reference.c, 8). The caller sees to power.
 *
 * A bank is served in small steps, each decided by a fresh read of FSR, which also pushes posted writes:
 * a type bit stands for a fault that nobody was told of; MULTI alone for faults whose syndromes were not
 * kept; SS alone for a transaction that waits for RESUME. What is recorded between two steps is simply
 * the next step.
 */
#include "reference.h"

/* A client that asks for retries and does not make progress is not asked for ever. */
#define MAX_RETRIES 4

u32 arm_smmu_reference_pending(struct arm_smmu_device *smmu, unsigned int bank)
{
	return arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSR) & ARM_SMMU_FSR_FAULT;
}

/* The syndrome belongs to @fsr, which was read before it, and which holds it until it is written. */
int arm_smmu_reference_report(struct arm_smmu_device *smmu, unsigned int bank, u32 fsr)
{
	struct arm_smmu_domain *smmu_domain = smmu->cbs[bank].domain;
	struct arm_smmu_context_fault_info info = { .fsr = fsr };
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

static u32 resume_value(struct arm_smmu_cb *cb, int answer)
{
	if (answer != -EAGAIN || cb->retries == MAX_RETRIES) {
		cb->retries = 0;
		return ARM_SMMU_RESUME_TERMINATE;
	}
	cb->retries++;
	return 0;
}

bool arm_smmu_reference_serve_bank(struct arm_smmu_device *smmu, unsigned int bank)
{
	const struct arm_smmu_fault_steps *steps = smmu->gen->steps;
	struct arm_smmu_cb *cb = &smmu->cbs[bank];
	int stalled_answer = 0;
	bool served = false;
	u32 fsr;

	mutex_lock(&cb->fault_lock);
	/* Without a domain the bank is being taken up or down, and is disabled or will be cleared. */
	while (cb->domain && (fsr = steps->pending(smmu, bank))) {
		served = true;
		if (fsr & ARM_SMMU_FSR_TYPES) {
			int answer = steps->report(smmu, bank, fsr);

			if (fsr & ARM_SMMU_FSR_SS)
				stalled_answer = answer;
			steps->clear(smmu, bank, fsr);
		} else if (fsr & ARM_SMMU_FSR_MULTI) {
			steps->clear(smmu, bank, fsr);
		} else {
			arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_RESUME,
					  resume_value(cb, stalled_answer));
			stalled_answer = 0;
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
 * No new stall can come (CFCFG is 0), but the ones that queue behind the first may each want a RESUME of
 * their own; a bank that does not come clean is left to the reset.
 */
bool arm_smmu_reference_drop_bank(struct arm_smmu_device *smmu, unsigned int bank)
{
	bool dropped = false;
	u32 fsr;

	for (int i = 0; i < 64 && (fsr = arm_smmu_reference_pending(smmu, bank)); i++) {
		dropped = true;
		if (fsr == ARM_SMMU_FSR_SS)
			arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_RESUME, ARM_SMMU_RESUME_TERMINATE);
		else
			arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_FSR, fsr);
	}
	return dropped;
}

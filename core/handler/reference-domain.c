/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reference: banks come and go, and what the GPU's driver asks for (reference.c, 7 and 9). */
#include "reference.h"

bool arm_smmu_reference_hw_begin(struct arm_smmu_device *smmu, unsigned long *flags)
{
	unsigned long saved;

	spin_lock_irqsave(&smmu->quiet.hw_lock, saved);
	*flags = saved;
	if (smmu->quiet.hw_on)
		return true;
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, saved);
	return false;
}

void arm_smmu_reference_hw_end(struct arm_smmu_device *smmu, unsigned long flags)
{
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
}

/* The handler exists before the bank can interrupt, and the domain is whole before it is told
 * anything. */
static void enable_bank(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;
	struct arm_smmu_cb *cb = &smmu->cbs[bank];
	unsigned long flags;

	mutex_lock(&cb->fault_lock);
	cb->domain = smmu_domain;
	cb->retries = 0;
	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	arm_smmu_init_context_bank(smmu_domain);
	if (smmu->quiet.hw_on) {
		arm_smmu_write_bank_attributes(smmu, bank);
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_SCTLR,
				  arm_smmu_reference_sctlr(smmu, bank));
	}
	fl_domain_live(smmu_domain->domain.number, bank, true);
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	mutex_unlock(&cb->fault_lock);
}

static void disable_bank(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;
	struct arm_smmu_cb *cb = &smmu->cbs[bank];
	unsigned long flags;

	/* No interrupt any more: the read makes sure that the write has arrived. */
	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	cb->cfg = NULL;
	fl_domain_live(smmu_domain->domain.number, bank, false);
	if (smmu->quiet.hw_on) {
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_SCTLR, 0);
		arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_SCTLR);
	}
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	/* Whoever is telling the domain of a fault ends first. */
	mutex_lock(&cb->fault_lock);
	cb->domain = NULL;
	mutex_unlock(&cb->fault_lock);
	/* What is left belongs to nobody; the bank's next owner must not inherit it. */
	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	if (smmu->quiet.hw_on)
		arm_smmu_reference_drop_bank(smmu, bank);
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
}

int arm_smmu_reference_init_domain(struct arm_smmu_device *smmu,
				   struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_cfg *cfg = &smmu_domain->cfg;
	int ret = 0;

	mutex_lock(&smmu_domain->init_mutex);
	if (smmu_domain->smmu)
		goto out_unlock;
	ret = arm_smmu_alloc_bank(smmu, smmu_domain);
	if (ret < 0)
		goto out_unlock;
	cfg->cbndx = ret;
	cfg->irptndx = ret;
	cfg->asid = ret;
	smmu_domain->pgtable = arm_smmu_pgtable_alloc(smmu->address_bits);
	if (!smmu_domain->pgtable) {
		ret = -ENOMEM;
		goto out_free_bank;
	}
	smmu_domain->smmu = smmu;
	/* A bank without an interrupt would hang its clients at the first stalled fault. */
	ret = smmu->gen->request_context_irq(smmu_domain);
	if (ret < 0)
		goto out_free_tables;
	enable_bank(smmu_domain);
	WRITE_ONCE(smmu_domain->pgtbl_ops, smmu_domain->pgtable);
	mutex_unlock(&smmu_domain->init_mutex);
	return 0;

out_free_tables:
	dev_err(smmu->dev, "failed to request context IRQ of bank %u: %d", cfg->cbndx, ret);
	smmu_domain->smmu = NULL;
	arm_smmu_pgtable_free(smmu_domain->pgtable);
	smmu_domain->pgtable = NULL;
out_free_bank:
	arm_smmu_free_bank(smmu, cfg->cbndx);
out_unlock:
	mutex_unlock(&smmu_domain->init_mutex);
	return ret;
}

/* A device that cannot be switched on changes nothing: its next reset programs the bank as
 * unassigned. */
void arm_smmu_reference_destroy_domain(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;
	int held = arm_smmu_rpm_get(smmu);

	disable_bank(smmu_domain);
	free_irq(smmu->irqs[bank], smmu_domain);
	arm_smmu_pgtable_free(smmu_domain->pgtable);
	arm_smmu_free_bank(smmu, bank);
	if (held >= 0)
		arm_smmu_rpm_put(smmu);
}

/* Flag and register change together, or the resume brings the flag. */
int arm_smmu_reference_set_stall(struct arm_smmu_domain *smmu_domain, bool enabled)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;
	unsigned long flags;

	spin_lock_irqsave(&smmu->quiet.hw_lock, flags);
	if (enabled)
		smmu->stall_enabled |= BIT(bank);
	else
		smmu->stall_enabled &= ~BIT(bank);
	fl_stall_flag(bank, enabled);
	if (smmu->quiet.hw_on && smmu->cbs[bank].cfg)
		arm_smmu_cb_write(smmu, bank, ARM_SMMU_CB_SCTLR,
				  arm_smmu_reference_sctlr(smmu, bank));
	spin_unlock_irqrestore(&smmu->quiet.hw_lock, flags);
	return 0;
}

/*
 * Asked from the fault callback the record stands still, asked from elsewhere it may be served
 * meanwhile: what is told is one record, or -EAGAIN after a few tries.
 */
int arm_smmu_reference_get_fault_info(struct arm_smmu_domain *smmu_domain,
				      struct fl_fault_info *info)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int bank = smmu_domain->cfg.cbndx;
	unsigned long flags = 0;
	bool same = false;
	u32 again;

	*info = (struct fl_fault_info){0};
	if (!arm_smmu_reference_hw_begin(smmu, &flags))
		return -EHOSTDOWN;
	for (int i = 0; i < 3 && !same; i++) {
		info->fsr = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSR);
		info->far = arm_smmu_cb_readq(smmu, bank, ARM_SMMU_CB_FAR);
		info->fsynr0 = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSYNR0);
		info->fsynr1 = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSYNR1);
		info->cbfrsynra = arm_smmu_gr1_read(smmu, ARM_SMMU_GR1_CBFRSYNRA(bank));
		info->ttbr0 = arm_smmu_cb_readq(smmu, bank, ARM_SMMU_CB_TTBR0);
		info->contextidr = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_CONTEXTIDR);
		again = arm_smmu_cb_read(smmu, bank, ARM_SMMU_CB_FSR);
		same = !((info->fsr ^ again) & ~ARM_SMMU_FSR_MULTI);
	}
	arm_smmu_reference_hw_end(smmu, flags);
	return same ? 0 : -EAGAIN;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a domain, and what is done with its address space (domain.md 2.8). */
#include "arm-smmu.h"

struct arm_smmu_domain *arm_smmu_domain_alloc(unsigned int number, bool stalls)
{
	struct arm_smmu_domain *smmu_domain = kzalloc(sizeof(*smmu_domain), GFP_KERNEL);

	if (!smmu_domain)
		return NULL;
	mutex_init(&smmu_domain->init_mutex);
	smmu_domain->domain.number = number;
	smmu_domain->sid = number;
	smmu_domain->stalls = stalls;
	return smmu_domain;
}

void arm_smmu_domain_free(struct arm_smmu_domain *smmu_domain)
{
	unsigned int number = smmu_domain->domain.number;

	if (smmu_domain->smmu)
		smmu_domain->smmu->gen->destroy_domain(smmu_domain);
	kfree(smmu_domain);
	fl_domain_freed(number);
}

/* The GPU's stream gets bank 0, and nobody else on its SMMU does. */
int arm_smmu_alloc_bank(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain)
{
	unsigned int start = 0, end = smmu->num_context_banks;

	if (smmu->hw.adreno) {
		if (smmu_domain->stalls)
			end = 1;
		else
			start = 1;
	}
	for (unsigned int idx = start; idx < end; idx++) {
		if (!test_and_set_bit(idx, &smmu->context_map))
			return idx;
	}
	return -ENOSPC;
}

void arm_smmu_free_bank(struct arm_smmu_device *smmu, unsigned int cbndx)
{
	clear_bit(cbndx, &smmu->context_map);
}

int arm_smmu_init_domain_context(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_cfg *cfg = &smmu_domain->cfg;
	int ret = 0;

	mutex_lock(&smmu_domain->init_mutex);
	if (smmu_domain->smmu)
		goto out_unlock;
	ret = arm_smmu_alloc_bank(smmu, smmu_domain);
	if (ret < 0)
		goto out_unlock;
	smmu_domain->smmu = smmu;
	cfg->cbndx = ret;
	cfg->irptndx = ret;
	cfg->asid = ret;
	smmu_domain->pgtable = arm_smmu_pgtable_alloc(smmu->address_bits);
	if (!smmu_domain->pgtable) {
		ret = -ENOMEM;
		goto out_free_bank;
	}
	arm_smmu_init_context_bank(smmu_domain);
	arm_smmu_write_context_bank(smmu, cfg->cbndx);
	fl_domain_live(smmu_domain->domain.number, cfg->cbndx, true);
	ret = smmu->gen->request_context_irq(smmu_domain);
	if (ret < 0) {
		/* The bank runs on, without an interrupt. */
		dev_err(smmu->dev, "failed to request context IRQ of bank %u", cfg->cbndx);
		cfg->irptndx = INVALID_IRPTNDX;
	}
	mutex_unlock(&smmu_domain->init_mutex);
	WRITE_ONCE(smmu_domain->pgtbl_ops, smmu_domain->pgtable);
	return 0;

out_free_bank:
	arm_smmu_free_bank(smmu, cfg->cbndx);
	smmu_domain->smmu = NULL;
out_unlock:
	mutex_unlock(&smmu_domain->init_mutex);
	return ret;
}

void arm_smmu_destroy_domain_context(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	struct arm_smmu_cfg *cfg = &smmu_domain->cfg;

	if (arm_smmu_rpm_get(smmu) < 0)
		return;
	smmu->cbs[cfg->cbndx].cfg = NULL;
	arm_smmu_write_context_bank(smmu, cfg->cbndx);
	fl_domain_live(smmu_domain->domain.number, cfg->cbndx, false);
	if (cfg->irptndx != INVALID_IRPTNDX)
		free_irq(smmu->irqs[cfg->irptndx], smmu_domain);
	/* Tables do not go before the TLB has forgotten them. */
	arm_smmu_tlb_inv_context(smmu_domain);
	arm_smmu_pgtable_free(smmu_domain->pgtable);
	arm_smmu_free_bank(smmu, cfg->cbndx);
	arm_smmu_rpm_put(smmu);
}

/* Point the streams of @sid at bank @cbndx, or past the SMMU. */
static void install_s2crs(struct arm_smmu_device *smmu, u16 sid, u32 type, u8 cbndx)
{
	struct arm_smmu_s2cr *s2cr = &smmu->s2crs[sid];
	unsigned long flags = 0;
	bool on;

	if (s2cr->type == type && s2cr->cbndx == cbndx)
		return;
	on = arm_smmu_hw_begin(smmu, &flags);
	s2cr->type = type;
	s2cr->cbndx = cbndx;
	if (!on)
		return;
	arm_smmu_write_s2cr(smmu, sid);
	arm_smmu_hw_end(smmu, flags);
}

int arm_smmu_attach_dev(struct arm_smmu_device *smmu, struct arm_smmu_domain *smmu_domain)
{
	int ret;

	if (smmu_domain->sid >= smmu->num_mapping_groups)
		return -ENODEV;
	ret = arm_smmu_rpm_get(smmu);
	if (ret < 0)
		return ret;
	ret = smmu->gen->init_domain(smmu, smmu_domain);
	if (ret < 0)
		goto out;
	install_s2crs(smmu, smmu_domain->sid, S2CR_TYPE_TRANS, smmu_domain->cfg.cbndx);
	arm_smmu_rpm_use_autosuspend(smmu);
	ret = 0;
out:
	arm_smmu_rpm_put(smmu);
	return ret;
}

/* To the default domain of the group, which is the identity for these masters. */
int arm_smmu_detach_dev(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	int ret;

	if (!smmu)
		return -EINVAL;
	ret = arm_smmu_rpm_get(smmu);
	if (ret < 0)
		return ret;
	install_s2crs(smmu, smmu_domain->sid, S2CR_TYPE_BYPASS, 0);
	arm_smmu_rpm_use_autosuspend(smmu);
	arm_smmu_rpm_put(smmu);
	return 0;
}

/* The results of getting are ignored here, as they are in the driver. */
int arm_smmu_map_pages(struct arm_smmu_domain *smmu_domain, u64 iova, phys_addr_t paddr, int prot)
{
	struct arm_smmu_pgtable *ops = READ_ONCE(smmu_domain->pgtbl_ops);
	int got, ret;

	if (!ops)
		return -ENODEV;
	/* The GPU's driver writes its process's tables itself, and asks nobody. */
	if (arm_smmu_is_split(smmu_domain))
		return arm_smmu_pgtable_map(ops, iova, paddr, prot);
	got = arm_smmu_rpm_get(smmu_domain->smmu);
	ret = arm_smmu_pgtable_map(ops, iova, paddr, prot);
	arm_smmu_rpm_end(smmu_domain->smmu, got);
	return ret;
}

static void arm_smmu_iotlb_sync(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned long flags = 0;
	int got = arm_smmu_rpm_get(smmu);

	if (arm_smmu_hw_begin(smmu, &flags)) {
		arm_smmu_tlb_sync_context(smmu_domain);
		arm_smmu_hw_end(smmu, flags);
	}
	arm_smmu_rpm_end(smmu, got);
}

/* By address space id; the GPU's driver has nothing finer. */
static void arm_smmu_flush_iotlb_all(struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned long flags = 0;
	int got = arm_smmu_rpm_get(smmu);

	if (arm_smmu_hw_begin(smmu, &flags)) {
		arm_smmu_tlb_inv_context(smmu_domain);
		arm_smmu_hw_end(smmu, flags);
	}
	arm_smmu_rpm_end(smmu, got);
}

int arm_smmu_unmap_pages(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	struct arm_smmu_pgtable *ops = READ_ONCE(smmu_domain->pgtbl_ops);
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned long flags = 0;
	bool mapped;
	int got;

	if (!ops)
		return -ENODEV;
	if (arm_smmu_is_split(smmu_domain)) {
		mapped = arm_smmu_pgtable_unmap(ops, iova);
		arm_smmu_flush_iotlb_all(smmu_domain);
		return mapped ? 0 : -ENOENT;
	}
	got = arm_smmu_rpm_get(smmu);
	mapped = arm_smmu_pgtable_unmap(ops, iova);
	if (mapped && arm_smmu_hw_begin(smmu, &flags)) {
		arm_smmu_tlb_add_page(smmu_domain, iova);
		arm_smmu_hw_end(smmu, flags);
	}
	arm_smmu_rpm_end(smmu, got);
	/* The IOMMU core syncs whatever was there. */
	arm_smmu_iotlb_sync(smmu_domain);
	return mapped ? 0 : -ENOENT;
}

#define ATS_POLL_US    5
#define ATS_TIMEOUT_US 50

/* Ask the hardware; a walk that does not end is done in software. */
static phys_addr_t iova_to_phys_hard(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	unsigned int waited = 0;
	unsigned long flags;
	u64 par;

	spin_lock_irqsave(&smmu->cb_lock[idx], flags);
	arm_smmu_cb_writeq(smmu, idx, ARM_SMMU_CB_ATS1PR, iova & ~0xfffull);
	while (arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_ATSR) & ARM_SMMU_ATSR_ACTIVE) {
		if (waited >= ATS_TIMEOUT_US) {
			spin_unlock_irqrestore(&smmu->cb_lock[idx], flags);
			dev_err(smmu->dev,
				"iova to phys timed out on 0x%llx, falling back to a software walk",
				iova);
			return arm_smmu_pgtable_walk(smmu_domain->pgtable, iova);
		}
		udelay(ATS_POLL_US);
		waited += ATS_POLL_US;
	}
	par = arm_smmu_cb_readq(smmu, idx, ARM_SMMU_CB_PAR);
	spin_unlock_irqrestore(&smmu->cb_lock[idx], flags);
	if (par & ARM_SMMU_CB_PAR_F) {
		dev_err(smmu->dev, "translation fault! PAR = 0x%llx", par);
		return 0;
	}
	return (par & GENMASK_ULL(39, 12)) | (iova & 0xfff);
}

phys_addr_t arm_smmu_iova_to_phys(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	struct arm_smmu_pgtable *ops = READ_ONCE(smmu_domain->pgtbl_ops);
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned long flags = 0;
	phys_addr_t phys;

	if (!ops)
		return 0;
	if (!smmu->trans_ops)
		return arm_smmu_pgtable_walk(ops, iova);
	if (arm_smmu_rpm_get(smmu) < 0)
		return 0;
	if (arm_smmu_hw_begin(smmu, &flags)) {
		phys = iova_to_phys_hard(smmu_domain, iova);
		arm_smmu_hw_end(smmu, flags);
	} else {
		phys = arm_smmu_pgtable_walk(ops, iova);
	}
	arm_smmu_rpm_put(smmu);
	return phys;
}

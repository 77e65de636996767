/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The context fault handler of Qualcomm's debug builds, for SMMUs other than the GPU's
 * (domain.md 2.3): a fault that the client does not take is looked at through the TBU's debug
 * block, by translating the address in hardware. That needs a halted TBU and sleeping calls, so the
 * handler is a thread.
 */
#include "arm-smmu.h"

#define TBU_DBG_TIMEOUT_US 100
#define TBU_ATOS_TRIES	   3
#define TBU_PEAK_BANDWIDTH 0x7fffffffu

static u32 tbu_read(struct qcom_tbu *tbu, unsigned int offset)
{
	return readl_relaxed((char *)tbu->base + offset);
}

static void tbu_write(struct qcom_tbu *tbu, unsigned int offset, u32 value)
{
	writel_relaxed(value, (char *)tbu->base + offset);
}

static u64 tbu_readq(struct qcom_tbu *tbu, unsigned int offset)
{
	return readq_relaxed((char *)tbu->base + offset);
}

static void tbu_writeq(struct qcom_tbu *tbu, unsigned int offset, u64 value)
{
	writeq_relaxed(value, (char *)tbu->base + offset);
}

/* The TBU whose streams @sid belongs to, 1024 each; NULL if none was probed. */
static struct qcom_tbu *qcom_find_tbu(struct arm_smmu_device *smmu, u16 sid)
{
	unsigned int number = sid / 1024;

	return number < smmu->hw.tbus ? &smmu->tbus[number] : NULL;
}

/* Clear the bank's fault, terminating what it stalls. */
static void clear_fault(struct arm_smmu_device *smmu, unsigned int idx, u32 fsr)
{
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_FSR, fsr);
	if (fsr & ARM_SMMU_FSR_SS)
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_RESUME, ARM_SMMU_RESUME_TERMINATE);
}

static void qcom_tbu_unhalt(struct qcom_tbu *tbu)
{
	u32 val = tbu_read(tbu, DEBUG_SID_HALT_REG);

	tbu_write(tbu, DEBUG_SID_HALT_REG, val & ~DEBUG_SID_HALT_VAL);
}

static bool wait_for_halt(struct qcom_tbu *tbu)
{
	u64 deadline = ktime_get_ns() + TBU_DBG_TIMEOUT_US * NSEC_PER_USEC;

	while (!(tbu_read(tbu, DEBUG_SR_HALT_ACK_REG) & DEBUG_SR_HALT_ACK_VAL)) {
		if (ktime_get_ns() > deadline)
			return false;
		udelay(1);
	}
	return true;
}

/* Halting waits for what the TBU has under way, so a stalled transaction must go first. */
static int qcom_tbu_halt(struct qcom_tbu *tbu, struct arm_smmu_domain *smmu_domain)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	unsigned long flags;
	u32 fsr, sctlr;
	int error = 0;

	spin_lock_irqsave(&tbu->halt_lock, flags);
	if (tbu->halt_count++)
		goto out;
	tbu_write(tbu, DEBUG_SID_HALT_REG, tbu_read(tbu, DEBUG_SID_HALT_REG) | DEBUG_SID_HALT_VAL);
	fsr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSR);
	if (fsr & ARM_SMMU_FSR_FAULT && fsr & ARM_SMMU_FSR_SS) {
		sctlr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_SCTLR);
		/* No new stall, and no interrupt, while this one is being cleared. */
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR,
				  sctlr & ~(ARM_SMMU_SCTLR_CFCFG | ARM_SMMU_SCTLR_CFIE));
		clear_fault(smmu, idx, fsr);
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR, sctlr);
	}
	if (!wait_for_halt(tbu)) {
		dev_err(smmu->dev, "Timeout while trying to halt TBU");
		qcom_tbu_unhalt(tbu);
		tbu->halt_count--;
		error = -ETIMEDOUT;
	}
out:
	spin_unlock_irqrestore(&tbu->halt_lock, flags);
	return error;
}

static void qcom_tbu_resume(struct qcom_tbu *tbu)
{
	unsigned long flags;

	spin_lock_irqsave(&tbu->halt_lock, flags);
	if (!--tbu->halt_count)
		qcom_tbu_unhalt(tbu);
	spin_unlock_irqrestore(&tbu->halt_lock, flags);
}

/* One translation by hardware; 0 if it faults or does not end. */
static phys_addr_t qcom_tbu_trigger_atos(struct qcom_tbu *tbu, u64 iova, u16 sid)
{
	struct device *dev = tbu->smmu->dev;
	bool timed_out = false;
	phys_addr_t phys = 0;
	u64 deadline, val;
	u32 sid_halt;

	val = tbu_readq(tbu, DEBUG_SID_HALT_REG) & ~(u64)DEBUG_SID_HALT_SID;
	tbu_writeq(tbu, DEBUG_SID_HALT_REG, val | FIELD_PREP(DEBUG_SID_HALT_SID, (u32)sid));
	tbu_writeq(tbu, DEBUG_VA_ADDR_REG, iova);
	tbu_writeq(tbu, DEBUG_AXUSER_REG, FIELD_PREP(DEBUG_AXUSER_CDMID, DEBUG_AXUSER_CDMID_VAL));
	tbu_writeq(tbu, DEBUG_TXN_TRIGG_REG,
		   FIELD_PREP(DEBUG_TXN_AXCACHE, 0xfu) |
			   FIELD_PREP(DEBUG_TXN_AXPROT,
				      DEBUG_TXN_AXPROT_NSEC | DEBUG_TXN_AXPROT_PRIV) |
			   DEBUG_TXN_TRIGGER);
	deadline = ktime_get_ns() + TBU_DBG_TIMEOUT_US * NSEC_PER_USEC;
	while (tbu_read(tbu, DEBUG_SR_HALT_ACK_REG) & DEBUG_SR_ECATS_RUNNING_VAL) {
		if (tbu_read(tbu, DEBUG_PAR_REG) & DEBUG_PAR_FAULT_VAL)
			break;
		if (ktime_get_ns() > deadline) {
			timed_out = true;
			break;
		}
		/* The driver spins; this spares the steps. */
		udelay(1);
	}
	val = tbu_readq(tbu, DEBUG_PAR_REG);
	if (val & DEBUG_PAR_FAULT_VAL)
		dev_err(dev, "ATOS generated a fault interrupt! PAR = %llx, SID=0x%x", val, sid);
	else if (timed_out)
		dev_err(dev, "ATOS translation timed out!");
	else
		phys = FIELD_GET(DEBUG_PAR_PA, val) << 12;
	tbu_writeq(tbu, DEBUG_TXN_TRIGG_REG, 0);
	tbu_writeq(tbu, DEBUG_VA_ADDR_REG, 0);
	sid_halt = tbu_read(tbu, DEBUG_SID_HALT_REG);
	tbu_write(tbu, DEBUG_SID_HALT_REG, sid_halt & ~DEBUG_SID_HALT_SID);
	return phys;
}

/* With the TBU halted and clocked. */
static phys_addr_t translate(struct arm_smmu_domain *smmu_domain, struct qcom_tbu *tbu, u64 iova,
			     u16 sid)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	unsigned int idx = smmu_domain->cfg.cbndx;
	phys_addr_t phys = 0;
	unsigned long flags;
	u32 sctlr, fsr;

	sctlr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_SCTLR);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR,
			  sctlr & ~(ARM_SMMU_SCTLR_CFCFG | ARM_SMMU_SCTLR_CFIE));
	fsr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSR);
	if (fsr & ARM_SMMU_FSR_FAULT)
		clear_fault(smmu, idx, fsr);
	spin_lock_irqsave(&smmu->atos_lock, flags);
	for (int try = 0; try < TBU_ATOS_TRIES && !phys; try++) {
		phys = qcom_tbu_trigger_atos(tbu, iova, sid);
		fsr = arm_smmu_cb_read(smmu, idx, ARM_SMMU_CB_FSR);
		if (fsr & ARM_SMMU_FSR_FAULT)
			clear_fault(smmu, idx, fsr);
	}
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_SCTLR, sctlr);
	spin_unlock_irqrestore(&smmu->atos_lock, flags);
	return phys;
}

/* For the stream that the bank's recorded fault names now, which may be another one by then. */
static phys_addr_t qcom_smmu_iova_to_phys_hard(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	u32 cbfrsynra = arm_smmu_gr1_read(smmu, ARM_SMMU_GR1_CBFRSYNRA(smmu_domain->cfg.cbndx));
	u16 sid = FIELD_GET(ARM_SMMU_CBFRSYNRA_SID, cbfrsynra);
	struct qcom_tbu *tbu = qcom_find_tbu(smmu, sid);
	phys_addr_t phys = 0;

	if (!tbu)
		return 0;
	if (icc_set_bw(&tbu->path, 0, TBU_PEAK_BANDWIDTH))
		return 0;
	if (clk_prepare_enable(&tbu->clk))
		goto no_clock;
	if (!qcom_tbu_halt(tbu, smmu_domain)) {
		phys = translate(smmu_domain, tbu, iova, sid);
		qcom_tbu_resume(tbu);
		/* Read to complete what was written. */
		tbu_read(tbu, DEBUG_SR_HALT_ACK_REG);
	}
	clk_disable_unprepare(&tbu->clk);
no_clock:
	icc_set_bw(&tbu->path, 0, 0);
	return phys;
}

/* Does the hardware see what the tables say, before and after its TLB was emptied? */
static phys_addr_t qcom_smmu_verify_fault(struct arm_smmu_domain *smmu_domain, u64 iova)
{
	phys_addr_t phys, after;

	/* The report before this may have slept. */
	kasan_check_read(smmu_domain, sizeof(*smmu_domain));
	phys = qcom_smmu_iova_to_phys_hard(smmu_domain, iova);
	arm_smmu_tlb_inv_context(smmu_domain);
	after = qcom_smmu_iova_to_phys_hard(smmu_domain, iova);
	if (phys != after)
		dev_err(smmu_domain->smmu->dev, "ATOS results differed across TLBIALL");
	return phys ? phys : after;
}

/* No TBU to ask: as the core's handler, but for the missing rate limit. */
static irqreturn_t handle_plain(struct arm_smmu_domain *smmu_domain,
				const struct arm_smmu_context_fault_info *info)
{
	struct arm_smmu_device *smmu = smmu_domain->smmu;
	int idx = smmu_domain->cfg.cbndx;
	int ret = arm_smmu_report(smmu_domain, info);

	if (ret == -ENOSYS)
		arm_smmu_print_context_fault_info(smmu, idx, info);
	arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_FSR, info->fsr);
	if (smmu->gen->core_resumes && info->fsr & ARM_SMMU_FSR_SS)
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_RESUME,
				  ret == -EAGAIN ? 0 : ARM_SMMU_RESUME_TERMINATE);
	return IRQ_HANDLED;
}

irqreturn_t qcom_smmu_context_fault(int irq, void *dev)
{
	struct arm_smmu_domain *smmu_domain = dev;
	struct arm_smmu_context_fault_info info;
	struct arm_smmu_device *smmu;
	struct arm_smmu_pgtable *ops;
	int idx;
	u32 resume = ARM_SMMU_RESUME_TERMINATE;
	irqreturn_t ret = IRQ_HANDLED;
	phys_addr_t soft;
	int answer;

	(void)irq;
	kasan_check_read(smmu_domain, sizeof(*smmu_domain));
	smmu = smmu_domain->smmu;
	idx = smmu_domain->cfg.cbndx;
	ops = READ_ONCE(smmu_domain->pgtbl_ops);
	arm_smmu_read_context_fault_info(smmu, idx, &info);
	if (!(info.fsr & ARM_SMMU_FSR_FAULT))
		return IRQ_NONE;
	if (!smmu->hw.tbus)
		return handle_plain(smmu_domain, &info);

	soft = ops ? arm_smmu_pgtable_walk(ops, info.iova) : 0;
	answer = arm_smmu_report(smmu_domain, &info);
	if (answer == -EAGAIN && smmu->gen->core_resumes) {
		resume = 0;
	} else if (answer != 0 && answer != -EBUSY) {
		phys_addr_t hard = qcom_smmu_verify_fault(smmu_domain, info.iova);

		if (__ratelimit(&smmu->context_limit)) {
			arm_smmu_print_context_fault_info(smmu, idx, &info);
			dev_err(smmu->dev, "soft iova-to-phys=0x%llx, hard=0x%llx", soft, hard);
		}
		ret = IRQ_NONE;
	}
	/* Busy: the client comes back later, and until then everything stays as it is. */
	if (answer != -EBUSY) {
		arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_FSR, info.fsr);
		if (info.fsr & ARM_SMMU_FSR_SS)
			arm_smmu_cb_write(smmu, idx, ARM_SMMU_CB_RESUME, resume);
	}
	return ret;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference: a protocol between fault handling and suspend that is meant to break nothing.
 *
 * The trap. A level interrupt stays high until its cause is cleared, its cause is cleared by
 * register writes, and registers are there only while the device is on. So a handler that finds
 * the device on its way down can neither go on (no clock) nor go away (the line is still high, and
 * comes back at once, on the very CPU that runs the suspend). Looking harder in the handler does
 * not help: whatever it decides, it decides too early. The protocol takes the decision away from
 * it.
 *
 * 1. Handlers are threads, ONESHOT, the global one too. While the thread has not ended the line is
 *    masked at the interrupt controller, so it may wait: no storm, and nobody is starved. That
 *    they are all ONESHOT lets them share lines.
 *
 * 2. A handler waits for the device to be on: pm_runtime_get_sync(), whatever it answers. The
 *    reference it takes keeps the device up: the PM core looks at the usage count and sets
 *    SUSPENDING under one hold of power.lock, so either the handler's reference came first and
 *    there is no suspend, or the suspend came first and the handler waits for its end. The suspend
 *    callback must not wait for handlers in return (no disable_irq, no synchronize_irq), or the
 *    two would wait for each other.
 *
 * 3. runtime_suspend masks all interrupts in the device, together with stalling (CFIE, CFCFG,
 *    GFIE, GCFGFIE), reads back so that the writes have arrived, and then looks for recorded
 *    faults. What was recorded before the mask is found there, what comes after it can neither
 *    interrupt nor stall. If something is found the suspend is refused with -EBUSY: unmasked
 *    again, the fault is served by its handler, with a reference, and reported. No fault is
 *    dropped while the device could serve it, and the client is never called from a PM callback.
 *
 * 4. quiet is set after the mask and before the clocks go; it is cleared after they are on, the
 *    banks are programmed and garbage is cleared, and before the unmask. So: not quiet, and a
 *    reference: the registers may be touched. Quiet: the line is not ours, the answer is IRQ_NONE,
 *    and a suspended SMMU is not woken by the other devices of a shared line.
 *
 * 5. What a reference cannot stop (system sleep, pm_runtime_force_suspend(), shutdown) runs with
 *    runtime PM disabled, so handlers do not wait for it, and it may wait for them: it masks, sets
 *    quiet, and synchronises with all lines. Faults that are left are dropped there, stalled ones
 *    by RESUME, with a message. A handler whose get_sync() failed, because runtime PM is disabled
 *    (no power domain: always), looks at quiet and does its work under sleep_lock, and every
 *    suspend sets quiet under it: also one that is under way while somebody disables runtime PM,
 *    which turns handlers away before it has waited for that suspend. That one does not wait for
 *    the lock, it is refused: the handler's client may want its own device, whose resume waits
 *    for this suspend.
 *
 * 6. After power came back anything may stand in the registers, and a line may be high for no
 *    reason. The lines are disabled, without waiting, from before the clocks go on until garbage
 *    cannot interrupt.
 *
 * 7. hw_lock makes one thing of "is the device on" (hw_on), the cached configuration, and the
 *    registers, for everybody who is no handler: whoever finds the device off changes the cache
 *    only, and the resume, which programs all of it under the same lock, brings it to the
 *    hardware. So no bit of SCTLR is lost between set_stall() and a resume, and an operation whose
 *    get failed touches nothing.
 *
 * 8. Serving a fault (reference-fault.c): FSR is read first, then the syndrome, which nobody can
 *    replace while FSR holds it; then the report; then FSR is written; FSR is read again until
 *    only SS is left; then RESUME, with the bank's other transactions held back for a moment, so
 *    that hardware that records faults while one is stalled cannot put another into FSR just
 *    before it. FSR is read once more before the handler ends, so that an edge-triggered line,
 *    whose next edge would need a low first, has nothing left. For the same reason a handler
 *    serves all outputs that share its line.
 *
 * 9. A domain is told of faults under its bank's fault_lock. Teardown disables the bank, takes the
 *    domain away from it under the lock, clears what is left, and frees the interrupt, in this
 *    order.
 *
 * The writes that make it right: quiet, between mask and clk_disable, and between programming and
 * unmask.
 * The reads: FSR after the mask's read-back, in suspend; quiet after get_sync(), in the handler.
 *
 * What it costs: a thread for the global fault; a fault in the first moments of a suspend aborts
 * it. The client of one bank may block the handlers of the banks that share its line, as every
 * ONESHOT line lets it. The TBU's debug block is not used: halting a TBU clears faults behind the
 * handler's back, so what a report says about the address comes from the tables
 * (reference-fault.c).
 */
#include "handler.h"
#include "reference.h"

bool arm_smmu_reference_guarded(struct arm_smmu_device *smmu,
				bool (*serve)(struct arm_smmu_device *smmu, unsigned int bank),
				unsigned int bank)
{
	bool alone, served = false;

	/* Somebody else's interrupt on a shared line must not wake the device (4). */
	if (READ_ONCE(smmu->quiet.quiet))
		return false;
	alone = pm_runtime_get_sync(smmu->dev) < 0;
	if (alone)
		mutex_lock(&smmu->quiet.sleep_lock);
	if (!READ_ONCE(smmu->quiet.quiet))
		served = serve(smmu, bank);
	if (alone)
		mutex_unlock(&smmu->quiet.sleep_lock);
	if (served)
		pm_runtime_mark_last_busy(smmu->dev);
	smmu->gen->handler_put(smmu);
	return served;
}

void arm_smmu_reference_handler_put(struct arm_smmu_device *smmu)
{
	pm_runtime_put_autosuspend(smmu->dev);
}

static int irq_of(struct arm_smmu_device *smmu, unsigned int bank)
{
	return bank == FL_BANK_GLOBAL ? smmu->global_irq : smmu->irqs[bank];
}

/* Until one round finds nothing: then the line has been low, and its next edge is seen. */
bool arm_smmu_reference_serve_line(struct arm_smmu_device *smmu, unsigned int bank)
{
	int irq = irq_of(smmu, bank);
	bool mine = false, any;

	do {
		any = false;
		for (unsigned int i = 0; i < smmu->num_context_banks; i++) {
			if (smmu->irqs[i] != irq || !arm_smmu_reference_serve_bank(smmu, i))
				continue;
			any = true;
			mine |= i == bank;
		}
		if (smmu->global_irq == irq && arm_smmu_reference_serve_global(smmu)) {
			any = true;
			mine |= bank == FL_BANK_GLOBAL;
		}
	} while (any);
	return mine;
}

static irqreturn_t arm_smmu_context_fault(int irq, void *dev)
{
	struct arm_smmu_domain *smmu_domain = dev;

	(void)irq;
	kasan_check_read(smmu_domain, sizeof(*smmu_domain));
	return arm_smmu_reference_guarded(smmu_domain->smmu, arm_smmu_reference_serve_line,
					  smmu_domain->cfg.cbndx)
		       ? IRQ_HANDLED
		       : IRQ_NONE;
}

static irqreturn_t arm_smmu_global_fault(int irq, void *dev)
{
	(void)irq;
	return arm_smmu_reference_guarded(dev, arm_smmu_reference_serve_line, FL_BANK_GLOBAL)
		       ? IRQ_HANDLED
		       : IRQ_NONE;
}

int arm_smmu_reference_request_context_irq(struct arm_smmu_domain *smmu_domain)
{
	unsigned int bank = smmu_domain->cfg.cbndx;

	smmu_domain->threaded = true;
	return request_threaded_irq(smmu_domain->smmu->irqs[bank], NULL, arm_smmu_context_fault,
				    IRQF_SHARED | IRQF_ONESHOT | IRQF_BANK(bank),
				    "arm-smmu-context-fault", smmu_domain);
}

/* Called by probe before the device is reset: until then there is nothing to look for. */
int arm_smmu_reference_request_global_irq(struct arm_smmu_device *smmu)
{
	spin_lock_init(&smmu->quiet.hw_lock);
	mutex_init(&smmu->quiet.sleep_lock);
	smmu->quiet.quiet = true;
	smmu->quiet.masking = true;
	smmu->quiet.prepared = true;
	return request_threaded_irq(smmu->global_irq, NULL, arm_smmu_global_fault,
				    IRQF_SHARED | IRQF_ONESHOT, "arm-smmu global fault", smmu);
}

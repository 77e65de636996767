/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What contexts of the driver's tests do (actors.h). */
#include "actors.h"

#include <faultline/host.h>

#include <errno.h>

void act_put_gpu(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_PUT_AUTOSUSPEND);
}

void act_suspend_both(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_PUT_NOIDLE);
	subject->pm(FL_DEVICE_GPU, FL_PM_SUSPEND);
	subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
}

static void dma(uint16_t stream, uint64_t iova, bool write)
{
	const struct smmu_request request = {.stream = stream, .iova = iova, .write = write};

	smmu_dma(&request);
}

void act_firmware_faults(const struct fl_subject *subject)
{
	(void)subject;
	dma(0, IOVA_UNMAPPED, false);
	dma(0, IOVA_READ_ONLY, true);
	dma(0, IOVA_UNMAPPED, true);
}

void act_firmware_fault(const struct fl_subject *subject)
{
	(void)subject;
	dma(0, IOVA_UNMAPPED, false);
}

void act_unknown_stream(const struct fl_subject *subject)
{
	(void)subject;
	dma(0x155, IOVA_UNMAPPED, false);
	dma(0x155, IOVA_UNMAPPED, true);
}

void act_submit_bad(const struct fl_subject *subject)
{
	(void)subject;
	client_submit(IOVA_UNMAPPED, true);
	client_submit(IOVA_READ_ONLY, true);
}

void act_submit_good(const struct fl_subject *subject)
{
	(void)subject;
	client_submit(IOVA_MAPPED, true);
}

void act_stall_off_and_on(const struct fl_subject *subject)
{
	subject->set_stall(false);
	subject->set_stall(true);
}

void act_stall_off(const struct fl_subject *subject)
{
	subject->set_stall(false);
}

void act_map_and_unmap(const struct fl_subject *subject)
{
	subject->map(0, IOVA_MAPPED + 0x4000, PHYS, 3);
	subject->iova_to_phys(0, IOVA_MAPPED + 0x4000);
	subject->unmap(0, IOVA_MAPPED + 0x4000);
}

void act_second_domain(const struct fl_subject *subject)
{
	if (subject->domain_alloc(1) || subject->attach(1))
		return;
	subject->map(1, IOVA_MAPPED, PHYS, 3);
	subject->detach(1);
	subject->domain_free(1);
}

void act_keep_second_domain(const struct fl_subject *subject)
{
	if (!subject->domain_alloc(1))
		subject->attach(1);
}

void act_second_stream(const struct fl_subject *subject)
{
	(void)subject;
	dma(1, IOVA_UNMAPPED, false);
	dma(1, IOVA_UNMAPPED, true);
}

void act_free_gpu_domain(const struct fl_subject *subject)
{
	subject->detach(0);
	subject->domain_free(0);
}

void act_get_gpu(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_GET_SYNC);
}

void act_disable_and_enable(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_SMMU, FL_PM_DISABLE);
	subject->pm(FL_DEVICE_SMMU, FL_PM_ENABLE);
}

void act_fault_info(const struct fl_subject *subject)
{
	struct fl_fault_info info;

	subject->get_fault_info(&info);
	subject->set_ttbr0_cfg(true);
	subject->set_ttbr0_cfg(false);
}

void act_sleep_and_wake(const struct fl_subject *subject)
{
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_PREPARE);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_PREPARE);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND_LATE);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_LATE);
	fl_irqs_suspend();
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND_NOIRQ);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_NOIRQ);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME_NOIRQ);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME_NOIRQ);
	fl_irqs_resume();
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME_EARLY);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME_EARLY);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_COMPLETE);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_COMPLETE);
}

void act_shut_down(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_FORCE_SUSPEND);
	subject->shutdown();
}

void act_unbind(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_FORCE_SUSPEND);
	client_quiesce();
	subject->unbind();
}

void act_resume_fails(const struct fl_subject *subject)
{
	act_suspend_both(subject);
	fl_failure_arm(FL_FAIL_CLOCK, -EIO);
	if (subject->pm(FL_DEVICE_SMMU, FL_PM_GET_SYNC) >= 0)
		client_submit(IOVA_MAPPED, false);
	subject->pm(FL_DEVICE_SMMU, FL_PM_PUT_NOIDLE);
	act_map_and_unmap(subject);
	act_stall_off_and_on(subject);
}

void act_attach_fails(const struct fl_subject *subject)
{
	for (enum fl_failure what = FL_FAIL_ALLOC; what <= FL_FAIL_IRQ; what++) {
		if (subject->domain_alloc(1))
			continue;
		fl_failure_arm(what, -ENOMEM);
		subject->attach(1);
		subject->domain_free(1);
	}
}

/* Another device on line 0, which interrupts twice. */
static bool other_pending;

static int other_handler(int irq, void *dev_id)
{
	(void)irq;
	fl_atomic_point(dev_id, 3);
	if (!other_pending)
		return FL_IRQ_NONE;
	other_pending = false;
	fl_irq_input(0, FL_SOURCE_OTHER, false);
	return FL_IRQ_HANDLED;
}

void act_other_device(const struct fl_subject *subject)
{
	const struct fl_irq_request request = {
		.line = 0,
		.handler = other_handler,
		.handler_name = "other_handler",
		.flags = FL_IRQF_SHARED | FL_IRQF_COND_ONESHOT,
		.name = "other",
		.dev_id = &other_pending,
		.source = FL_SOURCE_OTHER,
	};

	(void)subject;
	other_pending = false;
	if (fl_irq_request(&request))
		return;
	for (int i = 0; i < 2; i++) {
		other_pending = true;
		fl_irq_input(0, FL_SOURCE_OTHER, true);
		while (other_pending)
			fl_sleep_ns(1000);
	}
	fl_irq_free(0, &other_pending);
}

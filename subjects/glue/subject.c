// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: the boot of the devices, and the table of operations that the shared object exports. */
#include "glue.h"

#include <linux/pm_runtime.h>
#include <linux/thread_info.h>

#include "adreno.h"
#include "identity.h"

/* The driver's own initcall, static in its file; the build makes it global. */
extern int IDENTITY_INIT(void);

/*
 * um finds current and the preemption count by masking the stack pointer: a fresh stack gets a fresh
 * thread_info at its base. Nobody may look at the task itself.
 */
static void prepare_stack(fl_context_t context, void *base)
{
	struct thread_info *info = base;

	memset(info, 0, sizeof(*info));
	info->cpu = (u32)fl_context_cpu(context);
}

static int supports(const struct fl_hardware *hardware, const char **reason)
{
	BUILD_BUG_ON(THREAD_SIZE != FL_STACK_SIZE);
	BUILD_BUG_ON(sizeof(struct thread_info) > FL_STACK_RESERVED);
	if (hardware->tbus && !IDENTITY_TBU) {
		*reason = "this tree has no TBU debug driver";
		return -EOPNOTSUPP;
	}
	if (hardware->tbus > GLUE_TBUS || hardware->banks > ARRAY_SIZE(hardware->bank_lines)) {
		*reason = "the glue knows 8 context banks and 2 TBUs at most";
		return -EOPNOTSUPP;
	}
	return 0;
}

static int probe_tbus(void)
{
	for (unsigned int i = 0; i < glue_hardware.tbus; i++) {
		int error;

		if (!glue_tbu_driver)
			return -ENODEV;
		glue_tbu[i].dev.of_node = &glue_tbu_nodes[i];
		glue_tbu[i].dev.driver = &glue_tbu_driver->driver;
		fl_subject_enter(glue_symbol(glue_tbu_driver->probe));
		error = glue_tbu_driver->probe(&glue_tbu[i]);
		fl_subject_leave();
		if (error)
			return error;
	}
	return 0;
}

static int probe_smmu(void)
{
	int error;

	if (glue_hardware.pm_domain)
		glue_domain_attach(&glue_smmu.dev);
	glue_smmu.dev.of_node = &glue_smmu_node;
	glue_smmu.dev.driver = &glue_smmu_driver->driver;
	fl_subject_enter(glue_symbol(glue_smmu_driver->probe));
	error = glue_smmu_driver->probe(&glue_smmu);
	fl_subject_leave();
	return error;
}

static void init_devices(void)
{
	static const char *const masters[GLUE_MASTERS] = { "gpu", "display", "video", "camera" };
	static const char *const tbus[GLUE_TBUS] = { "tbu0", "tbu1" };

	glue_device_init(&glue_smmu.dev, "arm-smmu");
	for (unsigned int i = 0; i < GLUE_TBUS; i++)
		glue_device_init(&glue_tbu[i].dev, tbus[i]);
	for (unsigned int i = 0; i < GLUE_MASTERS; i++) {
		glue_device_init(&glue_masters[i], masters[i]);
		glue_masters[i].of_node = &glue_master_nodes[i];
	}
	glue_pm_watch_start();
}

static int probe(const struct fl_hardware *hardware)
{
	int error;

	glue_hardware = *hardware;
	/* Stacks are prepared from the next fiber on; this one runs already. */
	fl_set_stack_hook(prepare_stack);
	prepare_stack(fl_context_id(), current_thread_info());
	glue_sites_start();
	fl_irq_set_cond_oneshot(IRQF_COND_ONESHOT != 0);
	glue_memory_init();
	init_devices();
	error = IDENTITY_INIT();
	if (error)
		return error;
	error = probe_smmu();
	if (!error)
		error = probe_tbus();
	if (error)
		return error;
	glue_adreno_init();
	for (unsigned int i = 0; i < GLUE_MASTERS && !error; i++)
		error = glue_iommu_add_master(i);
	if (!error)
		glue_gpu_init();
	return error;
}

static int pm(enum fl_device device, enum fl_pm_op op)
{
	struct device *dev = glue_device(device);

	switch (op) {
	case FL_PM_GET_SYNC:
		return glue_pm_resume(dev, RPM_GET_PUT);
	case FL_PM_RESUME_AND_GET:
		return glue_pm_resume_and_get(dev);
	case FL_PM_GET:
		return glue_pm_resume(dev, RPM_GET_PUT | RPM_ASYNC);
	case FL_PM_GET_NORESUME:
		glue_pm_get_noresume(dev);
		return 0;
	case FL_PM_GET_IF_ACTIVE:
		return glue_pm_get_if_active(dev, true);
	case FL_PM_GET_IF_IN_USE:
		return glue_pm_get_if_in_use(dev);
	case FL_PM_PUT:
		return glue_pm_idle(dev, RPM_GET_PUT | RPM_ASYNC);
	case FL_PM_PUT_SYNC:
		return glue_pm_idle(dev, RPM_GET_PUT);
	case FL_PM_PUT_AUTOSUSPEND:
		return glue_pm_suspend(dev, RPM_GET_PUT | RPM_ASYNC | RPM_AUTO);
	case FL_PM_PUT_NOIDLE:
		glue_pm_put_noidle(dev);
		return 0;
	case FL_PM_SUSPEND:
		return glue_pm_suspend(dev, 0);
	case FL_PM_REQUEST_IDLE:
		return glue_pm_idle(dev, RPM_ASYNC);
	case FL_PM_MARK_BUSY:
		pm_runtime_mark_last_busy(dev);
		return 0;
	case FL_PM_ENABLE:
		pm_runtime_enable(dev);
		return 0;
	case FL_PM_DISABLE:
		glue_pm_disable(dev, true);
		return 0;
	case FL_PM_BARRIER:
		return glue_pm_barrier(dev);
	case FL_PM_FORCE_SUSPEND:
		return glue_pm_force_suspend(dev);
	case FL_PM_FORCE_RESUME:
		return glue_pm_force_resume(dev);
	case FL_PM_OPS:
		break;
	}
	return -EINVAL;
}

static void pm_view(enum fl_device device, struct fl_pm_view *view)
{
	const struct device *dev = glue_device(device);

	view->status = (enum fl_rpm_status)dev->power.runtime_status;
	view->usage_count = dev->power.usage_count.counter;
	view->child_count = dev->power.child_count.counter;
	view->disable_depth = (int)dev->power.disable_depth;
	view->runtime_error = dev->power.runtime_error;
}

__attribute__((visibility("default"))) const struct fl_subject faultline_subject = {
	.host_abi = IDENTITY_HOST_ABI,
	.name = IDENTITY_NAME,
	.help = IDENTITY_HELP,
	.version = IDENTITY_VERSION,
	.features = FL_SUBJECT_REAL | FL_SUBJECT_STALL | IDENTITY_FEATURES,
	.supports = supports,
	.probe = probe,
	.domain_alloc = glue_domain_alloc,
	.attach = glue_attach,
	.detach = glue_detach,
	.domain_free = glue_domain_free,
	.map = glue_map,
	.unmap = glue_unmap,
	.iova_to_phys = glue_iova_to_phys,
	.set_stall = glue_set_stall,
	.set_ttbr0_cfg = glue_set_ttbr0_cfg,
	.get_fault_info = glue_get_fault_info,
	.resume_translation = IDENTITY_FEATURES & FL_SUBJECT_CLIENT_RESUME ? glue_resume_translation : NULL,
	.pm = pm,
	.pm_view = pm_view,
	.system_sleep = glue_system_sleep,
	.shutdown = glue_shutdown,
	.unbind = glue_unbind,
};

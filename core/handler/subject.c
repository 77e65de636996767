/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The driver behind a subject's table of operations. What the IOMMU core and the driver core do for
 * a driver in Linux is done here: one domain is not freed while somebody uses it, attaching and
 * detaching of a group do not overlap, and the consumer leaves before its supplier is unbound.
 */
#include <faultline/rpm.h>

#include "subject.h"

/* The client's fault callback; only the GPU's domain has one. */
static int client_fault_handler(struct iommu_domain *domain, struct device *dev, unsigned long iova,
				int flags, void *token)
{
	(void)dev;
	(void)token;
	return fl_client_fault(domain->number, iova, flags);
}

/* --- who uses a domain ------------------------------------------------------------------------ */

static struct arm_smmu_domain *domain_use(unsigned int number)
{
	struct arm_smmu_domain_slot *slot;

	if (number >= ARM_SMMU_MAX_DOMAINS || arm_smmu_root->unbinding)
		return NULL;
	slot = &arm_smmu_root->slots[number];
	if (!slot->domain || slot->busy)
		return NULL;
	slot->users++;
	fl_order_acquire(slot);
	return slot->domain;
}

static void domain_unuse(unsigned int number)
{
	fl_order_release(&arm_smmu_root->slots[number].users);
	if (!--arm_smmu_root->slots[number].users)
		wake_up_all(&arm_smmu_root->users_gone);
}

/* The operations that want a domain: run @call on it, named @function. */
#define WITH_DOMAIN(number, function, call) WITH_USED(domain_use(number), number, function, call)
#define WITH_USED(use, number, function, call)                                                     \
	({                                                                                         \
		struct arm_smmu_domain *smmu_domain = (use);                                       \
		__typeof__(call) with_result = (__typeof__(call))-ENODEV;                          \
                                                                                                   \
		if (smmu_domain) {                                                                 \
			fl_subject_enter(function);                                                \
			with_result = (call);                                                      \
			fl_subject_leave();                                                        \
			domain_unuse(number);                                                      \
		}                                                                                  \
		with_result;                                                                       \
	})

int arm_smmu_op_domain_alloc(unsigned int number)
{
	struct arm_smmu_root *root = arm_smmu_root;
	struct arm_smmu_domain_slot *slot;
	struct arm_smmu_domain *smmu_domain;

	if (number >= ARM_SMMU_MAX_DOMAINS)
		return -EINVAL;
	slot = &root->slots[number];
	if (root->unbinding)
		return -ENODEV;
	if (slot->domain || slot->busy)
		return -EEXIST;
	slot->busy = true;
	fl_subject_enter("arm_smmu_domain_alloc");
	smmu_domain = arm_smmu_domain_alloc(number, root->smmu->hw.adreno && number == 0);
	fl_subject_leave();
	if (smmu_domain && number == 0)
		iommu_set_fault_handler(&smmu_domain->domain, client_fault_handler, NULL);
	slot->domain = smmu_domain;
	slot->busy = false;
	fl_order_release(slot);
	wake_up_all(&root->users_gone);
	return smmu_domain ? 0 : -ENOMEM;
}

static int attach(struct arm_smmu_domain *smmu_domain)
{
	int result;

	mutex_lock(&arm_smmu_root->group_mutex);
	result = arm_smmu_attach_dev(arm_smmu_root->smmu, smmu_domain);
	mutex_unlock(&arm_smmu_root->group_mutex);
	return result;
}

/* What the attach prepared is there for the hooks from now on, even if it failed in the end. */
static void publish_hooks(unsigned int number)
{
	struct arm_smmu_domain_slot *slot = &arm_smmu_root->slots[number];

	if (!slot->domain || !slot->domain->smmu)
		return;
	slot->hooks = true;
	fl_order_release(slot);
}

static int detach(struct arm_smmu_domain *smmu_domain)
{
	int result;

	mutex_lock(&arm_smmu_root->group_mutex);
	result = arm_smmu_detach_dev(smmu_domain);
	mutex_unlock(&arm_smmu_root->group_mutex);
	return result;
}

int arm_smmu_op_attach(unsigned int number)
{
	int result = WITH_DOMAIN(number, "arm_smmu_attach_dev", attach(smmu_domain));

	if (number < ARM_SMMU_MAX_DOMAINS)
		publish_hooks(number);
	return result;
}

int arm_smmu_op_detach(unsigned int number)
{
	return WITH_DOMAIN(number, "arm_smmu_detach_dev", detach(smmu_domain));
}

/* Free the domain in @slot once its users have gone. */
static void free_slot(struct arm_smmu_domain_slot *slot)
{
	struct arm_smmu_domain *smmu_domain = slot->domain;

	slot->busy = true;
	wait_event(arm_smmu_root->users_gone, !slot->users);
	fl_order_acquire(&slot->users);
	slot->domain = NULL;
	slot->hooks = false;
	fl_subject_enter("arm_smmu_domain_free");
	arm_smmu_domain_free(smmu_domain);
	fl_subject_leave();
	slot->busy = false;
	wake_up_all(&arm_smmu_root->users_gone);
}

int arm_smmu_op_domain_free(unsigned int number)
{
	struct arm_smmu_domain *smmu_domain = domain_use(number);

	if (!smmu_domain)
		return -ENODEV;
	/* Nobody may free what its streams still use. */
	if (smmu_domain->smmu)
		arm_smmu_op_detach(number);
	domain_unuse(number);
	if (arm_smmu_root->slots[number].busy)
		return -EBUSY;
	free_slot(&arm_smmu_root->slots[number]);
	return 0;
}

int arm_smmu_op_map(unsigned int number, uint64_t iova, uint64_t phys, unsigned int prot)
{
	return WITH_DOMAIN(number, "arm_smmu_map_pages",
			   arm_smmu_map_pages(smmu_domain, iova, phys, prot));
}

int arm_smmu_op_unmap(unsigned int number, uint64_t iova)
{
	return WITH_DOMAIN(number, "arm_smmu_unmap_pages", arm_smmu_unmap_pages(smmu_domain, iova));
}

uint64_t arm_smmu_op_iova_to_phys(unsigned int number, uint64_t iova)
{
	struct arm_smmu_domain *smmu_domain = domain_use(number);
	uint64_t phys;

	if (!smmu_domain)
		return 0;
	fl_subject_enter("arm_smmu_iova_to_phys");
	phys = arm_smmu_iova_to_phys(smmu_domain, iova);
	fl_subject_leave();
	domain_unuse(number);
	return phys;
}

/* --- adreno_smmu_priv: domain 0 is the GPU's
 * ------------------------------------------------------ */

/* Domain 0, if it has been attached: nobody has the hooks before. */
static struct arm_smmu_domain *attached_use(void)
{
	struct arm_smmu_domain *smmu_domain = domain_use(0);

	if (!smmu_domain || (arm_smmu_root->slots[0].hooks && smmu_domain->stalls))
		return smmu_domain;
	domain_unuse(0);
	return NULL;
}

int arm_smmu_op_set_stall(bool on)
{
	return WITH_USED(attached_use(), 0, "qcom_adreno_smmu_set_stall",
			 smmu_domain->smmu->gen->set_stall(smmu_domain, on));
}

int arm_smmu_op_set_ttbr0_cfg(bool per_process)
{
	return WITH_USED(attached_use(), 0, "qcom_adreno_smmu_set_ttbr0_cfg",
			 qcom_adreno_smmu_set_ttbr0_cfg(smmu_domain, per_process));
}

int arm_smmu_op_get_fault_info(struct fl_fault_info *info)
{
	return WITH_USED(attached_use(), 0, "qcom_adreno_smmu_get_fault_info",
			 smmu_domain->smmu->gen->get_fault_info(smmu_domain, info));
}

int arm_smmu_op_resume_translation(bool terminate)
{
	return WITH_USED(attached_use(), 0, "qcom_adreno_smmu_resume_translation",
			 qcom_adreno_smmu_resume_translation(smmu_domain, terminate));
}

/* --- power --------------------------------------------------------------------------------------
 */

static struct device *device_of(enum fl_device device)
{
	return device == FL_DEVICE_GPU ? &arm_smmu_root->gpu_dev : &arm_smmu_root->smmu_dev;
}

int arm_smmu_op_pm(enum fl_device device, enum fl_pm_op op)
{
	return fl_rpm_op(device_of(device), op);
}

void arm_smmu_op_pm_view(enum fl_device device, struct fl_pm_view *view)
{
	fl_rpm_view(device_of(device), view);
}

int arm_smmu_op_system_sleep(enum fl_device device, enum fl_sleep_phase phase)
{
	return fl_rpm_system_sleep(device_of(device), phase);
}

int arm_smmu_op_shutdown(void)
{
	struct arm_smmu_root *root = arm_smmu_root;

	if (root->unbinding)
		return -ENODEV;
	/* Nothing may follow: the device is not brought up again. */
	root->unbinding = true;
	fl_subject_enter("arm_smmu_device_shutdown");
	root->smmu->gen->shutdown(root->smmu);
	fl_subject_leave();
	return 0;
}

static bool all_idle(const struct arm_smmu_root *root)
{
	for (unsigned int i = 0; i < ARM_SMMU_MAX_DOMAINS; i++) {
		if (root->slots[i].users || root->slots[i].busy)
			return false;
	}
	return true;
}

/*
 * The consumer's driver goes first: the GPU is put down, its link goes, the domains go. Then the
 * SMMU's, held up by the driver core meanwhile.
 */
int arm_smmu_op_unbind(void)
{
	struct arm_smmu_root *root = arm_smmu_root;
	struct device *dev = &root->smmu_dev;

	if (root->unbinding)
		return -ENODEV;
	root->unbinding = true;
	wait_event(root->users_gone, all_idle(root));
	pm_runtime_force_suspend(&root->gpu_dev);
	device_link_remove(&root->gpu_dev, dev);
	for (unsigned int i = 0; i < ARM_SMMU_MAX_DOMAINS; i++) {
		struct arm_smmu_domain_slot *slot = &root->slots[i];

		if (!slot->domain)
			continue;
		fl_subject_enter("arm_smmu_detach_dev");
		if (slot->domain->smmu)
			detach(slot->domain);
		fl_subject_leave();
		free_slot(slot);
	}
	fl_subject_enter("arm_smmu_device_remove");
	arm_smmu_device_remove(root->smmu);
	fl_subject_leave();
	root->smmu = NULL;
	return 0;
}

int arm_smmu_op_supports(const struct fl_hardware *hw, const char **reason)
{
	if (hw->banks > ARM_SMMU_MAX_CBS || hw->tbus > ARM_SMMU_MAX_TBUS) {
		*reason = "the built-in driver knows 8 context banks and 2 TBUs at most";
		return -EOPNOTSUPP;
	}
	return 0;
}

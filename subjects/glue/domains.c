// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modelled: domains as their users and the IOMMU core handle them, through the driver's own operations.
 * A domain is not freed while one of its users is in an operation, and attaching is serialised as the
 * group's mutex does it: what races after that is the driver's affair.
 */
#include "glue.h"

#include <linux/io-pgtable.h>
#include <linux/mutex.h>

#include "adreno.h"
#include "domains.h"

#include "arm-smmu.h" /* the driver's, for the context bank of a domain */

static struct slot {
	struct iommu_domain *domain;
	unsigned int users;
	bool busy;	/* being allocated or freed */
	bool attached;
	bool live;	/* told so: it owns a bank and an interrupt */
	unsigned int bank;
} slots[GLUE_MASTERS];
static struct iommu_domain *identity; /* where a 6.1 device goes when it leaves its domain */
static DEFINE_MUTEX(group_mutex);

static struct slot *use(unsigned int number)
{
	struct slot *slot = &slots[number];

	if (number >= GLUE_MASTERS || !slot->domain || slot->busy)
		return NULL;
	slot->users++;
	return slot;
}

static void unuse(struct slot *slot)
{
	slot->users--;
	fl_wait_wake(slot, true);
}

/*
 * The GPU's driver in one of its hooks: its domain is not freed meanwhile. In a fault's report nothing is held:
 * there it is the driver's free_irq() that has to wait for the handler. Nobody is told at the end but who waits to
 * free it, for that would be a scheduling point of each hook.
 */
bool glue_hook_begin(void)
{
	return glue_reporting() || use(0);
}

void glue_hook_end(void)
{
	struct slot *slot = &slots[0];

	if (!glue_reporting() && !--slot->users && slot->busy)
		fl_wait_wake(slot, true);
}

int glue_domain_number(const struct iommu_domain *domain)
{
	for (unsigned int i = 0; i < GLUE_MASTERS; i++)
		if (slots[i].domain == domain)
			return (int)i;
	return -1;
}

static struct arm_smmu_domain *smmu_domain_of(struct iommu_domain *domain)
{
	return container_of(domain, struct arm_smmu_domain, domain);
}

int glue_bank(unsigned int number)
{
	struct slot *slot = &slots[number];

	return slot->domain && slot->attached ? smmu_domain_of(slot->domain)->cfg.cbndx : -1;
}

/*
 * Whom does a request of an interrupt serve? Its dev_id is the SMMU (global faults), or a domain: the
 * driver's structure or the core's, by version. The domain is alive from here on.
 */
unsigned int glue_source_of(const void *dev_id)
{
	for (unsigned int i = 0; i < GLUE_MASTERS; i++) {
		struct slot *slot = &slots[i];

		if (!slot->domain ||
		    (dev_id != slot->domain && dev_id != smmu_domain_of(slot->domain)))
			continue;
		return smmu_domain_of(slot->domain)->cfg.cbndx;
	}
	return FL_BANK_GLOBAL;
}

void glue_domain_irq(const void *dev_id, bool requested)
{
	for (unsigned int i = 0; i < GLUE_MASTERS; i++) {
		struct slot *slot = &slots[i];

		if (!slot->domain ||
		    (dev_id != slot->domain && dev_id != smmu_domain_of(slot->domain)))
			continue;
		slot->live = requested;
		slot->bank = smmu_domain_of(slot->domain)->cfg.cbndx;
		fl_domain_live(i, slot->bank, requested);
	}
}

static int client_fault(struct iommu_domain *domain, struct device *dev, unsigned long iova, int flags,
			void *token)
{
	return fl_client_fault(*(unsigned int *)token, iova, flags);
}

int glue_domain_alloc(unsigned int number)
{
	const struct iommu_ops *ops = glue_iommu_ops; /* an unbind may take them away meanwhile */
	struct slot *slot = &slots[number];
	struct iommu_domain *domain;

	if (number >= GLUE_MASTERS)
		return -EINVAL;
	if (!ops)
		return -ENODEV;
	if (slot->domain || slot->busy)
		return -EEXIST;
	slot->busy = true;
	fl_subject_enter("arm_smmu_domain_alloc");
	domain = glue_ops_domain_alloc(ops, &glue_masters[number]);
	fl_subject_leave();
	slot->busy = false;
	if (IS_ERR_OR_NULL(domain))
		return -ENOMEM;
	domain->type = IOMMU_DOMAIN_UNMANAGED;
	if (!domain->ops)
		domain->ops = ops->default_domain_ops;
	if (!domain->pgsize_bitmap)
		domain->pgsize_bitmap = ops->pgsize_bitmap;
	glue_domain_set_owner(domain, ops);
	slot->domain = domain;
	return 0;
}

static int attach(struct iommu_domain *domain, unsigned int number)
{
	int result;

	mutex_lock(&group_mutex);
	fl_subject_enter(glue_symbol(domain->ops->attach_dev));
	result = domain->ops->attach_dev(domain, &glue_masters[number]);
	fl_subject_leave();
	mutex_unlock(&group_mutex);
	return result;
}

int glue_attach(unsigned int number)
{
	static unsigned int zero;
	struct slot *slot = use(number);
	int result;

	if (!slot)
		return -ENODEV;
	result = attach(slot->domain, number);
	if (!result)
		slot->attached = true;
	/* As the GPU's driver: the handler comes once the domain is attached. */
	if (!result && number == 0) {
		slot->domain->handler = client_fault;
		slot->domain->handler_token = &zero;
	}
	unuse(slot);
	return result;
}

/* Back to the default domain, which translates nothing. */
static int leave(struct slot *slot, unsigned int number)
{
	const struct iommu_ops *ops = glue_iommu_ops;
	struct iommu_domain *to;

	if (!ops)
		return -ENODEV;
	to = glue_ops_identity_domain(ops);
	if (!to) {
		if (!identity)
			identity = glue_ops_old_identity(ops);
		if (!identity)
			return -ENOMEM;
		identity->type = IOMMU_DOMAIN_IDENTITY;
		identity->ops = ops->default_domain_ops;
		to = identity;
	}
	return attach(to, number);
}

int glue_detach(unsigned int number)
{
	struct slot *slot = use(number);
	int result;

	if (!slot)
		return -ENODEV;
	result = slot->attached ? leave(slot, number) : -EINVAL;
	unuse(slot);
	return result;
}

int glue_domain_free(unsigned int number)
{
	struct slot *slot = use(number);
	struct iommu_domain *domain;

	if (!slot)
		return -ENODEV;
	/* Nobody may free what its streams still use. */
	if (slot->attached)
		leave(slot, number);
	slot->attached = false;
	unuse(slot);
	if (slot->busy)
		return -EBUSY;
	slot->busy = true;
	while (slot->users) {
		fl_wait_prepare(slot, "users of a domain");
		if (slot->users)
			fl_wait_schedule();
		fl_wait_finish();
	}
	domain = slot->domain;
	if (number == 0)
		glue_adreno_forget();
	fl_subject_enter(glue_symbol(domain->ops->free));
	domain->ops->free(domain);
	fl_subject_leave();
	if (slot->live)
		fl_domain_live(number, slot->bank, false);
	slot->live = false;
	slot->domain = NULL;
	slot->busy = false;
	fl_domain_freed(number);
	return 0;
}

static int map(struct slot *slot, unsigned int number, uint64_t iova, uint64_t phys, int protection)
{
	struct iommu_domain *domain = slot->domain;
	size_t mapped = 0;
	int result;

	if (number == 0 && glue_adreno_wants(iova)) {
		struct io_pgtable_ops *tables = glue_adreno_tables();

		if (!tables)
			return -ENOMEM;
		return tables->map_pages(tables, iova, phys, PAGE_SIZE, 1, protection, GFP_KERNEL,
					 &mapped);
	}
	fl_subject_enter(glue_symbol(domain->ops->map_pages));
	result = domain->ops->map_pages(domain, iova, phys, PAGE_SIZE, 1, protection, GFP_KERNEL,
					&mapped);
	fl_subject_leave();
	return result;
}

int glue_map(unsigned int number, uint64_t iova, uint64_t phys, unsigned int prot)
{
	int protection = (prot & 1 ? IOMMU_READ : 0) | (prot & 2 ? IOMMU_WRITE : 0) | IOMMU_CACHE;
	struct slot *slot = use(number);
	int result;

	if (!slot)
		return -ENODEV;
	result = map(slot, number, iova, phys, protection);
	unuse(slot);
	return result;
}

static size_t unmap(struct slot *slot, unsigned int number, uint64_t iova)
{
	struct iommu_domain *domain = slot->domain;
	struct iommu_iotlb_gather gather;
	size_t size;

	if (number == 0 && glue_adreno_wants(iova)) {
		struct io_pgtable_ops *tables = glue_adreno_tables();

		size = tables ? tables->unmap_pages(tables, iova, PAGE_SIZE, 1, NULL) : 0;
		fl_subject_enter(glue_symbol(domain->ops->flush_iotlb_all));
		domain->ops->flush_iotlb_all(domain);
		fl_subject_leave();
		return size;
	}
	iommu_iotlb_gather_init(&gather);
	fl_subject_enter(glue_symbol(domain->ops->unmap_pages));
	size = domain->ops->unmap_pages(domain, iova, PAGE_SIZE, 1, &gather);
	fl_subject_leave();
	fl_subject_enter(glue_symbol(domain->ops->iotlb_sync));
	domain->ops->iotlb_sync(domain, &gather);
	fl_subject_leave();
	return size;
}

int glue_unmap(unsigned int number, uint64_t iova)
{
	struct slot *slot = use(number);
	size_t size;

	if (!slot)
		return -ENODEV;
	size = unmap(slot, number, iova);
	unuse(slot);
	return size ? 0 : -ENOENT;
}

uint64_t glue_iova_to_phys(unsigned int number, uint64_t iova)
{
	struct slot *slot = use(number);
	uint64_t phys;

	if (!slot)
		return 0;
	fl_subject_enter(glue_symbol(slot->domain->ops->iova_to_phys));
	phys = slot->domain->ops->iova_to_phys(slot->domain, iova);
	fl_subject_leave();
	unuse(slot);
	return phys;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations on domains, as the IOMMU core and a careful client do them: attaching and detaching
 * under the group's mutex, no page mapped twice, no use of a domain that is being freed.
 */
#include "operations.h"

#include <case/world.h>
#include <client/client.h>
#include <faultline/host.h>

#include <errno.h>

static struct operation_domain *domain_at(unsigned int domain)
{
	return &operation_state->domains[domain];
}

/* --- users of one domain -------------------------------------------------------------------- */

static int use_domain(unsigned int number, bool attached)
{
	struct operation_domain *domain = domain_at(number);
	int error = operation_begin();

	if (error)
		return error;
	fl_point(FL_ACCESS_RMW, (uintptr_t)domain, 0);
	if (!domain->allocated || domain->closing || (attached && !domain->attached)) {
		operation_end();
		return -ENOENT;
	}
	domain->users++;
	fl_order_acquire(domain);
	return 0;
}

static void leave_domain(unsigned int number)
{
	struct operation_domain *domain = domain_at(number);

	fl_order_release(&domain->users);
	if (!--domain->users)
		fl_wake_all((uintptr_t)&domain->users);
	operation_end();
}

/* Nobody uses it any more, and nobody starts to. */
static void close_domain(unsigned int number)
{
	struct operation_domain *domain = domain_at(number);

	domain->closing = true;
	while (domain->users)
		fl_block((uintptr_t)&domain->users, "users of a domain", false);
	fl_order_acquire(&domain->users);
}

/* --- pages ---------------------------------------------------------------------------------- */

/* Both on or both off the page, by one operation at a time. */
static int take_page(struct operation_domain *domain, unsigned int page, bool mapped)
{
	uint16_t bit = 1u << page;

	if (domain->busy & bit)
		return -EBUSY;
	if (!(domain->mapped & bit) != !mapped)
		return mapped ? -ENOENT : -EEXIST;
	domain->busy |= bit;
	fl_order_acquire(&domain->busy);
	return 0;
}

static void give_page(struct operation_domain *domain, unsigned int page, bool mapped)
{
	uint16_t bit = 1u << page;

	fl_order_release(&domain->busy);
	domain->busy &= ~bit;
	if (mapped)
		domain->mapped |= bit;
	else
		domain->mapped &= ~bit;
}

/* arguments: domain, page, prot (0 read-write, 1 read-only) */
int operation_map(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct operation_domain *domain = domain_at(arguments[0]);
	unsigned int page = arguments[1];
	int result = use_domain(arguments[0], true);

	if (result)
		return result;
	result = take_page(domain, page, false);
	if (!result) {
		result = subject->map(arguments[0], fl_page_iova(page), fl_page_phys(page),
				      arguments[2] ? 1 : 3);
		give_page(domain, page, !result);
	}
	leave_domain(arguments[0]);
	return result;
}

/* arguments: domain, page */
int operation_unmap(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct operation_domain *domain = domain_at(arguments[0]);
	unsigned int page = arguments[1];
	int result = use_domain(arguments[0], true);

	if (result)
		return result;
	result = take_page(domain, page, true);
	if (!result) {
		result = subject->unmap(arguments[0], fl_page_iova(page));
		give_page(domain, page, result < 0);
	}
	leave_domain(arguments[0]);
	return result;
}

/* arguments: domain, page. 1 if the page is mapped there, 0 if not. */
int operation_iova_to_phys(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = use_domain(arguments[0], true);

	if (result)
		return result;
	result = subject->iova_to_phys(arguments[0], fl_page_iova(arguments[1])) != 0;
	leave_domain(arguments[0]);
	return result;
}

/* --- life ----------------------------------------------------------------------------------- */

static void lock_group(void)
{
	fl_mutex_lock(&operation_state->group, "group->mutex");
}

static void unlock_group(void)
{
	fl_mutex_unlock(&operation_state->group, "group->mutex");
}

static int attach(const struct fl_subject *subject, unsigned int number)
{
	struct operation_domain *domain = domain_at(number);
	int result = 0;

	if (domain->closing)
		return -ENOENT;
	if (domain->attached)
		return -EBUSY;
	if (!domain->allocated) {
		result = subject->domain_alloc(number);
		if (result)
			return result;
		domain->allocated = true;
	}
	result = subject->attach(number);
	domain->attached = !result;
	fl_order_release(domain);
	return result;
}

/* arguments: domain; allocated first if it is not there */
int operation_attach(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = operation_begin();

	if (result)
		return result;
	lock_group();
	result = attach(subject, arguments[0]);
	unlock_group();
	operation_end();
	return result;
}

/* The group's mutex is held, or users are excluded. */
void operation_detach(unsigned int number)
{
	struct operation_domain *domain = domain_at(number);

	/* The GPU's driver stops its worker first: that one calls into domain 0. */
	if (number == 0)
		client_quiesce();
	domain->attached = false;
	operation_state->subject->detach(number);
}

static int detach(unsigned int number)
{
	struct operation_domain *domain = domain_at(number);

	if (!domain->attached || domain->closing)
		return -EINVAL;
	close_domain(number);
	operation_detach(number);
	domain->closing = false;
	return 0;
}

/* arguments: domain */
int operation_detach_domain(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = operation_begin();

	if (result)
		return result;
	lock_group();
	result = detach(arguments[0]);
	unlock_group();
	operation_end();
	return result;
}

static int release(const struct fl_subject *subject, unsigned int number)
{
	struct operation_domain *domain = domain_at(number);
	int result;

	if (!domain->allocated || domain->closing)
		return -ENOENT;
	close_domain(number);
	if (domain->attached)
		operation_detach(number);
	result = subject->domain_free(number);
	*domain = (struct operation_domain){0};
	return result;
}

/* arguments: domain; detached first if it is attached */
int operation_free_domain(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = operation_begin();

	if (result)
		return result;
	lock_group();
	result = release(subject, arguments[0]);
	unlock_group();
	operation_end();
	return result;
}

void operation_drop_domains(void)
{
	for (unsigned int i = 0; i < OP_DOMAINS; i++) {
		struct operation_domain *domain = domain_at(i);

		if (domain->attached)
			operation_detach(i);
		if (domain->allocated)
			operation_state->subject->domain_free(i);
		*domain = (struct operation_domain){0};
	}
}

/* --- adreno_smmu_priv: lives as long as domain 0 is attached ---------------------------------- */

/* arguments: on */
int operation_set_stall(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = use_domain(0, true);

	if (result)
		return result;
	result = client_set_stall(arguments[0]);
	leave_domain(0);
	return result;
}

/* arguments: per_process */
int operation_set_ttbr0_cfg(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = use_domain(0, true);

	if (result)
		return result;
	result = operation_state->features & FL_SUBJECT_STALL ? subject->set_ttbr0_cfg(arguments[0])
							      : -EOPNOTSUPP;
	leave_domain(0);
	return result;
}

/*
 * The GPU's driver asks for it while it holds a reference of the GPU (outside its callback nobody
 * asks at all); without one the answer would be read from a device that is off.
 */
int operation_get_fault_info(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct fl_fault_info info;
	int result = use_domain(0, true);

	if (result)
		return result;
	if (!(operation_state->features & FL_SUBJECT_STALL)) {
		result = -EOPNOTSUPP;
	} else {
		result = subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
		if (result >= 0) {
			result = subject->get_fault_info(&info);
			subject->pm(FL_DEVICE_GPU, FL_PM_PUT_AUTOSUSPEND);
		}
	}
	leave_domain(0);
	return result;
}

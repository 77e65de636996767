/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: what an IOMMU driver and the fault handler of its user share. */
#ifndef FAULTLINE_LINUX_IOMMU_H
#define FAULTLINE_LINUX_IOMMU_H

#include <linux/device.h>
#include <linux/err.h>

#define IOMMU_FAULT_READ  0x0
#define IOMMU_FAULT_WRITE 0x1

#define IOMMU_READ	  1
#define IOMMU_WRITE	  2

struct iommu_domain;
typedef int (*iommu_fault_handler_t)(struct iommu_domain *domain, struct device *dev,
				     unsigned long iova, int flags, void *token);

struct iommu_domain {
	unsigned int number; /* how the machine's client knows it */
	iommu_fault_handler_t handler;
	void *handler_token;
};

static inline void iommu_set_fault_handler(struct iommu_domain *domain,
					   iommu_fault_handler_t handler, void *token)
{
	domain->handler = handler;
	domain->handler_token = token;
}

/*
 * Ask the user of @domain. @flags: IOMMU_FAULT_*. Returns what the user's handler answers (0, or a
 * negative errno; -EAGAIN asks for a retry), -ENOSYS without one. Runs in the caller's context.
 */
static inline int report_iommu_fault(struct iommu_domain *domain, struct device *dev,
				     unsigned long iova, int flags)
{
	int answer = -ENOSYS;

	if (domain->handler)
		answer = domain->handler(domain, dev, iova, flags, domain->handler_token);
	fl_reported(domain->number, iova, flags, answer);
	return answer;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What iommu.c and domains.c know of each other. */
#ifndef FAULTLINE_GLUE_DOMAINS_H
#define FAULTLINE_GLUE_DOMAINS_H

#include "glue.h"

extern const struct iommu_ops *glue_iommu_ops;

/* Number of a domain that is allocated, or -1. */
int glue_domain_number(const struct iommu_domain *domain);
/* Is the running context in the report of a fault? */
bool glue_reporting(void);

#endif

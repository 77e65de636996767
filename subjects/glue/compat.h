/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Differences between trees, all of them, in one place.
 *
 * A function whose declaration differs (a const, another name) is defined under a name of our own and
 * given the symbol that the tree's objects want by GLUE_PROVIDES(): the calling convention is the
 * contract there, and a symbol that a tree does not want does no harm. What only a structure's
 * declaration tells is looked up in the tree's headers by the build (subjects/build/probe.sh), which
 * writes GLUE_HAVE_* to probed.h.
 */
#ifndef FAULTLINE_COMPAT_H
#define FAULTLINE_COMPAT_H

#include <linux/interrupt.h>
#include <linux/iommu.h>
#include <linux/pm_runtime.h>

#include "probed.h"

#define GLUE_PROVIDES(symbol) __asm__(#symbol)

/* 6.12 lets a plain request join a ONESHOT line; 6.1 does not know the flag. */
#ifndef IRQF_COND_ONESHOT
#define IRQF_COND_ONESHOT 0
#endif

/*
 * pm_runtime_get_if_active(): a second parameter until 6.8 (ign_usage_count), none later; the wrapper
 * takes two in any case, the second is not looked at where there is none.
 */
#ifdef GLUE_HAVE_GET_IF_ACTIVE_2
#define glue_real_get_if_active(dev, ign_usage_count) pm_runtime_get_if_active(dev, ign_usage_count)
#else
#define glue_real_get_if_active(dev, ign_usage_count)                                              \
	((void)(ign_usage_count), pm_runtime_get_if_active(dev))
#endif

/* An inline wrapper in old trees, a function in later ones; NULL-safe for neither. */
#ifdef GLUE_HAVE_GET_IF_ACTIVE_2
#define glue_real_get_if_in_use(dev) pm_runtime_get_if_active(dev, false)
#else
#define glue_real_get_if_in_use(dev) pm_runtime_get_if_in_use(dev)
#endif

/* Paging domains are allocated for a device (6.12) or by type alone (6.1). */
#ifdef GLUE_HAVE_ALLOC_PAGING
#define glue_ops_domain_alloc(ops, dev) (ops)->domain_alloc_paging(dev)
#else
#define glue_ops_domain_alloc(ops, dev) (ops)->domain_alloc(IOMMU_DOMAIN_UNMANAGED)
#endif

/* A device leaves its domain for the identity domain: a static one (6.12), or one to be allocated. */
#ifdef GLUE_HAVE_IDENTITY_DOMAIN
#define glue_ops_identity_domain(ops) ((ops)->identity_domain)
#else
#define glue_ops_identity_domain(ops) ((void)(ops), (struct iommu_domain *)NULL)
#endif
#ifdef GLUE_HAVE_ALLOC_BY_TYPE
#define glue_ops_old_identity(ops)                                                                 \
	((ops)->domain_alloc ? (ops)->domain_alloc(IOMMU_DOMAIN_IDENTITY) : NULL)
#else
#define glue_ops_old_identity(ops) ((struct iommu_domain *)NULL)
#endif

/* struct iommu_domain names its owner since 6.8. */
#ifdef GLUE_HAVE_DOMAIN_OWNER
#define glue_domain_set_owner(domain, ops) ((domain)->owner = (ops))
#else
#define glue_domain_set_owner(domain, ops) ((void)(ops))
#endif

/* struct iommu_fwspec names the ops until 6.9. */
#ifdef GLUE_HAVE_FWSPEC_OPS
#define glue_fwspec_set_ops(fwspec, value) ((fwspec)->ops = (value))
#else
#define glue_fwspec_set_ops(fwspec, value) ((void)(value))
#endif

/*
 * A platform driver's remove() returned an int; remove_new() stood beside it until all had changed, and
 * is another name of it for a while. Called as returning nothing.
 */
#ifdef GLUE_HAVE_REMOVE_NEW
#define glue_driver_remove(driver)                                                                 \
	((driver)->remove_new ? (void *)(driver)->remove_new : (void *)(driver)->remove)
#else
#define glue_driver_remove(driver) ((void *)(driver)->remove)
#endif

/* The old hook by which the GPU's driver ends a stall; gone since 6.16. */
#ifdef GLUE_HAVE_RESUME_TRANSLATION
#define glue_priv_resume(priv) ((priv)->resume_translation)
#else
#define glue_priv_resume(priv) ((void (*)(const void *, bool))NULL)
#endif

#endif

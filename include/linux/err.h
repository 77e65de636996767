/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: error numbers and pointers that carry them. */
#ifndef FAULTLINE_LINUX_ERR_H
#define FAULTLINE_LINUX_ERR_H

#include <errno.h>
#include <stdbool.h>

#define MAX_ERRNO 4095
#ifndef ENOTSUPP
#define ENOTSUPP 524 /* not for user space, so the system's header does not have it */
#endif

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline bool IS_ERR(const void *pointer)
{
	return (unsigned long)pointer >= (unsigned long)-MAX_ERRNO;
}

#endif

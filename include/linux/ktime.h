/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: virtual time, in nanoseconds since the machine started. */
#ifndef FAULTLINE_LINUX_KTIME_H
#define FAULTLINE_LINUX_KTIME_H

#include <linux/types.h>
#include <faultline/host.h>

#define NSEC_PER_USEC 1000ull
#define NSEC_PER_MSEC 1000000ull
#define NSEC_PER_SEC  1000000000ull
#define USEC_PER_SEC  1000000ull

typedef s64 ktime_t;

static inline u64 ktime_get_ns(void)
{
	return fl_time_ns();
}

static inline ktime_t ktime_get(void)
{
	return (ktime_t)fl_time_ns();
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: delays. udelay() keeps the CPU; the others may sleep. */
#ifndef FAULTLINE_LINUX_DELAY_H
#define FAULTLINE_LINUX_DELAY_H

#include <linux/ktime.h>

static inline void udelay(unsigned long us)
{
	fl_udelay_ns(us * NSEC_PER_USEC);
}

static inline void ndelay(unsigned long ns)
{
	fl_udelay_ns(ns);
}

static inline void usleep_range(unsigned long min_us, unsigned long max_us)
{
	(void)max_us;
	fl_sleep_ns(min_us * NSEC_PER_USEC);
}

static inline void msleep(unsigned int ms)
{
	fl_sleep_ns(ms * NSEC_PER_MSEC);
}

static inline void cpu_relax(void)
{
	fl_cpu_relax();
}

static inline void might_sleep(void)
{
	fl_might_sleep("might_sleep");
}

#endif

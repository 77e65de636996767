/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Virtual time, as a subject reads it and lets it pass. */
#include "internal.h"

uint64_t fl_time_ns(void)
{
	fl_point(FL_ACCESS_NONE, 0, SITE(SITE_TIME, 1));
	return fl_now();
}

void fl_udelay_ns(uint64_t ns)
{
	fl_delay(ns, true);
}

void fl_sleep_ns(uint64_t ns)
{
	fl_might_sleep("sleep");
	fl_require_sleepable();
	fl_delay(ns, false);
}

void fl_cpu_relax(void)
{
	fl_yield();
}

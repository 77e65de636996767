/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tenants tell about runtime PM, reports and domains, as events. */
#include "internal.h"

/* Negative numbers travel in the unsigned arguments of an event by sign extension. */
static uint64_t signed_argument(int value)
{
	return (uint64_t)(int64_t)value;
}

void fl_pm_got(unsigned int device, int result, bool reference, int usage)
{
	fl_emit(FL_EV_PM_GET, device, signed_argument(result), reference, signed_argument(usage));
}

void fl_pm_put(unsigned int device, int result, bool reference, int usage)
{
	fl_emit(FL_EV_PM_PUT, device, signed_argument(result), reference, signed_argument(usage));
}

void fl_pm_underflow(unsigned int device)
{
	fl_emit(FL_EV_PM_UNDERFLOW, device, 0, 0, 0);
	fl_warn("Runtime PM usage count underflow!");
}

void fl_pm_status(unsigned int device, unsigned int before, unsigned int after)
{
	fl_emit(FL_EV_PM_STATUS, device, before, after, 0);
}

void fl_pm_callback(unsigned int device, bool enter, bool suspend, int result, bool system_sleep)
{
	if (enter)
		fl_emit(FL_EV_PM_CALLBACK_ENTER, device, suspend, system_sleep, 0);
	else
		fl_emit(FL_EV_PM_CALLBACK_EXIT, device, suspend, signed_argument(result), 0);
}

void fl_pm_enabled(unsigned int device, int disable_depth)
{
	fl_emit(FL_EV_PM_ENABLED, device, signed_argument(disable_depth), 0, 0);
}

void fl_reported(unsigned int domain, uint64_t iova, int flags, int answer)
{
	fl_emit(FL_EV_REPORT, domain, iova, signed_argument(flags), signed_argument(answer));
}

void fl_domain_live(unsigned int domain, unsigned int bank, bool live)
{
	fl_emit(FL_EV_DOMAIN_LIVE, domain, bank, live, 0);
}

void fl_domain_freed(unsigned int domain)
{
	fl_emit(FL_EV_DOMAIN_FREED, domain, 0, 0, 0);
}

void fl_stall_flag(unsigned int bank, bool on)
{
	fl_emit(FL_EV_STALL_FLAG, bank, on, 0, 0);
}

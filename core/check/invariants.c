/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of invariants, in the order in which they are documented and printed. */
#include <check/observe.h>

const struct fl_invariant *const fl_invariants[] = {
	&fl_invariant_unclocked_access,
	&fl_invariant_pm_imbalance,
	&fl_invariant_sleep_in_atomic,
	&fl_invariant_irq_storm,
	&fl_invariant_resume_order,
	&fl_invariant_deadlock,
	&fl_invariant_livelock,
	&fl_invariant_kernel_warning,
	NULL,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of invariants, in the order in which they are documented and printed. */
#include <check/observe.h>

const struct fl_invariant *const fl_invariants[] = {
	&fl_invariant_unclocked_access, &fl_invariant_unguarded_access,
	&fl_invariant_pm_imbalance,	&fl_invariant_sleep_in_atomic,
	&fl_invariant_irq_return,	&fl_invariant_irq_storm,
	&fl_invariant_dead_line,	&fl_invariant_lost_stall,
	&fl_invariant_resume_order,	&fl_invariant_double_report,
	&fl_invariant_lost_fault,	&fl_invariant_torn_report,
	&fl_invariant_lifetime,		&fl_invariant_client_unpowered,
	&fl_invariant_sctlr_drift,	&fl_invariant_suspended_line_high,
	&fl_invariant_deadlock,		&fl_invariant_lock_order,
	&fl_invariant_data_race,	&fl_invariant_leak,
	&fl_invariant_livelock,		&fl_invariant_memory_error,
	&fl_invariant_kernel_warning,	NULL,
};

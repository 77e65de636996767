/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sctlr-drift: at quiescence and while ACTIVE the hardware's CFCFG equals the driver's stall flag, and
 * CFIE is 1 if and only if the bank is assigned; for subjects that mask in suspend, CFIE is 0 while
 * SUSPENDED.
 *
 * The stall flag is judged only where the driver has told one (Adreno). The finding is named after the
 * function that last changed either side of what differs.
 */
#include <check/observe.h>

static bool touched;

static void touch(uint64_t bank, const char *function)
{
	if (bank >= SMMU_MAX_BANKS)
		return;
	check_world->sctlr_touched_by[bank] = function;
	touched = true;
}

/* Who writes back what is there did not make it differ: the handler masks by other bits. */
static void sctlr_write(const struct fl_event *event)
{
	if (!((event->b ^ event->c) & (SMMU_SCTLR_CFIE | SMMU_SCTLR_CFCFG))) {
		touched |= event->a < SMMU_MAX_BANKS;
		return;
	}
	touch(event->a, check_writer_of(event)->function);
}

static void stall_flag(const struct fl_event *event)
{
	touch(event->a, fl_where(event->context));
}

static unsigned int bank_count(void)
{
	unsigned int banks = fl_checked_hardware ? fl_checked_hardware->banks : 0;

	return banks < SMMU_MAX_BANKS ? banks : SMMU_MAX_BANKS;
}

static void judge_active(unsigned int bank)
{
	struct smmu_bank_view view;
	bool cfie, cfcfg;

	smmu_bank_view(bank, &view);
	cfie = view.sctlr & SMMU_SCTLR_CFIE;
	cfcfg = view.sctlr & SMMU_SCTLR_CFCFG;
	if (cfie != check_world->live[bank])
		fl_violation(&fl_invariant_sctlr_drift, check_world->sctlr_touched_by[bank], "CFIE",
			     "bank %u is %s, and CFIE is %d at the end", bank,
			     check_world->live[bank] ? "assigned" : "not assigned", cfie);
	if (check_world->live[bank] && check_world->stall_flag[bank] >= 0 &&
	    cfcfg != check_world->stall_flag[bank])
		fl_violation(&fl_invariant_sctlr_drift, check_world->sctlr_touched_by[bank],
			     "CFCFG",
			     "the driver's stall flag of bank %u is %d, and CFCFG is %d at the end",
			     bank, check_world->stall_flag[bank], cfcfg);
}

static void judge_suspended(void)
{
	struct smmu_bank_view view;

	if (!fl_checked_subject || !(fl_checked_subject->features & FL_SUBJECT_MASKS_IN_SUSPEND))
		return;
	/* What a collapsed device holds means nothing. */
	if (!check_smmu_is(FL_RPM_SUSPENDED) || check_world->power == FL_POWER_COLLAPSED)
		return;
	fl_premise(&fl_invariant_sctlr_drift);
	for (unsigned int i = 0; i < bank_count(); i++) {
		smmu_bank_view(i, &view);
		if (view.sctlr & SMMU_SCTLR_CFIE)
			fl_violation(
				&fl_invariant_sctlr_drift, check_world->suspend_function,
				"CFIE while SUSPENDED",
				"the driver masks in suspend, and CFIE of bank %u is 1 while SUSPENDED",
				i);
	}
}

static void pm_status(const struct fl_event *event)
{
	if (event->a == FL_DEVICE_SMMU && event->c == FL_RPM_SUSPENDED)
		judge_suspended();
}

/* Is the driver still bound? After that nobody looks after the registers. */
static bool is_bound(void)
{
	return check_line_of(CHECK_GLOBAL) >= 0;
}

static void finish(enum fl_end end)
{
	if (end != FL_END_QUIET || !is_bound())
		return;
	judge_suspended();
	if (!check_smmu_settled_active())
		return;
	if (touched)
		fl_premise(&fl_invariant_sctlr_drift);
	for (unsigned int i = 0; i < bank_count(); i++)
		judge_active(i);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_SCTLR_WRITE, sctlr_write);
	fl_subscribe(FL_EV_STALL_FLAG, stall_flag);
	fl_subscribe(FL_EV_PM_STATUS, pm_status);
}

static void reset(void)
{
	touched = false;
}

const struct fl_invariant fl_invariant_sctlr_drift = {
	.name = "sctlr-drift",
	.help = "CFCFG equals the stall flag, CFIE the assignment, at quiescence",
	.premise = "SCTLR or the stall flag changed and the SMMU was ACTIVE at the end",
	.consequence =
		"The context bank stalls where the driver believes it terminates (or the other "
		"way round), or its interrupt stays off: faults hang the master, or go unseen.",
	.subscribe = subscribe,
	.reset = reset,
	.finish = finish,
};

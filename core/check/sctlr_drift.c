/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sctlr-drift: at quiescence and while ACTIVE the hardware's CFCFG equals the driver's stall flag, and
 * CFIE is 1 if and only if the bank is assigned; for subjects that mask in suspend, CFIE is 0 while
 * SUSPENDED.
 *
 * The stall flag is judged only where the driver has told one (Adreno). The finding is named after the
 * function that made the two sides differ: of CFIE who changed it last; of CFCFG who changed the flag, until
 * the hardware has followed, and then who changed CFCFG.
 *
 * A function that was entered before the flag changed may write what it had worked out before: a handler
 * gives back what it took for a moment, with writes that may arrive later still. Whichever it is, and whatever
 * CFCFG was meanwhile, the flag changed without it: that is one cause, not one for each function that can be
 * under way. A suspend or resume is another cause: it programs the bank, and has missed the flag.
 */
#include <check/observe.h>

static bool touched;

/* Was @writer called after the flag changed, or is it who changed it? */
static bool could_know(const struct check_sctlr *sctlr, const struct check_writer *writer)
{
	return writer->entry > sctlr->flag_at || writer->entry == sctlr->flag_entry;
}

/* Who writes back what is there did not make it differ: the handler masks by other bits. */
static void sctlr_write(const struct fl_event *event)
{
	const struct check_writer *writer = check_writer_of(event);
	struct check_sctlr *sctlr;
	bool knows;

	if (event->a >= SMMU_MAX_BANKS)
		return;
	touched = true;
	sctlr = &check_world->sctlr[event->a];
	knows = could_know(sctlr, writer);
	if ((event->b ^ event->c) & SMMU_SCTLR_CFIE)
		sctlr->cfie_by = writer->function;
	if ((event->b ^ event->c) & SMMU_SCTLR_CFCFG && (knows || sctlr->followed))
		sctlr->cfcfg_by = writer->function;
	/* What set_stall() leaves to a resume is that one's to bring. */
	if ((event->b ^ event->c) & (SMMU_SCTLR_CFIE | SMMU_SCTLR_CFCFG) && writer->in_callback)
		sctlr->cfcfg_by = writer->function;
	if (knows && !!(event->b & SMMU_SCTLR_CFCFG) == check_world->stall_flag[event->a])
		sctlr->followed = true;
}

static void stall_flag(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);
	struct check_sctlr *sctlr;

	if (event->a >= SMMU_MAX_BANKS)
		return;
	touched = true;
	sctlr = &check_world->sctlr[event->a];
	sctlr->cfcfg_by = fl_where(event->context);
	sctlr->flag_entry = context->depth ? context->entries[context->depth] : 0;
	sctlr->flag_at = check_world->entry_count;
	sctlr->followed = false;
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
		fl_violation(&fl_invariant_sctlr_drift, check_world->sctlr[bank].cfie_by, "CFIE",
			     "bank %u is %s, and CFIE is %d at the end", bank,
			     check_world->live[bank] ? "assigned" : "not assigned", cfie);
	if (check_world->live[bank] && check_world->stall_flag[bank] >= 0 &&
	    cfcfg != check_world->stall_flag[bank])
		fl_violation(&fl_invariant_sctlr_drift, check_world->sctlr[bank].cfcfg_by, "CFCFG",
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

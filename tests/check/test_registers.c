/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sctlr-drift. */
#include "check_test.h"

static void write_sctlr(const char *function, uint32_t value)
{
	enter(function);
	fl_emit(FL_EV_SCTLR_WRITE, 0, value, fake.banks[0].sctlr, 0);
	fake.banks[0].sctlr = value;
	leave();
}

static void set_flag(bool on)
{
	enter("set_stall");
	fl_emit(FL_EV_STALL_FLAG, 0, on, 0, 0);
	leave();
}

static void the_flag_did_not_reach_the_hardware(void **state)
{
	(void)state;
	set_flag(true);
	finish(FL_END_QUIET);
	breaks("sctlr-drift in set_stall (CFCFG)");
	assert_true(premise("sctlr-drift"));
}

static void the_flag_reached_the_hardware(void **state)
{
	(void)state;
	set_flag(true);
	write_sctlr("set_stall", SMMU_SCTLR_M | SMMU_SCTLR_CFIE | SMMU_SCTLR_CFCFG);
	finish(FL_END_QUIET);
	keeps("sctlr-drift");
	assert_true(premise("sctlr-drift"));
}

#define STALLS (SMMU_SCTLR_M | SMMU_SCTLR_CFIE | SMMU_SCTLR_CFCFG)
#define ABORTS (SMMU_SCTLR_M | SMMU_SCTLR_CFIE)

static void emit_sctlr(uint32_t value)
{
	fl_emit(FL_EV_SCTLR_WRITE, 0, value, fake.banks[0].sctlr, 0);
	fake.banks[0].sctlr = value;
}

/* What the handler gives back was worked out before. */
static void the_flag_changes_while_a_handler_borrows_the_register(void **state)
{
	(void)state;
	as(WORKER);
	enter("context_fault");
	emit_sctlr(STALLS);
	as(TASK);
	set_flag(true);
	as(WORKER);
	emit_sctlr(ABORTS);
	leave();
	finish(FL_END_QUIET);
	breaks("sctlr-drift in set_stall (CFCFG)");
}

static void the_flag_changes_while_another_writes_what_it_was(void **state)
{
	(void)state;
	as(TASK);
	set_flag(true);
	as(WORKER);
	enter("iova_to_phys");
	as(TASK);
	set_flag(false);
	as(WORKER);
	emit_sctlr(STALLS);
	leave();
	finish(FL_END_QUIET);
	breaks("sctlr-drift in set_stall (CFCFG)");
}

static void a_change_of_the_other_bit_is_not_what_made_it_differ(void **state)
{
	(void)state;
	write_sctlr("detach_dev", SMMU_SCTLR_M);
	set_flag(true);
	write_sctlr("iova_to_phys", ABORTS);
	finish(FL_END_QUIET);
	breaks("sctlr-drift in set_stall (CFCFG)");
}

/* Then it is the handler that undid it, though it was entered before. */
static void a_handler_gives_back_what_the_hardware_had_before_it_followed(void **state)
{
	(void)state;
	as(WORKER);
	enter("context_fault");
	emit_sctlr(STALLS);
	as(TASK);
	enter("set_stall");
	fl_emit(FL_EV_STALL_FLAG, 0, true, 0, 0);
	emit_sctlr(STALLS);
	leave();
	as(WORKER);
	emit_sctlr(ABORTS);
	leave();
	finish(FL_END_QUIET);
	breaks("sctlr-drift in context_fault (CFCFG)");
}

static void one_that_knows_the_flag_writes_something_else(void **state)
{
	(void)state;
	set_flag(true);
	write_sctlr("runtime_resume", STALLS);
	write_sctlr("iova_to_phys", ABORTS);
	finish(FL_END_QUIET);
	breaks("sctlr-drift in iova_to_phys (CFCFG)");
}

static void an_assigned_bank_without_its_interrupt(void **state)
{
	(void)state;
	write_sctlr("iova_to_phys", SMMU_SCTLR_M);
	finish(FL_END_QUIET);
	breaks("sctlr-drift in iova_to_phys (CFIE)");
}

static void an_unassigned_bank_with_an_interrupt(void **state)
{
	(void)state;
	fake.banks[1].sctlr = SMMU_SCTLR_CFIE;
	finish(FL_END_QUIET);
	breaks("sctlr-drift (CFIE)");
}

static void nothing_is_judged_while_suspended(void **state)
{
	(void)state;
	set_flag(true);
	as(WORKER);
	begin_suspend();
	end_suspend();
	finish(FL_END_QUIET);
	keeps("sctlr-drift");
	assert_false(premise("sctlr-drift"));
}

static void nothing_is_judged_before_quiescence(void **state)
{
	(void)state;
	set_flag(true);
	finish(FL_END_DEADLOCK);
	keeps("sctlr-drift");
}

static void one_that_masks_does_not_mask(void **state)
{
	(void)state;
	fake.subject.features = FL_SUBJECT_MASKS_IN_SUSPEND;
	as(WORKER);
	begin_suspend();
	end_suspend();
	breaks("sctlr-drift in runtime_suspend (CFIE while SUSPENDED)");
}

static void one_that_masks_masks(void **state)
{
	(void)state;
	fake.subject.features = FL_SUBJECT_MASKS_IN_SUSPEND;
	as(WORKER);
	begin_suspend();
	fake.banks[0].sctlr &= ~SMMU_SCTLR_CFIE;
	end_suspend();
	finish(FL_END_QUIET);
	keeps("sctlr-drift");
	assert_true(premise("sctlr-drift"));
}

static void nobody_looks_after_an_unbound_device(void **state)
{
	(void)state;
	set_flag(true);
	fl_emit(FL_EV_IRQ_FREED, GLOBAL_LINE, 0, 0, FL_BANK_GLOBAL);
	finish(FL_END_QUIET);
	keeps("sctlr-drift");
}

const struct CMUnitTest register_tests[] = {
	STORY(the_flag_did_not_reach_the_hardware),
	STORY(the_flag_reached_the_hardware),
	STORY(the_flag_changes_while_a_handler_borrows_the_register),
	STORY(the_flag_changes_while_another_writes_what_it_was),
	STORY(a_change_of_the_other_bit_is_not_what_made_it_differ),
	STORY(a_handler_gives_back_what_the_hardware_had_before_it_followed),
	STORY(one_that_knows_the_flag_writes_something_else),
	STORY(an_assigned_bank_without_its_interrupt),
	STORY(an_unassigned_bank_with_an_interrupt),
	STORY(nothing_is_judged_while_suspended),
	STORY(nothing_is_judged_before_quiescence),
	STORY(one_that_masks_does_not_mask),
	STORY(one_that_masks_masks),
	STORY(nobody_looks_after_an_unbound_device),
	STORIES_END,
};

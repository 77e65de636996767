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
	STORY(the_flag_did_not_reach_the_hardware),    STORY(the_flag_reached_the_hardware),
	STORY(an_assigned_bank_without_its_interrupt), STORY(an_unassigned_bank_with_an_interrupt),
	STORY(nothing_is_judged_while_suspended),      STORY(nothing_is_judged_before_quiescence),
	STORY(one_that_masks_does_not_mask),	       STORY(one_that_masks_masks),
	STORY(nobody_looks_after_an_unbound_device),   STORIES_END,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* unclocked-access, unguarded-access, client-unpowered. */
#include "check_test.h"

#include <string.h>

static void off_access(unsigned int region)
{
	fl_emit(FL_EV_OFF_ACCESS, FL_REGISTER(region, 0x10058), 0, 0, FL_POWER_GATED);
}

static void unclocked_breaks(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	end_suspend();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	off_access(FL_REGION_SMMU);
	breaks("unclocked-access in context_fault");
	assert_true(premise("unclocked-access"));
}

static void unclocked_is_not_the_clients(void **state)
{
	(void)state;
	off_access(FL_REGION_GPU);
	keeps("unclocked-access");
	assert_false(premise("unclocked-access"));
}

static void handle(unsigned int line, unsigned int bank, bool with_reference)
{
	as(HARDIRQ);
	enter_handler(line, bank, "context_fault");
	if (with_reference)
		get(FL_DEVICE_SMMU, 1, true);
	read_register(bank_register(bank, SMMU_FSR), 0);
	if (with_reference)
		put(FL_DEVICE_SMMU, true);
	leave_handler(line, bank, FL_IRQ_HANDLED);
}

static void suspend(void)
{
	as(WORKER);
	begin_suspend();
	end_suspend();
}

static void unguarded_access_then_suspend(void **state)
{
	(void)state;
	handle(LINE_0, 0, false);
	keeps("unguarded-access");
	suspend();
	breaks("unguarded-access in context_fault");
	assert_true(premise("unguarded-access"));
}

static void suspend_then_unguarded_access(void **state)
{
	(void)state;
	suspend();
	keeps("unguarded-access");
	as(TASK);
	begin_resume();
	end_resume();
	handle(LINE_0, 0, false);
	breaks("unguarded-access in context_fault");
}

/* The line's guard is gone by then, and who else comes without a reference is told of all the same. */
static void each_function_is_told_of(void **state)
{
	const struct fl_finding *findings;
	unsigned int count, told = 0;

	(void)state;
	handle(LINE_0, 0, false);
	suspend();
	breaks("unguarded-access in context_fault");
	as(TASK);
	begin_resume();
	end_resume();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "other_fault");
	read_register(bank_register(0, SMMU_FSR), 0);
	read_register(bank_register(0, SMMU_FSR), 0);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	findings = fl_check_findings(&count);
	for (unsigned int i = 0; i < count; i++)
		told += !strcmp(findings[i].signature, "unguarded-access in other_fault");
	assert_int_equal(told, 1);
	fl_check_reset();
	keeps("unguarded-access");
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	read_register(bank_register(0, SMMU_FSR), 0);
	keeps("unguarded-access");
}

static void a_reference_covers(void **state)
{
	(void)state;
	handle(LINE_0, 0, true);
	suspend();
	keeps("unguarded-access");
}

static void an_access_after_the_put_is_uncovered(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, 1, true);
	put(FL_DEVICE_SMMU, true);
	write_register(bank_register(0, SMMU_FSR), 2);
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	suspend();
	breaks("unguarded-access in context_fault");
}

static void anothers_reference_is_luck(void **state)
{
	(void)state;
	as(TASK);
	get(FL_DEVICE_SMMU, 1, true);
	handle(LINE_0, 0, false);
	as(TASK);
	put(FL_DEVICE_SMMU, true);
	suspend();
	breaks("unguarded-access in context_fault");
}

static void a_reference_taken_while_suspending_covers_nothing(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	get(FL_DEVICE_SMMU, 0, true);
	read_register(bank_register(0, SMMU_FSR), 0);
	put(FL_DEVICE_SMMU, true);
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	as(WORKER);
	end_suspend();
	breaks("unguarded-access in context_fault");
}

static void a_disabled_line_excludes(void **state)
{
	(void)state;
	handle(LINE_0, 0, false);
	as(WORKER);
	begin_suspend();
	mask(LINE_0, true, 1);
	end_suspend();
	keeps("unguarded-access");
}

static void a_disabled_line_with_a_thread_to_run_does_not(void **state)
{
	(void)state;
	handle(LINE_0, 0, false);
	as(WORKER);
	begin_suspend();
	mask(LINE_0, true, 1);
	fake.lines[LINE_0].threads_active = 1;
	end_suspend();
	breaks("unguarded-access in context_fault");
}

static void a_masked_device_excludes(void **state)
{
	(void)state;
	handle(LINE_0, 0, false);
	handle(GLOBAL_LINE, FL_BANK_GLOBAL, false);
	as(WORKER);
	begin_suspend();
	write_register(SMMU_CR0, 0);
	fake.banks[0].sctlr &= ~SMMU_SCTLR_CFIE;
	end_suspend();
	keeps("unguarded-access");
}

static void a_masked_device_does_not_if_another_one_shares_the_line(void **state)
{
	(void)state;
	fl_emit_text(FL_EV_IRQ_REQUESTED, LINE_0, 1, 0, FL_SOURCE_OTHER, "other");
	handle(LINE_0, 0, false);
	as(WORKER);
	begin_suspend();
	fake.banks[0].sctlr &= ~SMMU_SCTLR_CFIE;
	end_suspend();
	breaks("unguarded-access in context_fault");
}

static void hold_lock(unsigned int object)
{
	fake.lock_count = 1;
	fake.locks[0] = (struct fl_lock_view){.object = object};
}

static void a_lock_that_suspend_takes_too_excludes(void **state)
{
	(void)state;
	hold_lock(7);
	handle(LINE_0, 0, false);
	fake.lock_count = 0;
	as(WORKER);
	begin_suspend();
	lock(6, "hw_lock", 1);
	unlock(6);
	end_suspend();
	keeps("unguarded-access");
	/* An access without it, later, takes the protection away. */
	as(TASK);
	begin_resume();
	end_resume();
	handle(LINE_0, 0, false);
	breaks("unguarded-access in context_fault");
}

static void another_lock_excludes_nothing(void **state)
{
	(void)state;
	hold_lock(3);
	handle(LINE_0, 0, false);
	as(WORKER);
	begin_suspend();
	lock(6, "hw_lock", 1);
	unlock(6);
	end_suspend();
	breaks("unguarded-access in context_fault");
}

static void a_resume_inside_a_handler_is_no_access_of_it(void **state)
{
	(void)state;
	suspend();
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	begin_resume();
	write_register(SMMU_CR0, SMMU_CR0_GFIE);
	end_resume();
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("unguarded-access");
}

static void tasks_are_not_handlers(void **state)
{
	(void)state;
	enter("map_pages");
	read_register(bank_register(0, SMMU_FSR), 0);
	leave();
	suspend();
	keeps("unguarded-access");
	assert_false(premise("unguarded-access"));
}

static void client_access(bool powered)
{
	fl_emit(FL_EV_CLIENT_ACCESS, FL_REGISTER(FL_REGION_GPU, 0x10), powered, 0, 0);
}

static void client_unpowered_breaks(void **state)
{
	(void)state;
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	client_access(true);
	keeps("client-unpowered");
	assert_true(premise("client-unpowered"));
	client_access(false);
	breaks("client-unpowered in context_fault");
}

static void client_outside_its_callback_keeps(void **state)
{
	(void)state;
	as(TASK);
	client_access(false);
	keeps("client-unpowered");
}

const struct CMUnitTest access_tests[] = {
	STORY(unclocked_breaks),
	STORY(unclocked_is_not_the_clients),
	STORY(unguarded_access_then_suspend),
	STORY(suspend_then_unguarded_access),
	STORY(each_function_is_told_of),
	STORY(a_reference_covers),
	STORY(an_access_after_the_put_is_uncovered),
	STORY(anothers_reference_is_luck),
	STORY(a_reference_taken_while_suspending_covers_nothing),
	STORY(a_disabled_line_excludes),
	STORY(a_disabled_line_with_a_thread_to_run_does_not),
	STORY(a_masked_device_excludes),
	STORY(a_masked_device_does_not_if_another_one_shares_the_line),
	STORY(a_lock_that_suspend_takes_too_excludes),
	STORY(another_lock_excludes_nothing),
	STORY(a_resume_inside_a_handler_is_no_access_of_it),
	STORY(tasks_are_not_handlers),
	STORY(client_unpowered_breaks),
	STORY(client_outside_its_callback_keeps),
	STORIES_END,
};

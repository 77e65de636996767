/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory-error, kernel-warning. */
#include "check_test.h"

#include <check/observe.h>

static void a_bug(void **state)
{
	(void)state;
	enter("attach_dev");
	fl_emit_text(FL_EV_BUG, 0, 0, 0, 0, "NULL pointer");
	breaks("memory-error in attach_dev (BUG)");
}

static void a_use_after_free(void **state)
{
	(void)state;
	enter("unmap");
	fl_emit(FL_EV_USE_AFTER_FREE, 3, 0, 0, 0);
	breaks("memory-error in unmap (use after free)");
}

static void a_bad_free(void **state)
{
	(void)state;
	enter("domain_free");
	fl_emit(FL_EV_BAD_FREE, 3, 0, 0, 0);
	breaks("memory-error in domain_free (bad free)");
}

static void a_sanitizers_report(void **state)
{
	(void)state;
	/* Of the framework's own code: not the subject's. */
	assert_int_equal(check_sanitizer_report("undefined-behavior"), CHECK_REPORT_OWN);
	keeps("memory-error");
	enter("unmap");
	assert_int_equal(check_sanitizer_report("undefined-behavior"), CHECK_REPORT_PASSED);
	breaks("memory-error in unmap (undefined-behavior)");
}

static void a_report_outside_a_run(void **state)
{
	(void)state;
	enter("unmap");
	fake.running = false;
	assert_int_equal(check_sanitizer_report("undefined-behavior"), CHECK_REPORT_OWN);
	keeps("memory-error");
}

/* Who cannot come in is nobody's context, whichever is inside, and no error of the framework's. */
static void a_report_outside_the_machine(void **state)
{
	(void)state;
	enter("unmap");
	fl_free_running = true;
	assert_int_equal(check_sanitizer_report("use-after-poison"), CHECK_REPORT_PASSED);
	fl_free_running = false;
	keeps("memory-error");
}

static const char *seen_file = "nobody asked";

static bool ends_at_all(const struct fl_finding *finding, const char *file, unsigned int line)
{
	(void)finding;
	(void)line;
	seen_file = file;
	return true;
}

/* A hook that wants the process to end is told that there is no checker to trap in. */
static void the_hook_ends_at_a_report(void **state)
{
	(void)state;
	enter("unmap");
	fl_check_set_hook(ends_at_all);
	assert_int_equal(check_sanitizer_report("undefined-behavior"), CHECK_REPORT_ENDS);
	assert_null(seen_file);
	assert_true(fl_check_wild_access("wild access"));
	fl_check_set_hook(NULL);
	assert_int_equal(check_sanitizer_report("use-after-poison"), CHECK_REPORT_PASSED);
}

/* A wild access that is passed by becomes a BUG, of which it was the finding already. */
static void a_wild_access_is_its_bug(void **state)
{
	unsigned int count;

	(void)state;
	enter("unmap");
	assert_false(fl_check_wild_access("wild access"));
	fl_emit_text(FL_EV_BUG, 0, 0, 0, 0, "wild access");
	breaks("memory-error in unmap (BUG)");
	fl_check_findings(&count);
	assert_int_equal(count, 1);
}

static void a_warning(void **state)
{
	(void)state;
	enter("runtime_resume");
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, "unbalanced clk_disable");
	breaks("kernel-warning in runtime_resume (unbalanced clk_disable)");
}

static void an_underflow_is_one_warning(void **state)
{
	unsigned int count, warnings = 0;
	const struct fl_finding *findings;

	(void)state;
	enter("context_fault");
	fl_emit(FL_EV_PM_UNDERFLOW, FL_DEVICE_SMMU, 0, 0, 0);
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, "Runtime PM usage count underflow!");
	breaks("kernel-warning in context_fault (Runtime PM usage count underflow!)");
	findings = fl_check_findings(&count);
	for (unsigned int i = 0; i < count; i++)
		warnings += findings[i].invariant == fl_invariant_find("kernel-warning");
	assert_int_equal(warnings, 1);
}

static void nobody_cared(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, "irq: nobody cared");
	keeps("kernel-warning");
	fl_emit(FL_EV_IRQ_SPURIOUS_OFF, LINE_0, 100, 100, 0);
	breaks("kernel-warning in context_fault (nobody cared)");
	assert_true(premise("kernel-warning"));
}

static void the_scenarios_own_mistake(void **state)
{
	(void)state;
	fl_emit(FL_EV_OP_BEGIN, 0, 0, 0, 0);
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, "Unbalanced pm_runtime_enable!");
	fl_emit(FL_EV_PM_UNDERFLOW, FL_DEVICE_SMMU, 0, 0, 0);
	keeps("kernel-warning");
	/* In one of the subject's functions it is the subject's. */
	enter("shutdown");
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, "Unbalanced pm_runtime_enable!");
	breaks("kernel-warning in shutdown (Unbalanced pm_runtime_enable!)");
}

const struct CMUnitTest error_tests[] = {
	STORY(a_bug),
	STORY(a_use_after_free),
	STORY(a_bad_free),
	STORY(a_sanitizers_report),
	STORY(a_report_outside_a_run),
	STORY(a_report_outside_the_machine),
	STORY(the_hook_ends_at_a_report),
	STORY(a_wild_access_is_its_bug),
	STORY(a_warning),
	STORY(an_underflow_is_one_warning),
	STORY(nobody_cared),
	STORY(the_scenarios_own_mistake),
	STORIES_END,
};

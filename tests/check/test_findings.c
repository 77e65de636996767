/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a run's findings are: one a signature, in order, silent when not armed, gone after a reset. */
#include "check_test.h"

#include <stdio.h>
#include <string.h>

static unsigned int hooked;

static bool hook(const struct fl_finding *finding, const char *file, unsigned int line)
{
	hooked++;
	assert_true(finding->signature[0] != '\0');
	assert_true(line > 0 && strstr(file, ".c"));
	return false;
}

static void off_access_in(const char *function)
{
	enter(function);
	fl_emit(FL_EV_OFF_ACCESS, FL_REGISTER(FL_REGION_SMMU, 0), 0, 0, FL_POWER_GATED);
	leave();
}

static void one_finding_a_signature(void **state)
{
	char same_name[] = "map_pages";
	const struct fl_finding *findings;
	unsigned int count;

	(void)state;
	hooked = 0;
	fl_check_set_hook(hook);
	off_access_in("map_pages");
	fake.step = 40;
	off_access_in("unmap_pages");
	off_access_in("map_pages");
	off_access_in(same_name);
	fl_check_set_hook(NULL);
	findings = fl_check_findings(&count);
	assert_int_equal(count, 2);
	assert_int_equal(hooked, 2);
	assert_string_equal(findings[0].signature, "unclocked-access in map_pages");
	assert_string_equal(findings[1].signature, "unclocked-access in unmap_pages");
	assert_int_equal(findings[1].step, 40);
}

static void a_reset_forgets(void **state)
{
	unsigned int count;

	(void)state;
	off_access_in("map_pages");
	set_power(FL_POWER_GATED);
	assert_true(premise("unclocked-access"));
	fl_check_reset();
	fl_check_findings(&count);
	assert_int_equal(count, 0);
	assert_false(premise("unclocked-access"));
}

static void details_are_optional(void **state)
{
	unsigned int count;
	const struct fl_finding *findings;

	(void)state;
	fl_check_details(false);
	off_access_in("map_pages");
	findings = fl_check_findings(&count);
	assert_int_equal(count, 1);
	assert_string_equal(findings[0].detail, "");
}

static void unarmed_invariants_are_silent(void **state)
{
	unsigned int count;

	(void)state;
	fl_check_start(1u << fl_invariant_find("leak"));
	off_access_in("map_pages");
	set_power(FL_POWER_GATED);
	fl_check_findings(&count);
	assert_int_equal(count, 0);
	assert_int_equal(fl_check_premises(), 0);
}

static void more_findings_than_fit(void **state)
{
	static char names[FL_MAX_FINDINGS + 8][16];
	unsigned int count;

	(void)state;
	for (unsigned int i = 0; i < FL_MAX_FINDINGS + 8; i++) {
		snprintf(names[i], sizeof(names[i]), "function_%u", i);
		off_access_in(names[i]);
	}
	fl_check_findings(&count);
	assert_int_equal(count, FL_MAX_FINDINGS);
}

static void the_table_is_complete(void **state)
{
	static const char *const names[] = {
		"unclocked-access", "unguarded-access", "pm-imbalance",	  "sleep-in-atomic",
		"irq-return",	    "irq-storm",	"dead-line",	  "lost-stall",
		"resume-order",	    "double-report",	"lost-fault",	  "torn-report",
		"lifetime",	    "client-unpowered", "sctlr-drift",	  "suspended-line-high",
		"deadlock",	    "lock-order",	"data-race",	  "leak",
		"livelock",	    "memory-error",	"kernel-warning",
	};
	unsigned int count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (unsigned int i = 0; i < count; i++) {
		assert_string_equal(fl_invariants[i]->name, names[i]);
		assert_int_equal(fl_invariant_find(names[i]), i);
		assert_true(strlen(fl_invariants[i]->help) > 0);
		assert_true(strlen(fl_invariants[i]->premise) > 0);
	}
	assert_null(fl_invariants[count]);
	assert_int_equal(fl_invariant_find("irq"), -1);
}

const struct CMUnitTest finding_tests[] = {
	STORY(one_finding_a_signature),
	STORY(a_reset_forgets),
	STORY(details_are_optional),
	STORY(unarmed_invariants_are_silent),
	STORY(more_findings_than_fit),
	STORY(the_table_is_complete),
	STORIES_END,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each mutant of the reference is caught, by the checker that it was made for. */
#include "actors.h"

#include <faultline/host.h>

static struct verdict verdict;

static const struct row {
	const char *mutant, *invariant;
	struct actor actors[MAX_ACTORS];
	struct fl_knobs knobs;
	bool no_domain; /* a machine without power domain */
	bool memory;	/* at memory granularity */
} rows[] = {
	{"never-suspends", "livelock", {{"gpu", false, 0, act_put_gpu}}, {0}, false, false},
	{"masks-for-ever", "dead-line", {{"gpu", false, 0, act_submit_bad}}, {0}, false, false},
	{"warns",
	 "kernel-warning",
	 {{"gpu", false, 0, act_suspend_both}, {"mapper", false, 1, act_map_and_unmap}},
	 {0},
	 false,
	 false},
	{"no-sync",
	 "unclocked-access",
	 {{"sleep", false, 0, act_sleep_and_wake}, {"firmware", true, 0, act_firmware_faults}},
	 {0},
	 true,
	 false},
	{"deadlock",
	 "deadlock",
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_faults}},
	 {0},
	 false,
	 false},
	{"no-mask",
	 "suspended-line-high",
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_faults}},
	 {.power_off = FL_POWER_OFF_REFUSED},
	 false,
	 false},
	{"forgets-put",
	 "pm-imbalance",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"double-put",
	 "pm-imbalance",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"reports-twice",
	 "double-report",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"reports-nothing",
	 "lost-fault",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"torn",
	 "torn-report",
	 {{"firmware", true, 0, act_firmware_faults}, {"debugfs", false, 0, act_stall_off}},
	 {0},
	 false,
	 false},
	{"resume-first",
	 "resume-order",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"no-resume",
	 "lost-stall",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {.ss_asserts_line = 1},
	 false,
	 false},
	{"data-race",
	 "data-race",
	 {{"firmware", true, 0, act_firmware_fault},
	  {"firmware2", true, 0, act_second_stream},
	  {"owner", false, 1, act_keep_second_domain}},
	 {0},
	 false,
	 true},
	{"returns-none",
	 "irq-return",
	 {{"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"no-reference",
	 "unguarded-access",
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_fault}},
	 {0},
	 false,
	 false},
	{"hard-irq",
	 "sleep-in-atomic",
	 {{"firmware", true, 0, act_unknown_stream}},
	 {0},
	 false,
	 false},
	{"use-after-free",
	 "lifetime",
	 {{"owner", false, 0, act_free_gpu_domain}, {"firmware", true, 0, act_firmware_faults}},
	 {0},
	 false,
	 false},
	{"leaks-domain",
	 "leak",
	 {{"owner", false, 0, act_free_gpu_domain}, {"owner2", false, 1, act_second_domain}},
	 {0},
	 false,
	 false},
	{"bug", "memory-error", {{"owner", false, 0, act_free_gpu_domain}}, {0}, false, false},
	{"drift", "sctlr-drift", {{"debugfs", false, 0, act_stall_off}}, {0}, false, false},
	{"lock-inversion",
	 "lock-order",
	 {{"debugfs", false, 0, act_stall_off}, {"mapper", false, 1, act_map_and_unmap}},
	 {0},
	 false,
	 false},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void run_row(const struct row *row, const char *subject)
{
	struct plan plan = {
		.subject = test_subject(subject),
		.hardware = test_mmu500(),
		.cpus = 2,
		.knobs = row->knobs,
		.active = true,
	};

	plan.hardware.pm_domain = !row->no_domain;
	plan.knobs.pm_domain = row->no_domain;
	memcpy(plan.actors, row->actors, sizeof(plan.actors));
	fl_memory_granularity = row->memory;
	test_run(&plan, &verdict);
	fl_memory_granularity = false;
}

static void each_mutant_is_caught(void **state)
{
	char name[64];
	unsigned int missed = 0;

	(void)state;
	for (unsigned int i = 0; i < ROWS; i++) {
		snprintf(name, sizeof(name), "core:mutant-%s", rows[i].mutant);
		run_row(&rows[i], name);
		if (test_broke(&verdict, rows[i].invariant, NULL))
			continue;
		print_error("%s does not break %s; it breaks:\n", name, rows[i].invariant);
		for (unsigned int j = 0; j < verdict.finding_count; j++)
			print_error("  %s\n", verdict.findings[j].signature);
		missed++;
	}
	assert_int_equal(missed, 0);
}

/* What catches a mutant does not catch the reference in the same scenario. */
static void the_reference_is_not_caught(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ROWS; i++) {
		struct plan plan = {.subject = test_subject("core:reference")};

		run_row(&rows[i], "core:reference");
		if (verdict.finding_count)
			print_error("in the scenario of %s\n", rows[i].mutant);
		test_assert_clean(&plan, &verdict);
	}
}

static void each_mutant_has_a_row(void **state)
{
	(void)state;
	for (unsigned int i = 0; fl_core_mutants[i]; i++) {
		bool found = false;

		for (unsigned int j = 0; j < ROWS && !found; j++)
			found = !strcmp(fl_core_mutants[i]->name + strlen("core:mutant-"),
					rows[j].mutant);
		if (!found)
			print_error("%s\n", fl_core_mutants[i]->name);
		assert_true(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mutant_has_a_row),
		cmocka_unit_test(each_mutant_is_caught),
		cmocka_unit_test(the_reference_is_not_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

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
	bool dumps;	/* the client takes a dump, for which it wants the GPU */
	unsigned int schedules;
} rows[] = {
	{.mutant = "never-suspends",
	 .invariant = "livelock",
	 .actors = {{"gpu", false, 0, act_put_gpu}}},
	{.mutant = "masks-for-ever",
	 .invariant = "dead-line",
	 .actors = {{"gpu", false, 0, act_submit_bad}}},
	{.mutant = "warns",
	 .invariant = "kernel-warning",
	 .actors = {{"gpu", false, 0, act_suspend_both}, {"mapper", false, 1, act_map_and_unmap}}},
	{.mutant = "no-sync",
	 .invariant = "unclocked-access",
	 .actors = {{"sleep", false, 0, act_sleep_and_wake},
		    {"firmware", true, 0, act_firmware_faults}},
	 .no_domain = true},
	{.mutant = "deadlock",
	 .invariant = "deadlock",
	 .actors = {{"gpu", false, 0, act_suspend_both},
		    {"firmware", true, 0, act_firmware_faults}}},
	{.mutant = "no-mask",
	 .invariant = "suspended-line-high",
	 .actors = {{"gpu", false, 0, act_suspend_both},
		    {"firmware", true, 0, act_firmware_faults}},
	 .knobs = {.power_off = FL_POWER_OFF_REFUSED}},
	{.mutant = "forgets-put",
	 .invariant = "pm-imbalance",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "double-put",
	 .invariant = "pm-imbalance",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "reports-twice",
	 .invariant = "double-report",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "reports-nothing",
	 .invariant = "lost-fault",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "torn",
	 .invariant = "torn-report",
	 .actors = {{"firmware", true, 0, act_firmware_faults},
		    {"debugfs", false, 0, act_stall_off}}},
	{.mutant = "resume-first",
	 .invariant = "resume-order",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "no-resume",
	 .invariant = "lost-stall",
	 .actors = {{"firmware", true, 0, act_firmware_fault}},
	 .knobs = {.ss_asserts_line = 1}},
	{.mutant = "data-race",
	 .invariant = "data-race",
	 .actors = {{"firmware", true, 0, act_firmware_fault},
		    {"firmware2", true, 0, act_second_stream},
		    {"owner", false, 1, act_keep_second_domain}},
	 .memory = true},
	{.mutant = "returns-none",
	 .invariant = "irq-return",
	 .actors = {{"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "no-reference",
	 .invariant = "unguarded-access",
	 .actors = {{"gpu", false, 0, act_suspend_both},
		    {"firmware", true, 0, act_firmware_fault}}},
	{.mutant = "hard-irq",
	 .invariant = "sleep-in-atomic",
	 .actors = {{"firmware", true, 0, act_unknown_stream}}},
	{.mutant = "use-after-free",
	 .invariant = "lifetime",
	 .actors = {{"owner", false, 0, act_free_gpu_domain},
		    {"firmware", true, 0, act_firmware_faults}}},
	{.mutant = "leaks-domain",
	 .invariant = "leak",
	 .actors = {{"owner", false, 0, act_free_gpu_domain},
		    {"owner2", false, 1, act_second_domain}}},
	{.mutant = "bug",
	 .invariant = "memory-error",
	 .actors = {{"owner", false, 0, act_free_gpu_domain}}},
	{.mutant = "drift",
	 .invariant = "sctlr-drift",
	 .actors = {{"debugfs", false, 0, act_stall_off}}},
	{.mutant = "lock-inversion",
	 .invariant = "lock-order",
	 .actors = {{"debugfs", false, 0, act_stall_off}, {"mapper", false, 1, act_map_and_unmap}}},
	{.mutant = "waits-for-handler",
	 .invariant = "deadlock",
	 .actors = {{"gpu", false, 0, act_suspend_both},
		    {"user", false, 0, act_get_gpu},
		    {"disable", false, 1, act_disable_and_enable},
		    {"firmware", true, 0, act_firmware_fault}},
	 .dumps = true,
	 .schedules = 2000},
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
		.schedules = row->schedules,
	};

	plan.hardware.pm_domain = !row->no_domain;
	plan.knobs.pm_domain = row->no_domain;
	if (row->dumps)
		plan.client = (struct client_config){
			.fault_info = 1,
			.dump = 1,
			.registers = CLIENT_REGISTERS_CAREFUL,
		};
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

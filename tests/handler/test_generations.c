/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each generation is known to break, and what it keeps, in small scenarios. */
#include "actors.h"

static struct verdict verdict;

static void run(const char *name, struct plan *plan)
{
	plan->subject = test_subject(name);
	if (!plan->cpus)
		plan->cpus = 2;
	if (!plan->hardware.banks)
		plan->hardware = test_mmu500();
	plan->active = true;
	test_run(plan, &verdict);
}

#define FAULT_VS_SUSPEND                                                                           \
	.actors = {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_fault}}
#define GLOBAL_VS_SUSPEND                                                                          \
	.actors = {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_unknown_stream}}
#define FAULTS .actors = {{"gpu", false, 0, act_submit_bad}, {"gpu2", false, 1, act_submit_good}}

static void legacy_touches_an_unclocked_device(void **state)
{
	struct plan plan = {FAULT_VS_SUSPEND};

	(void)state;
	run("core:legacy", &plan);
	assert_true(test_broke(&verdict, "unclocked-access", "arm_smmu_context_fault"));
}

static void legacy_resumes_before_the_fault_is_cleared(void **state)
{
	struct plan plan = {FAULTS, .client = {.resume = CLIENT_RESUME_EARLY}};

	(void)state;
	run("core:legacy", &plan);
	assert_true(test_broke(&verdict, "resume-order", NULL));
}

static void resume_keeps_the_order(void **state)
{
	struct plan plan = {FAULTS};

	(void)state;
	run("core:resume", &plan);
	test_assert_clean(&plan, &verdict);
}

static void resume_touches_an_unclocked_device(void **state)
{
	struct plan plan = {FAULT_VS_SUSPEND};

	(void)state;
	run("core:resume", &plan);
	assert_true(test_broke(&verdict, "unclocked-access", "arm_smmu_context_fault"));
}

static void guard_v1_sleeps_in_the_global_handler(void **state)
{
	struct plan plan = {GLOBAL_VS_SUSPEND};

	(void)state;
	run("core:guard-v1", &plan);
	assert_true(test_broke(&verdict, "sleep-in-atomic", "arm_smmu_global_fault"));
}

static void guard_v2_storms(void **state)
{
	struct plan plan = {FAULT_VS_SUSPEND, .cpus = 1};

	(void)state;
	run("core:guard-v2", &plan);
	assert_true(test_broke(&verdict, "irq-storm", "SUSPENDING"));
	assert_false(test_broke(&verdict, "unclocked-access", NULL));
}

static void guard_v2_storms_while_gated(void **state)
{
	struct plan plan = {FAULT_VS_SUSPEND, .knobs = {.power_off = FL_POWER_OFF_REFUSED}};

	(void)state;
	run("core:guard-v2", &plan);
	assert_true(test_broke(&verdict, "irq-storm", "SUSPENDED"));
}

static void tbu_path_answers_none_for_what_it_handled(void **state)
{
	struct plan plan = {
		.hardware = test_tbu(),
		.client = {.answer = CLIENT_ANSWERS_ENOSYS},
		.actors = {{"firmware", true, 0, act_firmware_fault}},
	};

	(void)state;
	run("core:legacy", &plan);
	assert_true(test_broke(&verdict, "irq-return", "qcom_smmu_context_fault"));
}

static void tbu_path_storms_while_the_client_is_busy(void **state)
{
	struct plan plan = {
		.hardware = test_tbu(),
		.client = {.answer = CLIENT_ANSWERS_EBUSY},
		.actors = {{"firmware", true, 0, act_firmware_fault}},
	};

	(void)state;
	run("core:legacy", &plan);
	assert_true(test_broke(&verdict, "irq-storm", "qcom_smmu_context_fault"));
}

static void every_generation_serves_mapped_accesses(void **state)
{
	(void)state;
	for (unsigned int i = 0; fl_core_subjects[i]; i++) {
		struct plan plan = {
			.actors = {{"gpu", false, 0, act_submit_good},
				   {"idle", false, 1, act_put_gpu}},
			.schedules = 40,
		};

		run(fl_core_subjects[i]->name, &plan);
		test_assert_clean(&plan, &verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_generation_serves_mapped_accesses),
		cmocka_unit_test(legacy_touches_an_unclocked_device),
		cmocka_unit_test(legacy_resumes_before_the_fault_is_cleared),
		cmocka_unit_test(resume_keeps_the_order),
		cmocka_unit_test(resume_touches_an_unclocked_device),
		cmocka_unit_test(guard_v1_sleeps_in_the_global_handler),
		cmocka_unit_test(guard_v2_storms),
		cmocka_unit_test(guard_v2_storms_while_gated),
		cmocka_unit_test(tbu_path_answers_none_for_what_it_handled),
		cmocka_unit_test(tbu_path_storms_while_the_client_is_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

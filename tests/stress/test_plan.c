/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What rounds are made of: each stressor's operations are ones that an actor of a case can do. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <free/free_core.h>
#include <stress/plan.h>

#define ROUNDS 300

static struct stress_plan plan;
static char error[512];

static void check_actor(const struct fl_actor *actor, const struct stressor *stressor,
			uint32_t features)
{
	assert_int_equal(actor->agent, stressor->agent);
	assert_in_range(actor->count, 1, FL_MAX_OPERATIONS);
	for (unsigned int i = 0; i < actor->count; i++) {
		const struct fl_operation *operation = &actor->operations[i];
		const struct fl_operation_info *info = &fl_operations[operation->code];

		assert_true(actor->agent ? info->agent : info->task);
		assert_int_equal(info->features & ~features, 0);
		for (unsigned int k = 0; k < 3; k++)
			assert_true(info->argument_names[k]
					    ? operation->arguments[k] < info->argument_limits[k]
					    : !operation->arguments[k]);
	}
}

/* Rounds of all stressors that fit; every one of them gets its turn. */
static void check_rounds(const char *subject_name, const char *profile_name, unsigned int threads)
{
	struct stress_options options = {
		.subject = fl_core_free_find(subject_name),
		.profile = fl_profile_find(profile_name),
		.threads = threads,
	};
	uint32_t features = fl_features_on(options.subject, options.profile);
	uint32_t drawn = 0;

	for (unsigned int i = 0; stressors[i]; i++)
		if (stressor_fits(stressors[i], options.subject, options.profile))
			options.stressors |= 1u << i;
	assert_int_equal(fl_world_make(options.subject, options.profile, ~0u, error, sizeof(error)),
			 0);
	for (uint64_t round = 0; round < ROUNDS; round++) {
		struct fl_free_options run = {.seed = round, .step_limit = 60000};
		struct fl_outcome outcome;
		unsigned int once = 0;

		stress_plan_set(&plan, &options, threads);
		fl_world_run_free(&plan.program, stress_plan_build, &run, &outcome);
		assert_int_equal(plan.program.count, threads);
		for (unsigned int i = 0; i < threads; i++) {
			const struct stressor *stressor = stressors[plan.stressor[i]];

			check_actor(&plan.program.actors[i], stressor, features);
			once += stressor->once;
			drawn |= 1u << plan.stressor[i];
		}
		assert_true(once <= 1);
	}
	assert_int_equal(drawn, options.stressors);
}

static void test_rounds_of_the_reference(void **state)
{
	check_rounds("core:reference", "mmu500", 8);
}

static void test_rounds_with_a_shared_line(void **state)
{
	check_rounds("core:reference", "mmu500-shared-line", 6);
}

static void test_rounds_without_adreno(void **state)
{
	check_rounds("core:legacy", "mmu500-tbu", 4);
}

/* The same seed gives the same plan, whatever the threads did. */
static void test_a_plan_follows_its_seed(void **state)
{
	static struct stress_plan first;
	struct stress_options options = {
		.subject = fl_core_free_find("core:guard-v2"),
		.profile = fl_profile_find("mmu500"),
		.stressors = 0x3fffu & ~(1u << stressor_find("shared-line")),
		.threads = 8,
	};
	struct fl_free_options run = {.seed = 42, .perturbation = 300};
	struct fl_outcome outcome;

	assert_int_equal(fl_world_make(options.subject, options.profile, ~0u, error, sizeof(error)),
			 0);
	stress_plan_set(&first, &options, 8);
	fl_world_run_free(&first.program, stress_plan_build, &run, &outcome);
	for (unsigned int i = 0; i < 20; i++) {
		stress_plan_set(&plan, &options, 8);
		fl_world_run_free(&plan.program, stress_plan_build, &run, &outcome);
		assert_memory_equal(&plan.program, &first.program, sizeof(first.program));
		assert_memory_equal(plan.stressor, first.stressor, 8);
	}
	run.seed = 43;
	fl_world_run_free(&plan.program, stress_plan_build, &run, &outcome);
	assert_memory_not_equal(&plan.program, &first.program, sizeof(first.program));
}

static void test_stressors_have_names_and_help(void **state)
{
	for (int i = 0; stressors[i]; i++) {
		assert_int_equal(stressor_find(stressors[i]->name), i);
		assert_true(strlen(stressors[i]->help) > 10);
	}
	assert_int_equal(stressor_find("nonsense"), -1);
	assert_int_equal(stress_processes(2), 1);
	assert_int_equal(stress_processes(32), 1);
	assert_int_equal(stress_processes(33), 2);
	assert_int_equal(stress_processes(STRESS_MAX_THREADS), STRESS_MAX_PROCESSES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stressors_have_names_and_help),
		cmocka_unit_test(test_rounds_of_the_reference),
		cmocka_unit_test(test_rounds_with_a_shared_line),
		cmocka_unit_test(test_rounds_without_adreno),
		cmocka_unit_test(test_a_plan_follows_its_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of profiles, operations and scenarios agree with what they are made for. */
#include "case_test.h"

#include "case/operations.h"
#include "smmu/bits.h"

static void profiles_are_complete(void **state)
{
	(void)state;
	for (unsigned int i = 0; fl_profiles[i]; i++) {
		const struct fl_profile *profile = fl_profiles[i];
		const struct fl_hardware *hardware = &profile->hardware;

		assert_ptr_equal(fl_profile_find(profile->name), profile);
		assert_in_range(profile->cpus, 1, FL_MAX_CPUS);
		assert_in_range(hardware->banks, 1, SMMU_MAX_BANKS);
		assert_in_range(hardware->stream_groups, OP_DOMAINS, 16);
		assert_int_equal(hardware->region_size, 2 * SMMU_NUMPAGE * SMMU_PAGE_SIZE);
		assert_in_range(hardware->tbus, 0, SMMU_MAX_TBUS);
		for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
			assert_int_not_equal(profile->free_values[knob], 0);
			assert_int_equal(profile->free_values[knob] >> fl_knob_count(knob), 0);
		}
		/* Hardware and knobs say the same. */
		assert_int_equal(profile->free_values[FL_KNOB_threadirqs],
				 1 << hardware->threadirqs);
		assert_int_equal(profile->free_values[FL_KNOB_pm_domain],
				 1 << !hardware->pm_domain);
		assert_int_equal(profile->other_line == FL_MAX_LINES,
				 hardware->bank_lines[0] != hardware->global_line);
	}
	assert_null(fl_profile_find("mmu"));
}

/* The verdicts that the project expects of core:resume hold under this value only. */
static void mmu500_holds_faults(void **state)
{
	const struct fl_profile *profile = fl_profile_find("mmu500");

	(void)state;
	assert_int_equal(profile->free_values[FL_KNOB_multi_while_stalled], 1 << FL_MULTI_HELD);
	assert_int_equal(profile->free_values[FL_KNOB_resume_while_faulted],
			 1 << FL_RESUME_IGNORED);
	assert_int_equal(profile->free_values[FL_KNOB_trigger], 1 << FL_TRIGGER_LEVEL);
}

static void operations_are_complete(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < fl_operation_count; i++) {
		const struct fl_operation_info *info = &fl_operations[i];

		assert_non_null(info->name);
		assert_non_null(info->help);
		assert_non_null(info->run);
		assert_true(info->agent || info->task);
		assert_int_equal(fl_operation_find(info->name), i);
		for (unsigned int j = 0; j < 3; j++) {
			char name[32];

			assert_int_equal(info->argument_names[j] != NULL,
					 info->argument_limits[j] != 0);
			if (!info->argument_values[j])
				continue;
			/* As many names as values. */
			assert_non_null(case_list_name(info->argument_values[j],
						       info->argument_limits[j] - 1u, name,
						       sizeof(name)));
			assert_null(case_list_name(info->argument_values[j],
						   info->argument_limits[j], name, sizeof(name)));
		}
	}
	assert_int_equal(fl_operation_find("dance"), -1);
}

/*
 * --- scenarios: any answers make a valid program
 * --------------------------------------------------
 */

static const struct fl_subject *built_for;
static const struct fl_profile *built_on;
static const struct fl_scenario *built;
static struct fl_program program;

static void build(void *argument)
{
	(void)argument;
	memset(&program, 0, sizeof(program));
	built->build(&program, built_for, built_on);
}

static void check_program(void)
{
	static struct fl_case made;
	char message[256];
	uint32_t features = fl_features_on(built_for, built_on);

	fl_case_clear(&made);
	snprintf(made.subject, sizeof(made.subject), "%s", built_for->name);
	snprintf(made.profile, sizeof(made.profile), "%s", built_on->name);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		*fl_knob_at(&made.knobs, i) = (uint8_t)case_knob_default(built_on, i);
	made.program = program;
	if (case_check(&made, message, sizeof(message)))
		fail_msg("%s on %s: %s", built->name, built_on->name, message);
	assert_true(!program.client.resume || features & FL_SUBJECT_CLIENT_RESUME);
	for (unsigned int i = 0; i < program.count; i++)
		for (unsigned int j = 0; j < program.actors[i].count; j++)
			assert_int_equal(
				fl_operations[program.actors[i].operations[j].code].features &
					~features,
				0);
}

static void build_many(const char *strategy_name)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(strategy_name, &argument);
	struct fl_run_options options = {.strategy = strategy};
	fl_context_t task;

	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	task = fl_context_create("build", FL_CONTEXT_TASK, 0, build, NULL);
	fl_snapshot();
	fl_replay_set(NULL, 0);
	assert_int_equal(strategy->start(3, argument, &error), 0);
	for (options.schedule = 0; options.schedule < 40; options.schedule++) {
		fl_reset();
		fl_context_activate(task);
		assert_int_equal(fl_run(&options), FL_END_QUIET);
		check_program();
	}
}

static void scenarios_build_valid_programs(void **state)
{
	static const uint32_t features[] = {0, FL_SUBJECT_STALL, FL_SUBJECT_TBU,
					    FL_SUBJECT_STALL | FL_SUBJECT_CLIENT_RESUME |
						    FL_SUBJECT_TBU};
	static struct fl_subject subject = {.name = "test"};

	(void)state;
	built_for = &subject;
	for (unsigned int i = 0; i < 4; i++) {
		subject.features = features[i];
		for (unsigned int j = 0; fl_profiles[j]; j++) {
			built_on = fl_profiles[j];
			for (unsigned int k = 0; fl_scenarios[k]; k++) {
				built = fl_scenarios[k];
				if (built->features & ~fl_features_on(&subject, built_on))
					continue;
				build_many("replay");
				build_many("random");
			}
		}
	}
}

static void scenarios_are_named(void **state)
{
	unsigned int last = 0;

	(void)state;
	for (unsigned int i = 0; fl_scenarios[i]; i++) {
		assert_ptr_equal(fl_scenario_find(fl_scenarios[i]->name), fl_scenarios[i]);
		assert_non_null(fl_scenarios[i]->help);
		last = i;
	}
	assert_string_equal(fl_scenarios[last]->name, "free");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profiles_are_complete),
		cmocka_unit_test(mmu500_holds_faults),
		cmocka_unit_test(operations_are_complete),
		cmocka_unit_test(scenarios_build_valid_programs),
		cmocka_unit_test(scenarios_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

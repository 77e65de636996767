/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations keep from the driver what Linux would keep from it: each row is one task's operations,
 * with the results that they have.
 */
#include "case_test.h"

#include "case/operations.h"
#include "case/world.h"
#include "handler/handler.h"

#include <errno.h>

#define ANY 0x7fff /* a result that the row does not care for */

struct step {
	enum operation_code code;
	unsigned char first, second, third;
	int result;
};

static const struct row {
	const char *what;
	const char *profile;
	struct step steps[8];
	unsigned int count;
} rows[] = {
	{"a page is mapped once",
	 "mmu500",
	 {{OP_MAP, 0, 0, 0, -EEXIST},
	  {OP_MAP, 0, 5, 0, 0},
	  {OP_MAP, 0, 5, 1, -EEXIST},
	  {OP_UNMAP, 0, 5, 0, ANY},
	  {OP_UNMAP, 0, 5, 0, -ENOENT},
	  {OP_MAP, 0, 5, 1, 0}},
	 6},
	{"lookups tell what is mapped",
	 "mmu500",
	 {{OP_IOVA_TO_PHYS, 0, 1, 0, 1},
	  {OP_IOVA_TO_PHYS, 0, 7, 0, 0},
	  {OP_MAP, 0, 7, 0, 0},
	  {OP_IOVA_TO_PHYS, 0, 7, 0, 1}},
	 4},
	{"a domain that is not attached is not used",
	 "mmu500",
	 {{OP_MAP, 1, 0, 0, -ENOENT},
	  {OP_DETACH, 1, 0, 0, -EINVAL},
	  {OP_FREE_DOMAIN, 1, 0, 0, -ENOENT},
	  {OP_ATTACH, 1, 0, 0, 0},
	  {OP_ATTACH, 1, 0, 0, -EBUSY},
	  {OP_MAP, 1, 0, 0, 0},
	  {OP_DETACH, 1, 0, 0, 0},
	  {OP_MAP, 1, 1, 0, -ENOENT}},
	 8},
	{"a freed domain can come again, empty",
	 "mmu500",
	 {{OP_ATTACH, 2, 0, 0, 0},
	  {OP_MAP, 2, 0, 0, 0},
	  {OP_FREE_DOMAIN, 2, 0, 0, 0},
	  {OP_FREE_DOMAIN, 2, 0, 0, -ENOENT},
	  {OP_ATTACH, 2, 0, 0, 0},
	  {OP_MAP, 2, 0, 0, 0},
	  {OP_FREE_DOMAIN, 2, 0, 0, 0}},
	 7},
	{"stalling lives as long as domain 0 is attached",
	 "mmu500",
	 {{OP_SET_STALL, 0, 0, 0, ANY},
	  {OP_GET_FAULT_INFO, 0, 0, 0, ANY},
	  {OP_DETACH, 0, 0, 0, 0},
	  {OP_SET_STALL, 1, 0, 0, -ENOENT},
	  {OP_SET_TTBR0_CFG, 1, 0, 0, -ENOENT},
	  {OP_GET_FAULT_INFO, 0, 0, 0, -ENOENT}},
	 6},
	{"no reference is put that nobody took",
	 "mmu500",
	 {{OP_PM_PUT, ON_SMMU, 0, 0, -EINVAL},
	  {OP_PM_PUT_NOIDLE, ON_GPU, 0, 0, 0},
	  {OP_PM_PUT_SYNC, ON_GPU, 0, 0, -EINVAL},
	  {OP_PM_GET_SYNC, ON_SMMU, 0, 0, 1},
	  {OP_PM_PUT_AUTOSUSPEND, ON_SMMU, 0, 0, ANY},
	  {OP_PM_PUT_AUTOSUSPEND, ON_SMMU, 0, 0, -EINVAL}},
	 6},
	{"both suspend, and nobody is active then",
	 "mmu500",
	 {{OP_PM_PUT_NOIDLE, ON_GPU, 0, 0, 0},
	  {OP_PM_SUSPEND, ON_GPU, 0, 0, 0},
	  {OP_PM_SUSPEND, ON_SMMU, 0, 0, 0},
	  {OP_PM_GET_IF_ACTIVE, ON_SMMU, 0, 0, 0},
	  {OP_PM_PUT, ON_SMMU, 0, 0, -EINVAL},
	  {OP_SUBMIT, 0, 0, 0, 0},
	  {OP_PM_GET_IF_ACTIVE, ON_SMMU, 0, 0, 1}},
	 7},
	{"while runtime PM is off and the SMMU is down, nobody uses it",
	 "mmu500",
	 {{OP_PM_PUT_NOIDLE, ON_GPU, 0, 0, 0},
	  {OP_PM_SUSPEND, ON_GPU, 0, 0, 0},
	  {OP_PM_SUSPEND, ON_SMMU, 0, 0, 0},
	  {OP_PM_DISABLE, ON_SMMU, 0, 0, 0},
	  {OP_PM_DISABLE, ON_SMMU, 0, 0, -EALREADY},
	  {OP_MAP, 0, 5, 0, -EAGAIN},
	  {OP_PM_ENABLE, ON_SMMU, 0, 0, 0},
	  {OP_MAP, 0, 5, 0, 0}},
	 8},
	{"system sleep, and a wake-up half-way",
	 "mmu500",
	 {{OP_SYSTEM_SLEEP, 0, 0, 0, 0},
	  {OP_SUBMIT, 0, 0, 0, 0},
	  {OP_SYSTEM_SLEEP, 5, 0, 0, -EBUSY},
	  {OP_SUBMIT, 0, 0, 0, 0},
	  {OP_PM_DISABLE, ON_GPU, 0, 0, 0},
	  {OP_SYSTEM_SLEEP, 0, 0, 0, -ENODEV}},
	 6},
	{"after shutdown",
	 "mmu500",
	 {{OP_SHUTDOWN, 0, 0, 0, 0},
	  {OP_SHUTDOWN, 0, 0, 0, -ENODEV},
	  {OP_MAP, 0, 5, 0, -ESHUTDOWN},
	  {OP_SUBMIT, 0, 0, 0, -ESHUTDOWN},
	  {OP_PM_GET, ON_SMMU, 0, 0, -ESHUTDOWN},
	  {OP_UNBIND, 0, 0, 0, -ENODEV},
	  {OP_SYSTEM_SLEEP, 0, 0, 0, -ENODEV}},
	 7},
	{"after unbind",
	 "mmu500",
	 {{OP_ATTACH, 1, 0, 0, 0},
	  {OP_UNBIND, 0, 0, 0, 0},
	  {OP_UNBIND, 0, 0, 0, -ENODEV},
	  {OP_ATTACH, 1, 0, 0, -ENODEV},
	  {OP_SUBMIT, 0, 0, 0, -ENODEV},
	  {OP_PM_DISABLE, ON_SMMU, 0, 0, -ENODEV},
	  {OP_SHUTDOWN, 0, 0, 0, -ENODEV}},
	 7},
	{"a job on a page that is not there",
	 "mmu500",
	 {{OP_SUBMIT, 9, 0, 0, -EFAULT}, {OP_SUBMIT, 2, 1, 0, -EFAULT}, {OP_SUBMIT, 2, 0, 0, 0}},
	 3},
	{"timers",
	 "mmu500",
	 {{OP_NEXT_ALARM, 0, 0, 0, 0},
	  {OP_PM_PUT_AUTOSUSPEND, ON_GPU, 0, 0, ANY},
	  {OP_NEXT_ALARM, 0, 0, 0, 1}},
	 3},
	{"without a power domain",
	 "mmu500-no-pm-domain",
	 {{OP_PM_SUSPEND, ON_SMMU, 0, 0, -EACCES},
	  {OP_SUBMIT, 0, 0, 0, 0},
	  {OP_SUBMIT, 9, 0, 0, -EFAULT}},
	 3},
	{"no stalling without adreno",
	 "mmu500-tbu",
	 {{OP_SET_STALL, 1, 0, 0, -EOPNOTSUPP},
	  {OP_SET_TTBR0_CFG, 1, 0, 0, -EOPNOTSUPP},
	  {OP_SUBMIT, 9, 0, 0, -EFAULT}},
	 3},
};

/*
 * --- running a row
 * ------------------------------------------------------------------------------------
 */

static const struct row *row;
static int results[8];
static unsigned int result_count;

static void note_result(const struct fl_event *event)
{
	if (result_count < 8)
		results[result_count++] = (int)(int64_t)event->b;
}

static void build_row(struct fl_program *program, const struct fl_subject *subject,
		      const struct fl_profile *profile)
{
	struct fl_actor *task = &program->actors[program->count++];

	(void)subject;
	(void)profile;
	snprintf(task->name, sizeof(task->name), "task");
	for (unsigned int i = 0; i < row->count; i++)
		task->operations[task->count++] = (struct fl_operation){
			.code = (uint8_t)row->steps[i].code,
			.arguments = {row->steps[i].first, row->steps[i].second,
				      row->steps[i].third},
		};
}

static const struct fl_scenario scenario = {.name = "row", .build = build_row};

static void make_world(const char *profile)
{
	const struct fl_subject *reference = fl_core_find("core:reference");
	char message[256] = "";

	assert_non_null(reference);
	fl_unsubscribe_all();
	fl_segments_clear();
	fl_arena_clear();
	if (fl_world_make(reference, fl_profile_find(profile), UINT32_MAX, message,
			  sizeof(message)))
		fail_msg("%s", message);
	fl_subscribe(FL_EV_OP_END, note_result);
}

static void results_are_as_expected(void **state)
{
	const char *argument;
	struct fl_run_options options = {.strategy = fl_strategy_find("replay", &argument)};
	struct fl_outcome outcome;

	(void)state;
	for (unsigned int i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		row = &rows[i];
		make_world(row->profile);
		fl_replay_set(NULL, 0);
		result_count = 0;
		fl_world_explore(&scenario, &options, &outcome);
		if (outcome.end != FL_END_QUIET || result_count != row->count)
			fail_msg("%s: ends after %u of %u operations: %s", row->what, result_count,
				 row->count, fl_end_text());
		for (unsigned int j = 0; j < row->count; j++)
			if (row->steps[j].result != ANY && results[j] != row->steps[j].result)
				fail_msg("%s: operation %u (%s) gives %d, not %d", row->what, j,
					 fl_operations[row->steps[j].code].name, results[j],
					 row->steps[j].result);
		for (unsigned int j = 0; j < outcome.finding_count; j++)
			print_error("%s: %s\n", row->what, outcome.findings[j].signature);
		assert_int_equal(outcome.finding_count, 0);
	}
}

/*
 * --- agents
 * ---------------------------------------------------------------------------------------------
 */

static struct fl_program agents;

static void build_agents(struct fl_program *program, const struct fl_subject *subject,
			 const struct fl_profile *profile)
{
	(void)subject;
	(void)profile;
	*program = agents;
}

static int agent_result(const char *profile, enum operation_code code, bool gmu)
{
	static const struct fl_scenario one = {.name = "agents", .build = build_agents};
	const char *argument;
	struct fl_run_options options = {.strategy = fl_strategy_find("replay", &argument)};
	struct fl_profile pinned = *fl_profile_find(profile);
	struct fl_outcome outcome;
	const struct fl_subject *reference = NULL;
	char message[256] = "";

	for (unsigned int i = 0; fl_core_subjects[i]; i++)
		reference = fl_core_subjects[i];
	pinned.free_values[FL_KNOB_unlinked_agent] = gmu ? 2 : 1;
	fl_unsubscribe_all();
	fl_segments_clear();
	fl_arena_clear();
	if (fl_world_make(reference, &pinned, 0, message, sizeof(message)))
		fail_msg("%s", message);
	fl_subscribe(FL_EV_OP_END, note_result);
	agents = (struct fl_program){
		.count = 1,
		.actors = {{.name = "agent",
			    .agent = true,
			    .count = 1,
			    .operations = {{.code = (uint8_t)code}}}},
	};
	fl_replay_set(NULL, 0);
	result_count = 0;
	fl_world_explore(&one, &options, &outcome);
	assert_int_equal(result_count, 1);
	return results[0];
}

static void hardware_is_there_or_not(void **state)
{
	(void)state;
	assert_int_equal(agent_result("mmu500", OP_GMU_DMA, false), -ENODEV);
	assert_true(agent_result("mmu500", OP_GMU_DMA, true) > 0);
	assert_true(agent_result("mmu500", OP_DMA, false) > 0);
	assert_int_equal(agent_result("mmu500", OP_OTHER_IRQ, false), -ENODEV);
	assert_int_equal(agent_result("mmu500-shared-line", OP_OTHER_IRQ, false), 0);
	assert_int_equal(agent_result("mmu500", OP_SELF_TEST, false), 0);
	assert_int_equal(agent_result("mmu500", OP_GLOBAL_SELF_TEST, false), 0);
	assert_true(agent_result("mmu500", OP_UNKNOWN_DMA, false) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_are_as_expected),
		cmocka_unit_test(hardware_is_there_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

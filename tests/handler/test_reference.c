/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference breaks nothing: scenarios times machines times hardware that differs. Each scenario
 * must also get somewhere: what it waits for happens.
 */
#include "actors.h"

static struct verdict verdict;

/* --- scenarios -------------------------------------------------------------------------------- */

static const struct scenario {
	const char *name;
	struct client_config client;
	struct actor actors[MAX_ACTORS];
	bool must_suspend; /* nobody holds the SMMU at the end */
} scenarios[] = {
	{"fault against suspend",
	 {0},
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_faults}},
	 true},
	{"fault against autosuspend",
	 {0},
	 {{"gpu", false, 0, act_put_gpu}, {"firmware", true, 0, act_firmware_faults}},
	 true},
	{"global fault against suspend",
	 {0},
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_unknown_stream}},
	 true},
	{"faults of two masters, retried",
	 {.answer = CLIENT_ANSWERS_EAGAIN},
	 {{"gpu", false, 0, act_submit_bad}, {"firmware", true, 0, act_firmware_faults}},
	 false},
	{"dump and stall off",
	 {.dump = 1,
	  .set_stall = 1,
	  .fault_info = 1,
	  .block = 1,
	  .registers = CLIENT_REGISTERS_CAREFUL},
	 {{"gpu", false, 0, act_submit_bad},
	  {"idle", false, 1, act_put_gpu},
	  {"firmware", true, 0, act_firmware_fault}},
	 true},
	{"busy client",
	 {.answer = CLIENT_ANSWERS_EBUSY},
	 {{"gpu", false, 0, act_submit_bad}, {"idle", false, 1, act_put_gpu}},
	 true},
	{"no client",
	 {.answer = CLIENT_ANSWERS_ENOSYS},
	 {{"gpu", false, 0, act_suspend_both}, {"firmware", true, 0, act_firmware_faults}},
	 true},
	{"stall flag against suspend",
	 {0},
	 {{"gpu", false, 0, act_suspend_both},
	  {"debugfs", false, 1, act_stall_off_and_on},
	  {"firmware", true, 0, act_firmware_fault}},
	 true},
	{"map and unmap against suspend",
	 {0},
	 {{"gpu", false, 0, act_suspend_both}, {"mapper", false, 1, act_map_and_unmap}},
	 true},
	{"second domain comes and goes",
	 {0},
	 {{"owner", false, 0, act_second_domain},
	  {"idle", false, 1, act_put_gpu},
	  {"firmware", true, 0, act_second_stream}},
	 true},
	{"the GPU's domain goes",
	 {0},
	 {{"owner", false, 0, act_free_gpu_domain}, {"firmware", true, 0, act_firmware_faults}},
	 false},
	/* Disabling cancels an autosuspend, and enabling does not ask for another. */
	{"runtime PM off and on",
	 {0},
	 {{"sysfs", false, 0, act_disable_and_enable},
	  {"gpu", false, 1, act_suspend_both},
	  {"firmware", true, 0, act_firmware_faults}},
	 false},
	{"fault info from elsewhere",
	 {0},
	 {{"debugfs", false, 0, act_fault_info},
	  {"gpu", false, 1, act_suspend_both},
	  {"firmware", true, 0, act_firmware_faults}},
	 true},
	{"system sleep",
	 {0},
	 {{"sleep", false, 0, act_sleep_and_wake}, {"firmware", true, 0, act_firmware_faults}},
	 false},
	{"system sleep, global fault",
	 {0},
	 {{"sleep", false, 0, act_sleep_and_wake}, {"firmware", true, 0, act_unknown_stream}},
	 false},
	{"shutdown",
	 {0},
	 {{"reboot", false, 0, act_shut_down}, {"firmware", true, 0, act_firmware_faults}},
	 false},
	{"unbind",
	 {0},
	 {{"sysfs", false, 0, act_unbind}, {"firmware", true, 0, act_firmware_faults}},
	 false},
	{"resume fails",
	 {0},
	 {{"gpu", false, 0, act_resume_fails}, {"firmware", true, 0, act_firmware_fault}},
	 false},
	{"attach fails",
	 {0},
	 {{"owner", false, 0, act_attach_fails}, {"firmware", true, 0, act_second_stream}},
	 false},
	{"another device on the line",
	 {0},
	 {{"gpu", false, 0, act_suspend_both},
	  {"other", false, 1, act_other_device},
	  {"firmware", true, 0, act_firmware_fault}},
	 true},
	{"nothing wrong",
	 {0},
	 {{"gpu", false, 0, act_submit_good}, {"idle", false, 1, act_put_gpu}},
	 true},
};

/* --- machines --------------------------------------------------------------------------------- */

#define SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

static void run_all(struct fl_hardware hardware, unsigned int cpus, struct fl_knobs knobs,
		    unsigned int schedules)
{
	const char *only = getenv("SCENARIO"), *many = getenv("SCHEDULES");

	for (unsigned int i = 0; i < SCENARIOS; i++) {
		struct plan plan = {
			.subject = test_subject("core:reference"),
			.hardware = hardware,
			.cpus = cpus,
			.knobs = knobs,
			.client = scenarios[i].client,
			.schedules = many ? (unsigned int)atoi(many) : schedules,
			.active = true,
			.must_suspend = scenarios[i].must_suspend && hardware.pm_domain,
		};

		if (only && !strstr(scenarios[i].name, only))
			continue;
		/* Two devices on one edge-triggered line lose each other's edges, whatever drivers
		 * do. */
		if (scenarios[i].actors[1].run == act_other_device &&
		    knobs.trigger == FL_TRIGGER_EDGE)
			continue;
		memcpy(plan.actors, scenarios[i].actors, sizeof(plan.actors));
		test_run(&plan, &verdict);
		if (verdict.finding_count || verdict.ends[FL_END_QUIET] != verdict.runs ||
		    verdict.not_suspended || verdict.unserved)
			print_error("scenario \"%s\", %u not suspended, %u unserved\n",
				    scenarios[i].name, verdict.not_suspended, verdict.unserved);
		test_assert_clean(&plan, &verdict);
	}
}

#define MACHINE(name, hardware, cpus, ...)                                                         \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		run_all(hardware, cpus, (struct fl_knobs){__VA_ARGS__}, 60);                       \
	}

static struct fl_hardware shared_line(void)
{
	struct fl_hardware hardware = test_mmu500();

	memset(hardware.bank_lines, 0, sizeof(hardware.bank_lines));
	return hardware;
}

static struct fl_hardware no_domain(void)
{
	struct fl_hardware hardware = test_mmu500();

	hardware.pm_domain = false;
	return hardware;
}

static struct fl_hardware qcom_v2(void)
{
	struct fl_hardware hardware = test_mmu500();

	hardware.qcom_v2 = true;
	return hardware;
}

MACHINE(two_cpus, test_mmu500(), 2, 0)
MACHINE(one_cpu, test_mmu500(), 1, 0)
MACHINE(edge, test_mmu500(), 2, .trigger = FL_TRIGGER_EDGE)
MACHINE(shared, shared_line(), 2, 0)
MACHINE(shared_edge, shared_line(), 2, .trigger = FL_TRIGGER_EDGE)
MACHINE(shared_no_domain, ({
		struct fl_hardware h = shared_line();
		h.pm_domain = false;
		h;
	}),
	2, 0)
MACHINE(without_power_domain, no_domain(), 2, .pm_domain = 1)
MACHINE(forced_threads, test_mmu500(), 2, .threadirqs = 1)
MACHINE(debug_shirq, test_mmu500(), 2, .debug_shirq = 1)
MACHINE(retained, test_mmu500(), 2, .power_off = FL_POWER_OFF_RETAINED)
MACHINE(refused, test_mmu500(), 2, .power_off = FL_POWER_OFF_REFUSED)
MACHINE(garbage, test_mmu500(), 2, .reset_state = FL_RESET_RANDOM)
MACHINE(garbage_edge, test_mmu500(), 2, .reset_state = FL_RESET_RANDOM, .trigger = FL_TRIGGER_EDGE)
MACHINE(posted, test_mmu500(), 2, .posted_writes = 1)
MACHINE(posted_long, test_mmu500(), 2, .posted_writes = 2, .tlb_sync_latency = 2)
MACHINE(hang, test_mmu500(), 2, .stalled_at_power_off = 1)
MACHINE(version_2, qcom_v2(), 2, .resume_while_faulted = FL_RESUME_ACCEPTED, .ss_asserts_line = 1)
MACHINE(deep_queue, test_mmu500(), 2, .stall_queue_depth = 3)
MACHINE(tbus, test_tbu(), 2, 0)
MACHINE(sticky, test_mmu500(), 2, .resume_ignored_policy = FL_RESUME_STICKY)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_cpus),
		cmocka_unit_test(one_cpu),
		cmocka_unit_test(edge),
		cmocka_unit_test(shared),
		cmocka_unit_test(shared_edge),
		cmocka_unit_test(shared_no_domain),
		cmocka_unit_test(without_power_domain),
		cmocka_unit_test(forced_threads),
		cmocka_unit_test(debug_shirq),
		cmocka_unit_test(retained),
		cmocka_unit_test(refused),
		cmocka_unit_test(garbage),
		cmocka_unit_test(garbage_edge),
		cmocka_unit_test(posted),
		cmocka_unit_test(posted_long),
		cmocka_unit_test(hang),
		cmocka_unit_test(version_2),
		cmocka_unit_test(deep_queue),
		cmocka_unit_test(tbus),
		cmocka_unit_test(sticky),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

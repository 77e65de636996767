/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every operation of a real driver's table, alone and against a fault, under several schedules. What
 * must hold in any schedule is judged here; what breaks in some is the checkers' matter.
 */
#include "subject_test.h"

static const char *subject_name;
static int results[16];
static unsigned int result_count;
static struct fl_pm_view view;

static int load(void **state)
{
	(void)state;
	test_load(subject_name);
	test_hardware_init();
	result_count = 0;
	return 0;
}

static int boot(void **state)
{
	load(state);
	assert_int_equal(test_boot(2), 0);
	assert_int_equal(test_boot_client(), 0);
	return 0;
}

static void note(int result)
{
	results[result_count++] = result;
}

static void other_domain(void *argument)
{
	struct smmu_request request = {.stream = 1, .iova = IOVA, .write = true};

	(void)argument;
	note(test_subject->domain_alloc(1));
	note(test_subject->attach(1));
	note(test_subject->map(1, IOVA, PHYS + 0x10000, 3));
	note(smmu_dma_wait(smmu_dma(&request)) == SMMU_OUTCOME_OK ? 0 : -1);
	note(test_subject->iova_to_phys(1, IOVA) == PHYS + 0x10000 ? 0 : -1);
	note(test_subject->unmap(1, IOVA));
	note(test_subject->iova_to_phys(1, IOVA) == 0 ? 0 : -1);
	note(test_subject->detach(1));
	note(test_subject->domain_free(1));
}

static void test_domain(void **state)
{
	(void)state;
	for (unsigned int round = 0; round < 3; round++) {
		result_count = 0;
		assert_int_equal(test_run("replay", 1, other_domain), FL_END_QUIET);
		assert_int_equal(result_count, 9);
		for (unsigned int i = 0; i < result_count; i++)
			assert_int_equal(results[i], 0);
		assert_int_equal(test_events(FL_EV_WARNING), 0);
		assert_int_equal(test_events(FL_EV_BUG), 0);
		assert_int_equal(fl_alloc_live(), 0);
		assert_int_equal(test_events_with(FL_EV_DOMAIN_FREED, 1, 0), 1);
	}
}

static void refuse(void *argument)
{
	(void)argument;
	note(test_subject->attach(2));
	note(test_subject->map(3, IOVA, PHYS, 3));
	note(test_subject->domain_alloc(0));
	note(test_subject->domain_alloc(9));
	note(test_subject->unmap(0, IOVA + 0x8000));
}

static void test_refused(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, refuse), FL_END_QUIET);
	for (unsigned int i = 0; i < result_count; i++)
		assert_true(results[i] < 0);
}

static void adreno(void *argument)
{
	struct fl_fault_info info = {0};

	(void)argument;
	note(test_subject->set_ttbr0_cfg(false));
	note(test_subject->set_ttbr0_cfg(true));
	note(test_subject->get_fault_info(&info));
	note(info.ttbr0 != 0 ? 0 : -1);
	note(test_subject->set_stall(false));
	note(test_subject->set_stall(true));
}

static void test_adreno(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, adreno), FL_END_QUIET);
	assert_int_equal(result_count, 6);
	for (unsigned int i = 0; i < result_count; i++)
		assert_int_equal(results[i], 0);
	assert_int_equal(test_events_with(FL_EV_STALL_FLAG, 0, 1), 1);
}

static void sleep_and_wake(void *argument)
{
	static const enum fl_device down[] = {FL_DEVICE_GPU, FL_DEVICE_SMMU};

	(void)argument;
	for (int phase = FL_SLEEP_PREPARE; phase <= FL_SLEEP_SUSPEND_NOIRQ; phase++) {
		if (phase == FL_SLEEP_SUSPEND_NOIRQ)
			fl_irqs_suspend();
		for (unsigned int i = 0; i < 2; i++)
			note(test_subject->system_sleep(down[i], phase));
	}
	note(smmu_power() == FL_POWER_ON ? -1 : 0);
	for (int phase = FL_SLEEP_RESUME_NOIRQ; phase <= FL_SLEEP_COMPLETE; phase++) {
		if (phase == FL_SLEEP_RESUME_EARLY)
			fl_irqs_resume();
		for (unsigned int i = 2; i-- > 0;)
			if (test_subject->system_sleep(down[i], phase))
				note(-1);
	}
	test_subject->pm_view(FL_DEVICE_SMMU, &view);
}

static void test_system_sleep(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, sleep_and_wake), FL_END_QUIET);
	assert_int_equal(result_count, 9);
	for (unsigned int i = 0; i < result_count; i++)
		assert_int_equal(results[i], 0);
	assert_int_equal(view.status, FL_RPM_ACTIVE);
	assert_int_equal(view.disable_depth, 0);
	assert_int_equal(test_events(FL_EV_OFF_ACCESS), 0);
	assert_int_equal(test_events(FL_EV_WARNING), 0);
}

static void unbind(void *argument)
{
	(void)argument;
	note(test_subject->unbind());
	note(test_subject->unbind() == -19 ? 0 : -1);
	note(test_subject->domain_alloc(1) < 0 ? 0 : -1);
}

static void test_unbind(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, unbind), FL_END_QUIET);
	for (unsigned int i = 0; i < result_count; i++)
		assert_int_equal(results[i], 0);
	assert_int_equal(test_events(FL_EV_IRQ_FREED), 2);
	assert_int_equal(test_events(FL_EV_WARNING), 0);
}

static void shutdown(void *argument)
{
	(void)argument;
	note(test_subject->shutdown());
}

static void test_shutdown(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, shutdown), FL_END_QUIET);
	assert_int_equal(results[0], 0);
	assert_int_not_equal(smmu_power(), FL_POWER_ON);
}

/* A client that takes one reference too many away is told so, as the kernel's log would. */
static void underflow(void *argument)
{
	(void)argument;
	test_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC);
	note(test_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC));
}

static void test_underflow(void **state)
{
	(void)state;
	assert_int_equal(test_run("replay", 1, underflow), FL_END_QUIET);
	assert_int_equal(results[0], -22);
	assert_int_equal(test_events_with(FL_EV_PM_UNDERFLOW, FL_DEVICE_GPU, 0), 1);
}

static void fault(void *argument)
{
	struct smmu_request request = {.stream = 0, .iova = IOVA + 0x7000};

	(void)argument;
	smmu_dma_wait(smmu_dma(&request));
}

static void down_and_up(void *argument)
{
	(void)argument;
	test_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC);
	test_subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
	test_subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
}

/* Equal seeds give equal runs, whatever ran before. */
static void test_equal_runs(void **state)
{
	uint64_t steps[20];
	unsigned int counts[20];

	(void)state;
	test_client.resume_early = true;
	fl_knobs.off_read = FL_OFF_READ_RETAINED;
	for (unsigned int pass = 0; pass < 2; pass++) {
		for (unsigned int seed = 0; seed < 20; seed++) {
			test_run2("random", seed, fault, down_and_up);
			if (!pass) {
				steps[seed] = fl_step();
				counts[seed] = test_events(FL_EV_REG_READ);
				continue;
			}
			assert_int_equal(steps[seed], fl_step());
			assert_int_equal(counts[seed], test_events(FL_EV_REG_READ));
		}
	}
}

static void test_hardware_kinds(void **state)
{
	const char *reason = "";

	(void)state;
	test_hardware.qcom_v2 = true;
	assert_int_equal(test_boot(1), 0);
	assert_int_equal(test_boot_client(), 0);

	test_hardware_init();
	test_hardware.pm_domain = false;
	assert_int_equal(test_boot(1), 0);
	assert_int_equal(test_boot_client(), 0);
	test_subject->pm_view(FL_DEVICE_SMMU, &view);
	assert_int_equal(view.disable_depth, 1);
	test_client.resume_early = true;
	test_run("replay", 1, fault);
	assert_true(test_client.reports >= 1);

	test_hardware_init();
	for (unsigned int i = 0; i < 8; i++)
		test_hardware.bank_lines[i] = test_hardware.global_line;
	assert_int_equal(test_boot(1), 0);
	assert_int_equal(test_boot_client(), 0);

	test_hardware_init();
	test_hardware.adreno = false;
	test_hardware.tbus = 1;
	if (!(test_subject->features & FL_SUBJECT_TBU)) {
		assert_true(test_subject->supports(&test_hardware, &reason) < 0);
		assert_true(*reason);
		return;
	}
	assert_int_equal(test_subject->supports(&test_hardware, &reason), 0);
	assert_int_equal(test_boot(2), 0);
	assert_int_equal(test_boot_client(), 0);
	assert_int_equal(test_run("replay", 1, fault), FL_END_QUIET);
	assert_true(test_events_with(FL_EV_IRQ_REQUESTED, 1, 1) == 0);
	assert_true(test_client.reports >= 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_domain, boot),
		cmocka_unit_test_setup(test_refused, boot),
		cmocka_unit_test_setup(test_adreno, boot),
		cmocka_unit_test_setup(test_system_sleep, boot),
		cmocka_unit_test_setup(test_unbind, boot),
		cmocka_unit_test_setup(test_shutdown, boot),
		cmocka_unit_test_setup(test_underflow, boot),
		cmocka_unit_test_setup(test_equal_runs, boot),
		cmocka_unit_test_setup(test_hardware_kinds, load),
	};

	subject_name = argc > 1 ? argv[1] : "linux:6.12";
	return cmocka_run_group_tests_name(subject_name, tests, NULL, NULL);
}

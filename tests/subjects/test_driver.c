/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A real driver on the floor: probe, domain, fault, suspend, resume. The subject is the argument. */
#include "subject_test.h"

static const char *subject_name;

static struct {
	enum smmu_outcome good, bad;
	int get, put;
	struct fl_pm_view suspended, resumed;
	enum fl_power power;
	uint64_t phys;
} seen;

static int set_up(void **state)
{
	(void)state;
	test_load(subject_name);
	test_hardware_init();
	memset(&seen, 0, sizeof(seen));
	return 0;
}

static void boot_all(void)
{
	assert_int_equal(test_boot(2), 0);
	assert_int_equal(test_boot_client(), 0);
}

static void test_probe(void **state)
{
	struct fl_pm_view view;

	(void)state;
	assert_int_equal(test_boot(1), 0);
	assert_int_equal(test_events_with(FL_EV_IRQ_REQUESTED, test_hardware.global_line, 0), 1);
	test_subject->pm_view(FL_DEVICE_SMMU, &view);
	assert_int_equal(view.usage_count, 0);
	assert_int_equal(view.disable_depth, 0);
	test_subject->pm_view(FL_DEVICE_GPU, &view);
	assert_int_equal(view.status, FL_RPM_SUSPENDED);
	assert_int_equal(test_events(FL_EV_WARNING), 0);
	assert_int_equal(test_events(FL_EV_OFF_ACCESS), 0);
}

static void access_pages(void *argument)
{
	struct smmu_request request = {.stream = 0, .iova = IOVA};

	(void)argument;
	seen.good = smmu_dma_wait(smmu_dma(&request));
	request.iova = IOVA + 0x5000;
	seen.bad = smmu_dma_wait(smmu_dma(&request));
	seen.phys = test_subject->iova_to_phys(0, IOVA + 4096);
}

static void test_fault(void **state)
{
	(void)state;
	boot_all();
	test_client.resume_early = true;
	assert_int_equal(test_run("replay", 1, access_pages), FL_END_QUIET);
	assert_int_equal(seen.good, SMMU_OUTCOME_OK);
	assert_int_equal(seen.bad, SMMU_OUTCOME_ABORTED);
	assert_int_equal(seen.phys, PHYS + 4096);
	assert_true(test_client.reports >= 1);
	assert_int_equal(test_client.iova, IOVA + 0x5000);
	assert_int_equal(test_events(FL_EV_OFF_ACCESS), 0);
	assert_true(test_events(FL_EV_IRQ_ENTER) >= 1);
}

static void suspend_resume(void *argument)
{
	(void)argument;
	seen.put = test_subject->pm(FL_DEVICE_GPU, FL_PM_PUT_SYNC);
	test_subject->pm(FL_DEVICE_GPU, FL_PM_SUSPEND);
	test_subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
	test_subject->pm_view(FL_DEVICE_SMMU, &seen.suspended);
	seen.power = smmu_power();
	seen.get = test_subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
	test_subject->pm_view(FL_DEVICE_SMMU, &seen.resumed);
}

static void test_suspend(void **state)
{
	(void)state;
	boot_all();
	assert_int_equal(test_run("replay", 1, suspend_resume), FL_END_QUIET);
	assert_int_equal(seen.suspended.status, FL_RPM_SUSPENDED);
	assert_int_not_equal(seen.power, FL_POWER_ON);
	assert_int_equal(seen.get, 0);
	assert_int_equal(seen.resumed.status, FL_RPM_ACTIVE);
	assert_int_equal(seen.resumed.usage_count, 1);
	assert_int_equal(test_events(FL_EV_OFF_ACCESS), 0);
	assert_int_equal(test_events(FL_EV_WARNING), 0);
	assert_int_equal(test_events_with(FL_EV_PM_STATUS, FL_DEVICE_SMMU, FL_RPM_ACTIVE), 1);
	assert_int_equal(test_events_with(FL_EV_PM_CALLBACK_ENTER, FL_DEVICE_SMMU, 1), 1);
	assert_int_equal(test_events_with(FL_EV_PM_CALLBACK_ENTER, FL_DEVICE_SMMU, 0), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_probe, set_up),
		cmocka_unit_test_setup(test_fault, set_up),
		cmocka_unit_test_setup(test_suspend, set_up),
	};

	subject_name = argc > 1 ? argv[1] : "linux:6.12";
	return cmocka_run_group_tests_name(subject_name, tests, NULL, NULL);
}

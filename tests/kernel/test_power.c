/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clocks, power domains, interconnect votes; injected failures of them. */
#include "kernel_test.h"

#include <errno.h>

static int clocks, domain;

static void set_clocks(bool on)
{
	clocks = on;
}

static void set_domain(bool on)
{
	domain = on;
}

static const struct fl_power_hooks hooks = {set_clocks, set_domain};

static void connect(void)
{
	machine(1);
	clocks = domain = -1;
	fl_power_connect(FL_DEVICE_SMMU, &hooks);
}

static void test_the_device_learns_the_first_state(void **state)
{
	connect();
	assert_int_equal(clocks, 0);
	assert_int_equal(domain, 1);
}

static void test_clocks_count(void **state)
{
	connect();
	assert_int_equal(fl_clk_prepare(FL_DEVICE_SMMU), 0);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), 0);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), 0);
	assert_int_equal(clocks, 1);
	fl_clk_disable(FL_DEVICE_SMMU);
	assert_int_equal(clocks, 1);
	assert_true(fl_clk_enabled(FL_DEVICE_SMMU));
	fl_clk_disable(FL_DEVICE_SMMU);
	assert_int_equal(clocks, 0);
	fl_clk_unprepare(FL_DEVICE_SMMU);
	assert_int_equal(events(FL_EV_CLOCKS), 2);
	assert_int_equal(event_at(FL_EV_CLOCKS, 0)->b, 1);
	assert_int_equal(event_at(FL_EV_CLOCKS, 1)->b, 0);
	/* prepare and unprepare may sleep; enable and disable may not. */
	assert_int_equal(events(FL_EV_MAY_SLEEP), 2);
	assert_int_equal(events(FL_EV_WARNING), 0);
}

static void test_unbalanced_clocks_warn(void **state)
{
	connect();
	fl_clk_disable(FL_DEVICE_SMMU);
	fl_clk_unprepare(FL_DEVICE_SMMU);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), -ESHUTDOWN);
	assert_int_equal(events(FL_EV_WARNING), 3);
	assert_int_equal(fl_clk_prepare(FL_DEVICE_SMMU), 0);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), 0);
	fl_clk_unprepare(FL_DEVICE_SMMU);
	assert_int_equal(events(FL_EV_WARNING), 4);
	/* One device's clocks are not another's. */
	assert_false(fl_clk_enabled(FL_DEVICE_GPU));
}

static void test_clock_failures(void **state)
{
	connect();
	fl_failure_arm(FL_FAIL_CLOCK, -EIO);
	assert_int_equal(fl_clk_prepare(FL_DEVICE_SMMU), -EIO);
	assert_int_equal(fl_clk_prepare(FL_DEVICE_SMMU), 0);
	fl_failure_arm(FL_FAIL_CLOCK, -EBUSY);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), -EBUSY);
	assert_int_equal(clocks, 0);
	assert_int_equal(fl_clk_enable(FL_DEVICE_SMMU), 0);
	assert_int_equal(clocks, 1);
}

static void test_domain(void **state)
{
	connect();
	fl_domain_off(FL_DEVICE_SMMU);
	fl_domain_off(FL_DEVICE_SMMU);
	assert_int_equal(domain, 0);
	fl_failure_arm(FL_FAIL_DOMAIN, -ETIMEDOUT);
	assert_int_equal(fl_domain_on(FL_DEVICE_SMMU), -ETIMEDOUT);
	assert_int_equal(domain, 0);
	assert_int_equal(fl_domain_on(FL_DEVICE_SMMU), 0);
	assert_int_equal(domain, 1);
	assert_int_equal(events(FL_EV_DOMAIN), 2);
	assert_int_equal(events(FL_EV_MAY_SLEEP), 4);
}

static void test_interconnect(void **state)
{
	connect();
	assert_int_equal(fl_icc_set(0, 1000), 0);
	assert_int_equal(fl_icc_set(4, 1000), -EINVAL);
	assert_int_equal(events(FL_EV_MAY_SLEEP), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_device_learns_the_first_state),
		cmocka_unit_test(test_clocks_count),
		cmocka_unit_test(test_unbalanced_clocks_warn),
		cmocka_unit_test(test_clock_failures),
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_interconnect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Accesses without power: every value of off_read and off_write. */
#include "smmu_test.h"

static uint64_t value32, value64;
static bool went_on;

static void read_off(void *arg)
{
	smmu_set_clocks(false);
	value32 = smmu_read(CB(0, SMMU_FSR), 4);
	value64 = smmu_read(CB(0, SMMU_FAR), 8);
	went_on = true;
	smmu_set_clocks(true);
	rd(SMMU_GFSR);
	rd(SMMU_GFSR);
}

static enum fl_end run_read(unsigned int knob)
{
	fresh_device();
	fl_knobs.off_read = knob;
	set_up(SCTLR_BASE);
	dma(UNMAPPED, false);
	event_count = 0;
	value32 = value64 = 1;
	went_on = false;
	return run(read_off);
}

static void test_bus_constants(void **state)
{
	struct fl_event off;

	assert_int_equal(run_read(FL_OFF_READ_ONES), FL_END_QUIET);
	assert_int_equal(value32, 0xffffffff);
	assert_int_equal(value64, ~0ull);
	assert_int_equal(count_events(FL_EV_OFF_ACCESS), 2);
	off = last_event(FL_EV_OFF_ACCESS);
	assert_int_equal(off.a, CB(0, SMMU_FAR));
	assert_int_equal(off.b, ~0ull);
	assert_int_equal(off.c, 0);
	assert_int_equal(off.d, FL_POWER_GATED);
	assert_int_equal(count_events(FL_EV_BUS_ERROR), 0);

	run_read(FL_OFF_READ_DEAD);
	assert_int_equal(value32, 0xdeadbeef);
	run_read(FL_OFF_READ_RETAINED);
	assert_int_equal(value32, SMMU_FSR_TF | SMMU_FSR_FORMAT_AARCH64);
	assert_int_equal(value64, UNMAPPED);
	assert_int_equal(count_events(FL_EV_OFF_ACCESS), 2);
}

static void test_abort_ends_the_run(void **state)
{
	assert_int_equal(run_read(FL_OFF_READ_ABORT), FL_END_STOPPED);
	assert_false(went_on);
	assert_int_equal(count_events(FL_EV_OFF_ACCESS), 1);
	assert_int_equal(last_event(FL_EV_BUS_ERROR).b, 0);
	assert_non_null(strstr(fl_end_text(), "abort"));
}

static void test_late_error(void **state)
{
	assert_int_equal(run_read(FL_OFF_READ_LATE), FL_END_QUIET);
	assert_true(went_on);
	/* One SError, with the first access that has power, naming the first access that had none.
	 */
	assert_int_equal(count_events(FL_EV_BUS_ERROR), 1);
	assert_int_equal(last_event(FL_EV_BUS_ERROR).a, CB(0, SMMU_FSR));
	assert_int_equal(last_event(FL_EV_BUS_ERROR).b, 1);
	assert_int_equal(event_log[event_count - 1].kind, FL_EV_REG_READ);
	assert_int_equal(event_log[event_count - 3].kind, FL_EV_BUS_ERROR);
}

static void write_off(void *arg)
{
	smmu_set_domain(false);
	wr(CB(0, SMMU_MAIR0), 0x1234);
	went_on = true;
	smmu_set_domain(true);
	value32 = rd(CB(0, SMMU_MAIR0));
}

static enum fl_end run_write(unsigned int knob)
{
	fresh_device();
	fl_knobs.off_write = knob;
	fl_knobs.power_off = FL_POWER_OFF_RETAINED;
	wr(CB(0, SMMU_MAIR0), 7);
	event_count = 0;
	went_on = false;
	return run(write_off);
}

static void test_writes(void **state)
{
	assert_int_equal(run_write(FL_OFF_WRITE_DROPPED), FL_END_QUIET);
	assert_int_equal(value32, 7);
	assert_int_equal(last_event(FL_EV_OFF_ACCESS).b, 0x1234);
	assert_int_equal(last_event(FL_EV_OFF_ACCESS).c, 1);
	assert_int_equal(last_event(FL_EV_OFF_ACCESS).d, FL_POWER_COLLAPSED);
	assert_int_equal(count_events(FL_EV_BUS_ERROR), 0);

	assert_int_equal(run_write(FL_OFF_WRITE_ABORT), FL_END_STOPPED);
	assert_false(went_on);
	assert_int_equal(last_event(FL_EV_BUS_ERROR).b, 0);

	assert_int_equal(run_write(FL_OFF_WRITE_LATE), FL_END_QUIET);
	assert_true(went_on);
	assert_int_equal(value32, 7);
	assert_int_equal(last_event(FL_EV_BUS_ERROR).b, 1);
}

static void tbu_off(void *arg)
{
	smmu_set_clocks(false);
	value64 = smmu_tbu_read(0, SMMU_TBU_STATUS, 4);
}

static void test_tbu_shares_the_power(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	run(tbu_off);
	assert_int_equal(value64, 0xffffffff);
	assert_int_equal(last_event(FL_EV_OFF_ACCESS).a, SMMU_TBU_REGISTER(0, SMMU_TBU_STATUS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bus_constants),
		cmocka_unit_test(test_abort_ends_the_run),
		cmocka_unit_test(test_late_error),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_tbu_shares_the_power),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

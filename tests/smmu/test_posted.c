/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Posted writes: on their way, in order, pushed by reads, lost with the power. */
#include "smmu_test.h"

enum { NONE, SHORT, LONG };

static bool at_once, after_steps, after_time, after_read;

static void mask_and_watch(void *arg)
{
	dma(UNMAPPED, false);
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE & ~SMMU_SCTLR_CFIE);
	at_once = line_level[0];
	for (int i = 0; i < 5; i++)
		fl_yield();
	after_steps = line_level[0];
	fl_delay(10000, false);
	after_time = line_level[0];
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE);
	rd(SMMU_GFSR);
	after_read = line_level[0];
}

static void watch(unsigned int knob)
{
	fresh_device();
	set_up(SCTLR_BASE);
	fl_knobs.posted_writes = knob;
	assert_int_equal(run(mask_and_watch), FL_END_QUIET);
	assert_false(after_time);
	/* A read from the same device, of any register, pushes the write before it. */
	assert_true(after_read);
}

static void test_delay(void **state)
{
	watch(NONE);
	assert_false(at_once);
	watch(SHORT);
	assert_true(at_once);
	assert_false(after_steps);
	watch(LONG);
	assert_true(at_once);
	assert_true(after_steps);
}

static uint32_t read_back;
static unsigned int sctlr_writes;

static void write_many(void *arg)
{
	/* More than the way can hold. */
	for (uint32_t i = 1; i <= 40; i++)
		wr(CB(0, SMMU_SCTLR), i << 20);
	read_back = rd(CB(0, SMMU_SCTLR));
	sctlr_writes = count_events(FL_EV_SCTLR_WRITE);
}

static void test_order(void **state)
{
	uint64_t last = 0;

	fresh_device();
	fl_knobs.posted_writes = LONG;
	run(write_many);
	assert_int_equal(read_back, 40u << 20);
	assert_int_equal(sctlr_writes, 40);
	for (unsigned int i = 0; i < event_count; i++) {
		if (event_log[i].kind != FL_EV_SCTLR_WRITE)
			continue;
		assert_true(event_log[i].b > last);
		last = event_log[i].b;
	}
}

static void mask_and_gate(void *arg)
{
	wr(CB(0, SMMU_SCTLR), SCTLR_BASE & ~SMMU_SCTLR_CFIE);
	smmu_set_clocks(false);
	fl_delay(10000, false);
	smmu_set_clocks(true);
	read_back = rd(CB(0, SMMU_SCTLR));
}

static void test_lost_with_the_clocks(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	fl_knobs.posted_writes = LONG;
	assert_int_equal(run(mask_and_gate), FL_END_QUIET);
	assert_int_equal(read_back, SCTLR_BASE);
	assert_int_equal(count_events(FL_EV_WRITE_LOST), 1);
	assert_int_equal(last_event(FL_EV_WRITE_LOST).a, CB(0, SMMU_SCTLR));
	assert_int_equal(count_events(FL_EV_SCTLR_WRITE), 0);

	fresh_device();
	set_up(SCTLR_BASE);
	assert_int_equal(run(mask_and_gate), FL_END_QUIET);
	assert_int_equal(read_back, SCTLR_BASE & ~SMMU_SCTLR_CFIE);
}

static void other_device(void *arg)
{
	smmu_tbu_write(0, SMMU_TBU_VA, 0x1000, 8);
	wr(CB(0, SMMU_MAIR0), 7);
	rd(SMMU_GFSR);
	read_back = smmu_tbu_read(0, SMMU_TBU_VA, 8);
}

static unsigned int order[2];

static void note_order(const struct fl_event *event)
{
	order[event->a >> 24 == FL_REGION_TBU] = smmu_generation();
}

/* The SMMU and the TBU are two devices: a read of one does not push the writes of the other. */
static void test_devices_are_apart(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 1);
	fl_knobs.posted_writes = LONG;
	fl_subscribe(FL_EV_REG_READ, note_order);
	run(other_device);
	assert_int_equal(read_back, 0x1000);
	/* The TBU's write took effect after the SMMU's read, with the TBU's own. */
	assert_true(order[1] > order[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_lost_with_the_clocks),
		cmocka_unit_test(test_devices_are_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

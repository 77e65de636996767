/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The register file: identification, gates, split accesses, TLB sync, names, scheduling points. */
#include "smmu_test.h"

/* What the driver's probe makes of the ID registers. */
static void test_identification(void **state)
{
	uint32_t id;

	fresh_device();
	id = rd(SMMU_IDR0);
	assert_true(id & 1u << 30 && id & 1u << 29 && id & 1u << 27); /* S1TS, S2TS, SMS */
	assert_false(id & 1u << 26);				      /* ATOSNS: ATOS is there */
	assert_true(id & 1u << 14);				      /* CTTW */
	assert_int_equal(id & 0xff, 4);				      /* NUMSMRG */
	assert_int_equal(id >> 16 & 0xff, 3);			      /* NUMIRPT */
	id = rd(SMMU_IDR1);
	assert_int_equal(id & 0xff, 3);
	assert_int_equal(id >> 16 & 0xff, 0);
	assert_false(id & 1u << 31);
	assert_int_equal(smmu_region_size(), 2u << ((id >> 28 & 7) + 1) << 12);
	/* 36 bits have code 1; 4K granule only. */
	assert_int_equal(rd(SMMU_IDR2), 1 | 1 << 4 | 1 << 8 | 1 << 12);
	assert_int_equal(rd(SMMU_IDR7) >> 4 & 0xf, 2);
	wr(SMMU_IDR0, 0);
	assert_int_not_equal(rd(SMMU_IDR0), 0);
	fresh_device_with(SMMU_MODEL_QCOM_V2, 0);
	assert_int_equal(rd(SMMU_IDR7) >> 4 & 0xf, 1);
}

/* The driver finds out which bits of an SMR exist by writing them. */
static void test_stream_registers(void **state)
{
	fresh_device();
	wr(SMMU_SMR(3), 0x7fff);
	assert_int_equal(rd(SMMU_SMR(3)), 0x7fff);
	wr(SMMU_SMR(3), 0x7fffu << 16);
	assert_int_equal(rd(SMMU_SMR(3)), 0x7fffu << 16);
	wr(SMMU_S2CR(3), SMMU_S2CR_BYPASS << 16 | 0xff);
	assert_int_equal(rd(SMMU_S2CR(3)), SMMU_S2CR_BYPASS << 16 | 0xff);
	wr(SMMU_SMR(4), 0x7fff);
	assert_int_equal(rd(SMMU_SMR(4)), 0);
}

static void test_cache_lock(void **state)
{
	fresh_device();
	assert_int_equal(rd(CB(0, SMMU_ACTLR)), SMMU_ACTLR_CPRE | SMMU_ACTLR_CMTLB);
	wr(CB(0, SMMU_ACTLR), SMMU_ACTLR_CMTLB);
	assert_true(rd(CB(0, SMMU_ACTLR)) & SMMU_ACTLR_CPRE);
	wr(SMMU_ACR, rd(SMMU_ACR) & ~SMMU_ACR_CACHE_LOCK);
	wr(CB(0, SMMU_ACTLR), SMMU_ACTLR_CMTLB);
	assert_false(rd(CB(0, SMMU_ACTLR)) & SMMU_ACTLR_CPRE);

	fresh_device_with(SMMU_MODEL_QCOM_V2, 0);
	assert_int_equal(rd(CB(0, SMMU_ACTLR)), 0);
	wr(CB(0, SMMU_ACTLR), 1u << 5);
	assert_int_equal(rd(CB(0, SMMU_ACTLR)), 1u << 5);
}

static void test_no_stall_override_on_mmu500(void **state)
{
	fresh_device();
	assert_true(rd(SMMU_CR0) & SMMU_CR0_CLIENTPD);
	wr(SMMU_CR0, SMMU_CR0_STALLD | SMMU_CR0_GSE | SMMU_CR0_GFIE);
	assert_int_equal(rd(SMMU_CR0), SMMU_CR0_GFIE);
	fresh_device_with(SMMU_MODEL_QCOM_V2, 0);
	wr(SMMU_CR0, SMMU_CR0_STALLD);
	assert_int_equal(rd(SMMU_CR0), SMMU_CR0_STALLD);
}

static void test_wide_and_split_accesses(void **state)
{
	static const uint32_t plain[] = {SMMU_TCR2,  SMMU_TCR,	  SMMU_CONTEXTIDR, SMMU_MAIR0,
					 SMMU_MAIR1, SMMU_FSYNR0, SMMU_FSYNR1};

	fresh_device();
	smmu_write(CB(1, SMMU_TTBR0), 0x0001000080001000ull, 8);
	assert_int_equal(rd(CB(1, SMMU_TTBR0)), 0x80001000);
	assert_int_equal(rd(CB(1, SMMU_TTBR0 + 4)), 0x00010000);
	wr(CB(1, SMMU_TTBR1 + 4), 0x20000);
	wr(CB(1, SMMU_TTBR1), 0x3000);
	assert_int_equal(smmu_read(CB(1, SMMU_TTBR1), 8), 0x0002000000003000ull);
	smmu_write(CB(1, SMMU_FAR), 0x123456789ull, 8);
	assert_int_equal(smmu_read(CB(1, SMMU_FAR), 8), 0x123456789ull);
	for (unsigned int i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		wr(CB(1, plain[i]), 0x1000 + i);
		assert_int_equal(rd(CB(1, plain[i])), 0x1000 + i);
		assert_int_equal(rd(CB(0, plain[i])), 0);
	}
	wr(GR1(SMMU_CBA2R(2)), 1);
	assert_int_equal(rd(GR1(SMMU_CBA2R(2))), 1);
	assert_int_equal(rd(GR1(SMMU_CBA2R(1))), 0);
	/* Write-only and unknown registers read as zero. */
	assert_int_equal(rd(CB(0, SMMU_RESUME)) | rd(SMMU_TLBIALLH) | rd(0x3f0), 0);
}

static void test_events_of_accesses(void **state)
{
	struct fl_event event;

	fresh_device();
	smmu_write(CB(0, SMMU_TTBR0), 0x0001000000001000ull, 8);
	event = last_event(FL_EV_REG_WRITE);
	assert_int_equal(event.a, FL_REGISTER(FL_REGION_SMMU, CB(0, SMMU_TTBR0)));
	assert_int_equal(event.b, 0x0001000000001000ull);
	assert_int_equal(event.d, 8);
	rd(SMMU_IDR1);
	event = last_event(FL_EV_REG_READ);
	assert_int_equal(event.a, SMMU_IDR1);
	assert_int_equal(event.d, 4);
	assert_int_equal(event_count, 2);
}

static unsigned int polls[2];

static unsigned int sync(uint32_t start, uint32_t status)
{
	unsigned int count = 0;

	wr(start, ~0u);
	while (rd(status) & 1 && count < 2000)
		count++;
	return count;
}

static void sync_both(void *arg)
{
	polls[0] = sync(SMMU_TLBGSYNC, SMMU_TLBGSTATUS);
	polls[1] = sync(CB(0, SMMU_TLBSYNC), CB(0, SMMU_TLBSTATUS));
}

static void test_tlb_sync_takes_time(void **state)
{
	unsigned int measured[3];

	for (unsigned int knob = 0; knob < 3; knob++) {
		fresh_device();
		fl_knobs.tlb_sync_latency = knob;
		assert_int_equal(run(sync_both), FL_END_QUIET);
		assert_int_equal(polls[0], polls[1]);
		measured[knob] = polls[0];
	}
	/* short, none, long */
	assert_int_equal(measured[1], 0);
	assert_true(measured[0] > 0 && measured[0] < 10);
	assert_true(measured[2] > 100 && measured[2] < 2000);
	/* Outside a run time stands still, so a sync is over at once. */
	fresh_device();
	assert_int_equal(sync(SMMU_TLBGSYNC, SMMU_TLBGSTATUS), 0);
}

static uint64_t generations[2];

static void sync_and_look(void *arg)
{
	wr(SMMU_TLBGSYNC, 0);
	generations[0] = smmu_generation();
	fl_delay(100000, true);
	generations[1] = smmu_generation();
}

static void test_end_of_sync_is_a_change(void **state)
{
	fresh_device();
	run(sync_and_look);
	assert_int_not_equal(generations[0], generations[1]);
}

static uint64_t steps[4];

static void count_steps(void *arg)
{
	uint64_t before;

	/* A context's first point is part of its first step. */
	fl_point(FL_ACCESS_NONE, 0, 0);
	before = fl_step();
	rd(CB(0, SMMU_FSR));
	steps[0] = fl_step() - before;
	before = fl_step();
	smmu_write(CB(0, SMMU_FAR), 1, 8);
	steps[1] = fl_step() - before;
	before = fl_step();
	wr(SMMU_GFSR, ~0u);
	steps[2] = fl_step() - before;
	before = fl_step();
	dma(MAPPED, false);
	steps[3] = fl_step() - before;
}

/* One scheduling point an access; two a transaction, one for its match and one for its bank. */
static void test_scheduling_points(void **state)
{
	fresh_device();
	set_up(SCTLR_BASE);
	run(count_steps);
	assert_int_equal(steps[0], 1);
	assert_int_equal(steps[1], 1);
	assert_int_equal(steps[2], 1);
	assert_int_equal(steps[3], 2);
}

static fl_context_t probe;
static uint32_t probe_offset;
static uintptr_t object;
static uint8_t kind;

static void access_once(void *arg)
{
	fl_point(FL_ACCESS_NONE, 0, 0);
	rd(probe_offset);
}

static void write_once(void *arg)
{
	fl_point(FL_ACCESS_NONE, 0, 0);
	wr(probe_offset, 0);
}

static void stay_around(void *arg)
{
	fl_context_activate(probe);
	for (int i = 0; i < 5; i++)
		fl_yield();
}

/* A strategy that looks at what the probe is about to do. */
static fl_context_t pick(uint64_t eligible, fl_context_t fallback)
{
	const struct fl_pending *pending = fl_context_pending(probe);

	if (fl_context_state(probe) == FL_RUNNABLE && pending->object) {
		object = pending->object;
		kind = pending->kind;
	}
	return fallback;
}

static uint32_t choose_first(enum fl_choice_kind choice, uint32_t n)
{
	return 0;
}

static int start_looking(uint64_t seed, const char *argument, const char **error)
{
	return 0;
}

static void begin_looking(uint64_t schedule)
{
}

static const struct fl_strategy looking = {
	.name = "looking",
	.help = "notes what the probe is about to do",
	.start = start_looking,
	.begin = begin_looking,
	.pick = pick,
	.choose = choose_first,
};

/* The object that an access to @offset names. */
static uintptr_t object_of(uint32_t offset, bool write, bool whole_device)
{
	struct fl_run_options options = {.strategy = &looking};
	fl_context_t task;

	fresh_device();
	smmu_whole_device_object(whole_device);
	probe_offset = offset;
	object = 0;
	probe = fl_context_create("probe", FL_CONTEXT_AGENT, 0, write ? write_once : access_once,
				  NULL);
	task = fl_context_create("task", FL_CONTEXT_TASK, 0, stay_around, NULL);
	fl_context_activate(task);
	fl_run(&options);
	return object;
}

static void test_objects(void **state)
{
	uintptr_t bank = object_of(CB(0, SMMU_FSR), false, false);

	assert_int_not_equal(bank, 0);
	assert_int_equal(kind, FL_ACCESS_READ);
	assert_int_equal(object_of(CB(0, SMMU_RESUME), true, false), bank);
	assert_int_equal(kind, FL_ACCESS_WRITE);
	assert_int_equal(object_of(CB(0, SMMU_FSRRESTORE), true, false), bank);
	assert_int_equal(object_of(CB(0, SMMU_SCTLR), true, false), bank);
	assert_int_equal(object_of(GR1(SMMU_CBFRSYNRA(0)), false, false), bank);
	assert_int_not_equal(object_of(CB(1, SMMU_FSR), false, false), bank);
	assert_int_not_equal(object_of(CB(0, SMMU_MAIR0), false, false), bank);
	assert_int_not_equal(object_of(SMMU_GFSR, false, false), bank);
	assert_int_equal(object_of(CB(0, SMMU_ACTLR), true, false),
			 object_of(SMMU_ACR, true, false));
	assert_int_equal(object_of(CB(0, SMMU_MAIR0), false, true),
			 object_of(SMMU_GFSR, true, true));
}

static void expect_name(uint64_t reg, const char *name)
{
	char buffer[32];

	assert_string_equal(smmu_register_name(reg, buffer, sizeof(buffer)), name);
}

static void test_names(void **state)
{
	char buffer[64];

	fresh_device();
	expect_name(CB(0, SMMU_FSR), "CB0.FSR");
	expect_name(CB(2, SMMU_FAR + 4), "CB2.FAR+4");
	expect_name(CB(1, 0x7c0), "CB1.0x7c0");
	expect_name(SMMU_GFSR, "GR0.sGFSR");
	expect_name(SMMU_SMR(3), "GR0.SMR3");
	expect_name(SMMU_S2CR(0), "GR0.S2CR0");
	expect_name(GR1(SMMU_CBFRSYNRA(1)), "GR1.CBFRSYNRA1");
	expect_name(SMMU_QCOM_TBU_PWR_STATUS, "TBU_PWR_STATUS");
	expect_name(SMMU_TBU_REGISTER(1, SMMU_TBU_PAR), "TBU1.PAR");
	assert_string_equal(smmu_fsr_names(0xc0000002, buffer, sizeof(buffer)), "TF|SS|MULTI");
	assert_string_equal(smmu_fsr_names(SMMU_FSR_FORMAT_AARCH64, buffer, sizeof(buffer)), "0");
	assert_string_equal(smmu_fsr_names(0xc0000002, buffer, 5), "TF|S");
}

static void touch_outside(void *arg)
{
	rd(smmu_region_size());
}

static void test_outside_the_region(void **state)
{
	fresh_device();
	assert_int_equal(run(touch_outside), FL_END_STOPPED);
	assert_int_equal(count_events(FL_EV_BUS_ERROR), 1);
}

static void test_tbu_power_status(void **state)
{
	fresh_device_with(SMMU_MODEL_MMU500, 2);
	assert_int_equal(rd(SMMU_QCOM_TBU_PWR_STATUS), 3);
	assert_int_equal(rd(SMMU_QCOM_SYNC_INV_TBU_ACK), 3);
	assert_int_equal(rd(SMMU_QCOM_SAFE_WAIT_CNTR), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_identification),
		cmocka_unit_test(test_stream_registers),
		cmocka_unit_test(test_cache_lock),
		cmocka_unit_test(test_no_stall_override_on_mmu500),
		cmocka_unit_test(test_wide_and_split_accesses),
		cmocka_unit_test(test_events_of_accesses),
		cmocka_unit_test(test_tlb_sync_takes_time),
		cmocka_unit_test(test_end_of_sync_is_a_change),
		cmocka_unit_test(test_scheduling_points),
		cmocka_unit_test(test_objects),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_outside_the_region),
		cmocka_unit_test(test_tbu_power_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

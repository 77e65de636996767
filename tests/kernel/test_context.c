/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Context bits, register addresses, messages, rate limits, and the events that tenants emit. */
#include "kernel_test.h"

#include <errno.h>

static void test_bits(void **state)
{
	unsigned long flags;

	machine(1);
	assert_int_equal(fl_context_bits(), 0);
	flags = fl_local_irq_save();
	assert_int_equal(flags, 1);
	assert_int_equal(fl_context_bits(), FL_IRQS_OFF);
	assert_int_equal(fl_local_irq_save(), 0);
	fl_local_irq_restore(0);
	assert_int_equal(fl_context_bits(), FL_IRQS_OFF);
	fl_local_irq_restore(flags);
	fl_preempt_off();
	fl_preempt_off();
	fl_preempt_on();
	assert_int_equal(fl_context_bits(), FL_PREEMPT_OFF);
	fl_might_sleep("something");
	assert_int_equal(event_at(FL_EV_MAY_SLEEP, 0)->a, 1);
	assert_string_equal(event_at(FL_EV_MAY_SLEEP, 0)->text, "something");
	fl_preempt_on();
	assert_int_equal(fl_context_bits(), 0);
	fl_preempt_on();
	assert_int_equal(events(FL_EV_WARNING), 1);
	assert_int_equal(fl_context_id(), FL_NO_CONTEXT);
}

/* --- registers ---------------------------------------------------------------------------- */

static unsigned int last_instance, last_size;
static uint32_t last_offset;
static uint64_t last_value;

static uint64_t device_read(unsigned int instance, uint32_t offset, unsigned int size)
{
	last_instance = instance;
	last_offset = offset;
	last_size = size;
	return 0x1234;
}

static void device_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size)
{
	last_instance = instance;
	last_offset = offset;
	last_size = size;
	last_value = value;
}

static const struct fl_mmio_ops ops = {device_read, device_write};

static void test_registers(void **state)
{
	machine(1);
	fl_mmio_connect(FL_REGION_TBU, &ops);
	assert_int_equal(fl_mmio_read(FL_MMIO(FL_REGION_TBU, 1) + 0x28, 8), 0x1234);
	assert_int_equal(last_instance, 1);
	assert_int_equal(last_offset, 0x28);
	assert_int_equal(last_size, 8);
	fl_mmio_write(FL_MMIO(FL_REGION_TBU, 0) + 0xffffc, 7, 4);
	assert_int_equal(last_instance, 0);
	assert_int_equal(last_offset, 0xffffc);
	assert_int_equal(last_value, 7);
}

static uintptr_t wild_address;
static unsigned int wild_size;

static void wild(void *arg)
{
	fl_mmio_read(wild_address, wild_size);
}

static void build_wild(void)
{
	fl_mmio_connect(FL_REGION_SMMU, &ops);
}

static void start_wild(void)
{
	spawn("task", 0, wild, NULL);
}

static void judge_wild(enum fl_end end)
{
	assert_int_equal(end, FL_END_STOPPED);
	assert_non_null(strstr(fl_end_text(), "register"));
	assert_int_equal(events(FL_EV_BUG), 1);
}

static void expect_wild(uintptr_t address, unsigned int size)
{
	wild_address = address;
	wild_size = size;
	run_plan(&(struct plan){.cpus = 1,
				.build = build_wild,
				.start = start_wild,
				.judge = judge_wild,
				.schedules = 1});
}

static void test_wild_register_access_is_a_bug(void **state)
{
	expect_wild(FL_MMIO_BASE - 4, 4);
	expect_wild(FL_MMIO(FL_REGION_GPU, 0), 4); /* no device there */
	expect_wild(FL_MMIO(FL_REGIONS, 0), 4);
	expect_wild(FL_MMIO(FL_REGION_SMMU, 0) + 2, 4);
	expect_wild(FL_MMIO(FL_REGION_SMMU, 0), 2);
}

/* --- messages ----------------------------------------------------------------------------- */

static void test_messages(void **state)
{
	machine(1);
	fl_printk(3, "hello");
	fl_warn("odd");
	assert_string_equal(event_at(FL_EV_PRINTK, 0)->text, "hello");
	assert_int_equal(event_at(FL_EV_PRINTK, 0)->a, 3);
	assert_string_equal(event_at(FL_EV_WARNING, 0)->text, "odd");
}

static unsigned int printed[3];

static void limited(void *arg)
{
	uint64_t limit[2] = {0, 0};

	for (int i = 0; i < 20; i++)
		printed[0] += fl_ratelimit(limit, 5000000000ull, 10);
	fl_sleep_ns(5000000000ull);
	fl_sleep_ns(1000);
	for (int i = 0; i < 5; i++)
		printed[1] += fl_ratelimit(limit, 5000000000ull, 10);
	for (int i = 0; i < 20; i++)
		printed[2] += fl_ratelimit(limit, 0, 10);
}

static void start_limited(void)
{
	memset(printed, 0, sizeof(printed));
	spawn("task", 0, limited, NULL);
}

static void judge_limited(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(printed[0], 10);
	assert_int_equal(printed[1], 5);
	assert_int_equal(printed[2], 20);
}

static void test_ratelimit(void **state)
{
	run_plan(&(struct plan){
		.cpus = 1, .start = start_limited, .judge = judge_limited, .schedules = 1});
}

/* --- what tenants tell -------------------------------------------------------------------- */

static void test_tenant_events(void **state)
{
	const struct fl_event *event;

	machine(1);
	fl_pm_got(FL_DEVICE_GPU, -EACCES, true, 3);
	event = event_at(FL_EV_PM_GET, 0);
	assert_int_equal(event->a, FL_DEVICE_GPU);
	assert_int_equal((int)event->b, -EACCES);
	assert_int_equal(event->c, 1);
	assert_int_equal(event->d, 3);
	fl_pm_put(FL_DEVICE_SMMU, 1, true, 0);
	assert_int_equal(event_at(FL_EV_PM_PUT, 0)->b, 1);
	fl_pm_underflow(FL_DEVICE_SMMU);
	assert_int_equal(events(FL_EV_PM_UNDERFLOW), 1);
	assert_non_null(strstr(event_at(FL_EV_WARNING, 0)->text, "usage count underflow"));
	fl_pm_status(FL_DEVICE_SMMU, FL_RPM_ACTIVE, FL_RPM_SUSPENDING);
	assert_int_equal(event_at(FL_EV_PM_STATUS, 0)->c, FL_RPM_SUSPENDING);
	fl_pm_callback(FL_DEVICE_SMMU, true, true, 0, true);
	fl_pm_callback(FL_DEVICE_SMMU, false, true, -EBUSY, false);
	assert_int_equal(event_at(FL_EV_PM_CALLBACK_ENTER, 0)->c, 1);
	assert_int_equal((int)event_at(FL_EV_PM_CALLBACK_EXIT, 0)->c, -EBUSY);
	fl_pm_enabled(FL_DEVICE_SMMU, 1);
	assert_int_equal(event_at(FL_EV_PM_ENABLED, 0)->b, 1);
	fl_reported(2, 0x1000, 1, -EAGAIN);
	assert_int_equal((int)event_at(FL_EV_REPORT, 0)->d, -EAGAIN);
	fl_domain_live(1, 2, true);
	fl_domain_freed(1);
	fl_stall_flag(2, true);
	assert_int_equal(event_at(FL_EV_DOMAIN_LIVE, 0)->b, 2);
	assert_int_equal(event_at(FL_EV_DOMAIN_FREED, 0)->a, 1);
	assert_int_equal(event_at(FL_EV_STALL_FLAG, 0)->b, 1);
}

static void test_entry_points(void **state)
{
	machine(1);
	fl_subject_enter("probe");
	assert_string_equal(fl_where(FL_NO_CONTEXT), "probe");
	fl_subject_leave();
	assert_null(fl_where(FL_NO_CONTEXT));
	assert_int_equal(events(FL_EV_ENTER), 1);
	assert_int_equal(events(FL_EV_LEAVE), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_wild_register_access_is_a_bug),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_ratelimit),
		cmocka_unit_test(test_tenant_events),
		cmocka_unit_test(test_entry_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

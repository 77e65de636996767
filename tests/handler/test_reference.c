/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reference breaks nothing: scenarios times machines times hardware that differs. Each scenario must
 * also get somewhere: what it waits for happens.
 */
#include "handler_test.h"

#include <faultline/host.h>

#include <errno.h>

static struct verdict verdict;

/* --- actors ----------------------------------------------------------------------------------- */

static void put_gpu(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_PUT_AUTOSUSPEND);
}

static void suspend_both(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_PUT_NOIDLE);
	subject->pm(FL_DEVICE_GPU, FL_PM_SUSPEND);
	subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
}

static void dma(uint16_t stream, uint64_t iova, bool write)
{
	const struct smmu_request request = { .stream = stream, .iova = iova, .write = write };

	smmu_dma(&request);
}

static void firmware_faults(const struct fl_subject *subject)
{
	(void)subject;
	dma(0, IOVA_UNMAPPED, false);
	dma(0, IOVA_READ_ONLY, true);
	dma(0, IOVA_UNMAPPED, true);
}

static void firmware_fault(const struct fl_subject *subject)
{
	(void)subject;
	dma(0, IOVA_UNMAPPED, false);
}

static void unknown_stream(const struct fl_subject *subject)
{
	(void)subject;
	dma(0x155, IOVA_UNMAPPED, false);
	dma(0x155, IOVA_UNMAPPED, true);
}

static void submit_bad(const struct fl_subject *subject)
{
	(void)subject;
	client_submit(IOVA_UNMAPPED, true);
	client_submit(IOVA_READ_ONLY, true);
}

static void submit_good(const struct fl_subject *subject)
{
	(void)subject;
	client_submit(IOVA_MAPPED, true);
}

static void stall_off_and_on(const struct fl_subject *subject)
{
	subject->set_stall(false);
	subject->set_stall(true);
}

static void map_and_unmap(const struct fl_subject *subject)
{
	subject->map(0, IOVA_MAPPED + 0x4000, PHYS, 3);
	subject->iova_to_phys(0, IOVA_MAPPED + 0x4000);
	subject->unmap(0, IOVA_MAPPED + 0x4000);
}

static void second_domain(const struct fl_subject *subject)
{
	if (subject->domain_alloc(1) || subject->attach(1))
		return;
	subject->map(1, IOVA_MAPPED, PHYS, 3);
	subject->detach(1);
	subject->domain_free(1);
}

static void second_stream(const struct fl_subject *subject)
{
	(void)subject;
	dma(1, IOVA_UNMAPPED, false);
	dma(1, IOVA_UNMAPPED, true);
}

static void free_gpu_domain(const struct fl_subject *subject)
{
	subject->detach(0);
	subject->domain_free(0);
}

static void disable_and_enable(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_SMMU, FL_PM_DISABLE);
	subject->pm(FL_DEVICE_SMMU, FL_PM_ENABLE);
}

static void fault_info(const struct fl_subject *subject)
{
	struct fl_fault_info info;

	subject->get_fault_info(&info);
	subject->set_ttbr0_cfg(true);
	subject->set_ttbr0_cfg(false);
}

static void sleep_and_wake(const struct fl_subject *subject)
{
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_PREPARE);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_PREPARE);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND_LATE);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_LATE);
	fl_irqs_suspend();
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_SUSPEND_NOIRQ);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_NOIRQ);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME_NOIRQ);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME_NOIRQ);
	fl_irqs_resume();
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME_EARLY);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME_EARLY);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_RESUME);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_RESUME);
	subject->system_sleep(FL_DEVICE_GPU, FL_SLEEP_COMPLETE);
	subject->system_sleep(FL_DEVICE_SMMU, FL_SLEEP_COMPLETE);
}

static void shut_down(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_FORCE_SUSPEND);
	subject->shutdown();
}

static void unbind(const struct fl_subject *subject)
{
	subject->pm(FL_DEVICE_GPU, FL_PM_FORCE_SUSPEND);
	client_quiesce();
	subject->unbind();
}

static void resume_fails(const struct fl_subject *subject)
{
	suspend_both(subject);
	fl_failure_arm(FL_FAIL_CLOCK, -EIO);
	if (subject->pm(FL_DEVICE_SMMU, FL_PM_GET_SYNC) >= 0)
		client_submit(IOVA_MAPPED, false);
	subject->pm(FL_DEVICE_SMMU, FL_PM_PUT_NOIDLE);
	map_and_unmap(subject);
	stall_off_and_on(subject);
}

static void attach_fails(const struct fl_subject *subject)
{
	for (enum fl_failure what = FL_FAIL_ALLOC; what <= FL_FAIL_IRQ; what++) {
		if (subject->domain_alloc(1))
			continue;
		fl_failure_arm(what, -ENOMEM);
		subject->attach(1);
		subject->domain_free(1);
	}
}

/* Another device on line 0, which interrupts twice. */
static bool other_pending;

static int other_handler(int irq, void *dev_id)
{
	(void)irq;
	fl_atomic_point(dev_id, 3);
	if (!other_pending)
		return FL_IRQ_NONE;
	other_pending = false;
	fl_irq_input(0, FL_SOURCE_OTHER, false);
	return FL_IRQ_HANDLED;
}

static void other_device(const struct fl_subject *subject)
{
	const struct fl_irq_request request = {
		.line = 0,
		.handler = other_handler,
		.handler_name = "other_handler",
		.flags = FL_IRQF_SHARED | FL_IRQF_COND_ONESHOT,
		.name = "other",
		.dev_id = &other_pending,
		.source = FL_SOURCE_OTHER,
	};

	(void)subject;
	other_pending = false;
	if (fl_irq_request(&request))
		return;
	for (int i = 0; i < 2; i++) {
		other_pending = true;
		fl_irq_input(0, FL_SOURCE_OTHER, true);
		while (other_pending)
			fl_sleep_ns(1000);
	}
	fl_irq_free(0, &other_pending);
}

/* --- scenarios -------------------------------------------------------------------------------- */

static const struct scenario {
	const char *name;
	struct client_config client;
	struct actor actors[MAX_ACTORS];
} scenarios[] = {
	{ "fault against suspend", { 0 },
	  { { "gpu", false, 0, suspend_both }, { "firmware", true, 0, firmware_faults } } },
	{ "fault against autosuspend", { 0 },
	  { { "gpu", false, 0, put_gpu }, { "firmware", true, 0, firmware_faults } } },
	{ "global fault against suspend", { 0 },
	  { { "gpu", false, 0, suspend_both }, { "firmware", true, 0, unknown_stream } } },
	{ "faults of two masters, retried", { .answer = CLIENT_ANSWERS_EAGAIN },
	  { { "gpu", false, 0, submit_bad }, { "firmware", true, 0, firmware_faults } } },
	{ "dump and stall off", { .dump = 1, .set_stall = 1, .fault_info = 1, .block = 1,
	    .registers = CLIENT_REGISTERS_CAREFUL },
	  { { "gpu", false, 0, submit_bad }, { "idle", false, 1, put_gpu },
	    { "firmware", true, 0, firmware_fault } } },
	{ "busy client", { .answer = CLIENT_ANSWERS_EBUSY },
	  { { "gpu", false, 0, submit_bad }, { "idle", false, 1, put_gpu } } },
	{ "no client", { .answer = CLIENT_ANSWERS_ENOSYS },
	  { { "gpu", false, 0, suspend_both }, { "firmware", true, 0, firmware_faults } } },
	{ "stall flag against suspend", { 0 },
	  { { "gpu", false, 0, suspend_both }, { "debugfs", false, 1, stall_off_and_on },
	    { "firmware", true, 0, firmware_fault } } },
	{ "map and unmap against suspend", { 0 },
	  { { "gpu", false, 0, suspend_both }, { "mapper", false, 1, map_and_unmap } } },
	{ "second domain comes and goes", { 0 },
	  { { "owner", false, 0, second_domain }, { "idle", false, 1, put_gpu },
	    { "firmware", true, 0, second_stream } } },
	{ "the GPU's domain goes", { 0 },
	  { { "owner", false, 0, free_gpu_domain }, { "firmware", true, 0, firmware_faults } } },
	{ "runtime PM off and on", { 0 },
	  { { "sysfs", false, 0, disable_and_enable }, { "gpu", false, 1, suspend_both },
	    { "firmware", true, 0, firmware_faults } } },
	{ "fault info from elsewhere", { 0 },
	  { { "debugfs", false, 0, fault_info }, { "gpu", false, 1, suspend_both },
	    { "firmware", true, 0, firmware_faults } } },
	{ "system sleep", { 0 },
	  { { "sleep", false, 0, sleep_and_wake }, { "firmware", true, 0, firmware_faults } } },
	{ "system sleep, global fault", { 0 },
	  { { "sleep", false, 0, sleep_and_wake }, { "firmware", true, 0, unknown_stream } } },
	{ "shutdown", { 0 },
	  { { "reboot", false, 0, shut_down }, { "firmware", true, 0, firmware_faults } } },
	{ "unbind", { 0 },
	  { { "sysfs", false, 0, unbind }, { "firmware", true, 0, firmware_faults } } },
	{ "resume fails", { 0 },
	  { { "gpu", false, 0, resume_fails }, { "firmware", true, 0, firmware_fault } } },
	{ "attach fails", { 0 },
	  { { "owner", false, 0, attach_fails }, { "firmware", true, 0, second_stream } } },
	{ "another device on the line", { 0 },
	  { { "gpu", false, 0, suspend_both }, { "other", false, 1, other_device },
	    { "firmware", true, 0, firmware_fault } } },
	{ "nothing wrong", { 0 },
	  { { "gpu", false, 0, submit_good }, { "idle", false, 1, put_gpu } } },
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
		};

		if (only && !strstr(scenarios[i].name, only))
			continue;
		/* Two devices on one edge-triggered line lose each other's edges, whatever drivers do. */
		if (scenarios[i].actors[1].run == other_device && knobs.trigger == FL_TRIGGER_EDGE)
			continue;
		memcpy(plan.actors, scenarios[i].actors, sizeof(plan.actors));
		test_run(&plan, &verdict);
		if (verdict.finding_count || verdict.ends[FL_END_QUIET] != verdict.runs)
			print_error("scenario \"%s\"\n", scenarios[i].name);
		test_assert_clean(&plan, &verdict);
	}
}

#define MACHINE(name, hardware, cpus, ...)                                                         \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		run_all(hardware, cpus, (struct fl_knobs){ __VA_ARGS__ }, 60);                     \
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
MACHINE(shared_no_domain, ({ struct fl_hardware h = shared_line(); h.pm_domain = false; h; }), 2, 0)
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
		cmocka_unit_test(two_cpus),	  cmocka_unit_test(one_cpu),
		cmocka_unit_test(edge),		  cmocka_unit_test(shared),
		cmocka_unit_test(shared_edge),	  cmocka_unit_test(shared_no_domain),
		cmocka_unit_test(without_power_domain), cmocka_unit_test(forced_threads),
		cmocka_unit_test(debug_shirq),	  cmocka_unit_test(retained),
		cmocka_unit_test(refused),	  cmocka_unit_test(garbage),
		cmocka_unit_test(garbage_edge),	  cmocka_unit_test(posted),
		cmocka_unit_test(posted_long),	  cmocka_unit_test(hang),
		cmocka_unit_test(version_2),	  cmocka_unit_test(deep_queue),
		cmocka_unit_test(tbus),		  cmocka_unit_test(sticky),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

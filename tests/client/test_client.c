/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client, over the kernel floor and the fake SMMU, with a subject that only counts what it is
 * asked. Assertions must not fail on a fiber, so contexts note what they see and the test judges
 * afterwards.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <client/client.h>
#include <errno.h>
#include <faultline/host.h>
#include <kernel/kernel.h>
#include <smmu/bits.h>

#define MS 1000000ull

/* --- a subject that counts ----------------------------------------------------------------------
 */

static struct {
	int usage, resumes, retries, stall_on, stall_off, infos;
	uint32_t fsr;
} asked;

static int count_pm(enum fl_device device, enum fl_pm_op op)
{
	if (device != FL_DEVICE_GPU)
		return -ENODEV;
	switch (op) {
	case FL_PM_GET_SYNC:
	case FL_PM_RESUME_AND_GET:
		if (asked.usage++ || client_powered())
			return 1;
		return fl_client_runtime_resume();
	case FL_PM_PUT_SYNC:
	case FL_PM_PUT_AUTOSUSPEND:
		asked.usage--;
		return 0;
	default:
		return 0;
	}
}

static int count_stall(bool on)
{
	if (on)
		asked.stall_on++;
	else
		asked.stall_off++;
	return 0;
}

static int count_info(struct fl_fault_info *info)
{
	asked.infos++;
	info->fsr = asked.fsr;
	return 0;
}

static int count_resume(bool terminate)
{
	if (terminate)
		asked.resumes++;
	else
		asked.retries++;
	return 0;
}

static struct fl_subject subject = {
	.name = "counter",
	.pm = count_pm,
	.set_stall = count_stall,
	.get_fault_info = count_info,
	.resume_translation = count_resume,
};

/*
 * --- the machine
 * ----------------------------------------------------------------------------------
 */

static struct {
	unsigned int powered, unpowered;
} touched;

static void note_access(const struct fl_event *event)
{
	if (event->b)
		touched.powered++;
	else
		touched.unpowered++;
}

static void no_output(unsigned int bank, bool level)
{
	(void)bank;
	(void)level;
}

static bool no_memory(uint64_t address, uint64_t *value)
{
	(void)address;
	(void)value;
	return false;
}

static const struct fl_mmio_ops gpu = {client_read, client_write};
static const struct fl_power_hooks gpu_power = {client_set_clocks, client_set_domain};

static void machine(uint32_t features)
{
	static const struct smmu_config config = {
		.banks = 2,
		.stream_groups = 4,
		.address_bits = 36,
		.output = no_output,
		.read_memory = no_memory,
	};

	memset(&asked, 0, sizeof(asked));
	memset(&touched, 0, sizeof(touched));
	memset(&fl_knobs, 0, sizeof(fl_knobs));
	asked.fsr = SMMU_FSR_TF | SMMU_FSR_SS;
	subject.features = features;
	fl_unsubscribe_all();
	fl_subscribe(FL_EV_CLIENT_ACCESS, note_access);
	fl_arena_clear();
	fl_machine_init(2, true, fl_kernel_hardirq);
	fl_kernel_init();
	fl_where_reset();
	smmu_init(&config);
	client_init(&subject);
	fl_mmio_connect(FL_REGION_GPU, &gpu);
	fl_power_connect(FL_DEVICE_GPU, &gpu_power);
	smmu_set_clocks(true);
}

static enum fl_end run(fl_entry_t entry)
{
	const char *argument;
	struct fl_run_options options = {.strategy = fl_strategy_find("replay", &argument)};
	fl_context_t task = fl_context_create("task", FL_CONTEXT_TASK, 0, entry, NULL);

	fl_replay_set(NULL, 0);
	fl_context_activate(task);
	return fl_run(&options);
}

static void configure(struct client_config config)
{
	client_configure(&config);
}

static int result, results[8];
static uint64_t elapsed_ns;

/*
 * --- submit
 * -----------------------------------------------------------------------------------------
 */

static void submit(void *argument)
{
	uint64_t began = fl_now();

	(void)argument;
	result = client_submit(0x1000, false);
	elapsed_ns = fl_now() - began;
}

static void a_job_completes(void **state)
{
	(void)state;
	machine(0);
	assert_int_equal(run(submit), FL_END_QUIET);
	assert_int_equal(result, 0);
	assert_int_equal(asked.usage, 0);
	assert_int_equal(touched.unpowered, 0);
	assert_true(touched.powered);
}

static void a_job_is_aborted(void **state)
{
	(void)state;
	machine(0);
	/* Nobody knows stream 0, and such streams fault. */
	smmu_write(SMMU_CR0, SMMU_CR0_USFCFG | SMMU_CR0_GFRE, 4);
	assert_int_equal(run(submit), FL_END_QUIET);
	assert_int_equal(result, -EFAULT);
	assert_int_equal(asked.usage, 0);
}

static void a_job_hangs(void **state)
{
	(void)state;
	machine(0);
	smmu_set_clocks(false);
	assert_int_equal(run(submit), FL_END_QUIET);
	assert_int_equal(result, -ETIMEDOUT);
	assert_in_range(elapsed_ns, 500 * MS, 501 * MS);
	assert_int_equal(asked.usage, 0);
}

static void a_clock_fails(void **state)
{
	(void)state;
	machine(0);
	fl_failure_arm(FL_FAIL_CLOCK, -EIO);
	assert_int_equal(run(submit), FL_END_QUIET);
	assert_int_equal(result, -EIO);
	assert_false(client_powered());
	assert_int_equal(touched.powered + touched.unpowered, 0);
}

/*
 * --- power
 * ------------------------------------------------------------------------------------------
 */

static void dma_off(void *argument)
{
	struct smmu_request request = {.iova = 0x1000};

	(void)argument;
	results[0] = client_dma(request);
	results[1] = (int)client_read(0, CLIENT_STATUS3, 4);
	fl_client_runtime_resume();
	results[2] = client_dma(request);
	client_write(0, CLIENT_HALT, 1, 4);
	results[3] = client_dma(request);
	results[4] = (int)client_read(0, CLIENT_HALT_ACK, 4);
	fl_client_runtime_suspend();
	results[5] = client_powered();
}

static void without_power_nothing_works(void **state)
{
	(void)state;
	machine(0);
	assert_int_equal(run(dma_off), FL_END_QUIET);
	assert_int_equal(results[0], -ENODEV);
	assert_int_equal(results[1], -1);
	assert_true(results[2] > 0);
	assert_int_equal(results[3], -ENODEV);
	assert_int_equal(results[4], 1);
	assert_int_equal(results[5], 0);
	assert_int_equal(touched.unpowered, 1);
}

static void suspend_with_outstanding(void *argument)
{
	struct smmu_request request = {.iova = 0x1000};
	uint64_t began;

	(void)argument;
	fl_client_runtime_resume();
	smmu_set_clocks(false);
	client_dma(request);
	began = fl_now();
	fl_client_runtime_suspend();
	elapsed_ns = fl_now() - began;
}

/* The bus interface is waited for as long as a driver does, and then the power goes all the same.
 */
static void suspend_waits_for_the_bus(void **state)
{
	(void)state;
	machine(0);
	assert_int_equal(run(suspend_with_outstanding), FL_END_QUIET);
	assert_in_range(elapsed_ns, 1000 * MS, 1001 * MS);
	assert_false(client_powered());
}

/*
 * --- the fault callback
 * -------------------------------------------------------------------------------
 */

static void power_up(void *argument)
{
	(void)argument;
	fl_client_runtime_resume();
}

static void fault_four_times(void *argument)
{
	(void)argument;
	for (int i = 0; i < 4; i++)
		results[i] = fl_client_fault(0, 0x3000, 0);
}

static void fault_once(void *argument)
{
	(void)argument;
	result = fl_client_fault(0, 0x3000, 0);
}

static void fault_in_atomic(void *argument)
{
	unsigned long flags = fl_local_irq_save();

	(void)argument;
	result = fl_client_fault(0, 0x3000, 0);
	results[0] = asked.usage;
	results[1] = (int)touched.powered;
	fl_local_irq_restore(flags);
}

static void fault_with(struct client_config config, fl_entry_t entry)
{
	configure(config);
	assert_int_equal(run(power_up), FL_END_QUIET);
	touched.powered = 0;
	assert_int_equal(run(entry), FL_END_QUIET);
}

static void answers(void **state)
{
	(void)state;
	machine(0);
	fault_with((struct client_config){.answer = CLIENT_ANSWERS_EAGAIN}, fault_four_times);
	assert_int_equal(results[0], -EAGAIN);
	assert_int_equal(results[1], -EAGAIN);
	assert_int_equal(results[2], 0);
	assert_int_equal(results[3], 0);
	machine(0);
	fault_with((struct client_config){.answer = CLIENT_ANSWERS_EBUSY}, fault_four_times);
	assert_int_equal(results[3], -EBUSY);
	machine(0);
	fault_with((struct client_config){.answer = CLIENT_ANSWERS_ENOSYS}, fault_four_times);
	assert_int_equal(results[3], -ENOSYS);
}

static void who_resumes(void **state)
{
	(void)state;
	machine(FL_SUBJECT_CLIENT_RESUME);
	fault_with((struct client_config){.resume = CLIENT_RESUME_EARLY}, fault_four_times);
	assert_int_equal(asked.resumes, 4);
	machine(FL_SUBJECT_CLIENT_RESUME);
	fault_with((struct client_config){.resume = CLIENT_RESUME_WORKER}, fault_once);
	assert_int_equal(asked.resumes, 1);
	machine(FL_SUBJECT_CLIENT_RESUME);
	fault_with((struct client_config){.resume = CLIENT_RESUME_NONE, .dump = 1}, fault_once);
	assert_int_equal(asked.resumes, 0);
	/* A dumped fault is resumed by the worker, also where others are resumed at once. */
	machine(FL_SUBJECT_CLIENT_RESUME);
	fault_with((struct client_config){.resume = CLIENT_RESUME_EARLY, .dump = 1},
		   fault_in_atomic);
	assert_int_equal(asked.resumes, 1);
	assert_int_equal(asked.usage, 0);
}

/* Without the hook no configuration makes the client write RESUME. */
static void nobody_resumes_without_the_hook(void **state)
{
	(void)state;
	for (uint8_t resume = 0; resume < 3; resume++) {
		for (uint8_t dump = 0; dump < 2; dump++) {
			machine(FL_SUBJECT_STALL);
			fault_with((struct client_config){.resume = resume, .dump = dump},
				   fault_once);
			assert_int_equal(asked.resumes + asked.retries, 0);
		}
	}
}

static void dumps(void **state)
{
	(void)state;
	/* In a thread: at once, and only the first fault. */
	machine(FL_SUBJECT_STALL);
	fault_with((struct client_config){.dump = 1, .block = 1}, fault_once);
	assert_int_equal(touched.powered, 2);
	assert_int_equal(asked.usage, 0);
	run(fault_once);
	assert_int_equal(touched.powered, 2);
	/* In an interrupt: later, from the worker. */
	machine(FL_SUBJECT_STALL);
	fault_with((struct client_config){.dump = 1, .block = 1}, fault_in_atomic);
	assert_int_equal(results[1], 0);
	assert_int_equal(touched.powered, 2);
	/* A fault that stalled nothing leaves nothing to see. */
	machine(FL_SUBJECT_STALL);
	asked.fsr = SMMU_FSR_TF;
	fault_with((struct client_config){.dump = 1, .fault_info = 1}, fault_once);
	assert_int_equal(asked.infos, 1);
	assert_int_equal(touched.powered, 0);
}

static void careful_and_blind(void **state)
{
	(void)state;
	machine(0);
	fault_with((struct client_config){.registers = CLIENT_REGISTERS_CAREFUL}, fault_once);
	assert_int_equal(touched.powered, 4);
	machine(0);
	configure((struct client_config){.registers = CLIENT_REGISTERS_CAREFUL});
	run(fault_once);
	assert_int_equal(touched.powered + touched.unpowered, 0);
	configure((struct client_config){.registers = CLIENT_REGISTERS_BLIND});
	run(fault_once);
	assert_int_equal(touched.unpowered, 4);
}

static void stall_comes_back(void *argument)
{
	(void)argument;
	fl_client_fault(0, 0x3000, 0);
	results[0] = asked.stall_off;
	client_submit(0x1000, false);
	results[1] = asked.stall_on;
	fl_sleep_ns(600 * MS);
	client_submit(0x1000, false);
	results[2] = asked.stall_on;
	client_dump_read();
	client_submit(0x1000, false);
	results[3] = asked.stall_on;
}

/*
 * Off with the first dump; on again from submit, when 500 ms have passed and the dump has been
 * read.
 */
static void stalling_goes_and_comes_back(void **state)
{
	(void)state;
	machine(FL_SUBJECT_STALL);
	fault_with((struct client_config){.dump = 1, .set_stall = 1}, stall_comes_back);
	assert_int_equal(results[0], 1);
	assert_int_equal(results[1], 0);
	assert_int_equal(results[2], 0);
	assert_int_equal(results[3], 1);
}

static void other_domains_are_not_the_gpu(void *argument)
{
	(void)argument;
	result = fl_client_fault(1, 0x3000, 0);
}

static void only_domain_0_is_the_gpus(void **state)
{
	(void)state;
	machine(FL_SUBJECT_CLIENT_RESUME | FL_SUBJECT_STALL);
	fault_with((struct client_config){.resume = CLIENT_RESUME_EARLY,
					  .fault_info = 1,
					  .registers = 2},
		   other_domains_are_not_the_gpu);
	assert_int_equal(result, 0);
	assert_int_equal(asked.resumes + asked.infos, 0);
	assert_int_equal(touched.powered, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_completes),
		cmocka_unit_test(a_job_is_aborted),
		cmocka_unit_test(a_job_hangs),
		cmocka_unit_test(a_clock_fails),
		cmocka_unit_test(without_power_nothing_works),
		cmocka_unit_test(suspend_waits_for_the_bus),
		cmocka_unit_test(answers),
		cmocka_unit_test(who_resumes),
		cmocka_unit_test(nobody_resumes_without_the_hook),
		cmocka_unit_test(dumps),
		cmocka_unit_test(careful_and_blind),
		cmocka_unit_test(stalling_goes_and_comes_back),
		cmocka_unit_test(only_domain_0_is_the_gpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

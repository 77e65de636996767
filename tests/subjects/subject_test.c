/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world around a real driver, for its tests. */
#include "subject_test.h"

#define LOG_SIZE 4096

const struct fl_subject *test_subject;
struct fl_hardware test_hardware;
struct test_client test_client;

static struct {
	enum fl_event_kind kind;
	uint64_t a, b;
	char text[96];
} log_entries[LOG_SIZE];
static unsigned int log_count;
static bool have_snapshot;

static void log_event(const struct fl_event *event)
{
	if (log_count == LOG_SIZE)
		return;
	log_entries[log_count].kind = event->kind;
	log_entries[log_count].a = event->a;
	log_entries[log_count].b = event->b;
	snprintf(log_entries[log_count].text, sizeof(log_entries[0].text), "%s",
		 event->text ? event->text : "");
	if (getenv("TRACE"))
		fprintf(stderr, "%5llu %-12s %-18s %#llx %#llx %#llx %#llx %s\n",
			(unsigned long long)event->step,
			event->context >= 0 ? fl_context_name(event->context) : "-",
			fl_event_name(event->kind), (unsigned long long)event->a,
			(unsigned long long)event->b, (unsigned long long)event->c,
			(unsigned long long)event->d, event->text ? event->text : "");
	log_count++;
}

unsigned int test_events(enum fl_event_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < log_count; i++)
		count += log_entries[i].kind == kind;
	return count;
}

unsigned int test_events_with(enum fl_event_kind kind, uint64_t a, uint64_t b)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < log_count; i++)
		count += log_entries[i].kind == kind && log_entries[i].a == a &&
			 log_entries[i].b == b;
	return count;
}

const char *test_text(enum fl_event_kind kind)
{
	for (unsigned int i = 0; i < log_count; i++)
		if (log_entries[i].kind == kind)
			return log_entries[i].text;
	return "";
}

/* --- the client -------------------------------------------------------------------------- */

int fl_client_fault(unsigned int domain, uint64_t iova, int flags)
{
	(void)domain;
	(void)flags;
	test_client.reports++;
	test_client.iova = iova;
	if (test_client.resume_early && test_subject->resume_translation)
		test_subject->resume_translation(true);
	return test_client.answer;
}

int fl_client_runtime_suspend(void)
{
	return 0;
}

int fl_client_runtime_resume(void)
{
	return 0;
}

static uint64_t gpu_read(unsigned int instance, uint32_t offset, unsigned int size)
{
	(void)instance;
	(void)offset;
	(void)size;
	return 0;
}

static void gpu_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size)
{
	(void)instance;
	(void)offset;
	(void)value;
	(void)size;
}

/* --- the machine ------------------------------------------------------------------------- */

static void output(unsigned int bank, bool level)
{
	fl_irq_input(bank == FL_BANK_GLOBAL ? test_hardware.global_line
					    : test_hardware.bank_lines[bank],
		     bank, level);
}

static bool read_memory(uint64_t address, uint64_t *value)
{
	if (address & 7 || address > fl_arena_used() - sizeof(*value))
		return false;
	memcpy(value, fl_phys_to_virt(address), sizeof(*value));
	return true;
}

static uint64_t region_read(unsigned int instance, uint32_t offset, unsigned int size)
{
	(void)instance;
	return smmu_read(offset, size);
}

static void region_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size)
{
	(void)instance;
	smmu_write(offset, value, size);
}

static const struct fl_mmio_ops smmu_region = {region_read, region_write};
static const struct fl_mmio_ops tbu_region = {smmu_tbu_read, smmu_tbu_write};
static const struct fl_mmio_ops gpu_region = {gpu_read, gpu_write};
static const struct fl_power_hooks smmu_hooks = {smmu_set_clocks, smmu_set_domain};

void test_hardware_init(void)
{
	memset(&fl_knobs, 0, sizeof(fl_knobs));
	test_hardware = (struct fl_hardware){
		.adreno = true,
		.pm_domain = true,
		.banks = 3,
		.stream_groups = 4,
		.address_bits = 36,
		.global_line = 0,
	};
	for (unsigned int i = 0; i < 8; i++)
		test_hardware.bank_lines[i] = 1 + i;
	memset(&test_client, 0, sizeof(test_client));
}

const struct fl_subject *test_load(const char *name)
{
	char error[512];

	test_subject = fl_subject_load(name, error, sizeof(error));
	if (!test_subject) {
		fprintf(stderr, "skipped: %s\n", error);
		exit(SKIPPED);
	}
	return test_subject;
}

static int outcome;

static void boot(void *argument)
{
	(void)argument;
	outcome = test_subject->probe(&test_hardware);
}

static enum fl_end run_as(const char *name, uint64_t seed)
{
	const char *argument, *error = "";
	struct fl_run_options options = {.step_limit = 200000, .livelock_bound = 200000};

	options.strategy = fl_strategy_find(name, &argument);
	assert_non_null(options.strategy);
	assert_int_equal(options.strategy->start(seed, argument, &error), 0);
	fl_replay_set(NULL, 0);
	return fl_run(&options);
}

static int booted(fl_entry_t entry, const char *name)
{
	fl_context_t context = fl_context_create(name, FL_CONTEXT_TASK, 0, entry, NULL);
	enum fl_end end;

	outcome = 1;
	fl_context_activate(context);
	end = run_as("replay", 1);
	if (end != FL_END_QUIET)
		fprintf(stderr, "%s ended by %d: %s\n", name, end, fl_end_text());
	have_snapshot = false;
	return outcome;
}

int test_boot(unsigned int cpus)
{
	struct smmu_config config = {
		.model = test_hardware.qcom_v2 ? SMMU_MODEL_QCOM_V2 : SMMU_MODEL_MMU500,
		.banks = test_hardware.banks,
		.stream_groups = test_hardware.stream_groups,
		.address_bits = test_hardware.address_bits,
		.tbus = test_hardware.tbus,
		.output = output,
		.read_memory = read_memory,
	};

	fl_unsubscribe_all();
	for (unsigned int kind = 0; kind < FL_EVENT_KINDS; kind++)
		fl_subscribe(kind, log_event);
	log_count = 0;
	fl_arena_clear();
	fl_machine_init(cpus, true, fl_kernel_hardirq);
	fl_kernel_init();
	smmu_init(&config);
	test_hardware.region_size = smmu_region_size();
	fl_mmio_connect(FL_REGION_SMMU, &smmu_region);
	fl_mmio_connect(FL_REGION_TBU, &tbu_region);
	fl_mmio_connect(FL_REGION_GPU, &gpu_region);
	fl_power_connect(FL_DEVICE_SMMU, &smmu_hooks);
	fl_where_reset();
	return booted(boot, "boot");
}

static void boot_client(void *argument)
{
	(void)argument;
	outcome = test_subject->domain_alloc(0);
	if (!outcome)
		outcome = test_subject->attach(0);
	for (unsigned int page = 0; !outcome && page < 2; page++)
		outcome = test_subject->map(0, IOVA + page * 4096, PHYS + page * 4096, 3);
	if (!outcome && test_hardware.adreno)
		outcome = test_subject->set_stall(true);
	if (!outcome)
		test_subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
	if (!outcome)
		outcome = test_subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
}

int test_boot_client(void)
{
	return booted(boot_client, "boot_client");
}

enum fl_end test_run2(const char *strategy, uint64_t seed, fl_entry_t first, fl_entry_t second)
{
	if (!have_snapshot)
		fl_snapshot();
	have_snapshot = true;
	fl_reset();
	fl_where_reset();
	log_count = 0;
	fl_context_activate(fl_context_create("first", FL_CONTEXT_TASK, 0, first, NULL));
	if (second)
		fl_context_activate(
			fl_context_create("second", FL_CONTEXT_TASK, fl_cpus() - 1, second, NULL));
	return run_as(strategy, seed);
}

enum fl_end test_run(const char *strategy, uint64_t seed, fl_entry_t entry)
{
	return test_run2(strategy, seed, entry, NULL);
}

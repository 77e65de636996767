/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small world of the driver's tests (handler_test.h). */
#include "handler_test.h"

static const struct plan *plan;
static int boot_result;

/* --- wiring ----------------------------------------------------------------------------------- */

static void output_changed(unsigned int bank, bool level)
{
	const struct fl_hardware *hardware = &plan->hardware;

	fl_irq_input(bank == FL_BANK_GLOBAL ? hardware->global_line : hardware->bank_lines[bank],
		     bank, level);
}

/* Hardware reads what is there, freed or not. */
__attribute__((no_sanitize("address"))) static bool read_memory(uint64_t address, uint64_t *value)
{
	if (address & 7 || address > fl_arena_used() - sizeof(*value))
		return false;
	*value = *(const volatile uint64_t *)((const char *)fl_arena_base() + address);
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
static const struct fl_mmio_ops gpu_region = {client_read, client_write};
static const struct fl_power_hooks smmu_hooks = {smmu_set_clocks, smmu_set_domain};
static const struct fl_power_hooks gpu_hooks = {client_set_clocks, client_set_domain};

static void wire(void)
{
	const struct smmu_config config = {
		.model = plan->hardware.qcom_v2 ? SMMU_MODEL_QCOM_V2 : SMMU_MODEL_MMU500,
		.banks = plan->hardware.banks,
		.stream_groups = plan->hardware.stream_groups,
		.address_bits = plan->hardware.address_bits,
		.tbus = plan->hardware.tbus,
		.output = output_changed,
		.read_memory = read_memory,
	};

	fl_unsubscribe_all();
	fl_arena_clear();
	fl_segments_clear();
	fl_machine_init(plan->cpus, true, fl_kernel_hardirq);
	fl_kernel_init();
	smmu_init(&config);
	client_init(plan->subject);
	fl_mmio_connect(FL_REGION_SMMU, &smmu_region);
	fl_mmio_connect(FL_REGION_TBU, &tbu_region);
	fl_mmio_connect(FL_REGION_GPU, &gpu_region);
	fl_power_connect(FL_DEVICE_SMMU, &smmu_hooks);
	fl_power_connect(FL_DEVICE_GPU, &gpu_hooks);
}

/* --- boot ------------------------------------------------------------------------------------- */

static int boot_client(const struct fl_subject *subject)
{
	int result = subject->domain_alloc(0);

	if (!result)
		result = subject->attach(0);
	if (!result)
		result = subject->map(0, IOVA_MAPPED, PHYS, 3);
	if (!result)
		result = subject->map(0, IOVA_READ_ONLY, PHYS + 0x2000, 1);
	if (!result && plan->hardware.adreno)
		result = subject->set_stall(true);
	if (result)
		return result;
	subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
	result = subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
	if (result >= 0 && !plan->active)
		result = subject->pm(FL_DEVICE_GPU, FL_PM_PUT_NOIDLE);
	return result < 0 ? result : 0;
}

static void boot(void *argument)
{
	const struct fl_subject *subject = argument;

	boot_result = subject->probe(&plan->hardware);
	if (!boot_result)
		boot_result = boot_client(subject);
}

static void run_actor(void *argument)
{
	const struct actor *actor = argument;

	actor->run(plan->subject);
}

static void setup(void *argument)
{
	(void)argument;
	client_configure(&plan->client);
	fl_irq_choose_cpus();
	fl_work_choose_cpus();
	for (unsigned int i = 0; i < MAX_ACTORS && plan->actors[i].run; i++) {
		const struct actor *actor = &plan->actors[i];

		fl_context_activate(fl_context_create(
			actor->name, actor->agent ? FL_CONTEXT_AGENT : FL_CONTEXT_TASK,
			actor->cpu % plan->cpus, run_actor, (void *)actor));
	}
}

/* --- runs ------------------------------------------------------------------------------------- */

static void note(struct verdict *verdict, const char *strategy, unsigned int schedule)
{
	unsigned int count;
	const struct fl_finding *findings = fl_check_findings(&count);

	for (unsigned int i = 0; i < count; i++) {
		unsigned int slot = 0;

		while (slot < verdict->finding_count &&
		       strcmp(verdict->findings[slot].signature, findings[i].signature))
			slot++;
		if (slot == 64)
			continue;
		if (slot == verdict->finding_count) {
			verdict->finding_count++;
			verdict->findings[slot].invariant =
				fl_invariants[findings[i].invariant]->name;
			strcpy(verdict->findings[slot].signature, findings[i].signature);
			strcpy(verdict->findings[slot].detail, findings[i].detail);
			verdict->findings[slot].strategy = strategy;
			verdict->findings[slot].schedule = schedule;
		}
		verdict->findings[slot].count++;
	}
	verdict->premises |= fl_check_premises();
}

/* Liveness, at the end of a run in which nothing can happen any more. */
static void note_liveness(struct verdict *verdict)
{
	struct smmu_bank_view bank;
	struct fl_pm_view view;
	bool live = smmu_gfsr() != 0;

	plan->subject->pm_view(FL_DEVICE_SMMU, &view);
	if (plan->must_suspend && view.status != FL_RPM_SUSPENDED)
		verdict->not_suspended++;
	for (unsigned int i = 0; i < plan->hardware.banks; i++) {
		smmu_bank_view(i, &bank);
		live |= bank.fault != 0 || bank.stalled || bank.queued;
	}
	if (live && view.status == FL_RPM_ACTIVE && smmu_power() == FL_POWER_ON)
		verdict->unserved++;
}

static void run_strategy(struct verdict *verdict, fl_context_t start, const char *name,
			 unsigned int schedules)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(11, argument, &error), 0);
	for (unsigned int i = 0; i < schedules; i++) {
		struct fl_run_options options = {.strategy = strategy, .schedule = i};
		enum fl_end end;

		fl_reset();
		fl_where_reset();
		fl_check_reset();
		fl_context_activate(start);
		end = fl_run(&options);
		fl_check_finish(end);
		verdict->runs++;
		verdict->ends[end]++;
		if (end != FL_END_QUIET)
			snprintf(verdict->end_text, sizeof(verdict->end_text), "%s", fl_end_text());
		else
			note_liveness(verdict);
		note(verdict, name, i);
		if (strategy->end && !strategy->end())
			break;
	}
}

void test_run(const struct plan *wanted, struct verdict *verdict)
{
	const char *argument;
	struct fl_run_options options = {
		.strategy = fl_strategy_find("replay", &argument),
		.step_limit = 1000000,
		.livelock_bound = 1000000,
	};
	unsigned int schedules = wanted->schedules ? wanted->schedules : 150;
	fl_context_t start, first;

	plan = wanted;
	memset(verdict, 0, sizeof(*verdict));
	fl_knobs = plan->knobs;
	fl_checked_subject = plan->subject;
	fl_checked_hardware = &plan->hardware;
	fl_where_reset();
	wire();
	first = fl_context_create("boot", FL_CONTEXT_TASK, 0, boot, (void *)plan->subject);
	start = fl_context_create("setup", FL_CONTEXT_TASK, 0, setup, NULL);
	fl_check_start(UINT32_MAX);
	fl_check_details(true);
	fl_replay_set(NULL, 0);
	fl_context_activate(first);
	if (fl_run(&options) != FL_END_QUIET)
		fail_msg("%s does not boot: %s", plan->subject->name, fl_end_text());
	if (boot_result)
		fail_msg("%s does not boot: error %d", plan->subject->name, boot_result);
	fl_snapshot();
	run_strategy(verdict, start, "random", schedules);
	run_strategy(verdict, start, "pct:3", schedules);
	run_strategy(verdict, start, "pos", schedules);
}

bool test_broke(const struct verdict *verdict, const char *invariant, const char *part)
{
	for (unsigned int i = 0; i < verdict->finding_count; i++)
		if (!strcmp(verdict->findings[i].invariant, invariant) &&
		    (!part || strstr(verdict->findings[i].signature, part)))
			return true;
	return false;
}

void test_assert_clean(const struct plan *clean, const struct verdict *verdict)
{
	for (unsigned int i = 0; i < verdict->finding_count; i++)
		print_error("%s: %s: %s (%s %u, %u times)\n", clean->subject->name,
			    verdict->findings[i].signature, verdict->findings[i].detail,
			    verdict->findings[i].strategy, verdict->findings[i].schedule,
			    verdict->findings[i].count);
	if (verdict->ends[FL_END_QUIET] != verdict->runs)
		print_error(
			"%s: %u deadlocks, %u livelocks, %u at the step limit, %u stopped: %s\n",
			clean->subject->name, verdict->ends[FL_END_DEADLOCK],
			verdict->ends[FL_END_LIVELOCK], verdict->ends[FL_END_STEP_LIMIT],
			verdict->ends[FL_END_STOPPED], verdict->end_text);
	assert_int_equal(verdict->finding_count, 0);
	assert_int_equal(verdict->not_suspended, 0);
	assert_int_equal(verdict->unserved, 0);
	assert_int_equal(verdict->ends[FL_END_QUIET], verdict->runs);
}

/* --- machines and subjects ----------------------------------------------------------------------
 */

struct fl_hardware test_mmu500(void)
{
	struct fl_hardware hardware = {
		.adreno = true,
		.pm_domain = true,
		.banks = 3,
		.stream_groups = 4,
		.address_bits = 36,
		.region_size = 0,
		.global_line = 0,
		.bank_lines = {1, 2, 3},
	};

	return hardware;
}

struct fl_hardware test_tbu(void)
{
	struct fl_hardware hardware = test_mmu500();

	hardware.adreno = false;
	hardware.tbus = 1;
	return hardware;
}

const struct fl_subject *test_subject(const char *name)
{
	const struct fl_subject *subject = fl_core_find(name);

	if (!subject)
		fail_msg("no subject %s", name);
	return subject;
}

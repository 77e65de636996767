/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for the engine, the SMMU and the kernel: variables, and words to tell a story with. */
#include "check_test.h"

#include <stdio.h>
#include <string.h>

struct fake fake;
uint32_t broken_invariants;
struct fl_knobs fl_knobs;
bool fl_memory_granularity;

/* --- engine -------------------------------------------------------------------------------- */

fl_context_t fl_current(void)
{
	return fake.current;
}

uint64_t fl_step(void)
{
	return fake.step;
}

/* Subjects of these tests have no names of sites. */
const char *fl_site_name(uint32_t site)
{
	(void)site;
	return NULL;
}

uint64_t fl_livelock_bound(void)
{
	return 5000;
}

bool fl_running(void)
{
	return fake.running;
}

/* A real report of a sanitizer ends the test before there is a next step. */
void fl_set_step_hook(void (*hook)(fl_context_t context))
{
	(void)hook;
}

int fl_context_most(void)
{
	return CONTEXTS;
}

int fl_context_count(void)
{
	return CONTEXTS - fake.absent;
}

enum fl_context_state fl_context_state(fl_context_t context)
{
	return fake.contexts[context].state;
}

uint64_t fl_context_steps(fl_context_t context)
{
	return fake.contexts[context].steps;
}

bool fl_context_starved(fl_context_t context, bool by_fifo)
{
	return !by_fifo && fake.contexts[context].starved;
}

enum fl_context_kind fl_context_kind(fl_context_t context)
{
	static const enum fl_context_kind kinds[CONTEXTS] = {
		[TASK] = FL_CONTEXT_TASK,	  [OTHER_TASK] = FL_CONTEXT_TASK,
		[WORKER] = FL_CONTEXT_WORK,	  [HARDIRQ] = FL_CONTEXT_HARDIRQ,
		[HARDIRQ_1] = FL_CONTEXT_HARDIRQ, [THREAD] = FL_CONTEXT_IRQ_THREAD,
		[AGENT] = FL_CONTEXT_AGENT,
	};

	return kinds[context];
}

/* Everybody lives on CPU 0 but HARDIRQ_1 and OTHER_TASK. */
int fl_context_cpu(fl_context_t context)
{
	if (context == AGENT)
		return -1;
	return context == HARDIRQ_1 || context == OTHER_TASK;
}

const char *fl_end_text(void)
{
	return fake.end_text;
}

void *fl_arena_alloc(size_t size, size_t align)
{
	static _Alignas(64) char arena[1 << 16];

	assert_true(size <= sizeof(arena) && align <= 64);
	memset(arena, 0, sizeof(arena));
	return arena;
}

/* --- SMMU ---------------------------------------------------------------------------------- */

enum fl_power smmu_power(void)
{
	return fake.power;
}

uint32_t smmu_region_size(void)
{
	return 2 * SMMU_NUMPAGE * SMMU_PAGE_SIZE;
}

void smmu_bank_view(unsigned int bank, struct smmu_bank_view *view)
{
	*view = fake.banks[bank];
}

bool smmu_output(unsigned int bank)
{
	return fake.outputs[bank == FL_BANK_GLOBAL ? SMMU_MAX_BANKS : bank];
}

uint64_t smmu_generation(void)
{
	return fake.generation;
}

uint32_t smmu_gfault(void)
{
	return fake.gfault;
}

bool smmu_fault_asserting(uint32_t fault)
{
	return fault && fake.asserting;
}

bool smmu_fault_live(uint32_t fault)
{
	return fault && fake.live;
}

uint32_t smmu_fault_count(void)
{
	return fake.faults;
}

const char *smmu_register_name(uint64_t reg, char *buffer, unsigned int size)
{
	snprintf(buffer, size, "%#llx", (unsigned long long)reg);
	return buffer;
}

const char *smmu_fsr_names(uint32_t fsr, char *buffer, unsigned int size)
{
	snprintf(buffer, size, "%#x", fsr);
	return buffer;
}

/* --- kernel -------------------------------------------------------------------------------- */

void fl_view_line(unsigned int line, struct fl_line_view *view)
{
	*view = fake.lines[line];
}

unsigned int fl_view_locks(fl_context_t context, struct fl_lock_view *locks, unsigned int size)
{
	unsigned int count = fake.lock_count < size ? fake.lock_count : size;

	(void)context;
	memcpy(locks, fake.locks, count * sizeof(*locks));
	return count;
}

/* --- words --------------------------------------------------------------------------------- */

void as(fl_context_t context)
{
	fake.current = context;
	fake.step++;
	if (context != FL_NO_CONTEXT)
		fake.contexts[context].steps++;
}

void set_status(enum fl_device device, enum fl_rpm_status status)
{
	enum fl_rpm_status before = fake.pm[device].status;

	fake.pm[device].status = status;
	fake.generation++;
	fl_emit(FL_EV_PM_STATUS, device, before, status, 0);
}

void set_power(enum fl_power power)
{
	enum fl_power before = fake.power;

	fake.power = power;
	fake.generation++;
	fl_emit(FL_EV_POWER, before, power, 0, 0);
}

void set_output(unsigned int bank, unsigned int line, bool level)
{
	fake.outputs[bank == FL_BANK_GLOBAL ? SMMU_MAX_BANKS : bank] = level;
	if (bank != FL_BANK_GLOBAL)
		fake.banks[bank].output = level;
	fake.generation++;
	fl_emit(FL_EV_OUTPUT, bank, level, 0, 0);
	fl_emit(FL_EV_LINE, line, level, 0, 0);
}

void mask(unsigned int line, bool masked, unsigned int depth)
{
	fl_emit(FL_EV_LINE_MASK, line, masked, depth, 0);
}

void record(unsigned int bank, uint32_t fault, bool stalled)
{
	struct smmu_bank_view *view = &fake.banks[bank];

	fake.faults = fault;
	fake.asserting = true;
	fake.live = true;
	fake.generation++;
	view->fault = fault;
	view->fsr |= SMMU_FSR_TF | (stalled ? SMMU_FSR_SS : 0);
	view->stalled += stalled;
	fl_emit(FL_EV_FAULT_RECORDED, fault, bank, view->fsr, stalled);
	if (stalled)
		fl_emit(FL_EV_TXN_STALLED, fault, bank, fault, 0);
}

void retire(unsigned int bank, uint32_t fault, enum fl_retire how)
{
	fake.asserting = false;
	fake.live = false;
	fake.generation++;
	fake.banks[bank] = (struct smmu_bank_view){.sctlr = fake.banks[bank].sctlr};
	fl_emit(FL_EV_FAULT_RETIRED, fault, bank, how, 0);
}

void enter(const char *function)
{
	fl_enter(function);
}

void leave(void)
{
	fl_leave();
}

void enter_handler(unsigned int line, unsigned int bank, const char *function)
{
	bool thread = fake.current == THREAD;

	if (!thread)
		fl_emit(FL_EV_IRQ_FLOW_ENTER, line, (uint64_t)fl_context_cpu(fake.current), 0, 0);
	fl_emit_text(FL_EV_IRQ_ENTER, line, 0, thread, bank, function);
	fl_enter(function);
}

void leave_handler(unsigned int line, unsigned int bank, int result)
{
	bool thread = fake.current == THREAD;

	(void)bank;
	fl_leave();
	fl_emit(FL_EV_IRQ_RETURN, line, 0, thread, (uint64_t)result);
	if (!thread)
		fl_emit(FL_EV_IRQ_FLOW_EXIT, line, (uint64_t)result, 0, 0);
}

void begin_suspend(void)
{
	set_status(FL_DEVICE_SMMU, FL_RPM_SUSPENDING);
	fl_emit(FL_EV_PM_CALLBACK_ENTER, FL_DEVICE_SMMU, 1, 0, 0);
	fl_enter("runtime_suspend");
}

void end_suspend(void)
{
	set_power(FL_POWER_GATED);
	fl_leave();
	fl_emit(FL_EV_PM_CALLBACK_EXIT, FL_DEVICE_SMMU, 1, 0, 0);
	set_status(FL_DEVICE_SMMU, FL_RPM_SUSPENDED);
}

void begin_resume(void)
{
	set_status(FL_DEVICE_SMMU, FL_RPM_RESUMING);
	fl_emit(FL_EV_PM_CALLBACK_ENTER, FL_DEVICE_SMMU, 0, 0, 0);
	fl_enter("runtime_resume");
	set_power(FL_POWER_ON);
}

void end_resume(void)
{
	fl_leave();
	fl_emit(FL_EV_PM_CALLBACK_EXIT, FL_DEVICE_SMMU, 0, 0, 0);
	set_status(FL_DEVICE_SMMU, FL_RPM_ACTIVE);
}

uint32_t bank_register(unsigned int bank, uint32_t offset)
{
	return (SMMU_NUMPAGE + bank) * SMMU_PAGE_SIZE + offset;
}

void read_register(uint64_t offset, uint32_t fault)
{
	fl_emit(FL_EV_REG_READ, FL_REGISTER(FL_REGION_SMMU, offset), 0, fault, 4);
}

void write_register(uint64_t offset, uint64_t value)
{
	fl_emit(FL_EV_REG_WRITE, FL_REGISTER(FL_REGION_SMMU, offset), value, 0, 4);
}

void get(enum fl_device device, int result, bool reference)
{
	fake.pm[device].usage_count += reference;
	fl_emit(FL_EV_PM_GET, device, (uint64_t)(int64_t)result, reference,
		(uint64_t)fake.pm[device].usage_count);
}

void put(enum fl_device device, bool reference)
{
	fake.pm[device].usage_count -= reference;
	fl_emit(FL_EV_PM_PUT, device, 0, reference, (uint64_t)fake.pm[device].usage_count);
}

static void take(unsigned int class, const char *name, unsigned int bits, bool trylock)
{
	assert_in_range(fake.lock_count, 0, sizeof(fake.locks) / sizeof(fake.locks[0]) - 1);
	fl_emit_text(FL_EV_LOCK, class, class + 1, bits, trylock, name);
	fake.locks[fake.lock_count++] =
		(struct fl_lock_view){.class = name, .class_number = class, .object = class + 1};
}

void lock(unsigned int class, const char *name, unsigned int bits)
{
	take(class, name, bits, false);
}

void trylock(unsigned int class, const char *name, unsigned int bits)
{
	take(class, name, bits, true);
}

void unlock(unsigned int class)
{
	unsigned int i = 0;

	while (i < fake.lock_count && fake.locks[i].object != class + 1)
		i++;
	assert_in_range(i, 0, fake.lock_count - 1);
	for (fake.lock_count--; i < fake.lock_count; i++)
		fake.locks[i] = fake.locks[i + 1];
	fl_emit(FL_EV_UNLOCK, class, class + 1, 0, 0);
}

void finish(enum fl_end end)
{
	fake.current = FL_NO_CONTEXT;
	fake.running = false;
	fl_check_finish(end);
}

/* --- the world at the start of a run ------------------------------------------------------- */

static void view_pm(enum fl_device device, struct fl_pm_view *view)
{
	*view = fake.pm[device];
}

int boot(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(&fl_knobs, 0, sizeof(fl_knobs));
	fl_memory_granularity = false;
	fake.current = FL_NO_CONTEXT;
	fake.end_text = "a waits for x held by b";
	fake.subject.pm_view = view_pm;
	fake.hardware.banks = 2;
	fl_checked_subject = &fake.subject;
	fl_checked_hardware = &fake.hardware;
	fl_where_reset();
	fl_check_details(true);
	fl_check_start(~0u);
	for (unsigned int i = 0; i < LINES; i++) {
		fl_emit_text(FL_EV_IRQ_REQUESTED, i, 0, 0,
			     i == GLOBAL_LINE ? FL_BANK_GLOBAL : i - 1, "request");
		mask(i, false, 0);
	}
	fl_emit(FL_EV_PM_ENABLED, FL_DEVICE_SMMU, 0, 0, 0);
	fl_emit(FL_EV_PM_ENABLED, FL_DEVICE_GPU, 0, 0, 0);
	set_status(FL_DEVICE_SMMU, FL_RPM_ACTIVE);
	set_status(FL_DEVICE_GPU, FL_RPM_ACTIVE);
	write_register(SMMU_CR0, SMMU_CR0_GFIE);
	fake.banks[0].sctlr = SMMU_SCTLR_M | SMMU_SCTLR_CFIE;
	fl_emit(FL_EV_DOMAIN_LIVE, 0, 0, 1, 0);
	fl_check_reset();
	fake.running = true;
	as(TASK);
	return 0;
}

/* --- verdicts ------------------------------------------------------------------------------ */

static size_t name_length(const char *signature)
{
	return strcspn(signature, " ");
}

void breaks(const char *signature)
{
	char invariant[32];
	unsigned int count;
	const struct fl_finding *findings = fl_check_findings(&count);
	int index;

	snprintf(invariant, sizeof(invariant), "%.*s", (int)name_length(signature), signature);
	index = fl_invariant_find(invariant);
	assert_true(index >= 0);
	for (unsigned int i = 0; i < count; i++) {
		if (findings[i].invariant != index)
			continue;
		assert_string_equal(findings[i].signature, signature);
		assert_true(findings[i].detail[0] != '\0');
		broken_invariants |= 1u << index;
		return;
	}
	fail_msg("no finding %s", signature);
}

void keeps(const char *invariant)
{
	unsigned int count;
	const struct fl_finding *findings = fl_check_findings(&count);
	int index = fl_invariant_find(invariant);

	assert_true(index >= 0);
	for (unsigned int i = 0; i < count; i++)
		if (findings[i].invariant == index)
			fail_msg("finding %s: %s", findings[i].signature, findings[i].detail);
}

bool premise(const char *invariant)
{
	int index = fl_invariant_find(invariant);

	assert_true(index >= 0);
	return fl_check_premises() & 1u << index;
}

/* --- there are no threads --------------------------------------------------------------------- */

bool fl_free_running;

bool fl_machine_enter(void)
{
	return false;
}

bool fl_machine_try_enter(void)
{
	return false;
}

bool fl_machine_inside(void)
{
	return false;
}

void fl_machine_leave(void)
{
}

void fl_free_set_thread_hook(void (*hook)(void))
{
	(void)hook;
}

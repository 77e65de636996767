/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations on the machine: system sleep, shutdown, unbind, runtime PM switched off
 * (domain.md 3.8). They exclude the driver's users, as the freezer and the order of consumers do in
 * Linux. Interrupts, workers that do not freeze, and hardware go on.
 */
#include "operations.h"

#include <client/client.h>
#include <faultline/host.h>

#include <errno.h>

struct operation_state *operation_state;

/* --- users ---------------------------------------------------------------------------------- */

/* Its runtime PM is off, and it is not up: nobody may touch it. */
static bool smmu_is_held_down(void)
{
	struct fl_pm_view view;

	if (!operation_state->disabled[FL_DEVICE_SMMU])
		return false;
	operation_state->subject->pm_view(FL_DEVICE_SMMU, &view);
	return view.status != FL_RPM_ACTIVE;
}

int operation_begin(void)
{
	struct operation_state *state = operation_state;

	fl_point(FL_ACCESS_RMW, (uintptr_t)&state->users, 0);
	while (state->frozen)
		fl_block((uintptr_t)&state->frozen, "user space to be thawed", false);
	if (state->gone)
		return -ENODEV;
	if (state->down)
		return -ESHUTDOWN;
	if (smmu_is_held_down())
		return -EAGAIN;
	state->users++;
	fl_order_acquire(&state->frozen);
	return 0;
}

void operation_end(void)
{
	fl_order_release(&operation_state->users);
	if (!--operation_state->users)
		fl_wake_all((uintptr_t)&operation_state->users);
}

void operation_exclude_users(void)
{
	struct operation_state *state = operation_state;

	fl_mutex_lock(&state->transition, "system_transition_mutex");
	state->frozen = true;
	while (state->users)
		fl_block((uintptr_t)&state->users, "user space to be frozen", false);
	fl_order_acquire(&state->users);
}

void operation_admit_users(void)
{
	operation_state->frozen = false;
	fl_order_release(&operation_state->frozen);
	fl_wake_all((uintptr_t)&operation_state->frozen);
	fl_mutex_unlock(&operation_state->transition, "system_transition_mutex");
}

/* --- runtime PM off and on ------------------------------------------------------------------ */

/* A device whose runtime PM is as @disabled says already is left alone. */
static int switch_pm(const struct fl_subject *subject, const uint8_t arguments[3], bool disabled)
{
	enum fl_device device = arguments[0] == ON_GPU ? FL_DEVICE_GPU : FL_DEVICE_SMMU;
	struct operation_state *state = operation_state;
	int result;

	operation_exclude_users();
	if (state->gone || state->down) {
		result = -ENODEV;
	} else if (state->disabled[device] == disabled) {
		result = -EALREADY;
	} else if (disabled) {
		state->disabled[device] = true;
		result = subject->pm(device, FL_PM_DISABLE);
	} else {
		result = subject->pm(device, FL_PM_ENABLE);
		state->disabled[device] = false;
	}
	operation_admit_users();
	return result;
}

/* arguments: device */
int operation_pm_disable(const struct fl_subject *subject, const uint8_t arguments[3])
{
	return switch_pm(subject, arguments, true);
}

/* arguments: device */
int operation_pm_enable(const struct fl_subject *subject, const uint8_t arguments[3])
{
	return switch_pm(subject, arguments, false);
}

/* --- system sleep --------------------------------------------------------------------------- */

/* In the order of going down; up is the reverse. Consumers go down before their suppliers. */
static const struct sleep_stage {
	bool interrupts; /* suspend_device_irqs(), no device's phase */
	enum fl_device device;
	enum fl_sleep_phase down, up;
} stages[] = {
	{false, FL_DEVICE_SMMU, FL_SLEEP_PREPARE, FL_SLEEP_COMPLETE},
	{false, FL_DEVICE_GPU, FL_SLEEP_PREPARE, FL_SLEEP_COMPLETE},
	{false, FL_DEVICE_GPU, FL_SLEEP_SUSPEND, FL_SLEEP_RESUME},
	{false, FL_DEVICE_SMMU, FL_SLEEP_SUSPEND, FL_SLEEP_RESUME},
	{false, FL_DEVICE_GPU, FL_SLEEP_SUSPEND_LATE, FL_SLEEP_RESUME_EARLY},
	{false, FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_LATE, FL_SLEEP_RESUME_EARLY},
	{true, FL_DEVICE_SMMU, FL_SLEEP_PREPARE, FL_SLEEP_COMPLETE},
	{false, FL_DEVICE_GPU, FL_SLEEP_SUSPEND_NOIRQ, FL_SLEEP_RESUME_NOIRQ},
	{false, FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_NOIRQ, FL_SLEEP_RESUME_NOIRQ},
};
#define STAGES (sizeof(stages) / sizeof(stages[0]))

static int stage_down(const struct fl_subject *subject, const struct sleep_stage *stage)
{
	if (!stage->interrupts)
		return subject->system_sleep(stage->device, stage->down);
	fl_irqs_suspend();
	/*
	 * What fails to power on in the noirq phase, Linux does not tell anybody: nobody could
	 * cope.
	 */
	operation_state->asleep = true;
	fl_failure_take(FL_FAIL_DOMAIN);
	return 0;
}

static void stage_up(const struct fl_subject *subject, const struct sleep_stage *stage)
{
	if (!stage->interrupts) {
		subject->system_sleep(stage->device, stage->up);
		return;
	}
	operation_state->asleep = false;
	fl_irqs_resume();
}

static int sleep_and_wake(const struct fl_subject *subject, unsigned int wakeup)
{
	unsigned int done = 0;
	int result = 0;

	fl_workqueue_freeze(FL_WORKQUEUE_PM, true);
	while (done < STAGES && !result) {
		/* A wake-up event before this stage: back up again. */
		if (wakeup && done + 1 == wakeup)
			result = -EBUSY;
		else
			result = stage_down(subject, &stages[done]);
		if (!result)
			done++;
	}
	while (done)
		stage_up(subject, &stages[--done]);
	fl_workqueue_freeze(FL_WORKQUEUE_PM, false);
	return result;
}

/* arguments: wakeup (0: none; n: a wake-up event comes before stage n) */
int operation_system_sleep(const struct fl_subject *subject, const uint8_t arguments[3])
{
	struct operation_state *state = operation_state;
	int result = -ENODEV;

	operation_exclude_users();
	/* Runtime PM is not switched off by anybody else when the PM core begins. */
	if (!state->gone && !state->down && !state->disabled[FL_DEVICE_SMMU] &&
	    !state->disabled[FL_DEVICE_GPU])
		result = sleep_and_wake(subject, arguments[0]);
	operation_admit_users();
	return result;
}

/* --- shutdown, unbind ----------------------------------------------------------------------- */

/*
 * Whoever switched runtime PM off has it on again before a device goes: no driver's end meets it
 * off.
 */
static void enable_runtime_pm(const struct fl_subject *subject, enum fl_device device)
{
	if (!operation_state->disabled[device])
		return;
	subject->pm(device, FL_PM_ENABLE);
	operation_state->disabled[device] = false;
}

/* The GPU's driver powers its device down for good: nobody submits any more. */
static void stop_gpu(const struct fl_subject *subject)
{
	enable_runtime_pm(subject, FL_DEVICE_SMMU);
	enable_runtime_pm(subject, FL_DEVICE_GPU);
	subject->pm(FL_DEVICE_GPU, FL_PM_FORCE_SUSPEND);
}

int operation_shutdown(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = -ENODEV;

	operation_exclude_users();
	if (!operation_state->gone && !operation_state->down) {
		stop_gpu(subject);
		result = subject->shutdown();
		operation_state->down = true;
	}
	operation_admit_users();
	return result;
}

int operation_unbind(const struct fl_subject *subject, const uint8_t arguments[3])
{
	int result = -ENODEV;

	operation_exclude_users();
	if (!operation_state->gone && !operation_state->down) {
		stop_gpu(subject);
		operation_drop_domains();
		result = subject->unbind();
		operation_state->gone = true;
	}
	operation_admit_users();
	return result;
}

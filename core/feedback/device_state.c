/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device state: what a bank's FSR holds, the SMMU's power, its runtime PM status and the level of the bank's
 * interrupt output, all four together. The feature is a change from one such state to another in
 * one step. Context banks are alike; the global fault is a bank of its own kind.
 */
#include "feedback.h"

#include <string.h>

#include <check/check.h>
#include <smmu/bits.h>
#include <smmu/smmu.h>

#include <faultline/event.h>
#include <faultline/subject.h>

#define GLOBAL SMMU_MAX_BANKS
#define BANKS  (SMMU_MAX_BANKS + 1)

static unsigned int banks;
static uint8_t status;
static uint64_t causes; /* smmu_cause_changes() at the last look */
static bool changed;	/* the status, since the last step */
static uint16_t states[BANKS];
/* As the boot left them: with these a run begins. */
static uint8_t first_status;
static uint16_t first_states[BANKS];

/* Recorded, more than one, stalled. The bits of sGFSR lie where those of the FSR are, and one below. */
static unsigned int class_of(uint32_t fsr)
{
	/* Mostly there is nothing at all. */
	if (!fsr)
		return 0;
	return (fsr & (SMMU_FSR_TYPES | SMMU_GFSR_ICF) ? 1u : 0) | (fsr & SMMU_FSR_MULTI ? 2u : 0) |
	       (fsr & SMMU_FSR_SS ? 4u : 0);
}

/* What all banks have in common. */
static unsigned int common_state(void)
{
	return (unsigned int)smmu_power() << 3 | (unsigned int)status << 5;
}

static inline uint16_t state_of(unsigned int number, unsigned int common)
{
	return (uint16_t)(class_of(smmu_fsr(number)) | (unsigned int)smmu_output(number) << 7 |
			  common);
}

static void tell(bool global, uint16_t before, uint16_t now)
{
	fl_feature(FL_FEATURE_DEVICE_STATE, fl_feature_pair(global, (uint64_t)before << 16 | now));
}

static void look_at_all(void)
{
	unsigned int common = common_state();
	uint16_t before = 0, now = 0;

	for (unsigned int bank = 0; bank < banks; bank++) {
		uint16_t was = states[bank], is = state_of(bank, common);

		if (__builtin_expect(was == is, 1))
			continue;
		states[bank] = is;
		/* Banks are alike, and power and status change them all: that is one feature. */
		if (was == before && is == now)
			continue;
		before = was;
		now = is;
		tell(false, before, now);
	}
	before = states[GLOBAL];
	now = state_of(FL_BANK_GLOBAL, common);
	if (__builtin_expect(before == now, 1))
		return;
	states[GLOBAL] = now;
	tell(true, before, now);
}

void device_state_step(void)
{
	if (!changed && smmu_cause_changes() == causes)
		return;
	changed = false;
	causes = smmu_cause_changes();
	look_at_all();
}

static void pm_status(const struct fl_event *event)
{
	if (event->a != FL_DEVICE_SMMU)
		return;
	status = (uint8_t)event->c;
	changed = true;
}

void device_state_begin(void)
{
	status = first_status;
	memcpy(states, first_states, sizeof(states));
	changed = true;
}

void device_state_start(void)
{
	struct fl_pm_view view = {.status = FL_RPM_ACTIVE};

	banks = fl_checked_hardware->banks;
	fl_subscribe(FL_EV_PM_STATUS, pm_status);
	if (fl_checked_subject->pm_view)
		fl_checked_subject->pm_view(FL_DEVICE_SMMU, &view);
	first_status = status = (uint8_t)view.status;
	for (unsigned int bank = 0; bank < banks; bank++)
		first_states[bank] = state_of(bank, common_state());
	first_states[GLOBAL] = state_of(FL_BANK_GLOBAL, common_state());
	device_state_begin();
}

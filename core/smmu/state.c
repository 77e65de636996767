/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fake SMMU's state: where it lives, how it changes, and the objects of its scheduling points.
 */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct smmu_state *smmu;

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "faultline: smmu_init: %s; see struct smmu_config\n", what);
	exit(3);
}

void smmu_init(const struct smmu_config *config)
{
	check(config->banks >= 1 && config->banks <= SMMU_MAX_BANKS, "banks is not 1 to 8");
	check(config->stream_groups >= 1 && config->stream_groups <= SMMU_MAX_GROUPS,
	      "stream_groups is not 1 to 16");
	check(config->address_bits == 32 || config->address_bits == 36 ||
		      config->address_bits == 40,
	      "address_bits is not 32, 36 or 40");
	check(config->tbus <= SMMU_MAX_TBUS, "tbus is not 0 to 2");
	check(config->output && config->read_memory, "output or read_memory is missing");

	smmu = fl_arena_alloc(sizeof(*smmu), 64);
	smmu->config = *config;
	smmu->clocks = true;
	smmu->domain = true;
	smmu->power = FL_POWER_ON;
	smmu_global_reset();
	for (unsigned int bank = 0; bank < config->banks; bank++)
		smmu_bank_reset(bank);
	smmu_posted_init();
}

uint32_t smmu_region_size(void)
{
	return 2 * SMMU_NUMPAGE * SMMU_PAGE_SIZE;
}

void smmu_changed_silently(void)
{
	smmu->generation++;
}

void smmu_changed(void)
{
	smmu_changed_silently();
	smmu->causes++;
	smmu->undriven = true;
}

void smmu_set32(uint32_t *cell, uint32_t value)
{
	if (*cell == value)
		return;
	*cell = value;
	smmu_changed_silently();
}

void smmu_set_cause(uint32_t *cell, uint32_t value)
{
	if (*cell == value)
		return;
	*cell = value;
	smmu_changed();
}

void smmu_set64(uint64_t *cell, uint64_t value)
{
	if (*cell == value)
		return;
	*cell = value;
	smmu_changed_silently();
}

unsigned int smmu_chance(unsigned int n)
{
	return n > 1 && fl_running() ? fl_choose(FL_CHOOSE_HARDWARE, n) : 0;
}

static void note_deadline(uint64_t deadline)
{
	if (!smmu->settle_ns || deadline < smmu->settle_ns)
		smmu->settle_ns = deadline;
}

uint64_t smmu_deadline(uint64_t ns)
{
	uint64_t deadline;

	/* Outside a run virtual time stands still: a driver that polls there would never see the
	 * end. */
	if (!ns || !fl_running())
		return 0;
	deadline = fl_now() + ns;
	note_deadline(deadline);
	return deadline;
}

static void settle(uint64_t *until)
{
	if (!*until)
		return;
	if (fl_running() && fl_now() < *until) {
		note_deadline(*until);
		return;
	}
	*until = 0;
	smmu_changed_silently();
}

void smmu_settle_now(void)
{
	smmu->settle_ns = 0;
	settle(&smmu->global.sync_until);
	for (unsigned int i = 0; i < smmu->config.banks; i++) {
		struct smmu_bank *bank = &smmu->banks[i];
		bool translating = bank->ats_until != 0;

		settle(&bank->sync_until);
		settle(&bank->ats_until);
		if (translating && !bank->ats_until)
			smmu_set64(&bank->par, bank->ats_par);
	}
	for (unsigned int i = 0; i < smmu->config.tbus; i++) {
		struct smmu_tbu *tbu = &smmu->tbus[i];
		bool translating = tbu->ecats_until != 0;

		settle(&tbu->ecats_until);
		if (translating && !tbu->ecats_until)
			smmu_set64(&tbu->par, tbu->ecats_par);
	}
}

void smmu_unsupported(const char *what)
{
	fl_emit_text(FL_EV_WARNING, 0, 0, 0, 0, what);
	if (fl_running())
		fl_stop(what);
	fprintf(stderr, "faultline: %s\n", what);
	exit(3);
}

uint64_t smmu_generation(void)
{
	smmu_settle();
	return smmu->generation;
}

uint64_t smmu_cause_changes(void)
{
	return smmu->causes;
}

/* --- scheduling points ------------------------------------------------------------------- */

void smmu_whole_device_object(bool on)
{
	smmu->whole_device_object = on;
}

/*
 * A posted write takes effect in the next read of any register, and a TBU's acknowledge depends on
 * all banks: then nothing smaller than the device is what an access touches.
 */
static bool whole_device(void)
{
	return smmu->whole_device_object || smmu->config.tbus || smmu_posted_wanted();
}

uintptr_t smmu_object_global(void)
{
	return whole_device() ? (uintptr_t)smmu : (uintptr_t)&smmu->global;
}

uintptr_t smmu_object_bank(unsigned int bank)
{
	return whole_device() ? (uintptr_t)smmu : (uintptr_t)&smmu->banks[bank].fsr;
}

static uintptr_t object_in_bank(unsigned int index, uint32_t offset)
{
	struct smmu_bank *bank = &smmu->banks[index];

	switch (offset & ~3u) {
	case SMMU_CONTEXTIDR:
		return (uintptr_t)&bank->contextidr;
	case SMMU_MAIR0:
		return (uintptr_t)&bank->mair0;
	case SMMU_MAIR1:
		return (uintptr_t)&bank->mair1;
	case SMMU_TLBSYNC:
	case SMMU_TLBSTATUS:
		return (uintptr_t)&bank->sync_until;
	case SMMU_ACTLR:
		/* sACR.CACHE_LOCK decides whether a write of ACTLR sticks. */
		return (uintptr_t)&smmu->global.acr;
	default:
		/*
		 * Everything else is an input or an output of a transaction's translation: FSR,
		 * its syndrome and RESUME, but SCTLR, TCR and the TTBRs as well.
		 */
		return smmu_object_bank(index);
	}
}

uintptr_t smmu_object_of(uint64_t reg)
{
	uint32_t offset = reg & 0xffffff;
	uint32_t in_page = offset & (SMMU_PAGE_SIZE - 1);
	unsigned int page = offset >> SMMU_PAGE_SHIFT;
	unsigned int bank;

	if (reg >> 24 != FL_REGION_SMMU || whole_device())
		return (uintptr_t)smmu;
	if (page >= SMMU_NUMPAGE) {
		bank = page - SMMU_NUMPAGE;
		return bank < smmu->config.banks ? object_in_bank(bank, in_page)
						 : smmu_object_global();
	}
	if (page == 1) {
		bank = (in_page & 0x3ff) / 4;
		return bank < smmu->config.banks ? smmu_object_bank(bank) : smmu_object_global();
	}
	if (page != 0)
		return smmu_object_global();
	switch (in_page) {
	case SMMU_ACR:
		return (uintptr_t)&smmu->global.acr;
	case SMMU_TLBGSYNC:
	case SMMU_TLBGSTATUS:
		return (uintptr_t)&smmu->global.sync_until;
	case SMMU_IDR0 ... SMMU_IDR7:
		return (uintptr_t)&smmu->config;
	default:
		return smmu_object_global();
	}
}

void smmu_point(enum fl_access_kind kind, uintptr_t object, uint64_t reg)
{
	uint32_t site = 1u << 31 | (kind == FL_ACCESS_READ ? 0 : 1u << 30) | (uint32_t)reg;

	fl_point(kind, object, site);
}

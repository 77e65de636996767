/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fake SMMU's tests share: a fresh device with a table-walk memory, register shorthands, a
 * log of events. Assertions must not fail on a fiber (cmocka jumps out of them): a run notes what
 * it sees, and the test looks at the notes afterwards.
 */
#ifndef FAULTLINE_TESTS_SMMU_TEST_H
#define FAULTLINE_TESTS_SMMU_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "smmu/bits.h"
#include "smmu/smmu.h"

#define UNUSED_OK   __attribute__((unused))

#define STREAM	    5
#define MAPPED	    0x10000ull
#define UNMAPPED    0x20000ull
#define MAPPED_PA   0x80010000ull

/* --- memory: 4 KiB table pages, page n at address n * 4096 --- */
#define TABLE_PAGES 16
static uint64_t memory[TABLE_PAGES * 512];

UNUSED_OK static bool read_memory(uint64_t address, uint64_t *value)
{
	if (address / 8 >= TABLE_PAGES * 512)
		return false;
	*value = memory[address / 8];
	return true;
}

UNUSED_OK static void set_entry(unsigned int page, unsigned int index, uint64_t descriptor)
{
	memory[page * 512 + index] = descriptor;
}

#define TABLE(page)  ((uint64_t)(page) * 4096 | 3)
#define AF	     (1ull << 10)
#define AP_UNPRIV    (1ull << 6)
#define AP_READ_ONLY (1ull << 7)
#define PAGE_RW	     (3 | AF | AP_UNPRIV)
#define BLOCK_RW     (1 | AF | AP_UNPRIV)

/* A 36-bit space: level 1 in page 1, level 2 in page 2, level 3 in page 3. */
UNUSED_OK static void make_tables(void)
{
	memset(memory, 0, sizeof(memory));
	set_entry(1, 0, TABLE(2));
	set_entry(2, 0, TABLE(3));
	set_entry(3, MAPPED >> 12, MAPPED_PA | PAGE_RW);
}

/* --- events --- */
#define MAX_LOG 512
static struct fl_event event_log[MAX_LOG];
static unsigned int event_count;

UNUSED_OK static void log_event(const struct fl_event *event)
{
	if (event_count < MAX_LOG)
		event_log[event_count++] = *event;
}

UNUSED_OK static unsigned int count_events(enum fl_event_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < event_count; i++)
		count += event_log[i].kind == kind;
	return count;
}

/* The last event of that kind; its kind is FL_EVENT_KINDS if there was none. */
UNUSED_OK static struct fl_event last_event(enum fl_event_kind kind)
{
	for (unsigned int i = event_count; i--;)
		if (event_log[i].kind == kind)
			return event_log[i];
	return (struct fl_event){.kind = FL_EVENT_KINDS};
}

/* --- the device --- */
static bool line_level[SMMU_MAX_BANKS];
static bool global_level;
static unsigned int level_changes;

UNUSED_OK static void note_output(unsigned int bank, bool level)
{
	level_changes++;
	if (bank == FL_BANK_GLOBAL)
		global_level = level;
	else
		line_level[bank] = level;
}

UNUSED_OK static void fresh_device_with(enum smmu_model model, unsigned int tbus)
{
	struct smmu_config config = {
		.model = model,
		.banks = 3,
		.stream_groups = 4,
		.address_bits = 36,
		.tbus = tbus,
		.output = note_output,
		.read_memory = read_memory,
	};

	memset(&fl_knobs, 0, sizeof(fl_knobs));
	fl_unsubscribe_all();
	for (int kind = 0; kind <= FL_EV_WRITE_LOST; kind++)
		fl_subscribe(kind, log_event);
	fl_subscribe(FL_EV_WARNING, log_event);
	fl_segments_clear();
	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	smmu_init(&config);
	memset(line_level, 0, sizeof(line_level));
	global_level = false;
	level_changes = 0;
	event_count = 0;
	make_tables();
}

UNUSED_OK static void fresh_device(void)
{
	fresh_device_with(SMMU_MODEL_MMU500, 0);
}

#define CB(bank, offset) ((SMMU_NUMPAGE + (bank)) * SMMU_PAGE_SIZE + (offset))
#define GR1(offset)	 (SMMU_PAGE_SIZE + (offset))

UNUSED_OK static uint32_t rd(uint32_t offset)
{
	return smmu_read(offset, 4);
}

UNUSED_OK static void wr(uint32_t offset, uint32_t value)
{
	smmu_write(offset, value, 4);
}

UNUSED_OK static uint32_t fsr(void)
{
	struct smmu_bank_view view;

	smmu_bank_view(0, &view);
	return view.fsr;
}

#define SCTLR_BASE  (SMMU_SCTLR_M | SMMU_SCTLR_CFRE | SMMU_SCTLR_CFIE | SMMU_SCTLR_HUPCF)
#define SCTLR_STALL (SCTLR_BASE | SMMU_SCTLR_CFCFG)

/* Stage 1 in bank @bank: TTBR0 = page 1, 36 bits in, 36 bits out. */
UNUSED_OK static void set_up_bank(unsigned int bank, uint32_t sctlr)
{
	wr(GR1(SMMU_CBA2R(bank)), SMMU_CBA2R_VA64);
	wr(GR1(SMMU_CBAR(bank)), SMMU_CBAR_S1_S2_BYPASS << 16);
	wr(CB(bank, SMMU_TCR2), 1);
	wr(CB(bank, SMMU_TCR), (64 - 36) | SMMU_TCR_EPD1);
	smmu_write(CB(bank, SMMU_TTBR0), 0x1000, 8);
	wr(CB(bank, SMMU_SCTLR), sctlr);
}

UNUSED_OK static void route(unsigned int group, uint16_t stream, unsigned int bank)
{
	wr(SMMU_S2CR(group), bank);
	wr(SMMU_SMR(group), SMMU_SMR_VALID | stream);
}

/* As after the driver's reset and an attach of STREAM to bank 0. */
UNUSED_OK static void set_up(uint32_t sctlr)
{
	route(0, STREAM, 0);
	set_up_bank(0, sctlr);
	wr(SMMU_CR0,
	   SMMU_CR0_GFRE | SMMU_CR0_GFIE | SMMU_CR0_GCFGFRE | SMMU_CR0_GCFGFIE | SMMU_CR0_USFCFG);
	event_count = 0;
}

UNUSED_OK static unsigned int dma(uint64_t iova, bool write)
{
	struct smmu_request request = {.stream = STREAM, .iova = iova, .write = write};

	return smmu_dma(&request);
}

UNUSED_OK static enum smmu_outcome dma_now(uint64_t iova, bool write)
{
	return smmu_dma_outcome(dma(iova, write));
}

/* --- runs --- */

/* Run @fn as a task; @decisions are what differs from the run in which every answer is 0. */
UNUSED_OK static enum fl_end run_with(fl_entry_t fn, const struct fl_decision *decisions,
				      size_t count)
{
	const char *argument, *error = "";
	struct fl_run_options options = {.strategy = fl_strategy_find("replay", &argument)};
	fl_context_t task = fl_context_create("task", FL_CONTEXT_TASK, 0, fn, NULL);

	fl_replay_set(decisions, count);
	options.strategy->start(1, argument, &error);
	fl_context_activate(task);
	return fl_run(&options);
}

UNUSED_OK static enum fl_end run(fl_entry_t fn)
{
	return run_with(fn, NULL, 0);
}

#endif

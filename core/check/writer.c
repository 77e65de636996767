/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who wrote what takes effect now (observe.h).
 *
 * A write to FSR, RESUME, SCTLR or sGFSR is noted when it is issued, with its writer, and taken from the
 * notes when its effect is told. Writes to one register reach it in order, so the oldest note is the one.
 */
#include <check/writer.h>

#include <string.h>

/* The bus holds 16 writes at most; a note without an effect (an unpowered write) is not made. */
#define MAX_NOTES 32

static struct note {
	uint64_t reg;
	struct check_writer writer;
} notes[MAX_NOTES];
static unsigned int count;
/* The writer of the last effect, and when it was. */
static struct check_writer current;
static uint64_t current_step;
static fl_context_t current_context;

static void describe(struct check_writer *writer, const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	const struct check_frame *frame = check_frame_of(context);

	writer->context = event->context;
	writer->function = fl_where(event->context);
	writer->entry = context->depth ? context->entries[context->depth] : 0;
	writer->serial = frame ? frame->serial : 0;
	writer->off = frame && frame->off;
	writer->in_callback = context->suspends[FL_DEVICE_SMMU] || context->resumes[FL_DEVICE_SMMU];
	writer->outermost = fl_where_outermost(event->context);
}

static bool is_noted(uint64_t reg)
{
	uint32_t offset = reg & (SMMU_PAGE_SIZE - 1);

	if (offset != SMMU_FSR && offset != SMMU_RESUME && offset != SMMU_SCTLR)
		return reg == FL_REGISTER(FL_REGION_SMMU, SMMU_GFSR);
	return check_in_bank(reg);
}

static void forget(unsigned int index)
{
	if (index != --count)
		memmove(&notes[index], &notes[index + 1], (count - index) * sizeof(notes[0]));
}

void check_writer_issued(const struct fl_event *event)
{
	if (check_world->power != FL_POWER_ON || !is_noted(event->a))
		return;
	if (count == MAX_NOTES)
		forget(0);
	notes[count].reg = event->a;
	describe(&notes[count++].writer, event);
}

static void lost(const struct fl_event *event)
{
	for (unsigned int i = 0; i < count; i++) {
		if (notes[i].reg != event->a)
			continue;
		forget(i);
		return;
	}
}

static void takes_effect(const struct fl_event *event, uint32_t offset)
{
	uint64_t reg = FL_REGISTER(FL_REGION_SMMU, SMMU_GFSR);

	if (event->a != FL_BANK_GLOBAL)
		reg = FL_REGISTER(FL_REGION_SMMU,
				  (uint32_t)(SMMU_NUMPAGE + event->a) * SMMU_PAGE_SIZE + offset);
	current_step = event->step;
	current_context = event->context;
	for (unsigned int i = 0; i < count; i++) {
		if (notes[i].reg != reg)
			continue;
		current = notes[i].writer;
		forget(i);
		return;
	}
	describe(&current, event);
}

static void fsr_write(const struct fl_event *event)
{
	takes_effect(event, SMMU_FSR);
}

static void resume_write(const struct fl_event *event)
{
	takes_effect(event, SMMU_RESUME);
}

static void sctlr_write(const struct fl_event *event)
{
	takes_effect(event, SMMU_SCTLR);
}

const struct check_writer *check_writer_of(const struct fl_event *event)
{
	/* Retired by no write of these: by whoever runs. */
	if (current_step != event->step || current_context != event->context)
		describe(&current, event);
	return &current;
}

void check_writer_start(void)
{
	fl_subscribe(FL_EV_WRITE_LOST, lost);
	fl_subscribe(FL_EV_FSR_WRITE, fsr_write);
	fl_subscribe(FL_EV_RESUME_WRITE, resume_write);
	fl_subscribe(FL_EV_SCTLR_WRITE, sctlr_write);
}

void check_writer_reset(void)
{
	count = 0;
	current_step = UINT64_MAX;
}

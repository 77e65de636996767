// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Recording. It happens on the small stacks of the world's contexts, so it only copies; the words are
 * made after the run (timeline_print.c).
 */
#include "timeline_record.h"
#include "cli.h"

#include <smmu/smmu.h>
#include <world/objects.h>

#include <stdlib.h>
#include <string.h>

#define MAX_ENTRIES (1u << 18)
#define TEXT_SIZE   (4u << 20)

struct timeline_record timeline_record;

static struct timeline_state initial, now;
static char *texts;
static size_t text_used;
static bool registers_wanted, places_wanted, stopped;

void timeline_init(void)
{
	timeline_record.entries = calloc(MAX_ENTRIES, sizeof(*timeline_record.entries));
	texts = calloc(1, TEXT_SIZE);
	if (!timeline_record.entries || !texts)
		fail_internal("there is no memory for the timeline");
}

/* --- events --------------------------------------------------------------------------------- */

static const char *keep_text(const char *text)
{
	size_t size;
	char *kept;

	if (!text)
		return NULL;
	size = strlen(text) + 1;
	if (size > TEXT_SIZE - text_used)
		return "...";
	kept = texts + text_used;
	memcpy(kept, text, size);
	text_used += size;
	return kept;
}

static void set_bit(uint16_t *mask, uint64_t bit, bool on)
{
	if (bit >= 16)
		return;
	if (on)
		*mask |= 1u << bit;
	else
		*mask &= ~(1u << bit);
}

static void follow_state(const struct fl_event *event)
{
	switch (event->kind) {
	case FL_EV_POWER:
		now.power = event->b;
		break;
	case FL_EV_PM_STATUS:
		if (event->a < FL_DEVICES)
			now.status[event->a] = event->c;
		break;
	case FL_EV_LINE:
		set_bit(&now.lines_high, event->a, event->b);
		break;
	case FL_EV_LINE_MASK:
		set_bit(&now.lines_masked, event->a, event->b);
		break;
	default:
		break;
	}
}

static struct timeline_entry *new_entry(void)
{
	struct timeline_entry *entry;

	if (timeline_record.count == MAX_ENTRIES) {
		timeline_record.lost++;
		return NULL;
	}
	entry = &timeline_record.entries[timeline_record.count++];
	entry->after = now;
	entry->registers.seen = false;
	entry->finding = FL_NO_FINDING;
	entry->place = PLACE_NONE;
	return entry;
}

/* What happens outside of the subject has no line in it. */
static void note_place(struct timeline_entry *entry)
{
	if (places_wanted && fl_current() != FL_NO_CONTEXT && fl_where(fl_current()))
		entry->place = places_note();
}

static void take_event(const struct fl_event *event)
{
	struct timeline_entry *entry;

	if (!fl_running() || stopped)
		return;
	follow_state(event);
	entry = new_entry();
	if (!entry)
		return;
	entry->event = *event;
	entry->event.text = keep_text(event->text);
	fl_number_objects(&entry->event);
	note_place(entry);
}

/* Only when somebody will read them: they are many. */
static void look_at_registers(struct timeline_entry *entry)
{
	unsigned int banks = fl_checked_hardware->banks;

	if (!registers_wanted)
		return;
	entry->registers.seen = true;
	entry->registers.gfsr = smmu_gfsr();
	for (unsigned int bank = 0; bank < banks && bank < TIMELINE_BANKS; bank++) {
		struct smmu_bank_view view;

		smmu_bank_view(bank, &view);
		entry->registers.banks[bank].fsr = view.fsr;
		entry->registers.banks[bank].sctlr = view.sctlr;
		entry->registers.banks[bank].fsynr0 = view.fsynr0;
		entry->registers.banks[bank].far = view.far;
		entry->registers.banks[bank].stalled = (uint16_t)view.stalled;
		entry->registers.banks[bank].output = view.output;
	}
}

static void take_step(fl_context_t context)
{
	struct timeline_entry *last =
		timeline_record.count ? &timeline_record.entries[timeline_record.count - 1] : NULL;
	struct timeline_entry *entry;

	if (last && last->event.step == fl_step()) {
		look_at_registers(last);
		return;
	}
	entry = new_entry();
	if (!entry)
		return;
	entry->event = (struct fl_event){
		.kind = FL_EVENT_KINDS,
		.context = context,
		.step = fl_step(),
	};
	look_at_registers(entry);
}

const struct timeline_entry *timeline_step_end(const struct timeline_entry *entry)
{
	const struct timeline_entry *end = timeline_record.entries + timeline_record.count;

	while (entry + 1 < end && entry[1].event.step == entry->event.step)
		entry++;
	return entry;
}

void timeline_stop(void)
{
	stopped = true;
	fl_set_step_hook(NULL);
	fl_check_set_hook(NULL);
}

void timeline_want_registers(void)
{
	registers_wanted = true;
}

void timeline_want_places(void)
{
	places_wanted = true;
}

static bool take_violation(const struct fl_finding *finding, const char *file, unsigned int line)
{
	struct timeline_entry *entry;

	if (timeline_record.finding_count == FL_MAX_FINDINGS)
		return false;
	entry = new_entry();
	if (!entry)
		return false;
	entry->event = (struct fl_event){
		.kind = FL_EVENT_KINDS,
		.context = fl_current(),
		.step = finding->step,
	};
	entry->finding = timeline_record.finding_count;
	note_place(entry);
	timeline_record.findings[timeline_record.finding_count++] = *finding;
	return false;
}

void timeline_subscribe(const struct fl_subject *subject)
{
	for (unsigned int kind = 0; kind < FL_EVENT_KINDS; kind++)
		fl_subscribe(kind, take_event);
	fl_set_step_hook(take_step);
	fl_check_set_hook(take_violation);
	for (unsigned int device = 0; device < FL_DEVICES; device++) {
		struct fl_pm_view view = {.status = FL_RPM_ACTIVE};

		if (device != FL_DEVICE_TBU)
			subject->pm_view(device, &view);
		initial.status[device] = view.status;
	}
	timeline_reset();
}

void timeline_reset(void)
{
	timeline_record.count = 0;
	timeline_record.lost = 0;
	timeline_record.finding_count = 0;
	text_used = 0;
	fl_forget_objects();
	now = initial;
}

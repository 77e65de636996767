// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A timeline for the page, as one JSON object. Columns instead of rows, and what repeats by its number: a
 * page holds hundreds of them.
 */
#include "timeline_record.h"
#include "triage_files.h"

#include <faultline/host.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of what is shown: at most so many, and so many of them after the violation. */
#define MAX_SHOWN     1200
#define SHOWN_AFTER   8
#define MAX_NESTING   32
#define MAX_WRITERS   256
#define MAX_FUNCTIONS 64
#define NOWHERE	      UINT32_MAX

static struct {
	struct json json;
	unsigned int detail;
	uint32_t *shown; /* entries, in order */
	uint32_t count;
	uint32_t *row_of; /* of each entry: its row, or the last one before it */
	uint32_t break_row;
	int column_of[FL_MAX_CONTEXTS];
	/* For arrows, entries: where a line that is high rose, who woke its thread, who wrote a register. */
	uint32_t rises[16], wakes[16];
	struct {
		uint64_t reg;
		uint32_t entry;
	} writers[MAX_WRITERS];
	unsigned int writer_count;
} page;

static const struct timeline_entry *entry_of(uint32_t row)
{
	return &timeline_record.entries[page.shown[row]];
}

/* --- which entries ---------------------------------------------------------------------------- */

static bool breaks(const struct timeline_entry *entry, const struct fl_store_finding *finding)
{
	return entry->finding != FL_NO_FINDING &&
	       !strcmp(timeline_record.findings[entry->finding].signature, finding->signature);
}

static bool is_shown(uint32_t index)
{
	const struct timeline_entry *entry = &timeline_record.entries[index];

	if (entry->finding != FL_NO_FINDING)
		return true;
	if (!timeline_shows(&entry->event, page.detail))
		return false;
	/* The access without power that broke something, and then the access. */
	while (index && timeline_record.entries[index - 1].finding != FL_NO_FINDING)
		index--;
	return !index ||
	       !timeline_repeats(&entry->event, &timeline_record.entries[index - 1].event);
}

/* Locks are shown where a finding is about them. */
static unsigned int detail_for(const struct fl_store_finding *finding)
{
	unsigned int detail = finding->smallest->memory_granularity ? TIMELINE_ACCESSES : 0;

	if (!strcmp(finding->invariant, "deadlock") || !strcmp(finding->invariant, "lock-order") ||
	    !strcmp(finding->invariant, "sleep-in-atomic"))
		detail |= TIMELINE_LOCKS;
	return detail;
}

static bool choose(const struct fl_store_finding *finding)
{
	uint32_t after = NOWHERE, skipped = 0;

	page.shown = calloc(timeline_record.count + 1, sizeof(*page.shown));
	page.row_of = calloc(timeline_record.count + 1, sizeof(*page.row_of));
	if (!page.shown || !page.row_of)
		return false;
	page.break_row = NOWHERE;
	for (uint32_t i = 0; i < timeline_record.count && after; i++) {
		if (is_shown(i)) {
			page.shown[page.count++] = i;
			after -= after != NOWHERE;
		}
		if (after == NOWHERE && breaks(&timeline_record.entries[i], finding)) {
			page.break_row = page.count - 1;
			after = SHOWN_AFTER;
		}
	}
	/* What comes last is what it is about. */
	if (page.count > MAX_SHOWN)
		skipped = page.count - MAX_SHOWN;
	page.count -= skipped;
	page.break_row -= page.break_row == NOWHERE ? 0 : skipped;
	memmove(page.shown, page.shown + skipped, page.count * sizeof(*page.shown));
	for (uint32_t i = 0, row = 0; i < timeline_record.count; i++) {
		if (row < page.count && page.shown[row] == i)
			row++;
		page.row_of[i] = row ? row - 1 : NOWHERE;
	}
	return true;
}

/* --- contexts --------------------------------------------------------------------------------- */

static void put_contexts(void)
{
	static const struct {
		enum fl_context_kind kind;
		const char *name;
	} order[] = {
		{FL_CONTEXT_AGENT, "hardware"},	       {FL_CONTEXT_TASK, "task"},
		{FL_CONTEXT_WORK, "worker"},	       {FL_CONTEXT_TIMER, "timer"},
		{FL_CONTEXT_IRQ_THREAD, "IRQ thread"}, {FL_CONTEXT_HARDIRQ, "hard interrupt"},
	};
	bool used[FL_MAX_CONTEXTS] = {false};
	int count = 0;

	for (uint32_t row = 0; row < page.count; row++)
		if (entry_of(row)->event.context != FL_NO_CONTEXT)
			used[entry_of(row)->event.context] = true;
	memset(page.column_of, 0xff, sizeof(page.column_of));
	json_open(&page.json, "contexts", '[');
	for (unsigned int i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (fl_context_t context = 0; context < fl_context_count(); context++) {
			if (!used[context] || fl_context_kind(context) != order[i].kind)
				continue;
			page.column_of[context] = count++;
			json_open(&page.json, NULL, '[');
			json_string(&page.json, NULL, fl_context_name(context));
			json_string(&page.json, NULL, order[i].name);
			json_close(&page.json, ']');
		}
	json_close(&page.json, ']');
}

/* The functions that each context was in before the first row. */
static void put_open(void)
{
	static const char *functions[FL_MAX_CONTEXTS][MAX_NESTING];
	unsigned int depth[FL_MAX_CONTEXTS] = {0};

	for (uint32_t i = 0; page.count && i < page.shown[0]; i++) {
		const struct fl_event *event = &timeline_record.entries[i].event;

		if (event->context == FL_NO_CONTEXT)
			continue;
		if (event->kind == FL_EV_ENTER && depth[event->context] < MAX_NESTING)
			functions[event->context][depth[event->context]++] = event->text;
		else if (event->kind == FL_EV_LEAVE && depth[event->context])
			depth[event->context]--;
	}
	json_open(&page.json, "open", '[');
	for (fl_context_t context = 0; context < fl_context_count(); context++)
		for (unsigned int i = 0; page.column_of[context] >= 0 && i < depth[context]; i++) {
			json_open(&page.json, NULL, '[');
			json_number(&page.json, NULL, (uint64_t)page.column_of[context]);
			json_string(&page.json, NULL, functions[context][i]);
			json_close(&page.json, ']');
		}
	json_close(&page.json, ']');
}

/* Where the functions begin, if their tree is known. */
static void put_sources(const struct fl_store_finding *finding)
{
	static const char *seen[MAX_FUNCTIONS];
	unsigned int count = 0;

	json_open(&page.json, "sources", '{');
	for (uint32_t i = 0; page.count && i <= page.shown[page.count - 1]; i++) {
		const struct fl_event *event = &timeline_record.entries[i].event;
		struct triage_source_line found;
		unsigned int at = 0;

		if (event->kind != FL_EV_ENTER || count == MAX_FUNCTIONS)
			continue;
		while (at < count && strcmp(seen[at], event->text))
			at++;
		if (at < count)
			continue;
		seen[count++] = event->text;
		if (!triage_source_line(finding->subject, event->text, &found))
			continue;
		json_open(&page.json, event->text, '[');
		json_string(&page.json, NULL, found.file);
		json_number(&page.json, NULL, found.line);
		json_string(&page.json, NULL, found.text);
		json_close(&page.json, ']');
	}
	json_close(&page.json, '}');
}

/* --- columns ---------------------------------------------------------------------------------- */

/* One letter: how the page draws it. */
static char kind_of(const struct timeline_entry *entry)
{
	if (entry->finding != FL_NO_FINDING)
		return 'B';
	switch (entry->event.kind) {
	case FL_EV_ENTER:
		return '{';
	case FL_EV_LEAVE:
		return '}';
	case FL_EV_OP_BEGIN:
		return '[';
	case FL_EV_OP_END:
		return ']';
	case FL_EV_IRQ_ENTER:
		return 'i';
	case FL_EV_IRQ_RETURN:
		return 'o';
	case FL_EV_REG_READ:
		return 'r';
	case FL_EV_REG_WRITE:
		return 'w';
	case FL_EV_OFF_ACCESS:
	case FL_EV_WRITE_LOST:
	case FL_EV_BUS_ERROR:
		return 'x';
	case FL_EV_FAULT_RECORDED:
	case FL_EV_FAULT_MULTI:
	case FL_EV_FAULT_RETIRED:
	case FL_EV_RESUME_WRITE:
	case FL_EV_TXN_FAULT:
	case FL_EV_TXN_STALLED:
	case FL_EV_TXN_DONE:
	case FL_EV_POWER:
	case FL_EV_LINE:
		return 'h';
	case FL_EV_PRINTK:
	case FL_EV_WARNING:
	case FL_EV_BUG:
		return 'k';
	default:
		return '.';
	}
}

static void put_kinds(void)
{
	char *kinds = calloc(page.count + 1, 1);

	for (uint32_t row = 0; kinds && row < page.count; row++)
		kinds[row] = kind_of(entry_of(row));
	json_string(&page.json, "kinds", kinds ? kinds : "");
	free(kinds);
}

static void put_steps(void)
{
	json_open(&page.json, "steps", '[');
	for (uint32_t row = 0; row < page.count; row++)
		json_number(&page.json, NULL, entry_of(row)->event.step);
	json_close(&page.json, ']');
	/* A number that is no column: the end of the run, which is in no context. */
	json_open(&page.json, "columns", '[');
	for (uint32_t row = 0; row < page.count; row++) {
		fl_context_t context = entry_of(row)->event.context;

		json_number(&page.json, NULL,
			    context == FL_NO_CONTEXT ? FL_MAX_CONTEXTS
						     : (uint64_t)page.column_of[context]);
	}
	json_close(&page.json, ']');
}

static void put_words(void)
{
	json_open(&page.json, "words", '[');
	for (uint32_t row = 0; row < page.count; row++) {
		const struct timeline_entry *entry = entry_of(row);
		char text[512];

		if (entry->finding != FL_NO_FINDING) {
			const struct fl_finding *finding =
				&timeline_record.findings[entry->finding];

			snprintf(text, sizeof(text), "BROKEN: %s. %s", finding->signature,
				 finding->detail);
		} else {
			timeline_text(&entry->event, text, sizeof(text));
		}
		json_string(&page.json, NULL, text);
	}
	json_close(&page.json, ']');
}

/* Lines of the subject, each once; and for each row the number of its line, from 1; 0: none is known. */
static void put_places(const struct fl_store_finding *finding)
{
	const struct source_place **places = calloc(page.count + 1, sizeof(*places));
	uint32_t *numbers = calloc(page.count + 1, sizeof(*numbers)), count = 0;

	for (uint32_t row = 0; places && numbers && row < page.count; row++) {
		const struct source_place *place =
			places_find(entry_of(row)->place, finding->subject);
		uint32_t at = 0;

		while (place && at < count && places[at] != place)
			at++;
		if (place && at == count)
			places[count++] = place;
		numbers[row] = place ? at + 1 : 0;
	}
	json_open(&page.json, "places", '[');
	for (uint32_t i = 0; i < count; i++) {
		struct triage_source_line found;

		triage_source_text(finding->subject, places[i], &found);
		json_open(&page.json, NULL, '[');
		json_string(&page.json, NULL, found.file);
		json_number(&page.json, NULL, found.line);
		json_string(&page.json, NULL, found.text);
		json_close(&page.json, ']');
	}
	json_close(&page.json, ']');
	json_open(&page.json, "lines", '[');
	for (uint32_t row = 0; count && row < page.count; row++)
		json_number(&page.json, NULL, numbers[row]);
	json_close(&page.json, ']');
	free(places);
	free(numbers);
}

/* --- states and registers ----------------------------------------------------------------------- */

/* What the page is told when it changes: the row, then the values from there on. */
static void put_states(void)
{
	const struct timeline_state *last = NULL;

	json_open(&page.json, "states", '[');
	for (uint32_t row = 0; row < page.count; row++) {
		const struct timeline_state *now = &entry_of(row)->after;

		if (last && !memcmp(last, now, sizeof(*now)))
			continue;
		last = now;
		json_open(&page.json, NULL, '[');
		json_number(&page.json, NULL, row);
		json_number(&page.json, NULL, now->power);
		json_number(&page.json, NULL, now->status[FL_DEVICE_SMMU]);
		json_number(&page.json, NULL, now->status[FL_DEVICE_GPU]);
		json_number(&page.json, NULL, now->lines_high);
		json_number(&page.json, NULL, now->lines_masked);
		json_close(&page.json, ']');
	}
	json_close(&page.json, ']');
}

static void put_bank(const struct timeline_registers *now, unsigned int bank)
{
	char far[24];

	snprintf(far, sizeof(far), "0x%" PRIx64, now->banks[bank].far);
	json_open(&page.json, NULL, '[');
	json_number(&page.json, NULL, now->banks[bank].fsr);
	json_string(&page.json, NULL, far);
	json_number(&page.json, NULL, now->banks[bank].fsynr0);
	json_number(&page.json, NULL, now->banks[bank].sctlr);
	json_number(&page.json, NULL, now->banks[bank].stalled);
	json_number(&page.json, NULL, now->banks[bank].output);
	json_close(&page.json, ']');
}

static bool same_registers(const struct timeline_registers *a, const struct timeline_registers *b)
{
	if (a->gfsr != b->gfsr)
		return false;
	for (unsigned int bank = 0; bank < TIMELINE_BANKS; bank++)
		if (a->banks[bank].fsr != b->banks[bank].fsr ||
		    a->banks[bank].far != b->banks[bank].far ||
		    a->banks[bank].fsynr0 != b->banks[bank].fsynr0 ||
		    a->banks[bank].sctlr != b->banks[bank].sctlr ||
		    a->banks[bank].stalled != b->banks[bank].stalled ||
		    a->banks[bank].output != b->banks[bank].output)
			return false;
	return true;
}

static unsigned int banks_used(void)
{
	unsigned int count = 0;

	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_registers *now = &timeline_record.entries[i].registers;

		for (unsigned int bank = count; now->seen && bank < TIMELINE_BANKS; bank++)
			if (now->banks[bank].sctlr || now->banks[bank].fsr)
				count = bank + 1;
	}
	return count;
}

/* After the step that the row is of. */
static void put_registers(void)
{
	const struct timeline_registers *last = NULL;
	unsigned int banks = banks_used();

	json_open(&page.json, "registers", '[');
	for (uint32_t row = 0; row < page.count; row++) {
		const struct timeline_registers *now = &timeline_step_end(entry_of(row))->registers;

		if (!now->seen || (last && same_registers(last, now)))
			continue;
		last = now;
		json_open(&page.json, NULL, '[');
		json_number(&page.json, NULL, row);
		json_number(&page.json, NULL, now->gfsr);
		for (unsigned int bank = 0; bank < banks; bank++)
			put_bank(now, bank);
		json_close(&page.json, ']');
	}
	json_close(&page.json, ']');
}

/* --- arrows ------------------------------------------------------------------------------------- */

enum arrow { ARROW_INTERRUPT, ARROW_WAKE, ARROW_REGISTER };

static void put_arrow(enum arrow kind, uint32_t from, uint32_t to)
{
	if (from == NOWHERE || page.row_of[from] == NOWHERE)
		return;
	/* From a line's rise an arrow leaves the hardware, not the context that made it rise. */
	if (kind != ARROW_INTERRUPT && timeline_record.entries[from].event.context ==
					       timeline_record.entries[to].event.context)
		return;
	json_open(&page.json, NULL, '[');
	json_number(&page.json, NULL, page.row_of[from]);
	json_number(&page.json, NULL, page.row_of[to]);
	json_number(&page.json, NULL, kind);
	json_close(&page.json, ']');
}

static uint32_t *writer_of(uint64_t reg)
{
	for (unsigned int i = 0; i < page.writer_count; i++)
		if (page.writers[i].reg == reg)
			return &page.writers[i].entry;
	if (page.writer_count == MAX_WRITERS)
		return NULL;
	page.writers[page.writer_count].reg = reg;
	page.writers[page.writer_count].entry = NOWHERE;
	return &page.writers[page.writer_count++].entry;
}

static void follow(uint32_t index)
{
	const struct fl_event *event = &timeline_record.entries[index].event;
	uint32_t *writer;

	switch (event->kind) {
	case FL_EV_LINE:
		if (event->a < 16)
			page.rises[event->a] = event->b ? index : NOWHERE;
		return;
	case FL_EV_IRQ_ENTER:
		if (event->a >= 16)
			return;
		if (event->c)
			put_arrow(ARROW_WAKE, page.wakes[event->a], index);
		else
			put_arrow(ARROW_INTERRUPT, page.rises[event->a], index);
		/* A storm has one rise and a thousand handlers: the first is enough. */
		if (!event->c)
			page.rises[event->a] = NOWHERE;
		return;
	case FL_EV_IRQ_RETURN:
		if (event->a < 16 && !event->c && event->d == FL_IRQ_WAKE_THREAD)
			page.wakes[event->a] = index;
		return;
	case FL_EV_REG_WRITE:
		writer = writer_of(event->a);
		if (writer)
			*writer = index;
		return;
	case FL_EV_REG_READ:
		writer = writer_of(event->a);
		if (!writer)
			return;
		put_arrow(ARROW_REGISTER, *writer, index);
		*writer = NOWHERE;
		return;
	default:
		return;
	}
}

static void put_arrows(void)
{
	memset(page.rises, 0xff, sizeof(page.rises));
	memset(page.wakes, 0xff, sizeof(page.wakes));
	json_open(&page.json, "arrows", '[');
	for (uint32_t i = 0; page.count && i <= page.shown[page.count - 1]; i++)
		if (timeline_record.entries[i].finding == FL_NO_FINDING)
			follow(i);
	json_close(&page.json, ']');
}

void triage_put_timeline(FILE *out, const struct fl_store_finding *finding)
{
	page.json.out = out;
	page.detail = detail_for(finding);
	if (!choose(finding))
		return;
	json_open(&page.json, NULL, '{');
	put_contexts();
	put_open();
	put_sources(finding);
	put_kinds();
	put_steps();
	put_words();
	put_places(finding);
	put_states();
	put_registers();
	put_arrows();
	json_number(&page.json, "broken", page.break_row);
	json_close(&page.json, '}');
	free(page.shown);
	free(page.row_of);
}

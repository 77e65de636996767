// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table. On the left the step and the machine's state after it; then a column per context. Only
 * one context acts in a row, so its words may run on to the right over the columns that follow, and
 * columns can stand close together.
 */
#include "timeline_record.h"

#include <inttypes.h>
#include <string.h>

#define TABLE_WIDTH	  118
#define COMPACT_WIDTH	  80
/* Columns that the words of the last context have at least. */
#define LAST_COLUMN_WIDTH 48
#define MAX_COLUMN_GAP	  16

static const char *const power_names[] = {"on", "gated", "off"};
static const char *const status_names[] = {"active", "resuming", "suspended", "suspending"};

struct table {
	FILE *out;
	unsigned int detail; /* enum timeline_detail */
	unsigned int width;
	bool compact; /* no state columns: what changes the state is an event */
	fl_context_t contexts[FL_MAX_CONTEXTS];
	unsigned int columns, gap;
	uint32_t count; /* entries that are looked at */
	int column_of[FL_MAX_CONTEXTS];
	unsigned int lines_width, left; /* of the lines' column, of all state columns */
	bool step_shown;
	uint64_t last_step;
};

static bool shown(const struct table *table, const struct timeline_entry *entry)
{
	if (entry->finding != FL_NO_FINDING || !timeline_shows(&entry->event, table->detail))
		return false;
	return table->detail & TIMELINE_ALL || entry == timeline_record.entries ||
	       !timeline_repeats(&entry->event, &entry[-1].event);
}

/* From the hardware on the left to the hard interrupts on the right. */
static const enum fl_context_kind kind_order[] = {
	FL_CONTEXT_AGENT, FL_CONTEXT_TASK,	 FL_CONTEXT_WORK,
	FL_CONTEXT_TIMER, FL_CONTEXT_IRQ_THREAD, FL_CONTEXT_HARDIRQ,
};
static const char *const kind_names[] = {
	[FL_CONTEXT_TASK] = "task",
	[FL_CONTEXT_HARDIRQ] = "hard interrupt",
	[FL_CONTEXT_IRQ_THREAD] = "IRQ thread",
	[FL_CONTEXT_WORK] = "worker",
	[FL_CONTEXT_TIMER] = "timer",
	[FL_CONTEXT_AGENT] = "hardware",
};

/* "0" is high, "0m" high and masked, "(0m)" low and masked; a low line is not named. */
static size_t lines_text(const struct timeline_state *state, char *buffer, size_t size)
{
	size_t length = 0;

	*buffer = '\0';
	for (unsigned int line = 0; line < 16; line++) {
		bool high = state->lines_high & 1u << line;
		bool masked = state->lines_masked & 1u << line;

		if ((high || masked) && length < size)
			length += snprintf(buffer + length, size - length, "%s%s%u%s%s",
					   length ? " " : "", high ? "" : "(", line,
					   masked ? "m" : "", high ? "" : ")");
	}
	if (!length)
		length = snprintf(buffer, size, "low");
	return length < size ? length : size - 1;
}

static void lay_out(struct table *table)
{
	uint64_t ran = 0;
	char lines[24];

	table->lines_width = 5;
	for (uint32_t i = 0; i < table->count; i++) {
		const struct timeline_entry *entry = &timeline_record.entries[i];
		size_t width = lines_text(&entry->after, lines, sizeof(lines));

		if (width > table->lines_width)
			table->lines_width = width;
		if (shown(table, entry) && entry->event.context != FL_NO_CONTEXT)
			ran |= 1ull << entry->event.context;
	}
	for (unsigned int order = 0; order < sizeof(kind_order) / sizeof(kind_order[0]); order++) {
		for (int i = 0; i < fl_context_count(); i++) {
			if (!(ran & 1ull << i) || fl_context_kind(i) != kind_order[order])
				continue;
			table->column_of[i] = table->columns;
			table->contexts[table->columns++] = i;
		}
	}
	table->left = 5 + 2;
	if (!table->compact)
		table->left += 5 + 1 + 10 + 1 + 10 + 1 + table->lines_width + 2;
	if (table->columns > 1) {
		unsigned int gap =
			(table->width - LAST_COLUMN_WIDTH - table->left) / (table->columns - 1);

		table->gap = gap > MAX_COLUMN_GAP ? MAX_COLUMN_GAP : gap;
		if (!table->gap)
			table->gap = 1;
	}
}

/* The bars of the columns before @column, from the edge of the state columns on. */
static void print_bars(const struct table *table, unsigned int column)
{
	for (unsigned int i = 0; i < column; i++)
		fprintf(table->out, "|%*s", (int)table->gap - 1, "");
}

/* One bar a column and nothing behind the last. */
static void print_all_bars(const struct table *table)
{
	if (table->columns) {
		print_bars(table, table->columns - 1);
		fputc('|', table->out);
	}
	fputc('\n', table->out);
}

static void print_heading(struct table *table)
{
	for (unsigned int i = 0; i < table->columns; i++) {
		fl_context_t context = table->contexts[i];

		fprintf(table->out, "%*s", (int)table->left, "");
		print_bars(table, i);
		fprintf(table->out, "%s (%s", fl_context_name(context),
			kind_names[fl_context_kind(context)]);
		if (fl_context_cpu(context) >= 0)
			fprintf(table->out, ", CPU %d", fl_context_cpu(context));
		fputs(")\n", table->out);
	}
	fprintf(table->out, "%5s  ", "step");
	if (!table->compact)
		fprintf(table->out, "%-5s %-10s %-10s %-*s  ", "power", "SMMU", "GPU",
			(int)table->lines_width, "lines");
	print_all_bars(table);
}

static void print_state(struct table *table, const struct timeline_entry *entry)
{
	const struct timeline_state *state = &timeline_step_end(entry)->after;
	char lines[24];

	if (table->step_shown && table->last_step == entry->event.step) {
		fprintf(table->out, "%*s", (int)table->left, "");
		return;
	}
	table->step_shown = true;
	table->last_step = entry->event.step;
	fprintf(table->out, "%5" PRIu64 "  ", entry->event.step);
	if (table->compact)
		return;
	lines_text(state, lines, sizeof(lines));
	fprintf(table->out, "%-5s %-10s %-10s %-*s  ", power_names[state->power],
		status_names[state->status[FL_DEVICE_SMMU]],
		status_names[state->status[FL_DEVICE_GPU]], (int)table->lines_width, lines);
}

/* The length of the first line of @text, broken at a space, of at most @width characters. */
static size_t line_length(const char *text, size_t width)
{
	size_t length = strlen(text);

	if (length <= width)
		return length;
	for (length = width; length && text[length] != ' '; length--)
		;
	return length ? length : width;
}

/* The bars of columns behind the words, so that the eye can follow them down. */
static void print_bars_behind(const struct table *table, unsigned int column, size_t length)
{
	size_t at = column * table->gap + length;

	for (unsigned int i = column + 1; i < table->columns; i++) {
		size_t bar = i * table->gap;

		if (bar < at + 1)
			continue;
		fprintf(table->out, "%*s|", (int)(bar - at), "");
		at = bar + 1;
	}
	fputc('\n', table->out);
}

static void print_event(struct table *table, const struct timeline_entry *entry)
{
	unsigned int column = 0;
	char buffer[512];
	const char *text = timeline_text(&entry->event, buffer, sizeof(buffer));
	size_t width;
	bool first = true;

	if (entry->event.context != FL_NO_CONTEXT)
		column = table->column_of[entry->event.context];
	width = table->width - table->left - column * table->gap;
	do {
		size_t length = line_length(text, width - (first ? 0 : 2));

		if (first)
			print_state(table, entry);
		else
			fprintf(table->out, "%*s", (int)table->left, "");
		print_bars(table, column);
		fprintf(table->out, "%s%.*s", first ? "" : "  ", (int)length, text);
		print_bars_behind(table, column, length + (first ? 0 : 2));
		text += length + (text[length] == ' ');
		first = false;
	} while (*text);
}

/* The cursor stands where the marks begin. */
static void print_marked(struct table *table, const char *text)
{
	bool first = true;

	while (*text) {
		size_t length = line_length(text, table->width - 11);

		fprintf(table->out, "%*s>>> %.*s\n", first ? 0 : 7, "", (int)length, text);
		text += length + (text[length] == ' ');
		first = false;
	}
}

static void print_violation(struct table *table, const struct timeline_entry *entry)
{
	const struct fl_finding *finding = &timeline_record.findings[entry->finding];
	char title[FL_SIGNATURE_SIZE + 16];

	snprintf(title, sizeof(title), "BROKEN: %s", finding->signature);
	fprintf(table->out, "%5" PRIu64 "  ", finding->step);
	print_marked(table, title);
	if (*finding->detail)
		fprintf(table->out, "%7s", "");
	print_marked(table, finding->detail);
}

static void print_entry(struct table *table, const struct timeline_entry *entry)
{
	if (entry->finding != FL_NO_FINDING)
		print_violation(table, entry);
	else if (shown(table, entry))
		print_event(table, entry);
}

void timeline_print(FILE *out, unsigned int detail)
{
	struct table table = {
		.out = out,
		.detail = detail,
		.width = TABLE_WIDTH,
		.count = timeline_record.count,
	};

	lay_out(&table);
	print_heading(&table);
	for (uint32_t i = 0; i < timeline_record.count; i++)
		print_entry(&table, &timeline_record.entries[i]);
	if (timeline_record.lost)
		fprintf(out, "%" PRIu64 " events more than the timeline holds\n",
			timeline_record.lost);
}

/* How many entries there are up to the one that breaks @signature, which is among them. */
static uint32_t count_until(const char *signature)
{
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		uint32_t finding = timeline_record.entries[i].finding;

		if (finding != FL_NO_FINDING &&
		    !strcmp(timeline_record.findings[finding].signature, signature))
			return i + 1;
	}
	return timeline_record.count;
}

void timeline_print_compact(FILE *out, unsigned int detail, const char *signature)
{
	struct table table = {
		.out = out,
		.detail = detail,
		.width = COMPACT_WIDTH,
		.compact = true,
		.count = count_until(signature),
	};

	lay_out(&table);
	print_heading(&table);
	for (uint32_t i = 0; i < table.count; i++)
		/* Of what else broke on the way, the reader asks another time. */
		if (timeline_record.entries[i].finding == FL_NO_FINDING || i + 1 == table.count)
			print_entry(&table, &timeline_record.entries[i]);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Perfetto: trace events in JSON. A track for each context with nested slices (operation, callback,
 * handler), an instant for each other event; counter tracks for lines, power and FSR; arrows from a
 * line's rise to the handler, from a handler to its thread, and from a register's writer to a reader
 * in another context.
 */
#include "json.h"
#include "timeline_record.h"
#include "trace.h"

#include <faultline/host.h>

#include <inttypes.h>
#include <string.h>

#define PROCESS_CONTEXTS 1
#define PROCESS_HARDWARE 2
#define MAX_NESTING	 32
#define MAX_WRITERS	 256

struct slice {
	uint64_t start;
	char name[96];
};

static struct {
	struct json json;
	struct slice open[FL_MAX_CONTEXTS][MAX_NESTING];
	unsigned int depth[FL_MAX_CONTEXTS];
	uint64_t arrows;
	/* Where the line that is high rose, and who woke a line's thread: 0 if nobody. */
	struct place {
		uint64_t time;
		fl_context_t context;
		bool set;
	} rises[16], wakes[16];
	struct writer {
		uint64_t reg;
		struct place place;
	} writers[MAX_WRITERS];
	unsigned int writer_count;
} trace;

/*
 * A step takes a microsecond, and its events share it: each a little later than the one before, so that
 * what begins and ends in one step nests. In units of a hundredth.
 */
static uint64_t time_of(const struct timeline_entry *entry)
{
	uint64_t within = 0;

	while (entry > timeline_record.entries && entry[-1].event.step == entry->event.step) {
		entry--;
		within++;
	}
	return entry->event.step * 100 + (within < 99 ? within : 99);
}

static void put_time(const char *key, uint64_t hundredths)
{
	json_real(&trace.json, key, (double)hundredths / 100);
}

static void begin(const char *phase, const char *name, unsigned int process, int thread,
		  uint64_t time)
{
	json_open(&trace.json, NULL, '{');
	json_string(&trace.json, "ph", phase);
	json_string(&trace.json, "name", name);
	json_number(&trace.json, "pid", process);
	json_number(&trace.json, "tid", (uint64_t)thread + 1);
	put_time("ts", time);
}

static void end(void)
{
	json_close(&trace.json, '}');
	fputc('\n', trace.json.out);
}

static void put_name(const char *what, unsigned int process, int thread, const char *name)
{
	begin("M", what, process, thread, 0);
	json_open(&trace.json, "args", '{');
	json_string(&trace.json, "name", name);
	json_close(&trace.json, '}');
	end();
}

static void put_counter(const char *name, uint64_t time, const char *key, uint64_t value)
{
	begin("C", name, PROCESS_HARDWARE, 0, time);
	json_open(&trace.json, "args", '{');
	json_number(&trace.json, key, value);
	json_close(&trace.json, '}');
	end();
}

/* --- slices --------------------------------------------------------------------------------- */

static void open_slice(const struct timeline_entry *entry, const char *name)
{
	fl_context_t context = entry->event.context;
	struct slice *slice;

	if (trace.depth[context] == MAX_NESTING)
		return;
	slice = &trace.open[context][trace.depth[context]++];
	slice->start = time_of(entry);
	snprintf(slice->name, sizeof(slice->name), "%s", name);
}

static void close_slice(fl_context_t context, uint64_t time, const char *result)
{
	const struct slice *slice;

	if (!trace.depth[context])
		return;
	slice = &trace.open[context][--trace.depth[context]];
	begin("X", slice->name, PROCESS_CONTEXTS, context, slice->start);
	put_time("dur", time > slice->start ? time - slice->start : 1);
	if (result) {
		json_open(&trace.json, "args", '{');
		json_string(&trace.json, "ends with", result);
		json_close(&trace.json, '}');
	}
	end();
}

static void put_instant(const struct timeline_entry *entry, const char *name, const char *detail)
{
	begin("i", name, PROCESS_CONTEXTS,
	      entry->event.context == FL_NO_CONTEXT ? FL_MAX_CONTEXTS : entry->event.context,
	      time_of(entry));
	json_string(&trace.json, "s", "t");
	if (detail) {
		json_open(&trace.json, "args", '{');
		json_string(&trace.json, "detail", detail);
		json_close(&trace.json, '}');
	}
	end();
}

/* --- arrows --------------------------------------------------------------------------------- */

static void put_arrow_end(const char *phase, const char *name, uint64_t number,
			  fl_context_t context, uint64_t time)
{
	begin(phase, name, PROCESS_CONTEXTS, context, time);
	json_string(&trace.json, "cat", "communication");
	json_number(&trace.json, "id", number);
	if (*phase == 'f')
		json_string(&trace.json, "bp", "e");
	end();
}

static void put_arrow(const char *name, const struct place *from, const struct timeline_entry *to)
{
	if (!from->set || from->context == to->event.context || from->context == FL_NO_CONTEXT ||
	    to->event.context == FL_NO_CONTEXT)
		return;
	trace.arrows++;
	put_arrow_end("s", name, trace.arrows, from->context, from->time);
	put_arrow_end("f", name, trace.arrows, to->event.context, time_of(to));
}

static struct place place_of(const struct timeline_entry *entry)
{
	return (struct place){time_of(entry), entry->event.context, true};
}

static struct writer *writer_of(uint64_t reg)
{
	for (unsigned int i = 0; i < trace.writer_count; i++)
		if (trace.writers[i].reg == reg)
			return &trace.writers[i];
	if (trace.writer_count == MAX_WRITERS)
		return NULL;
	trace.writers[trace.writer_count].reg = reg;
	return &trace.writers[trace.writer_count++];
}

static void follow_arrows(const struct timeline_entry *entry)
{
	const struct fl_event *event = &entry->event;
	struct writer *writer;

	switch (event->kind) {
	case FL_EV_LINE:
		if (event->a < 16)
			trace.rises[event->a] = event->b ? place_of(entry) : (struct place){0};
		return;
	case FL_EV_IRQ_ENTER:
		if (event->a >= 16)
			return;
		if (event->c)
			put_arrow("wakes the thread", &trace.wakes[event->a], entry);
		else
			put_arrow("interrupt", &trace.rises[event->a], entry);
		return;
	case FL_EV_IRQ_RETURN:
		if (event->a < 16 && !event->c && event->d == FL_IRQ_WAKE_THREAD)
			trace.wakes[event->a] = place_of(entry);
		return;
	case FL_EV_REG_WRITE:
		writer = writer_of(event->a);
		if (writer)
			writer->place = place_of(entry);
		return;
	case FL_EV_REG_READ:
		writer = writer_of(event->a);
		if (!writer)
			return;
		put_arrow("reads what was written", &writer->place, entry);
		writer->place.set = false;
		return;
	default:
		return;
	}
}

/* --- entries -------------------------------------------------------------------------------- */

static void put_event(const struct timeline_entry *entry)
{
	const struct fl_event *event = &entry->event;
	char words[512];

	if (entry->finding != FL_NO_FINDING) {
		const struct fl_finding *finding = &timeline_record.findings[entry->finding];

		snprintf(words, sizeof(words), "BROKEN: %s", finding->signature);
		put_instant(entry, words, finding->detail);
		return;
	}
	if (event->kind == FL_EVENT_KINDS)
		return;
	timeline_text(event, words, sizeof(words));
	switch (event->kind) {
	case FL_EV_ENTER:
	case FL_EV_OP_BEGIN:
		/* Behind the bracket and the blank of the table's words. */
		open_slice(entry, words + 2);
		return;
	case FL_EV_IRQ_ENTER:
	case FL_EV_IRQ_FLOW_ENTER:
		open_slice(entry, words);
		break;
	case FL_EV_LEAVE:
		close_slice(event->context, time_of(entry), NULL);
		return;
	case FL_EV_OP_END:
	case FL_EV_IRQ_RETURN:
	case FL_EV_IRQ_FLOW_EXIT:
		close_slice(event->context, time_of(entry), words);
		return;
	default:
		if (timeline_shows(event, 0))
			put_instant(entry, words, NULL);
	}
}

static void put_counters(const struct timeline_entry *entry, const struct timeline_entry *before)
{
	const struct timeline_state *now = &entry->after, *old = before ? &before->after : NULL;
	uint64_t time = entry->event.step * 100;
	char name[32];

	if (!old || old->power != now->power)
		put_counter("SMMU power lost (1 gated, 2 off)", time, "level", now->power);
	if (!old || old->status[FL_DEVICE_SMMU] != now->status[FL_DEVICE_SMMU])
		put_counter("SMMU runtime_status", time, "enum rpm_status",
			    now->status[FL_DEVICE_SMMU]);
	if (!old || old->status[FL_DEVICE_GPU] != now->status[FL_DEVICE_GPU])
		put_counter("GPU runtime_status", time, "enum rpm_status",
			    now->status[FL_DEVICE_GPU]);
	for (unsigned int line = 0; line < 16; line++) {
		uint16_t changed = old ? old->lines_high ^ now->lines_high : now->lines_high;

		snprintf(name, sizeof(name), "line %u", line);
		if (changed & 1u << line)
			put_counter(name, time, "high", now->lines_high >> line & 1);
	}
}

static void put_registers(const struct timeline_entry *entry, const struct timeline_registers *old)
{
	char name[32];

	for (unsigned int bank = 0; bank < TIMELINE_BANKS; bank++) {
		if (entry->registers.banks[bank].fsr == old->banks[bank].fsr)
			continue;
		snprintf(name, sizeof(name), "CB%u.FSR", bank);
		put_counter(name, entry->event.step * 100, "value",
			    entry->registers.banks[bank].fsr);
	}
}

static void put_contexts(void)
{
	put_name("process_name", PROCESS_CONTEXTS, 0, "contexts");
	put_name("process_name", PROCESS_HARDWARE, 0, "hardware");
	for (fl_context_t i = 0; i < fl_context_count(); i++)
		put_name("thread_name", PROCESS_CONTEXTS, i, fl_context_name(i));
	put_name("thread_name", PROCESS_CONTEXTS, FL_MAX_CONTEXTS, "at the end");
}

void trace_print_perfetto(FILE *out, const char *title)
{
	const struct timeline_entry *before = NULL, *last = NULL;
	struct timeline_registers registers = {0};

	memset(&trace, 0, sizeof(trace));
	trace.json.out = out;
	json_open(&trace.json, NULL, '{');
	json_string(&trace.json, "displayTimeUnit", "ns");
	json_open(&trace.json, "otherData", '{');
	json_string(&trace.json, "title", title);
	json_string(&trace.json, "time", "one step is one microsecond");
	json_close(&trace.json, '}');
	json_open(&trace.json, "traceEvents", '[');
	put_contexts();
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_entry *entry = last = &timeline_record.entries[i];

		put_event(entry);
		follow_arrows(entry);
		if (timeline_step_end(entry) != entry)
			continue;
		put_counters(entry, before);
		if (entry->registers.seen) {
			put_registers(entry, &registers);
			registers = entry->registers;
		}
		before = entry;
	}
	/* Who was in the middle of something when the run ended. */
	for (fl_context_t i = 0; last && i < fl_context_count(); i++)
		while (trace.depth[i])
			close_slice(i, time_of(last) + 1, "the end of the run");
	json_close(&trace.json, ']');
	json_close(&trace.json, '}');
	fputc('\n', out);
}

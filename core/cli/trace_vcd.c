// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Waveforms: value change dump (IEEE 1364, clause 18), with the string variables of GTKWave. A table of
 * signals, each of which reads its value off an entry of the timeline; only changes are written.
 */
#include "timeline_record.h"
#include "trace.h"

#include <smmu/bits.h>

#include <inttypes.h>
#include <string.h>

#define MAX_SIGNALS 128
#define VALUE_SIZE  80

struct signal {
	char scope[24], name[48];
	unsigned int width; /* bits; 0: a string */
	/* Its value after @entry, as VCD writes it without the identifier. */
	void (*read)(const struct signal *signal, const struct timeline_entry *entry, char *value);
	unsigned int index;
	uint32_t bit;
	char last[VALUE_SIZE];
};

static struct signal signals[MAX_SIGNALS];
static unsigned int signal_count;

/* --- values --------------------------------------------------------------------------------- */

static void put_bits(char *value, uint64_t number, unsigned int width)
{
	if (width == 1) {
		snprintf(value, VALUE_SIZE, "%u", (unsigned int)(number & 1));
		return;
	}
	*value++ = 'b';
	while (width--)
		*value++ = (char)('0' + (number >> width & 1));
	*value++ = ' ';
	*value = '\0';
}

/* A string variable's value has no blank in it. */
static void put_text(char *value, const char *text)
{
	snprintf(value, VALUE_SIZE, "s%s ", text);
	for (char *c = value + 1; *c && c[1]; c++)
		if (*c == ' ')
			*c = '_';
}

static void read_power(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	static const char *const names[] = {"on", "gated", "off"};

	(void)signal;
	put_text(value, names[entry->after.power]);
}

static void read_status(const struct signal *signal, const struct timeline_entry *entry,
			char *value)
{
	static const char *const names[] = {"active", "resuming", "suspended", "suspending"};

	put_text(value, names[entry->after.status[signal->index]]);
}

static void read_line(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->after.lines_high >> signal->index, 1);
}

static void read_mask(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->after.lines_masked >> signal->index, 1);
}

static void read_gfsr(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->registers.gfsr, signal->width);
}

static void read_fsr(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->registers.banks[signal->index].fsr, signal->width);
}

static void read_fsr_bit(const struct signal *signal, const struct timeline_entry *entry,
			 char *value)
{
	put_bits(value, (entry->registers.banks[signal->index].fsr & signal->bit) != 0, 1);
}

static void read_sctlr(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->registers.banks[signal->index].sctlr, signal->width);
}

static void read_fsynr0(const struct signal *signal, const struct timeline_entry *entry,
			char *value)
{
	put_bits(value, entry->registers.banks[signal->index].fsynr0, signal->width);
}

static void read_far(const struct signal *signal, const struct timeline_entry *entry, char *value)
{
	put_bits(value, entry->registers.banks[signal->index].far, signal->width);
}

static void read_stalled(const struct signal *signal, const struct timeline_entry *entry,
			 char *value)
{
	put_bits(value, entry->registers.banks[signal->index].stalled, signal->width);
}

static void read_output(const struct signal *signal, const struct timeline_entry *entry,
			char *value)
{
	put_bits(value, entry->registers.banks[signal->index].output, 1);
}

static void read_running(const struct signal *signal, const struct timeline_entry *entry,
			 char *value)
{
	fl_context_t context = entry->event.context;

	(void)signal;
	put_text(value, context == FL_NO_CONTEXT ? "-" : fl_context_name(context));
}

static void read_context(const struct signal *signal, const struct timeline_entry *entry,
			 char *value)
{
	put_bits(value, entry->event.context == (fl_context_t)signal->index, 1);
}

/* --- the table of signals ------------------------------------------------------------------- */

static struct signal *
add(const char *scope, const char *name, unsigned int width,
    void (*read)(const struct signal *, const struct timeline_entry *, char *), unsigned int index)
{
	struct signal *signal = &signals[signal_count];

	if (signal_count == MAX_SIGNALS)
		return NULL;
	signal_count++;
	*signal = (struct signal){.width = width, .read = read, .index = index};
	snprintf(signal->scope, sizeof(signal->scope), "%s", scope);
	snprintf(signal->name, sizeof(signal->name), "%s", name);
	/* A reference has no blank, and a dot or a slash is a level of its own to some readers. */
	for (char *c = signal->name; *c; c++)
		if (*c == ' ' || *c == '/')
			*c = '_';
	return signal;
}

static void add_bank(unsigned int bank)
{
	static const struct {
		const char *name;
		uint32_t bit;
	} bits[] = {
		{"TF", SMMU_FSR_TF},	   {"AFF", SMMU_FSR_AFF},	{"PF", SMMU_FSR_PF},
		{"EF", SMMU_FSR_EF},	   {"TLBMCF", SMMU_FSR_TLBMCF}, {"TLBLKF", SMMU_FSR_TLBLKF},
		{"ASF", SMMU_FSR_ASF},	   {"UUT", SMMU_FSR_UUT},	{"SS", SMMU_FSR_SS},
		{"MULTI", SMMU_FSR_MULTI},
	};
	char scope[24], name[48];

	snprintf(scope, sizeof(scope), "CB%u", bank);
	add(scope, "FSR", 32, read_fsr, bank);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		struct signal *signal;

		snprintf(name, sizeof(name), "FSR_%s", bits[i].name);
		signal = add(scope, name, 1, read_fsr_bit, bank);
		if (signal)
			signal->bit = bits[i].bit;
	}
	add(scope, "FAR", 64, read_far, bank);
	add(scope, "FSYNR0", 32, read_fsynr0, bank);
	add(scope, "SCTLR", 32, read_sctlr, bank);
	add(scope, "stalled", 8, read_stalled, bank);
	add(scope, "interrupt", 1, read_output, bank);
}

/* Banks that never held a fault and lines that never moved would only be in the way. */
static void choose_signals(void)
{
	uint16_t lines = 0, masks = 0;
	uint64_t contexts = 0;
	unsigned int banks = 0;

	signal_count = 0;
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_entry *entry = &timeline_record.entries[i];

		lines |= entry->after.lines_high;
		masks |= entry->after.lines_masked;
		if (entry->event.context != FL_NO_CONTEXT)
			contexts |= 1ull << entry->event.context;
		for (unsigned int bank = 0; bank < TIMELINE_BANKS; bank++)
			if (entry->registers.seen && (entry->registers.banks[bank].sctlr ||
						      entry->registers.banks[bank].fsr))
				banks |= 1u << bank;
	}
	add("power", "SMMU", 0, read_power, 0);
	add("power", "SMMU_runtime_status", 0, read_status, FL_DEVICE_SMMU);
	add("power", "GPU_runtime_status", 0, read_status, FL_DEVICE_GPU);
	add("contexts", "running", 0, read_running, 0);
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		if (contexts & 1ull << i)
			add("contexts", fl_context_name((fl_context_t)i), 1, read_context, i);
	for (unsigned int line = 0; line < 16; line++) {
		char name[24];

		if ((lines | masks) & 1u << line) {
			snprintf(name, sizeof(name), "line%u", line);
			add("lines", name, 1, read_line, line);
			snprintf(name, sizeof(name), "line%u_masked", line);
			add("lines", name, 1, read_mask, line);
		}
	}
	add("GR0", "sGFSR", 32, read_gfsr, 0);
	for (unsigned int bank = 0; bank < TIMELINE_BANKS; bank++)
		if (banks & 1u << bank)
			add_bank(bank);
}

/* --- the file ------------------------------------------------------------------------------- */

/* Identifiers are printable characters, as few as do. */
static void print_identifier(FILE *out, unsigned int number)
{
	do {
		fputc('!' + (int)(number % 94), out);
		number /= 94;
	} while (number);
}

static void print_header(FILE *out, const char *title)
{
	const char *scope = "";

	fprintf(out, "$comment %s $end\n$comment one step is one microsecond $end\n", title);
	fputs("$timescale 1 us $end\n$scope module faultline $end\n", out);
	for (unsigned int i = 0; i < signal_count; i++) {
		const struct signal *signal = &signals[i];

		if (strcmp(signal->scope, scope)) {
			if (*scope)
				fputs("$upscope $end\n", out);
			scope = signal->scope;
			fprintf(out, "$scope module %s $end\n", scope);
		}
		fprintf(out, "$var %s %u ", signal->width ? "wire" : "string",
			signal->width ? signal->width : 1);
		print_identifier(out, i);
		fprintf(out, " %s $end\n", signal->name);
	}
	if (*scope)
		fputs("$upscope $end\n", out);
	fputs("$upscope $end\n$enddefinitions $end\n", out);
}

static void print_changes(FILE *out, const struct timeline_entry *entry, uint64_t step, bool all)
{
	bool timed = false;

	for (unsigned int i = 0; i < signal_count; i++) {
		struct signal *signal = &signals[i];
		char value[VALUE_SIZE];

		signal->read(signal, entry, value);
		if (!all && !strcmp(value, signal->last))
			continue;
		if (!timed && !all)
			fprintf(out, "#%" PRIu64 "\n", step);
		timed = true;
		snprintf(signal->last, sizeof(signal->last), "%s", value);
		fputs(value, out);
		print_identifier(out, i);
		fputc('\n', out);
	}
}

void trace_print_vcd(FILE *out, const char *title)
{
	const struct timeline_entry *entries = timeline_record.entries;
	struct timeline_registers registers = {0};
	uint64_t step = 0;

	choose_signals();
	print_header(out, title);
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_entry *end = timeline_step_end(&entries[i]);
		struct timeline_entry merged = *end;

		/* A finding at quiescence belongs to nobody, but the step to whom it was taken by. */
		merged.event.context = entries[i].event.context;
		step = entries[i].event.step;
		if (end->registers.seen)
			registers = end->registers;
		merged.registers = registers;
		if (!i)
			fprintf(out, "#%" PRIu64 "\n$dumpvars\n", step);
		print_changes(out, &merged, step, !i);
		if (!i)
			fputs("$end\n", out);
		i = (uint32_t)(end - entries);
	}
	fprintf(out, "#%" PRIu64 "\n", step + 1);
}

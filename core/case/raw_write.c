/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The raw bytes of a case, in one order: head, client, knobs, actors with their operations,
 * answers, preemptions. The schedule stands last, so that an input that is cut loses that first,
 * from its end.
 */
#include "raw_form.h"
#include "case_form.h"
#include "operations.h"

#include <stdarg.h>
#include <string.h>

struct writer {
	const struct fl_target *target;
	const struct fl_profile *profile;
	const struct fl_case *source;
	uint8_t *buffer;
	size_t size, used;
	char *error;
	size_t error_size;
};

static bool fail(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool fail(struct writer *writer, const char *format, ...)
{
	int used = snprintf(writer->error, writer->error_size,
			    "%s cannot say this case: ", writer->target->name);
	va_list arguments;

	if (used >= 0 && (size_t)used < writer->error_size) {
		va_start(arguments, format);
		vsnprintf(writer->error + used, writer->error_size - (size_t)used, format,
			  arguments);
		va_end(arguments);
	}
	return false;
}

/* Is there no room for a slot? Then it stays so, and the loops that fill up end. */
static bool is_full(const struct writer *writer)
{
	return writer->used + RAW_SLOT_SIZE > writer->size;
}

static void put(struct writer *writer, unsigned int first, unsigned int second)
{
	if (is_full(writer)) {
		writer->used = writer->size + 1;
		return;
	}
	writer->buffer[writer->used++] = (uint8_t)first;
	writer->buffer[writer->used++] = (uint8_t)second;
}

/* Can the head say this answer? */
static bool is_cpu_bit(const struct fl_decision *decision)
{
	return decision->kind == FL_CHOOSE_CPU && decision->at < RAW_CPU_BITS &&
	       decision->value == 1;
}

/* The scenario is a label only: the one of the same name, or "free". */
static void write_head(struct writer *writer)
{
	const struct fl_scenario *const *scenarios = writer->target->scenarios;
	unsigned int scenario = 0, cpus = 0;

	for (unsigned int i = 0; scenarios[i]; i++)
		if (!strcmp(scenarios[i]->name, "free"))
			scenario = i;
	for (unsigned int i = 0; scenarios[i]; i++)
		if (!strcmp(scenarios[i]->name, writer->source->scenario))
			scenario = i;
	for (uint32_t i = 0; i < writer->source->decision_count; i++)
		if (is_cpu_bit(&writer->source->decisions[i]))
			cpus |= 1u << writer->source->decisions[i].at;
	put(writer, RAW_SPELLED | scenario, cpus);
}

static void write_client(struct writer *writer)
{
	const uint8_t *client = (const uint8_t *)&writer->source->program.client;

	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++)
		if (client[case_client_fields[i].offset])
			put(writer, RAW_CLIENT, i << 5 | client[case_client_fields[i].offset]);
}

static void write_knobs(struct writer *writer)
{
	struct fl_knobs knobs = writer->source->knobs;

	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		unsigned int value = *fl_knob_at(&knobs, i);

		if (value != case_knob_default(writer->profile, i))
			put(writer, RAW_KNOB | i >> 5, (i & 0x1f) << 3 | value);
	}
}

static bool write_operation(struct writer *writer, const struct fl_operation *operation)
{
	const struct fl_operation_info *info = &fl_operations[operation->code];
	unsigned int arguments = 0;

	if (!(writer->target->operations >> operation->code & 1))
		return fail(writer, "'%s' is none of its operations", info->name);
	for (unsigned int i = case_argument_count(info); i--;)
		arguments = arguments * info->argument_limits[i] + operation->arguments[i];
	put(writer, RAW_OPERATION | operation->code, arguments);
	return true;
}

static bool write_program(struct writer *writer)
{
	struct fl_program program = writer->source->program;

	for (unsigned int i = 0; i < program.count; i++) {
		struct fl_actor *actor = &program.actors[i];
		int number = raw_name_find(actor->name, actor->agent);

		if (number < 0) {
			number = (int)raw_name_unused(&program, actor->agent);
			snprintf(actor->name, sizeof(actor->name), "%s", raw_names[number].name);
		}
		put(writer, RAW_ACTOR | (unsigned int)number >> 5,
		    ((unsigned int)number & 0x1f) << 3 | (actor->cpu & 7u));
		for (unsigned int j = 0; j < actor->count; j++)
			if (!write_operation(writer, &actor->operations[j]))
				return false;
	}
	return true;
}

static void write_answers(struct writer *writer, unsigned int index)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < writer->source->decision_count; i++) {
		const struct fl_decision *decision = &writer->source->decisions[i];
		uint64_t skip;

		if (decision->kind != raw_answer_kinds[index] || is_cpu_bit(decision))
			continue;
		for (skip = decision->at - next; skip && !is_full(writer);
		     skip -= skip < 256 ? skip : 256)
			put(writer, RAW_ANSWER | RAW_ANSWER_SKIP << 3 | index,
			    (skip < 256 ? (unsigned int)skip : 256) - 1);
		if (decision->value > 255)
			put(writer, RAW_ANSWER | RAW_ANSWER_HIGH << 3 | index,
			    decision->value >> 8);
		put(writer, RAW_ANSWER | RAW_ANSWER_VALUE << 3 | index, decision->value & 0xff);
		next = (uint64_t)decision->at + 1;
	}
}

static void write_preemptions(struct writer *writer)
{
	uint64_t next = 0;

	for (uint32_t i = 0; i < writer->source->decision_count; i++) {
		const struct fl_decision *decision = &writer->source->decisions[i];
		uint64_t steps;

		if (decision->kind != FL_CHOOSE_CONTEXT)
			continue;
		steps = decision->at - next;
		while (steps >= RAW_WAIT && !is_full(writer)) {
			uint64_t more = steps - RAW_WAIT;
			unsigned int wait =
				more < RAW_WAIT_LONGEST ? (unsigned int)more : RAW_WAIT_LONGEST;

			put(writer, RAW_PREEMPT | wait % FL_MAX_CONTEXTS,
			    RAW_WAIT + wait / FL_MAX_CONTEXTS);
			steps -= RAW_WAIT + wait;
		}
		put(writer, RAW_PREEMPT | decision->value, (unsigned int)steps);
		next = (uint64_t)decision->at + 1;
	}
}

size_t fl_raw_encode(const struct fl_target *target, const struct fl_case *source, uint8_t *buffer,
		     size_t size, char *error, size_t error_size)
{
	struct writer writer = {
		.target = target,
		.profile = fl_profile_find(target->profile),
		.source = source,
		.buffer = buffer,
		.size = size,
		.error = error,
		.error_size = error_size,
	};
	char why[160];

	if (case_check(source, why, sizeof(why)))
		return fail(&writer, "%s", why);
	if (strcmp(source->profile, target->profile))
		return fail(&writer, "its profile is %s, that of the case %s", target->profile,
			    source->profile);
	if (source->memory_granularity)
		return fail(&writer, "its granularity is call, that of the case memory");
	write_head(&writer);
	write_client(&writer);
	write_knobs(&writer);
	if (!write_program(&writer))
		return 0;
	/* The last kind has two numbers. */
	for (unsigned int i = 0; i + 1 < RAW_ANSWER_KINDS; i++)
		write_answers(&writer, i);
	write_preemptions(&writer);
	if (writer.used > size) {
		fail(&writer, "it takes more than %zu bytes", size);
		return 0;
	}
	return writer.used;
}

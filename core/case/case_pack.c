/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packed form: magic, version, length, checksum, then the case. Names stand in it as names, so
 * that a new knob or operation does not change what an old file means. Numbers are of variable
 * length, least significant seven bits first. There is one packed form of a case: unpacking packs
 * again and compares.
 *
 *   magic[8] version:u32 length:u32 crc32:u32, little endian; the checksum covers what follows
 *   subject profile scenario granularity
 *   knobs that differ from the profile's default: count, (name value)*
 *   client: count, value*
 *   actors: count, (name agent cpu count (operation count argument*)*)*
 *   fair + 1, or 0; signature step
 *   names of contexts: count, (number name)*
 *   decisions: count, (kind, at - (last at of that kind + 1), value)*
 */
#include "case_form.h"

#include <errno.h>
#include <string.h>

const uint8_t case_magic[8] = {0x89, 'F', 'L', 'C', 'A', 'S', 'E', '\n'};
#define HEADER_SIZE (sizeof(case_magic) + 12)

uint32_t case_crc32(const uint8_t *data, size_t size)
{
	uint32_t crc = ~0u;

	while (size--) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* --- writing -------------------------------------------------------------------------------- */

struct writer {
	uint8_t *buffer;
	size_t size, used;
};

static void put_byte(struct writer *writer, uint8_t byte)
{
	if (writer->used < writer->size)
		writer->buffer[writer->used] = byte;
	writer->used++;
}

static void put_u32(struct writer *writer, uint32_t value)
{
	for (int shift = 0; shift < 32; shift += 8)
		put_byte(writer, (uint8_t)(value >> shift));
}

static void put_number(struct writer *writer, uint64_t value)
{
	for (; value > 0x7f; value >>= 7)
		put_byte(writer, (uint8_t)(value | 0x80));
	put_byte(writer, (uint8_t)value);
}

static void put_text(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	put_number(writer, length);
	while (length--)
		put_byte(writer, (uint8_t)*text++);
}

static void put_knobs(struct writer *writer, const struct fl_case *source)
{
	const struct fl_profile *profile = fl_profile_find(source->profile);
	struct fl_knobs knobs = source->knobs;
	unsigned int count = 0;
	char value[64];

	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		count += *fl_knob_at(&knobs, i) != case_knob_default(profile, i);
	put_number(writer, count);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		if (*fl_knob_at(&knobs, i) == case_knob_default(profile, i))
			continue;
		put_text(writer, fl_knob_infos[i].name);
		put_text(writer,
			 fl_knob_value_name(i, *fl_knob_at(&knobs, i), value, sizeof(value)));
	}
}

static void put_actor(struct writer *writer, const struct fl_actor *actor)
{
	put_text(writer, actor->name);
	put_byte(writer, actor->agent);
	put_number(writer, actor->cpu);
	put_number(writer, actor->count);
	for (unsigned int i = 0; i < actor->count; i++) {
		const struct fl_operation *operation = &actor->operations[i];
		const struct fl_operation_info *info = &fl_operations[operation->code];
		unsigned int arguments = case_argument_count(info);

		put_text(writer, info->name);
		put_number(writer, arguments);
		for (unsigned int j = 0; j < arguments; j++)
			put_number(writer, operation->arguments[j]);
	}
}

static void put_contexts(struct writer *writer, const struct fl_case *source)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		count += *source->contexts[i] != '\0';
	put_number(writer, count);
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++) {
		if (!*source->contexts[i])
			continue;
		put_number(writer, i);
		put_text(writer, source->contexts[i]);
	}
}

static void put_decisions(struct writer *writer, const struct fl_case *source)
{
	uint64_t next[FL_CHOICE_KINDS] = {0};

	put_number(writer, source->decision_count);
	for (uint32_t i = 0; i < source->decision_count; i++) {
		const struct fl_decision *decision = &source->decisions[i];

		put_byte(writer, decision->kind);
		put_number(writer, decision->at - next[decision->kind]);
		put_number(writer, decision->value);
		next[decision->kind] = (uint64_t)decision->at + 1;
	}
}

static void put_case(struct writer *writer, const struct fl_case *source)
{
	put_text(writer, source->subject);
	put_text(writer, source->profile);
	put_text(writer, source->scenario);
	put_byte(writer, source->memory_granularity);
	put_knobs(writer, source);
	put_number(writer, CASE_CLIENT_FIELDS);
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++)
		put_byte(writer,
			 ((const uint8_t *)&source->program.client)[case_client_fields[i].offset]);
	put_number(writer, source->program.count);
	for (unsigned int i = 0; i < source->program.count; i++)
		put_actor(writer, &source->program.actors[i]);
	put_number(writer, source->fair_since + 1);
	put_text(writer, source->signature);
	put_number(writer, source->step);
	put_contexts(writer, source);
	put_decisions(writer, source);
}

size_t fl_case_pack(const struct fl_case *source, uint8_t *buffer, size_t size)
{
	struct writer writer = {buffer, size, HEADER_SIZE};
	size_t used;
	char error[160];

	if (case_check(source, error, sizeof(error)))
		return 0;
	put_case(&writer, source);
	used = writer.used;
	if (used > size)
		return used;
	writer.used = 0;
	for (size_t i = 0; i < sizeof(case_magic); i++)
		put_byte(&writer, case_magic[i]);
	put_u32(&writer, CASE_VERSION);
	put_u32(&writer, (uint32_t)(used - HEADER_SIZE));
	put_u32(&writer, case_crc32(buffer + HEADER_SIZE, used - HEADER_SIZE));
	return used;
}

/* --- reading -------------------------------------------------------------------------------- */

/* After the first thing that does not fit, everything reads as nothing. */
struct reader {
	const uint8_t *data;
	size_t size, used;
	bool bad;
};

static uint8_t get_byte(struct reader *reader)
{
	if (reader->used >= reader->size) {
		reader->bad = true;
		return 0;
	}
	return reader->data[reader->used++];
}

static uint32_t get_u32(struct reader *reader)
{
	uint32_t value = 0;

	for (int shift = 0; shift < 32; shift += 8)
		value |= (uint32_t)get_byte(reader) << shift;
	return value;
}

static uint64_t get_number(struct reader *reader, uint64_t limit)
{
	uint64_t value = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t byte = get_byte(reader);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (limit && value >= limit)
			break;
		return value;
	}
	reader->bad = true;
	return 0;
}

static void get_text(struct reader *reader, char *place, size_t size)
{
	size_t length = (size_t)get_number(reader, size);

	for (size_t i = 0; i < length; i++) {
		place[i] = (char)get_byte(reader);
		/* A text with its end in the middle would read as a shorter one. */
		if (!place[i])
			reader->bad = true;
	}
	place[length] = '\0';
}

static void get_knobs(struct reader *reader, struct fl_case *result,
		      const struct fl_profile *profile)
{
	uint64_t count = get_number(reader, FL_KNOB_COUNT + 1);
	char name[64], text[64];

	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		*fl_knob_at(&result->knobs, i) = (uint8_t)case_knob_default(profile, i);
	while (count-- && !reader->bad) {
		int knob, value;

		get_text(reader, name, sizeof(name));
		get_text(reader, text, sizeof(text));
		knob = fl_knob_find(name);
		value = knob < 0 ? -1 : fl_knob_value((enum fl_knob)knob, text);
		if (value < 0)
			reader->bad = true;
		else
			*fl_knob_at(&result->knobs, (enum fl_knob)knob) = (uint8_t)value;
	}
}

static void get_operation(struct reader *reader, struct fl_operation *operation)
{
	char name[64];
	int code;
	uint64_t arguments;

	get_text(reader, name, sizeof(name));
	code = fl_operation_find(name);
	if (code < 0) {
		reader->bad = true;
		return;
	}
	operation->code = (uint8_t)code;
	arguments = get_number(reader, 4);
	if (arguments != case_argument_count(&fl_operations[code]))
		reader->bad = true;
	for (unsigned int i = 0; i < arguments; i++)
		operation->arguments[i] = (uint8_t)get_number(reader, 256);
}

static void get_actor(struct reader *reader, struct fl_actor *actor)
{
	get_text(reader, actor->name, sizeof(actor->name));
	actor->agent = get_byte(reader);
	actor->cpu = (uint8_t)get_number(reader, FL_MAX_CPUS);
	actor->count = (uint8_t)get_number(reader, FL_MAX_OPERATIONS + 1);
	for (unsigned int i = 0; i < actor->count && !reader->bad; i++)
		get_operation(reader, &actor->operations[i]);
}

static void get_decisions(struct reader *reader, struct fl_case *result)
{
	uint64_t next[FL_CHOICE_KINDS] = {0};
	uint64_t count = get_number(reader, FL_MAX_DECISIONS + 1);

	while (count-- && !reader->bad) {
		struct fl_decision *decision = &result->decisions[result->decision_count++];
		uint8_t kind = get_byte(reader);
		uint64_t at = get_number(reader, 1ull << 32);

		if (kind >= FL_CHOICE_KINDS) {
			reader->bad = true;
			return;
		}
		at += next[kind];
		if (at >> 32)
			reader->bad = true;
		next[kind] = at + 1;
		decision->kind = kind;
		decision->at = (uint32_t)at;
		decision->value = (uint16_t)get_number(reader, 1u << 16);
	}
}

static void get_case(struct reader *reader, struct fl_case *result)
{
	const struct fl_profile *profile;
	uint64_t count;

	get_text(reader, result->subject, sizeof(result->subject));
	get_text(reader, result->profile, sizeof(result->profile));
	get_text(reader, result->scenario, sizeof(result->scenario));
	result->memory_granularity = get_byte(reader);
	profile = fl_profile_find(result->profile);
	if (!profile) {
		reader->bad = true;
		return;
	}
	get_knobs(reader, result, profile);
	if (get_number(reader, 0) != CASE_CLIENT_FIELDS)
		reader->bad = true;
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++)
		((uint8_t *)&result->program.client)[case_client_fields[i].offset] =
			get_byte(reader);
	result->program.count = (uint8_t)get_number(reader, FL_MAX_ACTORS + 1);
	for (unsigned int i = 0; i < result->program.count && !reader->bad; i++)
		get_actor(reader, &result->program.actors[i]);
	result->fair_since = get_number(reader, 0) - 1;
	get_text(reader, result->signature, sizeof(result->signature));
	result->step = get_number(reader, 0);
	for (count = get_number(reader, FL_MAX_CONTEXTS + 1); count && !reader->bad; count--) {
		uint64_t number = get_number(reader, FL_MAX_CONTEXTS);

		get_text(reader, result->contexts[number], FL_CONTEXT_NAME_SIZE);
	}
	get_decisions(reader, result);
}

/* Does @result pack into exactly these bytes? Compares as it goes, so that nothing is allocated. */
static bool packs_into(const struct fl_case *result, const uint8_t *data, size_t size)
{
	static uint8_t again[256 << 10];

	return size <= sizeof(again) && fl_case_pack(result, again, sizeof(again)) == size &&
	       !memcmp(again, data, size);
}

static int refuse(char *error, size_t error_size, const char *what)
{
	snprintf(error, error_size, "%s", what);
	return -EINVAL;
}

int fl_case_unpack(struct fl_case *result, const uint8_t *data, size_t size, char *error,
		   size_t error_size)
{
	struct reader reader = {.data = data, .size = size};
	uint32_t version, length, crc;
	char why[160];

	fl_case_clear(result);
	if (size < sizeof(case_magic) || memcmp(data, case_magic, sizeof(case_magic)))
		return refuse(error, error_size, "this is no packed case");
	reader.used = sizeof(case_magic);
	version = get_u32(&reader);
	length = get_u32(&reader);
	crc = get_u32(&reader);
	if (!reader.bad && version != CASE_VERSION) {
		snprintf(error, error_size,
			 "version %u of packed cases; this program reads version %d", version,
			 CASE_VERSION);
		return -EINVAL;
	}
	if (reader.bad || length != size - HEADER_SIZE)
		return refuse(error, error_size,
			      "the packed case is cut short, or something stands behind it");
	if (crc != case_crc32(data + HEADER_SIZE, length))
		return refuse(error, error_size,
			      "the packed case is damaged: its checksum is wrong");
	get_case(&reader, result);
	if (reader.bad || reader.used != size)
		return refuse(error, error_size,
			      "the packed case names what this version does not know");
	if (case_check(result, why, sizeof(why)))
		return refuse(error, error_size, why);
	if (!packs_into(result, data, size))
		return refuse(error, error_size,
			      "the packed case is not in its one canonical form");
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Round trips: how the input begins says which form it is, so that plain files are seeds: 'f' of
 * "faultline", the packed form's magic, else a suppression file. A packed input is taken as it is, and once
 * more with its length and checksum put right, which mutation would not get past.
 */
#include "round_trip.h"
#include "suppressions.h"

#include <case/case_form.h>
#include <world/trace_hash.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE    (1u << 20)
#define HEADER_SIZE (sizeof(case_magic) + 12)

static uint64_t hash;

/* A crash of ClusterFuzz's kind ASSERT, in the function that noticed. */
static void assert_message(const char *file, unsigned int line, const char *what)
{
	fprintf(stderr, "%s:%u: ASSERTION FAILED: %s\n", file, line, what);
	fflush(stderr);
}

#define ASSERT(condition, what)                                                                    \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			assert_message(__FILE__, __LINE__, what);                                  \
			__builtin_trap();                                                          \
		}                                                                                  \
	} while (0)

static void check_refusal(const char *message, const char *place)
{
	ASSERT(*message, "a refusal says why");
	ASSERT(!strchr(message, '\n'), "a refusal is one line");
	ASSERT(!strncmp(message, place, strlen(place)), "a refusal says where");
	hash = fl_hash_bytes(hash, message, strlen(message));
}

static char *text_of_case(const struct fl_case *source, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	ASSERT(out && !fl_case_print(source, out) && !fclose(out), "an accepted case is printed");
	return text;
}

/* @accepted came from either form: it is the same in both. */
static void check_case(const struct fl_case *accepted)
{
	static struct fl_case again;
	static uint8_t packed[MAX_SIZE], packed_again[MAX_SIZE];
	char message[512], *text;
	size_t size, packed_size;

	ASSERT(!case_check(accepted, message, sizeof(message)), "an accepted case is valid");
	text = text_of_case(accepted, &size);
	hash = fl_hash_bytes(hash, text, size);
	ASSERT(!fl_case_parse(&again, text, size, "again", message, sizeof(message)),
	       "the text of a case is parsed");
	ASSERT(!memcmp(&again, accepted, sizeof(again)), "a case is equal after text");
	free(text);
	packed_size = fl_case_pack(accepted, packed, sizeof(packed));
	ASSERT(packed_size && packed_size <= sizeof(packed), "an accepted case is packed");
	ASSERT(!fl_case_unpack(&again, packed, packed_size, message, sizeof(message)),
	       "a packed case is unpacked");
	ASSERT(!memcmp(&again, accepted, sizeof(again)), "a case is equal after packing");
	ASSERT(fl_case_pack(&again, packed_again, sizeof(packed_again)) == packed_size &&
		       !memcmp(packed, packed_again, packed_size),
	       "the packed form is canonical");
}

static void take_text(const uint8_t *data, size_t size)
{
	static struct fl_case parsed;
	char message[512] = "";

	if (fl_case_parse(&parsed, (const char *)data, size, "x", message, sizeof(message)))
		check_refusal(message, "x:");
	else
		check_case(&parsed);
}

static void take_packed(const uint8_t *data, size_t size)
{
	static struct fl_case unpacked;
	static uint8_t again[MAX_SIZE];
	char message[512] = "";

	if (fl_case_unpack(&unpacked, data, size, message, sizeof(message))) {
		check_refusal(message, "");
		return;
	}
	ASSERT(fl_case_pack(&unpacked, again, sizeof(again)) == size && !memcmp(again, data, size),
	       "an accepted packed case is the canonical one");
	check_case(&unpacked);
}

static void put_u32(uint8_t *place, size_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		place[i] = (uint8_t)(value >> (8 * i));
}

/* As above, once what stands in the header is true: magic, version, length, checksum. */
static void take_corrected(const uint8_t *data, size_t size)
{
	uint8_t *corrected;

	if (size < HEADER_SIZE)
		return;
	corrected = malloc(size);
	ASSERT(corrected, "there is memory");
	memcpy(corrected, data, size);
	memcpy(corrected, case_magic, sizeof(case_magic));
	put_u32(corrected + sizeof(case_magic), CASE_VERSION);
	put_u32(corrected + sizeof(case_magic) + 4, size - HEADER_SIZE);
	put_u32(corrected + sizeof(case_magic) + 8,
		case_crc32(corrected + HEADER_SIZE, size - HEADER_SIZE));
	take_packed(corrected, size);
	free(corrected);
}

static void take_suppressions(const uint8_t *data, size_t size)
{
	static struct fl_suppressions parsed, again;
	char message[512] = "", *text = NULL;
	size_t printed;
	FILE *out;

	if (fl_suppressions_parse(&parsed, (const char *)data, size, "x", message,
				  sizeof(message))) {
		check_refusal(message, "x:");
		return;
	}
	out = open_memstream(&text, &printed);
	ASSERT(out && !fl_suppressions_print(&parsed, out) && !fclose(out),
	       "accepted suppressions are printed");
	hash = fl_hash_bytes(hash, text, printed);
	ASSERT(!fl_suppressions_parse(&again, text, printed, "again", message, sizeof(message)),
	       "the text of suppressions is parsed");
	free(text);
	ASSERT(again.count == parsed.count, "as many suppressions come back");
	for (unsigned int i = 0; i < parsed.count; i++) {
		const struct fl_suppression *entry = &parsed.entries[i];
		const struct fl_suppression *found;

		again.entries[i].line = entry->line;
		ASSERT(!memcmp(&again.entries[i], entry, sizeof(*entry)),
		       "a suppression is equal after text");
		found = fl_suppressions_find(&parsed, entry->invariant, entry->signature,
					     FL_NO_DAY);
		ASSERT(found == entry, "a suppression excuses its signature");
	}
}

uint64_t fl_round_trip(const uint8_t *data, size_t size)
{
	hash = FL_HASH_START;
	if (size > MAX_SIZE)
		return hash;
	if (size && *data == *case_magic) {
		take_packed(data, size);
		take_corrected(data, size);
	} else if (size && *data == 'f') {
		take_text(data, size);
	} else {
		take_suppressions(data, size);
	}
	return hash;
}

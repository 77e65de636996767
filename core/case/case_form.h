/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the text form and the packed form of a case share: names, and what a valid case is. */
#ifndef FAULTLINE_CASE_FORM_H
#define FAULTLINE_CASE_FORM_H

#include "case.h"

#include <stddef.h>

/* A field of struct client_config by name, with the names of its values. */
struct case_client_field {
	const char *name;
	const char *values; /* comma separated */
	size_t offset;
};
#define CASE_CLIENT_FIELDS 7
extern const struct case_client_field case_client_fields[CASE_CLIENT_FIELDS];

/* Names of the kinds of choices that a case holds; NULL for those that it does not. */
extern const char *const case_choice_names[FL_CHOICE_KINDS];
/* The kind by name, or -1. */
int case_choice_find(const char *name);

/* The @index-th name of a comma-separated list, copied to @buffer; NULL if there are fewer. */
const char *case_list_name(const char *list, unsigned int index, char *buffer, size_t size);
/* The index of @name in a comma-separated list, or -1. */
int case_list_find(const char *list, const char *name);

/* A name of a subject, actor, context ...: 1 to @size - 1 characters, no space, quote or '#'. */
bool case_is_word(const char *text, size_t size);
/* A signature: printable, no quote, at most @size - 1 characters. */
bool case_is_title(const char *text, size_t size);
/* Value of @knob in @profile when nobody says anything. */
unsigned int case_knob_default(const struct fl_profile *profile, unsigned int knob);
unsigned int case_argument_count(const struct fl_operation_info *info);
/* Is there a decision to run context @number? */
bool case_names_context(const struct fl_case *source, unsigned int number);

/*
 * Is @source valid and canonical? 0, or -EINVAL with one line in @error, without a position.
 * Everything that parsing and unpacking accept passes.
 */
int case_check(const struct fl_case *source, char *error, size_t error_size);

/* CRC-32 as in IEEE 802.3. */
uint32_t case_crc32(const uint8_t *data, size_t size);

#define CASE_VERSION 1
extern const uint8_t case_magic[8];

#endif

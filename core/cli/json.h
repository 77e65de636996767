/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A writer of one JSON document: it keeps track of commas and escapes strings. */
#ifndef FAULTLINE_CLI_JSON_H
#define FAULTLINE_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool comma; /* the next value or member needs one before it */
};

/* @key is the member's name, or NULL in an array and at the top. */
void json_open(struct json *json, const char *key, char bracket);	 /* '{' or '[' */
void json_close(struct json *json, char bracket);			 /* '}' or ']' */
void json_string(struct json *json, const char *key, const char *value); /* NULL: null */
void json_number(struct json *json, const char *key, uint64_t value);
void json_real(struct json *json, const char *key, double value); /* three decimals */
void json_bool(struct json *json, const char *key, bool value);

#endif

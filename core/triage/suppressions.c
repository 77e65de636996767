/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suppression files. They are read as cases are: one statement a line, strictly. */
#include "suppressions.h"

#include <case/case_parser.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* More than FL_MAX_SUPPRESSIONS of the longest lines need; comments are free up to here. */
#define MAX_FILE (1u << 20)

/* --- days ----------------------------------------------------------------------------------- */

static unsigned int days_in(unsigned int year, unsigned int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* "2027-06-30", in just this form, and in the calendar; else FL_NO_DAY. */
static fl_day_t parse_day(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	unsigned int number[3] = {0};
	unsigned int part = 0, month, day;

	for (size_t i = 0; i < sizeof(form); i++) {
		if (form[i] != 'd') {
			if (text[i] != form[i])
				return FL_NO_DAY;
			part++;
		} else if (text[i] >= '0' && text[i] <= '9') {
			number[part] = number[part] * 10 + (unsigned int)(text[i] - '0');
		} else {
			return FL_NO_DAY;
		}
	}
	month = number[1];
	day = number[2];
	if (!number[0] || month < 1 || month > 12 || day < 1 || day > days_in(number[0], month))
		return FL_NO_DAY;
	return number[0] * 10000 + month * 100 + day;
}

fl_day_t fl_today(void)
{
	time_t now = time(NULL);
	struct tm date;

	if (!gmtime_r(&now, &date))
		return FL_NO_DAY;
	return (fl_day_t)((date.tm_year + 1900) * 10000 + (date.tm_mon + 1) * 100 + date.tm_mday);
}

/* --- statements ----------------------------------------------------------------------------- */

#define FORM "INVARIANT \"SIGNATURE\" reason \"TEXT\" [until YYYY-MM-DD]"

/* "irq-storm in f (unretired)" is of "irq-storm"; a mixed-up line would excuse nothing for ever. */
static bool is_of(const char *signature, const char *invariant)
{
	size_t length = strlen(invariant);

	return !strncmp(signature, invariant, length) &&
	       (!signature[length] || signature[length] == ' ');
}

static int take_signature(struct parser *parser, struct fl_suppression *entry)
{
	const char *invariant = fl_invariants[entry->invariant]->name;
	const char *text = parser->words[1];

	if (!parser->quoted[1])
		return parser_fail(parser, "the signature '%s' is not in quotes", text);
	if (!*text || !case_is_title(text, sizeof(entry->signature)))
		return parser_fail(parser, "the signature has 1 to %d characters",
				   FL_SIGNATURE_SIZE - 1);
	if (strcmp(text, "*") && !is_of(text, invariant))
		return parser_fail(parser,
				   "'%s' is no signature of %s; it begins with '%s', or is '*'",
				   text, invariant, invariant);
	memcpy(entry->signature, text, strlen(text) + 1);
	return 0;
}

static int take_reason(struct parser *parser, struct fl_suppression *entry)
{
	if (parser->count < 4 || strcmp(parser->words[2], "reason") || !parser->quoted[3])
		return parser_fail(parser, "a reason is missing; a line is " FORM);
	if (!*parser->words[3] || !case_is_title(parser->words[3], sizeof(entry->reason)))
		return parser_fail(parser, "the reason has 1 to %d characters", FL_REASON_SIZE - 1);
	memcpy(entry->reason, parser->words[3], strlen(parser->words[3]) + 1);
	return 0;
}

static int take_until(struct parser *parser, struct fl_suppression *entry)
{
	if (parser->count == 4)
		return 0;
	if (parser->count != 6 || strcmp(parser->words[4], "until") || parser->quoted[5])
		return parser_fail(parser, "'%s' stands behind the reason; a line is " FORM,
				   parser->words[4]);
	entry->until = parse_day(parser->words[5]);
	if (entry->until == FL_NO_DAY)
		return parser_fail(parser, "'%s' is no day of the calendar; give one as YYYY-MM-DD",
				   parser->words[5]);
	return 0;
}

static int take_entry(struct parser *parser, struct fl_suppressions *list)
{
	struct fl_suppression entry = {.line = (uint16_t)parser->line};
	int invariant, result;

	if (parser->quoted[0] || parser->count < 2)
		return parser_fail(parser, "this is no suppression; a line is " FORM);
	invariant = fl_invariant_find(parser->words[0]);
	if (invariant < 0)
		return parser_fail(parser,
				   "unknown invariant '%s'; 'faultline invariants' lists them",
				   parser->words[0]);
	entry.invariant = (uint8_t)invariant;
	result = take_signature(parser, &entry);
	if (!result)
		result = take_reason(parser, &entry);
	if (!result)
		result = take_until(parser, &entry);
	if (result)
		return result;
	for (unsigned int i = 0; i < list->count; i++)
		if (list->entries[i].invariant == entry.invariant &&
		    !strcmp(list->entries[i].signature, entry.signature))
			return parser_fail(parser, "line %u excuses the same; take one of them out",
					   list->entries[i].line);
	if (list->count == FL_MAX_SUPPRESSIONS)
		return parser_fail(parser, "more than %d suppressions; fix some",
				   FL_MAX_SUPPRESSIONS);
	list->entries[list->count++] = entry;
	return 0;
}

int fl_suppressions_parse(struct fl_suppressions *result, const char *text, size_t size,
			  const char *name, char *error, size_t error_size)
{
	struct parser parser = {
		.name = name,
		.what = "suppression file",
		.error = error,
		.error_size = error_size,
	};

	memset(result, 0, sizeof(*result));
	while (size) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;
		int failed;

		if (parser.line == UINT16_MAX)
			return parser_fail(&parser, "more lines than any suppression file has");
		failed = parser_take_line(&parser, text, length);
		if (!failed && parser.count)
			failed = take_entry(&parser, result);
		if (failed)
			return failed;
		if (end)
			length++;
		text += length;
		size -= length;
	}
	return 0;
}

int fl_suppressions_load(struct fl_suppressions *result, const char *path, char *error,
			 size_t error_size)
{
	FILE *file = fopen(path, "rb");
	size_t size = 0;
	char *text;
	int problem;

	if (!file) {
		problem = errno;
		snprintf(error, error_size, "cannot read %s: %s", path, strerror(problem));
		return -problem;
	}
	text = malloc(MAX_FILE + 1);
	errno = text ? 0 : ENOMEM;
	if (text)
		size = fread(text, 1, MAX_FILE + 1, file);
	problem = !text || ferror(file) ? (errno ? errno : EIO) : 0;
	fclose(file);
	if (problem) {
		snprintf(error, error_size, "cannot read %s: %s", path, strerror(problem));
		problem = -problem;
	} else if (size > MAX_FILE) {
		snprintf(error, error_size, "%s is larger than any suppression file; is it one?",
			 path);
		problem = -EINVAL;
	} else {
		problem = fl_suppressions_parse(result, text, size, path, error, error_size);
	}
	free(text);
	return problem;
}

int fl_suppressions_print(const struct fl_suppressions *list, FILE *out)
{
	for (unsigned int i = 0; i < list->count; i++) {
		const struct fl_suppression *entry = &list->entries[i];

		fprintf(out, "%s \"%s\" reason \"%s\"", fl_invariants[entry->invariant]->name,
			entry->signature, entry->reason);
		if (entry->until != FL_NO_DAY)
			fprintf(out, " until %04u-%02u-%02u", entry->until / 10000,
				entry->until / 100 % 100, entry->until % 100);
		fputc('\n', out);
	}
	return ferror(out) ? -EIO : 0;
}

const struct fl_suppression *fl_suppressions_find(const struct fl_suppressions *list,
						  unsigned int invariant, const char *signature,
						  fl_day_t today)
{
	const struct fl_suppression *any = NULL;

	for (unsigned int i = 0; i < list->count; i++) {
		const struct fl_suppression *entry = &list->entries[i];

		if (entry->invariant != invariant ||
		    (entry->until != FL_NO_DAY && today > entry->until))
			continue;
		if (!strcmp(entry->signature, signature))
			return entry;
		if (!strcmp(entry->signature, "*"))
			any = entry;
	}
	return any;
}

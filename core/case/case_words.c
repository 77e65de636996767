/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a case to words, words to values. */
#include "case_parser.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int parser_fail(struct parser *parser, const char *format, ...)
{
	va_list arguments;
	int used =
		snprintf(parser->error, parser->error_size, "%s:%u: ", parser->name, parser->line);

	if (used >= 0 && (size_t)used < parser->error_size) {
		va_start(arguments, format);
		vsnprintf(parser->error + used, parser->error_size - (size_t)used, format,
			  arguments);
		va_end(arguments);
	}
	return -EINVAL;
}

/* --- lines to words ------------------------------------------------------------------------- */

static int add_word(struct parser *parser, char *word, bool quoted)
{
	if (parser->count == MAX_WORDS)
		return parser_fail(parser, "more than %d words; a statement has fewer", MAX_WORDS);
	parser->quoted[parser->count] = quoted;
	parser->words[parser->count++] = word;
	return 0;
}

static int split(struct parser *parser)
{
	char *at = parser->buffer;
	int result;

	parser->count = 0;
	parser->indented = *at == ' ' || *at == '\t';
	for (;;) {
		char *word;

		at += strspn(at, " \t");
		if (!*at || *at == '#')
			return 0;
		if (*at == '"') {
			word = ++at;
			at = strchr(at, '"');
			if (!at)
				return parser_fail(parser,
						   "a quote is not closed; end it with '\"'");
			*at++ = '\0';
			result = add_word(parser, word, true);
			if (!result && *at && *at != ' ' && *at != '\t')
				return parser_fail(parser, "a blank is missing behind a quote");
		} else {
			word = at;
			at += strcspn(at, " \t");
			if (*at)
				*at++ = '\0';
			result = add_word(parser, word, false);
		}
		if (result)
			return result;
	}
}

int parser_take_line(struct parser *parser, const char *text, size_t length)
{
	parser->line++;
	if (length >= MAX_LINE)
		return parser_fail(parser, "the line is longer than %d characters; is this a %s?",
				   MAX_LINE - 1, parser->what);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '\r')
			return parser_fail(parser,
					   "a carriage return; save the file with Unix line ends");
		if ((byte < ' ' && byte != '\t') || byte > '~')
			return parser_fail(parser, "byte 0x%02x is no text; is this a %s?", byte,
					   parser->what);
	}
	memcpy(parser->buffer, text, length);
	parser->buffer[length] = '\0';
	return split(parser);
}

/* --- values --------------------------------------------------------------------------------- */

int parser_take_number(struct parser *parser, const char *word, const char *what, uint64_t limit,
		       uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(word, &end, 10);
	/* Canonical: no sign, no leading zero. */
	if (*word < '0' || *word > '9' || *end || (*word == '0' && word[1]))
		return parser_fail(parser, "%s is '%s'; give a number", what, word);
	if (errno || *value >= limit)
		return parser_fail(parser, "%s is %s; give a number below %" PRIu64, what, word,
				   limit);
	return 0;
}

int parser_take_word(struct parser *parser, const char *what, char *place, size_t size)
{
	if (parser->count != 2 || parser->quoted[1])
		return parser_fail(parser, "'%s' takes one word", what);
	if (*place)
		return parser_fail(parser, "'%s' is said twice", what);
	if (!case_is_word(parser->words[1], size))
		return parser_fail(parser, "'%s' is no name of at most %zu characters",
				   parser->words[1], size - 1);
	memcpy(place, parser->words[1], strlen(parser->words[1]) + 1);
	return 0;
}

char *parser_take_value(char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	return value;
}

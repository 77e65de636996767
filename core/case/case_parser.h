/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the text of a case: the state of the parser, and how a line becomes words and values. */
#ifndef FAULTLINE_CASE_PARSER_H
#define FAULTLINE_CASE_PARSER_H

#include "case_form.h"

#define MAX_LINE  512
#define MAX_WORDS 16

struct parser {
	struct fl_case *result;
	const char *name; /* the file's */
	const char *what; /* "case": what the file should be */
	char *error;
	size_t error_size;
	unsigned int line;
	/* The line in words; a quoted word has its quotes taken off. */
	char buffer[MAX_LINE];
	char *words[MAX_WORDS];
	bool quoted[MAX_WORDS];
	unsigned int count;
	bool indented;
	/* What has been said. */
	const struct fl_profile *profile;
	struct fl_actor *actor;
	bool seen_version, seen_granularity, seen_client, seen_fair, seen_end;
	uint64_t seen_knobs;
	uint64_t next[FL_CHOICE_KINDS];
};

/* Each returns 0, or -EINVAL with file, line, what, and what to do in the parser's error. */
int parser_fail(struct parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The next line of the text, in words. */
int parser_take_line(struct parser *parser, const char *text, size_t length);
/* A number below @limit, without sign or leading zero. @what names it in messages. */
int parser_take_number(struct parser *parser, const char *word, const char *what, uint64_t limit,
		       uint64_t *value);
/* The one word that statement @what takes, said once, into @place of @size bytes. */
int parser_take_word(struct parser *parser, const char *what, char *place, size_t size);
/* Split "name=value"; the name stays in @word. NULL if there is no '='. */
char *parser_take_value(char *word);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* Histories in files. */
#include "history.h"

#include "replacement.h"
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC	 "faultline history 1\n"
#define MAX_FILE (4u << 20)
#define PER_LINE 12

bool fl_is_history(const void *data, size_t size)
{
	return size >= sizeof(MAGIC) - 1 && !memcmp(data, MAGIC, sizeof(MAGIC) - 1);
}

/* --- writing -------------------------------------------------------------------------------- */

static void print_order(const struct fl_history *history, FILE *out)
{
	unsigned int on_line = 0;

	for (uint32_t i = 0; i < history->count;) {
		uint8_t context = history->order[i];
		uint32_t steps = 0;

		while (i < history->count && history->order[i] == context)
			i++, steps++;
		fprintf(out, "%s %s*%" PRIu32, on_line ? "" : "order", history->names[context],
			steps);
		if (++on_line == PER_LINE || i == history->count) {
			fputc('\n', out);
			on_line = 0;
		}
	}
}

int fl_history_save(const struct fl_history *history, const char *path, char *error,
		    size_t error_size)
{
	struct fl_replacement file;
	int problem = fl_replacement_begin(&file, path);

	if (!problem) {
		fprintf(file.stream,
			MAGIC "seed %" PRIu64 "\nprocess %u\nround %" PRIu64
			      "\nthreads %u\nperturb %u\nfirst-step %" PRIu64 "\n",
			history->seed, history->process, history->round, history->threads,
			history->perturbation, history->first_step);
		if (*history->detail)
			fprintf(file.stream, "detail %s\n", history->detail);
		print_order(history, file.stream);
		if (fl_case_print(&history->like, file.stream)) {
			fl_replacement_abandon(&file);
			snprintf(error, error_size, "cannot write %s: its actors make no case",
				 path);
			return -EINVAL;
		}
		problem = fl_replacement_commit_new(&file);
	}
	if (problem)
		snprintf(error, error_size, "cannot write %s: %s", path, strerror(-problem));
	return problem;
}

/* --- reading -------------------------------------------------------------------------------- */

struct reader {
	struct fl_history *history;
	const char *path;
	unsigned int line;
	unsigned int names; /* of contexts, so far */
	char *error;
	size_t error_size;
};

static int fail(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static int fail(struct reader *reader, const char *format, ...)
{
	int used =
		snprintf(reader->error, reader->error_size, "%s:%u: ", reader->path, reader->line);
	va_list arguments;

	va_start(arguments, format);
	if (used > 0 && (size_t)used < reader->error_size)
		vsnprintf(reader->error + used, reader->error_size - (size_t)used, format,
			  arguments);
	va_end(arguments);
	return -EINVAL;
}

/* The number of the context that is called @name, which gets one if it is new; -1 if there is no room. */
static int number_of(struct reader *reader, const char *name)
{
	struct fl_history *history = reader->history;

	for (unsigned int i = 0; i < reader->names; i++)
		if (!strcmp(history->names[i], name))
			return (int)i;
	if (reader->names == FL_MAX_CONTEXTS)
		return -1;
	snprintf(history->names[reader->names], sizeof(history->names[0]), "%s", name);
	return (int)reader->names++;
}

static int read_order(struct reader *reader, char *text)
{
	struct fl_history *history = reader->history;
	char *rest, *word;

	for (word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		char *star = strrchr(word, '*'), *end;
		unsigned long steps;
		int number;

		if (!star || star == word || star - word >= FL_CONTEXT_NAME_SIZE)
			return fail(reader, "'%s': an order is made of CONTEXT*STEPS", word);
		*star = '\0';
		steps = strtoul(star + 1, &end, 10);
		if (*end || !steps || steps > FL_HISTORY_STEPS - history->count)
			return fail(reader,
				    "'%s*%s': give 1 to %u steps, and no more than that in all",
				    word, star + 1, FL_HISTORY_STEPS);
		number = number_of(reader, word);
		if (number < 0)
			return fail(reader, "more than %d contexts", FL_MAX_CONTEXTS);
		memset(&history->order[history->count], number, steps);
		history->count += (uint32_t)steps;
	}
	return 0;
}

static int read_number(struct reader *reader, const char *text, uint64_t most, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || *number > most)
		return fail(reader, "'%s' is no number from 0 to %" PRIu64, text, most);
	return 0;
}

static int read_line(struct reader *reader, char *line)
{
	struct fl_history *history = reader->history;
	char *text = strchr(line, ' ');
	uint64_t number = 0;
	int result;

	if (!text)
		return fail(reader, "'%s': a statement is a word and what it says", line);
	*text++ = '\0';
	if (!strcmp(line, "order"))
		return read_order(reader, text);
	if (!strcmp(line, "detail")) {
		snprintf(history->detail, sizeof(history->detail), "%s", text);
		return 0;
	}
	if (!strcmp(line, "seed"))
		return read_number(reader, text, UINT64_MAX, &history->seed);
	if (!strcmp(line, "round"))
		return read_number(reader, text, UINT64_MAX, &history->round);
	if (!strcmp(line, "first-step"))
		return read_number(reader, text, UINT64_MAX, &history->first_step);
	result = read_number(reader, text, UINT32_MAX, &number);
	if (!strcmp(line, "process"))
		history->process = (unsigned int)number;
	else if (!strcmp(line, "threads"))
		history->threads = (unsigned int)number;
	else if (!strcmp(line, "perturb"))
		history->perturbation = (unsigned int)number;
	else
		return fail(reader,
			    "unknown statement '%s'; a history has seed, process, round, threads, "
			    "perturb, first-step, detail and order",
			    line);
	return result;
}

/* @text ends with a NUL. */
static int read_history(struct reader *reader, char *text, size_t size)
{
	static const char case_magic_line[] = "faultline case ";
	char *line = text, *end = text + size;
	char why[512];

	if (!fl_is_history(text, size)) {
		reader->line = 1;
		return fail(reader, "this is no history of faultline stress");
	}
	for (reader->line = 1; line < end; reader->line++) {
		char *next = memchr(line, '\n', (size_t)(end - line));
		int result;

		if (!strncmp(line, case_magic_line, sizeof(case_magic_line) - 1)) {
			char padding[64];
			int error;

			snprintf(padding, sizeof(padding), "line %u on", reader->line);
			error = fl_case_parse(&reader->history->like, line, (size_t)(end - line),
					      padding, why, sizeof(why));
			return error ? fail(reader, "in its case, from %s", why) : 0;
		}
		if (!next)
			break;
		*next = '\0';
		result = reader->line > 1 ? read_line(reader, line) : 0;
		if (result)
			return result;
		line = next + 1;
	}
	return fail(reader, "the file ends before its case; it is cut short");
}

int fl_history_load(struct fl_history *history, const char *path, char *error, size_t error_size)
{
	struct reader reader = {
		.history = history,
		.path = path,
		.error = error,
		.error_size = error_size,
	};
	FILE *file = fopen(path, "rb");
	char *text;
	size_t size;
	int result;

	memset(history, 0, sizeof(*history));
	if (!file) {
		snprintf(error, error_size, "cannot read %s: %s", path, strerror(errno));
		return -EINVAL;
	}
	text = malloc(MAX_FILE + 1);
	size = text ? fread(text, 1, MAX_FILE, file) : 0;
	fclose(file);
	if (!text) {
		snprintf(error, error_size, "cannot read %s: no memory", path);
		return -ENOMEM;
	}
	text[size] = '\0';
	result = read_history(&reader, text, size);
	free(text);
	return result;
}

/* --- in a world ------------------------------------------------------------------------------- */

static int context_called(const struct fl_history *history, const char *name)
{
	for (unsigned int i = 0; i < history->like.program.count; i++)
		if (!strcmp(history->like.program.actors[i].name, name))
			return fl_world_first_actor() + (int)i;
	for (int i = 0; i < fl_world_first_actor(); i++)
		if (!strcmp(fl_context_name(i), name))
			return i;
	return -1;
}

size_t fl_history_order(const struct fl_history *history, uint8_t *order)
{
	int numbers[FL_MAX_CONTEXTS];
	size_t count = 0;

	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		numbers[i] = *history->names[i] ? context_called(history, history->names[i]) : -1;
	for (uint32_t i = 0; i < history->count; i++)
		if (numbers[history->order[i]] >= 0)
			order[count++] = (uint8_t)numbers[history->order[i]];
	return count;
}

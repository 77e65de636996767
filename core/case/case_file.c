/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases in files. */
#include "case_form.h"
#include "replacement.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* More than the longest case has, in either form. */
#define MAX_FILE (1u << 20)

static int fail(int code, char *error, size_t size, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static int fail(int code, char *error, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error, size, format, arguments);
	va_end(arguments);
	return -code;
}

/* All of @path, allocated; its size in @size. NULL with a message. */
static uint8_t *read_file(const char *path, size_t *size, char *error, size_t error_size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data;
	int problem;

	if (!file) {
		fail(errno, error, error_size, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	data = malloc(MAX_FILE + 1);
	errno = data ? 0 : ENOMEM;
	*size = data ? fread(data, 1, MAX_FILE + 1, file) : 0;
	problem = !data || ferror(file) ? (errno ? errno : EIO) : 0;
	fclose(file);
	if (!problem && *size <= MAX_FILE)
		return data;
	free(data);
	if (problem)
		fail(problem, error, error_size, "cannot read %s: %s", path, strerror(problem));
	else
		fail(EINVAL, error, error_size, "%s is larger than any case; is this a case?",
		     path);
	return NULL;
}

int fl_case_load(struct fl_case *result, const char *path, char *error, size_t error_size)
{
	char why[256];
	size_t size;
	uint8_t *data = read_file(path, &size, error, error_size);
	int code;

	if (!data)
		return -EINVAL;
	if (size && *data == *case_magic) {
		code = fl_case_unpack(result, data, size, why, sizeof(why));
		if (code)
			fail(EINVAL, error, error_size, "%s: %s", path, why);
	} else {
		code = fl_case_parse(result, (const char *)data, size, path, error, error_size);
	}
	free(data);
	return code;
}

static int save(const struct fl_case *source, const char *path,
		int (*commit)(struct fl_replacement *replacement), char *error, size_t error_size)
{
	struct fl_replacement file;
	char why[160];
	int problem;

	if (case_check(source, why, sizeof(why)))
		return fail(EINVAL, error, error_size, "cannot write %s: %s", path, why);
	problem = -fl_replacement_begin(&file, path);
	if (!problem) {
		/* What goes wrong in printing stays with the stream. */
		fl_case_print(source, file.stream);
		problem = -commit(&file);
	}
	if (problem)
		return fail(problem, error, error_size, "cannot write %s: %s", path,
			    strerror(problem));
	return 0;
}

int fl_case_save(const struct fl_case *source, const char *path, char *error, size_t error_size)
{
	return save(source, path, fl_replacement_commit, error, error_size);
}

int fl_case_save_new(const struct fl_case *source, const char *path, char *error, size_t error_size)
{
	return save(source, path, fl_replacement_commit_new, error, error_size);
}

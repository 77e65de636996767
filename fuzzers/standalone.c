/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A target without an engine: its main() feeds files to the target, one run each. For any compiler, for
 * tests that run a corpus, and for the promise that engines rest on: the same input makes the same run,
 * however often one process runs it, and whatever it ran in between.
 *
 * A finding crashes, as under an engine. Exit status: 0 all runs were made; 1 a run was not repeated;
 * 2 bad usage.
 */
#include "fuzz_target.h"
#include "trace.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* As engines limit it. */
#define MAX_SIZE (1u << 20)

static const char *program;
static unsigned long repeats; /* 0: runs are not hashed */
static unsigned long inputs, unequal;

static _Noreturn void __attribute__((format(printf, 1, 2))) fail_usage(const char *format, ...)
{
	const char *name = strrchr(program, '/');
	va_list arguments;

	fprintf(stderr, "%s: ", name ? name + 1 : program);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

/* Exactly as large as the file, so that a sanitizer sees a read behind its end. */
static uint8_t *read_input(const char *path, size_t *size)
{
	static uint8_t buffer[MAX_SIZE + 1];
	FILE *file = fopen(path, "rb");
	uint8_t *data;

	if (!file)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	errno = 0;
	*size = fread(buffer, 1, sizeof(buffer), file);
	if (ferror(file))
		fail_usage("cannot read %s: %s", path, strerror(errno));
	fclose(file);
	if (*size > MAX_SIZE)
		fail_usage("%s is larger than %u bytes; an input is shorter", path, MAX_SIZE);
	data = malloc(*size ? *size : 1);
	if (!data)
		fail_usage("there is no memory for %s", path);
	memcpy(data, buffer, *size);
	return data;
}

static void run_file(const char *path)
{
	size_t size;
	uint8_t *data = read_input(path, &size);
	uint64_t first = 0;

	inputs++;
	for (unsigned long i = 0; i < (repeats ? repeats : 1); i++) {
		LLVMFuzzerTestOneInput(data, size);
		if (!repeats)
			continue;
		if (!i) {
			first = fuzz_trace_hash();
			printf("%016" PRIx64 " %s\n", first, path);
		} else if (fuzz_trace_hash() != first) {
			printf("%016" PRIx64 " %s: run %lu is another one\n", fuzz_trace_hash(),
			       path, i + 1);
			unequal++;
			break;
		}
	}
	free(data);
}

static int is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void run_path(const char *path, bool named)
{
	struct dirent **entries;
	struct stat status;
	char inside[4096];
	int count;

	if (stat(path, &status))
		fail_usage("cannot read %s: %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode)) {
		run_file(path);
		return;
	}
	count = scandir(path, &entries, is_shown, alphasort);
	if (count < 0)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	if (!count && named)
		fail_usage("%s is empty; give it inputs", path);
	for (int i = 0; i < count; i++) {
		if (snprintf(inside, sizeof(inside), "%s/%s", path, entries[i]->d_name) >=
		    (int)sizeof(inside))
			fail_usage("%s: %s", path, strerror(ENAMETOOLONG));
		run_path(inside, false);
		free(entries[i]);
	}
	free(entries);
}

static unsigned long parse_repeats(const char *text)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text ? text : "", &end, 10);
	if (!text || *text < '0' || *text > '9' || *end || errno || !number)
		fail_usage("--repeat takes a number from 1 on%s%s", text ? ", not " : "",
			   text ? text : "");
	return number;
}

int main(int count, char **arguments)
{
	int first = 1;

	program = arguments[0];
	if (count > 1 && !strcmp(arguments[1], "--repeat")) {
		repeats = parse_repeats(arguments[2]);
		first = 3;
	}
	if (first >= count || arguments[first][0] == '-')
		fail_usage("usage: [--repeat N] FILE|FOLDER...");
	LLVMFuzzerInitialize(&count, &arguments);
	if (repeats)
		fuzz_trace_start();
	for (int i = first; i < count; i++)
		run_path(arguments[i], true);
	if (repeats)
		printf("%lu inputs, %lu runs each, %lu not repeated\n", inputs, repeats, unequal);
	return unequal ? 1 : 0;
}

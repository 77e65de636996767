// SPDX-License-Identifier: GPL-2.0-or-later
/* Options and errors in the way of this program: every error is one line. */
#include "cli.h"
#include "nearest.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void print_error(const char *format, va_list arguments)
{
	fflush(stdout);
	fputs("faultline: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

static int usage_status = FL_EXIT_USAGE, internal_status = FL_EXIT_INTERNAL;

void fail_with(int status)
{
	usage_status = status;
	internal_status = status;
}

void fail_usage(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_error(format, arguments);
	va_end(arguments);
	exit(usage_status);
}

void fail_internal(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_error(format, arguments);
	va_end(arguments);
	exit(internal_status);
}

static const struct argp_option *find_option(const struct argp *argp, const char *text)
{
	size_t length = strcspn(text, "=");

	for (const struct argp_option *option = argp->options; option && option->name; option++)
		if (strlen(option->name) == length && !memcmp(option->name, text, length))
			return option;
	return NULL;
}

static const struct argp_option *find_key(const struct argp *argp, int key)
{
	for (const struct argp_option *option = argp->options; option && option->name; option++)
		if (option->key == key)
			return option;
	return NULL;
}

static _Noreturn void fail_unknown(const struct argp *argp, const char *command, const char *word)
{
	const char *names[64];
	unsigned int count = 0;
	const char *near;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	for (const struct argp_option *option = argp->options; option && option->name; option++)
		if (count < 64)
			names[count++] = option->name;
	near = nearest(name, names, count);
	if (near)
		fail_usage("unknown option '--%s'; did you mean '--%s'?", name, near);
	fail_usage("unknown option '--%s'; see '%s --help'", name, command);
}

/* Returns how many words the option at @argv takes: 1 or 2. */
static int check_option(const struct argp *argp, const char *command, int left, char **argv)
{
	const char *word = argv[0];
	const struct argp_option *option;
	bool attached;

	if (word[1] == '-') {
		if (!strcmp(word, "--help") || !strcmp(word, "--usage"))
			return 1;
		option = find_option(argp, word + 2);
		if (!option)
			fail_unknown(argp, command, word);
		attached = strchr(word, '=');
	} else {
		option = find_key(argp, word[1]);
		if (word[1] == '?')
			return 1;
		if (!option)
			fail_usage("unknown option '-%c'; see '%s --help'", word[1], command);
		attached = word[2];
	}
	if (attached && !option->arg)
		fail_usage("option '--%s' takes no value; see '%s --help'", option->name, command);
	if (option->arg && !attached && left < 2)
		fail_usage("option '--%s' needs a value; see '%s --help'", option->name, command);
	return option->arg && !attached ? 2 : 1;
}

void parse_options(const struct argp *argp, int argc, char **argv, void *input)
{
	int at = 1;
	error_t error;

	/* argp says what is wrong in two lines, and cannot be asked what it was: look first. */
	while (at < argc && strcmp(argv[at], "--"))
		at += argv[at][0] == '-' && argv[at][1]
			      ? check_option(argp, argv[0], argc - at, argv + at)
			      : 1;
	argp_err_exit_status = FL_EXIT_USAGE;
	at = argc;
	error = argp_parse(argp, argc, argv, 0, &at, input);
	if (error)
		fail_usage("the options are not understood: %s; see '%s --help'", strerror(error),
			   argv[0]);
	if (at < argc)
		fail_usage("unexpected argument '%s'; see '%s --help'", argv[at], argv[0]);
}

uint64_t parse_number(const char *option, const char *text, uint64_t least, uint64_t most)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || value < least || value > most)
		fail_usage("--%s %s: give a whole number from %llu to %llu", option, text,
			   (unsigned long long)least, (unsigned long long)most);
	return value;
}

double parse_seconds(const char *option, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !isfinite(value) || value <= 0 || value > 1e8)
		fail_usage("--%s %s: give a positive number of seconds", option, text);
	return value;
}

unsigned int cpus_to_use(unsigned int most)
{
	cpu_set_t set;
	unsigned int count =
		sched_getaffinity(0, sizeof(set), &set) ? 1 : (unsigned int)CPU_COUNT(&set);

	return count < most ? count : most;
}

void finish_output(void)
{
	/* Not fail_usage(): exit() would flush, and fail, again. */
	if (fflush(stdout) || ferror(stdout)) {
		int error = errno;

		fprintf(stderr, "faultline: cannot write to standard output: %s%s\n",
			strerror(error),
			error == ENOSPC ? "; free some space and run it again" : "");
		_Exit(FL_EXIT_USAGE);
	}
}

const char *with_commas(uint64_t number, char *buffer)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	char *out = buffer;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return buffer;
}

double cli_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

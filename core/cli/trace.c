// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of traces: which form, and where. */
#include "trace.h"
#include "cli.h"

#include <case/replacement.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum form { FORM_VCD, FORM_FST, FORM_PERFETTO };

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length > end_length && !strcmp(text + length - end_length, end);
}

static enum form form_of(const char *path)
{
	if (ends_with(path, ".vcd"))
		return FORM_VCD;
	if (ends_with(path, ".fst"))
		return FORM_FST;
	if (ends_with(path, ".perfetto.json"))
		return FORM_PERFETTO;
	fail_usage("--trace %s: name a file that ends in .vcd, .fst or .perfetto.json", path);
}

/* Is there a program called @name on the PATH? */
static bool installed(const char *name)
{
	const char *path = getenv("PATH");

	for (; path && *path; path += *path == ':') {
		size_t length = strcspn(path, ":");
		char program[4096];

		snprintf(program, sizeof(program), "%.*s/%s", (int)length, path, name);
		if (!access(program, X_OK))
			return true;
		path += length;
	}
	return false;
}

void trace_check(const char *path)
{
	if (form_of(path) == FORM_FST && !installed("vcd2fst"))
		fail_usage(
			"--trace %s: vcd2fst is missing (Debian's package gtkwave); or write a .vcd",
			path);
}

static _Noreturn void fail_write(const char *path, int problem)
{
	fail_usage("cannot write %s: %s; free some space or name another file", path,
		   strerror(problem));
}

static void write_form(const char *path, const char *title, enum form form)
{
	struct fl_replacement file;
	int problem = fl_replacement_begin(&file, path);

	if (!problem) {
		if (form == FORM_PERFETTO)
			trace_print_perfetto(file.stream, title);
		else
			trace_print_vcd(file.stream, title);
		problem = fl_replacement_commit(&file);
	}
	if (problem)
		fail_write(path, -problem);
}

/* vcd2fst reads a whole file and writes one. */
static void convert(const char *vcd, const char *path)
{
	char beside[4096];
	int status = 0;
	pid_t child;

	snprintf(beside, sizeof(beside), "%s.new", path);
	child = fork();
	if (!child) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execlp("vcd2fst", "vcd2fst", vcd, beside, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status || rename(beside, path)) {
		unlink(vcd);
		unlink(beside);
		fail_usage("cannot write %s: vcd2fst failed; write a .vcd instead", path);
	}
}

void trace_write(const char *path, const char *title)
{
	enum form form = form_of(path);
	char vcd[4096];

	if (form != FORM_FST) {
		write_form(path, title, form);
		return;
	}
	if (snprintf(vcd, sizeof(vcd), "%s.vcd", path) >= (int)sizeof(vcd))
		fail_write(path, ENAMETOOLONG);
	write_form(vcd, title, FORM_VCD);
	convert(vcd, path);
	unlink(vcd);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Files for other programs: checked first, written last. */
#include "triage_files.h"
#include "cli.h"

#include <case/replacement.h>

#include <string.h>

static _Noreturn void fail_file(const char *option, const char *path, int problem)
{
	fail_usage("--%s: cannot write %s: %s; free some space or name another file", option, path,
		   strerror(problem));
}

void triage_file_check(const char *option, const char *path)
{
	struct fl_replacement file;
	int problem;

	if (!path || !strcmp(path, "-"))
		return;
	problem = -fl_replacement_begin(&file, path);
	if (problem)
		fail_file(option, path, problem);
	fl_replacement_abandon(&file);
}

void triage_file_write(const char *option, const char *path, struct fl_store *store,
		       const struct fl_store_view *view,
		       void (*print)(FILE *out, struct fl_store *store,
				     const struct fl_store_view *view))
{
	struct fl_replacement file;
	int problem;

	if (!path)
		return;
	if (!strcmp(path, "-")) {
		print(stdout, store, view);
		return;
	}
	problem = -fl_replacement_begin(&file, path);
	if (problem)
		fail_file(option, path, problem);
	print(file.stream, store, view);
	problem = -fl_replacement_commit(&file);
	if (problem)
		fail_file(option, path, problem);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Cases that commands are given. */
#include "cli.h"

#include <case/history.h>

static bool is_history(const char *path)
{
	FILE *file = fopen(path, "rb");
	char start[64];
	size_t size;

	if (!file)
		return false;
	size = fread(start, 1, sizeof(start), file);
	fclose(file);
	return fl_is_history(start, size);
}

void load_case(struct fl_case *result, const char *path)
{
	char error[512];

	if (is_history(path))
		fail_usage(
			"%s is the history of a run on threads, which does not replay; 'faultline explore --from %s' searches for a case",
			path, path);
	if (fl_case_load(result, path, error, sizeof(error)))
		fail_usage("%s", error);
}

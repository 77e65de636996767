// SPDX-License-Identifier: GPL-2.0-or-later
/* What comes with a target: seeds, dictionary, options, known findings. */
#include "fuzz.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *fuzz_above(const char *name)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length < 0 ? 0 : length] = '\0';
	while (strrchr(program, '/')) {
		char *path;

		*strrchr(program, '/') = '\0';
		path = fuzz_format("%s/%s", program, name);
		if (!access(path, R_OK))
			return path;
		free(path);
	}
	return NULL;
}

char *fuzz_shipped(const char *program, const char *suffix)
{
	char *path = fuzz_format("%s%s", program, suffix), *name;

	if (!access(path, R_OK))
		return path;
	free(path);
	name = fuzz_format("fuzzers/%s%s", strrchr(program, '/') + 1, suffix);
	path = fuzz_above(name);
	free(name);
	return path;
}

unsigned int fuzz_shipped_options(const char *program, struct fuzz_setting *settings,
				  unsigned int room)
{
	char *path = fuzz_shipped(program, ".options");
	FILE *file = path ? fopen(path, "r") : NULL;
	unsigned int count = 0;
	bool ours = false;
	char line[256];

	while (file && count < room && fgets(line, sizeof(line), file)) {
		struct fuzz_setting *setting = &settings[count];

		if (*line == '[')
			ours = !strncmp(line, "[libfuzzer]", 11);
		else if (ours &&
			 sscanf(line, " %63[a-z_] = %63s", setting->name, setting->value) == 2)
			count++;
	}
	if (file)
		fclose(file);
	free(path);
	return count;
}

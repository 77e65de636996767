// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each seed that is shipped runs on each generation of the built-in core, the same way twice, and the reference
 * keeps all invariants in it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <dirent.h>

#include <case/raw.h>
#include <handler/handler.h>
#include <world/trace_hash.h>

static uint8_t data[FL_RAW_SIZE];

static struct fl_outcome run(const struct fl_target *target, size_t size)
{
	struct fl_outcome outcome;

	fl_trace_hash_reset();
	fl_world_raw(target, data, size, &outcome);
	return outcome;
}

static void run_seed(const struct fl_target *target, const struct fl_subject *subject, size_t size,
		     const char *path)
{
	struct fl_outcome outcome = run(target, size);
	uint64_t wanted = fl_trace_hash();

	if (!strcmp(subject->name, "core:reference") && outcome.finding_count)
		fail_msg("%s: %s", path, outcome.findings[0].signature);
	assert_true(outcome.steps > 0);
	run(target, size);
	assert_true(fl_trace_hash() == wanted);
}

static unsigned int run_seeds(const struct fl_target *target, const struct fl_subject *subject)
{
	char folder[512], path[800];
	unsigned int count = 0;
	DIR *entries;

	snprintf(folder, sizeof(folder), "%s/corpus/seeds/%s", FAULTLINE_SOURCE, target->name);
	entries = opendir(folder);
	if (!entries)
		fail_msg("there is no folder %s", folder);
	for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
		FILE *file;

		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		file = fopen(path, "rb");
		assert_non_null(file);
		run_seed(target, subject, fread(data, 1, sizeof(data), file), path);
		fclose(file);
		count++;
	}
	closedir(entries);
	return count;
}

static void test_seeds(void **state)
{
	char error[256];

	for (unsigned int i = 0; fl_targets[i]; i++) {
		for (unsigned int j = 0; fl_core_subjects[j]; j++) {
			const struct fl_profile *profile = fl_profile_find(fl_targets[i]->profile);

			if (fl_world_make(fl_core_subjects[j], profile, UINT32_MAX, error,
					  sizeof(error)))
				fail_msg("%s", error);
			fl_trace_hash_start();
			assert_true(run_seeds(fl_targets[i], fl_core_subjects[j]) >= 20);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

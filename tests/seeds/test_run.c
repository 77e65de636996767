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

static uint8_t data[FL_RAW_SIZE];
static uint64_t trace;

static void mix(uint64_t value)
{
	trace = (trace ^ value) * 1099511628211ull;
}

static void trace_event(const struct fl_event *event)
{
	mix(event->kind);
	mix((uint64_t)event->context);
	mix(event->step);
	mix(event->a);
}

static struct fl_outcome run(const struct fl_target *target, size_t size)
{
	struct fl_outcome outcome;

	trace = 14695981039346656037ull;
	fl_world_raw(target, data, size, &outcome);
	return outcome;
}

static void run_seed(const struct fl_target *target, const struct fl_subject *subject, size_t size,
		     const char *path)
{
	struct fl_outcome outcome = run(target, size);
	uint64_t wanted = trace;

	if (!strcmp(subject->name, "core:reference") && outcome.finding_count)
		fail_msg("%s: %s", path, outcome.findings[0].signature);
	assert_true(outcome.steps > 0);
	run(target, size);
	assert_true(trace == wanted);
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
			for (int kind = 0; kind < FL_EVENT_KINDS; kind++)
				if (kind != FL_EV_MEM_READ && kind != FL_EV_MEM_WRITE)
					fl_subscribe(kind, trace_event);
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

// SPDX-License-Identifier: GPL-2.0-or-later
#include "races.h"

#include <check/check.h>
#include <check/observe.h>

#if defined(FAULTLINE_TSAN)
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define FRAMES 16

/* Of ThreadSanitizer's runtime: what a report says (its interface for debuggers). */
int __tsan_get_report_data(void *report, const char **description, int *count, int *stack_count,
			   int *mop_count, int *loc_count, int *mutex_count, int *thread_count,
			   int *unique_tid_count, void **sleep_trace, unsigned long trace_size);
int __tsan_get_report_mop(void *report, unsigned long index, int *tid, void **address, int *size,
			  int *write, int *atomic, void **trace, unsigned long trace_size);
void __sanitizer_symbolize_pc(void *pc, const char *format, char *buffer, size_t size);
void __sanitizer_set_report_fd(void *file);
void __tsan_on_report(void *report);

static uint64_t own_races;

/*
 * The sanitizer calls with locks of its own held, which who is inside the machine may want (to make a thread): so
 * nobody comes in from there. What was seen in a round is judged when it has ended.
 */
#define SEEN 32
static struct seen {
	char first[FL_SIGNATURE_SIZE], second[FL_SIGNATURE_SIZE];
	bool first_writes, second_writes;
} seen[SEEN];
static unsigned int seen_count;

bool races_judged(void)
{
	return true;
}

int races_start(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (file < 0)
		return -errno;
	__sanitizer_set_report_fd((void *)(intptr_t)file);
	return 0;
}

uint64_t races_own(void)
{
	return __atomic_load_n(&own_races, __ATOMIC_RELAXED);
}

/*
 * The small kernel API and the sanitizer's own functions are inlined into, or called by, whoever makes the access:
 * his name is wanted, and whose file that is.
 */
static bool is_helper(const char *file)
{
	return !*file || strstr(file, "include/linux/") || !strncmp(file, "??", 2) ||
	       strstr(file, "compiler-rt") || strstr(file, "sanitizer");
}

static bool is_framework(const char *file)
{
	return (strstr(file, "core/") && !strstr(file, "core/handler/")) || strstr(file, "stress/");
}

/*
 * The frames of @pc, those inlined into each other first; each is "function|file". Takes the first that is no
 * helper: true, and its function is in @function.
 */
static bool name_frame(void *pc, char *function, size_t size, bool *framework)
{
	char frames[2048] = "", *frame;

	__sanitizer_symbolize_pc((char *)pc - 1, "%f|%s", frames, sizeof(frames) - 1);
	for (frame = frames; *frame; frame += strlen(frame) + 1) {
		char *file = strchr(frame, '|');

		if (!file)
			continue;
		if (is_helper(file + 1))
			continue;
		snprintf(function, size, "%.*s", (int)(file - frame), frame);
		*framework = is_framework(file + 1);
		return true;
	}
	return false;
}

/* The function of an access, "" if it is not known. False: one of the framework made it. */
static bool name_access(void *report, unsigned long index, char *function, size_t size, bool *write)
{
	void *trace[FRAMES] = {NULL}, *address;
	int tid, bytes, is_write = 0, atomic;
	bool framework = false;

	*function = '\0';
	__tsan_get_report_mop(report, index, &tid, &address, &bytes, &is_write, &atomic, trace,
			      FRAMES);
	*write = is_write;
	for (unsigned int i = 0; i < FRAMES && trace[i]; i++)
		if (name_frame(trace[i], function, size, &framework))
			break;
	return !framework;
}

/* One at a time: the sanitizer holds its lock of reports. */
void __tsan_on_report(void *report)
{
	const char *description = "";
	int count, stacks, mops = 0, locs, mutexes, threads, tids;
	struct seen *race = &seen[seen_count];
	void *sleep_trace[1];
	bool subject;

	__tsan_get_report_data(report, &description, &count, &stacks, &mops, &locs, &mutexes,
			       &threads, &tids, sleep_trace, 1);
	if (mops < 2 || seen_count == SEEN)
		return;
	subject = name_access(report, 0, race->first, sizeof(race->first), &race->first_writes);
	subject &= name_access(report, 1, race->second, sizeof(race->second), &race->second_writes);
	if (subject)
		seen_count++;
	else
		__atomic_fetch_add(&own_races, 1, __ATOMIC_RELAXED);
}

static void judge(const struct seen *race)
{
	const char *a = race->first, *b = race->second;
	char variant[FL_SIGNATURE_SIZE];

	/* Which of the two comes first is chance; the signature's order is not. */
	if (strcmp(b, a) < 0) {
		a = race->second;
		b = race->first;
	}
	snprintf(variant, sizeof(variant), "with %.*s", (int)sizeof(variant) - 6, b);
	fl_violation(&fl_invariant_data_race, check_intern(a), check_intern(variant),
		     "%s in %s and %s in %s of the same memory, with nothing that orders them",
		     race->second_writes ? "write" : "read", race->second,
		     race->first_writes ? "write" : "read", race->first);
}

void races_judge(struct fl_outcome *outcome)
{
	for (unsigned int i = 0; i < seen_count; i++)
		judge(&seen[i]);
	seen_count = 0;
	outcome->findings = fl_check_findings(&outcome->finding_count);
	if (outcome->premises)
		outcome->premises |= 1u << fl_invariant_find("data-race");
}

#else

bool races_judged(void)
{
	return false;
}

int races_start(const char *path)
{
	(void)path;
	return 0;
}

uint64_t races_own(void)
{
	return 0;
}

void races_judge(struct fl_outcome *outcome)
{
	(void)outcome;
}

#endif

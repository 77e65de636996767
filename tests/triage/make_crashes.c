// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Crash files with labels:
 *   make_crashes FOLDER COUNT    made, as campaigns of both engines leave them: those of each cause
 *                                (crash_causes.h) in FOLDER/CAUSE/libfuzzer/crashes,
 *                                .../afl/main/crashes and, as cases, .../cases
 *   make_crashes --causes        a line each: folder, subject, target and invariant, with tabs between
 *   make_crashes --label FOLDER  found by campaigns that looked for a cause each, in FOLDER/CAUSE
 *
 * A line of FOLDER/labels a file, with tabs between: its path from FOLDER, the subject, the invariant that it
 * was produced for, the places where it breaks that ("|" between; none if they cannot be told), and all
 * invariants that it breaks when each is the only one judged (a blank between).
 */
#include "crash_causes.h"

#include <kernel/kernel.h>

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *path_of(const char *format, ...)
{
	static char path[4096];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(path, sizeof(path), format, arguments);
	va_end(arguments);
	return path;
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0777) && errno != EEXIST)
		crash_fail("%s: %s", path, strerror(errno));
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		crash_fail("%s: %s", path, strerror(errno));
}

static void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

static void make_folders(const char *folder, const char *cause, const char *subject,
			 const char *target)
{
	static const char *const below[] = {
		"",	     "/libfuzzer",	  "/libfuzzer/crashes", "/afl",
		"/afl/main", "/afl/main/crashes", "/afl/main/queue",	"/cases"};
	char text[256];

	for (unsigned int i = 0; i < sizeof(below) / sizeof(below[0]); i++)
		make_folder(path_of("%s/%s%s", folder, cause, below[i]));
	snprintf(text, sizeof(text), "faultline-campaign 1\ntarget %s\nsubject %s\n", target,
		 subject);
	write_text(path_of("%s/%s/campaign", folder, cause), text);
	write_text(path_of("%s/%s/afl/main/crashes/README.txt", folder, cause),
		   "Command line used to find this crash\n");
	/* No crash, though it is called as they are. */
	write_text(path_of("%s/%s/afl/main/queue/id:000000", folder, cause), "x");
}

/* Two of libFuzzer's, two of AFL++'s, a case; and so on. @path: from @folder. */
static void write_crash(const char *folder, const char *cause, const struct crash *crash,
			unsigned int number, char *path, size_t size)
{
	char error[512];

	if (number % 5 < 2)
		snprintf(path, size, "%s/libfuzzer/crashes/crash-%s-%04u", cause, cause, number);
	else if (number % 5 < 4)
		snprintf(path, size, "%s/afl/main/crashes/id:%06u,sig:05,%s", cause, number, cause);
	else
		snprintf(path, size, "%s/cases/%s-%04u.case", cause, cause, number);
	if (number % 5 < 4)
		write_bytes(path_of("%s/%s", folder, path), crash->bytes, crash->size);
	else if (fl_case_save(&crash->recorded, path_of("%s/%s", folder, path), error,
			      sizeof(error)))
		crash_fail("%s", error);
}

static void write_label(FILE *out, const struct crash_cause *cause, const struct crash *crash,
			const char *path)
{
	fprintf(out, "%s\t%s\t%s\t", path, cause->subject, cause->invariant);
	for (unsigned int i = 0; i < crash->place_count; i++)
		fprintf(out, "%s%s", i ? "|" : "", crash->places[i]);
	fputc('\t', out);
	for (unsigned int bit = 0; fl_invariants[bit]; bit++)
		if (crash->broken & 1u << bit)
			fprintf(out, "%s ", fl_invariants[bit]->name);
	fputc('\n', out);
}

static FILE *open_labels(const char *folder)
{
	FILE *labels = fopen(path_of("%s/labels", folder), "w");

	if (!labels)
		crash_fail("%s: %s", folder, strerror(errno));
	return labels;
}

/* A cause's folder is called as its subject, without "core:". */
static const char *short_name(const struct crash_cause *cause)
{
	return strchr(cause->subject, ':') + 1;
}

static void make(const char *folder, unsigned int total)
{
	struct crash *crashes = crash_room(total / crash_cause_count + 1);
	unsigned int number = 0;
	FILE *labels;

	make_folder(folder);
	labels = open_labels(folder);
	for (unsigned int i = 0; i < crash_cause_count; i++) {
		const struct crash_cause *cause = &crash_causes[i];
		unsigned int count = total / crash_cause_count + (i < total % crash_cause_count);
		struct fl_prng prng = {.state = i};

		make_folders(folder, short_name(cause), cause->subject, cause->target);
		crash_produce(cause, crashes, count, &prng);
		for (unsigned int j = 0; j < count; j++) {
			char path[256];

			write_crash(folder, short_name(cause), &crashes[j], number++, path,
				    sizeof(path));
			write_label(labels, cause, &crashes[j], path);
		}
	}
	if (fclose(labels))
		crash_fail("%s: %s", folder, strerror(errno));
}

/* --- crashes that others have found ---------------------------------------------------------- */

#define MAX_FOUND 4000

static struct {
	struct crash *crashes;
	char *paths[MAX_FOUND];
	unsigned int count;
} found;

/* In a folder of crashes, and called as an engine calls one. */
static bool is_crash_file(const char *path, const char *name)
{
	return (strstr(path, "/crashes/") || strstr(path, "/crashes.")) &&
	       (!strncmp(name, "id:", 3) || !strncmp(name, "crash-", 6));
}

static int take_file(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	struct crash *crash = &found.crashes[found.count];
	FILE *file;

	if (kind != FTW_F || !is_crash_file(path, path + at->base) ||
	    status->st_size > CRASH_BYTES || found.count == MAX_FOUND)
		return 0;
	file = fopen(path, "rb");
	if (!file)
		crash_fail("%s: %s", path, strerror(errno));
	memset(crash, 0, sizeof(*crash));
	crash->size = fread(crash->bytes, 1, CRASH_BYTES, file);
	fclose(file);
	found.paths[found.count++] = strdup(path);
	return 0;
}

static void label(const char *folder)
{
	FILE *labels = open_labels(folder);

	found.crashes = crash_room(MAX_FOUND);
	for (unsigned int i = 0; i < crash_cause_count; i++) {
		const struct crash_cause *cause = &crash_causes[i];

		found.count = 0;
		nftw(path_of("%s/%s", folder, short_name(cause)), take_file, 16, FTW_PHYS);
		if (!found.count)
			continue;
		crash_label(cause, found.crashes, found.count);
		for (unsigned int j = 0; j < found.count; j++) {
			write_label(labels, cause, &found.crashes[j],
				    found.paths[j] + strlen(folder) + 1);
			free(found.paths[j]);
		}
	}
	if (fclose(labels))
		crash_fail("%s: %s", folder, strerror(errno));
}

int main(int argc, char **argv)
{
	/* As in the program: what the subject does to a domain that was freed is a finding, and not the end. */
	fl_oops_install();
	if (argc == 2 && !strcmp(argv[1], "--causes"))
		for (unsigned int i = 0; i < crash_cause_count; i++)
			printf("%s\t%s\t%s\t%s\n", short_name(&crash_causes[i]),
			       crash_causes[i].subject, crash_causes[i].target,
			       crash_causes[i].invariant);
	else if (argc == 3 && !strcmp(argv[1], "--label"))
		label(argv[2]);
	else if (argc == 3 && atoi(argv[2]) > 0)
		make(argv[1], (unsigned int)atoi(argv[2]));
	else
		crash_fail("give a folder and how many crash files, or --label and a folder");
	return 0;
}

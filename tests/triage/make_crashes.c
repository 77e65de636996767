// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Crash files with labels, as campaigns of both engines leave them: make_crashes FOLDER COUNT
 *
 * Each subject is the reference with one thing broken, so what an input of it can show is known beforehand.
 * Random bytes that break it go to FOLDER/MUTANT/libfuzzer/crashes, .../afl/queues/main/crashes and, as
 * cases, .../cases. A line of FOLDER/labels a file: its name, the subject, and the invariants that broke
 * when each was the only one judged.
 */
#include <case/raw.h>
#include <case/world.h>
#include <engine/prng.h>
#include <handler/handler.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_BYTES 96
#define MAX_TRIES 200000

static const struct {
	const char *subject, *target;
} sources[] = {
	{"core:mutant-forgets-put", "context_fault_fuzzer"},
	{"core:mutant-drift", "context_fault_fuzzer"},
	{"core:mutant-returns-none", "suspend_race_fuzzer"},
	{"core:mutant-reports-twice", "context_fault_fuzzer"},
	{"core:mutant-leaks-domain", "domain_lifecycle_fuzzer"},
	{"core:mutant-resume-first", "context_fault_fuzzer"},
};
#define SOURCES (sizeof(sources) / sizeof(sources[0]))

static _Noreturn void fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("make_crashes: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(3);
}

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
		fail("%s: %s", path, strerror(errno));
}

static void write_bytes(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		fail("%s: %s", path, strerror(errno));
}

static void write_text(const char *path, const char *text)
{
	write_bytes(path, text, strlen(text));
}

static const struct fl_subject *find_subject(const char *name)
{
	for (unsigned int i = 0; fl_core_mutants[i]; i++)
		if (!strcmp(fl_core_mutants[i]->name, name))
			return fl_core_mutants[i];
	fail("there is no subject %s", name);
}

static void make_world(const struct fl_subject *subject, const struct fl_target *target,
		       uint32_t invariants)
{
	char error[512];

	if (fl_world_make(subject, fl_profile_find(target->profile), invariants, error,
			  sizeof(error)))
		fail("%s", error);
}

struct crash {
	uint8_t bytes[MAX_BYTES];
	size_t size;
	uint32_t labels; /* bit mask of invariants */
	struct fl_case recorded;
	char name[96];
};

static void make_folders(const char *folder, const char *mutant, const char *subject,
			 const char *target)
{
	static const char *const below[] = {"",
					    "/libfuzzer",
					    "/libfuzzer/crashes",
					    "/afl",
					    "/afl/queues",
					    "/afl/queues/main",
					    "/afl/queues/main/crashes",
					    "/afl/queues/main/queue",
					    "/cases"};
	char text[256];

	for (unsigned int i = 0; i < sizeof(below) / sizeof(below[0]); i++)
		make_folder(path_of("%s/%s%s", folder, mutant, below[i]));
	snprintf(text, sizeof(text), "faultline-campaign 1\ntarget %s\nsubject %s\n", target,
		 subject);
	write_text(path_of("%s/%s/campaign", folder, mutant), text);
	write_text(path_of("%s/%s/afl/queues/main/crashes/README.txt", folder, mutant),
		   "Command line used to find this crash\n");
	/* No crash, though it is called as they are. */
	write_text(path_of("%s/%s/afl/queues/main/queue/id:000000", folder, mutant), "x");
}

/* Two of libFuzzer's, two of AFL++'s, a case; and so on. */
static void write_crash(const char *folder, const char *mutant, struct crash *crash,
			unsigned int number)
{
	char error[512];

	if (number % 5 < 2) {
		snprintf(crash->name, sizeof(crash->name), "crash-%s-%04u", mutant, number);
		write_bytes(path_of("%s/%s/libfuzzer/crashes/%s", folder, mutant, crash->name),
			    crash->bytes, crash->size);
	} else if (number % 5 < 4) {
		snprintf(crash->name, sizeof(crash->name), "id:%06u,sig:05,%s", number, mutant);
		write_bytes(
			path_of("%s/%s/afl/queues/main/crashes/%s", folder, mutant, crash->name),
			crash->bytes, crash->size);
	} else {
		snprintf(crash->name, sizeof(crash->name), "%s-%04u.case", mutant, number);
		if (fl_case_save(&crash->recorded,
				 path_of("%s/%s/cases/%s", folder, mutant, crash->name), error,
				 sizeof(error)))
			fail("%s", error);
	}
}

/* A process has room for so many worlds only. True in one of its own, which is waited for. */
static bool in_child(void)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		return true;
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		fail("a world's process failed");
	return false;
}

/* Random bytes that break something. */
static void find_crashes(const struct fl_target *target, struct crash *crashes, unsigned int count,
			 struct fl_prng *prng)
{
	unsigned int found = 0, tries = 0;

	while (found < count) {
		struct crash *crash = &crashes[found];
		struct fl_outcome outcome;

		if (tries++ == MAX_TRIES)
			fail("%s: %u of %u crashes in %u tries", target->name, found, count, tries);
		crash->size = 4 + fl_prng_below(prng, MAX_BYTES - 4);
		for (size_t i = 0; i < crash->size; i++)
			crash->bytes[i] = (uint8_t)fl_prng_below(prng, 256);
		fl_world_raw(target, crash->bytes, crash->size, &outcome);
		if (!outcome.finding_count)
			continue;
		fl_world_record(&crash->recorded);
		snprintf(crash->recorded.signature, sizeof(crash->recorded.signature), "%s",
			 outcome.findings[0].signature);
		crash->recorded.step = outcome.findings[0].step;
		found++;
	}
}

static void label(const struct fl_subject *subject, const struct fl_target *target,
		  struct crash *crashes, unsigned int count)
{
	for (unsigned int invariant = 0; fl_invariants[invariant]; invariant++) {
		if (!in_child())
			continue;
		make_world(subject, target, 1u << invariant);
		for (unsigned int i = 0; i < count; i++) {
			struct fl_outcome outcome;

			fl_world_raw(target, crashes[i].bytes, crashes[i].size, &outcome);
			crashes[i].labels |= outcome.finding_count ? 1u << invariant : 0;
		}
		_exit(0);
	}
}

static void write_labels(FILE *out, const struct fl_subject *subject, const struct crash *crashes,
			 unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		fprintf(out, "%s\t%s\t", crashes[i].name, subject->name);
		for (unsigned int bit = 0; fl_invariants[bit]; bit++)
			if (crashes[i].labels & 1u << bit)
				fprintf(out, "%s ", fl_invariants[bit]->name);
		fputc('\n', out);
	}
}

int main(int argc, char **argv)
{
	unsigned int total = argc == 3 ? (unsigned int)atoi(argv[2]) : 0, number = 0;
	size_t room = (total / SOURCES + 1) * sizeof(struct crash);
	struct crash *crashes;
	struct fl_prng prng;
	FILE *labels;

	if (!total)
		fail("give a folder and how many crash files");
	crashes = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (crashes == MAP_FAILED)
		fail("there is no memory");
	make_folder(argv[1]);
	labels = fopen(path_of("%s/labels", argv[1]), "w");
	if (!labels)
		fail("%s: %s", argv[1], strerror(errno));
	for (unsigned int i = 0; i < SOURCES; i++) {
		const struct fl_subject *subject = find_subject(sources[i].subject);
		const struct fl_target *target = fl_target_find(sources[i].target);
		const char *mutant = sources[i].subject + strlen("core:mutant-");
		unsigned int count = total / SOURCES + (i < total % SOURCES);

		memset(crashes, 0, count * sizeof(*crashes));
		make_folders(argv[1], mutant, subject->name, target->name);
		prng.state = i;
		if (in_child()) {
			make_world(subject, target, UINT32_MAX);
			find_crashes(target, crashes, count, &prng);
			_exit(0);
		}
		for (unsigned int j = 0; j < count; j++)
			write_crash(argv[1], mutant, &crashes[j], number++);
		label(subject, target, crashes, count);
		write_labels(labels, subject, crashes, count);
	}
	return fclose(labels) ? 3 : 0;
}

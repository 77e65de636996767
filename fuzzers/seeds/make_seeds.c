/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make_seeds SOURCES OUT: what goes beside the fuzz targets, made from SOURCES/corpus and from the tables.
 * Writes OUT/TARGET.dict, OUT/TARGET.options and OUT/seeds/TARGET/NAME; scripts/make-seeds puts them into
 * their places. OUT is there.
 */
#include "seeds.h"

#include <case/case_form.h>
#include <case/operations.h>
#include <case/raw_form.h>

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PARSER	     "case_parser_fuzzer"
/* A seed is to be small: cases of many decisions are left to the litmus test. */
#define LARGEST_SEED 1024

static const char *sources, *out_folder;

static _Noreturn void __attribute__((format(printf, 1, 2))) fail(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "make_seeds: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

static FILE *create(const char *path)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		fail("cannot write %s: %s", path, strerror(errno));
	return file;
}

static void finish(FILE *file, const char *path)
{
	if (ferror(file) | fclose(file))
		fail("cannot write %s: %s", path, strerror(errno));
}

static void write_seed(const char *target, const char *name, const void *data, size_t size)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/seeds/%s/%s", out_folder, target, name);
	file = create(path);
	fwrite(data, 1, size, file);
	finish(file, path);
}

static void make_folder(const char *name, const char *below)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/seeds%s%s", name, *below ? "/" : "", below);
	if (mkdir(path, 0777) && errno != EEXIST)
		fail("cannot make folder %s: %s", path, strerror(errno));
}

/* Knobs that the profile settles are its own. */
static void settle_knobs(struct fl_case *source, const struct fl_profile *profile)
{
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		uint8_t *value = fl_knob_at(&source->knobs, i);

		if (!(profile->free_values[i] >> *value & 1))
			*value = (uint8_t)case_knob_default(profile, i);
	}
}

bool seeds_retarget(struct fl_case *source, const struct fl_target *target)
{
	const struct fl_profile *profile = fl_profile_find(target->profile);
	bool same = !strcmp(source->profile, target->profile);

	for (unsigned int i = 0; i < source->program.count; i++)
		for (unsigned int j = 0; j < source->program.actors[i].count; j++)
			if (!(target->operations >> source->program.actors[i].operations[j].code &
			      1))
				return false;
	source->memory_granularity = false;
	*source->signature = '\0';
	source->step = 0;
	if (same)
		return true;
	/* On other hardware its steps are others. */
	source->decision_count = 0;
	source->fair_since = UINT64_MAX;
	memset(source->contexts, 0, sizeof(source->contexts));
	snprintf(source->profile, sizeof(source->profile), "%s", target->profile);
	settle_knobs(source, profile);
	return true;
}

static void make_seeds_of(const struct fl_case *source, const char *name)
{
	static uint8_t data[LARGEST_SEED];
	static struct fl_case retargeted;
	char error[256];

	for (unsigned int i = 0; fl_targets[i]; i++) {
		size_t size;

		/* A finding is its schedule, which is another on other hardware. */
		if (source->decision_count && strcmp(source->profile, fl_targets[i]->profile))
			continue;
		retargeted = *source;
		if (!seeds_retarget(&retargeted, fl_targets[i]))
			continue;
		size = fl_raw_encode(fl_targets[i], &retargeted, data, sizeof(data), error,
				     sizeof(error));
		if (size)
			write_seed(fl_targets[i]->name, name, data, size);
	}
}

/* Each of a target's scenarios, plain, and with the second answer to all that it leaves open. */
static void make_seeds_of_scenarios(const struct fl_target *target)
{
	for (unsigned int i = 0; target->scenarios[i]; i++) {
		uint8_t data[RAW_HEAD_SIZE + RAW_DRAWS * RAW_SLOT_SIZE] = {(uint8_t)i};
		char name[128];

		for (unsigned int draw = 0; draw < RAW_DRAWS; draw++) {
			data[RAW_HEAD_SIZE + draw * RAW_SLOT_SIZE] = (uint8_t)(RAW_DRAW + draw);
			data[RAW_HEAD_SIZE + draw * RAW_SLOT_SIZE + 1] = 1;
		}
		snprintf(name, sizeof(name), "scenario-%s", target->scenarios[i]->name);
		write_seed(target->name, name, data, RAW_HEAD_SIZE);
		snprintf(name, sizeof(name), "scenario-%s-second", target->scenarios[i]->name);
		write_seed(target->name, name, data, sizeof(data));
	}
}

static int is_case(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".case");
}

/* All cases of a folder of the corpus; their packed forms are seeds of the parser, as their texts are. */
static void make_seeds(const char *corpus)
{
	static struct fl_case source;
	static uint8_t packed[1 << 16];
	struct dirent **entries;
	char path[512], name[300], error[256];
	int count;

	snprintf(path, sizeof(path), "%s/corpus/%s", sources, corpus);
	count = scandir(path, &entries, is_case, alphasort);
	if (count <= 0)
		fail("there are no cases in %s", path);
	for (int i = 0; i < count; i++) {
		size_t size;

		snprintf(path, sizeof(path), "%s/corpus/%s/%s", sources, corpus,
			 entries[i]->d_name);
		if (fl_case_load(&source, path, error, sizeof(error)))
			fail("%s", error);
		snprintf(name, sizeof(name), "%s-%.*s", corpus, (int)strlen(entries[i]->d_name) - 5,
			 entries[i]->d_name);
		make_seeds_of(&source, name);
		size = fl_case_pack(&source, packed, sizeof(packed));
		if (size <= LARGEST_SEED)
			write_seed(PARSER, name, packed, size);
		free(entries[i]);
	}
	free(entries);
}

static void make_side_files(const char *name, const struct fl_target *target)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.dict", out_folder, name);
	file = create(path);
	seeds_print_dictionary(target, file);
	finish(file, path);
	snprintf(path, sizeof(path), "%s/%s.options", out_folder, name);
	file = create(path);
	seeds_print_options(name, file);
	finish(file, path);
	make_folder(out_folder, name);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		fail("usage: make_seeds SOURCES OUT");
	sources = argv[1];
	out_folder = argv[2];
	make_folder(out_folder, "");
	for (unsigned int i = 0; fl_targets[i]; i++) {
		make_side_files(fl_targets[i]->name, fl_targets[i]);
		make_seeds_of_scenarios(fl_targets[i]);
	}
	make_side_files(PARSER, NULL);
	make_seeds("litmus");
	make_seeds("findings");
	return 0;
}

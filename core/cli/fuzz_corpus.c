// SPDX-License-Identifier: GPL-2.0-or-later
/* The corpus that all engines of a campaign share. */
#include "campaign.h"
#include "cli.h"
#include "fuzz.h"

#include <case/raw.h>
#include <case/replacement.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uint8_t *fuzz_read(const char *path, size_t *size)
{
	uint8_t *data = malloc(FL_RAW_SIZE + 1);
	FILE *file = fopen(path, "rb");
	int error = errno;
	bool failed;

	if (!data)
		fail_internal("there is no memory for %u bytes", FL_RAW_SIZE);
	if (!file) {
		free(data);
		errno = error;
		return NULL;
	}
	*size = fread(data, 1, FL_RAW_SIZE + 1, file);
	failed = ferror(file);
	error = errno;
	fclose(file);
	if (!failed)
		return data;
	free(data);
	errno = error;
	return NULL;
}

int fuzz_write(const char *path, const uint8_t *data, size_t size)
{
	struct fl_replacement replacement;
	int error = fl_replacement_begin(&replacement, path);

	if (error)
		return error;
	fwrite(data, 1, size, replacement.stream);
	return fl_replacement_commit(&replacement);
}

/* FNV-1a: names are by content, so that nothing is there twice, whichever engine had it. */
static uint64_t hash_of(const uint8_t *data, size_t size)
{
	uint64_t hash = 14695981039346656037ull;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 1099511628211ull;
	return hash;
}

static bool add_bytes(struct fuzz_campaign *campaign, const char *prefix, const uint8_t *data,
		      size_t size)
{
	char *path = fuzz_path(campaign, "corpus/%s-%016llx", prefix,
			       (unsigned long long)hash_of(data, size));
	bool fresh = access(path, F_OK);
	int error = fresh ? fuzz_write(path, data, size) : 0;

	if (error)
		fail_usage("cannot write %s: %s; free some space and run it again", path,
			   strerror(-error));
	free(path);
	return fresh;
}

bool fuzz_corpus_add(struct fuzz_campaign *campaign, const char *prefix, const char *path)
{
	size_t size;
	uint8_t *data = fuzz_read(path, &size);
	bool fresh = data && size && size <= FL_RAW_SIZE && add_bytes(campaign, prefix, data, size);

	free(data);
	return fresh;
}

/* --- seeds ----------------------------------------------------------------------------------- */

struct seeds {
	const struct fuzz_options *options;
	struct fuzz_campaign *campaign; /* NULL: only look */
	unsigned int entries, usable;
	unsigned int folders, unreadable, large, unsayable;
};

/* Bytes of a file as the target's bytes: of a case, those that make it. NULL if there are none. */
static uint8_t *seed_bytes(struct seeds *seeds, const char *path, size_t *size)
{
	static struct fl_case source;
	uint8_t *data = fuzz_read(path, size);
	char error[512];

	if (!data) {
		seeds->unreadable++;
	} else if (*size > FL_RAW_SIZE) {
		seeds->large++;
	} else if (seeds->options->target && !fl_case_load(&source, path, error, sizeof(error))) {
		*size = fl_raw_encode(seeds->options->target, &source, data, FL_RAW_SIZE, error,
				      sizeof(error));
		if (*size)
			return data;
		seeds->unsayable++;
	} else {
		return data;
	}
	free(data);
	return NULL;
}

static void see_seed(struct seeds *seeds, const char *path)
{
	struct stat status;
	uint8_t *data;
	size_t size;

	seeds->entries++;
	if (stat(path, &status)) {
		seeds->unreadable++;
		return;
	}
	if (!S_ISREG(status.st_mode)) {
		seeds->folders++;
		return;
	}
	data = seed_bytes(seeds, path, &size);
	if (!data)
		return;
	seeds->usable++;
	if (seeds->campaign)
		add_bytes(seeds->campaign, "seed", data, size);
	free(data);
}

static void see_seeds(struct seeds *seeds)
{
	const char *name = seeds->options->seeds;
	DIR *folder = opendir(name);
	struct dirent *entry;

	if (!folder)
		fail_usage("cannot read the seeds in %s: %s; name a folder with --seeds", name,
			   strerror(errno));
	while ((entry = readdir(folder))) {
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = fuzz_format("%s/%s", name, entry->d_name);
		see_seed(seeds, path);
		free(path);
	}
	closedir(folder);
}

/* "2 folders, 1 file of more than 262144 bytes", in @text. */
static void tell_unusable(const struct seeds *seeds, char *text, size_t size)
{
	const struct {
		unsigned int count;
		const char *what;
	} parts[] = {
		{seeds->folders, "no file"},
		{seeds->unreadable, "unreadable"},
		{seeds->large, "too large for an input"},
		{seeds->unsayable, "a case that this target cannot say"},
	};
	size_t length = 0;

	*text = '\0';
	for (unsigned int i = 0; i < 4; i++)
		if (parts[i].count && length < size)
			length +=
				(size_t)snprintf(text + length, size - length, "%s%u %s",
						 length ? ", " : "", parts[i].count, parts[i].what);
}

void fuzz_seeds_check(const struct fuzz_options *options)
{
	struct seeds seeds = {.options = options};
	char unusable[256];

	see_seeds(&seeds);
	if (!seeds.entries)
		fail_usage("--seeds %s: the folder is empty", options->seeds);
	if (seeds.usable == seeds.entries)
		return;
	tell_unusable(&seeds, unusable, sizeof(unusable));
	if (!seeds.usable)
		fail_usage("--seeds %s: nothing in it is an input of %s (%s)", options->seeds,
			   options->target_name, unusable);
	fprintf(stderr, "faultline: --seeds %s: %u of %u left out (%s)\n", options->seeds,
		seeds.entries - seeds.usable, seeds.entries, unusable);
}

static void see_taken(void *context, const char *path)
{
	if (!strncmp(strrchr(path, '/') + 1, "seed-", 5))
		fuzz_crashes_add_seed(context, path);
}

void fuzz_seeds_take(struct fuzz_campaign *campaign)
{
	struct seeds seeds = {.options = &campaign->options, .campaign = campaign};

	char *corpus = fuzz_path(campaign, "corpus");

	if (campaign->options.seeds)
		see_seeds(&seeds);
	fuzz_each_file(corpus, see_taken, campaign);
	free(corpus);
}

/* --- minimisation ---------------------------------------------------------------------------- */

struct merging {
	struct fuzz_campaign *campaign;
	const char *into;
};

static void move_input(void *context, const char *path)
{
	struct merging *merging = context;
	size_t size;
	uint8_t *data = fuzz_read(path, &size);
	char *target;

	if (!data)
		return;
	/* By content again: what two engines need is there once. */
	target = fuzz_format("%s/%016llx", merging->into, (unsigned long long)hash_of(data, size));
	rename(path, target);
	free(target);
	free(data);
}

static bool minimize_with(struct fuzz_campaign *campaign, struct fuzz_run *run, const char *into)
{
	struct merging merging = {campaign, into};
	char *name = fuzz_format("corpus.%s", run->engine->name);
	char *path = fuzz_path(campaign, "%s", name);
	int status;

	fuzz_remove_folder(path);
	/* afl-cmin makes its folder, libFuzzer wants it made. */
	if (!run->engine->tool)
		fuzz_make_folder(campaign, name);
	status = run->engine->minimize(campaign, run, name);
	if (!status)
		fuzz_each_file(path, move_input, &merging);
	else if (status != -EINTR)
		fprintf(stderr,
			"faultline: %s could not minimise the corpus, which stays as it is; its log is %s/%s\n",
			run->engine->name, campaign->folder, run->log);
	fuzz_remove_folder(path);
	free(path);
	free(name);
	return !status;
}

void fuzz_corpus_recover(const struct fuzz_campaign *campaign)
{
	char *corpus = fuzz_path(campaign, "corpus"), *old = fuzz_path(campaign, "corpus.old");
	char *fresh = fuzz_path(campaign, "corpus.new");

	/* Between two renames; the new one was whole by then. */
	if (access(corpus, F_OK) && !access(old, F_OK) && rename(fresh, corpus))
		rename(old, corpus);
	fuzz_remove_folder(old);
	fuzz_remove_folder(fresh);
	free(corpus);
	free(old);
	free(fresh);
}

bool fuzz_corpus_minimize(struct fuzz_campaign *campaign)
{
	char *corpus = fuzz_path(campaign, "corpus"), *old = fuzz_path(campaign, "corpus.old");
	char *fresh = fuzz_path(campaign, "corpus.new");
	bool done = true;

	campaign->corpus_before = fuzz_count_files(corpus);
	if (!campaign->corpus_before) {
		free(corpus);
		free(old);
		free(fresh);
		return true;
	}
	fuzz_remove_folder(fresh);
	fuzz_make_folder(campaign, "corpus.new");
	for (unsigned int i = 0; i < campaign->options.engine_count && done; i++)
		done = minimize_with(campaign, &campaign->runs[i], fresh);
	if (done && fuzz_count_files(fresh)) {
		if (rename(corpus, old) || rename(fresh, corpus))
			fail_usage("cannot rename %s: %s; see that the folder can be written",
				   fresh, strerror(errno));
		fuzz_remove_folder(old);
	}
	fuzz_remove_folder(fresh);
	campaign->corpus_after = fuzz_count_files(corpus);
	free(corpus);
	free(old);
	free(fresh);
	return done;
}

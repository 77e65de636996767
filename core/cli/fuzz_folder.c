// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder of a campaign. */
#include "cli.h"
#include "fuzz.h"
#include "store.h"

#include <case/replacement.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADING "faultline-campaign 1"

static char *format_list(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		fail_internal("there is no memory for a path");
	return text;
}

char *fuzz_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_list(format, arguments);
	va_end(arguments);
	return text;
}

char *fuzz_path(const struct fuzz_campaign *campaign, const char *format, ...)
{
	va_list arguments;
	char *tail, *path;

	va_start(arguments, format);
	tail = format_list(format, arguments);
	va_end(arguments);
	path = fuzz_format("%s/%s", campaign->folder, tail);
	free(tail);
	return path;
}

void fuzz_make_folder(const struct fuzz_campaign *campaign, const char *name)
{
	char *path = fuzz_path(campaign, "%s", name);
	struct stat status;

	if (mkdir(path, 0777) &&
	    (errno != EEXIST || stat(path, &status) || !S_ISDIR(status.st_mode)))
		fail_usage("cannot make folder %s: %s; name another campaign with --out", path,
			   strerror(errno));
	free(path);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

void fuzz_remove_folder(const char *path)
{
	nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void each_entry(const char *path, mode_t kind, void (*see)(void *context, const char *path),
		       void *context)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	struct stat status;

	while (folder && (entry = readdir(folder))) {
		char *file;

		if (entry->d_name[0] == '.')
			continue;
		file = fuzz_format("%s/%s", path, entry->d_name);
		if (!stat(file, &status) && (status.st_mode & S_IFMT) == kind)
			see(context, file);
		free(file);
	}
	if (folder)
		closedir(folder);
}

void fuzz_each_file(const char *path, void (*see)(void *context, const char *path), void *context)
{
	each_entry(path, S_IFREG, see, context);
}

void fuzz_each_folder(const char *path, void (*see)(void *context, const char *path), void *context)
{
	each_entry(path, S_IFDIR, see, context);
}

void fuzz_link(const char *target, const char *path)
{
	unlink(path);
	if (symlink(target, path))
		fail_usage("cannot make %s: %s; name another folder with --out", path,
			   strerror(errno));
}

static void count_one(void *context, const char *path)
{
	(void)path;
	++*(uint64_t *)context;
}

uint64_t fuzz_count_files(const char *folder)
{
	uint64_t count = 0;

	fuzz_each_file(folder, count_one, &count);
	return count;
}

/* --- which campaign it is ------------------------------------------------------------------ */

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool empty = true;

	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			empty = false;
	if (folder)
		closedir(folder);
	return empty;
}

/* Line "WORD VALUE" of the campaign's file, or the program ends. */
static void check_line(FILE *file, const char *path, const char *word, const char *value)
{
	char line[512], wanted[512];

	if (!fgets(line, sizeof(line), file) || !strchr(line, '\n'))
		fail_usage("%s is no campaign of this version; name another folder with --out",
			   path);
	*strchr(line, '\n') = '\0';
	snprintf(wanted, sizeof(wanted), "%s%s%s", word, *value ? " " : "", value);
	if (!strcmp(line, wanted))
		return;
	if (strncmp(line, word, strlen(word)))
		fail_usage("%s is no campaign of this version; name another folder with --out",
			   path);
	fail_usage("%s: this campaign is of %s, not of %s; name another folder with --out", path,
		   line, wanted);
}

/* Does the folder hold this campaign, or nothing? False for nothing; ends the program for another. */
static bool check_campaign(const struct fuzz_campaign *campaign)
{
	const struct fuzz_options *options = &campaign->options;
	char *path = fuzz_path(campaign, "campaign");
	FILE *file = fopen(path, "r");

	if (!file && errno == ENOENT) {
		if (!is_empty(campaign->folder))
			fail_usage(
				"%s holds something else than a campaign; name a new folder with --out",
				campaign->folder);
		if (options->minimize_only)
			fail_usage("there is no campaign in %s, whose corpus could be minimised",
				   campaign->folder);
		free(path);
		return false;
	}
	if (!file)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	check_line(file, path, HEADING, "");
	check_line(file, path, "target", options->target_name);
	check_line(file, path, "subject", options->subject_name);
	fclose(file);
	free(path);
	return true;
}

static void write_campaign(const struct fuzz_campaign *campaign)
{
	char *path = fuzz_path(campaign, "campaign");
	struct fl_replacement replacement;
	int error = fl_replacement_begin(&replacement, path);

	if (!error) {
		fprintf(replacement.stream, HEADING "\ntarget %s\nsubject %s\n",
			campaign->options.target_name, campaign->options.subject_name);
		error = fl_replacement_commit(&replacement);
	}
	if (error) {
		store_tidy();
		fail_usage("cannot write %s: %s; free some space or name another folder with --out",
			   path, strerror(-error));
	}
	free(path);
}

/* Held until the end of the program, whatever that is. */
static void lock_campaign(struct fuzz_campaign *campaign)
{
	char *path = fuzz_path(campaign, "campaign");

	campaign->lock = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	if (campaign->lock < 0 || flock(campaign->lock, LOCK_EX | LOCK_NB))
		fail_usage("%s is in use by another faultline fuzz; name another folder with --out",
			   campaign->folder);
}

void fuzz_folder_open(struct fuzz_campaign *campaign)
{
	static const char *const folders[] = {"corpus", "cases"};
	struct stat status;
	bool resumed = false;

	campaign->folder = fuzz_format("%s", campaign->options.out);
	if (!stat(campaign->folder, &status) && S_ISDIR(status.st_mode))
		resumed = check_campaign(campaign);
	else if (campaign->options.minimize_only)
		fail_usage("there is no campaign in %s, whose corpus could be minimised",
			   campaign->folder);
	store_open(campaign->folder);
	if (!resumed)
		write_campaign(campaign);
	lock_campaign(campaign);
	fuzz_corpus_recover(campaign);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		fuzz_make_folder(campaign, folders[i]);
	for (unsigned int i = 0; i < campaign->options.engine_count; i++)
		fuzz_make_folder(campaign, campaign->options.engines[i]->name);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Folders and names of saved cases. Nothing that was there before is lost: see store_save(). */
#include "store.h"
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_MADE 32

/* Folders made by store_open(), outermost first. */
static char *made[MAX_MADE];
static unsigned int made_count;

const char *store_path(const char *out, bool nested, const char *subject, const char *profile,
		       char *buffer, size_t size)
{
	int length;

	if (out && !nested) {
		snprintf(buffer, size, "%s", out);
		return buffer;
	}
	length = snprintf(buffer, size, "%s/", out ? out : "faultline-out");
	if (length < 0 || (size_t)length >= size)
		fail_usage("--out %s: give a folder with a shorter path", out);
	snprintf(buffer + length, size - length, "%s-%s", subject, profile);
	/* A colon is special to make, scp and other systems, and a slash would be a folder. */
	for (char *c = buffer + length; *c; c++)
		if (*c == ':' || *c == '/')
			*c = '-';
	return buffer;
}

void store_tidy(void)
{
	while (made_count) {
		rmdir(made[--made_count]);
		free(made[made_count]);
	}
}

static _Noreturn void fail_folder(const char *path)
{
	int error = errno;

	store_tidy();
	fail_usage("cannot write to folder %s: %s; name another with --out", path, strerror(error));
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0777)) {
		struct stat status;

		if (errno == EEXIST && !stat(path, &status)) {
			if (S_ISDIR(status.st_mode))
				return;
			errno = ENOTDIR;
		}
		fail_folder(path);
	}
	if (made_count < MAX_MADE)
		made[made_count++] = strdup(path);
}

void store_open(const char *path)
{
	char buffer[4096];
	int probe;

	if (!*path)
		fail_usage("--out: give the name of a folder");
	if (strlen(path) + 32 > sizeof(buffer))
		fail_usage("--out %s: give a folder with a shorter path", path);
	strcpy(buffer, path);
	for (char *slash = strchr(buffer + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		make_folder(buffer);
		*slash = '/';
	}
	make_folder(buffer);
	strcat(buffer, "/.writable-XXXXXX");
	probe = mkstemp(buffer);
	if (probe < 0 || write(probe, "x", 1) != 1) {
		int error = errno;

		if (probe >= 0)
			unlink(buffer);
		errno = error;
		fail_folder(path);
	}
	close(probe);
	unlink(buffer);
}

/* Does the file at @path hold a case with this signature? */
static bool holds(const char *path, const char *signature)
{
	struct fl_case *old = malloc(sizeof(*old));
	char error[512];
	bool same = false;

	if (old && !fl_case_load(old, path, error, sizeof(error)))
		same = !strcmp(old->signature, signature);
	free(old);
	return same;
}

int store_save(const char *folder, const char *invariant, const struct fl_case *found, char *buffer,
	       size_t size, char *error, size_t error_size)
{
	for (unsigned int number = 1; number < 10000; number++) {
		int problem;

		snprintf(buffer, size, "%s/%s-%02u.case", folder, invariant, number);
		/* Another search may write into the folder, too. */
		problem = access(buffer, F_OK) ? fl_case_save_new(found, buffer, error, error_size)
					       : -EEXIST;
		if (problem == -EEXIST && holds(buffer, found->signature))
			return fl_case_save(found, buffer, error, error_size);
		if (problem != -EEXIST)
			return problem;
	}
	snprintf(error, error_size, "%s holds 9,999 cases of %s; name another folder with --out",
		 folder, invariant);
	return -EEXIST;
}

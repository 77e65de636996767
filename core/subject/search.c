/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The search path of subjects, and what is in it. */
#include "search.h"

#include "loader.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEVELS 4 /* the program's folder and three above it */

/* The folder of the program, @up folders above; false if there is none. */
static bool program_folder(unsigned int up, char *buffer)
{
	ssize_t length = readlink("/proc/self/exe", buffer, PATH_MAX - 1);

	if (length <= 0)
		return false;
	buffer[length] = '\0';
	for (unsigned int i = 0; i <= up; i++) {
		char *slash = strrchr(buffer, '/');

		if (!slash || slash == buffer)
			return false;
		*slash = '\0';
	}
	return true;
}

static bool append(char *buffer, const char *tail)
{
	size_t length = strlen(buffer);

	return (size_t)snprintf(buffer + length, PATH_MAX - length, "%s", tail) < PATH_MAX - length;
}

bool subject_folder(unsigned int index, char *buffer)
{
	const char *chosen = getenv("FAULTLINE_SUBJECTS");
	const char *home = getenv("HOME");

	if (chosen && *chosen) {
		if (index || strlen(chosen) >= PATH_MAX)
			return false;
		strcpy(buffer, chosen);
		return true;
	}
	if (index < 2 * LEVELS) {
		/* A level that does not exist is an empty name, which no file is in. */
		if (!program_folder(index / 2, buffer) ||
		    !append(buffer, index % 2 ? "/build/subjects" : "/subjects"))
			*buffer = '\0';
		return true;
	}
	if (index > 2 * LEVELS || !home)
		return false;
	return (size_t)snprintf(buffer, PATH_MAX, "%s/.local/share/faultline/subjects", home) <
	       PATH_MAX;
}

bool subject_find(const char *name, char *path)
{
	for (unsigned int i = 0; subject_folder(i, path); i++) {
		if (*path && append(path, "/") && append(path, name) && append(path, ".so") &&
		    !access(path, R_OK))
			return true;
	}
	return false;
}

static bool has(const struct fl_subject_list *list, const char *name)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (!strcmp(list->names[i], name))
			return true;
	return false;
}

/* The subject's name of a file's, or false if it is none. */
static bool subject_name(const char *file, char *name)
{
	size_t length = strlen(file);

	if (file[0] == '.' || length < 4 || strcmp(file + length - 3, ".so") ||
	    (length > 7 && !strcmp(file + length - 7, ".mem.so")) ||
	    (length > 8 && !strcmp(file + length - 8, ".free.so")))
		return false;
	return (size_t)snprintf(name, FL_SUBJECT_NAME_SIZE, "linux:%.*s", (int)length - 3, file) <
	       FL_SUBJECT_NAME_SIZE;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

void fl_subject_list(struct fl_subject_list *list)
{
	char path[PATH_MAX], name[FL_SUBJECT_NAME_SIZE];

	list->count = 0;
	for (unsigned int i = 0; subject_folder(i, path); i++) {
		DIR *folder = *path ? opendir(path) : NULL;
		struct dirent *entry;

		while (folder && (entry = readdir(folder)))
			if (list->count < FL_MAX_SUBJECT_FILES &&
			    subject_name(entry->d_name, name) && !has(list, name))
				strcpy(list->names[list->count++], name);
		if (folder)
			closedir(folder);
	}
	qsort(list->names, list->count, sizeof(list->names[0]), by_name);
}

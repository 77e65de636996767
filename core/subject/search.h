/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where subjects' files lie. */
#ifndef FAULTLINE_SUBJECT_SEARCH_H
#define FAULTLINE_SUBJECT_SEARCH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Folder number @index of the search path, in @buffer (of PATH_MAX bytes); false after the last. */
bool subject_folder(unsigned int index, char *buffer);
/* Find NAME.so; false if no folder has it. */
bool subject_find(const char *name, char *path);

#endif

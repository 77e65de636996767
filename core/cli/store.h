/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where an exploration leaves its cases: a folder, one file a signature. */
#ifndef FAULTLINE_CLI_STORE_H
#define FAULTLINE_CLI_STORE_H

#include <case/case.h>

/*
 * The folder for @subject on @profile: @out ("faultline-out" for NULL), and in it one named
 * SUBJECT-PROFILE if @out is NULL or @nested. Returns @buffer.
 */
const char *store_path(const char *out, bool nested, const char *subject, const char *profile,
		       char *buffer, size_t size);
/*
 * Make the folder (with those above it) and see that it can be written; ends the program with one
 * line if not. store_tidy() removes the folders that this made and nothing was put into.
 */
void store_open(const char *path);
void store_tidy(void);
/*
 * Save @found for @invariant as INVARIANT-NN.case, NN being the first number that is free or that
 * already holds this signature. The path goes to @buffer. 0, or -errno with a message in @error.
 */
int store_save(const char *folder, const char *invariant, const struct fl_case *found, char *buffer,
	       size_t size, char *error, size_t error_size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is written beside its place and then put there: whoever reads the path finds the old file
 * or the whole new one, whatever happens in between.
 */
#ifndef FAULTLINE_CASE_REPLACEMENT_H
#define FAULTLINE_CASE_REPLACEMENT_H

#include <stdio.h>

struct fl_replacement {
	FILE *stream; /* write to it */
	const char *path;
	char beside[4096];
};

/*
 * Open a new file beside @path, which must stay valid until the end; no other process writes the same one.
 * Returns 0, or a negative errno and nothing is open.
 */
int fl_replacement_begin(struct fl_replacement *replacement, const char *path);
/*
 * Close it and put it in its place. Returns 0; or a negative errno (of a full disk, say), and then
 * nothing of it is left and the old file is as it was.
 */
int fl_replacement_commit(struct fl_replacement *replacement);
/* The same, but what is there already stays: -EEXIST, also if it came since somebody looked. */
int fl_replacement_commit_new(struct fl_replacement *replacement);
/* Close it and leave nothing of it. */
void fl_replacement_abandon(struct fl_replacement *replacement);

#endif

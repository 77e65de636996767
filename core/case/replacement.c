/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files written beside their place and renamed. */
#include "replacement.h"

#include <errno.h>
#include <unistd.h>

int fl_replacement_begin(struct fl_replacement *replacement, const char *path)
{
	int length = snprintf(replacement->beside, sizeof(replacement->beside), "%s.new", path);

	if (length < 0 || (size_t)length >= sizeof(replacement->beside))
		return -ENAMETOOLONG;
	replacement->path = path;
	replacement->stream = fopen(replacement->beside, "w");
	return replacement->stream ? 0 : -errno;
}

int fl_replacement_commit(struct fl_replacement *replacement)
{
	int problem;

	errno = 0;
	problem = fflush(replacement->stream) || ferror(replacement->stream) ? (errno ? errno : EIO)
									     : 0;
	/* Closing may be the first to tell of a full disk. */
	if (fclose(replacement->stream) && !problem)
		problem = errno;
	if (!problem && rename(replacement->beside, replacement->path))
		problem = errno;
	if (problem)
		unlink(replacement->beside);
	return -problem;
}

void fl_replacement_abandon(struct fl_replacement *replacement)
{
	fclose(replacement->stream);
	unlink(replacement->beside);
}

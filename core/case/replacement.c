/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files written beside their place and renamed. */
#include "replacement.h"

#include <errno.h>
#include <unistd.h>

int fl_replacement_begin(struct fl_replacement *replacement, const char *path)
{
	int length = snprintf(replacement->beside, sizeof(replacement->beside), "%s.%ld.new", path,
			      (long)getpid());

	if (length < 0 || (size_t)length >= sizeof(replacement->beside))
		return -ENAMETOOLONG;
	replacement->path = path;
	replacement->stream = fopen(replacement->beside, "w");
	return replacement->stream ? 0 : -errno;
}

/* 0 or an errno; whatever it is, the file is closed. */
static int finish(struct fl_replacement *replacement)
{
	int problem;

	errno = 0;
	problem = fflush(replacement->stream) || ferror(replacement->stream) ? (errno ? errno : EIO)
									     : 0;
	/* Closing may be the first to tell of a full disk. */
	if (fclose(replacement->stream) && !problem)
		problem = errno;
	return problem;
}

int fl_replacement_commit(struct fl_replacement *replacement)
{
	int problem = finish(replacement);

	if (!problem && rename(replacement->beside, replacement->path))
		problem = errno;
	if (problem)
		unlink(replacement->beside);
	return -problem;
}

int fl_replacement_commit_new(struct fl_replacement *replacement)
{
	int problem = finish(replacement);

	/* A link never takes the place of anything. */
	if (!problem && link(replacement->beside, replacement->path))
		problem = errno;
	unlink(replacement->beside);
	return -problem;
}

void fl_replacement_abandon(struct fl_replacement *replacement)
{
	fclose(replacement->stream);
	unlink(replacement->beside);
}

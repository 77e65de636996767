/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a history of a stress run to a case that replays. */
#ifndef FAULTLINE_CLI_FROM_HISTORY_H
#define FAULTLINE_CLI_FROM_HISTORY_H

#include <case/history.h>

struct from_history {
	bool found;
	uint64_t schedules; /* that were run */
	uint64_t seed;	    /* that the search was started with */
	double seconds;
	char path[4096];   /* of the case, if found and there is a folder */
	bool died;	   /* the process of the search, as @problem says */
	char problem[512]; /* why there can be none: one line; else "" */
};

/*
 * Search for a run of the history's subject that breaks its signature: by chance near its order, and by the
 * usual strategies with its actors. At most @seconds and @runs (0: no limit, and one of the two is needed). In a
 * process and a world of its own. The case goes to @folder, which exists, and to @found; either may be NULL.
 * @cancelled is asked now and then; NULL: no.
 */
void from_history(const struct fl_history *history, const struct fl_subject *subject,
		  const struct fl_profile *profile, double seconds, uint64_t runs, uint64_t seed,
		  const char *folder, struct fl_case *found, bool (*cancelled)(void),
		  struct from_history *result);

#endif

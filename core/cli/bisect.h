/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faultline bisect: the commits of a git tree, one after the other. Each is built by scripts/add-linux,
 * which takes its files out of the repository and leaves the user's tree alone, and is tried in a child,
 * so that no more than one subject is ever loaded into a process.
 */
#ifndef FAULTLINE_CLI_BISECT_H
#define FAULTLINE_CLI_BISECT_H

#include "verdict.h"

#define BISECT_MAX_CASES 64
#define BISECT_HASH_SIZE 65
/* As much of a hash as is shown, and the name of the commit's subject. */
#define BISECT_SHORT	 12

enum bisect_state {
	BISECT_WAITS,
	BISECT_TRIED,
	BISECT_INTERRUPTED, /* what is known of it came before the signal */
	BISECT_SKIPPED,	    /* it does not build, or does not run: .why */
};

enum bisect_answer {
	BISECT_NOT_ASKED,
	BISECT_BREAKS,
	BISECT_KEEPS,  /* neither the case nor a search for its schedule breaks it */
	BISECT_APART,  /* the same, but the case does not come to what the invariant is about */
	BISECT_CANNOT, /* the subject or the profile lacks what the case asks for */
};

/* One commit, in memory that is shared with the child that tries it. */
struct bisect_commit {
	char hash[BISECT_HASH_SIZE];
	char title[160];
	enum bisect_state state;
	char why[512];
	enum verdict verdicts[FL_MAX_INVARIANTS];
	/* Of those that are broken. */
	char signatures[FL_MAX_INVARIANTS][FL_SIGNATURE_SIZE];
	char paths[FL_MAX_INVARIANTS][4096];
	enum bisect_answer answers[BISECT_MAX_CASES];
	uint64_t schedules;
	bool internal_error;
};

struct bisect {
	const char *tree, *range, *script, *out, *scenario, *invariants;
	const char *case_paths[BISECT_MAX_CASES];
	struct fl_case *cases; /* as many */
	unsigned int case_count;
	/* Of each search; its subject and scenarios are set for each commit. */
	struct campaign_options search;
	unsigned int refind_runs;
	bool every, no_search, json, quiet;
	char *subjects, *logs;	       /* folders of what is built, absolute */
	struct bisect_commit *commits; /* the base first */
	unsigned int count;
	bool complete;
};

/*
 * The commits of @bisect->range into @bisect->commits, oldest first, the base before them. Ends the
 * program with one line if the tree, a commit or the range is none.
 */
void bisect_list_commits(struct bisect *bisect);

/*
 * Run the cases and the search on the subject of @commit, whose file is at @path; what comes out is
 * put into @commit. Returns when all is done, or a signal has come.
 */
void bisect_try(struct bisect *bisect, struct bisect_commit *commit, const char *path);

/* The last line of the file at @path that is not empty, without the name of the program that says it. */
void bisect_last_line(const char *path, char *text, size_t size);

/* Commits of one change: from where an invariant is broken, or kept again. Indices; -1: none. */
struct bisect_change {
	int bad; /* the first that breaks it; 0: the base does, and who began it is before the range */
	int good; /* the first after that one that keeps it */
};
struct bisect_change bisect_change(const struct bisect *bisect, unsigned int invariant);
/* The oldest commit that may be the one instead of @index, for those in between were skipped. */
int bisect_oldest_suspect(const struct bisect *bisect, int index);

void bisect_print(const struct bisect *bisect);
void bisect_print_json(const struct bisect *bisect);

#endif

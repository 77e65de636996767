/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shortest case that breaks the same invariant with the same signature.
 *
 * Delta debugging: actors, operations, their arguments, knobs and the client's manners go first, each
 * by a replay without it, and where that does not break it any more (for steps have moved) by a short
 * search of the schedule. Then preemptions and other decisions, from all at once to one by one.
 */
#ifndef FAULTLINE_TRIAGE_MINIMIZE_H
#define FAULTLINE_TRIAGE_MINIMIZE_H

#include <case/case.h>

/* What a case consists of, in the order in which less is better. */
struct fl_case_size {
	unsigned int operations, actors;
	unsigned int
		settings; /* knobs, arguments and manners of the client that are not the plain ones */
	unsigned int preemptions; /* decisions on who runs next */
	unsigned int answers;	  /* other decisions */
};
void fl_case_measure(const struct fl_case *measured, struct fl_case_size *size);

enum fl_element {
	FL_ELEMENT_ACTOR,     /* an actor with its operations */
	FL_ELEMENT_OPERATION, /* one operation; an actor without any goes too */
	FL_ELEMENT_SETTING,   /* a knob, argument or manner of the client: back to the plain one */
	FL_ELEMENT_DECISION,
};
/*
 * The case without its element number @index, from 0, of @kind, in @smaller. False if there are not so
 * many. For a case of the world that was made last.
 */
bool fl_case_without(struct fl_case *smaller, const struct fl_case *whole, enum fl_element kind,
		     unsigned int index);

/*
 * Does a replay break the signature of @replayed? Its step is set if so. Livelocks count only if the
 * replay was fair: nobody who could have run was left waiting.
 */
bool fl_case_breaks(struct fl_case *replayed);

struct fl_minimize_progress {
	struct fl_case_size size; /* of the best so far */
	uint64_t runs;
};

struct fl_minimize_options {
	/* Called after each few runs; returns false to stop with the best so far. May be NULL. */
	bool (*progress)(void *context, const struct fl_minimize_progress *progress);
	void *context;
	/* Schedules that a search may take where a replay does not break it any more; 0: none. */
	unsigned int search_runs;
};

struct fl_minimized {
	bool complete; /* false: stopped; else no element can go */
	uint64_t runs;
};

/*
 * Make @minimal, a case with a signature, as short as it gets, in the world that was made for its
 * subject and profile (with at least its invariant). Returns 0, or -ENOENT with one line in @error if
 * the case does not break what it says, and @minimal is left as it was.
 */
int fl_minimize(struct fl_case *minimal, const struct fl_minimize_options *options,
		struct fl_minimized *result, char *error, size_t error_size);

#endif

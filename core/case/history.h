/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The history of a run on threads that broke an invariant: what the actors did, what was chosen, and in which
 * order the contexts took their last steps. It is no case, for it does not replay; the deterministic engine
 * searches for one that starts from it (strategy "history", fl_history_search()).
 *
 * In a file it is text: a line "faultline history 1", lines of origin, lines "order CONTEXT*STEPS ...", and a case in its
 * own form from the line "faultline case 1" on.
 */
#ifndef FAULTLINE_CASE_HISTORY_H
#define FAULTLINE_CASE_HISTORY_H

#include "case.h"

#define FL_HISTORY_STEPS 8192 /* that are kept at most */

struct fl_history {
	/* Where it comes from; the thread count is that of the whole run. */
	uint64_t seed, round;
	unsigned int process, threads, perturbation;
	char detail[256]; /* the sentence of the violation; one line */
	/* Subject, profile, knobs, actors, decisions of all kinds but contexts; signature and step. */
	struct fl_case like;
	/* The contexts of the last steps up to the violation, and their names. */
	uint64_t first_step;
	uint32_t count;
	uint8_t order[FL_HISTORY_STEPS];
	char names[FL_MAX_CONTEXTS][FL_CONTEXT_NAME_SIZE];
};

/*
 * 0, or a negative errno with one line in @error: the file's name and line, what is wrong, what to do.
 * Saving never takes the place of a file: -EEXIST.
 */
int fl_history_save(const struct fl_history *history, const char *path, char *error,
		    size_t error_size);
int fl_history_load(struct fl_history *history, const char *path, char *error, size_t error_size);
/* Does the file at @path say that it is one? For whoever takes several kinds of files. */
bool fl_is_history(const void *data, size_t size);
/*
 * The order in numbers of the world that is made (fl_world_make()) for the history's subject and profile: actors
 * by their place in the case, others by name. Contexts that the world does not know are left out. Written to @order
 * (room for FL_HISTORY_STEPS); returns how many.
 */
size_t fl_history_order(const struct fl_history *history, uint8_t *order);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A violation found again. A case names steps, and any change of the subject moves them; its knobs and
 * its actors are what the finding is, and a schedule for them is searched anew.
 */
#ifndef FAULTLINE_TRIAGE_REFIND_H
#define FAULTLINE_TRIAGE_REFIND_H

#include <case/world.h>

/* Does @outcome have the signature of @wanted? Then its step is set. */
bool fl_case_found_in(const struct fl_outcome *outcome, struct fl_case *wanted);

/*
 * Search with @strategy ("dfs:1") a schedule of the knobs and actors of @like that breaks its signature:
 * at most @runs schedules, or what so many usual ones take. True: the run that just ended breaks it, and
 * the step of @like is set. @go_on is asked before each schedule; NULL: yes.
 */
bool fl_case_search(struct fl_case *like, const char *strategy, unsigned int runs,
		    bool (*go_on)(void));

/*
 * Does the case's subject, as it is now, break the signature of @wanted? By a replay, else by searches of
 * at most @runs schedules each, from no preemption over one to chance. True: @wanted is a case that
 * replays. In the world that was made for it.
 */
bool fl_case_refind(struct fl_case *wanted, unsigned int runs);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command line names, found by name; a name that nothing has ends the program with one line. */
#ifndef FAULTLINE_CLI_SELECT_H
#define FAULTLINE_CLI_SELECT_H

#include <case/case.h>
#include <check/check.h>

const struct fl_subject *select_subject(const char *name);
/*
 * The subject called @name in its form for threads: the built-in core has one, a shared object is refused if it was
 * not built for them.
 */
const struct fl_subject *select_free_subject(const char *name);
/* The form of @subject for --granularity memory if @memory, else itself. */
const struct fl_subject *select_granularity(const struct fl_subject *subject, bool memory);
const struct fl_profile *select_profile(const char *name);
const struct fl_scenario *select_scenario(const char *name);
/* Checks the name and its argument ("pct:3"). */
const struct fl_strategy *select_strategy(const char *name, const char **argument);
/* Bit mask of the invariants of a comma-separated list; all of them for NULL. */
uint32_t select_invariants(const char *list);

/*
 * Can @scenario run for @subject on @profile? What a subject can do is cut down to what the
 * profile's hardware has.
 */
bool scenario_fits(const struct fl_scenario *scenario, const struct fl_subject *subject,
		   const struct fl_profile *profile);
/* The invariants that cannot be judged: no sanitizer in this build, or not at this granularity. */
uint32_t unjudged_invariants(const struct fl_subject *subject, bool memory_granularity);
/* Why, for one of them. */
const char *unjudged_reason(unsigned int invariant);
/* How many invariants there are. */
unsigned int invariant_count(void);

#endif

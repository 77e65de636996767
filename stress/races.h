/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Data races that ThreadSanitizer sees. In its builds a race of the subject is a finding of data-race, named after
 * the two functions; its report with the stacks goes to a log. A race of the framework itself is told apart, and is
 * an error of Faultline.
 */
#ifndef FAULTLINE_STRESS_RACES_H
#define FAULTLINE_STRESS_RACES_H

#include <case/world.h>

/* Is this such a build? */
bool races_judged(void);
/* Reports go to the file at @path from now on; 0 or a negative errno. Does nothing in other builds. */
int races_start(const char *path);
/* After a round: those that it showed are findings of @outcome too. */
void races_judge(struct fl_outcome *outcome);
/* Races of the framework so far. */
uint64_t races_own(void);

#endif

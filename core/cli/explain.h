/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding explained in a text of at most 80 columns, for a mail. */
#ifndef FAULTLINE_CLI_EXPLAIN_H
#define FAULTLINE_CLI_EXPLAIN_H

#include <case/case.h>
#include <check/check.h>

#include <stdio.h>

struct explanation {
	const char *path; /* of the case, as the reader will name it */
	const struct fl_case *explained;
	const struct fl_subject *subject;
	const struct fl_finding *finding; /* with its sentence */
	unsigned int detail;		  /* enum timeline_detail */
	unsigned int continuations;	  /* from each step */
};

/*
 * Print it, from the run that the timeline has recorded; then the timeline stops and further runs are
 * made, for the point of no return.
 */
void explain_print(FILE *out, const struct explanation *explanation);

/*
 * Copy @text, a table whose lines begin with a step in columns 1 to @left, and say how often a group of
 * lines comes again, but for its steps, instead of printing it again.
 */
void explain_fold(FILE *out, const char *text, unsigned int left);

#endif

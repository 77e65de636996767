/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timeline of a run: every event, kept while the run goes on and printed afterwards as a table
 * with a column per context. The text is the same for the same run on every machine and build, so a
 * hash of it tells whether two runs were one and the same.
 */
#ifndef FAULTLINE_CLI_TIMELINE_H
#define FAULTLINE_CLI_TIMELINE_H

#include <case/case.h>
#include <check/check.h>

#include <stdio.h>

/* Allocate what recording needs. Once. */
void timeline_init(void);
/* Subscribe to everything in the world that was just made; @subject tells the PM states. */
void timeline_subscribe(const struct fl_subject *subject);
/* From now on the SMMU's registers are kept too, after each step: for a trace. */
void timeline_want_registers(void);
/* And where in the subject's source each event happened (places.h). */
void timeline_want_places(void);
/* Forget the run before. */
void timeline_reset(void);

/* What the table shows beyond what changes something or carries a value (bits). */
enum timeline_detail {
	TIMELINE_LOCKS = 1,
	TIMELINE_ACCESSES = 2, /* the plain memory accesses */
	TIMELINE_ALL = 4,      /* every event, and every step that had none */
};

/* Print the table of the run that just ended: at most 118 columns wide. */
void timeline_print(FILE *out, unsigned int detail);

/*
 * The same for a mail, at most 80 columns wide: steps and contexts only, up to where @signature is
 * broken, and no other violation.
 */
void timeline_print_compact(FILE *out, unsigned int detail, const char *signature);
/* Stop recording: the runs that follow are nobody's business. */
void timeline_stop(void);

/* What an event says, for people; written to @buffer. */
const char *timeline_text(const struct fl_event *event, char *buffer, size_t size);
/* Does it belong into a table of this detail? */
bool timeline_shows(const struct fl_event *event, unsigned int detail);
/* Does it only repeat what the event before it said? */
bool timeline_repeats(const struct fl_event *event, const struct fl_event *before);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress, on standard error: a status line that is rewritten on a terminal, plain lines every few
 * seconds otherwise. NO_COLOR is respected.
 */
#ifndef FAULTLINE_CLI_PROGRESS_H
#define FAULTLINE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *subject, *profile;
	uint64_t schedules;
	unsigned int findings;
	double elapsed; /* seconds */
	double left;	/* seconds, or less than 0 if nobody knows */
};

/* No progress at all, only findings and errors. */
void progress_quiet(void);
/*
 * Is it time for the next line, @elapsed seconds after the start? Then make it and show it: it takes the
 * place of the last one on a terminal, and is a line of its own elsewhere.
 */
bool progress_due(double elapsed);
void progress_line(const char *line);
/* Show the state of a search; call it as often as you like. */
void progress_show(const struct progress *progress);
/* Print a line that stays, above the status line, in the colour of bad news. */
void progress_alarm(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Remove the status line. */
void progress_end(void);

#endif

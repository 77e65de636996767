/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the differential tests share: the same flow on two subjects, each in a world and a process of
 * its own, and the two logs compared line by line.
 *
 * The two differ in how many scheduling points a call has, so a schedule of one is none of the
 * other. What is compared therefore runs without preemption, and contexts meet by virtual time: they
 * act at moments that lie further apart than the steps of any call take.
 */
#ifndef FAULTLINE_TESTS_DIFFERENTIAL_H
#define FAULTLINE_TESTS_DIFFERENTIAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <case/case.h>
#include <case/world.h>

#define SKIPPED 77

/* In a child: the subject of this world. */
extern const struct fl_subject *diff_subject;

/* Has the subject been built? */
bool diff_present(const char *name);
/*
 * Make a world of @subject on @profile in a child process, run @record in it, and return what it
 * logged; NULL (told) if that fails. The caller closes the file.
 */
FILE *diff_record(const char *subject, const char *profile, void (*record)(void));

/* In a child. Append a line to the log of the run; a run's lines are written after it. */
void diff_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Keep the world as it is for diff_run(): after what the test has added to it. */
void diff_snapshot(void);
/*
 * Run the tasks (@second may be NULL) from the snapshot, without preemption, and write the log under
 * the headline @title. A run that does not end quietly is part of the log.
 */
void diff_run(const char *title, fl_entry_t first, fl_entry_t second);
/*
 * Let virtual time come to @ns, or to @ns and as many times @step as it takes if that is over. Later
 * by less than DIFF_LATE: the CPU may have been busy.
 */
#define DIFF_LATE 20000u
void diff_wait_until(uint64_t ns, uint64_t step);

/*
 * Compare two logs run by run; each run that differs is told with its last equal lines. Returns how
 * many runs differ; *runs gets how many there were.
 */
unsigned int diff_compare(const char *left_name, FILE *left, const char *right_name, FILE *right,
			  unsigned int *runs);

/* A test's own generator, so that a failure repeats. */
uint32_t diff_below(uint64_t *state, uint32_t n);

#endif

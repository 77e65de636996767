/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Known findings: what a search is to note and pass by. A file of one statement a line; '#' begins a
 * comment:
 *
 *	irq-storm "irq-storm in arm_smmu_global_fault (unretired)" reason "sent upstream" until 2027-06-30
 *
 * An invariant, a signature of it ("*": any), why it is excused, and the last day of the excuse, if there
 * is one. Known findings are to be fixed: whoever excuses one says why, and may say for how long.
 */
#ifndef FAULTLINE_TRIAGE_SUPPRESSIONS_H
#define FAULTLINE_TRIAGE_SUPPRESSIONS_H

#include <check/check.h>

#include <stdio.h>

#define FL_MAX_SUPPRESSIONS 256
#define FL_REASON_SIZE	    160

/* A day of the calendar as year * 10000 + month * 100 + day, so that days compare as numbers. */
typedef uint32_t fl_day_t;
#define FL_NO_DAY 0

struct fl_suppression {
	char signature[FL_SIGNATURE_SIZE]; /* "*": any of the invariant */
	char reason[FL_REASON_SIZE];
	fl_day_t until;	   /* the last day on which it excuses; FL_NO_DAY: for ever */
	uint16_t line;	   /* where it stands in its file */
	uint8_t invariant; /* index in fl_invariants */
};

struct fl_suppressions {
	unsigned int count;
	struct fl_suppression entries[FL_MAX_SUPPRESSIONS];
};

/*
 * From text; @name is the file's name for messages. Returns 0, or -EINVAL with "file:line: what, what to
 * do" in @error (of @error_size bytes), and @result is not to be used. Allocates nothing.
 */
int fl_suppressions_parse(struct fl_suppressions *result, const char *text, size_t size,
			  const char *name, char *error, size_t error_size);
/* From a file; -errno with a message if it cannot be read, else as above. */
int fl_suppressions_load(struct fl_suppressions *result, const char *path, char *error,
			 size_t error_size);
/* As text that parses into the same list, lines aside. 0, or -EIO. */
int fl_suppressions_print(const struct fl_suppressions *list, FILE *out);

/*
 * What excuses a finding of @invariant (index in fl_invariants) with this @signature on day @today, or
 * NULL. A line with the very signature goes before one with "*". @today FL_NO_DAY: expiry does not matter.
 */
const struct fl_suppression *fl_suppressions_find(const struct fl_suppressions *list,
						  unsigned int invariant, const char *signature,
						  fl_day_t today);

/* Today, in UTC. */
fl_day_t fl_today(void);

#endif

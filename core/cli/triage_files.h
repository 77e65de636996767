/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a triage tells other programs, in their forms. */
#ifndef FAULTLINE_CLI_TRIAGE_FILES_H
#define FAULTLINE_CLI_TRIAGE_FILES_H

#include "places.h"
#include "triage.h"

/*
 * A file in one of these forms; "-": standard output. triage_file_check() says before any work whether
 * it can be written; both end the program with one line if not.
 */
void triage_file_check(const char *option, const char *path);
void triage_file_write(const char *option, const char *path, struct fl_store *store,
		       const struct fl_store_view *view,
		       void (*print)(FILE *out, struct fl_store *store,
				     const struct fl_store_view *view));

/* SARIF 2.1.0: a result a finding, its interleaving as a code flow. */
void triage_print_sarif(FILE *out, struct fl_store *store, const struct fl_store_view *view);
/* JUnit's XML: a suite a subject, a test case a finding. */
void triage_print_junit(FILE *out, struct fl_store *store, const struct fl_store_view *view);
/* KTAP 1: a subtest a subject. */
void triage_print_ktap(FILE *out, struct fl_store *store, const struct fl_store_view *view);

/* The page: the list of findings with their timelines, for a browser. */
void triage_print_page(FILE *out, struct fl_store *store, const struct fl_store_view *view);

/*
 * What @put writes after a replay of the finding in a process of its own, with the run in timeline_record
 * (@registers: with registers); "" if its subject is not present, or breaks it no more. To be freed.
 */
char *triage_replayed(const struct fl_store_finding *finding, bool registers,
		      void (*put)(FILE *out, const struct fl_store_finding *finding));
/* For triage_replayed(): the timeline as one JSON object, for the page. */
void triage_put_timeline(FILE *out, const struct fl_store_finding *finding);

/*
 * The trees that functions are looked up in: Linux' or Faultline's own, valid until the end. Ends the
 * program with one line if one is neither.
 */
void triage_source_trees(const char *const *paths, unsigned int count);
struct triage_source_line {
	char file[512]; /* from the top of its tree */
	unsigned int line;
	char text[512];
};
/* Where @function of @subject begins. False if it is not in the trees. */
bool triage_source_line(const char *subject, const char *function,
			struct triage_source_line *found);
/*
 * The text of @place of @subject in the trees; "" in @found->text if it is in none of them, if the function
 * that it ought to be in does not begin above it there, or if the subject is a variant: then the tree is
 * not the one that was built.
 */
void triage_source_text(const char *subject, const struct source_place *place,
			struct triage_source_line *found);

/* At most so many steps of an interleaving: what viewers of SARIF show. */
#define TRIAGE_MAX_LOCATIONS 1000
/*
 * The elements of SARIF's "codeFlows" for a finding, from a replay in a process of its own; "" if its
 * subject is not present, or breaks it no more. To be freed.
 */
char *triage_code_flow(const struct fl_store_finding *finding);
/* Members of a SARIF location: @place, or if that is NULL where @function (NULL: unknown) of @subject stands. */
void triage_put_place(struct json *json, const char *subject, const char *function,
		      const struct source_place *place);
/* The file that @function of @subject is in, as a path from the top of its tree. */
const char *triage_source_file(const char *subject, const char *function);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a campaign says about each invariant, and the forms in which it is told. */
#ifndef FAULTLINE_CLI_VERDICT_H
#define FAULTLINE_CLI_VERDICT_H

#include "campaign.h"
#include "json.h"

#include <stdio.h>

enum verdict {
	VERDICT_BROKEN,
	VERDICT_KEEPS,	       /* its premise occurred, and it was never broken */
	VERDICT_NOT_EXERCISED, /* its premise never occurred: no pass */
	VERDICT_NOT_JUDGED,    /* not asked for, or this build or granularity cannot tell */
};

/* A campaign and what came out of it. */
struct explored {
	struct campaign_options options;
	struct campaign_result result;
};

enum verdict verdict_of(const struct explored *explored, unsigned int invariant);
/* "BROKEN", "keeps", "not exercised", "not judged". */
const char *verdict_name(enum verdict verdict);
/* The first finding of an invariant, or NULL. */
const struct campaign_finding *first_finding(const struct explored *explored,
					     unsigned int invariant);
/* True if some invariant was broken. */
bool any_broken(const struct explored *explored);

/* One campaign for people: a line an invariant, and what was explored. */
void print_explored(FILE *out, const struct explored *explored);
/* What appears in @ours and is not in @theirs, and the reverse. */
void print_difference(FILE *out, const struct explored *ours, const struct explored *theirs);
/* Several campaigns on one profile: subject x invariant, and the case of each broken cell. */
void print_matrix(FILE *out, struct explored *const *explored, unsigned int count);
/* The same as a Markdown file with every finding told. */
void print_report(FILE *out, struct explored *const *explored, unsigned int count);

/* The members of the JSON object of a campaign. */
void json_explored(struct json *json, const struct explored *explored);
/* Members "appears" and "disappears". */
void json_difference(struct json *json, const struct explored *ours, const struct explored *theirs);

/* The scenario's name if there is one only, else "all". */
const char *scenario_label(const struct campaign_options *options);

#endif

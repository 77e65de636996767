/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stress run tells at its end. */
#ifndef FAULTLINE_CLI_STRESS_REPORT_H
#define FAULTLINE_CLI_STRESS_REPORT_H

#include "stress_run.h"

/*
 * Search a case for each finding, up to @seconds each, with the deterministic engine (from_history.h); progress on
 * standard error. The cases go beside the histories.
 */
void stress_search(const struct stress_options *options, double seconds,
		   struct stress_result *result);
/* For people: a table of stressors, verdicts, what was never exercised, the findings. */
void stress_print(FILE *out, const struct stress_options *options,
		  const struct stress_result *result);
/* The same as one JSON object. */
void stress_json(FILE *out, const struct stress_options *options,
		 const struct stress_result *result);

#endif

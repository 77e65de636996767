/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fuzz targets: the part of the space of cases that the raw bytes of one fuzzer range over. A target
 * fixes the profile, the scenarios that an input can start from, and the operations that it can add.
 * The subject is the runner's choice; what it cannot do is left out of the program.
 */
#ifndef FAULTLINE_CASE_TARGET_H
#define FAULTLINE_CASE_TARGET_H

#include "case.h"

struct fl_target {
	const char *name; /* "suspend_race_fuzzer" */
	const char *help;
	const char *profile;
	const char *subject; /* if nobody names another */
	/*
	 * Ended by NULL. An input names one by its number, so new ones go to the end. The first is where an
	 * empty input starts; "free" is among them.
	 */
	const struct fl_scenario *const *scenarios;
	uint64_t operations; /* bit mask by code; OP_DMA is among them */
};

extern const struct fl_target *const fl_targets[]; /* ended by NULL */
const struct fl_target *fl_target_find(const char *name);

#endif

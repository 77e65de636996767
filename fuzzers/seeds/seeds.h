/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes beside the fuzz targets, made from the project's own tables and cases. */
#ifndef FAULTLINE_FUZZERS_SEEDS_H
#define FAULTLINE_FUZZERS_SEEDS_H

#include <case/raw.h>

#include <stdio.h>

/* @target's dictionary, in the form that libFuzzer and AFL++ read. NULL: the parser's. */
void seeds_print_dictionary(const struct fl_target *target, FILE *out);
void seeds_print_options(const char *target, FILE *out);

/*
 * Make @source a case of @target: its profile, without knobs that are settled there, scheduled by calls.
 * false if an operation is none of the target's.
 */
bool seeds_retarget(struct fl_case *source, const struct fl_target *target);

#endif

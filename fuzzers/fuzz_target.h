/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fuzz target is made of: one world, made at start, and one run of it an input. Which part of
 * the space of cases it ranges over stands in core/case/target.c.
 *
 * Environment: FAULTLINE_SUBJECT is the subject (else the one that the build chose, or that is linked),
 * FAULTLINE_INVARIANTS a list, with commas, of those whose violation is a crash (else all),
 * FAULTLINE_SUPPRESSIONS a file of known findings (else PROGRAM.suppressions, if there is one; empty:
 * none), FAULTLINE_FEEDBACK the features that are shown to the engine (feedback.h).
 */
#ifndef FAULTLINE_FUZZ_TARGET_H
#define FAULTLINE_FUZZ_TARGET_H

#include <faultline/subject.h>

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * A subject that is linked into this target: the one that is run if nobody names another. Before
 * fuzz_target_start(); @subject is kept.
 */
void fuzz_target_link_subject(const struct fl_subject *subject);
/*
 * Make the world of the target called @name. @program is argv[0]: its known findings lie beside it. What is
 * wrong with the environment or the subject is told in one line, and ends the process with exit status 2.
 */
void fuzz_target_start(const char *name, const char *program);
/* One run, made by @data (any bytes). A violation that nothing excuses traps in its checker. */
void fuzz_target_run(const uint8_t *data, size_t size);

#define FUZZ_TARGET(name)                                                                          \
	int LLVMFuzzerInitialize(int *argument_count, char ***arguments)                           \
	{                                                                                          \
		(void)argument_count;                                                              \
		fuzz_target_start(#name, (*arguments)[0]);                                         \
		return 0;                                                                          \
	}                                                                                          \
                                                                                                   \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                               \
	{                                                                                          \
		fuzz_target_run(data, size);                                                       \
		return 0;                                                                          \
	}

#endif

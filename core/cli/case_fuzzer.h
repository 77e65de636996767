/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fuzz target's raw bytes as a case, and back. Each ends the program with one line on bad input. */
#ifndef FAULTLINE_CLI_CASE_FUZZER_H
#define FAULTLINE_CLI_CASE_FUZZER_H

#include <case/case.h>

/*
 * Run the bytes of file @path as the fuzz target @target would, on @subject (NULL: the target's own), and
 * record the run in @recorded, with the first violation if there is one; or with the first that has
 * @signature (NULL: any), which must be there.
 */
void case_of_fuzzer(const char *target, const char *subject, const char *signature,
		    const char *path, struct fl_case *recorded);
/*
 * The bytes that make @target run @source; allocated, their number in @size. Runs both on the case's
 * subject: refuses a case that its bytes would not repeat.
 */
uint8_t *fuzzer_bytes(const char *target, const struct fl_case *source, size_t *size);

#endif

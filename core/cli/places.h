/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in the subject's source an event of a replay happened: the line of the access itself, which debug
 * information tells from the addresses of the calls that led to it.
 *
 * It is decoration. Only a replay that is told to record places looks at its stack, and what it sees is in no
 * event, no trace and no hash: addresses differ from run to run and lines from compiler to compiler. Without
 * debug information, or without binutils' addr2line, there are no places, and that is all.
 */
#ifndef FAULTLINE_CLI_PLACES_H
#define FAULTLINE_CLI_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#define PLACE_NONE UINT32_MAX

struct source_place {
	char file[192]; /* from the top of its tree: "core/handler/fault.c", "drivers/..." */
	char function[64];
	unsigned int line;
};

/*
 * Start what reads this program's debug information. It is started by itself where it is needed; before a
 * fork, the children share it.
 */
void places_start(void);
/* The calls that the running context is in, as a number; PLACE_NONE if there is no room for more. */
uint32_t places_note(void);
/*
 * The innermost of the calls of @noted that is in the source of @subject ("core:...", or a real driver);
 * valid until the end. NULL if that is not known.
 */
const struct source_place *places_find(uint32_t noted, const char *subject);

#endif

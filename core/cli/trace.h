/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run that was recorded last, as a trace for other programs. Time is steps: one step is one
 * microsecond there.
 */
#ifndef FAULTLINE_CLI_TRACE_H
#define FAULTLINE_CLI_TRACE_H

#include <stdio.h>

/*
 * What the end of a file's name stands for. Ends the program with one line if it is none of .vcd, .fst
 * and .perfetto.json, or if .fst has no vcd2fst to make it. Before the run.
 */
void trace_check(const char *path);
/*
 * Write the trace to @path, beside it first. After the run, which was recorded with its registers
 * (timeline_want_registers()). @title: for whoever opens it. Ends the program with one line on failure.
 */
void trace_write(const char *path, const char *title);

/* One of the forms. */
void trace_print_vcd(FILE *out, const char *title);
void trace_print_perfetto(FILE *out, const char *title);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who wrote what takes effect now: started and reset with the rest of what is observed. */
#ifndef FAULTLINE_CHECK_WRITER_H
#define FAULTLINE_CHECK_WRITER_H

#include <check/observe.h>

/* A register is written; told before its effect is. */
void check_writer_issued(const struct fl_event *event);
void check_writer_start(void);
void check_writer_reset(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in handler core in its form for threads; the tables are those of handler/handler.h. */
#ifndef FAULTLINE_FREE_CORE_H
#define FAULTLINE_FREE_CORE_H

#include <faultline/subject.h>

extern const struct fl_subject *const fl_core_free_subjects[];
extern const struct fl_subject *const fl_core_free_mutants[];

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in handler core in its form for threads. */
#ifndef FAULTLINE_FREE_CORE_H
#define FAULTLINE_FREE_CORE_H

#include <faultline/subject.h>

/* As fl_core_find() of handler/handler.h. */
const struct fl_subject *fl_core_free_find(const char *name);

#endif

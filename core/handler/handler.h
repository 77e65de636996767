/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The built-in handler core, as subjects. */
#ifndef FAULTLINE_HANDLER_H
#define FAULTLINE_HANDLER_H

#include <faultline/subject.h>

/* The generations, oldest first, and the reference; ended by NULL. */
extern const struct fl_subject *const fl_core_subjects[];
/*
 * The reference with one thing broken each, ended by NULL: they show that each checker fires. Their
 * names start with "core:mutant-".
 */
extern const struct fl_subject *const fl_core_mutants[];

/* The generation or the mutant that is called @name; NULL if there is none. */
const struct fl_subject *fl_core_find(const char *name);

#endif

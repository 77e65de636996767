/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of memory objects, for whoever records a run. In events an object's number comes from where it
 * lies, which a sanitizer's build may shift; here objects are numbered in the order in which they appear.
 */
#ifndef FAULTLINE_OBJECTS_H
#define FAULTLINE_OBJECTS_H

#include <faultline/event.h>

/* Exchange the object in @event, if it names one, for its number in order of appearance. */
void fl_number_objects(struct fl_event *event);
/* A new run begins. */
void fl_forget_objects(void);

#endif

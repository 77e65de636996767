/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Register accesses of handlers alone, for the checkers that want no others. */
#ifndef FAULTLINE_CHECK_HANDLER_ACCESS_H
#define FAULTLINE_CHECK_HANDLER_ACCESS_H

#include <faultline/event.h>

/*
 * Subscribe to register reads or writes (@kind: FL_EV_REG_READ, FL_EV_REG_WRITE) of contexts that are in a handler
 * call; ends the program at any other @kind, or if there are more than four for one.
 */
void check_subscribe_in_handler(enum fl_event_kind kind, fl_subscriber_t fn);
/* Forget who subscribed, and subscribe to all accesses. */
void check_handler_access_start(void);

#endif

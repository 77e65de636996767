/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks, as the other files of the floor and the views look at them. */
#ifndef FAULTLINE_KERNEL_LOCK_H
#define FAULTLINE_KERNEL_LOCK_H

#include <faultline/engine.h>

#include <stdint.h>

struct held_lock {
	uint16_t object; /* number of the lock, in order of first use */
	uint8_t class;	 /* number of its class, in order of first use */
};

/* The locks that @context holds, oldest first. */
const struct held_lock *fl_locks_held(fl_context_t context, unsigned int *count);
const char *fl_lock_class_name(unsigned int class);

#endif

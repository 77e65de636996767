/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: from a member to what contains it, and sizes. */
#ifndef FAULTLINE_LINUX_CONTAINER_OF_H
#define FAULTLINE_LINUX_CONTAINER_OF_H

#include <stddef.h>

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

#define ARRAY_SIZE(array)		    (sizeof(array) / sizeof((array)[0]))

#endif

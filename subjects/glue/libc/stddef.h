/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The floor's headers name this file; in a file of the glue its types are the kernel's. */
#include <linux/types.h>

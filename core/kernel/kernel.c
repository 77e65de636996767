/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The floor as a whole: its birth. */
#include "internal.h"

void fl_kernel_init(void)
{
	fl_context_init();
	fl_mmio_init();
	fl_memory_init();
	fl_access_init();
	fl_lock_init();
	fl_wait_init();
	fl_timer_init();
	fl_work_init();
	fl_irq_init();
	fl_power_init();
	fl_failure_init();
}

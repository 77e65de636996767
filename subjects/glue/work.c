// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: workqueues on the floor's workers. */
#include "glue.h"

#include <linux/workqueue.h>

/* Only identities: a queue is one of the floor's by its address. */
static char pm_queue, system_queue;
struct workqueue_struct *pm_wq = (struct workqueue_struct *)&pm_queue;
struct workqueue_struct *system_wq = (struct workqueue_struct *)&system_queue;

static void run_work(void *argument)
{
	struct work_struct *work = argument;

	glue_go_out();
	work->func(work);
	glue_come_in();
}

bool queue_work_on(int cpu, struct workqueue_struct *queue, struct work_struct *work)
{
	GLUE_INSIDE();

	return fl_work_queue(queue == pm_wq ? FL_WORKQUEUE_PM : FL_WORKQUEUE_SYSTEM, work, run_work,
			     glue_symbol(work->func));
}

bool cancel_work_sync(struct work_struct *work)
{
	GLUE_INSIDE();

	return fl_work_cancel_sync(work);
}

bool flush_work(struct work_struct *work)
{
	GLUE_INSIDE();

	return fl_work_flush(work);
}

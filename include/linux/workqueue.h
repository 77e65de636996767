/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: work items. INIT_WORK() keeps the function's name, for reports. */
#ifndef FAULTLINE_LINUX_WORKQUEUE_H
#define FAULTLINE_LINUX_WORKQUEUE_H

#include <faultline/host.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	work_func_t func;
	const char *func_name;
};

#define INIT_WORK(work, function) ((work)->func = (function), (void)((work)->func_name = #function))

#define pm_wq			  FL_WORKQUEUE_PM
#define system_wq		  FL_WORKQUEUE_SYSTEM

static inline void fl_linux_work_run(void *argument)
{
	struct work_struct *work = argument;

	fl_linux_go_out();
	work->func(work);
	fl_linux_come_in();
}

static inline bool queue_work(enum fl_workqueue queue, struct work_struct *work)
{
	return fl_work_queue(queue, work, fl_linux_work_run, work->func_name);
}

static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

static inline bool cancel_work_sync(struct work_struct *work)
{
	return fl_work_cancel_sync(work);
}

static inline bool flush_work(struct work_struct *work)
{
	return fl_work_flush(work);
}

static inline bool work_pending(const struct work_struct *work)
{
	return fl_work_pending(work);
}

#endif

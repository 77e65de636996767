/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: wait queues. A queue is its address; @name stands in deadlock reports. */
#ifndef FAULTLINE_LINUX_WAIT_H
#define FAULTLINE_LINUX_WAIT_H

#if defined(__has_include_next)
#if __has_include_next(<linux/wait.h>)
#include_next <linux/wait.h>
#endif
#endif
#include <faultline/host.h>

struct wait_queue_head {
	const char *name;
};
typedef struct wait_queue_head wait_queue_head_t;

#define init_waitqueue_head(queue) ((queue)->name = #queue)

#define TASK_UNINTERRUPTIBLE	   2
#define DEFINE_WAIT(wait)	   int wait = 0

static inline void prepare_to_wait(struct wait_queue_head *queue, int *wait, int state)
{
	*wait = state;
	fl_wait_prepare(queue, queue->name);
}

static inline void finish_wait(struct wait_queue_head *queue, int *wait)
{
	(void)queue;
	*wait = 0;
	fl_wait_finish();
}

static inline void schedule(void)
{
	fl_wait_schedule();
}

static inline void wake_up(struct wait_queue_head *queue)
{
	fl_wait_wake(queue, false);
}

static inline void wake_up_all(struct wait_queue_head *queue)
{
	fl_wait_wake(queue, true);
}

#define wait_event(queue, condition)                                                               \
	do {                                                                                       \
		fl_might_sleep("wait_event");                                                      \
		for (;;) {                                                                         \
			fl_wait_prepare(&(queue), #condition);                                     \
			if (condition)                                                             \
				break;                                                             \
			fl_wait_schedule();                                                        \
		}                                                                                  \
		fl_wait_finish();                                                                  \
	} while (0)

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: wait queues and schedule() on the floor's prepare, schedule, finish. */
#include "glue.h"

#include <linux/sched.h>
#include <linux/wait.h>

void __init_waitqueue_head(struct wait_queue_head *queue, const char *name,
			   struct lock_class_key *key)
{
	spin_lock_init(&queue->lock);
	INIT_LIST_HEAD(&queue->head);
}

/*
 * The entry itself is not queued: the floor knows who prepared to wait on what. So the callback that
 * would take it off the queue is never called.
 */
int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode, int sync, void *key)
{
	GLUE_INSIDE();

	fl_bug("autoremove_wake_function: no wait queue entry is ever queued");
}

void prepare_to_wait(struct wait_queue_head *queue, struct wait_queue_entry *entry, int state)
{
	GLUE_INSIDE();

	fl_wait_prepare(queue, "wait queue");
}

void finish_wait(struct wait_queue_head *queue, struct wait_queue_entry *entry)
{
	GLUE_INSIDE();

	fl_wait_finish();
}

void schedule(void)
{
	GLUE_INSIDE();

	fl_wait_schedule();
}

/* Returns an int since 6.4; the value is looked at by nobody here. */
int glue_wake_up(struct wait_queue_head *queue, unsigned int mode, int count, void *key)
	GLUE_PROVIDES(__wake_up);
int glue_wake_up(struct wait_queue_head *queue, unsigned int mode, int count, void *key)
{
	GLUE_INSIDE();

	fl_wait_wake(queue, count == 0);
	return 0;
}

/* Compiled in by DEBUG_ATOMIC_SLEEP; the floor flags it in atomic context. */
void __might_sleep(const char *file, int line)
{
	GLUE_INSIDE();

	fl_might_sleep("might_sleep");
}

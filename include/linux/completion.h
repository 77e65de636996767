/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: completions. */
#ifndef FAULTLINE_LINUX_COMPLETION_H
#define FAULTLINE_LINUX_COMPLETION_H

#include <limits.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

struct completion {
	unsigned int done;
	spinlock_t lock;
	wait_queue_head_t wait;
};

static inline void init_completion(struct completion *completion)
{
	completion->done = 0;
	spin_lock_init(&completion->lock);
	init_waitqueue_head(&completion->wait);
}

static inline void reinit_completion(struct completion *completion)
{
	completion->done = 0;
}

static inline void complete(struct completion *completion)
{
	unsigned long flags;

	spin_lock_irqsave(&completion->lock, flags);
	if (completion->done != UINT_MAX)
		completion->done++;
	spin_unlock_irqrestore(&completion->lock, flags);
	wake_up(&completion->wait);
}

static inline void complete_all(struct completion *completion)
{
	unsigned long flags;

	spin_lock_irqsave(&completion->lock, flags);
	completion->done = UINT_MAX;
	spin_unlock_irqrestore(&completion->lock, flags);
	wake_up_all(&completion->wait);
}

static inline bool try_wait_for_completion(struct completion *completion)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&completion->lock, flags);
	done = completion->done != 0;
	if (done && completion->done != UINT_MAX)
		completion->done--;
	spin_unlock_irqrestore(&completion->lock, flags);
	return done;
}

static inline void wait_for_completion(struct completion *completion)
{
	wait_event(completion->wait, try_wait_for_completion(completion));
}

#endif

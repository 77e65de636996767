/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small kernel API: high-resolution timers, absolute monotonic mode; callbacks in hard
 * interrupt. */
#ifndef FAULTLINE_LINUX_HRTIMER_H
#define FAULTLINE_LINUX_HRTIMER_H

#include <linux/ktime.h>

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode { HRTIMER_MODE_ABS };

struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	const char *function_name;
	u64 expires;
};

#define hrtimer_setup(timer, callback)                                                             \
	((timer)->function = (callback), (void)((timer)->function_name = #callback))

static inline void fl_linux_hrtimer_run(void *argument)
{
	struct hrtimer *timer = argument;
	enum hrtimer_restart restart;

	fl_linux_go_out();
	restart = timer->function(timer);
	fl_linux_come_in();
	if (restart == HRTIMER_RESTART)
		fl_timer_start(timer, timer->function_name, fl_linux_hrtimer_run, timer->expires);
}

/*
 * The hardware is programmed for the end of the slack: an idle machine expires the timer then, and
 * earlier only if something else interrupts it within the slack.
 */
static inline void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t soft, u64 slack,
					  enum hrtimer_mode mode)
{
	(void)mode;
	timer->expires = (u64)soft + slack;
	fl_timer_start(timer, timer->function_name, fl_linux_hrtimer_run, timer->expires);
}

static inline void hrtimer_start(struct hrtimer *timer, ktime_t expires, enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, expires, 0, mode);
}

/* 1: was armed, 0: was not, -1: its callback runs now. */
static inline int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	return fl_timer_cancel(timer);
}

static inline void hrtimer_cancel(struct hrtimer *timer)
{
	fl_timer_cancel_sync(timer);
}

#endif

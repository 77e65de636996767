// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: clocks, delays and high resolution timers in the floor's virtual time. */
#include "glue.h"

#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>

/* What the kernel multiplies microseconds (2^32 / 10^6) and nanoseconds (2^32 / 10^9) with. */
#define MICROSECOND_LOOPS 0x10c7ul

ktime_t ktime_get(void)
{
	GLUE_INSIDE();

	return (ktime_t)fl_time_ns();
}

u64 glue_ktime_get_mono_fast_ns(void) GLUE_PROVIDES(ktime_get_mono_fast_ns);
u64 glue_ktime_get_mono_fast_ns(void)
{
	GLUE_INSIDE();

	return fl_time_ns();
}

void __udelay(unsigned long microseconds)
{
	GLUE_INSIDE();

	fl_udelay_ns(microseconds * 1000);
}

void __ndelay(unsigned long nanoseconds)
{
	GLUE_INSIDE();

	fl_udelay_ns(nanoseconds);
}

/* udelay() of a constant arrives multiplied. */
void __const_udelay(unsigned long loops)
{
	GLUE_INSIDE();

	fl_udelay_ns(loops * 1000 / MICROSECOND_LOOPS);
}

void glue_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
	GLUE_PROVIDES(hrtimer_init);
void glue_hrtimer_init(struct hrtimer *timer, clockid_t clock, enum hrtimer_mode mode)
{
	memset(timer, 0, sizeof(*timer));
}

static void timer_fired(void *argument)
{
	struct hrtimer *timer = argument;
	enum hrtimer_restart restart;

	glue_go_out();
	restart = timer->function(timer);
	glue_come_in();
	if (restart != HRTIMER_NORESTART)
		fl_bug("hrtimer: a callback that restarts its timer is not modelled");
}

/*
 * The range is slack: the hardware is programmed for its end, so an idle machine expires the timer then.
 */
void glue_hrtimer_start_range_ns(struct hrtimer *timer, ktime_t expires, u64 range,
				 const enum hrtimer_mode mode) GLUE_PROVIDES(hrtimer_start_range_ns);
void glue_hrtimer_start_range_ns(struct hrtimer *timer, ktime_t expires, u64 range,
				 const enum hrtimer_mode mode)
{
	GLUE_INSIDE();
	u64 deadline = expires + range;

	if (mode & HRTIMER_MODE_REL)
		deadline += fl_time_ns();
	fl_timer_start(timer, glue_symbol(timer->function), timer_fired, deadline);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	GLUE_INSIDE();

	return fl_timer_cancel(timer);
}

int hrtimer_cancel(struct hrtimer *timer)
{
	GLUE_INSIDE();

	fl_timer_cancel_sync(timer);
	return 0;
}

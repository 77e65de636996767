/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Timers, as hrtimers are: each CPU has a base with the timers that were started on it, and one
 * alarm of the engine that stands for its clock event. Callbacks of a base run one after the other
 * in hard interrupt context; a timer whose callback runs stays on its base when it is started
 * again.
 */
#include "internal.h"

#define MAX_TIMERS 16

struct timer {
	void *key; /* the subject's address; NULL: unused */
	const char *name;
	void (*fn)(void *timer);
	uint64_t deadline;
	uint32_t order; /* of starts: equal deadlines fire in it */
	uint8_t cpu;
	bool armed;
	fl_context_t running; /* the context of the callback, or FL_NO_CONTEXT */
};

static struct timer_state {
	uint32_t order;
	int alarms[FL_MAX_CPUS];
	struct timer timers[MAX_TIMERS];
} *state;

static struct timer *find(const void *key)
{
	for (unsigned int i = 0; i < MAX_TIMERS; i++)
		if (state->timers[i].key == key)
			return &state->timers[i];
	return NULL;
}

/* The armed timer of @cpu that fires first, or NULL. */
static struct timer *first_of(unsigned int cpu)
{
	struct timer *first = NULL;

	for (unsigned int i = 0; i < MAX_TIMERS; i++) {
		struct timer *timer = &state->timers[i];

		if (!timer->key || !timer->armed || timer->cpu != cpu)
			continue;
		if (!first || timer->deadline < first->deadline ||
		    (timer->deadline == first->deadline && timer->order < first->order))
			first = timer;
	}
	return first;
}

static void program_alarm(unsigned int cpu)
{
	const struct timer *first = first_of(cpu);

	if (first)
		fl_alarm_arm(state->alarms[cpu], first->deadline);
	else
		fl_alarm_cancel(state->alarms[cpu]);
}

static void forget_if_idle(struct timer *timer)
{
	if (!timer->armed && timer->running == FL_NO_CONTEXT)
		timer->key = NULL;
}

static void run_callback(struct timer *timer)
{
	void *key = timer->key;

	timer->armed = false;
	timer->running = fl_current();
	fl_enter(timer->name);
	order_step(key);
	timer->fn(key);
	order_step(key);
	fl_leave();
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_TIMER, 4));
	timer->running = FL_NO_CONTEXT;
	fl_set_owner((uintptr_t)timer, FL_NO_CONTEXT);
	fl_wake_all((uintptr_t)timer);
	forget_if_idle(timer);
}

/* The clock event of a CPU: run what is due. */
static void expire(void *arg)
{
	unsigned int cpu = (unsigned int)(uintptr_t)arg;
	struct timer *timer;

	for (;;) {
		fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_TIMER, 3));
		timer = first_of(cpu);
		if (!timer || timer->deadline > fl_now())
			break;
		run_callback(timer);
	}
	program_alarm(cpu);
}

void fl_timer_init(void)
{
	static const char *const names[FL_MAX_CPUS] = {
		"timer/0", "timer/1", "timer/2", "timer/3",
		"timer/4", "timer/5", "timer/6", "timer/7",
	};

	state = fl_arena_alloc(sizeof(*state), 8);
	for (unsigned int i = 0; i < MAX_TIMERS; i++)
		state->timers[i].running = FL_NO_CONTEXT;
	for (unsigned int cpu = 0; cpu < fl_cpus(); cpu++)
		state->alarms[cpu] =
			fl_alarm_create(names[cpu], expire, (void *)(uintptr_t)cpu, cpu);
}

void fl_timer_start(void *key, const char *name, void (*fn)(void *timer), uint64_t deadline_ns)
{
	struct timer *timer;
	unsigned int base;

	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_TIMER, 1));
	order_step(key);
	fl_check_freed(key);
	timer = find(key);
	if (!timer)
		timer = find(NULL);
	if (!timer)
		fl_bug("more timers at once than the model has room for");
	base = timer->key ? timer->cpu : fl_this_cpu();
	timer->key = key;
	timer->name = name;
	timer->fn = fn;
	timer->deadline = deadline_ns;
	timer->order = state->order++;
	timer->armed = true;
	if (timer->running == FL_NO_CONTEXT)
		timer->cpu = (uint8_t)fl_this_cpu();
	program_alarm(timer->cpu);
	if (base != timer->cpu)
		program_alarm(base);
}

static int cancel(void *key)
{
	struct timer *timer = find(key);
	bool armed;

	if (!timer)
		return 0;
	if (timer->running != FL_NO_CONTEXT)
		return -1;
	armed = timer->armed;
	timer->armed = false;
	program_alarm(timer->cpu);
	forget_if_idle(timer);
	return armed;
}

int fl_timer_cancel(void *key)
{
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_TIMER, 2));
	fl_check_freed(key);
	order_step(key);
	return cancel(key);
}

void fl_timer_cancel_sync(void *key)
{
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_TIMER, 2));
	fl_check_freed(key);
	while (cancel(key) < 0) {
		struct timer *timer = find(key);

		if (!fl_running())
			fl_bug("waits for a timer's callback outside a run");
		/* hrtimer_cancel() spins. In the callback itself it would for ever. */
		fl_set_owner((uintptr_t)timer, timer->running);
		fl_block((uintptr_t)timer, timer->name, true);
	}
	order_step(key);
}

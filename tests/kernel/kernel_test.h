/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the kernel floor share: a machine, runs under several strategies, an event log.
 *
 * A test gives two functions: one that sets the run up (outside of it) and activates contexts, one
 * that looks at what came out. Assertions must not fail on a fiber (cmocka jumps), so contexts note
 * what they see in plain variables and the second function judges them.
 */
#ifndef FAULTLINE_TESTS_KERNEL_TEST_H
#define FAULTLINE_TESTS_KERNEL_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/kernel.h>
#include <kernel/view.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#endif

#define UNUSED __attribute__((unused))

/* --- events ------------------------------------------------------------------------------- */

static struct fl_event event_log[8192] UNUSED;
static unsigned int event_count UNUSED;

UNUSED static void log_event(const struct fl_event *event)
{
	if (event_count < sizeof(event_log) / sizeof(event_log[0]))
		event_log[event_count++] = *event;
}

/* How many events of @kind the run had. */
UNUSED static unsigned int events(enum fl_event_kind kind)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < event_count; i++)
		count += event_log[i].kind == kind;
	return count;
}

/* The @index-th event of @kind, or NULL. */
UNUSED static const struct fl_event *event_at(enum fl_event_kind kind, unsigned int index)
{
	for (unsigned int i = 0; i < event_count; i++)
		if (event_log[i].kind == kind && !index--)
			return &event_log[i];
	return NULL;
}

/* --- machines and runs -------------------------------------------------------------------- */

/* A new machine with nothing in it but the floor. */
UNUSED static void machine(unsigned int cpus)
{
	memset(&fl_knobs, 0, sizeof(fl_knobs));
	fl_unsubscribe_all();
	for (unsigned int kind = 0; kind < FL_EVENT_KINDS; kind++)
		fl_subscribe(kind, log_event);
	fl_arena_clear();
	fl_machine_init(cpus, true, fl_kernel_hardirq);
	fl_kernel_init();
	fl_where_reset();
	event_count = 0;
}

UNUSED static fl_context_t spawn(const char *name, unsigned int cpu, fl_entry_t entry, void *arg)
{
	fl_context_t task = fl_context_create(name, FL_CONTEXT_TASK, cpu, entry, arg);

	fl_context_activate(task);
	return task;
}

/* A device: interrupts come from beside the CPUs. */
UNUSED static fl_context_t spawn_agent(const char *name, fl_entry_t entry, void *arg)
{
	fl_context_t agent = fl_context_create(name, FL_CONTEXT_AGENT, 0, entry, arg);

	fl_context_activate(agent);
	return agent;
}

struct plan {
	unsigned int cpus;
	void (*build)(void);		/* once: what a snapshot holds; may be NULL */
	void (*start)(void);		/* before each run */
	void (*judge)(enum fl_end end); /* after each run */
	uint64_t step_limit;		/* 0: the engine's */
	unsigned int schedules;		/* of each strategy; 0: 60 */
};

UNUSED static void run_plan_as(const struct plan *plan, const char *name, unsigned int schedules)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(7, argument, &error), 0);
	for (unsigned int i = 0; i < schedules; i++) {
		struct fl_run_options options = {
			.strategy = strategy,
			.schedule = i,
			.step_limit = plan->step_limit,
			.livelock_bound = plan->step_limit,
		};
		enum fl_end end;

		fl_reset();
		fl_where_reset();
		event_count = 0;
		plan->start();
		end = fl_run(&options);
		plan->judge(end);
		if (strategy->end && !strategy->end())
			break;
	}
}

/* Run @plan without preemption and under random, PCT and POS schedules. */
UNUSED static void run_plan(const struct plan *plan)
{
	unsigned int schedules = plan->schedules ? plan->schedules : 60;

	machine(plan->cpus);
	if (plan->build)
		plan->build();
	event_count = 0;
	fl_snapshot();
	fl_replay_set(NULL, 0);
	run_plan_as(plan, "replay", 1);
	run_plan_as(plan, "random", schedules);
	run_plan_as(plan, "pct:3", schedules);
	run_plan_as(plan, "pos", schedules);
}

UNUSED static void point(void)
{
	fl_point(FL_ACCESS_NONE, 0, 0);
}

#endif

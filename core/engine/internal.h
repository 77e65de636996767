/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the engine share.
 *
 * Two structures hold everything. The world is what a reset brings back: contexts, CPUs, time,
 * alarms, owners. The engine is what belongs to the process and to the run that is going on: the
 * strategy, the step counter, the decisions, the fibers. Sets of contexts are 64-bit masks, so that
 * "who may run" is a handful of logical operations, and is computed again only for CPUs where
 * something changed (dirty).
 *
 * The life of a step: reschedule() (schedule.c) ends the running context's step, advances time,
 * refreshes the eligible set (machine.c), asks the strategy when there are two candidates or more,
 * and jumps straight from fiber to fiber. Only the start and the end of a run pass through the
 * stack of fl_run()'s caller.
 */
#ifndef FAULTLINE_ENGINE_INTERNAL_H
#define FAULTLINE_ENGINE_INTERNAL_H

#include <faultline/engine.h>

#include "fiber.h"

#define likely(x)	 __builtin_expect(!!(x), 1)
#define unlikely(x)	 __builtin_expect(!!(x), 0)

#define BIT64(n)	 (1ull << (n))
#define FL_NEVER	 UINT64_MAX
/*
 * CPUs stand in slots: CPU n in slot n + 1. Slot 0 is for the agents, which are kept as the tasks
 * of one CPU more that has no rules. So what is in use is one piece, whatever the number of CPUs.
 */
#define FL_AGENT_SLOT	 0
#define FL_CPU_SLOT(cpu) ((cpu) + 1u)
#define FL_MAX_HELD	 256
#define FL_MAX_DECISIONS (1u << 20)

enum fl_class { FL_CLASS_HARD, FL_CLASS_FIFO, FL_CLASS_NORMAL, FL_CLASS_AGENT };

/* One cache line: a reset copies it, and a step touches it. */
struct fl_context {
	struct fl_pending pending;
	uint64_t steps;
	fl_entry_t entry;
	void *arg;
	uint8_t state; /* enum fl_context_state */
	uint8_t class; /* enum fl_class */
	uint8_t slot;  /* of its CPU; FL_AGENT_SLOT for an agent */
	uint8_t kind;  /* enum fl_context_kind */
	bool fresh;    /* started, and no scheduling point met yet */
	bool irqs_on;
	bool timed_out;
	uint8_t alarm; /* FL_CONTEXT_TIMER: its alarm */
	uint32_t preempt_count;
} __attribute__((aligned(64)));

/*
 * What a reset need not bring back: the name stays for as long as the descriptor is there, the rest
 * means something only while the context waits.
 */
struct fl_wait {
	const char *name; /* of the context */
	uint64_t deadline;
	uintptr_t object;
	const char *what;
	uint64_t order;
};

struct fl_cpu {
	uint64_t hard, fifo, normal; /* contexts of each class that live here */
	uint64_t eligible;	     /* as of the last refresh */
	fl_context_t current;	     /* the task that has the CPU */
	uint32_t irq_delay;	     /* steps that the task may take before the pending interrupt */
	uint32_t due_alarms;	     /* mask of alarms whose callbacks wait for the CPU */
	bool irq_pending;
};

struct fl_alarm {
	uint64_t deadline;
	fl_context_t context;
	uint8_t slot;
	bool armed;
};

struct fl_held {
	uintptr_t object;
	fl_context_t owner;
};

struct fl_world {
	uint64_t eligible; /* union over the CPUs; valid while dirty is 0 */
	uint32_t dirty;	   /* mask of slots to refresh */
	bool preemptible;
	uint64_t time_ns;
	uint64_t next_deadline; /* nothing falls due before it; may be too early, never too late */
	uint64_t active;	/* contexts that are not dormant */
	uint64_t runnable;
	uint64_t waiting; /* blocked or spinning on an object */
	uint64_t timed;	  /* have a deadline */
	uint64_t wait_order;
	unsigned int cpu_count;
	int context_count;
	int alarm_count;
	unsigned int held_count;
	void (*hardirq)(unsigned int cpu);
	/* Of these a reset copies as many as there are. */
	struct fl_cpu cpus[FL_MAX_CPUS + 1]; /* by slot */
	struct fl_alarm alarms[FL_MAX_ALARMS];
	struct fl_context contexts[FL_MAX_CONTEXTS];
};

struct fl_engine {
	struct fl_context *self; /* the running context; &outside when there is none */
	fl_context_t current;
	bool running;
	bool ask_always; /* the strategy wants to be asked about lonely contexts, too */
	bool pruned;	 /* it ended the run: all that could follow has been seen */
	bool yielding;	 /* the decision that is being made follows an fl_yield() */
	uint64_t step;
	uint64_t check_step; /* where the limits are looked at next */
	const struct fl_strategy *strategy;
	/* Its functions for each step and choice; the portfolio puts those of the strategy whose turn it is. */
	fl_context_t (*strategy_pick)(uint64_t eligible, fl_context_t fallback);
	void (*strategy_step)(fl_context_t context, const struct fl_pending *executed);
	uint32_t (*strategy_choose)(enum fl_choice_kind kind, uint32_t n);
	void (*step_hook)(fl_context_t context);
	void (*stack_hook)(fl_context_t context, void *base);
	uint32_t decision_count;
	uint32_t choice_count[FL_CHOICE_KINDS];
	uint64_t step_limit;
	uint64_t livelock_bound;
	uint64_t patience; /* FL_NEVER: without end */
	bool give_up;	   /* the run ends when it stands still */
	bool stood_still;
	uint64_t progress_step;
	uint64_t fair_since; /* step from which the run is fair, FL_NEVER if it is not */
	enum fl_end end;
	bool cut_short;		/* the last run left fibers behind: a reset must come first */
	struct fl_fiber *fiber; /* the one that is running */
	struct fl_fiber main_fiber;
	struct fl_context outside; /* stands for the caller of the engine, outside a run */
	struct fl_fiber fibers[FL_MAX_CONTEXTS];
};

extern struct fl_world fl_world;
extern struct fl_engine fl_engine;
extern struct fl_wait fl_waits[FL_MAX_CONTEXTS];
extern struct fl_held fl_held[FL_MAX_HELD];
extern struct fl_decision fl_decision_log[FL_MAX_DECISIONS];

/* Is a run going on, on fibers or on threads? */
static inline bool fl_in_run(void)
{
	return fl_engine.running || fl_free_running;
}

/* End the program: it was used wrongly, and going on would lie. */
_Noreturn void fl_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

static inline struct fl_context *fl_context_get(fl_context_t context)
{
	if (unlikely(context < 0 || context >= fl_world.context_count))
		fl_die("context %d does not exist; there are %d", context, fl_world.context_count);
	return &fl_world.contexts[context];
}

static inline fl_context_t fl_context_number(const struct fl_context *context)
{
	return (fl_context_t)(context - fl_world.contexts);
}

static inline struct fl_wait *fl_wait_of(const struct fl_context *context)
{
	return &fl_waits[fl_context_number(context)];
}

static inline void fl_cpu_dirty(unsigned int slot)
{
	fl_world.dirty |= 1u << slot;
}

/* The class that a context takes on its CPU. */
static inline bool fl_is_task(const struct fl_context *context)
{
	return context->class == FL_CLASS_FIFO || context->class == FL_CLASS_NORMAL;
}

/*
 * Does the task that has its CPU keep it, whatever else is runnable? In one expression without branches: whose
 * turn it is cannot be predicted, and so neither can be what its fields say.
 */
static inline bool fl_holds_cpu(const struct fl_context *task)
{
	return !fl_world.preemptible | (task->preempt_count != 0) | !task->irqs_on;
}

/* machine.c: compute the eligible set of the dirty CPUs; may start interrupt contexts. */
void fl_machine_refresh(void);
/* A task leaves its CPU. */
void fl_cpu_release(struct fl_context *context);
void fl_context_start(struct fl_context *context);
/* context.c: enter a context in the tables of its CPU, or take it out. */
void fl_context_place(struct fl_context *context);
void fl_context_displace(struct fl_context *context);

/* schedule.c: end the running context's step and let the next one be chosen. */
void fl_reschedule(void);
void fl_fiber_main(struct fl_transfer transfer);
/* The run is fair from the next step on. */
void fl_turn_fair(void);

/* wait.c */
void fl_make_runnable(struct fl_context *context);
void fl_describe_deadlock(void);
void fl_set_end_text(const char *text);

/* time.c: let everything happen that is due. */
void fl_time_expire(void);
/* The earliest deadline that lies ahead, FL_NEVER if there is none. */
uint64_t fl_time_next(void);
void fl_deadline_set(struct fl_context *context, uint64_t deadline_ns);

/* stack_pool.c */
void fl_stack_ensure(struct fl_fiber *fiber, int index);

/* choose.c */
/*
 * @differs: from what happens without a decision, else it is not kept. An argument, for it is a
 * branch that nobody can predict.
 */
static inline void fl_log_decision(uint64_t at, uint32_t value, enum fl_choice_kind kind,
				   bool differs)
{
	if (unlikely(fl_engine.decision_count == FL_MAX_DECISIONS)) {
		/* The run could not be replayed any more: let it end at its next step. */
		fl_engine.check_step = 0;
		return;
	}
	fl_decision_log[fl_engine.decision_count] = (struct fl_decision){
		.at = (uint32_t)at,
		.value = (uint16_t)value,
		.kind = (uint8_t)kind,
	};
	fl_engine.decision_count += differs;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: contexts, CPUs, virtual time, choices.
 *
 * It knows nothing of interrupts controllers, SMMUs or Linux. Every context is a fiber; one
 * operating-system thread runs them all, one step at a time. Between two steps stands a scheduling
 * point: fl_point() and everything built on it. Whoever runs next, and every other decision that a
 * world cannot make by itself, is made by the strategy of the run through one door, fl_choose().
 *
 * Rules that the engine enforces:
 *  - one context runs per CPU; a hardware agent runs beside the CPUs;
 *  - on a CPU, a hard interrupt goes before a FIFO context (interrupt threads), which goes before a
 *    normal one; only contexts of the highest runnable class are eligible;
 *  - a task that has preemption off, or any task of a non-preemptible machine, keeps its CPU until
 *    it blocks (hard interrupts still run on top of it while its CPU has interrupts on);
 *  - a CPU with a pending interrupt and interrupts enabled takes it before its task takes another
 *    step, save the bounded delay that was chosen when the interrupt became pending.
 *
 * There is one engine in a process. Parallel jobs are processes.
 */
#ifndef FAULTLINE_ENGINE_H
#define FAULTLINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FL_MAX_CONTEXTS 64
#define FL_MAX_CPUS	8

/* A context's number, 0 to FL_MAX_CONTEXTS - 1; FL_NO_CONTEXT is none. */
typedef int fl_context_t;
#define FL_NO_CONTEXT (-1)

enum fl_context_kind {
	FL_CONTEXT_TASK,       /* class normal */
	FL_CONTEXT_HARDIRQ,    /* class hard interrupt; one per CPU, made by the engine */
	FL_CONTEXT_IRQ_THREAD, /* class FIFO */
	FL_CONTEXT_WORK,       /* class normal: a worker running one work item */
	FL_CONTEXT_TIMER,      /* class hard interrupt: an expired timer's callback */
	FL_CONTEXT_AGENT,      /* hardware; beside the CPUs */
};

enum fl_context_state {
	FL_DORMANT, /* not activated, or its activation has ended: no fiber is live */
	FL_RUNNABLE,
	FL_BLOCKED,  /* waits for fl_wake*() on its object */
	FL_SLEEPING, /* waits for virtual time, off its CPU */
	FL_SPINNING, /* waits for fl_wake*() on its object, and keeps its CPU */
	FL_DELAYING, /* waits for virtual time, and keeps its CPU (udelay) */
};

typedef void (*fl_entry_t)(void *arg);

/*
 * Create a context descriptor; it is dormant until fl_context_activate().
 * @name: short, unique, for people and cases ("gpu", "pm_wq", "irqthread/3"); must outlive the world
 * @kind: anything but FL_CONTEXT_HARDIRQ (those exist from fl_machine_init() on)
 * @cpu: 0 to fl_cpus() - 1; ignored for agents
 * Returns the number of the context; ends the program with a message when there are too many.
 * Descriptors made before fl_snapshot() survive a reset, later ones are forgotten by it.
 */
fl_context_t fl_context_create(const char *name, enum fl_context_kind kind, unsigned int cpu,
			       fl_entry_t entry, void *arg);

/*
 * Start one activation: a fresh fiber runs entry(arg) to its end, then the context is dormant
 * again. The context must be dormant. May be called from any context and from outside a run.
 * Not a scheduling point.
 */
void fl_context_activate(fl_context_t context);

/*
 * Each context number has a stack of its own: a block of FL_STACK_SIZE bytes, aligned to its size (so
 * that masking the stack pointer finds its base). The first FL_STACK_RESERVED bytes of the block are
 * never used by the engine: they are for what a subject keeps there (Linux's struct thread_info on a
 * port that finds `current` so). They are not part of a snapshot. A guard page lies above them.
 */
#ifndef FL_STACK_SIZE
#define FL_STACK_SIZE 65536u
#endif
#define FL_STACK_RESERVED 4096u
void *fl_stack_base(fl_context_t context);
/*
 * Called each time a fiber is started on a stack, before its entry, on the activator's stack (in a free run
 * on its own): set up the reserved area here. NULL: none. Must not call the engine but for the fl_context_*() getters.
 */
void fl_set_stack_hook(void (*hook)(fl_context_t context, void *base));

/* Change what the next activation runs, or where; the context must be dormant. */
void fl_context_set_entry(fl_context_t context, fl_entry_t entry, void *arg);
void fl_context_set_cpu(fl_context_t context, unsigned int cpu);

/* The running context; FL_NO_CONTEXT outside a run. */
fl_context_t fl_current(void);
const char *fl_context_name(fl_context_t context);
enum fl_context_kind fl_context_kind(fl_context_t context);
enum fl_context_state fl_context_state(fl_context_t context);
/* The CPU of a context; -1 for an agent. */
int fl_context_cpu(fl_context_t context);
/* Steps that the context took in this run. */
uint64_t fl_context_steps(fl_context_t context);
/* How many descriptors exist. */
int fl_context_count(void);
/*
 * How many there have been at most, in all worlds of this process: whoever keeps a table by context from
 * run to run need not look beyond.
 */
int fl_context_most(void);

_Static_assert(FL_NO_CONTEXT + 1 == 0, "it has the row before the first context's");

/*
 * The row of @context in a table by context, 0 to FL_MAX_CONTEXTS: the first row is that of the caller outside
 * a run (FL_NO_CONTEXT), so what is in use is one piece.
 */
static inline unsigned int fl_context_row(fl_context_t context)
{
	return (unsigned int)(context + 1);
}
/*
 * True if the context could take a step now but for its CPU being held by a hard interrupt
 * (@by_fifo false) or by a FIFO context (@by_fifo true).
 */
bool fl_context_starved(fl_context_t context, bool by_fifo);

/* --- the machine ------------------------------------------------------------------------- */

/*
 * Forget every context and start a machine with @cpus (1 to FL_MAX_CPUS) CPUs, preemptible or not.
 * @hardirq: called on a CPU's hard interrupt context, interrupts off, when that CPU has an interrupt
 * pending (fl_cpu_set_pending()); NULL if the program has none.
 */
void fl_machine_init(unsigned int cpus, bool preemptible, void (*hardirq)(unsigned int cpu));
unsigned int fl_cpus(void);
/* Change whether tasks can be preempted; part of the world, so a reset undoes it. */
void fl_machine_set_preemptible(bool preemptible);

/* The CPU of the running context; 0 for an agent. */
unsigned int fl_this_cpu(void);

/* Interrupts of the running context's CPU. save returns the state before, restore takes it. */
bool fl_cpu_irq_save(void);
void fl_cpu_irq_restore(bool were_on);
bool fl_cpu_irqs_on(void);

/* Preemption of the running context; nests. */
void fl_preempt_disable(void);
void fl_preempt_enable(void);
bool fl_preemptible(void);

/*
 * Interrupt input of a CPU, driven by an interrupt controller model.
 * @pending: true while there is an interrupt to take
 * @delay: how many more steps the CPU's task may take first (0 to 64); counts only on a change from
 * not pending to pending
 */
void fl_cpu_set_pending(unsigned int cpu, bool pending, unsigned int delay);

/* --- steps ------------------------------------------------------------------------------- */

enum fl_access_kind {
	FL_ACCESS_NONE, /* touches nothing that others see */
	FL_ACCESS_READ,
	FL_ACCESS_WRITE,
	FL_ACCESS_RMW,	/* atomic read-modify-write */
	FL_ACCESS_LOCK, /* acquire of a lock, wait on a queue ... */
	FL_ACCESS_UNLOCK,
};

/*
 * Does an access of @kind (enum fl_access_kind) take a value from its object, or leave one there? Without
 * branches: which operation comes next is chance.
 */
static inline bool fl_access_reads(uint8_t kind)
{
	unsigned int kinds = 1u << FL_ACCESS_READ | 1u << FL_ACCESS_RMW | 1u << FL_ACCESS_LOCK;

	return kinds >> kind & 1;
}

static inline bool fl_access_writes(uint8_t kind)
{
	unsigned int kinds = 1u << FL_ACCESS_WRITE | 1u << FL_ACCESS_RMW | 1u << FL_ACCESS_LOCK |
			     1u << FL_ACCESS_UNLOCK;

	return kinds >> kind & 1;
}

/*
 * A scheduling point. The caller is about to touch @object in the way of @kind; others may run
 * first. @object identifies what is touched: equal objects conflict unless both read. Only its
 * equality is used, never its value or order, so it may be an address.
 * @site: a small number that names the program point, stable over builds, or 0 (used as a feature
 * and by the rf strategy).
 * Must not be called outside a run (it is a no-op there, so that probe code may run unscheduled).
 */
void fl_point(enum fl_access_kind kind, uintptr_t object, uint32_t site);

/* As fl_point(), and says that the caller spins (cpu_relax): somebody else should go first. */
void fl_yield(void);

/* Steps taken in this run so far, all contexts together: the number of the current step. */
uint64_t fl_step(void);

/* --- waiting ----------------------------------------------------------------------------- */

/*
 * Block the running context until it is woken on @object. @what names it in a deadlock report
 * ("mutex init_mutex"); must stay valid. A wake-up is remembered for nobody: check the condition,
 * then call, with no scheduling point between. Outside a run it ends the program with a message.
 * @spin: keep the CPU (a spinlock).
 */
void fl_block(uintptr_t object, const char *what, bool spin);

/* As fl_block() with a timeout at virtual time @deadline_ns; returns false if it timed out. */
bool fl_block_until(uintptr_t object, const char *what, uint64_t deadline_ns);

/* Wake everyone who is blocked on @object; returns how many. Not a scheduling point. */
unsigned int fl_wake_all(uintptr_t object);
/* Wake one of them, chosen by fl_choose(FL_CHOOSE_WAITER). */
unsigned int fl_wake_one(uintptr_t object);
/* Wake this context if it is blocked or sleeping; returns whether it was. */
bool fl_wake(fl_context_t context);

/*
 * For the deadlock report: tell that @object is held by @owner (FL_NO_CONTEXT: by nobody), so that a
 * cycle can be named. Locks call it.
 */
void fl_set_owner(uintptr_t object, fl_context_t owner);

/* --- virtual time ------------------------------------------------------------------------ */

/* Nanoseconds since the machine started. Each step adds FL_STEP_NS. */
#define FL_STEP_NS 100
uint64_t fl_now(void);
/*
 * Let the running context wait @ns: off its CPU, or keeping it (@busy). A scheduling point. Outside a
 * run only the time passes.
 */
void fl_delay(uint64_t ns, bool busy);

/*
 * One-shot alarms: fn(arg) runs as a FL_CONTEXT_TIMER context on @cpu once the deadline has come.
 * An alarm is a number below FL_MAX_ALARMS that fl_alarm_create() gives out.
 * cancel returns 1 if it was armed, 0 if not, -1 if its callback is running now.
 */
#define FL_MAX_ALARMS 16
int fl_alarm_create(const char *name, fl_entry_t fn, void *arg, unsigned int cpu);
void fl_alarm_arm(int alarm, uint64_t deadline_ns);
int fl_alarm_cancel(int alarm);
bool fl_alarm_armed(int alarm);
/*
 * Advance time to the earliest armed alarm, if no context is FL_DELAYING. Returns false if there is
 * none. Lets a scenario decide when "20 ms later" is; the engine does the same by itself when
 * nothing can run.
 */
bool fl_time_skip(void);

/* --- chance ------------------------------------------------------------------------------ */

enum fl_choice_kind {
	FL_CHOOSE_CONTEXT, /* who runs next; the engine's own */
	FL_CHOOSE_WAITER,
	FL_CHOOSE_IRQ_DELAY,
	FL_CHOOSE_IRQ_ORDER,
	FL_CHOOSE_CPU,	    /* once a case: a line's, a worker's, a task's CPU */
	FL_CHOOSE_KNOB,	    /* once a case: a free knob of the profile */
	FL_CHOOSE_SCENARIO, /* once a case: what a scenario leaves open */
	FL_CHOOSE_HARDWARE, /* what an unpowered read returns, which queued fault wins ... */
	FL_CHOOSE_FAILURE,  /* whether an operation that may fail does */
	FL_CHOOSE_CLIENT,   /* what the client's callback answers */
	FL_CHOICE_KINDS
};

/*
 * The one door for chance: returns a number below @n (n >= 1). 0 is what happens when nobody wants
 * anything else, so let it be the plain, unsurprising answer. Never call it twice in one expression.
 * Outside a run the answer is 0.
 */
uint32_t fl_choose(enum fl_choice_kind kind, uint32_t n);
/*
 * For a strategy that is asked: how many calls of @kind came before the one that it answers, those with
 * a single answer included, as in struct fl_decision.
 */
uint32_t fl_choice_number(enum fl_choice_kind kind);

/* --- a strategy -------------------------------------------------------------------------- */

/* Strategies may look at what each context is about to do. */
struct fl_pending {
	uintptr_t object;
	uint32_t site;
	uint8_t kind; /* enum fl_access_kind */
};
const struct fl_pending *fl_context_pending(fl_context_t context);

struct fl_strategy {
	const char *name;
	const char *help; /* one line */
	bool fair;	  /* no runnable context waits for ever: liveness verdicts hold */
	bool enumerates;  /* takes schedules one after the other until there are no more */
	/*
	 * Start a search (state zeroed before). @argument: what stood behind the name's colon, or
	 * NULL ("pct:3"). Returns 0 or -EINVAL with a message in *error.
	 */
	int (*start)(uint64_t seed, const char *argument, const char **error);
	/* Before schedule number @schedule. */
	void (*begin)(uint64_t schedule);
	/* Who runs next; @eligible has two bits or more; @fallback is the choice without preemption. */
	fl_context_t (*pick)(uint64_t eligible, fl_context_t fallback);
	uint32_t (*choose)(enum fl_choice_kind kind, uint32_t n);
	/*
	 * After a schedule; returns false when the search is complete. May be NULL. Called by the
	 * searcher, as start() is; begin() is called by fl_run().
	 */
	bool (*end)(void);
	/*
	 * After each step: @context did @executed (kind FL_ACCESS_NONE if it met no scheduling
	 * point). May be NULL, which costs nothing.
	 */
	void (*step)(fl_context_t context, const struct fl_pending *executed);
};

/* All strategies, ended by NULL; made from the info structs of core/engine/strategy_*.c. */
extern const struct fl_strategy *const fl_strategies[];
/* By name, "pct" or "pct:3"; NULL if unknown. @argument gets what stands behind the colon, or NULL. */
const struct fl_strategy *fl_strategy_find(const char *name, const char **argument);

/* --- decisions, for cases ---------------------------------------------------------------- */

/*
 * One decision that differs from a run in which nobody is preempted and every fl_choose() answers 0.
 * For FL_CHOOSE_CONTEXT: @at is the step at which it was made and @value the context. For the other
 * kinds @at is how many calls of that kind came before it in this run, and @value the answer.
 */
struct fl_decision {
	uint32_t at;
	uint16_t value;
	uint8_t kind;
};

/* The decisions of the run that is going on, or that ended last; *count gets how many. */
const struct fl_decision *fl_decisions(size_t *count);
/* What strategy "replay" follows; the array must stay valid during the run. */
void fl_replay_set(const struct fl_decision *decisions, size_t count);
/*
 * The step from which the run that is replayed was fair (what fl_fair_since() said after it), so that
 * verdicts on liveness come out the same. fl_replay_set() sets it to never.
 */
void fl_replay_set_fair(uint64_t step);
/*
 * What strategy "bytes" follows. Choices are taken from the input; an exhausted input answers 0.
 * The array must stay valid during the run.
 */
void fl_bytes_set(const uint8_t *data, size_t size);

/*
 * What strategy "history" starts from: the contexts of the steps of a run on threads (fl_free_history()), and what
 * it chose besides. @decisions must stay valid during the runs.
 */
void fl_history_set(const uint8_t *contexts, size_t count, const struct fl_decision *decisions,
		    size_t decision_count);

/* --- a run ------------------------------------------------------------------------------- */

enum fl_end {
	FL_END_QUIET,	   /* every context is dormant */
	FL_END_DEADLOCK,   /* somebody is blocked and nobody can run, now or later */
	FL_END_LIVELOCK,   /* fair strategy, and no progress within the bound */
	FL_END_STEP_LIMIT, /* inconclusive; also what a run that was pruned or given up ends with */
	FL_END_STOPPED,	   /* fl_stop(): the subject cannot go on */
};

/*
 * A search that does several things in turn says in a schedule's number which of them it is: what
 * strategies learn from schedules, they may keep apart.
 */
#define FL_SCHEDULE_FAMILY(n)		((uint64_t)(n) << 40)
#define FL_SCHEDULE_FAMILY_OF(schedule) ((unsigned int)((schedule) >> 40 & 0xff))

struct fl_run_options {
	const struct fl_strategy *strategy;
	uint64_t schedule;	 /* passed to begin() */
	uint64_t step_limit;	 /* 0: 20000 */
	uint64_t livelock_bound; /* steps without fl_progress(); 0: 5000 */
	uint64_t patience; /* so many without it, and the run stands still; 0: it never does */
	bool give_up;	   /* a run that stands still ends there, as inconclusive */
};

/*
 * Run until nothing can run any more. The caller has activated at least one context. When the run
 * ends before all contexts are dormant, their fibers are abandoned, and their states stay as they are,
 * to be looked at, until fl_reset() or fl_machine_init(), one of which must come before the next run.
 */
enum fl_end fl_run(const struct fl_run_options *options);

/* End the run after the current step (the calling context does not return). Only inside a run. */
_Noreturn void fl_stop(const char *why);
/* Why the run ended, for FL_END_DEADLOCK ("a waits for x held by b; ...") and FL_END_STOPPED. */
const char *fl_end_text(void);
bool fl_running(void);
/* Is the strategy of this run fair from here on? (pct turns fair after its change points.) */
bool fl_fair(void);
/* Did the strategy end the last run because all that could follow had been seen in earlier ones? */
bool fl_pruned(void);
/* The step from which this run, or the last one, was fair; UINT64_MAX: never. */
uint64_t fl_fair_since(void);
/* Did the last run stand still, while it was fair, for as long as its options call patience? */
bool fl_stood_still(void);
/* Steps without fl_progress() that make a livelock of this run, or of the last one. */
uint64_t fl_livelock_bound(void);
/* Something useful happened: an operation ended, a fault was retired ... Resets the livelock bound. */
void fl_progress(void);

/* --- free running ------------------------------------------------------------------------ */

/*
 * The same contexts on threads of the operating system, at once and without a strategy: for stress. Each
 * activation runs on a thread of its context. One lock, the machine lock, is held by whoever is inside
 * the machine: everything below a subject, which is written for one step at a time. A subject's own code
 * runs outside of it, on as many CPUs as there are, and comes in for each call of the floor
 * (include/faultline/free.h); so what it does to its own memory, and each of its calls, meets the others'
 * in any order that the host allows. docs/stress.md tells where that is weaker than the fibers:
 *
 *  - contexts of one CPU run at the same time: a task is not stopped by an interrupt on its CPU, nor
 *    by another task, and preemption off keeps nobody out. Who is "kept off his CPU" cannot be told.
 *    What holds: interrupts off on a CPU keep its hard interrupts out, hard interrupts of one CPU run
 *    one after the other;
 *  - a run is not replayed. What is kept of it is its choices (fl_decisions()) and the order of its steps
 *    (fl_free_history()).
 *
 * Virtual time moves as ever: with the steps, and to the next deadline when nobody can run.
 */
struct fl_free_options {
	uint64_t seed;	     /* of fl_choose() and of the perturbation */
	uint64_t step_limit; /* 0: 100,000 */
	uint64_t
		livelock_bound; /* steps without fl_progress() in which each runnable context took 64; 0: 20,000 */
	unsigned int
		perturbation; /* per mille of the points at which a context is held up, 0 to 1000 */
};

/*
 * Run what has been activated until nothing can run any more, as fl_run() does. The caller must be the
 * thread that called fl_machine_init(). A run that was cut short ends each context at its next point or call.
 */
enum fl_end fl_free_run(const struct fl_free_options *options);

/* True in a run of fl_free_run(). */
extern bool fl_free_running;

/*
 * Come into the machine, and go out. enter() returns false, and does nothing, if the thread is inside already
 * or the run is no free one: then the caller does not leave. A run that has ended does not return from enter().
 */
bool fl_machine_enter(void);
void fl_machine_leave(void);
/*
 * As enter(), for whoever must not be cut short, and holds what somebody inside may want (a sanitizer's report
 * has the lock of reports): returns, and is outside, in a run that has ended, and when it cannot come in for long.
 */
bool fl_machine_try_enter(void);
/* Is the calling thread inside? Only then is fl_current() its context. */
bool fl_machine_inside(void);
/* Called once on each thread that a free run makes, before its first activation. Set before the first free run. */
void fl_free_set_thread_hook(void (*hook)(void));
/* Outside: a moment at which the calling context may be held up. @site as in fl_point(). */
void fl_free_perturb(uint32_t site);

/*
 * The last steps of the run that ended, all contexts together, in their order: writes the context of each
 * into @contexts (of @size bytes), oldest first; returns how many. *first gets the number of the first step.
 */
size_t fl_free_history(uint8_t *contexts, size_t size, uint64_t *first);
/*
 * Pairs of program points that one context took right after another one, over all free runs of this process:
 * how many different ones there were.
 */
uint64_t fl_free_features(void);

/*
 * ThreadSanitizer is told what orders the subject's memory here, since it does not see the machine lock, which
 * orders everything: what @object's release stands before happened before what its acquire stands before. Nothing
 * in other builds.
 */
#if defined(FAULTLINE_TSAN)
void fl_order_acquire(const volatile void *object);
void fl_order_release(const volatile void *object);
#else
static inline void fl_order_acquire(const volatile void *object)
{
	(void)object;
}
static inline void fl_order_release(const volatile void *object)
{
	(void)object;
}
#endif

/*
 * Called after each step with the context that took it, while set (tracing, replay). NULL: off, and
 * costs nothing.
 */
void fl_set_step_hook(void (*hook)(fl_context_t context));

/* --- memory of a world ------------------------------------------------------------------- */

/*
 * The arena: everything that a world changes lives in it, so that a reset is a copy. Addresses in it
 * are equal in each run of a process; offsets are equal everywhere.
 */
#define FL_ARENA_SIZE (8u << 20)
void *fl_arena_alloc(size_t size, size_t align); /* zeroed; never freed, but by a reset */
/* Forget all of it, to build another world; the snapshot goes with it. */
void fl_arena_clear(void);
size_t fl_arena_used(void);
void *fl_arena_base(void);
/* Register memory outside the arena that belongs to the world (a subject's .data and .bss). */
void fl_segment_add(void *base, size_t size);
void fl_segments_clear(void);
/* Keep the world as it is now: no context may be active. */
void fl_snapshot(void);
/* Bring the world back to the last snapshot. Poisoned memory gets its sanitizer shadow back. */
void fl_reset(void);

#ifdef __cplusplus
}
#endif

#endif

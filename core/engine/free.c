// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The free-running engine: contexts on threads.
 *
 * 1. A context number has a thread of its own, made when it is first activated and kept for the life of the
 *    process. Between activations it is parked on a futex; an activation, a wake-up, and the end of a run
 *    are all told through that one word.
 * 2. fl_engine.current and .self say who is inside the machine: whoever takes the machine lock sets them. So
 *    everything below a subject works here as it does on fibers, where one context runs at a time.
 * 3. Time and interrupts are everybody's business: whoever changes something inside (a deadline, a pending
 *    interrupt, who is runnable) sees to it before it goes out (settle()).
 * 4. A run ends when nothing can run, or at a limit, or by fl_stop(). Then ending is set, and each thread
 *    leaves its activation by a jump out of it as soon as it comes to the machine; what it had on its stack is
 *    forgotten, and the world stays as it is for the checkers to look at.
 */
#include "free.h"
#include "prng.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <string.h>

#define DEFAULT_STEP_LIMIT     100000
#define DEFAULT_LIVELOCK_BOUND 20000
/* Steps that each runnable context must have taken before a run without progress counts as a livelock. */
#define FAIR_STEPS	       64
/* Accesses to its own memory that a context makes outside without a call, after which it comes in. */
#define POINTS_OUTSIDE	       256
/* A context that spins gives its host CPU up at one of so many turns, for the one that it waits for may want it. */
#define YIELDS		       16

bool fl_free_running;

struct free_thread {
	uint32_t signal; /* a futex: counts what there was to look at */
	bool made;
	bool started; /* an activation is wanted, or goes on */
	uint64_t steps_at_look;
	jmp_buf out;
};

static struct free_thread threads[FL_MAX_CONTEXTS];
static __thread fl_context_t own = FL_NO_CONTEXT;
static __thread bool inside;
static __thread unsigned int points_outside; /* since it came in last */

static bool ending;
static unsigned int live;  /* threads that have not parked; under the machine lock */
static uint32_t run_ended; /* a futex, for the caller of fl_free_run() */
static uint32_t irq_waiters[FL_MAX_CPUS + 1];
static uint64_t progress_at_look;
static struct fl_prng choices;
static void (*thread_hook)(void);

/* --- ThreadSanitizer ---------------------------------------------------------------------- */

#if defined(FAULTLINE_TSAN) && defined(FAULTLINE_TSAN_FRAMEWORK)
/* The machine lock is seen here, and orders everything. */
void fl_order_acquire(const volatile void *object)
{
	(void)object;
}

void fl_order_release(const volatile void *object)
{
	(void)object;
}

static void ignore_begin(void)
{
}

static void ignore_end(void)
{
}
#elif defined(FAULTLINE_TSAN)
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);

/* Outside of free runs nothing is ordered for it: one thread does all. */
void fl_order_acquire(const volatile void *object)
{
	if (fl_free_running)
		__tsan_acquire((void *)(uintptr_t)object);
}

void fl_order_release(const volatile void *object)
{
	if (fl_free_running)
		__tsan_release((void *)(uintptr_t)object);
}

/* The C library's functions are instrumented everywhere; inside the machine they work on its memory. */
static void ignore_begin(void)
{
	AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}

static void ignore_end(void)
{
	AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
}
#else
static void ignore_begin(void)
{
}

static void ignore_end(void)
{
}
#endif

/* --- the machine lock ----------------------------------------------------------------------- */

static void came_in(void)
{
	inside = true;
	points_outside = 0;
	fl_engine.current = own;
	fl_engine.self = &fl_world.contexts[own];
	ignore_begin();
}

static void take(void)
{
	fl_machine_lock_take();
	came_in();
}

static void drop(void)
{
	ignore_end();
	inside = false;
	fl_machine_lock_drop();
}

static void tell(fl_context_t context)
{
	__atomic_fetch_add(&threads[context].signal, 1, __ATOMIC_RELEASE);
	fl_futex_wake(&threads[context].signal, 1);
}

static _Noreturn void jump_out(void)
{
	longjmp(threads[own].out, 1);
}

/* --- the end of a run ----------------------------------------------------------------------- */

static void end_run(enum fl_end end)
{
	if (ending)
		return;
	fl_engine.end = end;
	__atomic_store_n(&ending, true, __ATOMIC_RELAXED);
	for (int i = 0; i < fl_world.context_count; i++)
		if (threads[i].started)
			tell(i);
}

/* Start the hard interrupts that are due and may be taken. */
static void refresh(void)
{
	for (; fl_world.dirty; fl_world.dirty &= fl_world.dirty - 1) {
		unsigned int slot = (unsigned int)__builtin_ctz(fl_world.dirty);
		struct fl_cpu *cpu = &fl_world.cpus[slot];
		uint64_t tasks = (cpu->fifo | cpu->normal) & fl_world.active;
		bool off = irq_waiters[slot];

		if (slot == FL_AGENT_SLOT || (!cpu->irq_pending && !cpu->due_alarms) ||
		    cpu->hard & fl_world.active)
			continue;
		for (; tasks; tasks &= tasks - 1)
			off |= !fl_world.contexts[__builtin_ctzll(tasks)].irqs_on;
		if (off)
			continue;
		if (cpu->irq_pending && fl_world.hardirq) {
			fl_context_start(&fl_world.contexts[slot - 1]);
		} else if (cpu->due_alarms) {
			struct fl_alarm *alarm = &fl_world.alarms[__builtin_ctz(cpu->due_alarms)];

			cpu->due_alarms &= cpu->due_alarms - 1;
			alarm->armed = false;
			fl_context_start(&fl_world.contexts[alarm->context]);
		}
	}
}

/* After something changed: take what is due; when nobody can run, let time pass, or end the run. */
static void settle(void)
{
	if (ending)
		return;
	refresh();
	while (!fl_world.runnable && !ending) {
		uint64_t next = fl_time_next();

		if (next == FL_NEVER) {
			if (fl_world.active)
				fl_describe_deadlock();
			end_run(fl_world.active ? FL_END_DEADLOCK : FL_END_QUIET);
			return;
		}
		if (fl_world.time_ns < next)
			fl_world.time_ns = next;
		fl_time_expire();
		refresh();
	}
}

static void look_for_progress(void)
{
	progress_at_look = fl_engine.progress_step;
	for (int i = 0; i < fl_world.context_count; i++)
		threads[i].steps_at_look = fl_world.contexts[i].steps;
	fl_engine.check_step = fl_engine.step + fl_engine.livelock_bound;
	if (fl_engine.check_step > fl_engine.step_limit)
		fl_engine.check_step = fl_engine.step_limit;
}

/* Has each context that can run had its share of the steps since the last look? */
static bool all_went_on(void)
{
	for (uint64_t left = fl_world.runnable; left; left &= left - 1) {
		int i = __builtin_ctzll(left);

		if (fl_world.contexts[i].steps - threads[i].steps_at_look < FAIR_STEPS)
			return false;
	}
	return true;
}

/* Give the host's scheduler a reason to run somebody else. */
static void let_others_run(void)
{
	drop();
	sched_yield();
	take();
}

static void look_at_limits(void)
{
	if (fl_engine.step >= fl_engine.step_limit ||
	    fl_engine.decision_count == FL_MAX_DECISIONS) {
		end_run(FL_END_STEP_LIMIT);
	} else if (fl_engine.progress_step != progress_at_look) {
		look_for_progress();
	} else if (all_went_on()) {
		end_run(FL_END_LIVELOCK);
	} else {
		fl_engine.check_step = fl_engine.step + FAIR_STEPS;
		let_others_run();
	}
}

/* --- coming in and going out ------------------------------------------------------------------ */

bool fl_machine_enter(void)
{
	if (!fl_free_running || inside || own == FL_NO_CONTEXT)
		return false;
	take();
	if (ending)
		jump_out();
	return true;
}

bool fl_machine_try_enter(void)
{
	if (!fl_free_running || inside || own == FL_NO_CONTEXT || !fl_machine_lock_try())
		return false;
	came_in();
	if (ending)
		drop();
	return inside;
}

bool fl_machine_inside(void)
{
	return inside;
}

void fl_machine_leave(void)
{
	if (!fl_free_running || !inside)
		return;
	settle();
	drop();
}

/* Somebody waits for the machine: he gets it. */
static void hand_over(void)
{
	ignore_end();
	inside = false;
	fl_machine_lock_hand_over();
	came_in();
}

/* Its number is its place in the order of what was done. */
static void begin_step(struct fl_context *self)
{
	fl_history_step(own, fl_engine.step);
	self->steps++;
	fl_engine.step++;
	fl_world.time_ns += FL_STEP_NS;
	if (fl_world.time_ns >= fl_world.next_deadline)
		fl_time_expire();
	if (fl_engine.step >= fl_engine.check_step) {
		look_at_limits();
		if (ending)
			jump_out();
	}
}

void fl_free_point(struct fl_pending pending, bool yielding)
{
	struct fl_context *self = fl_engine.self;
	bool hold;

	if (!inside)
		fl_die("a scheduling point outside the machine: the caller must come in first");
	self->pending = pending;
	hold = fl_perturb_point(own, pending.site);
	settle();
	if (hold) {
		drop();
		fl_perturb_hold();
		take();
	} else if (fl_machine_lock_wanted() && (yielding || fl_perturb_hand_over())) {
		hand_over();
	} else if (yielding && !(self->steps % YIELDS)) {
		let_others_run();
	}
	if (ending)
		jump_out();
	begin_step(self);
}

void fl_free_point_outside(void)
{
	if (++points_outside < POINTS_OUTSIDE || !fl_machine_enter())
		return;
	fl_free_point((struct fl_pending){0}, true);
	fl_machine_leave();
}

void fl_free_wait(void)
{
	struct fl_context *self = fl_engine.self;

	if (!inside)
		fl_die("a wait outside the machine: the caller must come in first");
	settle();
	while (self->state != FL_RUNNABLE && !ending) {
		uint32_t seen = __atomic_load_n(&threads[own].signal, __ATOMIC_ACQUIRE);

		drop();
		fl_futex_wait(&threads[own].signal, seen);
		take();
	}
	if (ending)
		jump_out();
	begin_step(self);
}

void fl_free_wake(fl_context_t context)
{
	tell(context);
}

void fl_free_irqs_go_off(void)
{
	struct fl_context *self = fl_engine.self;
	struct fl_cpu *cpu = &fl_world.cpus[self->slot];

	if (!fl_is_task(self))
		return;
	fl_order_acquire(cpu);
	if (!(cpu->hard & fl_world.active))
		return;
	irq_waiters[self->slot]++;
	while (cpu->hard & fl_world.active)
		fl_block((uintptr_t)cpu, "the hard interrupt of its CPU to end", true);
	irq_waiters[self->slot]--;
	fl_cpu_dirty(self->slot);
}

void fl_free_stop(void)
{
	end_run(FL_END_STOPPED);
	jump_out();
}

uint32_t fl_free_choose(uint32_t n)
{
	return fl_prng_below(&choices, n);
}

/* --- threads ---------------------------------------------------------------------------------- */

/* One activation has ended by itself. */
static void go_dormant(struct fl_context *context)
{
	uint64_t bit = BIT64(own);

	if (context->class == FL_CLASS_HARD)
		fl_order_release(&fl_world.cpus[context->slot]);

	context->state = FL_DORMANT;
	fl_world.active &= ~bit;
	fl_world.runnable &= ~bit;
	fl_cpu_dirty(context->slot);
	if (context->class == FL_CLASS_HARD)
		fl_wake_all((uintptr_t)&fl_world.cpus[context->slot]);
}

static void activation(struct free_thread *thread)
{
	take();
	if (!setjmp(thread->out)) {
		struct fl_context *context = &fl_world.contexts[own];

		if (ending)
			jump_out();
		fl_order_acquire(thread);
		if (context->class == FL_CLASS_HARD)
			fl_order_acquire(&fl_world.cpus[context->slot]);
		fl_free_prepare_stack(own);
		context->entry(context->arg);
		/* Who is wanted again while it ends starts anew, from the thread's loop. */
		thread->started = false;
		go_dormant(context);
		settle();
	} else {
		thread->started = false;
	}
	fl_order_release(&run_ended);
	if (!--live && ending) {
		__atomic_store_n(&run_ended, 1, __ATOMIC_RELEASE);
		fl_futex_wake(&run_ended, 1);
	}
	drop();
}

static void thread_loop(void *argument)
{
	struct free_thread *thread = argument;

	for (;;) {
		uint32_t seen = __atomic_load_n(&thread->signal, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&thread->started, __ATOMIC_ACQUIRE))
			activation(thread);
		else
			fl_futex_wait(&thread->signal, seen);
	}
}

static void *thread_main(void *argument)
{
	struct free_thread *thread = argument;

	own = (fl_context_t)(thread - threads);
	if (thread_hook)
		thread_hook();
	fl_free_change_stack(own, thread_loop, thread);
}

static void make_thread(fl_context_t context)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, thread_main, &threads[context]);

	if (error)
		fl_die("cannot make a thread for %s: %s", fl_context_name(context),
		       strerror(error));
	pthread_detach(thread);
	threads[context].made = true;
}

void fl_free_start(fl_context_t context)
{
	struct free_thread *thread = &threads[context];

	live++;
	fl_order_release(thread);
	__atomic_store_n(&thread->started, true, __ATOMIC_RELEASE);
	if (!thread->made)
		make_thread(context);
	tell(context);
}

void fl_free_set_thread_hook(void (*hook)(void))
{
	thread_hook = hook;
}

/* --- a run -------------------------------------------------------------------------------------- */

static void begin_run(const struct fl_free_options *options)
{
	fl_engine.step = 0;
	fl_engine.decision_count = 0;
	memset(fl_engine.choice_count, 0, sizeof(fl_engine.choice_count));
	fl_engine.step_limit = options->step_limit ? options->step_limit : DEFAULT_STEP_LIMIT;
	fl_engine.livelock_bound =
		options->livelock_bound ? options->livelock_bound : DEFAULT_LIVELOCK_BOUND;
	fl_engine.progress_step = 0;
	fl_engine.fair_since = 0;
	fl_engine.pruned = false;
	for (int i = 0; i < fl_world.context_count; i++)
		fl_world.contexts[i].steps = 0;
	/* Contexts that the run creates are not looked at before the next look. */
	for (int i = 0; i < FL_MAX_CONTEXTS; i++)
		threads[i].steps_at_look = 0;
	memset(irq_waiters, 0, sizeof(irq_waiters));
	choices = fl_prng_of(fl_prng_search(options->seed, 0), 0);
	fl_perturb_begin(options->seed, options->perturbation);
	fl_history_begin();
	look_for_progress();
	ending = false;
	run_ended = 0;
}

enum fl_end fl_free_run(const struct fl_free_options *options)
{
	uint64_t active = fl_world.active;

	if (fl_running())
		fl_die("fl_free_run() inside a run");
	if (fl_engine.cut_short)
		fl_die("the last run was cut short: fl_reset() or fl_machine_init() must come first");
	if (!active)
		return FL_END_QUIET;
	begin_run(options);
	fl_free_running = true;
	fl_machine_lock_take();
	for (; active; active &= active - 1)
		fl_free_start(__builtin_ctzll(active));
	fl_machine_lock_drop();
	while (!__atomic_load_n(&run_ended, __ATOMIC_ACQUIRE))
		fl_futex_wait(&run_ended, 0);
	/* The last one out still has the lock. */
	fl_machine_lock_take();
	fl_order_acquire(&run_ended);
	fl_free_running = false;
	fl_engine.current = FL_NO_CONTEXT;
	fl_engine.self = &fl_engine.outside;
	fl_engine.cut_short = fl_world.active != 0;
	fl_machine_lock_drop();
	return fl_engine.end;
}

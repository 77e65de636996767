/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run loop: from the end of one step to the beginning of the next.
 *
 * There is no scheduler fiber. Whoever reaches a scheduling point computes who is next and jumps
 * there. A context that has just been started makes no decision at its first point: it was chosen
 * to take that step when it was started, so each operation costs exactly one decision.
 */
#include "free.h"
#include "internal.h"

#include <string.h>

#define DEFAULT_STEP_LIMIT     20000
#define DEFAULT_LIVELOCK_BOUND 5000

/* Leave the running fiber for fl_run(). Returns only on a fiber that parked and is used again. */
static void leave_run(enum fl_end end)
{
	struct fl_fiber *from = fl_engine.fiber;

	fl_engine.end = end;
	fl_engine.fiber = &fl_engine.main_fiber;
	fl_fiber_switch(from, &fl_engine.main_fiber, true);
}

static uint64_t earlier(uint64_t step, uint64_t other)
{
	return step < other ? step : other;
}

/* Steps without progress after which there is something to look at. */
static uint64_t first_bound(void)
{
	return earlier(fl_engine.patience, fl_engine.livelock_bound);
}

void fl_turn_fair(void)
{
	if (fl_engine.fair_since != FL_NEVER)
		return;
	fl_engine.fair_since = fl_engine.step;
	fl_engine.check_step = earlier(fl_engine.check_step, fl_engine.step + first_bound());
}

/* Nothing ends the run. Ends go by value: a local whose address is taken costs AddressSanitizer a frame on the heap. */
#define NO_END ((enum fl_end) - 1)

/* Look at the limits: what a limit that is reached ends the run with. Else sets the step where to look again. */
static enum fl_end limit_reached(void)
{
	uint64_t step = fl_engine.step;
	uint64_t next = fl_engine.step_limit;

	if (step >= fl_engine.step_limit || fl_engine.decision_count == FL_MAX_DECISIONS)
		return FL_END_STEP_LIMIT;
	if (fl_engine.fair_since != FL_NEVER) {
		uint64_t since = fl_engine.progress_step > fl_engine.fair_since
					 ? fl_engine.progress_step
					 : fl_engine.fair_since;

		uint64_t still = step - since, bound = first_bound();

		if (still >= fl_engine.livelock_bound)
			return FL_END_LIVELOCK;
		if (still >= bound) {
			fl_engine.stood_still = true;
			if (fl_engine.give_up)
				return FL_END_STEP_LIMIT;
			bound = fl_engine.livelock_bound;
		}
		next = earlier(next, since + bound);
	}
	fl_engine.check_step = next;
	return NO_END;
}

/* Nobody is eligible: go to the next deadline. Returns what that ends the run with, if it does. */
static enum fl_end wait_for_deadline(void)
{
	while (!fl_world.eligible) {
		uint64_t next = fl_time_next();

		if (next == FL_NEVER) {
			if (!fl_world.active)
				return FL_END_QUIET;
			fl_describe_deadlock();
			return FL_END_DEADLOCK;
		}
		if (fl_world.time_ns < next)
			fl_world.time_ns = next;
		fl_time_expire();
		fl_machine_refresh();
	}
	return NO_END;
}

/* Who runs next if nobody wants anything special. */
static fl_context_t fallback_of(uint64_t eligible)
{
	fl_context_t current = fl_engine.current;
	uint64_t after;

	if (current != FL_NO_CONTEXT) {
		uint64_t hard = fl_world.cpus[fl_engine.self->slot].hard & eligible;

		if ((eligible & BIT64(current)) && !fl_engine.yielding)
			return current;
		if (hard)
			return __builtin_ctzll(hard);
		/* Shifted twice, for the last context has no bits above it. */
		after = eligible & (~0ull << current << 1);
		if (after)
			return __builtin_ctzll(after);
	}
	return __builtin_ctzll(eligible);
}

static fl_context_t decide(uint64_t eligible)
{
	fl_context_t fallback = fallback_of(eligible);
	fl_context_t next = fl_engine.strategy_pick(eligible, fallback);

	if (unlikely(next == FL_NO_CONTEXT && fl_engine.ask_always)) {
		fl_engine.pruned = true;
		return FL_NO_CONTEXT;
	}
	if (unlikely(next < 0 || next >= FL_MAX_CONTEXTS || !(eligible & BIT64(next))))
		fl_die("strategy %s picked context %d, which is not eligible",
		       fl_engine.strategy->name, next);
	fl_log_decision(fl_engine.step, (uint32_t)next, FL_CHOOSE_CONTEXT, next != fallback);
	return next;
}

/* The books of the CPU whose task is about to take a step. */
static inline void account(struct fl_context *context, fl_context_t number)
{
	struct fl_cpu *cpu = &fl_world.cpus[context->slot];

	context->steps++;
	if (!fl_is_task(context))
		return;
	/* Who keeps its CPU changes what is eligible, once it has it. */
	if (cpu->current != number) {
		if (unlikely(fl_holds_cpu(context)))
			fl_cpu_dirty(context->slot);
		cpu->current = number;
	}
	if (unlikely(cpu->irq_delay) && !--cpu->irq_delay)
		fl_cpu_dirty(context->slot);
}

/* Choose and enter the next step. Returns when the caller's context is to go on. */
static inline __attribute__((always_inline)) void enter_next(void)
{
	struct fl_fiber *from = fl_engine.fiber;
	struct fl_fiber *to;
	uint64_t eligible;
	fl_context_t next;

	if (unlikely(fl_world.dirty))
		fl_machine_refresh();
	if (unlikely(!fl_world.eligible)) {
		enum fl_end end = wait_for_deadline();

		if (end != NO_END) {
			leave_run(end);
			return;
		}
	}
	eligible = fl_world.eligible;
	if ((eligible & (eligible - 1)) || unlikely(fl_engine.ask_always)) {
		next = decide(eligible);
		if (unlikely(next == FL_NO_CONTEXT)) {
			leave_run(FL_END_STEP_LIMIT);
			return;
		}
	} else {
		next = __builtin_ctzll(eligible);
	}
	fl_engine.yielding = false;
	account(&fl_world.contexts[next], next);
	to = &fl_engine.fibers[next];
	if (to == from)
		return;
	fl_engine.current = next;
	fl_engine.self = &fl_world.contexts[next];
	fl_engine.fiber = to;
	fl_fiber_switch(from, to, false);
}

/* Nothing runs, is pending or is armed: the run ends by itself, whatever the limits say. */
static bool is_quiet(void)
{
	fl_machine_refresh();
	return !fl_world.active && fl_time_next() == FL_NEVER;
}

/* End the running context's step; @pending is what it will do when its next step comes. */
static inline __attribute__((always_inline)) void next_step(struct fl_pending pending,
							    bool yielding)
{
	if (unlikely(fl_engine.step_hook))
		fl_engine.step_hook(fl_engine.current);
	if (fl_engine.strategy_step)
		fl_engine.strategy_step(fl_engine.current, &fl_engine.self->pending);
	fl_engine.step++;
	fl_world.time_ns += FL_STEP_NS;
	fl_engine.self->fresh = false;
	fl_engine.self->pending = pending;
	if (unlikely(fl_world.time_ns >= fl_world.next_deadline))
		fl_time_expire();
	/*
	 * After what is due has happened: a look at the limits refreshes the CPUs, and must find
	 * what enter_next() would find, for a replay may look at other steps.
	 */
	if (unlikely(fl_engine.step >= fl_engine.check_step)) {
		enum fl_end end = is_quiet() ? NO_END : limit_reached();

		if (end != NO_END) {
			leave_run(end);
			return;
		}
	}
	fl_engine.yielding = yielding;
	enter_next();
}

void fl_reschedule(void)
{
	if (unlikely(fl_free_running)) {
		fl_free_wait();
		return;
	}
	next_step(fl_engine.self->pending, false);
}

void fl_point(enum fl_access_kind kind, uintptr_t object, uint32_t site)
{
	struct fl_context *self = fl_engine.self;
	struct fl_pending pending = {.object = object, .site = site, .kind = (uint8_t)kind};

	if (unlikely(!fl_engine.running)) {
		if (fl_free_running)
			fl_free_point(pending, false);
		return;
	}
	if (unlikely(self->fresh)) {
		self->fresh = false;
		self->pending = pending;
		return;
	}
	next_step(pending, false);
}

void fl_yield(void)
{
	if (fl_engine.running)
		next_step((struct fl_pending){0}, true);
	else if (fl_free_running)
		fl_free_point((struct fl_pending){0}, true);
}

uint64_t fl_step(void)
{
	return fl_engine.step;
}

/* The loop that a fiber runs: one turn is one activation. */
void fl_fiber_main(struct fl_transfer transfer)
{
	fl_context_t number;

	fl_fiber_arrive(fl_engine.fiber, transfer);
	number = fl_engine.current;
	fl_engine.fiber->started = true;
	for (;;) {
		struct fl_context *context = &fl_world.contexts[number];
		struct fl_fiber *fiber = &fl_engine.fibers[number];

#if defined(FL_TSAN)
		__tsan_acquire(&fiber->edge);
#endif
		context->entry(context->arg);
		context->state = FL_DORMANT;
		context->fresh = false;
		fl_world.active &= ~BIT64(number);
		fl_world.runnable &= ~BIT64(number);
		fl_cpu_release(context);
		fiber->parked = true;
		next_step((struct fl_pending){0}, false);
	}
}

static void begin_run(const struct fl_run_options *options)
{
	const struct fl_strategy *strategy = options->strategy;

	fl_engine.strategy = strategy;
	fl_engine.strategy_pick = strategy->pick;
	fl_engine.strategy_step = strategy->step;
	fl_engine.strategy_choose = strategy->choose;
	fl_engine.ask_always = false;
	fl_engine.pruned = false;
	fl_engine.step = 0;
	fl_engine.decision_count = 0;
	memset(fl_engine.choice_count, 0, sizeof(fl_engine.choice_count));
	fl_engine.step_limit = options->step_limit ? options->step_limit : DEFAULT_STEP_LIMIT;
	fl_engine.livelock_bound =
		options->livelock_bound ? options->livelock_bound : DEFAULT_LIVELOCK_BOUND;
	fl_engine.patience = options->patience ? options->patience : FL_NEVER;
	fl_engine.give_up = options->give_up;
	fl_engine.stood_still = false;
	fl_engine.progress_step = 0;
	fl_engine.fair_since = strategy->fair ? 0 : FL_NEVER;
	fl_engine.check_step = fl_engine.step_limit;
	if (strategy->fair)
		fl_engine.check_step = earlier(fl_engine.check_step, first_bound());
	for (int i = 0; i < fl_world.context_count; i++)
		fl_world.contexts[i].steps = 0;
	strategy->begin(options->schedule);
}

/* What a run that was cut short left behind. */
static void abandon_fibers(void)
{
	uint64_t active = fl_world.active;

	for (; active; active &= active - 1)
		fl_fiber_abandon(&fl_engine.fibers[__builtin_ctzll(active)]);
	fl_engine.cut_short = true;
}

static void leave_running(void)
{
	fl_engine.running = false;
	fl_engine.current = FL_NO_CONTEXT;
	fl_engine.self = &fl_engine.outside;
#if defined(FL_TSAN)
	/* All that the contexts did happened before what fl_run()'s caller does now. */
	for (int i = 0; i < fl_world.context_count; i++)
		if (fl_world.contexts[i].steps)
			fl_fiber_synchronise(&fl_engine.fibers[i]);
#endif
	if (unlikely(fl_world.active))
		abandon_fibers();
}

enum fl_end fl_run(const struct fl_run_options *options)
{
	if (fl_in_run())
		fl_die("fl_run() inside a run");
	if (fl_engine.cut_short)
		fl_die("the last run was cut short: fl_reset() or fl_machine_init() must come first");
	begin_run(options);
#if defined(FL_TSAN)
	fl_engine.main_fiber.tsan = __tsan_get_current_fiber();
#endif
	fl_engine.running = true;
	fl_engine.fiber = &fl_engine.main_fiber;
	enter_next();
	leave_running();
	return fl_engine.end;
}

_Noreturn void fl_stop(const char *why)
{
	if (!fl_in_run())
		fl_die("fl_stop() outside a run: %s", why);
	fl_set_end_text(why);
	if (fl_free_running)
		fl_free_stop();
	if (fl_engine.step_hook)
		fl_engine.step_hook(fl_engine.current);
	fl_engine.step++;
	leave_run(FL_END_STOPPED);
	fl_die("a stopped context was continued");
}

bool fl_running(void)
{
	return fl_in_run();
}

bool fl_fair(void)
{
	return fl_engine.step >= fl_engine.fair_since;
}

bool fl_pruned(void)
{
	return fl_engine.pruned;
}

uint64_t fl_fair_since(void)
{
	return fl_engine.fair_since;
}

uint64_t fl_livelock_bound(void)
{
	return fl_engine.livelock_bound;
}

bool fl_stood_still(void)
{
	return fl_engine.stood_still;
}

void fl_progress(void)
{
	fl_engine.progress_step = fl_engine.step;
}

void fl_set_step_hook(void (*hook)(fl_context_t context))
{
	fl_engine.step_hook = hook;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* deadlock, livelock, lock-order, data-race. */
#include "check_test.h"

static void blocked_in_the_subject(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	fake.contexts[WORKER].state = FL_BLOCKED;
	finish(FL_END_DEADLOCK);
	breaks("deadlock in runtime_suspend");
	assert_true(premise("deadlock"));
}

/* Who waits for a suspend that sleeps for ever is its victim, whatever his number. */
static void blocked_by_a_callback(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	for (fl_context_t i = 0; i < WORKER; i++) {
		as(i);
		enter("another");
		fake.contexts[i].state = FL_BLOCKED;
	}
	fake.contexts[WORKER].state = FL_BLOCKED;
	finish(FL_END_DEADLOCK);
	breaks("deadlock in runtime_suspend");
}

/* One that spins for a lock is in the circle like the others. */
static void a_callback_that_wants_a_lock(void **state)
{
	(void)state;
	as(WORKER);
	begin_suspend();
	as(TASK);
	enter("set_stall");
	fake.contexts[TASK].state = FL_SPINNING;
	fake.contexts[WORKER].state = FL_SPINNING;
	finish(FL_END_DEADLOCK);
	breaks("deadlock in set_stall");
}

static void a_master_that_waits(void **state)
{
	(void)state;
	fake.contexts[AGENT].state = FL_BLOCKED;
	fake.contexts[TASK].state = FL_BLOCKED;
	finish(FL_END_DEADLOCK);
	keeps("deadlock");
}

static void no_progress_in_the_subject(void **state)
{
	(void)state;
	as(TASK);
	enter("tlb_sync");
	fake.contexts[TASK].state = FL_RUNNABLE;
	fake.contexts[TASK].steps = 5000;
	finish(FL_END_LIVELOCK);
	breaks("livelock in tlb_sync");
	assert_true(premise("livelock"));
}

static void no_progress_between_two_interrupts(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	enter("get_fault_info");
	leave();
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	fake.contexts[HARDIRQ].steps = 5000;
	finish(FL_END_LIVELOCK);
	breaks("livelock in context_fault");
}

static void no_progress_of_others(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_HANDLED);
	fake.contexts[AGENT].steps = 5000;
	finish(FL_END_LIVELOCK);
	keeps("livelock");
	finish(FL_END_STEP_LIMIT);
	keeps("livelock");
}

static void take_two(const char *function, unsigned int first, unsigned int second)
{
	static const char *const names[] = {"cb_lock", "gpu_lock", "init_mutex"};

	enter(function);
	lock(first, names[first], 1);
	lock(second, names[second], 1);
	unlock(second);
	unlock(first);
	leave();
}

static void opposite_orders(void **state)
{
	(void)state;
	take_two("map", 0, 1);
	keeps("lock-order");
	assert_true(premise("lock-order"));
	take_two("fault", 1, 0);
	breaks("lock-order in fault (cb_lock, gpu_lock)");
}

static void the_signature_does_not_depend_on_the_schedule(void **state)
{
	(void)state;
	take_two("fault", 1, 0);
	take_two("map", 0, 1);
	breaks("lock-order in fault (cb_lock, gpu_lock)");
}

static void a_longer_cycle(void **state)
{
	(void)state;
	take_two("map", 0, 1);
	take_two("fault", 1, 2);
	keeps("lock-order");
	take_two("attach", 2, 0);
	breaks("lock-order in attach (cb_lock, gpu_lock, init_mutex)");
}

static void one_order(void **state)
{
	(void)state;
	take_two("map", 0, 1);
	take_two("fault", 0, 1);
	take_two("attach", 1, 2);
	keeps("lock-order");
}

static void one_after_the_other(void **state)
{
	(void)state;
	take_two("map", 0, 1);
	lock(1, "gpu_lock", 1);
	unlock(1);
	lock(0, "cb_lock", 1);
	unlock(0);
	keeps("lock-order");
}

static void a_trylock_waits_for_nothing(void **state)
{
	(void)state;
	take_two("map", 0, 1);
	lock(1, "gpu_lock", 1);
	trylock(0, "cb_lock", 1);
	keeps("lock-order");
	/* But what is taken after it waits. */
	unlock(1);
	lock(2, "init_mutex", 1);
	unlock(2);
	unlock(0);
	take_two("attach", 2, 0);
	breaks("lock-order in attach (cb_lock, init_mutex)");
}

static void held_with_interrupts_on(void **state)
{
	(void)state;
	as(TASK);
	enter("map");
	lock(0, "cb_lock", 0);
	unlock(0);
	leave();
	keeps("lock-order");
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	trylock(0, "cb_lock", 3);
	unlock(0);
	keeps("lock-order");
	lock(0, "cb_lock", 3);
	breaks("lock-order in map (cb_lock, interrupts on)");
}

static void held_with_interrupts_off(void **state)
{
	(void)state;
	as(TASK);
	lock(0, "cb_lock", 1);
	unlock(0);
	as(HARDIRQ);
	lock(0, "cb_lock", 3);
	keeps("lock-order");
}

/* A plain access of @size bytes at @object, in the next step of @context. */
static void plain(fl_context_t context, bool write, uint64_t object, unsigned int size)
{
	as(context);
	fl_emit(write ? FL_EV_MEM_WRITE : FL_EV_MEM_READ, object, size, 0, 0);
}

static void race_setup(void)
{
	fl_memory_granularity = true;
	fl_check_reset();
	as(TASK);
	enter("set_stall");
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fake.contexts[TASK].state = FL_RUNNABLE;
	fake.contexts[HARDIRQ].state = FL_RUNNABLE;
}

static void both_stood_before_it(void **state)
{
	(void)state;
	race_setup();
	plain(HARDIRQ, false, 0x100, 4);
	plain(TASK, true, 0x100, 4);
	breaks("data-race in context_fault (with set_stall)");
	assert_true(premise("data-race"));
}

static void either_order_has_one_signature(void **state)
{
	(void)state;
	race_setup();
	plain(TASK, true, 0x100, 4);
	plain(HARDIRQ, false, 0x102, 1);
	breaks("data-race in context_fault (with set_stall)");
}

static void it_came_to_it_later(void **state)
{
	(void)state;
	race_setup();
	plain(HARDIRQ, false, 0x100, 4);
	as(TASK);
	plain(TASK, true, 0x100, 4);
	keeps("data-race");
}

static void it_could_not_have_gone_first(void **state)
{
	(void)state;
	race_setup();
	fake.contexts[TASK].state = FL_BLOCKED;
	plain(HARDIRQ, false, 0x100, 4);
	fake.contexts[TASK].state = FL_RUNNABLE;
	plain(TASK, true, 0x100, 4);
	keeps("data-race");
}

static void reads_and_neighbours_do_not_race(void **state)
{
	(void)state;
	race_setup();
	plain(HARDIRQ, false, 0x100, 4);
	plain(TASK, false, 0x100, 4);
	plain(HARDIRQ, true, 0x200, 4);
	plain(TASK, true, 0x204, 4);
	keeps("data-race");
}

static void marked_accesses_do_not_race(void **state)
{
	(void)state;
	race_setup();
	plain(HARDIRQ, false, 0x100, 4);
	as(TASK);
	fl_emit(FL_EV_MEM_WRITE, 0x100, 4, 1, 0);
	keeps("data-race");
}

static void nothing_is_known_at_call_granularity(void **state)
{
	(void)state;
	race_setup();
	fl_memory_granularity = false;
	plain(HARDIRQ, false, 0x100, 4);
	plain(TASK, true, 0x100, 4);
	keeps("data-race");
	assert_false(premise("data-race"));
}

const struct CMUnitTest order_tests[] = {
	STORY(blocked_in_the_subject),
	STORY(blocked_by_a_callback),
	STORY(a_callback_that_wants_a_lock),
	STORY(a_master_that_waits),
	STORY(no_progress_in_the_subject),
	STORY(no_progress_between_two_interrupts),
	STORY(no_progress_of_others),
	STORY(opposite_orders),
	STORY(the_signature_does_not_depend_on_the_schedule),
	STORY(a_longer_cycle),
	STORY(one_order),
	STORY(one_after_the_other),
	STORY(a_trylock_waits_for_nothing),
	STORY(held_with_interrupts_on),
	STORY(held_with_interrupts_off),
	STORY(both_stood_before_it),
	STORY(either_order_has_one_signature),
	STORY(it_came_to_it_later),
	STORY(it_could_not_have_gone_first),
	STORY(reads_and_neighbours_do_not_race),
	STORY(marked_accesses_do_not_race),
	STORY(nothing_is_known_at_call_granularity),
	STORIES_END,
};

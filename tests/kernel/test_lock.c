/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Spinlocks and mutexes: exclusion, what they do to the CPU, deadlocks, events and views. */
#include "kernel_test.h"

static fl_lock_t lock_a, lock_b;
static int inside, overlaps, done;
static unsigned int seen_deadlock, seen_end;

static void clear(void)
{
	lock_a = lock_b = 0;
	inside = overlaps = done = 0;
}

static void critical(void)
{
	if (inside++)
		overlaps++;
	point();
	point();
	inside--;
	done++;
}

static void expect_exclusion(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(overlaps, 0);
	assert_int_equal(done, 6);
	assert_int_equal(lock_a, 0);
}

static void spin_task(void *arg)
{
	for (int i = 0; i < 2; i++) {
		fl_spin_lock(&lock_a, "a");
		critical();
		fl_spin_unlock(&lock_a, "a");
	}
}

static void start_spin(void)
{
	clear();
	spawn("x", 0, spin_task, NULL);
	spawn("y", 1, spin_task, NULL);
	spawn("z", 0, spin_task, NULL);
}

static void test_spinlock_excludes(void **state)
{
	run_plan(&(struct plan){.cpus = 2, .start = start_spin, .judge = expect_exclusion});
}

static void mutex_task(void *arg)
{
	for (int i = 0; i < 2; i++) {
		fl_mutex_lock(&lock_a, "a");
		critical();
		fl_mutex_unlock(&lock_a, "a");
	}
}

static void start_mutex(void)
{
	clear();
	spawn("x", 0, mutex_task, NULL);
	spawn("y", 0, mutex_task, NULL);
	spawn("z", fl_cpus() - 1, mutex_task, NULL);
}

static void test_mutex_excludes_and_sleeps(void **state)
{
	run_plan(&(struct plan){.cpus = 2, .start = start_mutex, .judge = expect_exclusion});
	/* On one CPU a waiter that kept it would be a deadlock. */
	run_plan(&(struct plan){.cpus = 1, .start = start_mutex, .judge = expect_exclusion});
}

/* --- a lock that an interrupt takes too --------------------------------------------------- */

static int irq_runs;

static int locking_handler(int irq, void *dev_id)
{
	fl_spin_lock(&lock_a, "a");
	critical();
	fl_spin_unlock(&lock_a, "a");
	fl_irq_input(3, 0, false);
	irq_runs++;
	return FL_IRQ_HANDLED;
}

static void request_locking(void)
{
	struct fl_irq_request request = {
		.line = 3,
		.handler = locking_handler,
		.handler_name = "locking_handler",
		.name = "dev",
		.dev_id = &lock_a,
	};

	assert_int_equal(fl_irq_request(&request), 0);
}

static void device(void *arg)
{
	point();
	fl_irq_input(3, 0, true);
}

static void irqsave_task(void *arg)
{
	unsigned long flags = fl_spin_lock_irqsave(&lock_a, "a");

	critical();
	fl_spin_unlock_irqrestore(&lock_a, "a", flags);
}

static void start_irqsave(void)
{
	clear();
	irq_runs = 0;
	spawn("task", 0, irqsave_task, NULL);
	spawn_agent("device", device, NULL);
}

static void judge_irqsave(enum fl_end end)
{
	assert_int_equal(end, FL_END_QUIET);
	assert_int_equal(overlaps, 0);
	assert_int_equal(irq_runs, 1);
}

static void test_irqsave_keeps_interrupts_out(void **state)
{
	run_plan(&(struct plan){.cpus = 1,
				.build = request_locking,
				.start = start_irqsave,
				.judge = judge_irqsave});
}

static void plain_task(void *arg)
{
	fl_spin_lock(&lock_a, "a");
	critical();
	fl_spin_unlock(&lock_a, "a");
}

static void start_plain(void)
{
	clear();
	spawn("task", 0, plain_task, NULL);
	spawn_agent("device", device, NULL);
}

static void count_deadlock(enum fl_end end)
{
	seen_end++;
	if (end != FL_END_DEADLOCK)
		return;
	seen_deadlock++;
	assert_non_null(strstr(fl_end_text(), "hardirq/0 spins for a held by task"));
}

static void test_interrupt_deadlocks_on_a_plain_spinlock(void **state)
{
	seen_deadlock = seen_end = 0;
	run_plan(&(struct plan){.cpus = 1,
				.build = request_locking,
				.start = start_plain,
				.judge = count_deadlock});
	assert_true(seen_deadlock > 0);
	assert_true(seen_deadlock < seen_end);
}

/* --- deadlocks ---------------------------------------------------------------------------- */

static void a_then_b(void *arg)
{
	fl_mutex_lock(&lock_a, "a");
	fl_mutex_lock(&lock_b, "b");
	fl_mutex_unlock(&lock_b, "b");
	fl_mutex_unlock(&lock_a, "a");
}

static void b_then_a(void *arg)
{
	fl_mutex_lock(&lock_b, "b");
	fl_mutex_lock(&lock_a, "a");
	fl_mutex_unlock(&lock_a, "a");
	fl_mutex_unlock(&lock_b, "b");
}

static void start_abba(void)
{
	clear();
	spawn("ab", 0, a_then_b, NULL);
	spawn("ba", 1, b_then_a, NULL);
}

static void judge_abba(enum fl_end end)
{
	seen_end++;
	if (end != FL_END_DEADLOCK)
		return;
	seen_deadlock++;
	assert_non_null(strstr(fl_end_text(), "waits for a held by ab"));
	assert_non_null(strstr(fl_end_text(), "waits for b held by ba"));
}

static void test_opposite_orders_deadlock(void **state)
{
	seen_deadlock = seen_end = 0;
	run_plan(&(struct plan){.cpus = 2, .start = start_abba, .judge = judge_abba});
	assert_true(seen_deadlock > 0);
	assert_true(seen_deadlock < seen_end);
}

static void twice(void *arg)
{
	fl_spin_lock(&lock_a, "a");
	fl_spin_lock(&lock_a, "a");
}

static void start_twice(void)
{
	clear();
	spawn("self", 0, twice, NULL);
}

static void judge_twice(enum fl_end end)
{
	assert_int_equal(end, FL_END_DEADLOCK);
	assert_non_null(strstr(fl_end_text(), "self spins for a held by self"));
}

static void test_lock_taken_twice_is_a_deadlock(void **state)
{
	run_plan(&(struct plan){
		.cpus = 2, .start = start_twice, .judge = judge_twice, .schedules = 2});
}

/* --- bits, trylock, events, views --------------------------------------------------------- */

static void test_bits_of_a_lock_holder(void **state)
{
	unsigned long flags;

	machine(1);
	clear();
	fl_spin_lock(&lock_a, "a");
	assert_int_equal(fl_context_bits(), FL_PREEMPT_OFF);
	fl_spin_unlock(&lock_a, "a");
	flags = fl_spin_lock_irqsave(&lock_a, "a");
	assert_int_equal(fl_context_bits(), FL_PREEMPT_OFF | FL_IRQS_OFF);
	fl_spin_unlock_irqrestore(&lock_a, "a", flags);
	assert_int_equal(fl_context_bits(), 0);
	fl_mutex_lock(&lock_a, "a");
	assert_int_equal(fl_context_bits(), 0);
	assert_true(fl_lock_mine(&lock_a));
	assert_true(fl_lock_held(&lock_a));
	fl_mutex_unlock(&lock_a, "a");
	assert_false(fl_lock_mine(&lock_a));
	assert_false(fl_lock_held(&lock_a));
}

static void test_trylock(void **state)
{
	machine(1);
	clear();
	assert_true(fl_spin_trylock(&lock_a, "a"));
	assert_int_equal(fl_context_bits(), FL_PREEMPT_OFF);
	assert_false(fl_spin_trylock(&lock_a, "a"));
	assert_int_equal(fl_context_bits(), FL_PREEMPT_OFF);
	fl_spin_unlock(&lock_a, "a");
	assert_int_equal(fl_context_bits(), 0);
	assert_true(fl_mutex_trylock(&lock_b, "b"));
	assert_false(fl_mutex_trylock(&lock_b, "b"));
	fl_mutex_unlock(&lock_b, "b");
	assert_int_equal(event_at(FL_EV_LOCK, 0)->d, 1);
	/* Only a lock that may sleep asks whether it may: a trylock does not. */
	assert_int_equal(events(FL_EV_MAY_SLEEP), 0);
}

static void test_events_name_class_and_object(void **state)
{
	const struct fl_event *event;
	fl_lock_t other = 0;
	unsigned long flags;

	machine(1);
	clear();
	fl_spin_lock(&lock_b, "b");
	flags = fl_spin_lock_irqsave(&lock_a, "a");
	fl_spin_unlock_irqrestore(&lock_a, "a", flags);
	fl_spin_unlock(&lock_b, "b");
	fl_mutex_lock(&other, "b");
	fl_mutex_unlock(&other, "b");
	event = event_at(FL_EV_LOCK, 0);
	assert_int_equal(event->a, 0);
	assert_int_equal(event->b, 1);
	assert_int_equal(event->c, 0);
	assert_string_equal(event->text, "b");
	event = event_at(FL_EV_LOCK, 1);
	assert_int_equal(event->a, 1);
	assert_int_equal(event->b, 2);
	assert_int_equal(event->c, 1);
	/* Another lock of a class that is known. */
	event = event_at(FL_EV_LOCK, 2);
	assert_int_equal(event->a, 0);
	assert_int_equal(event->b, 3);
	assert_int_equal(events(FL_EV_UNLOCK), 3);
	assert_int_equal(event_at(FL_EV_UNLOCK, 0)->b, 2);
}

static void test_view_of_held_locks(void **state)
{
	struct fl_lock_view held[4];

	machine(1);
	clear();
	fl_mutex_lock(&lock_a, "a");
	fl_spin_lock(&lock_b, "b");
	assert_int_equal(fl_view_locks(FL_NO_CONTEXT, held, 4), 2);
	assert_string_equal(held[0].class, "a");
	assert_string_equal(held[1].class, "b");
	assert_int_equal(held[1].object, 2);
	/* Released in the wrong order, which is allowed. */
	fl_mutex_unlock(&lock_a, "a");
	assert_int_equal(fl_view_locks(FL_NO_CONTEXT, held, 4), 1);
	assert_string_equal(held[0].class, "b");
	fl_spin_unlock(&lock_b, "b");
	assert_int_equal(fl_view_locks(FL_NO_CONTEXT, held, 4), 0);
}

static unsigned int held_before;

static void note_held(const struct fl_event *event)
{
	struct fl_lock_view held[FL_VIEW_LOCKS];

	held_before = fl_view_locks(event->context, held, FL_VIEW_LOCKS);
}

/* Who hears that a lock was taken sees the others; all that are kept, when it is one too deep. */
static void test_view_at_a_lock(void **state)
{
	static fl_lock_t nested[FL_VIEW_LOCKS + 1];

	machine(1);
	fl_subscribe(FL_EV_LOCK, note_held);
	for (unsigned int i = 0; i <= FL_VIEW_LOCKS; i++) {
		fl_mutex_lock(&nested[i], "nested");
		assert_int_equal(held_before, i);
	}
	for (unsigned int i = FL_VIEW_LOCKS + 1; i--;)
		fl_mutex_unlock(&nested[i], "nested");
}

static void test_more_locks_than_numbers(void **state)
{
	static fl_lock_t many[300];

	machine(1);
	for (unsigned int i = 0; i < 300; i++) {
		fl_mutex_lock(&many[i], "many");
		fl_mutex_unlock(&many[i], "many");
	}
	assert_int_equal(event_at(FL_EV_LOCK, 254)->b, 255);
	assert_int_equal(event_at(FL_EV_LOCK, 255)->b, 256);
	assert_int_equal(event_at(FL_EV_LOCK, 299)->b, 256);
	assert_int_equal(event_at(FL_EV_LOCK, 299)->a, 0);
}

static void test_unlock_of_a_lock_not_held_warns(void **state)
{
	machine(1);
	clear();
	lock_a = 5;
	fl_mutex_unlock(&lock_a, "a");
	assert_int_equal(events(FL_EV_WARNING), 1);
}

static void test_use_of_a_lock_in_freed_memory_is_told(void **state)
{
	fl_lock_t *lock;

	machine(1);
	lock = fl_alloc(sizeof(*lock), true, true, false);
	fl_mutex_lock(lock, "freed");
	fl_mutex_unlock(lock, "freed");
	assert_int_equal(events(FL_EV_USE_AFTER_FREE), 0);
	/* AddressSanitizer would stop the program first. */
#ifndef WITH_ASAN
	fl_dealloc(lock);
	*lock = 0;
	fl_mutex_lock(lock, "freed");
	assert_int_equal(events(FL_EV_USE_AFTER_FREE), 1);
#endif
}

/* --- sleeping where one must not ---------------------------------------------------------- */

static int mutex_handler(int irq, void *dev_id)
{
	fl_irq_input(3, 0, false);
	fl_mutex_lock(&lock_a, "a");
	fl_mutex_unlock(&lock_a, "a");
	return FL_IRQ_HANDLED;
}

static void request_mutex_handler(void)
{
	struct fl_irq_request request = {
		.line = 3,
		.handler = mutex_handler,
		.handler_name = "mutex_handler",
		.name = "dev",
		.dev_id = &lock_a,
	};

	assert_int_equal(fl_irq_request(&request), 0);
}

static void start_mutex_handler(void)
{
	clear();
	spawn("task", 0, mutex_task, NULL);
	spawn_agent("device", device, NULL);
}

static void judge_mutex_handler(enum fl_end end)
{
	unsigned int atomic = 0;

	for (unsigned int i = 0; i < events(FL_EV_MAY_SLEEP); i++)
		atomic += event_at(FL_EV_MAY_SLEEP, i)->a;
	/* Told whether the lock was free or not. */
	assert_int_equal(atomic, 1);
	seen_end++;
	if (end != FL_END_STOPPED) {
		assert_int_equal(end, FL_END_QUIET);
		return;
	}
	seen_deadlock++;
	assert_string_equal(fl_end_text(), "scheduling while atomic");
	assert_int_equal(events(FL_EV_BUG), 1);
}

static void test_mutex_in_hard_interrupt(void **state)
{
	seen_deadlock = seen_end = 0;
	run_plan(&(struct plan){.cpus = 1,
				.build = request_mutex_handler,
				.start = start_mutex_handler,
				.judge = judge_mutex_handler});
	assert_true(seen_deadlock > 0);
	assert_true(seen_deadlock < seen_end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spinlock_excludes),
		cmocka_unit_test(test_mutex_excludes_and_sleeps),
		cmocka_unit_test(test_irqsave_keeps_interrupts_out),
		cmocka_unit_test(test_interrupt_deadlocks_on_a_plain_spinlock),
		cmocka_unit_test(test_opposite_orders_deadlock),
		cmocka_unit_test(test_lock_taken_twice_is_a_deadlock),
		cmocka_unit_test(test_bits_of_a_lock_holder),
		cmocka_unit_test(test_trylock),
		cmocka_unit_test(test_events_name_class_and_object),
		cmocka_unit_test(test_view_of_held_locks),
		cmocka_unit_test(test_view_at_a_lock),
		cmocka_unit_test(test_more_locks_than_numbers),
		cmocka_unit_test(test_unlock_of_a_lock_not_held_warns),
		cmocka_unit_test(test_use_of_a_lock_in_freed_memory_is_told),
		cmocka_unit_test(test_mutex_in_hard_interrupt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

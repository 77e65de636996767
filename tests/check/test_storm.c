/* SPDX-License-Identifier: GPL-2.0-or-later */
/* irq-storm. */
#include "check_test.h"

#include <string.h>

static void raise_fault(void)
{
	as(AGENT);
	record(0, 1, false);
	set_output(0, LINE_0, true);
}

/* @count interrupts that change nothing; the fault's master has gone to sleep on its outcome. */
static void storm(fl_context_t context, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		as(context);
		enter_handler(LINE_0, 0, "context_fault");
		leave_handler(LINE_0, 0, FL_IRQ_NONE);
	}
}

static void unretired(void **state)
{
	(void)state;
	raise_fault();
	storm(HARDIRQ, 7);
	keeps("irq-storm");
	storm(HARDIRQ, 1);
	breaks("irq-storm in context_fault (unretired while ACTIVE)");
	assert_true(premise("irq-storm"));
}

static void starved_by_hard_irq(void **state)
{
	(void)state;
	raise_fault();
	as(WORKER);
	begin_suspend();
	fake.contexts[WORKER].state = FL_RUNNABLE;
	fake.contexts[WORKER].starved = true;
	storm(HARDIRQ, 8);
	breaks("irq-storm in context_fault (starved by hard IRQ while SUSPENDING)");
}

static void an_unfair_scheduler_makes_no_storm(void **state)
{
	(void)state;
	raise_fault();
	/* On another CPU, runnable, and never chosen. */
	fake.contexts[OTHER_TASK].state = FL_RUNNABLE;
	storm(HARDIRQ, 100);
	keeps("irq-storm");
	/* Nor does one who does get to run count as starved. */
	fake.contexts[OTHER_TASK].steps += 63;
	storm(HARDIRQ, 1);
	keeps("irq-storm");
	fake.contexts[OTHER_TASK].steps++;
	storm(HARDIRQ, 1);
	breaks("irq-storm in context_fault (unretired while ACTIVE)");
}

/* Its number belonged to a context of a storm before, which had taken many steps. */
static void a_new_context_has_not_had_its_chance(void **state)
{
	(void)state;
	raise_fault();
	fake.contexts[AGENT].steps = 1000;
	storm(HARDIRQ, 1);
	fake.absent = 1;
	fake.generation++;
	storm(HARDIRQ, 1);
	fake.absent = 0;
	fake.contexts[AGENT].steps = 0;
	fake.contexts[AGENT].state = FL_RUNNABLE;
	storm(HARDIRQ, 20);
	keeps("irq-storm");
}

static void who_took_a_step_was_not_kept_off(void **state)
{
	(void)state;
	raise_fault();
	fake.contexts[WORKER].state = FL_RUNNABLE;
	fake.contexts[WORKER].starved = true;
	storm(HARDIRQ, 4);
	as(WORKER);
	storm(HARDIRQ, 8);
	keeps("irq-storm");
}

static void starved_elsewhere_is_not_by_this_interrupt(void **state)
{
	(void)state;
	raise_fault();
	fake.contexts[OTHER_TASK].state = FL_RUNNABLE;
	fake.contexts[OTHER_TASK].starved = true;
	storm(HARDIRQ, 20);
	keeps("irq-storm");
	storm(HARDIRQ_1, 8);
	breaks("irq-storm in context_fault (starved by hard IRQ while ACTIVE)");
}

static void starved_by_thread(void **state)
{
	unsigned int count;

	(void)state;
	raise_fault();
	fake.contexts[TASK].state = FL_RUNNABLE;
	fake.contexts[TASK].starved = true;
	for (unsigned int i = 0; i < 9; i++) {
		as(HARDIRQ);
		mask(LINE_0, true, 0);
		enter_handler(LINE_0, 0, "irq_default_primary_handler");
		leave_handler(LINE_0, 0, FL_IRQ_WAKE_THREAD);
		as(THREAD);
		enter_handler(LINE_0, 0, "context_fault");
		leave_handler(LINE_0, 0, FL_IRQ_NONE);
		mask(LINE_0, false, 0);
	}
	breaks("irq-storm in context_fault (starved by IRQ thread while ACTIVE)");
	for (const struct fl_finding *finding = fl_check_findings(&count);; finding++)
		if (finding->invariant == fl_invariant_find("irq-storm")) {
			assert_non_null(strstr(finding->detail, "RT throttling"));
			break;
		}
}

static void a_fifo_task_takes_turns_with_the_thread(void **state)
{
	(void)state;
	raise_fault();
	as(THREAD);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	fake.contexts[THREAD].state = FL_RUNNABLE;
	fake.contexts[THREAD].starved = true;
	storm(HARDIRQ, 20);
	keeps("irq-storm");
}

static void progress_starts_anew(void **state)
{
	(void)state;
	raise_fault();
	for (unsigned int i = 0; i < 5; i++) {
		storm(HARDIRQ, 7);
		fake.generation++;
	}
	keeps("irq-storm");
	storm(HARDIRQ, 7);
	as(WORKER);
	begin_suspend();
	storm(HARDIRQ, 7);
	keeps("irq-storm");
}

static void a_short_sleep_is_awaited(void **state)
{
	(void)state;
	raise_fault();
	fake.contexts[OTHER_TASK].state = FL_SLEEPING;
	storm(HARDIRQ, 20);
	keeps("irq-storm");
	fake.step += 2000;
	storm(HARDIRQ, 1);
	breaks("irq-storm in context_fault (unretired while ACTIVE)");
}

static void a_delay_is_awaited(void **state)
{
	(void)state;
	raise_fault();
	fake.contexts[WORKER].state = FL_DELAYING;
	fake.step += 2000;
	storm(HARDIRQ, 20);
	keeps("irq-storm");
}

static void another_devices_storm(void **state)
{
	(void)state;
	fl_emit(FL_EV_LINE, LINE_0, 1, 0, 0);
	storm(HARDIRQ, 20);
	keeps("irq-storm");
	assert_false(premise("irq-storm"));
}

const struct CMUnitTest storm_tests[] = {
	STORY(unretired),
	STORY(starved_by_hard_irq),
	STORY(an_unfair_scheduler_makes_no_storm),
	STORY(a_new_context_has_not_had_its_chance),
	STORY(who_took_a_step_was_not_kept_off),
	STORY(starved_elsewhere_is_not_by_this_interrupt),
	STORY(starved_by_thread),
	STORY(a_fifo_task_takes_turns_with_the_thread),
	STORY(progress_starts_anew),
	STORY(a_short_sleep_is_awaited),
	STORY(a_delay_is_awaited),
	STORY(another_devices_storm),
	STORIES_END,
};

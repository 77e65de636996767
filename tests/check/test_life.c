/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lifetime, leak. */
#include "check_test.h"

static void free_irq(unsigned int line)
{
	fl_emit(FL_EV_IRQ_FREE_BEGIN, line, 0, 0, line - 1);
	fl_emit(FL_EV_IRQ_FREED, line, 0, 0, line - 1);
}

static void a_handler_after_free_irq(void **state)
{
	(void)state;
	free_irq(LINE_0);
	keeps("lifetime");
	assert_true(premise("lifetime"));
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	breaks("lifetime in context_fault (after free_irq)");
}

static void a_handler_during_free_irq(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	as(TASK);
	free_irq(LINE_0);
	breaks("lifetime in context_fault (after free_irq)");
}

static void the_last_call_of_debug_shirq(void **state)
{
	(void)state;
	as(TASK);
	fl_emit(FL_EV_IRQ_FREE_BEGIN, LINE_0, 0, 0, 0);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	fl_emit(FL_EV_IRQ_FREED, LINE_0, 0, 0, 0);
	fl_emit(FL_EV_DOMAIN_LIVE, 0, 0, 0, 0);
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	keeps("lifetime");
}

static void a_handler_of_a_freed_domain(void **state)
{
	(void)state;
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	breaks("lifetime in context_fault (freed domain)");
}

static void a_domain_freed_under_its_handler(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	as(TASK);
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	breaks("lifetime in context_fault (freed domain)");
}

static void another_domain_in_the_same_bank(void **state)
{
	(void)state;
	free_irq(LINE_0);
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	fl_emit(FL_EV_DOMAIN_LIVE, 1, 0, 1, 0);
	fl_emit_text(FL_EV_IRQ_REQUESTED, LINE_0, 0, 0, 0, "request");
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	leave_handler(LINE_0, 0, FL_IRQ_NONE);
	keeps("lifetime");
}

static void freed_memory_in_a_handler(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_0, 0, "context_fault");
	fl_emit(FL_EV_USE_AFTER_FREE, 5, 0, 0, 0);
	breaks("lifetime in context_fault (freed memory)");
}

static void freed_memory_elsewhere(void **state)
{
	(void)state;
	as(TASK);
	enter("unmap");
	fl_emit(FL_EV_USE_AFTER_FREE, 5, 0, 0, 0);
	keeps("lifetime");
}

static void a_half_initialised_domain(void **state)
{
	(void)state;
	as(HARDIRQ);
	enter_handler(LINE_1, 1, "context_fault");
	fl_emit_text(FL_EV_BUG, 0, 0, 0, 0, "NULL pointer");
	breaks("lifetime in context_fault (half-initialised domain)");
}

static void allocate(uint64_t object, const char *function)
{
	enter(function);
	fl_emit(FL_EV_ALLOC, object, 64, 0, 0);
	leave();
}

static void a_table_outlives_its_domain(void **state)
{
	(void)state;
	as(TASK);
	allocate(10, "map_pages");
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	finish(FL_END_QUIET);
	breaks("leak in map_pages");
	assert_true(premise("leak"));
}

static void everything_is_freed(void **state)
{
	(void)state;
	as(TASK);
	allocate(10, "map_pages");
	allocate(11, "map_pages");
	fl_emit(FL_EV_FREE, 10, 64, 0, 0);
	fl_emit(FL_EV_FREE, 11, 64, 0, 0);
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	finish(FL_END_QUIET);
	keeps("leak");
	assert_true(premise("leak"));
}

static void a_domain_still_lives(void **state)
{
	(void)state;
	as(TASK);
	allocate(10, "map_pages");
	finish(FL_END_QUIET);
	keeps("leak");
	assert_false(premise("leak"));
}

static void a_domain_that_was_never_attached(void **state)
{
	(void)state;
	as(TASK);
	allocate(10, "arm_smmu_domain_alloc");
	fl_emit(FL_EV_DOMAIN_FREED, 0, 0, 0, 0);
	finish(FL_END_QUIET);
	keeps("leak");
}

const struct CMUnitTest life_tests[] = {
	STORY(a_handler_after_free_irq),
	STORY(a_handler_during_free_irq),
	STORY(the_last_call_of_debug_shirq),
	STORY(a_handler_of_a_freed_domain),
	STORY(a_domain_freed_under_its_handler),
	STORY(another_domain_in_the_same_bank),
	STORY(freed_memory_in_a_handler),
	STORY(freed_memory_elsewhere),
	STORY(a_half_initialised_domain),
	STORY(a_table_outlives_its_domain),
	STORY(everything_is_freed),
	STORY(a_domain_still_lives),
	STORY(a_domain_that_was_never_attached),
	STORIES_END,
};

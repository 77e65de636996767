/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the running context is: hard interrupt, interrupts off, preemption off; may it sleep? */
#include "internal.h"

static struct context_state {
	uint16_t preempt_depth[SLOTS];
} *state;

void fl_context_init(void)
{
	state = fl_arena_alloc(sizeof(*state), 8);
}

unsigned int fl_context_bits(void)
{
	fl_context_t self = fl_current();
	unsigned int bits = fl_cpu_irqs_on() ? 0 : FL_IRQS_OFF;

	if (self != FL_NO_CONTEXT) {
		enum fl_context_kind kind = fl_context_kind(self);

		if (kind == FL_CONTEXT_HARDIRQ || kind == FL_CONTEXT_TIMER)
			bits |= FL_IN_HARDIRQ;
	}
	if (state->preempt_depth[own_slot()])
		bits |= FL_PREEMPT_OFF;
	return bits;
}

int fl_context_id(void)
{
	return fl_current();
}

unsigned int fl_cpu_id(void)
{
	return fl_this_cpu();
}

void fl_might_sleep(const char *what)
{
	/* Told in either case: the checker's premise is that such calls were seen at all. */
	fl_emit_text(FL_EV_MAY_SLEEP, fl_context_bits() != 0, 0, 0, 0, what);
}

void fl_require_sleepable(void)
{
	/*
	 * Linux prints this and goes on for a task; in an interrupt nobody is there to go on with.
	 * The model ends in both cases: what follows says nothing more about the subject.
	 */
	if (unlikely(fl_context_bits()))
		fl_bug("scheduling while atomic");
}

unsigned long fl_local_irq_save(void)
{
	return fl_cpu_irq_save();
}

void fl_local_irq_restore(unsigned long flags)
{
	fl_cpu_irq_restore(flags != 0);
}

void fl_preempt_off(void)
{
	state->preempt_depth[own_slot()]++;
	fl_preempt_disable();
}

void fl_preempt_on(void)
{
	uint16_t *depth = &state->preempt_depth[own_slot()];

	if (!*depth) {
		fl_warn("preemption enabled more often than disabled");
		return;
	}
	--*depth;
	fl_preempt_enable();
}

void fl_subject_enter(const char *function)
{
	fl_enter(function);
	fl_machine_leave();
}

void fl_subject_leave(void)
{
	fl_machine_enter();
	fl_leave();
}

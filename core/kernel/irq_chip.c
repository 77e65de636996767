/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interrupt controller, in the manner of a GIC's shared peripheral interrupts: inputs, masks,
 * active state, routing. A line signals its CPU while it is high (level) or latched (edge), neither
 * masked nor active. A level that is still high at the end of the interrupt is pending again at
 * once; an edge that comes while the line is masked is lost (domain.md 4.1).
 */
#include "irq.h"

/* How many steps a CPU's task may take before an interrupt that has just been asserted is taken. */
#define DELAYS 8

struct irq_state *fl_irq_state;

void fl_irq_init(void)
{
	fl_irq_state = fl_arena_alloc(sizeof(*fl_irq_state), 8);
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = &fl_irq_state->lines[i];

		line->masked = true;
		line->disabled = true;
		line->depth = 1;
		line->first = NO_ACTION;
		line->handler_context = FL_NO_CONTEXT;
	}
	for (unsigned int i = 0; i < MAX_THREADS; i++)
		fl_irq_state->threads[i].context = FL_NO_CONTEXT;
}

struct irq_line *fl_irq_line(unsigned int line)
{
	if (line >= FL_MAX_LINES)
		fl_bug("interrupt line that does not exist");
	return &fl_irq_state->lines[line];
}

bool fl_irq_edge(void)
{
	return fl_knobs.trigger == FL_TRIGGER_EDGE;
}

void fl_irq_choose_cpus(void)
{
	/*
	 * Drawn when the line signals for the first time: a draw for a line that stays silent would
	 * only multiply the cases of an exhaustive search.
	 */
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = &fl_irq_state->lines[i];

		line->cpu_open = !line->signalled && !line->active;
	}
}

unsigned int fl_irq_line_cpu(struct irq_line *line)
{
	if (line->cpu_open) {
		line->cpu_open = false;
		line->cpu = (uint8_t)fl_choose(FL_CHOOSE_CPU, fl_cpus());
	}
	return line->cpu;
}

static bool signals(const struct irq_line *line)
{
	if (line->masked || line->active)
		return false;
	return fl_irq_edge() ? line->latched : line->level;
}

/* Bring the CPU's interrupt input up to date. @asserted: the line's input has just become high. */
static void update(struct irq_line *line, bool asserted)
{
	bool now = signals(line);
	unsigned int delay = 0;
	unsigned int cpu;

	if (now == line->signalled)
		return;
	cpu = fl_irq_line_cpu(line);
	line->signalled = now;
	if (!now) {
		if (!--fl_irq_state->pending_lines[cpu])
			fl_cpu_set_pending(cpu, false, 0);
		return;
	}
	if (fl_irq_state->pending_lines[cpu]++)
		return;
	if (asserted)
		delay = fl_choose(FL_CHOOSE_IRQ_DELAY, DELAYS);
	fl_cpu_set_pending(cpu, true, delay);
}

static uint64_t source_bit(unsigned int source)
{
	if (source == FL_SOURCE_OTHER)
		return 1ull << 63;
	if (source == FL_BANK_GLOBAL)
		return 1ull << 62;
	if (source >= 62)
		fl_bug("interrupt source that does not exist");
	return 1ull << source;
}

void fl_irq_input(unsigned int number, unsigned int source, bool level)
{
	struct irq_line *line = fl_irq_line(number);
	bool was_high = line->level;

	if (level)
		line->inputs |= source_bit(source);
	else
		line->inputs &= ~source_bit(source);
	line->level = line->inputs != 0;
	if (line->level == was_high)
		return;
	fl_emit(FL_EV_LINE, number, line->level, 0, 0);
	if (line->level && fl_irq_edge() && !line->masked)
		line->latched = true;
	update(line, line->level);
}

/* Tell that the mask or the depth changed. */
void fl_irq_line_changed(const struct irq_line *line)
{
	fl_emit(FL_EV_LINE_MASK, line_number(line), line->masked, line->depth, 0);
}

void fl_irq_mask(struct irq_line *line)
{
	if (line->masked)
		return;
	line->masked = true;
	fl_irq_line_changed(line);
	update(line, false);
}

void fl_irq_unmask(struct irq_line *line)
{
	if (!line->masked)
		return;
	line->masked = false;
	fl_irq_line_changed(line);
	update(line, false);
}

void fl_irq_eoi(struct irq_line *line)
{
	line->active = false;
	update(line, false);
	/* synchronize_irq() looks at the active state too. */
	fl_wake_all((uintptr_t)&line->in_progress);
}

void fl_irq_retrigger(struct irq_line *line)
{
	line->latched = true;
	update(line, false);
}

/* The @skip-th line that signals @cpu. */
static struct irq_line *signalling(unsigned int cpu, unsigned int skip)
{
	for (unsigned int i = 0; i < FL_MAX_LINES; i++) {
		struct irq_line *line = &fl_irq_state->lines[i];

		if (line->signalled && line->cpu == cpu && !skip--)
			return line;
	}
	return NULL;
}

void fl_kernel_hardirq(unsigned int cpu)
{
	unsigned int count = fl_irq_state->pending_lines[cpu];
	struct irq_line *line;

	/* It may have been withdrawn between the exception and the read of the acknowledge
	 * register. */
	if (!count)
		return;
	line = signalling(cpu, count > 1 ? fl_choose(FL_CHOOSE_IRQ_ORDER, count) : 0);
	line->active = true;
	line->latched = false;
	update(line, false);
	fl_irq_flow(line, cpu);
}

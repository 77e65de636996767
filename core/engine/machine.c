/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUs: who is eligible on each, interrupts, preemption.
 *
 * fl_machine_refresh() is the only place that knows the rules of a CPU; everything else marks the
 * CPU dirty when something changed that the rules look at.
 */
#include "free.h"
#include "internal.h"

#include <string.h>

static void hardirq_entry(void *arg)
{
	fl_world.hardirq((unsigned int)(uintptr_t)arg);
}

void fl_machine_init(unsigned int cpus, bool preemptible, void (*hardirq)(unsigned int cpu))
{
	static const char *const names[FL_MAX_CPUS] = {
		"hardirq/0", "hardirq/1", "hardirq/2", "hardirq/3",
		"hardirq/4", "hardirq/5", "hardirq/6", "hardirq/7",
	};

	if (fl_in_run())
		fl_die("a machine cannot be started inside a run");
	if (cpus < 1 || cpus > FL_MAX_CPUS)
		fl_die("a machine has 1 to %d CPUs, not %u", FL_MAX_CPUS, cpus);
	memset(&fl_world, 0, sizeof(fl_world));
	fl_world.cpu_count = cpus;
	fl_world.preemptible = preemptible;
	fl_world.hardirq = hardirq;
	fl_world.next_deadline = FL_NEVER;
	fl_engine.cut_short = false;
	fl_engine.outside.irqs_on = true;
	fl_engine.outside.preempt_count = 0;
	for (unsigned int slot = 0; slot <= FL_MAX_CPUS; slot++)
		fl_world.cpus[slot].current = FL_NO_CONTEXT;
	for (unsigned int cpu = 0; cpu < cpus; cpu++)
		fl_context_create(names[cpu], FL_CONTEXT_HARDIRQ, cpu, hardirq_entry,
				  (void *)(uintptr_t)cpu);
}

unsigned int fl_cpus(void)
{
	return fl_world.cpu_count;
}

void fl_machine_set_preemptible(bool preemptible)
{
	fl_world.preemptible = preemptible;
	fl_world.dirty |= (1u << fl_world.cpu_count) - 1;
}

unsigned int fl_this_cpu(void)
{
	unsigned int slot = fl_engine.self->slot;

	return slot == FL_AGENT_SLOT ? 0 : slot - 1;
}

/* Those of the highest class. */
static uint64_t runnable_tasks(const struct fl_cpu *cpu)
{
	uint64_t fifo = cpu->fifo & fl_world.runnable;

	return fifo ? fifo : cpu->normal & fl_world.runnable;
}

static uint64_t eligible_tasks(const struct fl_cpu *cpu)
{
	if (cpu->current != FL_NO_CONTEXT) {
		const struct fl_context *task = &fl_world.contexts[cpu->current];

		if (task->state == FL_SPINNING || task->state == FL_DELAYING)
			return 0;
		if (task->state == FL_RUNNABLE && fl_holds_cpu(task))
			return BIT64(cpu->current);
	}
	return runnable_tasks(cpu);
}

static bool irqs_on(const struct fl_cpu *cpu)
{
	return cpu->current == FL_NO_CONTEXT || fl_world.contexts[cpu->current].irqs_on;
}

static uint64_t start_hard(struct fl_context *context)
{
	fl_context_start(context);
	return BIT64(fl_context_number(context));
}

static uint64_t start_due_alarm(struct fl_cpu *cpu)
{
	struct fl_alarm *alarm = &fl_world.alarms[__builtin_ctz(cpu->due_alarms)];

	cpu->due_alarms &= cpu->due_alarms - 1;
	alarm->armed = false;
	return start_hard(&fl_world.contexts[alarm->context]);
}

static uint64_t eligible_on(unsigned int slot)
{
	struct fl_cpu *cpu = &fl_world.cpus[slot];
	uint64_t hard = cpu->hard & fl_world.active;
	uint64_t tasks;

	if (slot == FL_AGENT_SLOT)
		return cpu->normal & fl_world.runnable;
	/* Interrupts do not nest: whoever is in one has the CPU until it ends. */
	if (hard)
		return hard & fl_world.runnable;
	tasks = eligible_tasks(cpu);
	if (likely(!cpu->irq_pending && !cpu->due_alarms))
		return tasks;
	if (!irqs_on(cpu))
		return tasks;
	/* The contexts that hold hard interrupts have the numbers of their CPUs. */
	if (cpu->irq_pending && fl_world.hardirq && (!cpu->irq_delay || !tasks))
		return start_hard(&fl_world.contexts[slot - 1]);
	if (cpu->due_alarms)
		return start_due_alarm(cpu);
	return tasks;
}

void fl_machine_refresh(void)
{
	uint32_t dirty = fl_world.dirty;
	uint64_t out = 0, in = 0;

	/* Nobody is eligible on two CPUs, so the union needs no look at those that are not dirty. */
	for (; dirty; dirty &= dirty - 1) {
		unsigned int slot = (unsigned int)__builtin_ctz(dirty);
		struct fl_cpu *cpu = &fl_world.cpus[slot];

		out |= cpu->eligible;
		cpu->eligible = eligible_on(slot);
		in |= cpu->eligible;
	}
	fl_world.dirty = 0;
	fl_world.eligible = (fl_world.eligible & ~out) | in;
}

void fl_cpu_release(struct fl_context *context)
{
	struct fl_cpu *cpu = &fl_world.cpus[context->slot];

	fl_context_t number = fl_context_number(context);

	if (cpu->current == number)
		cpu->current = FL_NO_CONTEXT;
	/*
	 * The common case needs no refresh: a task of the lowest class, one of several that were
	 * eligible, is so no more, and nothing else waited for its CPU.
	 */
	if (context->class == FL_CLASS_NORMAL && !fl_holds_cpu(context) && !cpu->irq_pending &&
	    !cpu->due_alarms && !(fl_world.dirty & 1u << context->slot)) {
		cpu->eligible &= ~BIT64(number);
		fl_world.eligible &= ~BIT64(number);
		return;
	}
	fl_cpu_dirty(context->slot);
}

/* What a refresh would find on @cpu, without one. */
static inline void set_eligible(struct fl_cpu *cpu, uint64_t tasks)
{
	fl_world.eligible = (fl_world.eligible & ~cpu->eligible) | tasks;
	cpu->eligible = tasks;
}

/* The running context's task keeps its CPU from now on. */
static void keep_cpu(const struct fl_context *self)
{
	struct fl_cpu *cpu = &fl_world.cpus[self->slot];
	fl_context_t number = fl_context_number(self);

	if (unlikely(fl_world.dirty & 1u << self->slot))
		return;
	if (unlikely(fl_free_running || cpu->current != number)) {
		fl_cpu_dirty(self->slot);
		return;
	}
	set_eligible(cpu, BIT64(number));
}

/* It has a reason less to keep it. */
static void let_cpu_go(const struct fl_context *self)
{
	struct fl_cpu *cpu = &fl_world.cpus[self->slot];

	if (unlikely(fl_world.dirty & 1u << self->slot))
		return;
	if (unlikely(fl_free_running || cpu->current != fl_context_number(self) ||
		     cpu->irq_pending || cpu->due_alarms)) {
		fl_cpu_dirty(self->slot);
		return;
	}
	if (!fl_holds_cpu(self))
		set_eligible(cpu, runnable_tasks(cpu));
}

bool fl_cpu_irq_save(void)
{
	struct fl_context *self = fl_engine.self;
	bool were_on = self->irqs_on;

	if (unlikely(fl_free_running) && were_on)
		fl_free_irqs_go_off();
	self->irqs_on = false;
	if (were_on)
		keep_cpu(self);
	return were_on;
}

void fl_cpu_irq_restore(bool were_on)
{
	struct fl_context *self = fl_engine.self;

	if (self->irqs_on != were_on) {
		self->irqs_on = were_on;
		let_cpu_go(self);
	}
	fl_order_release(&fl_world.cpus[self->slot]);
}

bool fl_cpu_irqs_on(void)
{
	return fl_engine.self->irqs_on;
}

void fl_preempt_disable(void)
{
	struct fl_context *self = fl_engine.self;

	if (!self->preempt_count++)
		keep_cpu(self);
}

void fl_preempt_enable(void)
{
	struct fl_context *self = fl_engine.self;

	if (!self->preempt_count)
		fl_die("fl_preempt_enable() without fl_preempt_disable()");
	if (!--self->preempt_count)
		let_cpu_go(self);
}

bool fl_preemptible(void)
{
	return !fl_engine.self->preempt_count && fl_engine.self->irqs_on;
}

void fl_cpu_set_pending(unsigned int cpu, bool pending, unsigned int delay)
{
	struct fl_cpu *c;

	if (cpu >= fl_world.cpu_count)
		fl_die("an interrupt for CPU %u, which does not exist; there are %u", cpu,
		       fl_world.cpu_count);
	c = &fl_world.cpus[FL_CPU_SLOT(cpu)];
	if (pending == c->irq_pending)
		return;
	c->irq_pending = pending;
	c->irq_delay = pending ? delay : 0;
	fl_cpu_dirty(FL_CPU_SLOT(cpu));
}

bool fl_context_starved(fl_context_t context, bool by_fifo)
{
	const struct fl_context *c = fl_context_get(context);
	const struct fl_cpu *cpu = &fl_world.cpus[c->slot];
	bool hard = cpu->hard & fl_world.active;

	/* On threads an interrupt keeps nobody off. */
	if (fl_free_running)
		return false;
	if (c->state != FL_RUNNABLE || !fl_is_task(c))
		return false;
	if (!by_fifo)
		return hard;
	if (hard || c->class != FL_CLASS_NORMAL || cpu->current == context)
		return false;
	if (cpu->current != FL_NO_CONTEXT) {
		const struct fl_context *task = &fl_world.contexts[cpu->current];
		bool waits = task->state == FL_SPINNING || task->state == FL_DELAYING;

		if (waits || (task->state == FL_RUNNABLE && fl_holds_cpu(task)))
			return task->class == FL_CLASS_FIFO;
	}
	return cpu->fifo & fl_world.runnable;
}

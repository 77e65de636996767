/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Context descriptors: made, started, looked at.
 */
#include "free.h"
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Contexts that there have been at a time, in any world. */
static int most;

struct fl_world fl_world;
struct fl_wait fl_waits[FL_MAX_CONTEXTS];
struct fl_engine fl_engine = {
	.current = FL_NO_CONTEXT,
	.self = &fl_engine.outside,
	.outside = {.slot = FL_AGENT_SLOT, .class = FL_CLASS_AGENT, .irqs_on = true},
	.fair_since = FL_NEVER,
};

_Noreturn void fl_die(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("faultline: engine: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	fflush(stderr);
	/*
	 * Not exit(): this may be a fiber's stack, and the world's destructors are nobody's
	 * business.
	 */
	_exit(3);
}

static enum fl_class class_of(enum fl_context_kind kind)
{
	switch (kind) {
	case FL_CONTEXT_HARDIRQ:
	case FL_CONTEXT_TIMER:
		return FL_CLASS_HARD;
	case FL_CONTEXT_IRQ_THREAD:
		return FL_CLASS_FIFO;
	case FL_CONTEXT_AGENT:
		return FL_CLASS_AGENT;
	case FL_CONTEXT_TASK:
	case FL_CONTEXT_WORK:
		break;
	}
	return FL_CLASS_NORMAL;
}

static uint64_t *class_mask(struct fl_cpu *cpu, enum fl_class class)
{
	if (class == FL_CLASS_HARD)
		return &cpu->hard;
	if (class == FL_CLASS_FIFO)
		return &cpu->fifo;
	return &cpu->normal;
}

void fl_context_place(struct fl_context *context)
{
	*class_mask(&fl_world.cpus[context->slot], context->class) |=
		BIT64(fl_context_number(context));
}

void fl_context_displace(struct fl_context *context)
{
	*class_mask(&fl_world.cpus[context->slot], context->class) &=
		~BIT64(fl_context_number(context));
}

fl_context_t fl_context_create(const char *name, enum fl_context_kind kind, unsigned int cpu,
			       fl_entry_t entry, void *arg)
{
	struct fl_context *context;
	int number = fl_world.context_count;

	if (!fl_world.cpu_count)
		fl_die("context %s: fl_machine_init() must come first", name);
	if (number == FL_MAX_CONTEXTS)
		fl_die("context %s: there are %d already, no more fit", name, FL_MAX_CONTEXTS);
	if (kind != FL_CONTEXT_AGENT && cpu >= fl_world.cpu_count)
		fl_die("context %s: CPU %u does not exist; there are %u", name, cpu,
		       fl_world.cpu_count);
	fl_world.context_count++;
	if (most < fl_world.context_count)
		most = fl_world.context_count;
	context = &fl_world.contexts[number];
	*context = (struct fl_context){
		.kind = (uint8_t)kind,
		.class = (uint8_t)class_of(kind),
		.slot = (uint8_t)(kind == FL_CONTEXT_AGENT ? FL_AGENT_SLOT : FL_CPU_SLOT(cpu)),
		.state = FL_DORMANT,
		.entry = entry,
		.arg = arg,
	};
	fl_waits[number] = (struct fl_wait){.name = name, .deadline = FL_NEVER};
	fl_context_place(context);
	fl_stack_ensure(&fl_engine.fibers[number], number);
	return number;
}

void fl_context_start(struct fl_context *context)
{
	fl_context_t number = fl_context_number(context);
	struct fl_fiber *fiber = &fl_engine.fibers[number];
	bool hard = context->class == FL_CLASS_HARD;

	if (unlikely(context->state != FL_DORMANT))
		fl_die("context %s cannot be activated: its last activation has not ended",
		       fl_context_name(number));
	context->state = FL_RUNNABLE;
	context->fresh = true;
	context->irqs_on = !hard;
	context->preempt_count = hard;
	context->timed_out = false;
	context->pending = (struct fl_pending){0};
	fl_world.active |= BIT64(number);
	fl_world.runnable |= BIT64(number);
	fl_cpu_dirty(context->slot);
	if (unlikely(fl_free_running)) {
		fl_free_start(number);
		return;
	}
	if (unlikely(!fiber->parked))
		fl_fiber_make(fiber, fl_fiber_main);
	fiber->parked = false;
	if (unlikely(fl_engine.stack_hook))
		fl_engine.stack_hook(number, fiber->base);
#if defined(FL_TSAN)
	/* What the activator did happened before what the context will do. */
	__tsan_release(&fiber->edge);
#endif
}

void fl_context_activate(fl_context_t context)
{
	fl_context_start(fl_context_get(context));
}

void fl_context_set_entry(fl_context_t context, fl_entry_t entry, void *arg)
{
	struct fl_context *c = fl_context_get(context);

	if (c->state != FL_DORMANT)
		fl_die("context %s is active: its entry cannot change", fl_context_name(context));
	c->entry = entry;
	c->arg = arg;
}

void fl_context_set_cpu(fl_context_t context, unsigned int cpu)
{
	struct fl_context *c = fl_context_get(context);

	if (c->state != FL_DORMANT)
		fl_die("context %s is active: its CPU cannot change", fl_context_name(context));
	if (c->class == FL_CLASS_AGENT)
		return;
	if (cpu >= fl_world.cpu_count)
		fl_die("context %s: CPU %u does not exist; there are %u", fl_context_name(context),
		       cpu, fl_world.cpu_count);
	if (c->kind == FL_CONTEXT_TIMER && fl_world.alarms[c->alarm].armed)
		fl_die("alarm %s is armed: its CPU cannot change", fl_context_name(context));
	fl_context_displace(c);
	c->slot = (uint8_t)FL_CPU_SLOT(cpu);
	fl_context_place(c);
	if (c->kind == FL_CONTEXT_TIMER)
		fl_world.alarms[c->alarm].slot = c->slot;
}

fl_context_t fl_current(void)
{
	return fl_engine.current;
}

const char *fl_context_name(fl_context_t context)
{
	return fl_wait_of(fl_context_get(context))->name;
}

enum fl_context_kind fl_context_kind(fl_context_t context)
{
	return fl_context_get(context)->kind;
}

enum fl_context_state fl_context_state(fl_context_t context)
{
	return fl_context_get(context)->state;
}

int fl_context_cpu(fl_context_t context)
{
	struct fl_context *c = fl_context_get(context);

	return (int)c->slot - 1;
}

uint64_t fl_context_steps(fl_context_t context)
{
	return fl_context_get(context)->steps;
}

int fl_context_count(void)
{
	return fl_world.context_count;
}

int fl_context_most(void)
{
	return most;
}

const struct fl_pending *fl_context_pending(fl_context_t context)
{
	return &fl_context_get(context)->pending;
}

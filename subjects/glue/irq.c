// SPDX-License-Identifier: GPL-2.0-or-later
/* Modelled: interrupt requests go to the floor's IRQ core, with the names of the functions. */
#include "glue.h"

#include <linux/interrupt.h>

/* Flags of the tree, whose values differ by version, to the floor's. */
static const struct {
	unsigned long tree;
	unsigned int floor;
} flag_map[] = {
	{ IRQF_SHARED, FL_IRQF_SHARED },
	{ IRQF_ONESHOT, FL_IRQF_ONESHOT },
	{ IRQF_NO_SUSPEND, FL_IRQF_NO_SUSPEND },
	{ IRQF_NO_THREAD, FL_IRQF_NO_THREAD },
	{ IRQF_NO_AUTOEN, FL_IRQF_NO_AUTOEN },
	{ IRQF_COND_ONESHOT, FL_IRQF_COND_ONESHOT },
};

static unsigned int floor_flags(unsigned long flags)
{
	unsigned int result = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(flag_map); i++)
		if (flags & flag_map[i].tree)
			result |= flag_map[i].floor;
	return result;
}

/* The floor's handlers return an int, which is what an enum is on the way out of a function. */
static int (*plain(irq_handler_t handler))(int, void *)
{
	return (int (*)(int, void *))(void *)handler;
}

int glue_irq_request(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
		     unsigned long flags, const char *name, void *dev_id)
{
	GLUE_INSIDE();
	struct fl_irq_request request = {
		.line = irq - GLUE_FIRST_IRQ,
		.handler = plain(handler),
		.thread_fn = plain(thread_fn),
		.handler_name = handler ? glue_symbol(handler) : NULL,
		.thread_name = thread_fn ? glue_symbol(thread_fn) : NULL,
		.flags = floor_flags(flags) | GLUE_IRQ_FLAGS,
		.name = name,
		.dev_id = dev_id,
		.irq = (int)irq,
		.source = glue_source_of(dev_id),
	};

	glue_domain_irq(dev_id, true);
	return fl_irq_request(&request);
}

void glue_irq_free(unsigned int irq, void *dev_id)
{
	GLUE_INSIDE();

	glue_domain_irq(dev_id, false);
	fl_irq_free(irq - GLUE_FIRST_IRQ, dev_id);
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long flags, const char *name, void *dev_id)
{
	return glue_irq_request(irq, handler, thread_fn, flags, name, dev_id);
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	glue_irq_free(irq, dev_id);
	return NULL;
}

void disable_irq(unsigned int irq)
{
	GLUE_INSIDE();

	fl_irq_disable(irq - GLUE_FIRST_IRQ);
}

void disable_irq_nosync(unsigned int irq)
{
	GLUE_INSIDE();

	fl_irq_disable_nosync(irq - GLUE_FIRST_IRQ);
}

void enable_irq(unsigned int irq)
{
	GLUE_INSIDE();

	fl_irq_enable(irq - GLUE_FIRST_IRQ);
}

void synchronize_irq(unsigned int irq)
{
	GLUE_INSIDE();

	fl_irq_synchronize(irq - GLUE_FIRST_IRQ);
}

bool synchronize_hardirq(unsigned int irq)
{
	GLUE_INSIDE();

	return fl_irq_synchronize_hardirq(irq - GLUE_FIRST_IRQ);
}

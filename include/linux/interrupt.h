/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The small kernel API: interrupts. request_irq() and its kin keep the handlers' names, for
 * reports. Interrupt number 32 + n is line n of the machine (the first SPI of a GIC is 32).
 */
#ifndef FAULTLINE_LINUX_INTERRUPT_H
#define FAULTLINE_LINUX_INTERRUPT_H

#include <faultline/event.h>
#include <faultline/host.h>

typedef int irqreturn_t;
#define IRQ_NONE	  FL_IRQ_NONE
#define IRQ_HANDLED	  FL_IRQ_HANDLED
#define IRQ_WAKE_THREAD	  FL_IRQ_WAKE_THREAD

#define IRQF_SHARED	  FL_IRQF_SHARED
#define IRQF_ONESHOT	  FL_IRQF_ONESHOT
#define IRQF_NO_SUSPEND	  FL_IRQF_NO_SUSPEND
#define IRQF_NO_THREAD	  FL_IRQF_NO_THREAD
#define IRQF_NO_AUTOEN	  FL_IRQF_NO_AUTOEN
#define IRQF_COND_ONESHOT FL_IRQF_COND_ONESHOT

/*
 * Which interrupt output of the SMMU an action serves: a context bank. Or it into the flags;
 * without it an action serves the global fault. Checkers need it, because lines may be shared. Not
 * in Linux.
 */
#define IRQF_BANK(bank)	  (((bank) + 1u) << 24)
#define FL_LINUX_IRQ_BASE 32

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

static inline int fl_linux_irq_of(unsigned int line)
{
	return (int)line + FL_LINUX_IRQ_BASE;
}

static inline unsigned int fl_linux_line_of(int irq)
{
	return (unsigned int)(irq - FL_LINUX_IRQ_BASE);
}

static inline int fl_linux_request_irq(int irq, irq_handler_t handler, const char *handler_name,
				       irq_handler_t thread_fn, const char *thread_name,
				       unsigned long flags, const char *name, void *dev_id)
{
	const struct fl_irq_request request = {
		.line = fl_linux_line_of(irq),
		.handler = handler,
		.thread_fn = thread_fn,
		.handler_name = handler ? handler_name : "irq_default_primary_handler",
		.thread_name = thread_name,
		.flags = flags & 0xffffffu,
		.name = name,
		.dev_id = dev_id,
		.irq = irq,
		.source = flags >> 24 ? (unsigned int)(flags >> 24) - 1 : FL_BANK_GLOBAL,
	};

	return fl_irq_request(&request);
}

/* A plain request joins a ONESHOT line, as request_irq() of 6.12 does. */
#define request_irq(irq, handler, flags, name, dev_id)                                             \
	fl_linux_request_irq(irq, handler, #handler, NULL, NULL, (flags) | IRQF_COND_ONESHOT,      \
			     name, dev_id)
#define request_threaded_irq(irq, handler, thread_fn, flags, name, dev_id)                         \
	fl_linux_request_irq(irq, handler, #handler, thread_fn, #thread_fn, flags, name, dev_id)

static inline void free_irq(int irq, void *dev_id)
{
	fl_irq_free(fl_linux_line_of(irq), dev_id);
}

static inline void disable_irq(int irq)
{
	fl_irq_disable(fl_linux_line_of(irq));
}

static inline void disable_irq_nosync(int irq)
{
	fl_irq_disable_nosync(fl_linux_line_of(irq));
}

static inline void enable_irq(int irq)
{
	fl_irq_enable(fl_linux_line_of(irq));
}

static inline void synchronize_irq(int irq)
{
	fl_irq_synchronize(fl_linux_line_of(irq));
}

static inline bool synchronize_hardirq(int irq)
{
	return fl_irq_synchronize_hardirq(fl_linux_line_of(irq));
}

static inline bool in_hardirq(void)
{
	return fl_context_bits() & FL_IN_HARDIRQ;
}

#endif

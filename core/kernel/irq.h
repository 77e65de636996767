/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IRQ core (domain.md, section 4): what its files share.
 *
 *   irq_chip.c      the controller: levels, masks, who signals which CPU
 *   irq_flow.c      what a CPU does with an interrupt: level and edge flow, actions
 *   irq_thread.c    handler threads, ONESHOT
 *   irq_request.c   request and free, joining a shared line, forced threading
 *   irq_manage.c    enable, disable, synchronise, suspend
 *   irq_spurious.c  the detector of interrupts that nobody cares for
 *
 * The names are those of Linux: depth, istate's bits, threads_oneshot ... Where Linux takes
 * desc->lock, a scheduling point on the line stands.
 */
#ifndef FAULTLINE_KERNEL_IRQ_H
#define FAULTLINE_KERNEL_IRQ_H

#include "internal.h"
#include "view.h"

#define MAX_ACTIONS 28 /* of all lines, secondary ones included */
#define MAX_THREADS 20
#define NO_ACTION   (-1)

struct irq_action {
	struct fl_irq_request request;
	/* As installed: forced threading moves them. handler NULL: the default primary handler. */
	int (*handler)(int irq, void *dev_id);
	int (*thread_fn)(int irq, void *dev_id);
	const char *handler_name, *thread_name;
	uint32_t flags;
	uint32_t thread_mask; /* its bit in threads_oneshot */
	int8_t next;	      /* in the line's list, or NO_ACTION */
	int8_t secondary;     /* action that holds the thread function of a forced action */
	int8_t thread;	      /* index in the pool of threads, or -1 */
	uint8_t number;	      /* as in events */
	bool in_use;
	bool is_secondary;
	bool forced;	 /* moved to a thread by threadirqs */
	bool run_thread; /* IRQTF_RUNTHREAD */
};

struct irq_line {
	/* The controller. */
	uint64_t inputs; /* one bit a source */
	bool level;
	bool latched; /* edge: seen and not taken */
	bool masked;
	bool active;	/* between acknowledge and end of interrupt */
	bool signalled; /* counted in its CPU's pending interrupts */
	bool cpu_open;	/* its CPU is still to be drawn in this case */
	uint8_t cpu;
	/* The descriptor. */
	bool started;
	bool disabled;	  /* IRQD_IRQ_DISABLED */
	bool in_progress; /* IRQD_IRQ_INPROGRESS */
	bool pending;	  /* IRQS_PENDING */
	bool oneshot;	  /* IRQS_ONESHOT */
	bool spurious_disabled;
	bool poll_in_progress;
	bool suspended;
	uint8_t depth;
	int8_t first; /* action, or NO_ACTION */
	uint8_t action_count;
	uint8_t no_suspend_count;
	uint32_t threads_oneshot;
	uint32_t threads_active;
	fl_context_t handler_context; /* who runs the hard handlers, while in_progress */
	fl_lock_t request_mutex;
	/* The spurious detector. */
	uint32_t irq_count;
	uint32_t irqs_unhandled;
	uint64_t last_unhandled; /* jiffies */
	uint32_t threads_handled;
	uint32_t threads_handled_last;
};

struct irq_thread {
	fl_context_t context; /* FL_NO_CONTEXT: not made yet */
	bool in_use;
};

struct irq_state {
	bool no_cond_oneshot;
	uint8_t pending_lines[FL_MAX_CPUS];
	struct irq_line lines[FL_MAX_LINES];
	struct irq_action actions[MAX_ACTIONS];
	struct irq_thread threads[MAX_THREADS];
	struct {
		bool armed;
		uint8_t idle; /* polls in a row between which nobody took a step */
		uint64_t steps;
	} poll;
};
extern struct irq_state *fl_irq_state;

static inline unsigned int line_number(const struct irq_line *line)
{
	return (unsigned int)(line - fl_irq_state->lines);
}

static inline struct irq_action *action_at(int index)
{
	return index == NO_ACTION ? NULL : &fl_irq_state->actions[index];
}

static inline struct irq_line *line_of(const struct irq_action *action)
{
	return &fl_irq_state->lines[action->request.line];
}

/* Where Linux takes desc->lock. */
static inline void line_point(const struct irq_line *line, unsigned int where)
{
	fl_point(FL_ACCESS_RMW, (uintptr_t)line, SITE(SITE_IRQ, where));
	order_step(line);
}
enum {
	WHERE_FLOW = 1,
	WHERE_FLOW_END,
	WHERE_FINALIZE,
	WHERE_THREAD_END,
	WHERE_REQUEST,
	WHERE_FREE,
	WHERE_DISABLE,
	WHERE_ENABLE,
	WHERE_SYNCHRONIZE,
	WHERE_SUSPEND,
	WHERE_POLL,
	WHERE_RUN
};

/* irq_chip.c */
struct irq_line *fl_irq_line(unsigned int line);
bool fl_irq_edge(void);
void fl_irq_mask(struct irq_line *line);
void fl_irq_unmask(struct irq_line *line);
void fl_irq_eoi(struct irq_line *line);
void fl_irq_retrigger(struct irq_line *line);
void fl_irq_line_changed(const struct irq_line *line);
unsigned int fl_irq_line_cpu(struct irq_line *line);

/* irq_flow.c */
void fl_irq_flow(struct irq_line *line, unsigned int cpu);
/* Run the hard handlers of @line (handle_irq_event()); returns the OR of their results. */
int fl_irq_handle_event(struct irq_line *line);
/* Call one handler of an action, with the events around it. */
int fl_irq_call(struct irq_action *action, bool thread);

/* irq_thread.c */
int fl_irq_thread_take(struct irq_action *action);
void fl_irq_thread_release(struct irq_action *action);
void fl_irq_thread_wake(struct irq_line *line, struct irq_action *action);
void fl_irq_thread_stop(struct irq_action *action);

/* irq_manage.c: the parts that Linux runs under desc->lock */
void fl_irq_startup(struct irq_line *line);
void fl_irq_shutdown(struct irq_line *line);
void fl_irq_core_disable(struct irq_line *line);
void fl_irq_core_enable(struct irq_line *line);
void fl_irq_wait_in_progress(struct irq_line *line, bool and_active);
void fl_irq_wait_all(struct irq_line *line);

/* irq_spurious.c */
void fl_irq_note(struct irq_line *line, int result);
/* A flow met a line in progress: true if a poll was the reason, it has ended, and the flow may go
 * on. */
bool fl_irq_check_poll(struct irq_line *line);

#endif

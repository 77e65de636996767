/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at the kernel floor without touching it: for checkers and traces. No scheduling points,
 * no addresses.
 */
#ifndef FAULTLINE_KERNEL_VIEW_H
#define FAULTLINE_KERNEL_VIEW_H

#include <faultline/engine.h>
#include <faultline/host.h>

#define FL_LINE_ACTIONS 12 /* actions that can share a line */

struct fl_action_view {
	unsigned int number;	  /* as in events: "action" */
	unsigned int source;	  /* context bank, FL_BANK_GLOBAL or FL_SOURCE_OTHER */
	const char *name;	  /* of the request */
	const char *handler_name; /* hard handler; the default primary handler's if it has none */
	const char *thread_name;  /* thread function, or NULL */
	fl_context_t thread;	  /* its thread, or FL_NO_CONTEXT */
	bool thread_woken;	  /* the thread runs, or is to run */
	bool oneshot_pending;	  /* it keeps the line masked (threads_oneshot) */
};

struct fl_line_view {
	bool level;
	bool edge;		/* trigger type */
	bool masked;		/* at the controller */
	bool active;		/* taken by a CPU and not ended yet */
	bool pending;		/* the controller would signal it now */
	bool disabled;		/* by the core, lazily perhaps */
	unsigned int depth;	/* of disable */
	bool spurious_disabled; /* "nobody cared" */
	bool suspended;		/* by suspend_device_irqs */
	bool in_progress;	/* hard handlers run */
	bool oneshot;
	unsigned int threads_active;
	int cpu; /* -1 while it is still open */
	unsigned int irq_count;
	unsigned int unhandled;
	unsigned int action_count;
	struct fl_action_view actions[FL_LINE_ACTIONS]; /* in the order of calls */
};
void fl_view_line(unsigned int line, struct fl_line_view *view);
/* Could the line be signalled if its level were high: requested, neither masked nor disabled. */
bool fl_view_line_open(unsigned int line);

struct fl_lock_view {
	const char *class;
	unsigned int class_number; /* as in events */
	unsigned int object;	   /* as in events */
};
/* Deeper nesting is not kept for views; it still works. */
#define FL_VIEW_LOCKS 8
/*
 * The locks that @context holds (FL_NO_CONTEXT: the caller outside a run), oldest first; at FL_EV_LOCK without
 * the one that is told of. Returns how many were written to @locks, @size at most.
 */
unsigned int fl_view_locks(fl_context_t context, struct fl_lock_view *locks, unsigned int size);

struct fl_work_view {
	const char *name;
	enum fl_workqueue queue;
	bool pending;
	bool frozen;	      /* its queue is */
	fl_context_t running; /* the worker that runs it, or FL_NO_CONTEXT */
};
/* Work item number @index, 0 to 31; false if there is none of that number now. */
bool fl_view_work(unsigned int index, struct fl_work_view *view);

#endif

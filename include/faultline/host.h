/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The floor below every subject: registers, locks, waiting, time, interrupts, memory, choices, in
 * plain types. Two tenants stand on it: the small kernel API of the built-in core (include/linux) and
 * the glue of a real Linux tree (subjects/). No Linux type and no libc type crosses it.
 *
 * Each call is a scheduling point unless it says otherwise. Calls that may sleep in Linux check that
 * the context may sleep, whatever the state (FL_EV_MAY_SLEEP tells the checker), before they do
 * anything else. Everything lives in the arena.
 */
#ifndef FAULTLINE_HOST_H
#define FAULTLINE_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Version of this floor: a subject built against another one is refused. */
#define FL_HOST_VERSION 1
/* Beside the version: the subject is built for free running (<faultline/free.h>). */
#define FL_HOST_FREE	0x100u
/* What a subject says of itself (struct fl_subject). */
#ifdef FAULTLINE_FREE
#define FL_HOST_ABI	(FL_HOST_VERSION | FL_HOST_FREE)
#else
#define FL_HOST_ABI	FL_HOST_VERSION
#endif

/* --- context ------------------------------------------------------------------------------ */

/* Bits of where the running context is, as in Linux's preempt_count. */
#define FL_IN_HARDIRQ  1u
#define FL_IRQS_OFF    2u
#define FL_PREEMPT_OFF 4u
unsigned int fl_context_bits(void);
/* The running context's number (engine), or -1. Not a scheduling point. */
int fl_context_id(void);
unsigned int fl_cpu_id(void);
/* might_sleep(): @what is the call's name. Not a scheduling point. */
void fl_might_sleep(const char *what);
/* local_irq_save/restore; the value is 1 if interrupts were on. Not scheduling points. */
unsigned long fl_local_irq_save(void);
void fl_local_irq_restore(unsigned long flags);
void fl_preempt_off(void);
void fl_preempt_on(void);

/*
 * A subject entry point begins or ends in the running context (event.h). Between the two, in a free run,
 * the context is outside the machine.
 */
void fl_subject_enter(const char *function);
void fl_subject_leave(void);

/* --- registers ---------------------------------------------------------------------------- */

/* Where regions are mapped: addresses that are never dereferenced. Each region has 16 MiB. */
#define FL_MMIO_BASE	 0x10000000ul
#define FL_MMIO_SIZE	 0x01000000ul
/* Address of @offset of region @region (enum fl_region), instance @instance (a TBU's number). */
#define FL_MMIO_INSTANCE 0x00100000ul
#define FL_MMIO(region, instance)                                                                  \
	(FL_MMIO_BASE + (region) * FL_MMIO_SIZE + (instance) * FL_MMIO_INSTANCE)

struct fl_mmio_ops {
	uint64_t (*read)(unsigned int instance, uint32_t offset, unsigned int size);
	void (*write)(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size);
};
/* Connect a region to its device. The ops are scheduling points themselves. */
void fl_mmio_connect(unsigned int region, const struct fl_mmio_ops *ops);
/* @address: as given by FL_MMIO; @size 4 or 8. A wild address is a BUG of the subject. */
uint64_t fl_mmio_read(unsigned long address, unsigned int size);
void fl_mmio_write(unsigned long address, uint64_t value, unsigned int size);

/* --- messages ----------------------------------------------------------------------------- */

/* printk: @level 0 to 7, @text without newline. Captured into the trace. Not a scheduling point. */
void fl_printk(int level, const char *text);
/* WARN: a kernel-warning. @what is a stable title. The run goes on. */
void fl_warn(const char *what);
/* BUG, panic, oops: the subject cannot go on; ends the run. */
_Noreturn void fl_bug(const char *what);
/* ___ratelimit: true if the message may be printed. @state: two words, zeroed at start. */
bool fl_ratelimit(uint64_t state[2], uint64_t interval_ns, unsigned int burst);

/* --- memory ------------------------------------------------------------------------------- */

/*
 * Allocate @size bytes, aligned to 16 (or to 4096 from 4096 up), zeroed if @zero, else filled with
 * 0xa5. Returns NULL if the case injects a failure here (@may_fail), never otherwise.
 * @may_sleep: GFP_KERNEL.
 */
void *fl_alloc(size_t size, bool zero, bool may_sleep, bool may_fail);
/* Freed memory goes to quarantine until the reset: filled with 0x6b, poisoned under ASan. NULL is fine. */
void fl_dealloc(void *memory);
size_t fl_alloc_size(const void *memory);
/* Is @address inside an object that was freed? (for checked accesses of instrumented subjects) */
bool fl_is_freed(const void *address);
/* Objects alive now that were allocated since the case began, for the leak checker. Not a scheduling point. */
unsigned int fl_alloc_live(void);
/* "Physical" address of arena memory and back: the offset in the arena. */
uint64_t fl_virt_to_phys(const void *address);
void *fl_phys_to_virt(uint64_t address);

/* --- locks -------------------------------------------------------------------------------- */

/*
 * A lock is a word of the subject's memory, 0 when free; its address is its identity. @class is the
 * lock's class by name ("cb_lock"), for lock-order; must stay valid.
 */
typedef uint32_t fl_lock_t;
void fl_spin_lock(fl_lock_t *lock, const char *class);
bool fl_spin_trylock(fl_lock_t *lock, const char *class);
void fl_spin_unlock(fl_lock_t *lock, const char *class);
unsigned long fl_spin_lock_irqsave(fl_lock_t *lock, const char *class);
void fl_spin_unlock_irqrestore(fl_lock_t *lock, const char *class, unsigned long flags);
void fl_mutex_lock(fl_lock_t *lock, const char *class);
bool fl_mutex_trylock(fl_lock_t *lock, const char *class);
void fl_mutex_unlock(fl_lock_t *lock, const char *class);
bool fl_lock_held(const fl_lock_t *lock);
/* Is it held by the running context? */
bool fl_lock_mine(const fl_lock_t *lock);

/* --- waiting ------------------------------------------------------------------------------ */

/*
 * The kernel's protocol: prepare (the context is "about to sleep" on @queue), check the condition,
 * schedule (sleeps unless woken since prepare), finish. wake_up makes every preparer of @queue
 * runnable. @queue is an address used as identity.
 */
void fl_wait_prepare(const void *queue, const char *what);
void fl_wait_finish(void);
void fl_wait_schedule(void);
/* As fl_wait_schedule() with a timeout; returns the remaining nanoseconds, 0 if it timed out. */
uint64_t fl_wait_schedule_timeout(uint64_t ns);
void fl_wait_wake(const void *queue, bool all);

/* --- atomics and memory accesses ---------------------------------------------------------- */

/* Before an atomic or a READ_ONCE/WRITE_ONCE at @address: kind 1 read, 2 write, 3 read-modify-write. */
void fl_atomic_point(const void *address, unsigned int kind);
/*
 * An instrumented plain (@marked false) or marked access. A scheduling point only at memory
 * granularity; always an event for the race detector.
 */
void fl_memory_access(const void *address, unsigned int size, bool write, bool marked,
		      uint32_t site);
extern bool fl_memory_granularity;
/*
 * For a subject's probe: @name tells the function that a site stands in, as a string that lives as long
 * as the subject, or NULL. Forgotten when the next world is made.
 */
void fl_set_site_names(const char *(*name)(uint32_t site));
/* The function that @site of a memory access stands in; NULL if the subject does not tell. */
const char *fl_site_name(uint32_t site);

/* --- time --------------------------------------------------------------------------------- */

uint64_t fl_time_ns(void);	/* ktime_get(); a scheduling point */
void fl_udelay_ns(uint64_t ns); /* keeps the CPU */
void fl_sleep_ns(uint64_t ns);	/* may sleep */
void fl_cpu_relax(void);

/*
 * Timers: fn(arg) in hard interrupt context. A timer is identified by @timer (an address), known
 * from the first start to its end. start re-arms. cancel: 1 was armed, 0 was not, -1 running now.
 */
void fl_timer_start(void *timer, const char *name, void (*fn)(void *timer), uint64_t deadline_ns);
int fl_timer_cancel(void *timer);
void fl_timer_cancel_sync(void *timer);

/* --- work --------------------------------------------------------------------------------- */

/*
 * Workqueues: 0 is pm_wq (freezable), 1 the system one, 2 the client's worker. Each has workers,
 * contexts whose CPU is chosen once a case. Work items of one queue run one at a time on each worker;
 * an item never runs on two at once. @work (an address) identifies the item.
 */
enum fl_workqueue { FL_WORKQUEUE_PM, FL_WORKQUEUE_SYSTEM, FL_WORKQUEUE_CLIENT, FL_WORKQUEUES };
/* false if it was pending already. @name is the function's, for reports. Atomic-safe. */
bool fl_work_queue(enum fl_workqueue queue, void *work, void (*fn)(void *work), const char *name);
/* true if it was pending; waits for it if it runs (may sleep). */
bool fl_work_cancel_sync(void *work);
bool fl_work_flush(void *work);
bool fl_work_pending(const void *work);
/* The freezer of system sleep: pending items of @queue wait until it thaws. */
void fl_workqueue_freeze(enum fl_workqueue queue, bool freeze);

/* --- interrupts (domain.md, section 4) ----------------------------------------------------- */

/* irqreturn and IRQF_* have the values of Linux (include/linux/irqreturn.h, interrupt.h). */
enum { FL_IRQ_NONE, FL_IRQ_HANDLED, FL_IRQ_WAKE_THREAD };
#define FL_IRQF_SHARED	     0x00000080u
#define FL_IRQF_ONESHOT	     0x00002000u
#define FL_IRQF_NO_SUSPEND   0x00004000u
#define FL_IRQF_NO_THREAD    0x00010000u
#define FL_IRQF_NO_AUTOEN    0x00080000u
#define FL_IRQF_COND_ONESHOT 0x00200000u
/* The handlers run outside the machine (engine.h, free running). Not in Linux. */
#define FL_IRQF_OUTSIDE	     0x80000000u
#define FL_MAX_LINES	     16

struct fl_irq_request {
	unsigned int line;			 /* 0 to FL_MAX_LINES - 1 */
	int (*handler)(int irq, void *dev_id);	 /* NULL: the default primary handler */
	int (*thread_fn)(int irq, void *dev_id); /* NULL: hard only */
	const char *handler_name, *thread_name;	 /* the functions' names, for reports */
	unsigned int flags;
	const char *name;
	void *dev_id;
	int irq; /* what the handlers get as their first argument */
	unsigned int
		source; /* context bank or FL_BANK_GLOBAL that it serves; 0x100: another device */
};
#define FL_SOURCE_OTHER 0x100u

/* 0, -EBUSY (sharers disagree), -ENOMEM. May sleep. Joining flags as in 6.12, or 6.1 (knob of the subject). */
int fl_irq_request(const struct fl_irq_request *request);
/* Whether a plain request may join a ONESHOT line (6.12: yes, 6.1: no). */
void fl_irq_set_cond_oneshot(bool yes);
/* Unlink, synchronise, stop the thread; calls the handler once more with knob debug_shirq. May sleep. */
void fl_irq_free(unsigned int line, void *dev_id);
void fl_irq_disable(unsigned int line); /* waits; may sleep */
void fl_irq_disable_nosync(unsigned int line);
void fl_irq_enable(unsigned int line);
void fl_irq_synchronize(unsigned int line); /* may sleep */
bool fl_irq_synchronize_hardirq(unsigned int line);
/* suspend_device_irqs / resume_device_irqs. */
void fl_irqs_suspend(void);
void fl_irqs_resume(void);
/* Input of a line: @source drives @level. The line is the OR of its sources. From devices. */
void fl_irq_input(unsigned int line, unsigned int source, bool level);
/*
 * Once a case, before the actors start: from now on each line's CPU is drawn by FL_CHOOSE_CPU, when
 * the line signals for the first time. Without it all lines go to CPU 0.
 */
void fl_irq_choose_cpus(void);

/* --- clocks and power domains -------------------------------------------------------------- */

/*
 * Clocks and the power domain of @device (enum fl_device). Counts as in the clk framework: prepare
 * may sleep and may fail, enable may fail by injection; unbalanced calls are warnings. The hooks tell
 * the device models. At first clocks are off and domains are on; connecting tells that to the device.
 */
struct fl_power_hooks {
	void (*clocks)(bool on);
	void (*domain)(bool on);
};
void fl_power_connect(unsigned int device, const struct fl_power_hooks *hooks);
int fl_clk_prepare(unsigned int device);
void fl_clk_unprepare(unsigned int device);
int fl_clk_enable(unsigned int device);
void fl_clk_disable(unsigned int device);
bool fl_clk_enabled(unsigned int device);
/* The power domain as genpd drives it around the device's callbacks. May sleep; on may fail. */
int fl_domain_on(unsigned int device);
void fl_domain_off(unsigned int device);

/* Interconnect bandwidth vote of a TBU (icc_set_bw). May sleep. */
int fl_icc_set(unsigned int path, uint32_t peak);

/* --- injected failures --------------------------------------------------------------------- */

/*
 * What fails is decided by the scenario: an operation arms a failure, the next matching call
 * consumes it. Returns a negative errno to fail with, or 0.
 */
enum fl_failure { FL_FAIL_CLOCK, FL_FAIL_DOMAIN, FL_FAIL_ALLOC, FL_FAIL_IRQ, FL_FAILURES };
void fl_failure_arm(enum fl_failure what, int error);
int fl_failure_take(enum fl_failure what);

/* --- power management bookkeeping, from the tenant's runtime PM --------------------------------- */

/*
 * The tenant tells each driver-visible reference operation (not those inside the PM core), each
 * change of status, and each callback (include/faultline/event.h: PM_*). Not scheduling points.
 */
void fl_pm_got(unsigned int device, int result, bool reference, int usage);
void fl_pm_put(unsigned int device, int result, bool reference, int usage);
void fl_pm_underflow(unsigned int device);
void fl_pm_status(unsigned int device, unsigned int before, unsigned int after);
void fl_pm_callback(unsigned int device, bool enter, bool suspend, int result, bool system_sleep);
void fl_pm_enabled(unsigned int device, int disable_depth);

/* --- the client ----------------------------------------------------------------------------- */

/*
 * report_iommu_fault() reached a handler: domain @domain (number), IOMMU_FAULT_* flags. Returns what
 * the client answers: 0 or a negative errno. Runs in the caller's context.
 */
int fl_client_fault(unsigned int domain, uint64_t iova, int flags);
/* FL_EV_REPORT; call it around fl_client_fault, also when there is no handler (-ENOSYS). */
void fl_reported(unsigned int domain, uint64_t iova, int flags, int answer);
/* The GPU's runtime PM callbacks (client model); 0 or a negative errno. */
int fl_client_runtime_suspend(void);
int fl_client_runtime_resume(void);

/* Life of a domain (numbers from 0), for lifetime checks. */
void fl_domain_live(unsigned int domain, unsigned int bank, bool live);
void fl_domain_freed(unsigned int domain);
/* The driver's own stall flag of a bank changed (for sctlr-drift). */
void fl_stall_flag(unsigned int bank, bool on);

#ifdef __cplusplus
}
#endif

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The doors of include/faultline/free.h: each comes into the machine, makes one call of the floor or of the
 * modelled runtime PM there, and goes out again. Called inside already, it is the call alone.
 */
#include <faultline/host.h>
#include <linux/pm_runtime.h>

#include <stdarg.h>
#include <stdio.h>

#define VALUE(type, door, call, parameters, arguments)                                             \
	type door parameters;                                                                      \
	type door parameters                                                                       \
	{                                                                                          \
		bool came = fl_machine_enter();                                                    \
		type result = call arguments;                                                      \
                                                                                                   \
		if (came)                                                                          \
			fl_machine_leave();                                                        \
		return result;                                                                     \
	}

#define NOTHING(door, call, parameters, arguments)                                                 \
	void door parameters;                                                                      \
	void door parameters                                                                       \
	{                                                                                          \
		bool came = fl_machine_enter();                                                    \
                                                                                                   \
		call arguments;                                                                    \
		if (came)                                                                          \
			fl_machine_leave();                                                        \
	}

/* --- context ------------------------------------------------------------------------------ */

VALUE(unsigned int, fl_free_context_bits, fl_context_bits, (void), ())
VALUE(int, fl_free_context_id, fl_context_id, (void), ())
VALUE(unsigned int, fl_free_cpu_id, fl_cpu_id, (void), ())
NOTHING(fl_free_might_sleep, fl_might_sleep, (const char *what), (what))
VALUE(unsigned long, fl_free_local_irq_save, fl_local_irq_save, (void), ())
NOTHING(fl_free_local_irq_restore, fl_local_irq_restore, (unsigned long flags), (flags))
NOTHING(fl_free_preempt_off, fl_preempt_off, (void), ())
NOTHING(fl_free_preempt_on, fl_preempt_on, (void), ())

/* --- registers, messages ------------------------------------------------------------------ */

VALUE(uint64_t, fl_free_mmio_read, fl_mmio_read, (unsigned long address, unsigned int size),
      (address, size))
NOTHING(fl_free_mmio_write, fl_mmio_write,
	(unsigned long address, uint64_t value, unsigned int size), (address, value, size))
NOTHING(fl_free_printk, fl_printk, (int level, const char *text), (level, text))
NOTHING(fl_free_warn, fl_warn, (const char *what), (what))
VALUE(bool, fl_free_ratelimit, fl_ratelimit,
      (uint64_t state[2], uint64_t interval_ns, unsigned int burst), (state, interval_ns, burst))

_Noreturn void fl_free_bug(const char *what);
_Noreturn void fl_free_bug(const char *what)
{
	fl_machine_enter();
	fl_bug(what);
}

void fl_free_linux_printk(int level, const char *device, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void fl_free_linux_printk(int level, const char *device, const char *format, ...)
{
	char text[256];
	va_list arguments;
	bool came;

	/* What is printed is the caller's memory, so it is read outside. */
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	came = fl_machine_enter();
	fl_linux_printk(level, device, "%s", text);
	if (came)
		fl_machine_leave();
}

/* --- memory ------------------------------------------------------------------------------- */

VALUE(void *, fl_free_alloc, fl_alloc, (size_t size, bool zero, bool may_sleep, bool may_fail),
      (size, zero, may_sleep, may_fail))
NOTHING(fl_free_dealloc, fl_dealloc, (void *memory), (memory))
VALUE(size_t, fl_free_alloc_size, fl_alloc_size, (const void *memory), (memory))
VALUE(bool, fl_free_is_freed, fl_is_freed, (const void *address), (address))
VALUE(unsigned int, fl_free_alloc_live, fl_alloc_live, (void), ())

/*
 * The subject's own accesses to its memory are its own, at any time and in any order: nobody comes in for
 * them. ThreadSanitizer judges them.
 */
void fl_free_atomic_point(const void *address, unsigned int kind);
void fl_free_atomic_point(const void *address, unsigned int kind)
{
	if (fl_free_running)
		fl_free_perturb(kind);
	else
		fl_atomic_point(address, kind);
}

void fl_free_memory_access(const void *address, unsigned int size, bool write, bool marked,
			   uint32_t site);
void fl_free_memory_access(const void *address, unsigned int size, bool write, bool marked,
			   uint32_t site)
{
	if (fl_free_running)
		fl_free_perturb(site);
	else
		fl_memory_access(address, size, write, marked, site);
}

/* --- locks and waiting -------------------------------------------------------------------- */

NOTHING(fl_free_spin_lock, fl_spin_lock, (fl_lock_t * lock, const char *class), (lock, class))
VALUE(bool, fl_free_spin_trylock, fl_spin_trylock, (fl_lock_t * lock, const char *class),
      (lock, class))
NOTHING(fl_free_spin_unlock, fl_spin_unlock, (fl_lock_t * lock, const char *class), (lock, class))
VALUE(unsigned long, fl_free_spin_lock_irqsave, fl_spin_lock_irqsave,
      (fl_lock_t * lock, const char *class), (lock, class))
NOTHING(fl_free_spin_unlock_irqrestore, fl_spin_unlock_irqrestore,
	(fl_lock_t * lock, const char *class, unsigned long flags), (lock, class, flags))
NOTHING(fl_free_mutex_lock, fl_mutex_lock, (fl_lock_t * lock, const char *class), (lock, class))
VALUE(bool, fl_free_mutex_trylock, fl_mutex_trylock, (fl_lock_t * lock, const char *class),
      (lock, class))
NOTHING(fl_free_mutex_unlock, fl_mutex_unlock, (fl_lock_t * lock, const char *class), (lock, class))
VALUE(bool, fl_free_lock_held, fl_lock_held, (const fl_lock_t *lock), (lock))
VALUE(bool, fl_free_lock_mine, fl_lock_mine, (const fl_lock_t *lock), (lock))

NOTHING(fl_free_wait_prepare, fl_wait_prepare, (const void *queue, const char *what), (queue, what))
NOTHING(fl_free_wait_finish, fl_wait_finish, (void), ())
NOTHING(fl_free_wait_schedule, fl_wait_schedule, (void), ())
VALUE(uint64_t, fl_free_wait_schedule_timeout, fl_wait_schedule_timeout, (uint64_t ns), (ns))
NOTHING(fl_free_wait_wake, fl_wait_wake, (const void *queue, bool all), (queue, all))

/* --- time, work --------------------------------------------------------------------------- */

VALUE(uint64_t, fl_free_time_ns, fl_time_ns, (void), ())
NOTHING(fl_free_udelay_ns, fl_udelay_ns, (uint64_t ns), (ns))
NOTHING(fl_free_sleep_ns, fl_sleep_ns, (uint64_t ns), (ns))
NOTHING(fl_free_cpu_relax, fl_cpu_relax, (void), ())
NOTHING(fl_free_timer_start, fl_timer_start,
	(void *timer, const char *name, void (*fn)(void *timer), uint64_t deadline_ns),
	(timer, name, fn, deadline_ns))
VALUE(int, fl_free_timer_cancel, fl_timer_cancel, (void *timer), (timer))
NOTHING(fl_free_timer_cancel_sync, fl_timer_cancel_sync, (void *timer), (timer))
VALUE(bool, fl_free_work_queue, fl_work_queue,
      (enum fl_workqueue queue, void *work, void (*fn)(void *work), const char *name),
      (queue, work, fn, name))
VALUE(bool, fl_free_work_cancel_sync, fl_work_cancel_sync, (void *work), (work))
VALUE(bool, fl_free_work_flush, fl_work_flush, (void *work), (work))
VALUE(bool, fl_free_work_pending, fl_work_pending, (const void *work), (work))

/* --- interrupts, power -------------------------------------------------------------------- */

int fl_free_irq_request(const struct fl_irq_request *request);
int fl_free_irq_request(const struct fl_irq_request *request)
{
	struct fl_irq_request outside = *request;
	bool came = fl_machine_enter();
	int result;

	outside.flags |= FL_IRQF_OUTSIDE;
	result = fl_irq_request(&outside);
	if (came)
		fl_machine_leave();
	return result;
}

NOTHING(fl_free_irq_free, fl_irq_free, (unsigned int line, void *dev_id), (line, dev_id))
NOTHING(fl_free_irq_disable, fl_irq_disable, (unsigned int line), (line))
NOTHING(fl_free_irq_disable_nosync, fl_irq_disable_nosync, (unsigned int line), (line))
NOTHING(fl_free_irq_enable, fl_irq_enable, (unsigned int line), (line))
NOTHING(fl_free_irq_synchronize, fl_irq_synchronize, (unsigned int line), (line))
VALUE(bool, fl_free_irq_synchronize_hardirq, fl_irq_synchronize_hardirq, (unsigned int line),
      (line))
VALUE(int, fl_free_clk_prepare, fl_clk_prepare, (unsigned int device), (device))
NOTHING(fl_free_clk_unprepare, fl_clk_unprepare, (unsigned int device), (device))
VALUE(int, fl_free_clk_enable, fl_clk_enable, (unsigned int device), (device))
NOTHING(fl_free_clk_disable, fl_clk_disable, (unsigned int device), (device))
VALUE(bool, fl_free_clk_enabled, fl_clk_enabled, (unsigned int device), (device))
VALUE(int, fl_free_domain_on, fl_domain_on, (unsigned int device), (device))
NOTHING(fl_free_domain_off, fl_domain_off, (unsigned int device), (device))
VALUE(int, fl_free_icc_set, fl_icc_set, (unsigned int path, uint32_t peak), (path, peak))

/* --- the client, what checkers are told ----------------------------------------------------- */

VALUE(int, fl_free_client_fault, fl_client_fault, (unsigned int domain, uint64_t iova, int flags),
      (domain, iova, flags))
NOTHING(fl_free_reported, fl_reported, (unsigned int domain, uint64_t iova, int flags, int answer),
	(domain, iova, flags, answer))
VALUE(int, fl_free_client_runtime_suspend, fl_client_runtime_suspend, (void), ())
VALUE(int, fl_free_client_runtime_resume, fl_client_runtime_resume, (void), ())
NOTHING(fl_free_domain_live, fl_domain_live, (unsigned int domain, unsigned int bank, bool live),
	(domain, bank, live))
NOTHING(fl_free_domain_freed, fl_domain_freed, (unsigned int domain), (domain))
NOTHING(fl_free_stall_flag, fl_stall_flag, (unsigned int bank, bool on), (bank, on))

/* --- devices and the modelled runtime PM ---------------------------------------------------- */

NOTHING(fl_free_device_initialize, device_initialize,
	(struct device * dev, enum fl_device id, const char *name, const struct dev_pm_ops *pm_ops,
	 bool pm_domain),
	(dev, id, name, pm_ops, pm_domain))
VALUE(int, fl_free_device_link_add, device_link_add,
      (struct device * consumer, struct device *supplier, u32 flags), (consumer, supplier, flags))
NOTHING(fl_free_device_link_remove, device_link_remove,
	(struct device * consumer, struct device *supplier), (consumer, supplier))

#define RPM_VALUE(name)	  VALUE(int, fl_free_##name, name, (struct device * dev), (dev))
#define RPM_NOTHING(name) NOTHING(fl_free_##name, name, (struct device * dev), (dev))

RPM_VALUE(pm_request_autosuspend)
RPM_VALUE(pm_request_resume)
RPM_VALUE(pm_runtime_autosuspend)
RPM_VALUE(pm_runtime_barrier)
RPM_NOTHING(pm_runtime_disable)
RPM_NOTHING(pm_runtime_dont_use_autosuspend)
RPM_NOTHING(pm_runtime_enable)
RPM_VALUE(pm_runtime_force_resume)
RPM_VALUE(pm_runtime_force_suspend)
RPM_VALUE(pm_runtime_get)
RPM_VALUE(pm_runtime_get_if_active)
RPM_VALUE(pm_runtime_get_if_in_use)
RPM_NOTHING(pm_runtime_get_noresume)
RPM_VALUE(pm_runtime_get_sync)
RPM_VALUE(pm_runtime_idle)
RPM_NOTHING(pm_runtime_mark_last_busy)
RPM_VALUE(pm_runtime_put)
RPM_VALUE(pm_runtime_put_autosuspend)
RPM_NOTHING(pm_runtime_put_noidle)
RPM_VALUE(pm_runtime_put_sync)
RPM_VALUE(pm_runtime_put_sync_suspend)
RPM_VALUE(pm_runtime_request_idle)
RPM_VALUE(pm_runtime_resume)
RPM_VALUE(pm_runtime_resume_and_get)
RPM_VALUE(pm_runtime_set_active)
RPM_VALUE(pm_runtime_set_suspended)
RPM_VALUE(pm_runtime_suspend)
RPM_NOTHING(pm_runtime_use_autosuspend)
NOTHING(fl_free___pm_runtime_disable, __pm_runtime_disable,
	(struct device * dev, bool check_resume), (dev, check_resume))
NOTHING(fl_free_pm_runtime_set_autosuspend_delay, pm_runtime_set_autosuspend_delay,
	(struct device * dev, int delay_ms), (dev, delay_ms))

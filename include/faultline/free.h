/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For a subject that is to run on real threads (faultline stress): compile each of its files with
 * "-include faultline/free.h", and with nothing else changed.
 *
 * Such a subject's code runs outside the machine (engine.h, "free running"). This header sends each of its
 * calls of the floor and of the modelled runtime PM through a door that comes in for the time of the call,
 * makes its atomics real ones, and lets its handlers, work items and timers run outside. Under the fibers
 * the same object works as ever; the doors find that there is no free run.
 */
#ifndef FAULTLINE_FREE_H
#define FAULTLINE_FREE_H

#include <stdbool.h>

/* Asked for by include/linux and by struct fl_subject's host_abi. */
#define FAULTLINE_FREE			1

#define device_initialize		fl_free_device_initialize
#define device_link_add			fl_free_device_link_add
#define device_link_remove		fl_free_device_link_remove
#define fl_alloc			fl_free_alloc
#define fl_alloc_live			fl_free_alloc_live
#define fl_alloc_size			fl_free_alloc_size
#define fl_atomic_point			fl_free_atomic_point
#define fl_bug				fl_free_bug
#define fl_client_fault			fl_free_client_fault
#define fl_client_runtime_resume	fl_free_client_runtime_resume
#define fl_client_runtime_suspend	fl_free_client_runtime_suspend
#define fl_clk_disable			fl_free_clk_disable
#define fl_clk_enable			fl_free_clk_enable
#define fl_clk_enabled			fl_free_clk_enabled
#define fl_clk_prepare			fl_free_clk_prepare
#define fl_clk_unprepare		fl_free_clk_unprepare
#define fl_context_bits			fl_free_context_bits
#define fl_context_id			fl_free_context_id
#define fl_cpu_id			fl_free_cpu_id
#define fl_cpu_relax			fl_free_cpu_relax
#define fl_dealloc			fl_free_dealloc
#define fl_domain_freed			fl_free_domain_freed
#define fl_domain_live			fl_free_domain_live
#define fl_domain_off			fl_free_domain_off
#define fl_domain_on			fl_free_domain_on
#define fl_icc_set			fl_free_icc_set
#define fl_irq_disable			fl_free_irq_disable
#define fl_irq_disable_nosync		fl_free_irq_disable_nosync
#define fl_irq_enable			fl_free_irq_enable
#define fl_irq_free			fl_free_irq_free
#define fl_irq_request			fl_free_irq_request
#define fl_irq_synchronize		fl_free_irq_synchronize
#define fl_irq_synchronize_hardirq	fl_free_irq_synchronize_hardirq
#define fl_is_freed			fl_free_is_freed
#define fl_linux_printk			fl_free_linux_printk
#define fl_local_irq_restore		fl_free_local_irq_restore
#define fl_local_irq_save		fl_free_local_irq_save
#define fl_lock_held			fl_free_lock_held
#define fl_lock_mine			fl_free_lock_mine
#define fl_memory_access		fl_free_memory_access
#define fl_might_sleep			fl_free_might_sleep
#define fl_mmio_read			fl_free_mmio_read
#define fl_mmio_write			fl_free_mmio_write
#define fl_mutex_lock			fl_free_mutex_lock
#define fl_mutex_trylock		fl_free_mutex_trylock
#define fl_mutex_unlock			fl_free_mutex_unlock
#define fl_preempt_off			fl_free_preempt_off
#define fl_preempt_on			fl_free_preempt_on
#define fl_printk			fl_free_printk
#define fl_ratelimit			fl_free_ratelimit
#define fl_reported			fl_free_reported
#define fl_sleep_ns			fl_free_sleep_ns
#define fl_spin_lock			fl_free_spin_lock
#define fl_spin_lock_irqsave		fl_free_spin_lock_irqsave
#define fl_spin_trylock			fl_free_spin_trylock
#define fl_spin_unlock			fl_free_spin_unlock
#define fl_spin_unlock_irqrestore	fl_free_spin_unlock_irqrestore
#define fl_stall_flag			fl_free_stall_flag
#define fl_time_ns			fl_free_time_ns
#define fl_timer_cancel			fl_free_timer_cancel
#define fl_timer_cancel_sync		fl_free_timer_cancel_sync
#define fl_timer_start			fl_free_timer_start
#define fl_udelay_ns			fl_free_udelay_ns
#define fl_wait_finish			fl_free_wait_finish
#define fl_wait_prepare			fl_free_wait_prepare
#define fl_wait_schedule		fl_free_wait_schedule
#define fl_wait_schedule_timeout	fl_free_wait_schedule_timeout
#define fl_wait_wake			fl_free_wait_wake
#define fl_warn				fl_free_warn
#define fl_work_cancel_sync		fl_free_work_cancel_sync
#define fl_work_flush			fl_free_work_flush
#define fl_work_pending			fl_free_work_pending
#define fl_work_queue			fl_free_work_queue

#define __pm_runtime_disable		fl_free___pm_runtime_disable
#define pm_request_autosuspend		fl_free_pm_request_autosuspend
#define pm_request_resume		fl_free_pm_request_resume
#define pm_runtime_autosuspend		fl_free_pm_runtime_autosuspend
#define pm_runtime_barrier		fl_free_pm_runtime_barrier
#define pm_runtime_disable		fl_free_pm_runtime_disable
#define pm_runtime_dont_use_autosuspend fl_free_pm_runtime_dont_use_autosuspend
#define pm_runtime_enable		fl_free_pm_runtime_enable
#define pm_runtime_force_resume		fl_free_pm_runtime_force_resume
#define pm_runtime_force_suspend	fl_free_pm_runtime_force_suspend
#define pm_runtime_get			fl_free_pm_runtime_get
#define pm_runtime_get_if_active	fl_free_pm_runtime_get_if_active
#define pm_runtime_get_if_in_use	fl_free_pm_runtime_get_if_in_use
#define pm_runtime_get_noresume		fl_free_pm_runtime_get_noresume
#define pm_runtime_get_sync		fl_free_pm_runtime_get_sync
#define pm_runtime_idle			fl_free_pm_runtime_idle
#define pm_runtime_mark_last_busy	fl_free_pm_runtime_mark_last_busy
#define pm_runtime_put			fl_free_pm_runtime_put
#define pm_runtime_put_autosuspend	fl_free_pm_runtime_put_autosuspend
#define pm_runtime_put_noidle		fl_free_pm_runtime_put_noidle
#define pm_runtime_put_sync		fl_free_pm_runtime_put_sync
#define pm_runtime_put_sync_suspend	fl_free_pm_runtime_put_sync_suspend
#define pm_runtime_request_idle		fl_free_pm_runtime_request_idle
#define pm_runtime_resume		fl_free_pm_runtime_resume
#define pm_runtime_resume_and_get	fl_free_pm_runtime_resume_and_get
#define pm_runtime_set_active		fl_free_pm_runtime_set_active
#define pm_runtime_set_autosuspend_delay fl_free_pm_runtime_set_autosuspend_delay
#define pm_runtime_set_suspended	fl_free_pm_runtime_set_suspended
#define pm_runtime_suspend		fl_free_pm_runtime_suspend
#define pm_runtime_use_autosuspend	fl_free_pm_runtime_use_autosuspend

/* The built-in core is in the program twice: once for the fibers, once for threads. */
#define fl_core_find			fl_core_free_find

#endif

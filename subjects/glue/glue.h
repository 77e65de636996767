/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the glue share. The glue is compiled against the headers of the tree whose driver
 * it carries, exactly as that tree compiles the driver; it sees no libc header. Below it lies the
 * floor of <faultline/host.h>, above it the unmodified objects of the tree.
 *
 * Each file says at its top which kind it is:
 *   modelled  our own behaviour of a kernel service, with the floor's help
 *   stub      does nothing, and says why that is safe
 * What is real is compiled from the tree itself (subjects/build/objects).
 */
#ifndef FAULTLINE_GLUE_H
#define FAULTLINE_GLUE_H

#include <linux/device.h>
#include <linux/iommu.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include "compat.h"

/* The floor's header wants stdbool.h, stddef.h and stdint.h: subjects/glue/libc holds the kernel's. */
#include <faultline/subject.h>

/*
 * On threads the tree's code runs outside the machine (<faultline/engine.h>, "free running") and the glue
 * inside. So a function that the tree calls begins with GLUE_INSIDE(): it comes in, if the caller was outside,
 * and goes out again at its end. Around a call of the tree's code the glue goes out; fl_subject_enter() and
 * fl_subject_leave() do so by themselves. In the form for fibers all of it is nothing.
 */
#ifdef FAULTLINE_THREADS
static inline void glue_end(const bool *came)
{
	if (*came)
		fl_machine_leave();
}
#define GLUE_INSIDE() \
	bool glue_came __attribute__((cleanup(glue_end), unused)) = fl_machine_enter()
#define glue_go_out() fl_machine_leave()
#define glue_come_in() ((void)fl_machine_enter())
#define GLUE_IRQ_FLAGS FL_IRQF_OUTSIDE
#else
#define GLUE_INSIDE() _Static_assert(1, "a declaration")
#define glue_go_out() ((void)0)
#define glue_come_in() ((void)0)
#define GLUE_IRQ_FLAGS 0
#endif

/* Linux's number of interrupt line @line: what request_irq() and the handlers get. */
#define GLUE_FIRST_IRQ 32u

#define GLUE_MASTERS 4 /* bus masters, one a domain number; 0 is the GPU, stream id = number */
#define GLUE_TBUS 2

/* The world's devices. All state of the glue is in .data and .bss, and so in the snapshot. */
extern struct platform_device glue_smmu;
extern struct platform_device glue_tbu[GLUE_TBUS];
extern struct device glue_masters[GLUE_MASTERS];
#define glue_gpu (glue_masters[0])
extern struct fl_hardware glue_hardware;

extern struct device_node glue_smmu_node;
extern struct device_node glue_tbu_nodes[GLUE_TBUS];
extern struct device_node glue_master_nodes[GLUE_MASTERS];

/* Platform drivers that the tree registered. */
extern struct platform_driver *glue_smmu_driver;
extern struct platform_driver *glue_tbu_driver;

/* enum fl_device of @dev, or -1 for a device whose power management nobody watches. */
int glue_device_id(const struct device *dev);
struct device *glue_device(enum fl_device id);
void glue_device_init(struct device *dev, const char *name);

/* Run what devm_*() promised for @dev, newest first. */
void glue_devres_release(struct device *dev);

/* Name of a function or static object of the tree's objects; "?" if it has none. */
const char *glue_symbol(const void *address);
/* Name of the function that holds @address, the nearest one that begins at or before it. */
const char *glue_function(const void *address);

/* tsan.c: tell the floor in which functions accesses stand. */
void glue_sites_start(void);

/* Life and report of a domain: which number is it, which bank does it own? */
unsigned int glue_source_of(const void *dev_id);
/* irq.c tells that the interrupt of @dev_id is about to be requested, or freed. */
void glue_domain_irq(const void *dev_id, bool requested);
/* irq.c, for devres.c. */
int glue_irq_request(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
		     unsigned long flags, const char *name, void *dev_id);
void glue_irq_free(unsigned int irq, void *dev_id);

/* pm_domain.c */
void glue_callbacks_watch(struct device *dev);
void glue_domain_attach(struct device *dev);
int glue_domain_up(struct device *dev);
void glue_domain_down(struct device *dev);
void glue_set_prepared(struct device *dev, bool prepared);

/* pm_watch.c: tell the floor what changed in @lock's device, if @lock is a power.lock. */
void glue_pm_watch(const void *lock);
void glue_pm_watch_start(void);
/* print.c tells that the PM core found an underflow. */
void glue_pm_underflow(const struct device *dev);

/* pm_calls.c: runtime PM as a driver's call, with the bookkeeping that checkers want. */
int glue_pm_resume(struct device *dev, int rpmflags);
int glue_pm_suspend(struct device *dev, int rpmflags);
int glue_pm_idle(struct device *dev, int rpmflags);
int glue_pm_get_if_active(struct device *dev, bool ign_usage_count);
int glue_pm_get_if_in_use(struct device *dev);
int glue_pm_barrier(struct device *dev);
void glue_pm_disable(struct device *dev, bool check_resume);
int glue_pm_force_suspend(struct device *dev);
int glue_pm_force_resume(struct device *dev);
int glue_pm_resume_and_get(struct device *dev);
void glue_pm_get_noresume(struct device *dev);
void glue_pm_put_noidle(struct device *dev);

/* iommu.c */
int glue_iommu_add_master(unsigned int number);
int glue_domain_alloc(unsigned int number);
int glue_attach(unsigned int number);
int glue_detach(unsigned int number);
int glue_domain_free(unsigned int number);
int glue_map(unsigned int number, uint64_t iova, uint64_t phys, unsigned int prot);
int glue_unmap(unsigned int number, uint64_t iova);
uint64_t glue_iova_to_phys(unsigned int number, uint64_t iova);
/* Context bank of domain @number, or -1. */
int glue_bank(unsigned int number);

/* adreno.c */
int glue_set_stall(bool on);
int glue_set_ttbr0_cfg(bool per_process);
int glue_get_fault_info(struct fl_fault_info *info);
int glue_resume_translation(bool terminate);

/* sleep.c */
int glue_system_sleep(enum fl_device device, enum fl_sleep_phase phase);
int glue_shutdown(void);
int glue_unbind(void);
/* Drop the links to @supplier; waits for who reads the lists. */
void glue_links_remove(struct device *supplier);

/* client.c */
void glue_gpu_init(void);

/* memory.c */
void glue_memory_init(void);

#endif

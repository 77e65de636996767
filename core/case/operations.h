/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Codes of the operations: indexes of fl_operations[]. */
#ifndef FAULTLINE_CASE_OPERATIONS_H
#define FAULTLINE_CASE_OPERATIONS_H

#include "case.h"

enum operation_code {
	OP_SUBMIT,
	OP_DMA,
	OP_GMU_DMA,
	OP_UNKNOWN_DMA,
	OP_SELF_TEST,
	OP_GLOBAL_SELF_TEST,
	OP_OTHER_IRQ,
	OP_MAP,
	OP_UNMAP,
	OP_IOVA_TO_PHYS,
	OP_ATTACH,
	OP_DETACH,
	OP_FREE_DOMAIN,
	OP_SET_STALL,
	OP_SET_TTBR0_CFG,
	OP_GET_FAULT_INFO,
	OP_DUMP_READ,
	OP_PM_GET_SYNC,
	OP_PM_RESUME_AND_GET,
	OP_PM_GET,
	OP_PM_GET_NORESUME,
	OP_PM_GET_IF_ACTIVE,
	OP_PM_GET_IF_IN_USE,
	OP_PM_PUT,
	OP_PM_PUT_SYNC,
	OP_PM_PUT_AUTOSUSPEND,
	OP_PM_PUT_NOIDLE,
	OP_PM_SUSPEND,
	OP_PM_REQUEST_IDLE,
	OP_PM_MARK_BUSY,
	OP_PM_BARRIER,
	OP_PM_DISABLE,
	OP_PM_ENABLE,
	OP_NEXT_ALARM,
	OP_SLEEP,
	OP_SYSTEM_SLEEP,
	OP_SHUTDOWN,
	OP_UNBIND,
	OP_FAIL_CLOCK,
	OP_FAIL_DOMAIN,
	OP_FAIL_ALLOCATION,
	OP_FAIL_IRQ,
	OP_COUNT
};

/* Values of argument "device". */
enum { ON_SMMU, ON_GPU };

/* What a scenario may give as an operation's page. */
#define PAGE_MAPPED    0 /* and 1: read-write, from the boot on */
#define PAGE_READ_ONLY 2
#define PAGE_UNMAPPED  3 /* and all above */

/* What the subject can do on this machine. */
uint32_t fl_features_on(const struct fl_subject *subject, const struct fl_profile *profile);

/* --- operations_machine.c: sleep, shutdown, unbind ------------------------------------------ */

/*
 * The bookkeeping that the kernel's own cores do between a driver and its users, one a world: who
 * uses a domain, who holds references, is user space frozen, is the device still there.
 */
#define OP_DOMAINS 4
struct operation_state {
	const struct fl_subject *subject;
	uint32_t features;  /* of the subject on this machine */
	uint8_t other_line; /* FL_MAX_LINES: no other device */
	bool other_pending; /* the other device's own cause */
	/* Users of the driver: operations of tasks that are going on. */
	uint8_t users;
	bool frozen;	      /* user space is: new ones wait */
	bool down;	      /* after shutdown */
	bool gone;	      /* after unbind */
	bool asleep;	      /* from the noirq phase down to the noirq phase up */
	fl_lock_t transition; /* system_transition_mutex: sleep, shutdown, unbind */
	fl_lock_t group;      /* iommu_group's mutex */
	/* References that operations took and have not put. */
	uint8_t references[FL_DEVICES];
	bool disabled[FL_DEVICES]; /* runtime PM, by pm-disable */
	struct operation_domain {
		bool allocated, attached;
		bool closing; /* is being freed: nobody starts to use it any more */
		uint8_t users;
		uint16_t mapped; /* pages */
		uint16_t busy;	 /* pages that are being mapped or unmapped */
	} domains[OP_DOMAINS];
};
extern struct operation_state *operation_state;

/*
 * A task begins and ends to use the driver: waits while user space is frozen; -ENODEV after unbind,
 * -ESHUTDOWN after shutdown, -EAGAIN while the SMMU's runtime PM is disabled and it is not active
 * (no user runs then in Linux: it is disabled around the late phases of system sleep only).
 */
int operation_begin(void);
void operation_end(void);
/* No user is in the driver and none comes in, until the second one. May block. */
void operation_exclude_users(void);
void operation_admit_users(void);
/* Detach and free every domain; users are excluded. */
void operation_drop_domains(void);
void operation_detach(unsigned int domain);

int operation_system_sleep(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_shutdown(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_unbind(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_pm_disable(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_pm_enable(const struct fl_subject *subject, const uint8_t arguments[3]);

/* --- operations_domain.c -------------------------------------------------------------------- */

int operation_map(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_unmap(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_iova_to_phys(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_attach(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_detach_domain(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_free_domain(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_set_stall(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_set_ttbr0_cfg(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_get_fault_info(const struct fl_subject *subject, const uint8_t arguments[3]);

/* --- operations_pm.c ------------------------------------------------------------------------ */

#define OPERATION_PM(name)                                                                         \
	int operation_pm_##name(const struct fl_subject *subject, const uint8_t arguments[3]);
OPERATION_PM(get_sync)
OPERATION_PM(resume_and_get)
OPERATION_PM(get)
OPERATION_PM(get_noresume)
OPERATION_PM(get_if_active)
OPERATION_PM(get_if_in_use)
OPERATION_PM(put)
OPERATION_PM(put_sync)
OPERATION_PM(put_autosuspend)
OPERATION_PM(put_noidle)
OPERATION_PM(suspend)
OPERATION_PM(request_idle)
OPERATION_PM(mark_busy)
OPERATION_PM(barrier)
#undef OPERATION_PM

/* --- operations_hardware.c ------------------------------------------------------------------ */

int operation_dma(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_gmu_dma(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_unknown_dma(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_self_test(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_global_self_test(const struct fl_subject *subject, const uint8_t arguments[3]);
int operation_other_irq(const struct fl_subject *subject, const uint8_t arguments[3]);
/* Request the other device's interrupt, if the profile has one. */
int operation_other_probe(void);

#endif

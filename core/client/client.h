/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client: a GPU-like bus master with its driver (domain.md, section 6). Its hardware has power,
 * a few registers and DMA through the SMMU; its driver has a fault callback, a worker that captures
 * a dump, a submit path and a lock of its own. It reaches the SMMU driver only through the
 * subject's operations. The runtime PM of the GPU device is the subject's (real or modelled); the
 * callbacks are fl_client_runtime_suspend() and _resume() of <faultline/host.h>, its fault handler
 * is fl_client_fault() there.
 */
#ifndef FAULTLINE_CLIENT_H
#define FAULTLINE_CLIENT_H

#include <faultline/subject.h>
#include <smmu/smmu.h>

enum client_answer {
	CLIENT_ANSWERS_0,
	CLIENT_ANSWERS_EAGAIN,
	CLIENT_ANSWERS_EBUSY,
	CLIENT_ANSWERS_ENOSYS
};
enum client_resume { CLIENT_RESUME_NONE, CLIENT_RESUME_EARLY, CLIENT_RESUME_WORKER };

/*
 * What the client's driver does in its fault callback; part of the scenario. What is no enum is
 * 0 or 1. A client that answers -EAGAIN does so CLIENT_RETRIES times a run, then 0: one that has
 * the same access retried for ever hangs by itself, whatever the SMMU's driver does.
 */
struct client_config {
	uint8_t answer;	    /* enum client_answer */
	uint8_t resume;	    /* enum client_resume; only for subjects with the hook, else ignored */
	uint8_t fault_info; /* calls get_fault_info */
	uint8_t set_stall;  /* switches stalling off in the callback, on again from submit */
	uint8_t block;	    /* takes its own lock (only where the handler may sleep) */
	uint8_t dump; /* queues or takes a dump: reads GPU registers, pm_runtime_get_sync(GPU) */
	uint8_t registers; /* enum client_registers: of its own, in the callback (CP_SCRATCH) */
};
/*
 * drm/msm reads them whatever the GPU's power; a careful client looks first, under a lock of its
 * own. No driver of an SMMU can make the first one safe: a report may come when the GPU is off
 * already.
 */
enum client_registers { CLIENT_REGISTERS_NONE, CLIENT_REGISTERS_CAREFUL, CLIENT_REGISTERS_BLIND };
#define CLIENT_RETRIES	       2

/* Offsets of the GPU's registers (a6xx). */
#define CLIENT_INT_CLEAR       0x00dc /* RBBM_INT_CLEAR_CMD, write ones to clear INT_STATUS */
#define CLIENT_HALT	       0x0058 /* RBBM_GBIF_HALT: bit 0 stops the bus interface */
#define CLIENT_HALT_ACK	       0x005c /* RBBM_GBIF_HALT_ACK: bit 0: stopped, nothing outstanding */
#define CLIENT_INT_STATUS      0x0804 /* RBBM_INT_0_STATUS */
#define CLIENT_STATUS3	       0x084c /* RBBM_STATUS3, bit 24: stalled on a fault of the SMMU */
#define CLIENT_DOORBELL	       0x201c /* CP_RB_WPTR: start what the ring holds */
#define CLIENT_SCRATCH(n)      (0x220c + 4 * (n)) /* CP_SCRATCH_REG(0 to 7) */
#define CLIENT_INT_ERROR       (1u << 1)
#define CLIENT_INT_DONE	       (1u << 20)
#define CLIENT_STATUS3_STALLED (1u << 24)

/* Before probe; the state lives in the arena. */
void client_init(const struct fl_subject *subject);
/* What the subject can do on this machine (FL_SUBJECT_*): some profiles have no stalling, say. */
void client_set_features(uint32_t features);
/* Once a case. */
void client_configure(const struct client_config *config);

/*
 * The driver's submit: takes a reference of the GPU, rings the doorbell for one access to @iova,
 * waits for it (at most the 500 ms of the hang check), drops the reference with autosuspend. In a
 * task, may block. 0, -EFAULT if the access was aborted, -ETIMEDOUT if it hung, or the error of the
 * reference.
 */
int client_submit(uint64_t iova, bool write);
/* The driver switches stalling as a debugfs user asks it to; in a task. 0 or a negative errno. */
int client_set_stall(bool on);
/* User space has read the dump: the next fault may be dumped again, stalling may come back. */
void client_dump_read(void);
/* The driver's fault worker is cancelled, and waited for; in a task. Before domain 0 goes. */
void client_quiesce(void);

/*
 * The GPU's hardware sends one transaction (@request's unit is filled in). Needs no context of its
 * own: an agent's, or the doorbell's. Returns the transaction's number, or -ENODEV without power or
 * while the bus interface is halted.
 */
int client_dma(struct smmu_request request);
bool client_powered(void);
/* The GPU's MMIO region (FL_REGION_GPU), registered with fl_mmio_connect() by the world. */
uint64_t client_read(unsigned int instance, uint32_t offset, unsigned int size);
void client_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size);
/* The client's clocks and power domain. */
void client_set_clocks(bool on);
void client_set_domain(bool on);

#endif

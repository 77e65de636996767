/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The client: a GPU-like bus master with its driver (domain.md, section 6). Its hardware has power,
 * a few registers and DMA through the SMMU; its driver has a fault callback, a worker that captures
 * a dump, a submit path and a lock of its own. It reaches the SMMU driver only through the subject's
 * operations. The runtime PM of the GPU device is the subject's (real or modelled); the callbacks are
 * fl_client_runtime_suspend() and _resume() of <faultline/host.h>.
 */
#ifndef FAULTLINE_CLIENT_H
#define FAULTLINE_CLIENT_H

#include <faultline/subject.h>
#include <smmu/smmu.h>

enum client_answer { CLIENT_ANSWERS_0, CLIENT_ANSWERS_EAGAIN, CLIENT_ANSWERS_EBUSY, CLIENT_ANSWERS_ENOSYS };
enum client_resume { CLIENT_RESUME_NONE, CLIENT_RESUME_EARLY, CLIENT_RESUME_WORKER };

/* What the client's driver does in its fault callback; part of the scenario. */
struct client_config {
	uint8_t answer;		/* enum client_answer */
	uint8_t resume;		/* enum client_resume; only for subjects with the hook */
	uint8_t fault_info;	/* calls get_fault_info */
	uint8_t set_stall;	/* switches stalling off in the callback, on again from submit */
	uint8_t block;		/* takes its own lock (only where the handler may sleep) */
	uint8_t dump;		/* queues or takes a dump: reads GPU registers, pm_runtime_get_sync(GPU) */
	uint8_t registers;	/* reads its own registers in the callback (CP_SCRATCH) */
};

/* Before probe; the state lives in the arena. */
void client_init(const struct fl_subject *subject);
/* Once a case. */
void client_configure(const struct client_config *config);

/* Operations of scenarios; each runs in a task context and may block, 0 or a negative errno. */
int client_submit(uint64_t iova, bool write);	/* pm get, ring the hardware, wait, put_autosuspend */
bool client_powered(void);
/* The GPU's MMIO region (FL_REGION_GPU), registered with fl_mmio_connect() by the world. */
uint64_t client_read(unsigned int instance, uint32_t offset, unsigned int size);
void client_write(unsigned int instance, uint32_t offset, uint64_t value, unsigned int size);
/* The client's clocks and power domain. */
void client_set_clocks(bool on);
void client_set_domain(bool on);

#endif

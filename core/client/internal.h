/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the client share: the hardware's state and the driver's, both in the arena. */
#ifndef FAULTLINE_CLIENT_INTERNAL_H
#define FAULTLINE_CLIENT_INTERNAL_H

#include "client.h"

#include <faultline/engine.h>
#include <faultline/event.h>
#include <faultline/host.h>

#define CLIENT_SCRATCH_COUNT 8
/* Transactions that the GPU remembers as outstanding; more than its driver submits. */
#define CLIENT_OUTSTANDING   16
#define CLIENT_DOMAIN	     0

struct client_state {
	/* Hardware. */
	bool clocks, domain;
	bool halted;
	uint32_t int_status;
	uint32_t doorbell;
	uint32_t scratch[CLIENT_SCRATCH_COUNT];
	uint32_t outstanding[CLIENT_OUTSTANDING]; /* transaction numbers, 0: none */
	uint32_t under_way; /* transactions that were sent, and have not reached the SMMU */
	/* The ring: the one access that the doorbell starts, and which transaction it became. */
	uint64_t ring_iova;
	bool ring_write;
	int ring_transaction;
	/* Driver. */
	uint32_t features; /* FL_SUBJECT_* of the subject on this machine */
	struct client_config config;
	fl_lock_t lock;	      /* gpu->lock, a mutex */
	fl_lock_t stall_lock; /* fault_stall_lock, a spinlock */
	fl_lock_t hw_lock;    /* hw_up, and reads that depend on it; a spinlock */
	bool hw_up;	      /* between runtime resume and runtime suspend */
	bool stall_enabled;
	uint64_t stall_reenable_time_ns;
	bool crashstate;  /* a dump has been taken and not been read */
	bool dump_queued; /* for the worker */
	uint8_t retries;  /* answers of -EAGAIN in this run */
	uint32_t fence;
	uint32_t captured; /* what the dump holds: keeps its reads honest */
	uint8_t work;	   /* its address is the fault worker's work item */
};
extern struct client_state *client_state;
extern const struct fl_subject *client_subject;

/* hardware.c: is any transaction of the GPU without an outcome? Returns one of them, or 0. */
unsigned int client_outstanding(void);
/* hardware.c: wait until the SMMU has each transaction that was sent. */
void client_drain(void);
/* driver.c: as a driver reads and writes, through the mapped region. */
uint32_t client_mmio_read(uint32_t offset);
void client_mmio_write(uint32_t offset, uint32_t value);
/* fault.c: read the registers that a report wants, if the hardware is up: a suspend waits for it.
 */
void client_set_hw_up(bool up);
/* fault.c: switch stalling on again if its time has come; from submit, with the lock held. */
void client_reenable_stall(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of each recorded fault of a context bank, by its id: who reported it, how often it was
 * resumed, how it ended.
 */
#ifndef FAULTLINE_CHECK_FAULT_LOG_H
#define FAULTLINE_CHECK_FAULT_LOG_H

#include <check/observe.h>

/* Faults beyond this number in one run are not followed. */
#define CHECK_FAULTS 1024

struct check_fault {
	uint8_t bank;
	uint8_t reports;  /* to the client */
	uint8_t resumes;  /* that took effect, or came after the one that did */
	bool garbage;	  /* left in FSR by a power loss, or of the driver's own ECATS */
	bool live_domain; /* when it was recorded, its bank belonged to an attached domain */
	bool retired;
	bool declared;	      /* by a declared drop; see check_fault_declared() */
	const char *function; /* of the subject that retired it */
	const char *entry;    /* point that it was called from */
	fl_context_t retired_by;
	uint32_t retired_in; /* serial of the handler call that did, 0 if none did */
};

void check_fault_log_start(void);
void check_fault_log_reset(void);
/* The faults of this run have ids from first to last. */
uint32_t check_fault_first(void);
uint32_t check_fault_last(void);
/* The fault with @id, or NULL: unknown, garbage, global, from before the run, or beyond CHECK_FAULTS. */
struct check_fault *check_fault_find(uint32_t id);
/* Was it retired by a drop that the driver has declared? */
bool check_fault_declared(const struct check_fault *fault);
/* The fault whose FSR the running handler of @context read last; 0: none, or without power. */
uint32_t check_fault_read(const struct check_context *context);

#endif

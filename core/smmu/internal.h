/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fake SMMU's state and what its files ask of each other.
 *
 * 1. All state is one struct in the arena, because a reset of the world is a copy of the arena; it
 * is kept small for the same reason.
 * 2. Whatever changes state goes through smmu_set32()/smmu_set64() or calls smmu_changed(), so that
 * the generation number is exact.
 * 3. An operation (a register access, a transaction, a power change) changes state, and calls
 *    smmu_outputs_update() once at its end: the lines never glitch within a step.
 * 4. A fault id stands for one recorded fault. It is live while the FSR holds bits of it: the type
 *    bits and MULTI belong to @fault, SS belongs to @ss_fault; the two differ only under the knob
 *    multi_while_stalled = recorded.
 */
#ifndef FAULTLINE_SMMU_INTERNAL_H
#define FAULTLINE_SMMU_INTERNAL_H

#include "bits.h"
#include "smmu.h"

#define SMMU_MAX_GROUPS	   16
#define SMMU_MAX_ACTIVE	   40  /* transactions that are stalled, queued, held or in flight */
#define SMMU_OUTCOMES	   512 /* how many transactions back an outcome is remembered */
#define SMMU_FAULT_BANKS   512 /* how many faults back a fault's bank is remembered */
#define SMMU_MAX_POSTED	   16
#define SMMU_NO_BANK	   254

/* Registers whose content is not drawn yet after a power loss (knob reset_state = random). */
#define SMMU_UNKNOWN_FSR   1
#define SMMU_UNKNOWN_FAR   2
#define SMMU_UNKNOWN_SCTLR 4

struct smmu_bank {
	uint32_t sctlr, actlr, tcr, tcr2, contextidr, mair0, mair1;
	uint32_t fsr, fsynr0, fsynr1, cbfrsynra, cbar, cba2r;
	uint64_t ttbr0, ttbr1, far, par;
	uint64_t ats_address; /* last written ATS1xx, for split accesses */
	uint64_t ats_par;     /* what PAR gets when the operation ends */
	uint64_t ats_until;   /* end of the running operation, in ns; 0 none */
	uint64_t sync_until;  /* end of the running TLB sync, in ns; 0 none */
	uint32_t fault;	      /* id that the FSR's type bits and MULTI belong to, 0 none */
	uint32_t ss_fault;    /* id that SS belongs to, 0 none */
	uint32_t syndrome;    /* id that FAR, FSYNR and CBFRSYNRA belong to, 0 none */
	uint8_t unknown;
	bool resume_stuck;   /* an ignored RESUME latched (resume_ignored_policy = sticky) */
	bool terminate_next; /* a RESUME without SS waits (resume_without_ss = terminates_next) */
	bool output;
};

struct smmu_global {
	uint32_t cr0, acr, gfsr, gfsynr0, gfsynr1, gfsynr2;
	uint64_t gfar;
	uint32_t smr[SMMU_MAX_GROUPS], s2cr[SMMU_MAX_GROUPS];
	uint16_t smr_unknown, s2cr_unknown;
	uint64_t sync_until;
	uint32_t fault;
	bool output;
};

struct smmu_tbu {
	uint64_t sid_halt, va, trigger, par, axuser;
	uint64_t ecats_par, ecats_until;
	uint32_t ecats_transaction; /* stalled by its own fault, 0 none */
};

enum smmu_txn_state {
	SMMU_TXN_FREE,
	SMMU_TXN_FLYING,  /* matched, not translated yet */
	SMMU_TXN_HELD,	  /* at the TBU: halted, or no clock */
	SMMU_TXN_STALLED, /* owns SS */
	SMMU_TXN_QUEUED,  /* waits to be recorded, or (fault != 0) for SS */
};

struct smmu_txn {
	struct smmu_request request;
	uint32_t number; /* in order of issue: the queue is in this order */
	uint32_t fault;	 /* fault id recorded for it, 0 none */
	uint8_t state;
	uint8_t bank;	    /* bank that it stalls or waits in */
	uint8_t entry_bank; /* bank that its stream maps to */
	bool privileged;    /* after PRIVCFG */
	bool debug;	    /* a TBU's ECATS: not held by its halt */
};

struct smmu_posted {
	uint64_t reg, value, due_ns;
	uint8_t size;
};

struct smmu_state {
	struct smmu_config config;
	struct smmu_global global;
	struct smmu_bank banks[SMMU_MAX_BANKS];
	struct smmu_tbu tbus[SMMU_MAX_TBUS];
	struct smmu_txn active[SMMU_MAX_ACTIVE];
	uint8_t outcomes[SMMU_OUTCOMES];
	uint8_t fault_banks[SMMU_FAULT_BANKS];
	struct smmu_posted posted[SMMU_MAX_POSTED];
	uint64_t in_use; /* mask of the entries of @active that are not free */
	uint64_t generation;
	uint64_t causes;       /* changes of what an output depends on, and of outputs */
	uint64_t settle_ns;    /* nothing ends before it; 0: nothing is under way */
	uint64_t late_error;   /* register of an SError on its way, plus 1; 0 none */
	uint32_t transactions; /* numbers given out */
	uint32_t faults;       /* ids given out */
	uint8_t posted_count;
	uint8_t power; /* enum fl_power */
	bool clocks, domain;
	bool whole_device_object;
	bool draw_at_power_up;
	bool undriven; /* what the outputs depend on may have changed since they were driven */
	int8_t bus_agent;
};

_Static_assert(SMMU_MAX_ACTIVE <= 64, "each has a bit in a mask");

extern struct smmu_state *smmu;

/* For each transaction that is not over, by index; most of the time there is none. */
#define smmu_for_each_active(txn)                                                                  \
	for (uint64_t left_ = smmu->in_use;                                                        \
	     left_ && ((txn) = &smmu->active[__builtin_ctzll(left_)]); left_ &= left_ - 1)

/* --- state.c --- */
void smmu_changed(void);
/* The same, where no interrupt output depends on what changed. */
void smmu_changed_silently(void);
/* Of registers that no output depends on. */
void smmu_set32(uint32_t *cell, uint32_t value);
void smmu_set64(uint64_t *cell, uint64_t value);
/* Of those that one does: FSR, SCTLR, sGFSR, sCR0. */
void smmu_set_cause(uint32_t *cell, uint32_t value);
/* fl_choose(FL_CHOOSE_HARDWARE, @n) in a run, 0 outside. */
unsigned int smmu_chance(unsigned int n);
/* Virtual time at which something that takes @ns from now on ends; 0 (at once) outside a run. */
uint64_t smmu_deadline(uint64_t ns);
/*
 * End what virtual time has ended: TLB syncs, address translations. Whoever sets one of the cells
 * that end in _until has the deadline from smmu_deadline(), which remembers the earliest.
 */
void smmu_settle_now(void);
static inline void smmu_settle(void)
{
	if (smmu->settle_ns && (fl_now() >= smmu->settle_ns || !fl_running()))
		smmu_settle_now();
}
/* The device is asked for what it does not model: end the run, or the program outside one. */
void smmu_unsupported(const char *what);
/* The objects of scheduling points, see smmu_whole_device_object(). */
uintptr_t smmu_object_global(void);
uintptr_t smmu_object_bank(unsigned int bank);
uintptr_t smmu_object_of(uint64_t reg);
/* A scheduling point for an access to @reg. */
void smmu_point(enum fl_access_kind kind, uintptr_t object, uint64_t reg);

/* The halves of a 64-bit register. */
static inline uint32_t smmu_low(uint64_t cell)
{
	return (uint32_t)cell;
}

static inline uint32_t smmu_high(uint64_t cell)
{
	return cell >> 32;
}

static inline void smmu_set_low(uint64_t *cell, uint32_t value)
{
	smmu_set64(cell, (*cell & ~0xffffffffull) | value);
}

static inline void smmu_set_high(uint64_t *cell, uint32_t value)
{
	smmu_set64(cell, (*cell & 0xffffffffull) | (uint64_t)value << 32);
}

/* --- registers*.c: what a register reads as and what a write to it does --- */
uint32_t smmu_global_read(uint32_t offset);
void smmu_global_write(uint32_t offset, uint32_t value);
uint32_t smmu_bank_read(unsigned int bank, uint32_t offset);
void smmu_bank_write(unsigned int bank, uint32_t offset, uint32_t value);
/* When a TLB sync that starts now ends (knob tlb_sync_latency). */
uint64_t smmu_sync_deadline(void);
uint64_t smmu_register_read(uint64_t reg, unsigned int size);
void smmu_register_write(uint64_t reg, uint64_t value, unsigned int size);
/* Fault id for the REG_READ and REG_WRITE events. */
uint32_t smmu_register_fault(uint64_t reg);

/* --- bank.c, queue.c --- */
struct smmu_walk;
void smmu_bank_reset(unsigned int bank);
void smmu_bank_write_sctlr(unsigned int bank, uint32_t value);
void smmu_bank_write_fsr(unsigned int bank, uint32_t value);
void smmu_bank_write_fsrrestore(unsigned int bank, uint32_t value);
void smmu_bank_write_resume(unsigned int bank, uint32_t value);
/* A fault of @txn in @bank, found by @walk: record it, queue it or terminate it. */
void smmu_bank_fault(unsigned int bank, struct smmu_txn *txn, const struct smmu_walk *walk);
/* Does the FSR of @bank hold a fault that stops others when HUPCF = 0? */
bool smmu_bank_outstanding(const struct smmu_bank *bank);
/* Give SS of @bank to @txn. */
void smmu_bank_stall(unsigned int bank, struct smmu_txn *txn);
/* Forget the faults of @bank whose FSR bits are gone; @reason: enum fl_retire. */
void smmu_bank_retire(unsigned int bank, enum fl_retire reason);
/* The transaction of @fault is gone: the fault is too, unless FSR has bits of it. */
void smmu_bank_forget(unsigned int bank, uint32_t fault, enum fl_retire reason);
uint32_t smmu_new_fault(unsigned int bank);
/* Let the waiting transactions of @bank try again, as far as its FSR lets them. */
void smmu_queue_run(unsigned int bank);
/* Put @txn at the end of @bank's queue, or terminate it if the queue is full. */
void smmu_queue_add(unsigned int bank, struct smmu_txn *txn);
/* Terminate all that wait; faults of theirs that no FSR bit stands for end with @reason. */
void smmu_queue_flush(unsigned int bank, enum fl_retire reason);

/* --- unknown.c: registers after a power loss, drawn when they are first looked at --- */
void smmu_unknown_mark(void);
void smmu_unknown_power_up(void);
/* @written: SCTLR was just written, so that nothing is known of the line any more. */
void smmu_unknown_fsr(unsigned int bank, bool written);
void smmu_unknown_far(unsigned int bank);
void smmu_unknown_sctlr(unsigned int bank);
void smmu_unknown_smr(unsigned int group);
void smmu_unknown_s2cr(unsigned int group);

/* --- ledger.c --- */
struct smmu_txn *smmu_txn_new(const struct smmu_request *request);
void smmu_txn_done(struct smmu_txn *txn, enum smmu_outcome outcome);
/* Terminate: the client sees an abort if CFRE of the bank says so. */
void smmu_txn_terminate(struct smmu_txn *txn, unsigned int bank);
/* Translate @txn in its entry bank as the registers are now. */
void smmu_txn_translate(struct smmu_txn *txn);
/* Send @txn on from the TBU, without a scheduling point. */
void smmu_txn_issue(struct smmu_txn *txn);
void smmu_txn_release_held(void);
/* The transaction that owns SS of @bank, or NULL. */
struct smmu_txn *smmu_txn_stalled(unsigned int bank);
/* Is a transaction of @bank with fault @fault pending? */
bool smmu_txn_has_fault(unsigned int bank, uint32_t fault);
/* The power is gone: every transaction ends as knob stalled_at_power_off says. */
void smmu_txn_lose_all(enum fl_retire reason);
bool smmu_txn_pending(uint32_t number);
unsigned int smmu_txn_count(unsigned int bank, enum smmu_txn_state state);

/* --- stream.c, global.c --- */
enum smmu_match { SMMU_MATCH_BANK, SMMU_MATCH_BYPASS, SMMU_MATCH_FAULT };
/* Where the stream of @txn goes; sets its entry bank and privilege, or *@gfsr. Changes nothing
 * else. */
enum smmu_match smmu_stream_match(struct smmu_txn *txn, uint32_t *gfsr);
void smmu_global_reset(void);
void smmu_global_write_gfsr(uint32_t value);
void smmu_global_write_gfsrrestore(uint32_t value);
/*
 * Record a global fault; @request is NULL for an access to a register that is not there. Returns
 * its id, 0 if another one stands already.
 */
uint32_t smmu_global_fault(uint32_t bits, const struct smmu_request *request);

/* --- translate.c --- */
struct smmu_walk {
	uint64_t pa;
	uint32_t fsr;	   /* FSR type bit; 0: translated */
	unsigned int bank; /* bank that the fault belongs to */
	unsigned int level;
	bool on_table; /* stage 2 or abort on a table access of the walk */
	bool bypassed; /* the bank does not translate */
};
void smmu_translate(unsigned int bank, uint64_t iova, bool write, bool privileged,
		    struct smmu_walk *walk);

/* --- tbu.c --- */
void smmu_tbu_reset(unsigned int tbu);
bool smmu_tbu_halted(uint16_t stream);
uint64_t smmu_tbu_register_read(unsigned int tbu, uint32_t offset);
void smmu_tbu_register_write(unsigned int tbu, uint32_t offset, uint64_t value);

/* --- posted.c --- */
void smmu_posted_init(void);
bool smmu_posted_wanted(void);
void smmu_posted_add(uint64_t reg, uint64_t value, unsigned int size);
/* Apply the writes that wait for the device of @reg, in order. */
void smmu_posted_flush(uint64_t reg);
void smmu_posted_lose(void);

/* --- outputs.c --- */
void smmu_outputs_drive(void);
/* Outputs are a function of state: while that stays as it is, nobody need look at them. */
static inline void smmu_outputs_update(void)
{
	if (smmu->undriven)
		smmu_outputs_drive();
}
bool smmu_bank_asserts(const struct smmu_bank *bank);
/* Does SS alone assert the line? */
bool smmu_ss_asserts(void);

#endif

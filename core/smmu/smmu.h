/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fake SMMU: registers, context banks, faults, stalled transactions, TBUs, power, interrupt
 * outputs (domain.md, sections 1.1 to 1.7). It knows the engine, the event bus and the knobs, and
 * nothing of Linux. All its state lives in the arena. What the hardware leaves open is read from
 * fl_knobs. There is one SMMU in a world.
 *
 * Events, beyond what event.h says of each:
 *  - An access without power emits OFF_ACCESS; then BUS_ERROR if it aborts, which ends the run, else
 *    REG_READ or REG_WRITE with the value that the CPU saw, for no fault.
 *  - With posted writes, REG_WRITE is the CPU's step; FSR_WRITE, RESUME_WRITE and SCTLR_WRITE come when
 *    the write arrives, in the context that pushed it or in the agent "smmu-bus"; WRITE_LOST if never.
 *  - FAULT_RECORDED has a text when no transaction caused it: "FSRRESTORE", "sGFSRRESTORE", "unknown
 *    after power loss".
 *  - REG_READ of FAR, FSYNR0, FSYNR1 and CBFRSYNRA names the fault whose syndrome they hold, even
 *    after its FSR bits are gone; all others name the fault that is recorded now.
 *  - A fault is retired when the last of its FSR bits goes, SS included; the reason is what took it.
 *    FL_RETIRE_TEARDOWN: by SCTLR, under the knobs disabled_bank and cfcfg_cleared.
 */
#ifndef FAULTLINE_SMMU_H
#define FAULTLINE_SMMU_H

#include <faultline/engine.h>
#include <faultline/event.h>
#include <faultline/knobs.h>

#define SMMU_MAX_BANKS 8
#define SMMU_MAX_TBUS  2

enum smmu_model { SMMU_MODEL_MMU500, SMMU_MODEL_QCOM_V2 };

struct smmu_config {
	enum smmu_model model;
	unsigned int banks;	    /* context banks, 1 to SMMU_MAX_BANKS */
	unsigned int stream_groups; /* SMR/S2CR pairs, 1 to 16 */
	unsigned int address_bits;  /* IAS = OAS = UBS: 32, 36 or 40 */
	unsigned int tbus;	    /* TBU debug blocks, 0 to SMMU_MAX_TBUS */
	/*
	 * An interrupt output changed its level. @bank: context bank, or FL_BANK_GLOBAL.
	 * Called within the step that changed it.
	 */
	void (*output)(unsigned int bank, bool level);
	/* Read a 64-bit word of memory at physical address @address into @value; false: bus abort. */
	bool (*read_memory)(uint64_t address, uint64_t *value);
};

/*
 * Make the SMMU, in its hardware reset state, powered on. After fl_machine_init() (it creates the agent
 * "smmu-bus"), once, before the snapshot.
 */
void smmu_init(const struct smmu_config *config);

/* Bytes of the register region: 2 * NUMPAGE pages of 4 KiB (IDR1). */
uint32_t smmu_region_size(void);

/*
 * Register access, each a scheduling point first, then atomic. @offset from the region's base,
 * @size 4 or 8. What happens without power is a knob: it emits FL_EV_OFF_ACCESS, and an abort ends
 * the run (fl_stop) as the machine would.
 */
uint64_t smmu_read(uint32_t offset, unsigned int size);
void smmu_write(uint32_t offset, uint64_t value, unsigned int size);
/* The same for a TBU's debug block. */
uint64_t smmu_tbu_read(unsigned int tbu, uint32_t offset, unsigned int size);
void smmu_tbu_write(unsigned int tbu, uint32_t offset, uint64_t value, unsigned int size);

/* How a TBU's register is named in events: FL_REGION_TBU, with the TBU's number in bits 23 to 16. */
#define SMMU_TBU_REGISTER(tbu, offset) FL_REGISTER(FL_REGION_TBU, (uint32_t)(tbu) << 16 | (offset))
/* Which TBU a stream comes through: 1024 streams each, the last TBU takes the rest. */
unsigned int smmu_tbu_of(uint16_t stream);

/*
 * What a scheduling point of this device names as its object. Off (the default): the registers that
 * communicate, one object a bank, one for GR0, and small ones. On: the whole device. Power is not an
 * access to any of them, so a partial-order reduction that must hold over power changes needs On;
 * then smmu_set_clocks() and smmu_set_domain() are scheduling points (FL_ACCESS_WRITE) too.
 */
void smmu_whole_device_object(bool on);

/*
 * Clocks and power domain, driven by the kernel's models. The two together give enum fl_power;
 * knobs power_off, reset_state, gated_line, collapsed_line and stalled_at_power_off say what happens.
 */
void smmu_set_clocks(bool on);
void smmu_set_domain(bool on);
enum fl_power smmu_power(void);
/* The SMMU's reset input: as a power loss that lasts no time, and faults end as FL_RETIRE_RESET. */
void smmu_hardware_reset(void);

/* --- transactions ------------------------------------------------------------------------ */

enum smmu_outcome {
	SMMU_OUTCOME_OK,
	SMMU_OUTCOME_BYPASSED,
	SMMU_OUTCOME_ABORTED, /* the client sees an abort */
	SMMU_OUTCOME_DROPPED, /* terminated without an abort (CFRE = 0), or lost with the power */
	SMMU_OUTCOME_PENDING, /* stalled or queued */
	SMMU_OUTCOME_HUNG,    /* lost with the power, and the master waits for ever (knob) */
};

struct smmu_request {
	uint16_t stream;
	uint64_t iova;
	bool write;
	bool privileged;
	uint8_t unit; /* the client's block, as FSYNR1[7:0] tells it (Adreno) */
};

/*
 * Send a transaction: translated, bypassed, faulting (recorded, queued, terminated, stalled) as the
 * bank's registers at this moment say. Two scheduling points: the match of the stream, then the
 * translation. Never blocks; without clocks, or while its TBU is halted, it is held. Returns the
 * transaction's number (from 1 up, in order, unique within a run).
 */
unsigned int smmu_dma(const struct smmu_request *request);
/* Outcome of one of the last 512 transactions; an older or unknown one ends the program. */
enum smmu_outcome smmu_dma_outcome(unsigned int transaction);
/* Block the running context until the transaction is not pending; returns the outcome. */
enum smmu_outcome smmu_dma_wait(unsigned int transaction);
/*
 * Wait once, at most until virtual time @deadline_ns; also ended by fl_wake() of the caller. Returns
 * the outcome so far, SMMU_OUTCOME_PENDING if it has none yet.
 */
enum smmu_outcome smmu_dma_wait_until(unsigned int transaction, uint64_t deadline_ns);
/*
 * The hardware's own self-test: set @bits in @bank's FSR, or in sGFSR (FL_BANK_GLOBAL), as FSRRESTORE
 * does, in one step after a scheduling point. Refused, with false, without power, and while the bank
 * holds a fault or a stalled transaction: a self-test is for an idle bank.
 */
bool smmu_self_test(unsigned int bank, uint32_t bits);
/* How many transactions are stalled or queued, all banks. */
unsigned int smmu_dma_pending(void);
/* How many wait at a TBU that is halted, or for the clocks. */
unsigned int smmu_dma_held(void);

/* --- for checkers and traces: looks at the device without touching it ---------------------- */

struct smmu_bank_view {
	uint32_t fsr, sctlr, fsynr0, fsynr1, cbfrsynra;
	uint64_t far;
	uint32_t fault;	      /* id of the recorded fault that the syndrome belongs to; 0 none */
	unsigned int stalled; /* transactions stalled, recorded or not */
	unsigned int queued;
	bool output; /* interrupt output */
};
void smmu_bank_view(unsigned int bank, struct smmu_bank_view *view);
/* FSR of a bank, or sGFSR (FL_BANK_GLOBAL): for whoever asks at each step and wants nothing else. */
uint32_t smmu_fsr(unsigned int bank);
uint32_t smmu_gfsr(void);
uint32_t smmu_gfault(void); /* id of the global fault recorded, 0 none */
bool smmu_output(unsigned int bank);
/* Is fault @fault (an id) still recorded, and does it still assert its bank's output? */
bool smmu_fault_live(uint32_t fault);
bool smmu_fault_asserting(uint32_t fault);
/* Bank of a live fault, or of one of the last 512. */
unsigned int smmu_fault_bank(uint32_t fault);
uint32_t smmu_fault_count(void); /* ids given out in this run */
/*
 * A number that changes whenever registers, outputs, power, the ledger or the queue change. Equal
 * numbers mean: nothing about the device changed.
 */
uint64_t smmu_generation(void);
/*
 * The same for what interrupt outputs depend on (FSR, SCTLR, sGFSR, sCR0, power), and for the outputs
 * themselves. It changes at a few of those changes only.
 */
uint64_t smmu_cause_changes(void);
/* Name of a register for people: "CB0.FSR", "GR0.sGFSR", "TBU0.PAR"; written to @buffer. */
const char *smmu_register_name(uint64_t reg, char *buffer, unsigned int size);
/* FSR bits by name, "TF|SS|MULTI", written to @buffer. */
const char *smmu_fsr_names(uint32_t fsr, char *buffer, unsigned int size);

#endif

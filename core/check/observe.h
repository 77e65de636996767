/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the checkers know in common about the world, gathered from events: which handler each context
 * is in, lines and their masks, runtime PM, power, which domain has which bank.
 *
 * 1. What a run inherits from the boot (requested lines, status, owners of banks) is in the arena, in
 *    struct check_world, so a reset brings it back. What a context is in the middle of is not: nobody
 *    is in the middle of anything when a run begins.
 * 2. An event that begins something is observed before the checkers see it, one that ends something
 *    after. So a checker finds the handler that enters, and the handler that returns, on the stack.
 */
#ifndef FAULTLINE_CHECK_OBSERVE_H
#define FAULTLINE_CHECK_OBSERVE_H

#include <check/check.h>
#include <smmu/bits.h>
#include <smmu/smmu.h>

#include <faultline/host.h>

/* Rows by context; the first one is the caller outside a run. */
#define CHECK_CONTEXTS	 (FL_MAX_CONTEXTS + 1)
#define CHECK_FRAMES	 4
#define CHECK_DEPTH	 9 /* entry points nest 8 deep; 0 is outside of all */
#define CHECK_ACTIONS	 12
#define CHECK_DOMAINS	 8
/* Banks by number; the last one is the global fault. */
#define CHECK_BANKS	 (SMMU_MAX_BANKS + 1)
#define CHECK_GLOBAL	 SMMU_MAX_BANKS
#define CHECK_NO_BANK	 0xff
#define CHECK_NO_DOMAIN	 0xff

#define CHECK_FSR_FAULTS (SMMU_FSR_W1C | SMMU_FSR_SS)

/* One call of an interrupt handler that is going on. */
struct check_frame {
	const char *function;
	uint32_t serial; /* of the call, unique in a run */
	uint8_t line;
	uint8_t action;
	uint8_t bank;  /* that it serves; CHECK_NO_BANK: another device */
	uint8_t depth; /* entry depth at the call: the handler's own code has depth + 1 */
	bool thread;
	bool off; /* it met the SMMU without power, or the power went meanwhile */
};

/*
 * Fault ids that one activation of an entry point read out of a bank's registers, each time the last
 * one; of the FSR, which may be read before and after the others, the last few.
 */
#define CHECK_FSR_READS 4
struct check_reads {
	uint32_t fsr[CHECK_FSR_READS]; /* the latest first */
	uint32_t fsr_value;	       /* what the latest gave */
	uint32_t far, fsynr0, cbfrsynra;
	uint8_t seen; /* CHECK_READ_* */
	uint8_t bank;
	bool off; /* some of it was read without power */
};
#define CHECK_READ_FSR	     1
#define CHECK_READ_FAR	     2
#define CHECK_READ_FSYNR0    4
#define CHECK_READ_CBFRSYNRA 8

struct check_context {
	uint8_t frame_count;
	uint8_t depth;		      /* of entry points */
	uint8_t operations;	      /* operations of the scenario, nested */
	uint8_t suspends[FL_DEVICES]; /* suspend callbacks that it runs */
	uint8_t resumes[FL_DEVICES];
	int16_t references[FL_DEVICES]; /* got minus put (also in vain) in this run */
	const char *last_function; /* entry point or handler that it entered last, from outside */
	uint32_t entries[CHECK_DEPTH]; /* number of each entry point's call that it is in */
	struct check_frame frames[CHECK_FRAMES];
	struct check_reads reads[CHECK_DEPTH];
};

/*
 * Who wrote a register: with posted writes (knob) the effect comes later, in the step of whoever happens to
 * push it, and must not be taken for his doing.
 */
struct check_writer {
	const char *function;  /* of the subject */
	const char *outermost; /* entry point that it was called from */
	fl_context_t context;
	uint32_t entry;	  /* number of the call of @function, 0 outside of all */
	uint32_t serial;  /* of the handler call that it was in, 0 none */
	bool in_callback; /* inside a suspend or resume callback of the SMMU */
	bool off;	  /* that call had met the SMMU without power */
};

struct check_action {
	const char *function; /* of its handler (the thread's, if it has one), NULL until it ran */
	uint16_t source;
	bool present;
	bool threaded;
};

struct check_line {
	uint32_t changes; /* of its level */
	uint16_t depth;	  /* of disable */
	bool level;
	bool masked;
	bool in_flow;
	bool spurious_off;
	struct check_action actions[CHECK_ACTIONS];
};

/* Who made a bank's SCTLR what it is, against what the driver believes (sctlr_drift.c). */
struct check_sctlr {
	const char *cfie_by;  /* changed CFIE last */
	const char *cfcfg_by; /* made CFCFG and the driver's stall flag differ, if they do */
	uint32_t flag_entry;  /* call that changed the flag last */
	uint32_t flag_at;     /* calls begun before that */
	bool followed;	      /* CFCFG was written so since, by who could know of it */
};

struct check_world {
	struct check_line lines[FL_MAX_LINES];
	uint16_t requested;	    /* mask of lines that have or had an action */
	uint8_t status[FL_DEVICES]; /* enum fl_rpm_status */
	int16_t disable_depth[FL_DEVICES];
	uint8_t power; /* enum fl_power, of the SMMU */
	bool clocks[FL_DEVICES];
	uint32_t cr0;			   /* sCR0 as the SMMU holds it */
	bool system_sleep;		   /* the SMMU is between system suspend and resume */
	uint8_t domain_of[SMMU_MAX_BANKS]; /* domain attached last, or CHECK_NO_DOMAIN */
	bool live[SMMU_MAX_BANKS];
	bool domain_seen[CHECK_DOMAINS];
	bool domain_freed[CHECK_DOMAINS];
	int8_t stall_flag[SMMU_MAX_BANKS]; /* -1: never told */
	struct check_sctlr sctlr[SMMU_MAX_BANKS];
	uint32_t entry_count;	      /* calls of entry points begun, from boot on */
	const char *suspend_function; /* of the SMMU's driver, once it ran */
};

/* The world as it is now; valid from fl_check_start() on. */
extern struct check_world *check_world;
extern struct check_context check_contexts[CHECK_CONTEXTS];
/*
 * References that were put in this run outside of all entry points, by the scenario or the client, and
 * that neither had: what the subject misses afterwards was taken from it.
 */
extern bool check_stolen[FL_DEVICES];
/* The boot is over: resets are those of runs, and the subject can be looked at. */
extern bool check_booted;

/* Subscribe to what begins (before the checkers do) and to what ends (after them). */
void check_observe_start(void);
void check_observe_begins(void);
void check_observe_ends(void);
/* Of a register write. sCR0 has no view, and the driver's masking of global faults is nowhere else. */
void check_note_cr0(const struct fl_event *event);
void check_observe_reset(void);

/* Rows that this run may have used so far. */
static inline unsigned int check_rows(void)
{
	return fl_context_row(fl_context_count());
}

static inline struct check_context *check_context_at(fl_context_t context)
{
	return &check_contexts[fl_context_row(context)];
}

static inline struct check_context *check_context_of(const struct fl_event *event)
{
	return check_context_at(event->context);
}

/* Innermost handler call of a context, or NULL. */
static inline struct check_frame *check_frame_of(struct check_context *context)
{
	return context->frame_count ? &context->frames[context->frame_count - 1] : NULL;
}

/* The same, if it is a handler of the SMMU. */
static inline struct check_frame *check_smmu_frame_of(struct check_context *context)
{
	struct check_frame *frame = check_frame_of(context);

	return frame && frame->bank != CHECK_NO_BANK ? frame : NULL;
}

_Static_assert(FL_MAX_LINES <= 16, "each has a bit in a mask");

/* For each line that has or had an action, by number: two or three of sixteen. */
#define check_for_each_line(number)                                                                \
	for (unsigned int left_ = check_world->requested;                                          \
	     left_ && ((number) = (unsigned int)__builtin_ctz(left_), true); left_ &= left_ - 1)

/* Index of a bank as events name it. */
static inline uint8_t check_bank_index(uint64_t bank)
{
	if (bank == FL_BANK_GLOBAL)
		return CHECK_GLOBAL;
	return bank < SMMU_MAX_BANKS ? (uint8_t)bank : CHECK_NO_BANK;
}

static inline unsigned int check_bank_name(uint8_t index)
{
	return index == CHECK_GLOBAL ? FL_BANK_GLOBAL : index;
}

/* An argument of an event that is an int. */
static inline int check_int(uint64_t argument)
{
	return (int)(int64_t)argument;
}

/* Does @reg lie in a context bank? */
bool check_in_bank(uint64_t reg);
/* The same; if so, *bank and *offset within its page. */
bool check_bank_register(uint64_t reg, unsigned int *bank, uint32_t *offset);
/*
 * The writer of what takes effect now: for FSR_WRITE, RESUME_WRITE, SCTLR_WRITE, and for FAULT_RETIRED by
 * one of them.
 */
const struct check_writer *check_writer_of(const struct fl_event *event);
/* Function of the handler that serves @index (check_bank_index()); NULL if there is none. */
const char *check_handler_of(uint8_t index);
/* The line of the action that serves @index, or -1. */
int check_line_of(uint8_t index);
/* Does an SMMU bank whose action is on @line drive it high? Gives that bank's index, or -1. */
int check_live_cause(unsigned int line);
/* Is the SMMU's runtime status @status, with runtime PM enabled? */
bool check_smmu_is(enum fl_rpm_status status);
/* Powered, clocked, and nobody is about to change that: the driver must have it in working order. */
bool check_smmu_settled_active(void);
const char *check_status_name(unsigned int status);
const char *check_power_name(unsigned int power);
/* The reads that the running handler of @context reports from: those with an FSR; NULL if there are none. */
const struct check_reads *check_reads_of(const struct check_context *context);
/* Is @line being handled now, or a thread of it to run? */
bool check_line_busy(unsigned int line);

/*
 * A copy of @text that lasts until the next reset, and is the same pointer for equal texts: for variants
 * that are put together. NULL if there are too many in one run.
 */
const char *check_intern(const char *text);

/* Whose error it is: the framework's; the subject's, and the run goes on; or the process shall end. */
enum check_report { CHECK_REPORT_OWN, CHECK_REPORT_PASSED, CHECK_REPORT_ENDS };
/* A sanitizer reports @kind in the running context; what its runtime's hooks end in (memory_error.c). */
enum check_report check_sanitizer_report(const char *kind);

/* The invariants; one a file. */
extern const struct fl_invariant fl_invariant_unclocked_access;
extern const struct fl_invariant fl_invariant_unguarded_access;
extern const struct fl_invariant fl_invariant_pm_imbalance;
extern const struct fl_invariant fl_invariant_sleep_in_atomic;
extern const struct fl_invariant fl_invariant_irq_return;
extern const struct fl_invariant fl_invariant_irq_storm;
extern const struct fl_invariant fl_invariant_dead_line;
extern const struct fl_invariant fl_invariant_lost_stall;
extern const struct fl_invariant fl_invariant_resume_order;
extern const struct fl_invariant fl_invariant_double_report;
extern const struct fl_invariant fl_invariant_lost_fault;
extern const struct fl_invariant fl_invariant_torn_report;
extern const struct fl_invariant fl_invariant_lifetime;
extern const struct fl_invariant fl_invariant_client_unpowered;
extern const struct fl_invariant fl_invariant_sctlr_drift;
extern const struct fl_invariant fl_invariant_suspended_line_high;
extern const struct fl_invariant fl_invariant_deadlock;
extern const struct fl_invariant fl_invariant_lock_order;
extern const struct fl_invariant fl_invariant_data_race;
extern const struct fl_invariant fl_invariant_leak;
extern const struct fl_invariant fl_invariant_livelock;
extern const struct fl_invariant fl_invariant_memory_error;
extern const struct fl_invariant fl_invariant_kernel_warning;

#endif

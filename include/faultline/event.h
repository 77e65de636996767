/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens in a world, as events. The models (fake SMMU, modelled kernel, client, glue of a real
 * driver) emit them; invariant checkers and the trace of a replay subscribe. An event is delivered at
 * once, in the context that caused it, within its step. It carries no address: objects are named by
 * small numbers or by names.
 */
#ifndef FAULTLINE_EVENT_H
#define FAULTLINE_EVENT_H

#include <faultline/engine.h>

/* Devices that have power management. */
enum fl_device { FL_DEVICE_SMMU, FL_DEVICE_GPU, FL_DEVICE_TBU, FL_DEVICES };

/* Values of power.runtime_status (include/linux/pm.h). */
enum fl_rpm_status { FL_RPM_ACTIVE, FL_RPM_RESUMING, FL_RPM_SUSPENDED, FL_RPM_SUSPENDING };

/* Power of the SMMU's register file and logic (domain.md 1.6, in the order of loss). */
enum fl_power { FL_POWER_ON, FL_POWER_GATED, FL_POWER_COLLAPSED };

/* MMIO regions; the numbers stand in events, a register is region << 24 | offset. */
enum fl_region { FL_REGION_SMMU, FL_REGION_TBU, FL_REGION_GPU, FL_REGIONS };
#define FL_REGISTER(region, offset) ((uint64_t)(region) << 24 | (offset))

/* How a recorded fault or a transaction ended. */
enum fl_retire {
	FL_RETIRE_W1C, /* the last of its FSR bits was written */
	FL_RETIRE_RESUME_RETRY,
	FL_RETIRE_RESUME_TERMINATE,
	FL_RETIRE_RESET, /* hardware reset */
	FL_RETIRE_POWER_LOSS,
	FL_RETIRE_TEARDOWN, /* the bank was disabled (SCTLR.M = 0) */
};

/*
 * X(name, "a", "b", "c", "d"): what the arguments are. "fault" is a fault id: a number from 1 up, in
 * the order of recording, unique within a run; 0 is none. "bank" is a context bank, or FL_BANK_GLOBAL.
 * "line" is an interrupt line, "action" an index of the line's actions in order of request.
 */
#define FL_BANK_GLOBAL 255
#define FL_EVENTS(X)                                                                               \
	/* fake SMMU */                                                                            \
	X(REG_READ, "register", "value", "fault of the bank at the time", "size in bytes")         \
	X(REG_WRITE, "register", "value", "fault of the bank at the time", "size in bytes")        \
	X(OFF_ACCESS, "register", "value", "1 write, 0 read", "enum fl_power")                     \
	X(FAULT_RECORDED, "fault", "bank", "FSR after", "1 if its transaction stalled")            \
	X(FAULT_MULTI, "fault already recorded", "bank", "FSR after", "")                          \
	X(FAULT_RETIRED, "fault", "bank", "enum fl_retire", "")                                    \
	X(FSR_WRITE, "bank", "value", "FSR before", "FSR after")                                   \
	X(RESUME_WRITE, "bank", "value", "FSR before", "1 if accepted")                            \
	X(SCTLR_WRITE, "bank", "value", "before", "")                                              \
	X(TXN_FAULT, "transaction", "bank", "stream", "iova")                                      \
	X(TXN_STALLED, "transaction", "bank", "fault, 0 while queued", "")                         \
	X(TXN_DONE, "transaction", "bank", "enum smmu_outcome", "fault")                           \
	X(POWER, "enum fl_power before", "enum fl_power after", "", "")                            \
	X(OUTPUT, "bank", "level", "", "")                                                         \
	X(BUS_ERROR, "register", "1 late (SError), 0 at once", "", "")                             \
	X(WRITE_LOST, "register", "value", "", "")                                                 \
	/* interrupts */                                                                           \
	X(LINE, "line", "level", "", "")                                                           \
	X(LINE_MASK, "line", "1 masked at the controller", "disable depth", "")                    \
	X(IRQ_FLOW_ENTER, "line", "cpu", "", "")                                                   \
	X(IRQ_FLOW_EXIT, "line", "OR of the results", "", "")                                      \
	X(IRQ_ENTER, "line", "action", "1 in the thread", "source bank of the action")             \
	X(IRQ_RETURN, "line", "action", "1 in the thread", "irqreturn")                            \
	X(IRQ_REQUESTED, "line", "action", "flags", "source bank of the action")                   \
	X(IRQ_FREED, "line", "action", "", "source bank of the action")                            \
	X(IRQ_FREE_BEGIN, "line", "action", "", "source bank of the action")                       \
	X(IRQ_SPURIOUS_OFF, "line", "unhandled", "of", "")                                         \
	/* power management */                                                                     \
	X(PM_STATUS, "enum fl_device", "old", "new enum fl_rpm_status", "")                        \
	X(PM_GET, "enum fl_device", "result (int)", "1 if a reference was taken", "usage after")   \
	X(PM_PUT, "enum fl_device", "result (int)", "1 if a reference was dropped", "usage after") \
	X(PM_UNDERFLOW, "enum fl_device", "", "", "")                                              \
	X(PM_CALLBACK_ENTER, "enum fl_device", "1 suspend, 0 resume", "1 system sleep", "")        \
	X(PM_CALLBACK_EXIT, "enum fl_device", "1 suspend, 0 resume", "result (int)", "")           \
	X(PM_ENABLED, "enum fl_device", "disable depth", "", "")                                   \
	X(CLOCKS, "enum fl_device", "1 on", "", "")                                                \
	X(DOMAIN, "enum fl_device", "1 on", "", "")                                                \
	/* kernel services */                                                                      \
	X(MAY_SLEEP, "1 if the context is atomic", "", "", "")                                     \
	X(LOCK, "lock class", "object", "1 irqs off, 2 in hard irq (bits)", "1 trylock")           \
	X(UNLOCK, "lock class", "object", "", "")                                                  \
	X(ALLOC, "object", "size", "", "")                                                         \
	X(FREE, "object", "size", "", "")                                                          \
	X(BAD_FREE, "object", "", "", "")                                                          \
	X(USE_AFTER_FREE, "object", "", "", "")                                                    \
	X(WARNING, "", "", "", "")                                                                 \
	X(BUG, "", "", "", "")                                                                     \
	X(PRINTK, "level", "", "", "")                                                             \
	X(MEM_READ, "object", "size", "1 marked (READ_ONCE, atomic)", "site")                      \
	X(MEM_WRITE, "object", "size", "1 marked (WRITE_ONCE, atomic)", "site")                    \
	/* subject and client */                                                                   \
	X(REPORT, "domain", "iova", "IOMMU_FAULT_* flags", "answer (int)")                         \
	X(DOMAIN_LIVE, "domain", "bank", "1 attached, 0 torn down", "")                            \
	X(DOMAIN_FREED, "domain", "", "", "")                                                      \
	X(STALL_FLAG, "bank", "driver's stall flag", "", "")                                       \
	X(CLIENT_ACCESS, "register", "1 if the client was powered", "", "")                        \
	X(OP_BEGIN, "operation", "argument", "", "")                                               \
	X(OP_END, "operation", "result (int)", "", "")                                             \
	X(ENTER, "", "", "", "")                                                                   \
	X(LEAVE, "", "", "", "")

enum fl_event_kind {
#define FL_EVENT_ENUM(name, a, b, c, d) FL_EV_##name,
	FL_EVENTS(FL_EVENT_ENUM)
#undef FL_EVENT_ENUM
		FL_EVENT_KINDS
};

struct fl_event {
	enum fl_event_kind kind;
	fl_context_t context;
	uint64_t step;
	uint64_t a, b, c, d;
	const char *text; /* message, lock class name, callback name; may be NULL */
};

typedef void (*fl_subscriber_t)(const struct fl_event *event);

/* Subscribe @fn to @kind; ends the program when there are more than 16 for one kind. */
void fl_subscribe(enum fl_event_kind kind, fl_subscriber_t fn);
/* Forget all subscribers. */
void fl_unsubscribe_all(void);

extern uint8_t fl_subscribers[FL_EVENT_KINDS];
void fl_emit_slow(enum fl_event_kind kind, uint64_t a, uint64_t b, uint64_t c, uint64_t d,
		  const char *text);

/* Tell the subscribers. Costs one load and a branch when there are none. Not a scheduling point. */
static inline void fl_emit_text(enum fl_event_kind kind, uint64_t a, uint64_t b, uint64_t c,
				uint64_t d, const char *text)
{
	if (__builtin_expect(fl_subscribers[kind] != 0, 0))
		fl_emit_slow(kind, a, b, c, d, text);
}

static inline void fl_emit(enum fl_event_kind kind, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	fl_emit_text(kind, a, b, c, d, NULL);
}

const char *fl_event_name(enum fl_event_kind kind);

/*
 * Where a context is: the stack of subject entry points (functions of the subject that the world
 * called: an interrupt handler, a PM callback, an iommu operation). Findings are named after it,
 * because an entry point's name does not depend on inlining. @function must stay valid. Nesting
 * deeper than 8 ends the program.
 */
void fl_enter(const char *function);
void fl_leave(void);
/* Innermost entry point of @context, or its outermost one; NULL if it is in none. */
const char *fl_where(fl_context_t context);
const char *fl_where_outermost(fl_context_t context);
/* Forget all entry points (a new run). */
void fl_where_reset(void);

#endif

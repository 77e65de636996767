/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Knobs: what hardware and configuration may do differently (domain.md, every [knob] and section 7).
 * A profile fixes some of them and names the set that it leaves to the input; fl_choose(FL_CHOOSE_KNOB)
 * picks those once a case. Every verdict is over that set.
 */
#ifndef FAULTLINE_KNOBS_H
#define FAULTLINE_KNOBS_H

#include <stdint.h>

/* X(name, "value names, comma separated; the first is 0", "help") */
#define FL_KNOBS(X)                                                                                \
	X(off_read, "bus_ones,bus_dead,retained,abort,late_error",                                 \
	  "read without power: all ones, 0xdeadbeef, the retained value, a synchronous abort, an " \
	  "SError that arrives later")                                                             \
	X(off_write, "dropped,abort,late_error", "write without power")                            \
	X(reset_state, "zero,retained,random", "FSR, FAR, SCTLR, SMR, S2CR after power loss")      \
	X(gated_line, "kept,low", "interrupt outputs while only the clocks are off")               \
	X(collapsed_line, "low,kept", "interrupt outputs while the domain is off (isolation)")     \
	X(power_off, "collapse,retained,refused",                                                  \
	  "domain off: state lost, state retained, or another user keeps it on")                   \
	X(resume_while_faulted, "ignored,accepted", "RESUME while FSR has more than SS")           \
	X(resume_ignored_policy, "literal,sticky",                                                 \
	  "after an ignored RESUME: the next one counts, or SS stays until reset")                 \
	X(resume_without_ss, "ignored,terminates_next", "RESUME while SS is clear")                \
	X(ss_asserts_line, "yes,no", "SS alone keeps the context interrupt asserted")              \
	X(multi_while_stalled, "held,recorded",                                                    \
	  "a fault while only SS is set: waits, or is recorded at once")                           \
	X(others_while_stalled, "stall,terminate", "further faulting transactions of the bank")    \
	X(stall_queue_depth, "4,0,1,8", "how many faulting transactions can wait")                 \
	X(stalled_at_power_off, "dropped,hang", "stalled transactions when power goes")            \
	X(posted_writes, "none,short,long", "delay between a register write and its effect")       \
	X(tlb_sync_latency, "short,none,long", "time until TLBSTATUS clears")                      \
	X(trigger, "level,edge", "trigger type of the lines")                                      \
	X(spurious_threshold, "scaled,real,off", "99 of 100, 99900 of 100000, noirqdebug")         \
	X(threadirqs, "off,on", "every handler becomes a thread")                                  \
	X(debug_shirq, "off,on", "free_irq of a shared line calls the handler once more")          \
	X(pm_domain, "yes,no", "the SMMU has a power domain, so its runtime PM is enabled")        \
	X(preemption, "full,none", "kernel preemption")                                            \
	X(unlinked_agent, "no,yes", "a GMU without a device link sends traffic")                   \
	X(cfcfg_cleared, "kept,flushed",                                                           \
	  "clearing SCTLR.CFCFG: transactions that wait to be recorded stay, or are terminated")   \
	X(disabled_bank, "kept,terminated",                                                        \
	  "clearing SCTLR.M: FSR and stalled transactions stay, or are cleared and terminated")

struct fl_knobs {
#define FL_KNOB_FIELD(name, values, help) uint8_t name;
	FL_KNOBS(FL_KNOB_FIELD)
#undef FL_KNOB_FIELD
};

enum fl_knob {
#define FL_KNOB_ENUM(name, values, help) FL_KNOB_##name,
	FL_KNOBS(FL_KNOB_ENUM)
#undef FL_KNOB_ENUM
		FL_KNOB_COUNT
};

/* Values, for code: FL_<KNOB>_<VALUE>. */
enum {
	FL_OFF_READ_ONES,
	FL_OFF_READ_DEAD,
	FL_OFF_READ_RETAINED,
	FL_OFF_READ_ABORT,
	FL_OFF_READ_LATE
};
enum { FL_OFF_WRITE_DROPPED, FL_OFF_WRITE_ABORT, FL_OFF_WRITE_LATE };
enum { FL_RESET_ZERO, FL_RESET_RETAINED, FL_RESET_RANDOM };
enum { FL_GATED_LINE_KEPT, FL_GATED_LINE_LOW };
enum { FL_COLLAPSED_LINE_LOW, FL_COLLAPSED_LINE_KEPT };
enum { FL_POWER_OFF_COLLAPSE, FL_POWER_OFF_RETAINED, FL_POWER_OFF_REFUSED };
enum { FL_RESUME_IGNORED, FL_RESUME_ACCEPTED };
enum { FL_RESUME_LITERAL, FL_RESUME_STICKY };
enum { FL_MULTI_HELD, FL_MULTI_RECORDED };
enum { FL_OTHERS_STALL, FL_OTHERS_TERMINATE };
enum { FL_SPURIOUS_SCALED, FL_SPURIOUS_REAL, FL_SPURIOUS_OFF };
enum { FL_TRIGGER_LEVEL, FL_TRIGGER_EDGE };

/* The knobs of the world that runs. Models read it; only the case sets it, before a run. */
extern struct fl_knobs fl_knobs;

struct fl_knob_info {
	const char *name;
	const char *values; /* comma separated */
	const char *help;
};
extern const struct fl_knob_info fl_knob_infos[FL_KNOB_COUNT];

/* How many values a knob has. */
unsigned int fl_knob_count(enum fl_knob knob);
/* A knob's value by number, in @knobs. */
uint8_t *fl_knob_at(struct fl_knobs *knobs, enum fl_knob knob);
/* Knob by name, value by name: the number, or -1. */
int fl_knob_find(const char *name);
int fl_knob_value(enum fl_knob knob, const char *value);
/* Copy the name of a value to @buffer (of @size bytes) and return it. */
const char *fl_knob_value_name(enum fl_knob knob, unsigned int value, char *buffer,
			       unsigned int size);

#endif

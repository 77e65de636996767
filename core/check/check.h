/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Invariants (domain.md, section 5): one info struct a file, fed by events, judged at each step or at
 * quiescence. A violation does not end the run; each invariant has its own verdict, and a run has at
 * most one finding a signature. A checker looks at the world through events and views only, never
 * changes it, and is no scheduling point.
 */
#ifndef FAULTLINE_CHECK_H
#define FAULTLINE_CHECK_H

#include <faultline/engine.h>
#include <faultline/event.h>
#include <faultline/subject.h>

#define FL_MAX_INVARIANTS 32

enum fl_invariant_needs {
	FL_NEEDS_FAIR = 1,	/* judged only while fl_fair() */
	FL_NEEDS_SANITIZER = 2, /* memory-error: an ASan/UBSan build */
	FL_NEEDS_MEMORY = 4,	/* data-race: --granularity memory on an instrumented subject */
};

struct fl_invariant {
	const char *name;	 /* as in domain.md: "irq-storm" */
	const char *help;	 /* one line */
	const char *premise;	 /* what must have happened for "keeps" to mean something */
	const char *consequence; /* what a real kernel prints or does when it is broken */
	unsigned int needs;	 /* enum fl_invariant_needs */
	const char *on_threads;	 /* where faultline stress is weaker than the fibers; NULL: nowhere */
	void (*subscribe)(void); /* fl_subscribe() to what it wants */
	void (*reset)(void);	 /* a new run begins */
	/* The run ended; @end says how. Quiescence checks belong here, for FL_END_QUIET. */
	void (*finish)(enum fl_end end);
};

/* All invariants, ended by NULL, in the order of domain.md section 5. */
extern const struct fl_invariant *const fl_invariants[];
/* The number of an invariant by name, or -1. */
int fl_invariant_find(const char *name);

/* --- for checkers ------------------------------------------------------------------------ */

/*
 * The invariant is broken now. @function: the subject's function that the finding is named after
 * (fl_where() of the context that matters), may be NULL. @variant: a short fixed word that splits the
 * signature ("starved by hard IRQ"), or NULL. @format: the sentence for people; formatted only when
 * somebody will read it. No addresses in it.
 */
#define fl_violation(invariant, function, variant, ...)                                            \
	do {                                                                                       \
		if (fl_assert_violated(__FILE__, __LINE__, invariant, function, variant,           \
				       __VA_ARGS__))                                               \
			__builtin_trap();                                                          \
	} while (0)
/*
 * What fl_violation() is made of: true if whoever runs the world wants the process to end here. Then the
 * checker's own frame is the one that traps, for engines tell crashes apart by their innermost frames,
 * and a common one would make all invariants the same crash.
 */
bool fl_assert_violated(const char *file, unsigned int line, const struct fl_invariant *invariant,
			const char *function, const char *variant, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
/* The premise of @invariant occurred. */
void fl_premise(const struct fl_invariant *invariant);

/* What a checker may look at besides events. Set before a run. */
extern const struct fl_subject *fl_checked_subject;
extern const struct fl_hardware *fl_checked_hardware;

/* --- for whoever runs a world ------------------------------------------------------------ */

#define FL_MAX_FINDINGS	  32
#define FL_SIGNATURE_SIZE 96

struct fl_finding {
	uint8_t invariant; /* index in fl_invariants */
	uint64_t step;
	char signature[FL_SIGNATURE_SIZE]; /* "irq-storm in arm_smmu_context_fault (unretired)" */
	char detail[256];		   /* the sentence; empty unless fl_check_details(true) */
};

/*
 * Subscribe the invariants of @mask (bit = index) for this world; the others are silent. Once a world:
 * after the devices were made and before the boot, for what the boot does (requested lines, status,
 * owners of banks) is observed too, and before fl_snapshot(), for it is kept in the arena. Forgets all
 * other subscribers of events, those of the world before: a trace subscribes afterwards.
 */
void fl_check_start(uint32_t mask);
/* Before each run, after fl_reset(); and after each run. */
void fl_check_reset(void);
void fl_check_finish(enum fl_end end);
void fl_check_details(bool on);
/* Findings of the run, in order; valid until the next reset. */
const struct fl_finding *fl_check_findings(unsigned int *count);
/* Bit mask of the invariants whose premise occurred in the run. */
uint32_t fl_check_premises(void);
/*
 * For a process that only counts: sanitizers no longer print their reports of the subject on standard
 * error, where thousands of runs would bury all else. Those of the framework are printed as ever.
 */
void fl_check_quiet_sanitizers(void);
/* They print again, on standard error. */
void fl_check_loud_sanitizers(void);
/*
 * Called at each violation, while set: replay marks the step, a fuzz target crashes. @file and @line:
 * the checker's. Returns true if the process shall trap there. @file NULL: a memory error that a
 * sanitizer or the machine itself tells of; true if the process shall end with that report.
 */
typedef bool (*fl_violation_hook)(const struct fl_finding *finding, const char *file,
				  unsigned int line);
void fl_check_set_hook(fl_violation_hook hook);
/*
 * For a fuzz target: what a sanitizer reports ends the process in the sanitizer's own way, in which
 * engines keep the input, if the hook says so; and always, if it is not the subject's.
 */
void fl_check_end_by_sanitizer(void);
/*
 * The subject is about to be struck by a wild access; @title as in the BUG that it becomes if it is to be
 * passed by. Returns the hook's answer: shall it end the process? For fl_oops_install_before().
 */
bool fl_check_wild_access(const char *title);

#endif

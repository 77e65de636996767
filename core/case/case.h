/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenarios and cases. A scenario is a profile plus what each actor does; a case is a scenario plus
 * the decisions: one exact run. Text form, packed form and a fuzzer's raw bytes all come down to
 * struct fl_case.
 */
#ifndef FAULTLINE_CASE_H
#define FAULTLINE_CASE_H

#include <client/client.h>
#include <faultline/engine.h>
#include <faultline/knobs.h>
#include <faultline/subject.h>

#include <stdio.h>

#define FL_MAX_ACTORS	       8
#define FL_MAX_OPERATIONS      12
#define FL_MAX_DECISIONS       4096
#define FL_NAME_SIZE	       48
#define FL_CONTEXT_NAME_SIZE   32
#define FL_SIGNATURE_TEXT_SIZE 96

/* --- profiles ----------------------------------------------------------------------------- */

struct fl_profile {
	const char *name;
	const char *help;
	unsigned int cpus;
	struct fl_hardware hardware;
	/*
	 * The shared line of another device, which profile-dependent operations drive; or
	 * FL_MAX_LINES.
	 */
	unsigned int other_line;
	/*
	 * For each knob, bit n set: value n may be chosen. One bit set: fixed. The lowest is the
	 * default.
	 */
	uint8_t free_values[FL_KNOB_COUNT];
};
extern const struct fl_profile *const fl_profiles[]; /* ended by NULL */
const struct fl_profile *fl_profile_find(const char *name);

/* --- operations --------------------------------------------------------------------------- */

/*
 * One operation of an actor: a code and up to three small arguments whose names, ranges and meaning
 * are in the table of core/case/operations.c.
 */
struct fl_operation {
	uint8_t code;
	uint8_t arguments[3];
};

struct fl_operation_info {
	const char *name; /* "dma", "unmap", "pm-put-autosuspend" ... */
	const char *help;
	const char *argument_names[3];	/* NULL ends */
	uint8_t argument_limits[3];	/* argument < limit */
	const char *argument_values[3]; /* names of the values, comma separated; NULL: numbers */
	uint32_t features;		/* FL_SUBJECT_* that the subject must have */
	bool agent;			/* may be done by a hardware agent */
	bool task;			/* may be done by a task */
	/* Run it in the current context; returns 0, a negative errno, or a result >= 0. */
	int (*run)(const struct fl_subject *subject, const uint8_t arguments[3]);
};
extern const struct fl_operation_info fl_operations[];
extern const unsigned int fl_operation_count;
int fl_operation_find(const char *name);
/*
 * Make the operations' own bookkeeping, and request the interrupt of the other device that shares a
 * line on some profiles. At the end of the boot (domain 0 is attached, pages 0 to 2 are mapped, the
 * GPU's usage count is 1), in its task, before the snapshot. 0 or a negative errno.
 */
int fl_operations_boot(const struct fl_subject *subject, const struct fl_profile *profile);

struct fl_actor {
	char name[FL_NAME_SIZE];
	bool agent;  /* hardware agent, else a task */
	uint8_t cpu; /* of a task; taken modulo the profile's CPUs */
	uint8_t count;
	struct fl_operation operations[FL_MAX_OPERATIONS];
};

struct fl_program {
	struct client_config client;
	uint8_t count;
	struct fl_actor actors[FL_MAX_ACTORS];
};

/* --- scenarios ---------------------------------------------------------------------------- */

struct fl_scenario {
	const char *name;
	const char *help;
	uint32_t features; /* the subject must have these */
	bool unlinked;	   /* only a master that no device link covers does it: knob unlinked_agent */
	/*
	 * Build the program, drawing what is left open with fl_choose(FL_CHOOSE_SCENARIO). Inside a
	 * run. Leaves out what the subject cannot do.
	 */
	void (*build)(struct fl_program *program, const struct fl_subject *subject,
		      const struct fl_profile *profile);
};
extern const struct fl_scenario *const fl_scenarios[]; /* ended by NULL; "free" is the last */
const struct fl_scenario *fl_scenario_find(const char *name);

/* --- cases -------------------------------------------------------------------------------- */

struct fl_case {
	char subject[FL_NAME_SIZE];
	char profile[FL_NAME_SIZE];
	char scenario[FL_NAME_SIZE]; /* where it came from; "" if hand-written */
	bool memory_granularity;
	struct fl_knobs knobs;
	struct fl_program program;
	/* The step from which the run was fair (fl_fair_since()); UINT64_MAX: never. */
	uint64_t fair_since;
	/*
	 * Names of the contexts that decisions name, by number; "" if not said. A context's number
	 * is what counts, its name is for people, and for noticing that the machine is not the same
	 * any more.
	 */
	char contexts[FL_MAX_CONTEXTS][FL_CONTEXT_NAME_SIZE];
	/* Which invariant it breaks, and where: "" and 0 if it is not said. */
	char signature[FL_SIGNATURE_TEXT_SIZE];
	uint64_t step;
	uint32_t decision_count;
	struct fl_decision decisions[FL_MAX_DECISIONS];
};

/*
 * Text form. @name is the file's name for messages. Returns 0, or -EINVAL with "file:line: what,
 * what to do" in @error (of @error_size bytes).
 */
int fl_case_parse(struct fl_case *result, const char *text, size_t size, const char *name,
		  char *error, size_t error_size);
int fl_case_print(const struct fl_case *source, FILE *out);
/* Packed form: magic, version, length, checksum; canonical. pack returns the bytes needed. */
size_t fl_case_pack(const struct fl_case *source, uint8_t *buffer, size_t size);
int fl_case_unpack(struct fl_case *result, const uint8_t *data, size_t size, char *error,
		   size_t error_size);
/* Either form from a file; anything else is refused. */
int fl_case_load(struct fl_case *result, const char *path, char *error, size_t error_size);
/* Text form to a file: beside it, then renamed. 0 or -errno with a message. */
int fl_case_save(const struct fl_case *source, const char *path, char *error, size_t error_size);
/* The same, but never in the place of another file: -EEXIST. */
int fl_case_save_new(const struct fl_case *source, const char *path, char *error,
		     size_t error_size);
/*
 * The names of the contexts that @recorded's decisions name, from the engine, after its run. And
 * after a replay: are they still called so? false with one line in @error.
 */
void fl_case_name_contexts(struct fl_case *recorded);
bool fl_case_same_contexts(const struct fl_case *replayed, char *error, size_t error_size);
/*
 * Can @subject do all that @wanted asks for? false with why not in @why: a case that was made for one
 * subject may ask for what another has no hook for.
 */
bool fl_case_fits(const struct fl_case *wanted, const struct fl_subject *subject, char *why,
		  size_t why_size);
/* The case that says nothing: no decisions, no actors, never fair. */
void fl_case_clear(struct fl_case *fresh);

#endif

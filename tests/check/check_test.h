/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of the checkers: each is a made-up story of events, in a world that consists of variables
 * (fake_world.c). A story that breaks an invariant ends in breaks(), a near miss in keeps().
 */
#ifndef FAULTLINE_TESTS_CHECK_TEST_H
#define FAULTLINE_TESTS_CHECK_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <check/check.h>
#include <faultline/host.h>
#include <faultline/knobs.h>
#include <kernel/view.h>
#include <smmu/bits.h>
#include <smmu/smmu.h>

/* Contexts of the world. */
enum { TASK, OTHER_TASK, WORKER, HARDIRQ, HARDIRQ_1, THREAD, AGENT, CONTEXTS };
/* Lines of the world: the global fault's, bank 0's, bank 1's. */
enum { GLOBAL_LINE, LINE_0, LINE_1, LINES };

struct fake_context {
	enum fl_context_state state;
	uint64_t steps;
	bool starved;
};

extern struct fake {
	fl_context_t current;
	uint64_t step;
	bool running;
	int absent; /* of the contexts, the last ones */
	const char *end_text;
	struct fake_context contexts[CONTEXTS];
	enum fl_power power;
	uint64_t generation;
	uint32_t faults;
	uint32_t gfault;
	bool asserting, live; /* what is said of each fault */
	bool outputs[SMMU_MAX_BANKS + 1];
	struct smmu_bank_view banks[SMMU_MAX_BANKS];
	struct fl_line_view lines[FL_MAX_LINES];
	unsigned int lock_count;
	struct fl_lock_view locks[4];
	struct fl_pm_view pm[FL_DEVICES];
	struct fl_subject subject;
	struct fl_hardware hardware;
} fake;

/* A cmocka set-up: a world that has booted: domain 0 on bank 0, everything ACTIVE and unmasked. */
int boot(void **state);

/* Make @context the one that runs, in a new step. */
void as(fl_context_t context);
/* Words of the stories. */
void set_status(enum fl_device device, enum fl_rpm_status status);
void set_power(enum fl_power power);
void set_output(unsigned int bank, unsigned int line, bool level);
void mask(unsigned int line, bool masked, unsigned int depth);
void record(unsigned int bank, uint32_t fault, bool stalled);
void retire(unsigned int bank, uint32_t fault, enum fl_retire how);
/* A handler of bank @bank (FL_BANK_GLOBAL) on @line; hard or thread by the context. */
void enter_handler(unsigned int line, unsigned int bank, const char *function);
void leave_handler(unsigned int line, unsigned int bank, int result);
void enter(const char *function);
void leave(void);
void begin_suspend(void);
void end_suspend(void);
void begin_resume(void);
void end_resume(void);
void read_register(uint64_t offset, uint32_t fault);
void write_register(uint64_t offset, uint64_t value);
uint32_t bank_register(unsigned int bank, uint32_t offset);
void get(enum fl_device device, int result, bool reference);
void put(enum fl_device device, bool reference);
void lock(unsigned int class, const char *name, unsigned int bits);
void trylock(unsigned int class, const char *name, unsigned int bits);
void unlock(unsigned int class);
void finish(enum fl_end end);

/* The run has a finding with exactly this signature, and others only of other invariants. */
void breaks(const char *signature);
/* The run has no finding of this invariant. */
void keeps(const char *invariant);
bool premise(const char *invariant);
/* Invariants that some story has broken so far. */
extern uint32_t broken_invariants;

extern const struct CMUnitTest access_tests[], pm_tests[], irq_tests[], storm_tests[],
	fault_tests[], report_tests[], life_tests[], register_tests[], order_tests[], error_tests[],
	finding_tests[];
#define STORY(function) cmocka_unit_test_setup(function, boot)
#define STORIES_END	{NULL, NULL, NULL, NULL, NULL}

#endif

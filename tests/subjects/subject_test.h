/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of real drivers share: a loaded subject over the real floor and the fake SMMU, with a
 * client of the test's own. A test's work is done in contexts, which note what they see; what they
 * noted is judged after the run, for an assertion must not jump off a fiber.
 */
#ifndef FAULTLINE_TESTS_SUBJECT_TEST_H
#define FAULTLINE_TESTS_SUBJECT_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/kernel.h>
#include <kernel/view.h>
#include <smmu/smmu.h>
#include <subject/loader.h>

#define SKIPPED 77

/* What the client of the test answers, and what it saw. */
struct test_client {
	int answer;
	bool resume_early; /* writes RESUME from its callback */
	unsigned int reports;
	uint64_t iova;
};
extern struct test_client test_client;

extern const struct fl_subject *test_subject;
extern struct fl_hardware test_hardware;

/* The subject, or exit 77 saying how to build it. */
const struct fl_subject *test_load(const char *name);
/* Hardware of profile mmu500 with one line a bank. */
void test_hardware_init(void);
/* A new machine with @cpus CPUs, probed; returns what probe() did. */
int test_boot(unsigned int cpus);
/* Domain 0 attached, two pages mapped, the GPU resumed; part of the next snapshot. */
int test_boot_client(void);
/* Run @entry in a task from the snapshot (taken if there is none) and return how the run ended. */
enum fl_end test_run(const char *strategy, uint64_t seed, fl_entry_t entry);
/* As test_run() with a second task. */
enum fl_end test_run2(const char *strategy, uint64_t seed, fl_entry_t first, fl_entry_t second);

/* Events of a kind in the last run, and of how many the first argument was @a. */
unsigned int test_events(enum fl_event_kind kind);
unsigned int test_events_with(enum fl_event_kind kind, uint64_t a, uint64_t b);
/* The text of the first event of @kind, or "". */
const char *test_text(enum fl_event_kind kind);

#define IOVA 0x10000000ull
#define PHYS 0x80000000ull

#endif

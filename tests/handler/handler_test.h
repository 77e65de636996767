/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the built-in driver share: a small world (floor, fake SMMU, client, checkers, a
 * subject), actors, runs under several strategies, and what broke.
 */
#ifndef FAULTLINE_TESTS_HANDLER_TEST_H
#define FAULTLINE_TESTS_HANDLER_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <check/check.h>
#include <client/client.h>
#include <handler/handler.h>
#include <kernel/kernel.h>
#include <smmu/smmu.h>

#define MAX_ACTORS     4
#define IOVA_MAPPED    0x10000000ull
#define IOVA_READ_ONLY 0x10002000ull
#define IOVA_UNMAPPED  0x1000f000ull
#define PHYS	       0x80000000ull

/* What one context of a scenario does. */
struct actor {
	const char *name;
	bool agent;
	unsigned int cpu;
	void (*run)(const struct fl_subject *subject);
};

struct plan {
	const struct fl_subject *subject;
	struct fl_hardware hardware;
	unsigned int cpus;
	struct fl_knobs knobs;
	struct client_config client;
	struct actor actors[MAX_ACTORS];
	unsigned int schedules; /* of each strategy; 0: 150 */
	bool active;		/* the GPU is up and in use when the run begins */
	bool must_suspend;	/* at the end nobody holds the SMMU, so it is SUSPENDED */
};

/* What came out of all runs of a plan. */
struct verdict {
	unsigned int runs;
	unsigned int ends[FL_END_STOPPED + 1];
	unsigned int finding_count;
	struct {
		const char *invariant;
		char signature[FL_SIGNATURE_SIZE];
		char detail[256];
		const char *strategy;
		unsigned int schedule;
		unsigned int count;
	} findings[64];
	uint32_t premises;
	unsigned int not_suspended; /* quiet runs that end otherwise, if must_suspend */
	unsigned int unserved;	    /* quiet runs that end with a fault recorded while ACTIVE */
	char end_text[256];	    /* of the last run that did not end quiet */
};

struct fl_hardware test_mmu500(void);
struct fl_hardware test_tbu(void);

/* Boot a world for @plan and run it under random, PCT and POS schedules. */
void test_run(const struct plan *plan, struct verdict *verdict);
/* Did @invariant break, with @part in its signature (NULL: any)? */
bool test_broke(const struct verdict *verdict, const char *invariant, const char *part);
/* Fails the test, printing what broke, unless nothing did and all runs ended quiet. */
void test_assert_clean(const struct plan *plan, const struct verdict *verdict);
/* The built-in subject, or mutant, of that name. */
const struct fl_subject *test_subject(const char *name);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of runtime PM share: a device whose callbacks take time and may fail, its
 * consumer, and a run in which one task brings the device into a state and another one does
 * something then.
 */
#ifndef FAULTLINE_TESTS_RPM_TEST_H
#define FAULTLINE_TESTS_RPM_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <kernel/kernel.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>

#define CALLBACK_NS 20000
#define SETTLE_NS   5000

/* The device under test, and a consumer of it. */
extern struct device *dev, *consumer;
/* What the next callbacks answer. */
extern int suspend_error, resume_error;
extern unsigned int suspends, resumes;
/* References that were told to the checkers: taken minus dropped; underflows; warnings. */
extern int told;
extern unsigned int underflows, warnings;

/* DISABLED_NEW: set active, and never enabled; DISABLED_ACTIVE: disabled while active. */
enum state {
	DISABLED,
	DISABLED_NEW,
	DISABLED_ACTIVE,
	ACTIVE,
	IN_USE,
	SUSPENDING,
	SUSPENDED,
	RESUMING,
	STATES
};

/*
 * In a fresh machine, bring the device into @state, then run @test in a task (it may block). The
 * run must end quiet. In a transition @test begins in the middle of the callback.
 */
void rpm_run(enum state state, void (*test)(void));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page fault that the kernel cannot fix: a wild access of the subject is a BUG of the subject, ends
 * the run and is a finding, not the end of the program. A wild access outside the subject's functions
 * is the framework's own and kills it as ever.
 *
 * The handler does not return: fl_bug() leaves for the caller of fl_run() by a switch of stacks. So it
 * has a stack of its own (the fiber's may be what ran out), and does not block its signal.
 */
#include "internal.h"

#include <faultline/event.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define OOPS_STACK_SIZE 65536

static const char *title_of(int signal)
{
	switch (signal) {
	case SIGILL:
		return "invalid opcode";
	case SIGFPE:
		return "divide error";
	case SIGBUS:
		return "bus error";
	}
	return "wild access";
}

static void oops(int number, siginfo_t *info, void *machine_context)
{
	(void)info;
	(void)machine_context;
	if (fl_running() && fl_where(fl_current()))
		fl_bug(title_of(number));
	/* Back to the instruction, which now does what it does without a handler. */
	signal(number, SIG_DFL);
}

void fl_oops_install(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	static char stack[OOPS_STACK_SIZE];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {
		.sa_sigaction = oops,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	sigemptyset(&action.sa_mask);
	if (sigaltstack(&alternate, NULL))
		goto failed;
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], &action, NULL))
			goto failed;
	return;
failed:
	perror("faultline: catching wild accesses");
	exit(3);
}

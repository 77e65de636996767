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
#include <unistd.h>

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

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))
/* Who takes what is not the subject's, or is not to be passed by: by default, the end of the process. */
static struct sigaction before[SIGNALS];
static bool (*ends_process)(const char *title);

static void oops(int number, siginfo_t *info, void *machine_context)
{
	unsigned int i = 0;
	/* In a free run the subject is outside, where nobody's number stands for the caller. */
	bool came = fl_machine_enter();

	(void)machine_context;
	if (fl_running() && fl_where(fl_current()) &&
	    !(ends_process && ends_process(title_of(number))))
		fl_bug(title_of(number));
	if (came)
		fl_machine_leave();
	while (signals[i] != number)
		i++;
	sigaction(number, &before[i], NULL);
	/* Back to the instruction, which does it again; but if it was somebody else's kill(). */
	if (info->si_code <= 0)
		raise(number);
}

/*
 * In a fuzz target this comes once, in the first run that needs it. Engines must not see that, or equal
 * runs differ.
 */
#ifdef __clang__
#define WITHOUT_EDGES __attribute__((no_sanitize("coverage")))
#else
#define WITHOUT_EDGES
#endif

/* Each thread needs a stack of its own for it; those of the engine are kept, and so is this. */
static void install_on_thread(void)
{
	stack_t alternate = {.ss_sp = malloc(OOPS_STACK_SIZE), .ss_size = OOPS_STACK_SIZE};

	if (!alternate.ss_sp || sigaltstack(&alternate, NULL)) {
		perror("faultline: catching wild accesses");
		_exit(3);
	}
}

WITHOUT_EDGES static void install(struct sigaction previous[SIGNALS])
{
	static char stack[OOPS_STACK_SIZE];
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction action = {
		.sa_sigaction = oops,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
	};

	sigemptyset(&action.sa_mask);
	fl_free_set_thread_hook(install_on_thread);
	if (sigaltstack(&alternate, NULL))
		goto failed;
	for (unsigned int i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], &action, previous ? &previous[i] : NULL))
			goto failed;
	return;
failed:
	perror("faultline: catching wild accesses");
	exit(3);
}

void fl_oops_install(void)
{
	install(NULL);
}

WITHOUT_EDGES void fl_oops_install_before(bool (*ends)(const char *title))
{
	ends_process = ends;
	install(before);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes that work for the program. */
#include "cli.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

pid_t cli_fork(void)
{
	pid_t parent = getpid(), child;

	/* What is buffered is written once. */
	fflush(NULL);
	child = fork();
	if (child)
		return child;
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may have died before that. */
	if (getppid() != parent)
		_exit(0);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The replay that follows each finding. */
#include "verify.h"

#include "cli.h"

#include <case/world.h>
#include <faultline/host.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct answer {
	bool same;
	char detail[512];
};

static void compare(const struct fl_case *found, const struct fl_outcome *outcome,
		    struct answer *answer)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++) {
		const struct fl_finding *finding = &outcome->findings[i];

		if (strcmp(finding->signature, found->signature))
			continue;
		answer->same = finding->step == found->step;
		if (answer->same)
			snprintf(answer->detail, sizeof(answer->detail), "%s", finding->detail);
		else
			snprintf(answer->detail, sizeof(answer->detail),
				 "the replay broke it at step %llu, the search at step %llu",
				 (unsigned long long)finding->step,
				 (unsigned long long)found->step);
		return;
	}
	snprintf(answer->detail, sizeof(answer->detail),
		 "the replay ended after %llu steps and did not break it",
		 (unsigned long long)outcome->steps);
}

static _Noreturn void replay(const struct campaign_options *options, const struct fl_case *found,
			     struct answer *answer)
{
	struct fl_outcome outcome;

	fl_check_quiet_sanitizers();
	fl_memory_granularity = options->memory_granularity;
	if (fl_world_make(options->subject, options->profile, options->invariants, answer->detail,
			  sizeof(answer->detail)))
		_exit(0);
	fl_check_details(true);
	fl_world_replay(found, &outcome);
	compare(found, &outcome, answer);
	_exit(0);
}

static bool wait_for(pid_t child, int *status)
{
	pid_t ended;

	do
		ended = waitpid(child, status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == child;
}

bool verify_finding(const struct campaign_options *options, const struct fl_case *found,
		    char *detail, size_t size)
{
	struct answer *answer = mmap(NULL, sizeof(*answer), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool same = false;
	int status;
	pid_t child;

	if (answer == MAP_FAILED) {
		snprintf(detail, size, "there is no memory for its replay");
		return false;
	}
	child = cli_fork();
	if (!child)
		replay(options, found, answer);
	if (child < 0 || !wait_for(child, &status)) {
		snprintf(detail, size, "its replay could not be started");
	} else if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		snprintf(detail, size, "its replay died with %s %d",
			 WIFSIGNALED(status) ? "signal" : "exit status",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	} else {
		same = answer->same;
		snprintf(detail, size, "%s", answer->detail);
	}
	munmap(answer, sizeof(*answer));
	return same;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An engine's processes. Each engine runs below a guard, a process of this program, which adopts whatever
 * the engine leaves behind, and kills all of it when the engine ends or when this program does, however
 * that came. So nothing runs on after a campaign, killed or not.
 */
#ifndef FAULTLINE_CLI_FUZZ_PROCESS_H
#define FAULTLINE_CLI_FUZZ_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct fuzz_process {
	pid_t guard;  /* 0: not started, or ended */
	int lifeline; /* the guard kills all when this is closed */
	int status;   /* once it ended: the engine's exit status, or 128 + its signal */
};

/*
 * Start @argv (ended by NULL, found in PATH), with @environment ("NAME=VALUE", or "NAME" to leave it out;
 * ended by NULL) on top of this process's, in folder @folder, with standard output and error appended to
 * @log (a path from @folder). Returns 0, or -errno if no process can be made; that @argv cannot be run is
 * an exit status of 127.
 */
int fuzz_process_start(struct fuzz_process *process, char *const *argv, char *const *environment,
		       const char *folder, const char *log);
/* Has it ended? Then its status is there. */
bool fuzz_process_ended(struct fuzz_process *process);
/* Ask the engine to stop: SIGINT. */
void fuzz_process_interrupt(struct fuzz_process *process);
/* Give it @grace seconds to end, then kill it and all that it started. Nothing of it is left then. */
void fuzz_process_stop(struct fuzz_process *process, double grace);
/*
 * Start it and wait for its end. Returns its status as above; -ETIMEDOUT if it was ended after @seconds,
 * -EINTR because a signal came (campaign_interrupted()), if that is @interruptible; -errno if it cannot be
 * started.
 */
int fuzz_process_run(char *const *argv, char *const *environment, const char *folder,
		     const char *log, double seconds, bool interruptible);

#endif

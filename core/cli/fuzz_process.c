// SPDX-License-Identifier: GPL-2.0-or-later
/* Engines below guards. */
#include "fuzz_process.h"
#include "campaign.h"
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 10

static _Noreturn void run_engine(char *const *argv, char *const *environment, const char *folder,
				 const char *log)
{
	int null = open("/dev/null", O_RDONLY);
	int out;

	/* Should the guard itself be killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == 1 || chdir(folder))
		_exit(127);
	out = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
	if (null < 0 || out < 0)
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0u, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	/* Oops handlers belong to the subjects of this program. */
	signal(SIGSEGV, SIG_DFL);
	signal(SIGBUS, SIG_DFL);
	signal(SIGILL, SIG_DFL);
	signal(SIGFPE, SIG_DFL);
	signal(SIGTRAP, SIG_DFL);
	for (; *environment; environment++) {
		if (strchr(*environment, '='))
			putenv(*environment);
		else
			unsetenv(*environment);
	}
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Kill every child, and the children that come to the guard when their parents die. */
static void kill_all(pid_t session)
{
	char path[64];
	FILE *children;
	int pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	do {
		children = fopen(path, "r");
		while (children && fscanf(children, "%d", &pid) == 1)
			kill(pid, SIGKILL);
		if (children)
			fclose(children);
		else
			kill(-session, SIGKILL);
	} while (waitpid(-1, NULL, 0) > 0);
}

/* Its exit status, as a shell tells it. */
static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Returns when the engine has ended, or when nobody is there any more who wants it. */
static int guard_engine(pid_t engine, int lifeline)
{
	struct pollfd wait = {.fd = lifeline, .events = POLLIN};
	int status;
	pid_t ended;
	char word;

	for (;;) {
		while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
			if (ended == engine)
				return status_of(status);
		if (poll(&wait, 1, POLL_MS) <= 0)
			continue;
		if (read(lifeline, &word, 1) != 1)
			return 128 + SIGKILL;
		kill(engine, SIGINT);
	}
}

static _Noreturn void guard_main(int lifeline, char *const *argv, char *const *environment,
				 const char *folder, const char *log)
{
	int status = 127;
	pid_t engine;

	/* A session of its own: what a terminal sends to this program is not for engines. */
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	/* The lifelines of other guards above all: held here, they would never be closed. */
	if (lifeline > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, lifeline - 1, 0);
	close_range(lifeline + 1, ~0u, 0);
	engine = fork();
	if (!engine) {
		setpgid(0, 0);
		run_engine(argv, environment, folder, log);
	}
	if (engine > 0)
		status = guard_engine(engine, lifeline);
	kill_all(engine);
	_exit(status);
}

int fuzz_process_start(struct fuzz_process *process, char *const *argv, char *const *environment,
		       const char *folder, const char *log)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	fflush(NULL);
	process->guard = fork();
	error = errno;
	if (!process->guard) {
		close(ends[1]);
		guard_main(ends[0], argv, environment, folder, log);
	}
	close(ends[0]);
	if (process->guard < 0) {
		close(ends[1]);
		process->guard = 0;
		return -error;
	}
	process->lifeline = ends[1];
	return 0;
}

/* Wait for the guard; not at all if @options is WNOHANG. */
static bool reap(struct fuzz_process *process, int options)
{
	int status;
	pid_t ended;

	do
		ended = waitpid(process->guard, &status, options);
	while (ended < 0 && errno == EINTR);
	if (!ended)
		return false;
	process->status = ended > 0 ? status_of(status) : 127;
	process->guard = 0;
	if (process->lifeline >= 0)
		close(process->lifeline);
	return true;
}

bool fuzz_process_ended(struct fuzz_process *process)
{
	return !process->guard || reap(process, WNOHANG);
}

static void sleep_a_poll(void)
{
	nanosleep(&(struct timespec){.tv_nsec = POLL_MS * 1000000}, NULL);
}

void fuzz_process_interrupt(struct fuzz_process *process)
{
	/* Nobody reads it if the engine has just ended. */
	if (process->guard)
		(void)!write(process->lifeline, "i", 1);
}

void fuzz_process_stop(struct fuzz_process *process, double grace)
{
	double deadline = cli_now() + grace;

	while (cli_now() < deadline && !fuzz_process_ended(process))
		sleep_a_poll();
	if (!process->guard)
		return;
	close(process->lifeline);
	process->lifeline = -1;
	reap(process, 0);
}

int fuzz_process_run(char *const *argv, char *const *environment, const char *folder,
		     const char *log, double seconds, bool interruptible)
{
	struct fuzz_process process = {0};
	double deadline = cli_now() + seconds;
	int error = fuzz_process_start(&process, argv, environment, folder, log);

	if (error)
		return error;
	while (!fuzz_process_ended(&process)) {
		bool interrupted = interruptible && campaign_interrupted();

		if (cli_now() < deadline && !interrupted) {
			sleep_a_poll();
			continue;
		}
		error = interrupted ? -EINTR : -ETIMEDOUT;
		fuzz_process_stop(&process, 0);
		return error;
	}
	return process.status;
}

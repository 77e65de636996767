// SPDX-License-Identifier: GPL-2.0-or-later
/* Which commits: asked of git, which writes nothing into the tree for it. */
#include "bisect.h"
#include "cli.h"
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a subject is compiled from (subjects/build/objects), as far as it is about power and faults. */
static const char *const driver_paths[] = {
	"drivers/iommu/arm/arm-smmu",
	"drivers/iommu/io-pgtable*",
	"drivers/base/power/runtime.c",
};
#define DRIVER_PATHS  (sizeof(driver_paths) / sizeof(driver_paths[0]))
#define MAX_ARGUMENTS 24

static _Noreturn void run_git(char *const *argv, int out)
{
	/* What a hook has around it is about another tree. */
	static const char *const foreign[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
					      "GIT_PREFIX"};
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		_exit(127);
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		unsetenv(foreign[i]);
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	_exit(errno == ENOENT ? 126 : 127);
}

/* What git prints, to be freed; NULL if it ends with an error. Arguments end with NULL. */
static char *git(const struct bisect *bisect, const char *const *arguments)
{
	char *argv[MAX_ARGUMENTS] = {"git", "-C", (char *)bisect->tree};
	char *text = NULL, buffer[4096];
	size_t size = 0, got;
	FILE *memory = open_memstream(&text, &size), *in;
	int ends[2], status;
	pid_t child;

	for (unsigned int i = 0; arguments[i] && i < MAX_ARGUMENTS - 4; i++)
		argv[3 + i] = (char *)arguments[i];
	fflush(NULL);
	if (!memory || pipe2(ends, O_CLOEXEC))
		fail_internal("cannot start git: %s", strerror(errno));
	child = fork();
	if (!child)
		run_git(argv, ends[1]);
	close(ends[1]);
	in = child < 0 ? NULL : fdopen(ends[0], "r");
	if (!in)
		fail_internal("cannot start git: %s", strerror(errno));
	while ((got = fread(buffer, 1, sizeof(buffer), in)))
		fwrite(buffer, 1, got, memory);
	fclose(in);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (fclose(memory))
		fail_internal("there is no memory for what git says");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 126)
		fail_usage("git is missing; install it: sudo apt install git");
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		free(text);
		return NULL;
	}
	return text;
}

static void check_tree(const struct bisect *bisect)
{
	const char *const arguments[] = {"rev-parse", "--show-prefix", NULL};
	char *prefix = git(bisect, arguments);

	if (!prefix)
		fail_usage("--linux %s: that is no git tree; give the folder of a clone of Linux",
			   bisect->tree);
	if (*prefix && *prefix != '\n')
		fail_usage("--linux %s: that is a folder in a git tree; give the top of it",
			   bisect->tree);
	free(prefix);
}

/* The hash of what @name names, to be freed. */
static char *commit_named(const struct bisect *bisect, const char *name)
{
	char *wanted = fuzz_format("%s^{commit}", name);
	const char *const arguments[] = {"rev-parse",	     "--verify", "--quiet",
					 "--end-of-options", wanted,	 NULL};
	char *hash = git(bisect, arguments);

	if (!hash || strcspn(hash, "\n") >= BISECT_HASH_SIZE)
		fail_usage("%s has no commit '%s'; 'git log' there names them", bisect->tree, name);
	hash[strcspn(hash, "\n")] = '\0';
	free(wanted);
	return hash;
}

/* Lines of "HASH TITLE", to be freed. */
static char *log_of(const struct bisect *bisect, const char *range, bool one)
{
	const char *arguments[MAX_ARGUMENTS] = {
		"-c",
		"log.showSignature=false",
		"log",
		"--reverse",
		"--topo-order",
		"--no-color",
		"--no-notes",
		"--no-decorate",
		"--format=%H %s",
		one ? "-n1" : "-n1000000",
		range,
		"--",
	};
	unsigned int count = 12;
	char *lines;

	for (unsigned int i = 0; !one && !bisect->every && i < DRIVER_PATHS; i++)
		arguments[count++] = driver_paths[i];
	lines = git(bisect, arguments);
	if (!lines)
		fail_usage("git log %s fails in %s; 'git fsck' there tells what is missing", range,
			   bisect->tree);
	return lines;
}

static void add_commits(struct bisect *bisect, char *lines)
{
	char *rest = NULL;

	for (char *line = strtok_r(lines, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct bisect_commit *commit = &bisect->commits[bisect->count++];
		size_t length = strcspn(line, " ");

		snprintf(commit->hash, sizeof(commit->hash), "%.*s", (int)length, line);
		snprintf(commit->title, sizeof(commit->title), "%s",
			 line + length + !!line[length]);
		/* Whoever wrote it: no title moves the cursor. */
		for (char *c = commit->title; *c; c++)
			if ((unsigned char)*c < ' ' || *c == 0x7f)
				*c = '?';
	}
}

static unsigned int count_lines(const char *text)
{
	unsigned int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* No commit of @range is to be tried. */
static _Noreturn void fail_none(struct bisect *bisect, const char *range)
{
	bool had_all = bisect->every;

	bisect->every = true;
	if (!had_all && *log_of(bisect, range, false))
		fail_usage("no commit of %s touches the driver; --every tries every commit",
			   bisect->range);
	fail_usage("%s is empty; in A..B, A is the older one", bisect->range);
}

void bisect_list_commits(struct bisect *bisect)
{
	const char *dots = strstr(bisect->range, "..");
	char *from, *to, *range, *base, *lines;
	size_t size;

	check_tree(bisect);
	if (!dots || dots == bisect->range || !dots[2] || dots[2] == '.')
		fail_usage("'%s' is no range of commits; give A..B", bisect->range);
	from = strndup(bisect->range, dots - bisect->range);
	if (!from)
		fail_internal("there is no memory for the range");
	base = commit_named(bisect, from);
	to = commit_named(bisect, dots + 2);
	range = fuzz_format("%s..%s", base, to);
	lines = log_of(bisect, range, false);
	if (!*lines)
		fail_none(bisect, range);
	size = (1 + count_lines(lines)) * sizeof(*bisect->commits);
	bisect->commits = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (bisect->commits == MAP_FAILED)
		fail_internal("there is no memory for %u commits", 1 + count_lines(lines));
	free(range);
	range = log_of(bisect, base, true);
	add_commits(bisect, range);
	add_commits(bisect, lines);
	free(range);
	free(lines);
	free(base);
	free(to);
	free(from);
}

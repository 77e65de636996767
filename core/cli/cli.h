/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The faultline program: one file a subcommand, each ending in one struct command; main.c's table
 * of them makes the dispatch and the help.
 */
#ifndef FAULTLINE_CLI_H
#define FAULTLINE_CLI_H

#include <argp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Exit statuses, the same for every subcommand. */
enum {
	FL_EXIT_NOTHING = 0,   /* nothing found */
	FL_EXIT_VIOLATION = 1, /* a violation found */
	FL_EXIT_USAGE = 2,     /* bad usage or bad input */
	FL_EXIT_INTERNAL = 3,  /* the program itself failed */
};

struct command {
	const char *name;
	const char *help; /* one line */
	/* argv[0] is "faultline NAME". Returns the exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_explore, command_replay, command_case, command_subjects,
	command_scenarios, command_profiles, command_invariants, command_storms, command_minimize,
	command_fuzz, command_triage, command_bisect, command_stress;

/* One line on standard error, then exit FL_EXIT_USAGE or FL_EXIT_INTERNAL. */
_Noreturn void fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn void fail_internal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on both of them exit with @status, whatever was wrong: for callers who read statuses. */
void fail_with(int status);

/* Rows of options that several commands have; each command has its own KEY_... */
#define CLI_OPTION_JSON(group)                                                                     \
	{"json", KEY_JSON, NULL, 0, "Print one JSON object on standard output, and nothing else",  \
	 group}
#define CLI_OPTION_QUIET(group)                                                                    \
	{"quiet", KEY_QUIET, NULL, 0, "No progress on standard error", group}
#define CLI_OPTION_SCENARIO(group)                                                                 \
	{"scenario", KEY_SCENARIO, "SCENARIO", 0, "One scenario (default: all of them in turn)",   \
	 group}
#define CLI_OPTION_JOBS(group)                                                                     \
	{"jobs", KEY_JOBS, "N", 0, "Processes (default: one for each CPU)", group}

/*
 * argp_parse() whose errors are one line: an unknown option gets the nearest known one named.
 * --help is argp's own.
 */
void parse_options(const struct argp *argp, int argc, char **argv, void *input);

/* @text as a whole number from @least to @most, or one line of error that names @option. */
uint64_t parse_number(const char *option, const char *text, uint64_t least, uint64_t most);
/* @text as a positive number of seconds. */
double parse_seconds(const char *option, const char *text);

/* The case in a file, or one line of error; a history of a stress run is told apart, and what to do with it. */
struct fl_case;
void load_case(struct fl_case *result, const char *path);

/* How many CPUs this program may run on, 1 to @most. */
unsigned int cpus_to_use(unsigned int most);

/*
 * fork() for a process that works for this one: it leaves SIGINT and SIGTERM, which may go to the whole
 * process group, to its parent, and does not outlive it. As fork(): 0, the child, or -1 with errno.
 */
pid_t cli_fork(void);

/* Seconds on a clock that only goes forward, for how long something takes. */
double cli_now(void);

/* Flush standard output; a full disk or a closed pipe is an error of one line. */
void finish_output(void);

/* @number with a comma each three digits, in @buffer (of 32 bytes at least). */
const char *with_commas(uint64_t number, char *buffer);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
/* The program's entry: which subcommand, its help, and what every one needs. */
#include "cli.h"

#include <kernel/kernel.h>
#include "nearest.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const struct command *const commands[] = {
	&command_explore,   &command_replay,   &command_case,	    &command_subjects,
	&command_scenarios, &command_profiles, &command_invariants, &command_storms,
	&command_minimize,  &command_fuzz,     &command_triage,	    &command_bisect,
	&command_stress,
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *out)
{
	fputs("Usage: faultline COMMAND [OPTION...]\n"
	      "Finds races between suspend and fault handling in Arm SMMU drivers.\n\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-12s %s\n", commands[i]->name, commands[i]->help);
	fputs("\n'faultline COMMAND --help' tells a command's options.\n"
	      "Exit status: 0 nothing found, 1 a violation found, 2 bad usage or bad input,\n"
	      "3 the program itself failed.\n",
	      out);
}

static const struct command *find_command(const char *name)
{
	const char *names[COMMANDS];
	const char *near;

	for (size_t i = 0; i < COMMANDS; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
		names[i] = commands[i]->name;
	}
	near = nearest(name, names, COMMANDS);
	if (near)
		fail_usage("unknown command '%s'; did you mean '%s'?", name, near);
	fail_usage("unknown command '%s'; 'faultline --help' lists them", name);
}

int main(int argc, char **argv)
{
	char name[64];
	const struct command *command;
	int status;

	/* A file-size limit is an error of one line, like a full disk, not a signal. */
	signal(SIGXFSZ, SIG_IGN);
	fl_oops_install();
	if (argc < 2)
		fail_usage("say what to do; 'faultline --help' lists the commands");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		finish_output();
		return FL_EXIT_NOTHING;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("faultline %s\n", FAULTLINE_VERSION);
		finish_output();
		return FL_EXIT_NOTHING;
	}
	command = find_command(argv[1]);
	snprintf(name, sizeof(name), "faultline %s", command->name);
	argv[1] = name;
	status = command->run(argc - 1, argv + 1);
	finish_output();
	return status;
}

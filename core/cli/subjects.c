// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline subjects: the code that can be put under test. */
#include "list.h"

#include <faultline/subject.h>
#include <handler/handler.h>
#include <subject/loader.h>

#include <stdlib.h>

static void print_subject(struct json *json, const char *name, const char *help,
			  const char *version)
{
	char line[640];

	if (json) {
		json_open(json, NULL, '{');
		list_item(json, name, help);
		json_string(json, "version", version);
		json_close(json, '}');
		return;
	}
	snprintf(line, sizeof(line), "%s%s%s", help, *version ? ", version " : "", version);
	list_item(NULL, name, line);
}

static void print_table(struct json *json, const struct fl_subject *const *subjects)
{
	for (; *subjects; subjects++)
		print_subject(json, (*subjects)->name, (*subjects)->help, (*subjects)->version);
}

static void print_loadable(struct json *json)
{
	struct fl_subject_list list;

	fl_subject_list(&list);
	for (unsigned int i = 0; i < list.count; i++) {
		char error[512];
		const struct fl_subject *subject =
			fl_subject_load(list.names[i], error, sizeof(error));

		print_subject(json, list.names[i], subject ? subject->help : error,
			      subject ? subject->version : "");
	}
	if (!list.count && !json)
		list_item(NULL, "linux:NAME",
			  "none is built; 'scripts/add-linux TREE NAME' builds one");
}

static void print(struct json *json)
{
	print_table(json, fl_core_subjects);
	print_loadable(json);
	if (!json)
		puts("\nmutants, each made to break one invariant:");
	print_table(json, fl_core_mutants);
}

static int run(int argc, char **argv)
{
	return list_run(argc, argv, "Lists what can be put under test.", "subjects", print);
}

const struct command command_subjects = {
	.name = "subjects",
	.help = "list what can be put under test",
	.run = run,
};

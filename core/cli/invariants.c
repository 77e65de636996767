// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline invariants: what is judged. */
#include "list.h"

#include <check/check.h>

static void print(struct json *json)
{
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		const struct fl_invariant *invariant = fl_invariants[i];

		if (json)
			json_open(json, NULL, '{');
		list_item(json, invariant->name, invariant->help);
		if (json) {
			json_string(json, "premise", invariant->premise);
			json_string(json, "consequence", invariant->consequence);
			json_bool(json, "fair_schedules_only", invariant->needs & FL_NEEDS_FAIR);
			json_bool(json, "needs_sanitizer", invariant->needs & FL_NEEDS_SANITIZER);
			json_bool(json, "needs_memory_granularity",
				  invariant->needs & FL_NEEDS_MEMORY);
			json_string(json, "on_threads", invariant->on_threads);
			json_close(json, '}');
		} else {
			printf("%-28s   exercised by: %s\n", "", invariant->premise);
			if (invariant->on_threads)
				printf("%-28s   on threads: %s\n", "", invariant->on_threads);
		}
	}
}

static int run(int argc, char **argv)
{
	return list_run(argc, argv, "Lists the invariants that are judged.", "invariants", print);
}

const struct command command_invariants = {
	.name = "invariants",
	.help = "list what is judged",
	.run = run,
};

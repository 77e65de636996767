// SPDX-License-Identifier: GPL-2.0-or-later
/* What the listing commands have in common. */
#include "list.h"

enum { KEY_JSON = 0x100 };

static const struct argp_option options[] = {
	{"json", KEY_JSON, NULL, 0, "Print one JSON object on standard output", 1},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	bool *json = state->input;

	if (key != KEY_JSON)
		return ARGP_ERR_UNKNOWN;
	*json = true;
	return 0;
}

int list_run(int argc, char **argv, const char *doc, const char *key,
	     void (*print)(struct json *json))
{
	struct argp argp = {.options = options, .parser = parse, .doc = doc};
	struct json json = {.out = stdout};
	bool as_json = false;

	parse_options(&argp, argc, argv, &as_json);
	if (!as_json) {
		print(NULL);
		return FL_EXIT_NOTHING;
	}
	json_open(&json, NULL, '{');
	json_open(&json, key, '[');
	print(&json);
	json_close(&json, ']');
	json_close(&json, '}');
	putchar('\n');
	return FL_EXIT_NOTHING;
}

void list_item(struct json *json, const char *name, const char *help)
{
	if (!json) {
		printf("%-28s %s\n", name, help);
		return;
	}
	json_string(json, "name", name);
	json_string(json, "help", help);
}

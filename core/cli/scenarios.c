// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline scenarios: what the contexts of a world are made to do. */
#include "list.h"

#include <case/case.h>

static const struct {
	uint32_t feature;
	const char *name;
} features[] = {
	{FL_SUBJECT_CLIENT_RESUME, "a resume hook"},
	{FL_SUBJECT_STALL, "stalling"},
	{FL_SUBJECT_TBU, "TBUs"},
	{FL_SUBJECT_REAL, "a real driver"},
};

static const char *needs_of(const struct fl_scenario *scenario, char *buffer, size_t size)
{
	size_t length = 0;

	*buffer = '\0';
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (scenario->features & features[i].feature && length < size)
			length += snprintf(buffer + length, size - length, "%s%s",
					   length ? ", " : "", features[i].name);
	return buffer;
}

static void print(struct json *json)
{
	char needs[128], line[512];

	for (unsigned int i = 0; fl_scenarios[i]; i++) {
		const struct fl_scenario *scenario = fl_scenarios[i];

		needs_of(scenario, needs, sizeof(needs));
		if (json) {
			json_open(json, NULL, '{');
			list_item(json, scenario->name, scenario->help);
			json_string(json, "needs", needs);
			json_close(json, '}');
			continue;
		}
		snprintf(line, sizeof(line), "%s%s%s%s", scenario->help, *needs ? " (needs " : "",
			 needs, *needs ? ")" : "");
		list_item(NULL, scenario->name, line);
	}
}

static int run(int argc, char **argv)
{
	return list_run(argc, argv, "Lists what the contexts of a world can be made to do.",
			"scenarios", print);
}

const struct command command_scenarios = {
	.name = "scenarios",
	.help = "list what the contexts of a world can be made to do",
	.run = run,
};

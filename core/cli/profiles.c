// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline profiles: which hardware there is, and which of its knobs are left to chance. */
#include "list.h"

#include <case/case.h>

static void print_knobs(struct json *json, const struct fl_profile *profile, bool free_ones)
{
	char value[64];

	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
		unsigned int values = profile->free_values[knob];
		const char *separator = "=";

		if (!values || !(values & (values - 1)) == free_ones)
			continue;
		if (json)
			json_open(json, fl_knob_infos[knob].name, '[');
		else
			printf(" %s", fl_knob_infos[knob].name);
		for (; values; values &= values - 1) {
			fl_knob_value_name(knob, __builtin_ctz(values), value, sizeof(value));
			if (json)
				json_string(json, NULL, value);
			else
				printf("%s%s", separator, value);
			separator = "|";
		}
		if (json)
			json_close(json, ']');
	}
}

static void print_profile(struct json *json, const struct fl_profile *profile)
{
	list_item(json, profile->name, profile->help);
	if (json) {
		json_number(json, "cpus", profile->cpus);
		json_open(json, "free_knobs", '{');
		print_knobs(json, profile, true);
		json_close(json, '}');
		json_open(json, "fixed_knobs", '{');
		print_knobs(json, profile, false);
		json_close(json, '}');
		return;
	}
	printf("    %u CPU%s, %u context banks; left to chance:", profile->cpus,
	       profile->cpus == 1 ? "" : "s", profile->hardware.banks);
	print_knobs(NULL, profile, true);
	fputs("\n    fixed:", stdout);
	print_knobs(NULL, profile, false);
	putchar('\n');
}

static void print(struct json *json)
{
	for (unsigned int i = 0; fl_profiles[i]; i++) {
		if (json)
			json_open(json, NULL, '{');
		print_profile(json, fl_profiles[i]);
		if (json)
			json_close(json, '}');
	}
}

static int run(int argc, char **argv)
{
	return list_run(argc, argv, "Lists the hardware that a world can have.", "profiles", print);
}

const struct command command_profiles = {
	.name = "profiles",
	.help = "list the hardware that a world can have",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* A campaign as members of a JSON object. */
#include "verdict.h"

static void json_knobs(struct json *json, const struct fl_profile *profile)
{
	char value[64];

	json_open(json, "free_knobs", '{');
	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
		unsigned int values = profile->free_values[knob];

		if (!(values & (values - 1)))
			continue;
		json_open(json, fl_knob_infos[knob].name, '[');
		for (; values; values &= values - 1)
			json_string(json, NULL,
				    fl_knob_value_name(knob, __builtin_ctz(values), value,
						       sizeof(value)));
		json_close(json, ']');
	}
	json_close(json, '}');
}

static void json_findings(struct json *json, const struct campaign_result *result)
{
	json_open(json, "findings", '[');
	for (unsigned int i = 0; i < result->finding_count; i++) {
		const struct campaign_finding *finding = &result->findings[i];

		json_open(json, NULL, '{');
		json_string(json, "invariant", fl_invariants[finding->invariant]->name);
		json_string(json, "signature", finding->signature);
		json_string(json, "case", finding->path);
		json_number(json, "first_schedule", finding->first_schedule);
		json_number(json, "count", finding->count);
		json_number(json, "step", finding->step);
		json_string(json, "scenario", finding->scenario);
		json_string(json, "detail", finding->detail);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void json_verdicts(struct json *json, const struct explored *explored)
{
	json_open(json, "invariants", '[');
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		json_open(json, NULL, '{');
		json_string(json, "name", fl_invariants[i]->name);
		json_string(json, "verdict", verdict_name(verdict_of(explored, i)));
		json_number(json, "violations", explored->result.violations[i]);
		json_number(json, "premises", explored->result.premises[i]);
		json_close(json, '}');
	}
	json_close(json, ']');
}

void json_explored(struct json *json, const struct explored *explored)
{
	const struct campaign_options *options = &explored->options;
	const struct campaign_result *result = &explored->result;

	json_string(json, "subject", options->subject->name);
	json_string(json, "version", options->subject->version);
	json_string(json, "profile", options->profile->name);
	json_string(json, "scenario", scenario_label(options));
	json_string(json, "strategy", options->strategy);
	json_string(json, "granularity", options->memory_granularity ? "memory" : "call");
	json_number(json, "seed", options->seed);
	json_number(json, "jobs", options->jobs);
	json_number(json, "schedules", result->schedules);
	json_number(json, "steps", result->steps);
	json_number(json, "inconclusive", result->inconclusive);
	json_number(json, "unrecorded", result->unrecorded);
	json_real(json, "seconds", result->seconds);
	json_bool(json, "complete", result->complete);
	json_bool(json, "search_complete", result->search_complete);
	json_knobs(json, options->profile);
	json_findings(json, result);
	json_verdicts(json, explored);
}

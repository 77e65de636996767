/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case as text, one statement a line, in its canonical order. */
#include "case_form.h"

#include <errno.h>
#include <inttypes.h>

static void print_knobs(const struct fl_case *source, const struct fl_profile *profile, FILE *out)
{
	struct fl_knobs knobs = source->knobs;
	char value[64];

	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		if (*fl_knob_at(&knobs, i) == case_knob_default(profile, i))
			continue;
		fl_knob_value_name(i, *fl_knob_at(&knobs, i), value, sizeof(value));
		fprintf(out, "knob %s=%s\n", fl_knob_infos[i].name, value);
	}
}

static void print_client(const struct client_config *client, FILE *out)
{
	char value[32];

	fputs("client", out);
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++) {
		const struct case_client_field *field = &case_client_fields[i];

		case_list_name(field->values, ((const uint8_t *)client)[field->offset], value,
			       sizeof(value));
		fprintf(out, " %s=%s", field->name, value);
	}
	fputc('\n', out);
}

static void print_operation(const struct fl_operation *operation, FILE *out)
{
	const struct fl_operation_info *info = &fl_operations[operation->code];
	char value[32];

	fprintf(out, "\t%s", info->name);
	for (unsigned int i = 0; i < case_argument_count(info); i++) {
		if (!info->argument_values[i])
			snprintf(value, sizeof(value), "%u", operation->arguments[i]);
		else
			case_list_name(info->argument_values[i], operation->arguments[i], value,
				       sizeof(value));
		fprintf(out, " %s=%s", info->argument_names[i], value);
	}
	fputc('\n', out);
}

static void print_actor(const struct fl_actor *actor, FILE *out)
{
	if (actor->agent)
		fprintf(out, "agent %s\n", actor->name);
	else
		fprintf(out, "task %s cpu=%u\n", actor->name, actor->cpu);
	for (unsigned int i = 0; i < actor->count; i++)
		print_operation(&actor->operations[i], out);
}

static void print_decision(const struct fl_case *source, const struct fl_decision *decision,
			   FILE *out)
{
	if (decision->kind == FL_CHOOSE_CONTEXT) {
		const char *name = source->contexts[decision->value];

		fprintf(out, "at %" PRIu32 " run %u%s%s\n", decision->at, decision->value,
			*name ? " " : "", name);
	} else {
		fprintf(out, "choose %s %" PRIu32 " = %u\n", case_choice_names[decision->kind],
			decision->at, decision->value);
	}
}

int fl_case_print(const struct fl_case *source, FILE *out)
{
	char error[128];

	if (case_check(source, error, sizeof(error)))
		return -EINVAL;
	fprintf(out, "faultline case %u\n", CASE_VERSION);
	fprintf(out, "subject %s\n", source->subject);
	fprintf(out, "profile %s\n", source->profile);
	if (*source->scenario)
		fprintf(out, "scenario %s\n", source->scenario);
	fprintf(out, "granularity %s\n", source->memory_granularity ? "memory" : "call");
	print_knobs(source, fl_profile_find(source->profile), out);
	print_client(&source->program.client, out);
	for (unsigned int i = 0; i < source->program.count; i++)
		print_actor(&source->program.actors[i], out);
	if (source->fair_since != UINT64_MAX)
		fprintf(out, "fair %" PRIu64 "\n", source->fair_since);
	if (*source->signature)
		fprintf(out, "breaks \"%s\" step %" PRIu64 "\n", source->signature, source->step);
	for (uint32_t i = 0; i < source->decision_count; i++)
		print_decision(source, &source->decisions[i], out);
	fputs("end\n", out);
	return ferror(out) ? -EIO : 0;
}

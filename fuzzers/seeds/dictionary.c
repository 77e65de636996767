/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dictionaries and options of the fuzz targets. */
#include "seeds.h"

#include <case/case_form.h>
#include <case/operations.h>
#include <case/raw_form.h>

#include <string.h>

/* Engines take an entry's name up to the '='. */
static void print_name(FILE *out, const char *kind, const char *name)
{
	fprintf(out, "%s_", kind);
	for (; *name; name++)
		fputc(*name == '-' ? '_' : *name, out);
	fputc('=', out);
}

static void print_slot(FILE *out, unsigned int first, unsigned int second)
{
	fprintf(out, "\"\\x%02x\\x%02x\"\n", first & 0xff, second & 0xff);
}

static void print_operations(const struct fl_target *target, FILE *out)
{
	static const unsigned int suspend[][2] = {
		{OP_PM_PUT_NOIDLE, ON_GPU}, {OP_PM_SUSPEND, ON_GPU}, {OP_PM_SUSPEND, ON_SMMU}};

	fprintf(out, "\n# Operations, with the first values of their arguments.\n");
	for (unsigned int i = 0; i < fl_operation_count; i++) {
		if (!(target->operations >> i & 1))
			continue;
		print_name(out, "operation", fl_operations[i].name);
		print_slot(out, RAW_OPERATION | i, 0);
	}
	fprintf(out, "\n# GPU and SMMU suspend.\nsuspend_both=\"");
	for (unsigned int i = 0; i < 3; i++)
		fprintf(out, "\\x%02x\\x%02x", RAW_OPERATION | suspend[i][0], suspend[i][1]);
	fprintf(out, "\"\n");
}

static void print_knobs(const struct fl_target *target, FILE *out)
{
	const struct fl_profile *profile = fl_profile_find(target->profile);
	char value_name[64];

	fprintf(out, "\n# Knobs that profile %s leaves open.\n", profile->name);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		unsigned int values = profile->free_values[i];

		for (unsigned int value = 0; values & (values - 1) && value < 8; value++) {
			if (!(values >> value & 1))
				continue;
			fprintf(out, "knob_%s_%s=", fl_knob_infos[i].name,
				fl_knob_value_name(i, value, value_name, sizeof(value_name)));
			print_slot(out, RAW_KNOB | i >> 5, (i & 0x1f) << 3 | value);
		}
	}
}

static void print_client(FILE *out)
{
	char value_name[64];

	fprintf(out, "\n# What the client's fault callback does.\n");
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++) {
		const struct case_client_field *field = &case_client_fields[i];

		for (unsigned int value = 1;
		     case_list_name(field->values, value, value_name, sizeof(value_name));
		     value++) {
			fprintf(out, "client_%s_%s=", field->name, value_name);
			print_slot(out, RAW_CLIENT, i << 5 | value);
		}
	}
}

static void print_actors(FILE *out)
{
	fprintf(out, "\n# Who does the operations that follow.\n");
	for (unsigned int i = 0; i < raw_name_count; i++) {
		print_name(out, raw_names[i].agent ? "agent" : "task", raw_names[i].name);
		print_slot(out, RAW_ACTOR | i >> 5, (i & 0x1f) << 3);
	}
}

/* The words of the text form; the parser's other two forms share the names. */
static void print_words(FILE *out)
{
	static const char *const statements[] = {
		"faultline case 1\n",
		"subject ",
		"profile ",
		"scenario ",
		"granularity call\n",
		"granularity memory\n",
		"knob ",
		"client ",
		"agent ",
		"task ",
		" cpu=",
		"fair ",
		"breaks \"",
		" step ",
		"at ",
		" run ",
		"choose ",
		"end\n",
		"\treason \"",
		" until 2030-01-01",
	};

	fprintf(out, "\n# Statements.\n");
	for (unsigned int i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		fprintf(out, "statement_%u=\"", i);
		for (const char *at = statements[i]; *at; at++) {
			if (*at == '"' || *at == '\n' || *at == '\t')
				fprintf(out, "\\x%02x", *at);
			else
				fputc(*at, out);
		}
		fprintf(out, "\"\n");
	}
	fprintf(out, "packed=\"");
	for (unsigned int i = 0; i < sizeof(case_magic); i++)
		fprintf(out, "\\x%02x", case_magic[i]);
	fprintf(out, "\"\n\n# Names.\n");
	for (unsigned int i = 0; i < fl_operation_count; i++)
		fprintf(out, "\"\\x0a\\x09%s \"\n", fl_operations[i].name);
	for (unsigned int i = 0; fl_profiles[i]; i++)
		fprintf(out, "\"%s\"\n", fl_profiles[i]->name);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		fprintf(out, "\"%s=\"\n", fl_knob_infos[i].name);
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++)
		fprintf(out, "\"%s=\"\n", case_client_fields[i].name);
	for (unsigned int i = 0; i < FL_CHOICE_KINDS; i++)
		if (case_choice_names[i])
			fprintf(out, "\"choose %s \"\n", case_choice_names[i]);
}

void seeds_print_dictionary(const struct fl_target *target, FILE *out)
{
	fprintf(out, "# SPDX-License-Identifier: GPL-2.0-or-later\n"
		     "# Made by scripts/make-seeds from the project's tables.\n");
	if (!target) {
		print_words(out);
		return;
	}
	print_operations(target, out);
	print_knobs(target, out);
	print_client(out);
	print_actors(out);
}

void seeds_print_options(const char *target, FILE *out)
{
	bool parser = !strcmp(target, "case_parser_fuzzer");

	fprintf(out, "# SPDX-License-Identifier: GPL-2.0-or-later\n"
		     "# Made by scripts/make-seeds.\n[libfuzzer]\n");
	/*
	 * Races need several slots: growing slowly from nothing costs more than long inputs do. And a mutation of a
	 * mutation of what was kept has little of it left (docs/fuzzing.md, "Does it help?").
	 */
	fprintf(out, "max_len = %d\n", parser ? 65536 : 1024);
	if (!parser)
		fprintf(out, "len_control = 0\nmutate_depth = 1\n");
	fprintf(out, "dict = %s.dict\ntimeout = 25\n\n", target);
	fprintf(out, "[ubsan]\nhandle_sigill = 1\n");
}

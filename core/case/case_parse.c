/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A case from text. One statement a line; a line that begins with a blank is an operation of the
 * actor above it; '#' begins a comment. Strict: what is not understood is refused, with its place.
 */
#include "case_parser.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* --- statements ----------------------------------------------------------------------------- */

static int statement_version(struct parser *parser)
{
	if (parser->count != 3 || strcmp(parser->words[1], "case"))
		return parser_fail(parser, "a case begins with 'faultline case %d'", CASE_VERSION);
	if (strcmp(parser->words[2], "1"))
		return parser_fail(parser, "version '%s' of cases; this program reads version %d",
				   parser->words[2], CASE_VERSION);
	if (parser->seen_version)
		return parser_fail(parser, "'faultline' is said twice");
	parser->seen_version = true;
	return 0;
}

static int statement_subject(struct parser *parser)
{
	return parser_take_word(parser, "subject", parser->result->subject, FL_NAME_SIZE);
}

static int statement_profile(struct parser *parser)
{
	int result = parser_take_word(parser, "profile", parser->result->profile, FL_NAME_SIZE);

	if (result)
		return result;
	parser->profile = fl_profile_find(parser->words[1]);
	if (!parser->profile)
		return parser_fail(parser, "unknown profile '%s'; see 'faultline profiles'",
				   parser->words[1]);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++)
		*fl_knob_at(&parser->result->knobs, i) =
			(uint8_t)case_knob_default(parser->profile, i);
	return 0;
}

static int statement_scenario(struct parser *parser)
{
	return parser_take_word(parser, "scenario", parser->result->scenario, FL_NAME_SIZE);
}

static int statement_granularity(struct parser *parser)
{
	int value = parser->count == 2 ? case_list_find("call,memory", parser->words[1]) : -1;

	if (value < 0)
		return parser_fail(parser, "'granularity' is 'call' or 'memory'");
	if (parser->seen_granularity)
		return parser_fail(parser, "'granularity' is said twice");
	parser->seen_granularity = true;
	parser->result->memory_granularity = value;
	return 0;
}

static int statement_knob(struct parser *parser)
{
	char *text;
	int knob, value;

	if (parser->count != 2 || !(text = parser_take_value(parser->words[1])))
		return parser_fail(parser, "'knob' takes NAME=VALUE");
	if (!parser->profile)
		return parser_fail(parser, "'knob' stands before 'profile'; say the profile first");
	knob = fl_knob_find(parser->words[1]);
	if (knob < 0)
		return parser_fail(parser, "unknown knob '%s'; see 'faultline profiles'",
				   parser->words[1]);
	value = fl_knob_value((enum fl_knob)knob, text);
	if (value < 0)
		return parser_fail(parser, "knob %s has no value '%s'; it has %s", parser->words[1],
				   text, fl_knob_infos[knob].values);
	if (!(parser->profile->free_values[knob] & 1u << value))
		return parser_fail(parser,
				   "profile %s does not have %s=%s; see 'faultline profiles'",
				   parser->profile->name, parser->words[1], text);
	if (parser->seen_knobs & 1ull << knob)
		return parser_fail(parser, "knob %s is said twice", parser->words[1]);
	parser->seen_knobs |= 1ull << knob;
	*fl_knob_at(&parser->result->knobs, (enum fl_knob)knob) = (uint8_t)value;
	return 0;
}

static int take_client_field(struct parser *parser, char *word, uint32_t *seen)
{
	char *text = parser_take_value(word);
	unsigned int i = 0;
	int value;

	if (!text)
		return parser_fail(parser, "'client' takes NAME=VALUE, not '%s'", word);
	while (i < CASE_CLIENT_FIELDS && strcmp(case_client_fields[i].name, word))
		i++;
	if (i == CASE_CLIENT_FIELDS)
		return parser_fail(parser, "the client has no '%s'", word);
	value = case_list_find(case_client_fields[i].values, text);
	if (value < 0)
		return parser_fail(parser, "the client's %s is no '%s'; it is one of %s", word,
				   text, case_client_fields[i].values);
	if (*seen & 1u << i)
		return parser_fail(parser, "the client's %s is said twice", word);
	*seen |= 1u << i;
	((uint8_t *)&parser->result->program.client)[case_client_fields[i].offset] = (uint8_t)value;
	return 0;
}

static int statement_client(struct parser *parser)
{
	uint32_t seen = 0;

	if (parser->seen_client)
		return parser_fail(parser, "'client' is said twice");
	parser->seen_client = true;
	for (unsigned int i = 1; i < parser->count; i++) {
		int result = take_client_field(parser, parser->words[i], &seen);

		if (result)
			return result;
	}
	return 0;
}

static int finish_actor(struct parser *parser)
{
	if (parser->actor && !parser->actor->count)
		return parser_fail(
			parser,
			"'%s' does nothing; give it an operation, on a line that begins with a tab",
			parser->actor->name);
	return 0;
}

static int new_actor(struct parser *parser, bool agent)
{
	struct fl_program *program = &parser->result->program;
	const char *name = parser->words[1];

	if (!case_is_word(name, FL_NAME_SIZE))
		return parser_fail(parser, "'%s' is no name of at most %d characters", name,
				   FL_NAME_SIZE - 1);
	for (unsigned int i = 0; i < program->count; i++)
		if (!strcmp(program->actors[i].name, name))
			return parser_fail(parser,
					   "there is a '%s' already; give this one another name",
					   name);
	if (program->count == FL_MAX_ACTORS)
		return parser_fail(parser, "more than %d actors", FL_MAX_ACTORS);
	parser->actor = &program->actors[program->count++];
	parser->actor->agent = agent;
	memcpy(parser->actor->name, name, strlen(name) + 1);
	return 0;
}

static int statement_agent(struct parser *parser)
{
	if (parser->count != 2)
		return parser_fail(parser, "'agent' takes one name");
	return new_actor(parser, true);
}

static int statement_task(struct parser *parser)
{
	char *text;
	uint64_t cpu;
	int result;

	if (parser->count != 3 || !(text = parser_take_value(parser->words[2])) ||
	    strcmp(parser->words[2], "cpu"))
		return parser_fail(parser, "'task' takes a name and cpu=NUMBER");
	result = parser_take_number(parser, text, "cpu", FL_MAX_CPUS, &cpu);
	if (!result)
		result = new_actor(parser, false);
	if (!result)
		parser->actor->cpu = (uint8_t)cpu;
	return result;
}

static int take_argument(struct parser *parser, const struct fl_operation_info *info, char *word,
			 struct fl_operation *operation, uint32_t *seen)
{
	char *text = parser_take_value(word);
	unsigned int i = 0;
	uint64_t value;
	int result;

	if (!text)
		return parser_fail(parser, "'%s' takes NAME=VALUE, not '%s'", info->name, word);
	while (i < case_argument_count(info) && strcmp(info->argument_names[i], word))
		i++;
	if (i == case_argument_count(info))
		return parser_fail(parser, "'%s' has no argument '%s'", info->name, word);
	if (*seen & 1u << i)
		return parser_fail(parser, "argument %s is said twice", word);
	*seen |= 1u << i;
	if (!info->argument_values[i]) {
		result = parser_take_number(parser, text, word, info->argument_limits[i], &value);
		operation->arguments[i] = (uint8_t)value;
		return result;
	}
	result = case_list_find(info->argument_values[i], text);
	if (result < 0)
		return parser_fail(parser, "%s is no '%s'; it is one of %s", word, text,
				   info->argument_values[i]);
	operation->arguments[i] = (uint8_t)result;
	return 0;
}

static int take_operation(struct parser *parser)
{
	const struct fl_operation_info *info;
	struct fl_operation operation = {0};
	int code = fl_operation_find(parser->words[0]);
	uint32_t seen = 0;

	if (!parser->actor)
		return parser_fail(
			parser,
			"a line that begins with a blank is an operation, and nobody is there "
			"to do it");
	if (code < 0)
		return parser_fail(parser, "unknown operation '%s'; see docs/scenarios.md",
				   parser->words[0]);
	info = &fl_operations[code];
	if (parser->actor->agent ? !info->agent : !info->task)
		return parser_fail(parser, "'%s' is nothing that %s does", info->name,
				   parser->actor->agent ? "an agent" : "a task");
	operation.code = (uint8_t)code;
	for (unsigned int i = 1; i < parser->count; i++) {
		int result = take_argument(parser, info, parser->words[i], &operation, &seen);

		if (result)
			return result;
	}
	if (seen != (1u << case_argument_count(info)) - 1)
		return parser_fail(parser, "'%s' lacks its argument '%s'", info->name,
				   info->argument_names[__builtin_ctz(~seen)]);
	if (parser->actor->count == FL_MAX_OPERATIONS)
		return parser_fail(parser, "'%s' does more than %d operations", parser->actor->name,
				   FL_MAX_OPERATIONS);
	parser->actor->operations[parser->actor->count++] = operation;
	return 0;
}

static int statement_fair(struct parser *parser)
{
	if (parser->count != 2)
		return parser_fail(parser, "'fair' takes the step from which the run is fair");
	if (parser->seen_fair)
		return parser_fail(parser, "'fair' is said twice");
	parser->seen_fair = true;
	return parser_take_number(parser, parser->words[1], "the step", UINT64_MAX,
				  &parser->result->fair_since);
}

static int statement_breaks(struct parser *parser)
{
	if (parser->count != 4 || !parser->quoted[1] || strcmp(parser->words[2], "step"))
		return parser_fail(parser,
				   "'breaks' takes a signature in quotes and 'step NUMBER'");
	if (*parser->result->signature)
		return parser_fail(parser, "'breaks' is said twice");
	if (!*parser->words[1] || !case_is_title(parser->words[1], FL_SIGNATURE_TEXT_SIZE))
		return parser_fail(parser, "the signature has 1 to %d characters",
				   FL_SIGNATURE_TEXT_SIZE - 1);
	memcpy(parser->result->signature, parser->words[1], strlen(parser->words[1]) + 1);
	return parser_take_number(parser, parser->words[3], "the step", UINT64_MAX,
				  &parser->result->step);
}

static int add_decision(struct parser *parser, enum fl_choice_kind kind, uint64_t at,
			uint64_t value)
{
	struct fl_case *result = parser->result;

	if (at < parser->next[kind])
		return parser_fail(
			parser,
			"decisions of one kind stand in order; this one belongs above the last");
	parser->next[kind] = at + 1;
	if (result->decision_count == FL_MAX_DECISIONS)
		return parser_fail(parser, "more than %d decisions", FL_MAX_DECISIONS);
	result->decisions[result->decision_count++] = (struct fl_decision){
		.at = (uint32_t)at,
		.value = (uint16_t)value,
		.kind = (uint8_t)kind,
	};
	return 0;
}

static int name_context(struct parser *parser, uint64_t number, const char *name)
{
	char *known = parser->result->contexts[number];

	if (!case_is_word(name, FL_CONTEXT_NAME_SIZE))
		return parser_fail(parser, "'%s' is no name of at most %d characters", name,
				   FL_CONTEXT_NAME_SIZE - 1);
	if (*known && strcmp(known, name))
		return parser_fail(parser, "context %" PRIu64 " is '%s' here and '%s' above",
				   number, name, known);
	memcpy(known, name, strlen(name) + 1);
	return 0;
}

static int statement_at(struct parser *parser)
{
	uint64_t at, number;
	int result;

	if ((parser->count != 4 && parser->count != 5) || strcmp(parser->words[2], "run"))
		return parser_fail(
			parser,
			"'at' takes a step, 'run', the context's number, and its name if you like");
	result = parser_take_number(parser, parser->words[1], "the step", 1ull << 32, &at);
	if (!result)
		result = parser_take_number(parser, parser->words[3], "the context",
					    FL_MAX_CONTEXTS, &number);
	if (!result && parser->count == 5)
		result = name_context(parser, number, parser->words[4]);
	return result ? result : add_decision(parser, FL_CHOOSE_CONTEXT, at, number);
}

static int statement_choose(struct parser *parser)
{
	uint64_t at, value;
	int kind, result;

	if (parser->count != 5 || strcmp(parser->words[3], "="))
		return parser_fail(
			parser,
			"'choose' takes a kind, how many came before it, '=' and the answer");
	kind = case_choice_find(parser->words[1]);
	if (kind < 0)
		return parser_fail(parser, "unknown kind of choice '%s'; see docs/scenarios.md",
				   parser->words[1]);
	result = parser_take_number(parser, parser->words[2], "the count", 1ull << 32, &at);
	if (!result)
		result = parser_take_number(parser, parser->words[4], "the answer", 1u << 16,
					    &value);
	if (!result && !value)
		return parser_fail(parser,
				   "the answer 0 is what happens anyway; leave the line out");
	return result ? result : add_decision(parser, (enum fl_choice_kind)kind, at, value);
}

static int statement_end(struct parser *parser)
{
	if (parser->count != 1)
		return parser_fail(parser, "'end' takes nothing");
	parser->seen_end = true;
	return 0;
}

static const struct statement {
	const char *name;
	int (*take)(struct parser *parser);
} statements[] = {
	{"subject", statement_subject},
	{"profile", statement_profile},
	{"scenario", statement_scenario},
	{"granularity", statement_granularity},
	{"knob", statement_knob},
	{"client", statement_client},
	{"agent", statement_agent},
	{"task", statement_task},
	{"fair", statement_fair},
	{"breaks", statement_breaks},
	{"at", statement_at},
	{"choose", statement_choose},
	{"end", statement_end},
};

static int take_statement(struct parser *parser)
{
	int result;

	if (parser->seen_end)
		return parser_fail(parser, "something stands behind 'end'");
	if (!parser->seen_version) {
		if (parser->indented || strcmp(parser->words[0], "faultline"))
			return parser_fail(
				parser, "a case begins with 'faultline case %d'; is this a case?",
				CASE_VERSION);
		return statement_version(parser);
	}
	if (parser->quoted[0])
		return parser_fail(parser, "a statement does not begin with a quote");
	if (parser->indented)
		return take_operation(parser);
	result = finish_actor(parser);
	if (result)
		return result;
	parser->actor = NULL;
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		if (!strcmp(statements[i].name, parser->words[0]))
			return statements[i].take(parser);
	return parser_fail(parser, "unknown statement '%s'; see docs/scenarios.md",
			   parser->words[0]);
}

/* What must have been said by the end. */
static int finish(struct parser *parser)
{
	char text[160];

	if (!parser->seen_version)
		return parser_fail(parser, "nothing here; a case begins with 'faultline case %d'",
				   CASE_VERSION);
	if (!parser->seen_end)
		return parser_fail(parser, "the case ends without 'end'; is it cut short?");
	if (!*parser->result->subject)
		return parser_fail(parser, "the case has no 'subject'");
	if (!parser->profile)
		return parser_fail(parser, "the case has no 'profile'");
	return case_check(parser->result, text, sizeof(text)) ? parser_fail(parser, "%s", text) : 0;
}

int fl_case_parse(struct fl_case *result, const char *text, size_t size, const char *name,
		  char *error, size_t error_size)
{
	struct parser parser = {
		.result = result,
		.name = name,
		.what = "case",
		.error = error,
		.error_size = error_size,
	};

	fl_case_clear(result);
	while (size) {
		const char *end = memchr(text, '\n', size);
		size_t length = end ? (size_t)(end - text) : size;
		int failed = parser_take_line(&parser, text, length);

		if (!failed && parser.count)
			failed = take_statement(&parser);
		if (failed)
			return failed;
		if (end)
			length++;
		text += length;
		size -= length;
	}
	return finish(&parser);
}

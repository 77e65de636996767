/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in cases, and what a valid case is. */
#include "case_form.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define FIELD(field, value_names)                                                                  \
	{.name = #field, .values = value_names, .offset = offsetof(struct client_config, field)}

const struct case_client_field case_client_fields[CASE_CLIENT_FIELDS] = {
	FIELD(answer, "0,EAGAIN,EBUSY,ENOSYS"),
	FIELD(resume, "none,early,worker"),
	FIELD(fault_info, "no,yes"),
	FIELD(set_stall, "no,yes"),
	FIELD(block, "no,yes"),
	FIELD(dump, "no,yes"),
	FIELD(registers, "none,careful,blind"),
};
_Static_assert(sizeof(struct client_config) == CASE_CLIENT_FIELDS, "each field has a name");

/* Knobs and what the scenario left open stand in the case themselves. */
const char *const case_choice_names[FL_CHOICE_KINDS] = {
	[FL_CHOOSE_WAITER] = "waiter",	     [FL_CHOOSE_IRQ_DELAY] = "irq-delay",
	[FL_CHOOSE_IRQ_ORDER] = "irq-order", [FL_CHOOSE_CPU] = "cpu",
	[FL_CHOOSE_HARDWARE] = "hardware",   [FL_CHOOSE_FAILURE] = "failure",
	[FL_CHOOSE_CLIENT] = "client",
};

int case_choice_find(const char *name)
{
	for (int kind = 0; kind < FL_CHOICE_KINDS; kind++)
		if (case_choice_names[kind] && !strcmp(case_choice_names[kind], name))
			return kind;
	return -1;
}

const char *case_list_name(const char *list, unsigned int index, char *buffer, size_t size)
{
	size_t length;

	for (; index; index--) {
		list = strchr(list, ',');
		if (!list)
			return NULL;
		list++;
	}
	length = strcspn(list, ",");
	if (length >= size)
		return NULL;
	memcpy(buffer, list, length);
	buffer[length] = '\0';
	return buffer;
}

int case_list_find(const char *list, const char *name)
{
	char buffer[32];

	for (unsigned int i = 0; case_list_name(list, i, buffer, sizeof(buffer)); i++)
		if (!strcmp(buffer, name))
			return (int)i;
	return -1;
}

/* --- rules ---------------------------------------------------------------------------------- */

bool case_is_word(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (!length || length == size)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '"' || text[i] == '#')
			return false;
	return true;
}

bool case_is_title(const char *text, size_t size)
{
	size_t length = strnlen(text, size);

	if (length == size)
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~' || text[i] == '"')
			return false;
	return true;
}

unsigned int case_knob_default(const struct fl_profile *profile, unsigned int knob)
{
	return (unsigned int)__builtin_ctz(profile->free_values[knob]);
}

unsigned int case_argument_count(const struct fl_operation_info *info)
{
	unsigned int count = 0;

	while (count < 3 && info->argument_names[count])
		count++;
	return count;
}

bool case_names_context(const struct fl_case *source, unsigned int number)
{
	for (uint32_t i = 0; i < source->decision_count; i++)
		if (source->decisions[i].kind == FL_CHOOSE_CONTEXT &&
		    source->decisions[i].value == number)
			return true;
	return false;
}

static int problem(char *error, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int problem(char *error, size_t size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error, size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static int check_header(const struct fl_case *source, char *error, size_t size)
{
	const struct fl_profile *profile = fl_profile_find(source->profile);
	struct fl_knobs knobs = source->knobs;

	if (!case_is_word(source->subject, sizeof(source->subject)))
		return problem(error, size, "the subject's name is no word");
	if (!profile)
		return problem(error, size, "unknown profile '%.*s'", FL_NAME_SIZE - 1,
			       source->profile);
	if (*source->scenario && !case_is_word(source->scenario, sizeof(source->scenario)))
		return problem(error, size, "the scenario's name is no word");
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		unsigned int value = *fl_knob_at(&knobs, i);

		if (value > 7 || !(profile->free_values[i] & 1u << value))
			return problem(error, size,
				       "profile %s does not have that value of knob %s",
				       profile->name, fl_knob_infos[i].name);
	}
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++) {
		const struct case_client_field *field = &case_client_fields[i];
		uint8_t value = ((const uint8_t *)&source->program.client)[field->offset];
		char buffer[32];

		if (!case_list_name(field->values, value, buffer, sizeof(buffer)))
			return problem(error, size, "the client's %s has no value %u", field->name,
				       value);
	}
	return 0;
}

static int check_operation(const struct fl_actor *actor, const struct fl_operation *operation,
			   char *error, size_t size)
{
	const struct fl_operation_info *info;

	if (operation->code >= fl_operation_count)
		return problem(error, size, "'%s' does an operation that does not exist",
			       actor->name);
	info = &fl_operations[operation->code];
	if (actor->agent ? !info->agent : !info->task)
		return problem(error, size, "%s is nothing that %s does", info->name,
			       actor->agent ? "an agent" : "a task");
	for (unsigned int i = 0; i < 3; i++) {
		unsigned int limit = i < case_argument_count(info) ? info->argument_limits[i] : 1;

		if (operation->arguments[i] >= limit)
			return problem(error, size, "an argument of %s is out of range",
				       info->name);
	}
	return 0;
}

static int check_actor(const struct fl_program *program, unsigned int index, char *error,
		       size_t size)
{
	const struct fl_actor *actor = &program->actors[index];

	if (!case_is_word(actor->name, sizeof(actor->name)))
		return problem(error, size, "an actor's name is no word");
	for (unsigned int i = 0; i < index; i++)
		if (!strcmp(program->actors[i].name, actor->name))
			return problem(error, size, "two actors are called '%s'", actor->name);
	if (actor->cpu >= (actor->agent ? 1 : FL_MAX_CPUS))
		return problem(error, size, "'%s' is on a CPU that does not exist", actor->name);
	if (!actor->count || actor->count > FL_MAX_OPERATIONS)
		return problem(error, size, "'%s' does %s", actor->name,
			       actor->count ? "too much" : "nothing; give it an operation");
	for (unsigned int i = 0; i < actor->count; i++) {
		int result = check_operation(actor, &actor->operations[i], error, size);

		if (result)
			return result;
	}
	return 0;
}

static int check_decisions(const struct fl_case *source, char *error, size_t size)
{
	uint64_t next[FL_CHOICE_KINDS] = {0};

	if (source->decision_count > FL_MAX_DECISIONS)
		return problem(error, size, "more than %u decisions", FL_MAX_DECISIONS);
	for (uint32_t i = 0; i < source->decision_count; i++) {
		const struct fl_decision *decision = &source->decisions[i];

		if (decision->kind == FL_CHOOSE_CONTEXT) {
			if (decision->value >= FL_MAX_CONTEXTS)
				return problem(error, size, "context %u does not exist",
					       decision->value);
		} else if (decision->kind >= FL_CHOICE_KINDS ||
			   !case_choice_names[decision->kind]) {
			return problem(error, size, "a choice of a kind that no case has");
		} else if (!decision->value) {
			return problem(error, size, "a choice of 0 is no decision; leave it out");
		}
		if (decision->at < next[decision->kind])
			return problem(error, size, "decisions of one kind are not in order");
		next[decision->kind] = (uint64_t)decision->at + 1;
	}
	return 0;
}

static int check_contexts(const struct fl_case *source, char *error, size_t size)
{
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++) {
		if (!*source->contexts[i])
			continue;
		if (!case_is_word(source->contexts[i], sizeof(source->contexts[i])))
			return problem(error, size, "the name of context %u is no word", i);
		if (!case_names_context(source, i))
			return problem(error, size,
				       "context %u has a name, and no decision names it", i);
	}
	return 0;
}

int case_check(const struct fl_case *source, char *error, size_t size)
{
	int result = check_header(source, error, size);

	if (result)
		return result;
	if (!source->program.count || source->program.count > FL_MAX_ACTORS)
		return problem(error, size, "%s",
			       source->program.count
				       ? "too many actors"
				       : "nobody does anything; add an agent or a task");
	for (unsigned int i = 0; i < source->program.count; i++) {
		result = check_actor(&source->program, i, error, size);
		if (result)
			return result;
	}
	if (!case_is_title(source->signature, sizeof(source->signature)) ||
	    (!*source->signature && source->step))
		return problem(error, size, "what it breaks is no signature");
	result = check_decisions(source, error, size);
	return result ? result : check_contexts(source, error, size);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a case is made of, and a case without one of its elements. */
#include "minimize.h"

#include <case/case_form.h>
#include <case/world.h>

#include <string.h>

/* --- settings: knobs, manners of the client, CPUs and arguments ---------------------------- */

/* Where setting number @number is kept, and its plain value; NULL behind the last. */
static uint8_t *setting_at(struct fl_case *owner, unsigned int number, uint8_t *plain)
{
	const struct fl_profile *profile = fl_profile_find(owner->profile);

	if (number < FL_KNOB_COUNT) {
		*plain = (uint8_t)case_knob_default(profile, number);
		return fl_knob_at(&owner->knobs, number);
	}
	number -= FL_KNOB_COUNT;
	*plain = 0;
	if (number < CASE_CLIENT_FIELDS)
		return (uint8_t *)&owner->program.client + case_client_fields[number].offset;
	number -= CASE_CLIENT_FIELDS;
	for (unsigned int i = 0; i < owner->program.count; i++) {
		struct fl_actor *actor = &owner->program.actors[i];
		unsigned int count = 1 + 3 * actor->count;

		if (!number)
			return &actor->cpu;
		if (number < count)
			return &actor->operations[(number - 1) / 3].arguments[(number - 1) % 3];
		number -= count;
	}
	return NULL;
}

/* The @index-th setting that is not plain, made plain. */
static bool without_setting(struct fl_case *smaller, unsigned int index)
{
	uint8_t plain, *setting;

	for (unsigned int i = 0; (setting = setting_at(smaller, i, &plain)); i++) {
		if (*setting == plain || index--)
			continue;
		*setting = plain;
		return true;
	}
	return false;
}

/* --- actors and operations ------------------------------------------------------------------ */

/* Decisions to run it go, and those that follow are called by one number less. */
static void forget_context(struct fl_case *owner, fl_context_t gone)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < owner->decision_count; i++) {
		struct fl_decision decision = owner->decisions[i];

		if (decision.kind == FL_CHOOSE_CONTEXT && decision.value == gone)
			continue;
		if (decision.kind == FL_CHOOSE_CONTEXT && decision.value > gone)
			decision.value--;
		owner->decisions[kept++] = decision;
	}
	owner->decision_count = kept;
	for (fl_context_t i = gone; i + 1 < FL_MAX_CONTEXTS; i++)
		memcpy(owner->contexts[i], owner->contexts[i + 1], sizeof(owner->contexts[i]));
	memset(owner->contexts[FL_MAX_CONTEXTS - 1], 0, sizeof(owner->contexts[0]));
}

static bool without_actor(struct fl_case *smaller, unsigned int index)
{
	struct fl_program *program = &smaller->program;

	if (index >= program->count || program->count == 1)
		return false;
	forget_context(smaller, fl_world_first_actor() + (fl_context_t)index);
	memmove(&program->actors[index], &program->actors[index + 1],
		(program->count - index - 1) * sizeof(program->actors[0]));
	program->count--;
	memset(&program->actors[program->count], 0, sizeof(program->actors[0]));
	return true;
}

static bool without_operation(struct fl_case *smaller, unsigned int index)
{
	for (unsigned int i = 0; i < smaller->program.count; i++) {
		struct fl_actor *actor = &smaller->program.actors[i];

		if (index >= actor->count) {
			index -= actor->count;
			continue;
		}
		if (actor->count == 1)
			return without_actor(smaller, i);
		actor->count--;
		memmove(&actor->operations[index], &actor->operations[index + 1],
			(actor->count - index) * sizeof(actor->operations[0]));
		memset(&actor->operations[actor->count], 0, sizeof(actor->operations[0]));
		return true;
	}
	return false;
}

static bool without_decision(struct fl_case *smaller, unsigned int index)
{
	if (index >= smaller->decision_count)
		return false;
	smaller->decision_count--;
	memmove(&smaller->decisions[index], &smaller->decisions[index + 1],
		(smaller->decision_count - index) * sizeof(smaller->decisions[0]));
	return true;
}

bool fl_case_without(struct fl_case *smaller, const struct fl_case *whole, enum fl_element kind,
		     unsigned int index)
{
	*smaller = *whole;
	switch (kind) {
	case FL_ELEMENT_ACTOR:
		return without_actor(smaller, index);
	case FL_ELEMENT_OPERATION:
		return without_operation(smaller, index);
	case FL_ELEMENT_SETTING:
		return without_setting(smaller, index);
	case FL_ELEMENT_DECISION:
		return without_decision(smaller, index);
	}
	return false;
}

void fl_case_measure(const struct fl_case *measured, struct fl_case_size *size)
{
	struct fl_case copy = *measured;
	uint8_t plain, *setting;

	memset(size, 0, sizeof(*size));
	size->actors = copy.program.count;
	for (unsigned int i = 0; i < copy.program.count; i++)
		size->operations += copy.program.actors[i].count;
	for (unsigned int i = 0; (setting = setting_at(&copy, i, &plain)); i++)
		size->settings += *setting != plain;
	for (uint32_t i = 0; i < copy.decision_count; i++) {
		if (copy.decisions[i].kind == FL_CHOOSE_CONTEXT)
			size->preemptions++;
		else
			size->answers++;
	}
}

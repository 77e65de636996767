/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of cases share: random valid cases, and their text. */
#ifndef FAULTLINE_TESTS_CASE_TEST_H
#define FAULTLINE_TESTS_CASE_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include "case/case_form.h"

#define MAYBE_UNUSED __attribute__((unused))

/* A test's own generator, so that a failure repeats. */
static uint64_t random_state = 1;

MAYBE_UNUSED static uint32_t below(uint32_t n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(random_state >> 33) % n;
}

MAYBE_UNUSED static void random_word(char *place, size_t size, unsigned int unique)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789:/.+-_";
	size_t length = 1 + below((uint32_t)size - 6);

	for (size_t i = 0; i < length; i++)
		place[i] = letters[below(sizeof(letters) - 1)];
	snprintf(place + length, size - length, "%u", unique);
}

MAYBE_UNUSED static void random_actor(struct fl_actor *actor, unsigned int unique)
{
	actor->agent = below(2);
	actor->cpu = actor->agent ? 0 : (uint8_t)below(FL_MAX_CPUS);
	random_word(actor->name, sizeof(actor->name), unique);
	actor->count = (uint8_t)(1 + below(FL_MAX_OPERATIONS));
	for (unsigned int i = 0; i < actor->count; i++) {
		struct fl_operation *operation = &actor->operations[i];
		const struct fl_operation_info *info;

		do {
			operation->code = (uint8_t)below(fl_operation_count);
			info = &fl_operations[operation->code];
		} while (actor->agent ? !info->agent : !info->task);
		for (unsigned int j = 0; j < case_argument_count(info); j++)
			operation->arguments[j] = (uint8_t)below(info->argument_limits[j]);
	}
}

MAYBE_UNUSED static void random_decisions(struct fl_case *result)
{
	uint32_t next[FL_CHOICE_KINDS] = {0};

	result->decision_count = below(below(20) ? 40 : FL_MAX_DECISIONS);
	for (uint32_t i = 0; i < result->decision_count; i++) {
		struct fl_decision *decision = &result->decisions[i];

		do {
			decision->kind = (uint8_t)below(FL_CHOICE_KINDS);
		} while (decision->kind != FL_CHOOSE_CONTEXT && !case_choice_names[decision->kind]);
		decision->at = next[decision->kind] + below(200);
		next[decision->kind] = decision->at + 1;
		decision->value =
			(uint16_t)(decision->kind == FL_CHOOSE_CONTEXT ? below(FL_MAX_CONTEXTS)
								       : 1 + below(70));
	}
	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		if (case_names_context(result, i) && below(2))
			random_word(result->contexts[i], FL_CONTEXT_NAME_SIZE, i);
}

MAYBE_UNUSED static void random_case(struct fl_case *result)
{
	unsigned int profiles = 0;
	const struct fl_profile *profile;

	while (fl_profiles[profiles])
		profiles++;
	profile = fl_profiles[below(profiles)];
	fl_case_clear(result);
	random_word(result->subject, sizeof(result->subject), 0);
	snprintf(result->profile, sizeof(result->profile), "%s", profile->name);
	if (below(2))
		random_word(result->scenario, sizeof(result->scenario), 0);
	result->memory_granularity = below(2);
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		unsigned int value;

		do {
			value = below(8);
		} while (!(profile->free_values[i] & 1u << value));
		*fl_knob_at(&result->knobs, i) = (uint8_t)value;
	}
	result->program.client = (struct client_config){
		.answer = (uint8_t)below(4),
		.resume = (uint8_t)below(3),
		.fault_info = (uint8_t)below(2),
		.set_stall = (uint8_t)below(2),
		.block = (uint8_t)below(2),
		.dump = (uint8_t)below(2),
		.registers = (uint8_t)below(3),
	};
	result->program.count = (uint8_t)(1 + below(FL_MAX_ACTORS));
	for (unsigned int i = 0; i < result->program.count; i++)
		random_actor(&result->program.actors[i], i);
	if (below(2))
		result->fair_since = below(3) ? below(5000) : 0;
	if (below(2)) {
		snprintf(result->signature, sizeof(result->signature),
			 "irq-storm in f%u (unretired)", below(100));
		result->step = below(10000);
	}
	random_decisions(result);
}

/* The text of @source; allocated. */
MAYBE_UNUSED static char *text_of(const struct fl_case *source, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	assert_non_null(out);
	assert_int_equal(fl_case_print(source, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

#endif

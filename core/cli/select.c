// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of subjects, profiles, scenarios, strategies and invariants. */
#include "select.h"
#include "cli.h"
#include "nearest.h"

#include <free/free_core.h>
#include <case/operations.h>
#include <handler/handler.h>
#include <subject/loader.h>

#include <string.h>

#define MAX_NAMES 128

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BUILT_WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(BUILT_WITH_ASAN)
#define BUILT_WITH_ASAN 1
#endif
#ifndef BUILT_WITH_ASAN
#define BUILT_WITH_ASAN 0
#endif

static _Noreturn void fail_unknown(const char *what, const char *name, const char *const *names,
				   unsigned int count, const char *lister)
{
	const char *near = nearest(name, names, count);

	if (near)
		fail_usage("unknown %s '%s'; did you mean '%s'?", what, name, near);
	fail_usage("unknown %s '%s'; '%s' lists them", what, name, lister);
}

const struct fl_subject *select_subject(const char *name)
{
	const char *names[MAX_NAMES];
	const struct fl_subject *subject;
	unsigned int count = 0;
	char error[512];

	subject = fl_core_find(name);
	if (subject)
		return subject;
	/* A real driver, or a shared object by its path. */
	if (!strncmp(name, "linux:", 6) || strchr(name, '/')) {
		subject = fl_subject_load(name, error, sizeof(error));
		if (!subject)
			fail_usage("%s", error);
		return subject;
	}
	for (unsigned int i = 0; fl_core_subjects[i] && count < MAX_NAMES; i++)
		names[count++] = fl_core_subjects[i]->name;
	for (unsigned int i = 0; fl_core_mutants[i] && count < MAX_NAMES; i++)
		names[count++] = fl_core_mutants[i]->name;
	fail_unknown("subject", name, names, count, "faultline subjects");
}

const struct fl_subject *select_free_subject(const char *name)
{
	const struct fl_subject *subject = fl_core_free_find(name);
	char error[512];

	if (subject)
		return subject;
	subject = fl_subject_for_threads(select_subject(name), error, sizeof(error));
	if (!subject)
		fail_usage("%s", error);
	return subject;
}

const struct fl_subject *select_granularity(const struct fl_subject *subject, bool memory)
{
	char error[512];

	if (!memory)
		return subject;
	subject = fl_subject_for_memory(subject, error, sizeof(error));
	if (!subject)
		fail_usage("%s", error);
	return subject;
}

const struct fl_profile *select_profile(const char *name)
{
	const struct fl_profile *profile = fl_profile_find(name);
	const char *names[MAX_NAMES];
	unsigned int count = 0;

	if (profile)
		return profile;
	for (; fl_profiles[count] && count < MAX_NAMES; count++)
		names[count] = fl_profiles[count]->name;
	fail_unknown("profile", name, names, count, "faultline profiles");
}

const struct fl_scenario *select_scenario(const char *name)
{
	const struct fl_scenario *scenario = fl_scenario_find(name);
	const char *names[MAX_NAMES];
	unsigned int count = 0;

	if (scenario)
		return scenario;
	for (; fl_scenarios[count] && count < MAX_NAMES; count++)
		names[count] = fl_scenarios[count]->name;
	fail_unknown("scenario", name, names, count, "faultline scenarios");
}

const struct fl_strategy *select_strategy(const char *name, const char **argument)
{
	const struct fl_strategy *strategy = fl_strategy_find(name, argument);
	const char *names[MAX_NAMES];
	const char *error = "it does not say why";
	unsigned int count = 0;

	if (strategy && (!strcmp(strategy->name, "replay") || !strcmp(strategy->name, "bytes") ||
			 !strcmp(strategy->name, "history")))
		fail_usage(
			"strategy '%s' follows an input and searches nothing; 'faultline replay' runs a case",
			name);
	if (strategy) {
		if (strategy->start(0, *argument, &error))
			fail_usage("strategy '%s': %s", name, error);
		return strategy;
	}
	for (; fl_strategies[count] && count < MAX_NAMES; count++)
		names[count] = fl_strategies[count]->name;
	fail_unknown("strategy", name, names, count, "faultline explore --help");
}

static int select_invariant(const char *name)
{
	int number = fl_invariant_find(name);
	const char *names[MAX_NAMES];
	unsigned int count = invariant_count();

	if (number >= 0)
		return number;
	for (unsigned int i = 0; i < count; i++)
		names[i] = fl_invariants[i]->name;
	fail_unknown("invariant", name, names, count, "faultline invariants");
}

uint32_t select_invariants(const char *list)
{
	uint32_t mask = 0;
	char name[FL_NAME_SIZE];

	if (!list)
		return (uint32_t)((1ull << invariant_count()) - 1);
	while (*list) {
		size_t length = strcspn(list, ",");

		if (length >= sizeof(name))
			fail_usage("--invariants %s: that is no name of an invariant", list);
		memcpy(name, list, length);
		name[length] = '\0';
		mask |= 1u << select_invariant(name);
		list += length + (list[length] == ',');
	}
	if (!mask)
		fail_usage("--invariants names no invariant; 'faultline invariants' lists them");
	return mask;
}

bool scenario_fits(const struct fl_scenario *scenario, const struct fl_subject *subject,
		   const struct fl_profile *profile)
{
	return !(scenario->features & ~fl_features_on(subject, profile));
}

uint32_t unjudged_invariants(const struct fl_subject *subject, bool memory_granularity)
{
	uint32_t mask = 0;

	for (unsigned int i = 0; fl_invariants[i]; i++) {
		unsigned int needs = fl_invariants[i]->needs;

		if (needs & FL_NEEDS_SANITIZER && !BUILT_WITH_ASAN)
			mask |= 1u << i;
		if (needs & FL_NEEDS_MEMORY &&
		    !(memory_granularity && subject->features & FL_SUBJECT_MEMORY))
			mask |= 1u << i;
	}
	return mask;
}

const char *unjudged_reason(unsigned int invariant)
{
	if (fl_invariants[invariant]->needs & FL_NEEDS_MEMORY)
		return "needs --granularity memory and an instrumented subject";
	return "needs a build with AddressSanitizer";
}

unsigned int invariant_count(void)
{
	unsigned int count = 0;

	while (fl_invariants[count])
		count++;
	return count;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The world of a fuzz target, and what the environment says about it. */
#include "fuzz_target.h"
#include "feedback.h"
#include "trace.h"
#include "violation.h"

#include <case/raw.h>
#include <handler/handler.h>
#include <world/trace_hash.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef FAULTLINE_FUZZ_SUBJECT
#define FAULTLINE_FUZZ_SUBJECT NULL
#endif

static const struct fl_target *target;
static const struct fl_subject *linked_subject;
static bool tracing;

static _Noreturn void __attribute__((format(printf, 1, 2))) fail_usage(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "%s: ", target ? target->name : "fuzz target");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(2);
}

void fuzz_target_link_subject(const struct fl_subject *subject)
{
	linked_subject = subject;
}

static const struct fl_subject *find_subject(const char *name)
{
	const struct fl_subject *subject;

	if (linked_subject && !strcmp(linked_subject->name, name))
		return linked_subject;
	subject = fl_core_find(name);
	if (subject)
		return subject;
	fail_usage("FAULTLINE_SUBJECT=%s: this target has no such subject; 'faultline subjects' "
		   "lists the built-in ones",
		   name);
}

/* A list of names with commas, as a mask. */
static uint32_t find_invariants(const char *list)
{
	uint32_t mask = 0;
	char name[64];

	if (!list)
		return UINT32_MAX;
	while (*list) {
		size_t length = strcspn(list, ",");
		int number;

		snprintf(name, sizeof(name), "%.*s", (int)length, list);
		number = fl_invariant_find(name);
		if (number < 0)
			fail_usage("FAULTLINE_INVARIANTS: there is no invariant '%s'; "
				   "'faultline invariants' lists them",
				   name);
		mask |= 1u << number;
		list += length + (list[length] == ',');
	}
	if (!mask)
		fail_usage("FAULTLINE_INVARIANTS is empty; leave it unset to judge all");
	return mask;
}

static uint32_t find_features(const char *list)
{
	const char *wrong;
	int length;
	int mask = fuzz_feedback_parse(list, &wrong, &length);

	if (mask < 0)
		fail_usage("FAULTLINE_FEEDBACK: there is no feature '%.*s'; there are meeting, "
			   "device-state, lock-order, reads-from, or none alone",
			   length, wrong);
	return (uint32_t)mask;
}

/* Known findings: of the file that is asked for; else of the one beside the program, if there is one. */
static void find_suppressions(const char *program, struct fl_suppressions *known)
{
	const char *path = getenv("FAULTLINE_SUPPRESSIONS");
	char beside[4096], error[512];

	known->count = 0;
	if (!path) {
		if (snprintf(beside, sizeof(beside), "%s.suppressions", program) >=
			    (int)sizeof(beside) ||
		    access(beside, F_OK))
			return;
		path = beside;
	}
	if (*path && fl_suppressions_load(known, path, error, sizeof(error)))
		fail_usage("%s", error);
}

void fuzz_target_start(const char *name, const char *program)
{
	static struct fl_suppressions known;
	const char *subject = getenv("FAULTLINE_SUBJECT");
	uint32_t features, invariants;
	char error[512];

	target = fl_target_find(name);
	if (!target)
		fail_usage("%s is not in the table of targets", name);
	if (!subject)
		subject = FAULTLINE_FUZZ_SUBJECT;
	if (!subject)
		subject = linked_subject ? linked_subject->name : target->subject;
	features = find_features(getenv("FAULTLINE_FEEDBACK"));
	invariants = find_invariants(getenv("FAULTLINE_INVARIANTS"));
	find_suppressions(program, &known);
	/* memory-error is always judged, or nobody could pass by what sanitizers say of the subject. */
	if (fl_world_make(find_subject(subject), fl_profile_find(target->profile),
			  invariants | 1u << fl_invariant_find("memory-error"), error,
			  sizeof(error)))
		fail_usage("%s", error);
	fuzz_feedback_start(features);
	fuzz_violation_start(target->name, subject, invariants, &known);
}

void fuzz_trace_start(void)
{
	fl_trace_hash_start();
	tracing = true;
}

uint64_t fuzz_trace_hash(void)
{
	return fl_trace_hash();
}

void fuzz_target_run(const uint8_t *data, size_t size)
{
	struct fl_outcome outcome;

	fuzz_feedback_begin();
	fuzz_violation_begin();
	if (tracing)
		fl_trace_hash_reset();
	fl_world_raw(target, data, size, &outcome);
	fuzz_violation_end();
}

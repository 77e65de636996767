// SPDX-License-Identifier: GPL-2.0-or-later
/* Between a fuzzer's raw bytes and cases. */
#include "case_fuzzer.h"
#include "cli.h"
#include "nearest.h"
#include "select.h"

#include <case/raw.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TARGETS 64

static const struct fl_target *select_target(const char *name)
{
	const struct fl_target *target = fl_target_find(name);
	const char *names[MAX_TARGETS];
	unsigned int count = 0;
	const char *near;

	if (target)
		return target;
	for (; fl_targets[count] && count < MAX_TARGETS; count++)
		names[count] = fl_targets[count]->name;
	near = nearest(name, names, count);
	if (near)
		fail_usage("unknown fuzz target '%s'; did you mean '%s'?", name, near);
	fail_usage("unknown fuzz target '%s'; there are %s and %u more", name, names[0], count - 1);
}

/* At most FL_RAW_SIZE bytes of a file: what a fuzzer would make of a longer one is not one case. */
static uint8_t *read_bytes(const char *path, size_t *size)
{
	uint8_t *data = malloc(FL_RAW_SIZE + 1);
	FILE *file = fopen(path, "rb");

	if (!data)
		fail_internal("there is no memory for %u bytes", FL_RAW_SIZE);
	if (!file)
		fail_usage("cannot read %s: %s", path, strerror(errno));
	*size = fread(data, 1, FL_RAW_SIZE + 1, file);
	if (ferror(file))
		fail_usage("cannot read %s: %s", path, strerror(errno));
	fclose(file);
	if (*size > FL_RAW_SIZE)
		fail_usage("%s: a fuzzer's input has at most %u bytes", path, FL_RAW_SIZE);
	return data;
}

/* The first one, or the first with this signature; NULL if there is none. */
static const struct fl_finding *find_finding(const struct fl_outcome *outcome,
					     const char *signature)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++)
		if (!signature || !strcmp(outcome->findings[i].signature, signature))
			return &outcome->findings[i];
	return NULL;
}

void case_of_fuzzer(const char *name, const char *subject_name, const char *signature,
		    const char *path, struct fl_case *recorded)
{
	const struct fl_target *target = select_target(name);
	const struct fl_subject *subject =
		select_subject(subject_name ? subject_name : target->subject);
	const struct fl_finding *finding;
	struct fl_outcome outcome;
	char error[512];
	size_t size;
	uint8_t *data = read_bytes(path, &size);

	if (fl_world_make(subject, select_profile(target->profile), select_invariants(NULL), error,
			  sizeof(error)))
		fail_usage("%s", error);
	fl_world_raw(target, data, size, &outcome);
	fl_world_record(recorded);
	finding = find_finding(&outcome, signature);
	if (!finding && signature && outcome.finding_count)
		fail_usage("%s does not break \"%s\" on %s, but \"%s\"", path, signature,
			   subject->name, outcome.findings[0].signature);
	if (!finding && signature)
		fail_usage("%s does not break \"%s\" on %s, nor anything else", path, signature,
			   subject->name);
	if (finding) {
		snprintf(recorded->signature, sizeof(recorded->signature), "%s",
			 finding->signature);
		recorded->step = finding->step;
	}
	free(data);
}

static bool breaks(const struct fl_outcome *outcome, const char *signature)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++)
		if (!strcmp(outcome->findings[i].signature, signature))
			return true;
	return false;
}

/* But for the names of their actors. */
static bool is_same_program(const struct fl_program *left, const struct fl_program *right)
{
	if (left->count != right->count ||
	    memcmp(&left->client, &right->client, sizeof(left->client)))
		return false;
	for (unsigned int i = 0; i < left->count; i++) {
		const struct fl_actor *actor = &left->actors[i], *other = &right->actors[i];

		if (actor->agent != other->agent || actor->count != other->count ||
		    memcmp(actor->operations, other->operations,
			   actor->count * sizeof(actor->operations[0])))
			return false;
	}
	return true;
}

static bool has_same_decisions(const struct fl_case *left, const struct fl_case *right)
{
	if (left->decision_count != right->decision_count)
		return false;
	for (uint32_t i = 0; i < left->decision_count; i++)
		if (left->decisions[i].at != right->decisions[i].at ||
		    left->decisions[i].kind != right->decisions[i].kind ||
		    left->decisions[i].value != right->decisions[i].value)
			return false;
	return true;
}

/* The bytes must make the run that the case made, or at least break what the case says. */
static void check_repeats(const struct fl_target *target, const struct fl_case *source,
			  const struct fl_case *replayed, const uint8_t *data, size_t size)
{
	static struct fl_case again;
	struct fl_outcome outcome;

	fl_world_raw(target, data, size, &outcome);
	fl_world_record(&again);
	if (!is_same_program(&replayed->program, &again.program))
		fail_usage("%s cannot say this case: %s cannot do all of its operations",
			   target->name, replayed->subject);
	if (*source->signature && !breaks(&outcome, source->signature))
		fail_usage("%s cannot say this case: run from bytes it does not break \"%s\"",
			   target->name, source->signature);
	if (!*source->signature && !has_same_decisions(replayed, &again))
		fail_usage(
			"%s cannot say this case: its schedule is unfair, and bytes make fair ones",
			target->name);
}

uint8_t *fuzzer_bytes(const char *name, const struct fl_case *source, size_t *size)
{
	static struct fl_case replayed;
	const struct fl_target *target = select_target(name);
	uint8_t *data = malloc(FL_RAW_SIZE);
	struct fl_outcome outcome;
	char error[512];

	if (!data)
		fail_internal("there is no memory for %u bytes", FL_RAW_SIZE);
	/* What the target cannot say is known before a world is made. */
	if (!fl_raw_encode(target, source, data, FL_RAW_SIZE, error, sizeof(error)))
		fail_usage("%s", error);
	if (fl_world_make(select_subject(source->subject), select_profile(target->profile),
			  select_invariants(NULL), error, sizeof(error)))
		fail_usage("%s", error);
	/* A decision that does not fit any more does nothing in a case, and would do something in bytes. */
	fl_world_replay(source, &outcome);
	fl_world_record(&replayed);
	*size = fl_raw_encode(target, &replayed, data, FL_RAW_SIZE, error, sizeof(error));
	if (!*size)
		fail_usage("%s", error);
	check_repeats(target, source, &replayed, data, *size);
	return data;
}

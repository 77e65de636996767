/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refind FROM TO: the case FROM, found again on what its subject is now, into TO.
 *
 * A case names steps, and a change of the subject or of the floor below it moves them. The knobs and the
 * actors are the finding; the schedule is searched anew, with as few preemptions as the search finds,
 * and decisions that the same signature does not need are dropped. Exit status 1: not found.
 */
#include <case/world.h>
#include <faultline/host.h>
#include <handler/handler.h>
#include <kernel/kernel.h>
#include <subject/loader.h>
#include <triage/refind.h>

#include <stdio.h>
#include <string.h>

/* Schedules of each search. */
#define SEARCH_RUNS 200000

static struct fl_case wanted, found, candidate;

static bool replays(struct fl_case *replayed)
{
	struct fl_outcome outcome;

	fl_world_replay(replayed, &outcome);
	return fl_case_found_in(&outcome, replayed);
}

/* From all at once down to one by one. */
static void drop_decisions(void)
{
	for (uint32_t chunk = found.decision_count; chunk; chunk /= 2) {
		uint32_t i = 0;

		while (i < found.decision_count) {
			uint32_t count =
				found.decision_count - i < chunk ? found.decision_count - i : chunk;

			candidate = found;
			memmove(&candidate.decisions[i], &candidate.decisions[i + count],
				(candidate.decision_count - i - count) *
					sizeof(candidate.decisions[0]));
			candidate.decision_count -= count;
			if (replays(&candidate))
				found = candidate;
			else
				i += count;
		}
	}
	candidate = found;
	candidate.fair_since = UINT64_MAX;
	if (replays(&candidate))
		found = candidate;
}

static const struct fl_subject *find_subject(const char *name, char *error, size_t size)
{
	const struct fl_subject *subject = fl_core_find(name);

	return subject ? subject : fl_subject_load(name, error, size);
}

static bool make_world(void)
{
	char error[512], invariant[64] = "";
	const struct fl_subject *subject = find_subject(wanted.subject, error, sizeof(error));
	const struct fl_profile *profile = fl_profile_find(wanted.profile);
	int index;

	if (subject && wanted.memory_granularity)
		subject = fl_subject_for_memory(subject, error, sizeof(error));

	sscanf(wanted.signature, "%63s", invariant);
	index = fl_invariant_find(invariant);
	if (!subject || !profile || index < 0) {
		fprintf(stderr, "refind: %s\n", subject ? "the case names no invariant" : error);
		return false;
	}
	if (fl_world_make(subject, profile, 1u << index, error, sizeof(error))) {
		fprintf(stderr, "refind: %s\n", error);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	char error[512];

	if (argc != 3) {
		fprintf(stderr, "usage: refind FROM TO\n");
		return 2;
	}
	if (fl_case_load(&wanted, argv[1], error, sizeof(error))) {
		fprintf(stderr, "refind: %s\n", error);
		return 2;
	}
	fl_memory_granularity = wanted.memory_granularity;
	fl_oops_install();
	if (!make_world())
		return 2;
	found = wanted;
	if (!fl_case_refind(&found, SEARCH_RUNS)) {
		fprintf(stderr, "refind: %s: %s is not found any more\n", argv[1],
			wanted.signature);
		return 1;
	}
	drop_decisions();
	if (!replays(&found))
		return 1;
	fl_case_name_contexts(&found);
	memcpy(found.scenario, wanted.scenario, sizeof(found.scenario));
	if (fl_case_save(&found, argv[2], error, sizeof(error))) {
		fprintf(stderr, "refind: %s\n", error);
		return 2;
	}
	return 0;
}

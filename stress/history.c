// SPDX-License-Identifier: GPL-2.0-or-later
#include "history.h"

#include <case/history.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct fl_history history;

/* Steps up to the violation, as contexts' numbers of this run. */
static void take_order(const struct fl_finding *finding)
{
	static uint8_t all[FL_HISTORY_STEPS * 8];
	uint64_t first, wanted;
	size_t count = fl_free_history(all, sizeof(all), &first), skip = 0;

	/* What came after the violation is of no use. */
	wanted = finding->step >= first ? finding->step - first + 1 : 0;
	if (wanted < count)
		count = (size_t)wanted;
	if (count > FL_HISTORY_STEPS)
		skip = count - FL_HISTORY_STEPS;
	history.first_step = first + skip;
	history.count = (uint32_t)(count - skip);
	memcpy(history.order, all + skip, count - skip);
}

/* The actors that a case has room for, as a mask: those whose last steps were the latest. */
static uint32_t latest_actors(const struct fl_free_program *program)
{
	int first = fl_world_first_actor();
	uint32_t mask = 0;
	unsigned int taken = 0;

	if (program->count <= FL_MAX_ACTORS)
		return program->count == 32 ? ~0u : (1u << program->count) - 1;
	for (uint32_t i = history.count; i-- && taken < FL_MAX_ACTORS;) {
		int actor = history.order[i] - first;

		if (actor < 0 || actor >= (int)program->count || mask & 1u << actor)
			continue;
		mask |= 1u << actor;
		taken++;
	}
	/* A violation may come before any of them ran, and a case without actors is none. */
	for (unsigned int i = 0; i < program->count && taken < FL_MAX_ACTORS; i++) {
		if (mask & 1u << i || !program->actors[i].count)
			continue;
		mask |= 1u << i;
		taken++;
	}
	return mask;
}

static void take_program(const struct fl_free_program *program)
{
	uint32_t mask = latest_actors(program);
	struct fl_program *kept = &history.like.program;

	kept->client = program->client;
	kept->count = 0;
	for (unsigned int i = 0; i < program->count; i++)
		if (mask & 1u << i && program->actors[i].count)
			kept->actors[kept->count++] = program->actors[i];
}

static void take_decisions(void)
{
	const struct fl_decision *decisions;
	size_t count;

	decisions = fl_decisions(&count);
	for (size_t i = 0; i < count && history.like.decision_count < FL_MAX_DECISIONS / 2; i++) {
		/* What these decided stands in it as knobs and actors; the order is kept apart. */
		if (decisions[i].kind == FL_CHOOSE_KNOB ||
		    decisions[i].kind == FL_CHOOSE_SCENARIO ||
		    decisions[i].kind == FL_CHOOSE_CONTEXT)
			continue;
		history.like.decisions[history.like.decision_count++] = decisions[i];
	}
}

static void take_names(void)
{
	for (int i = 0; i < fl_context_count(); i++)
		snprintf(history.names[i], sizeof(history.names[i]), "%s", fl_context_name(i));
}

int history_save(const struct stress_options *options, const struct stress_plan *plan,
		 const struct history_origin *origin, const struct fl_finding *finding, char *path,
		 size_t path_size, char *error, size_t error_size)
{
	int problem;

	memset(&history, 0, sizeof(history));
	history.seed = origin->seed;
	history.round = origin->round;
	history.process = origin->process;
	history.threads = origin->threads;
	history.perturbation = origin->perturbation;
	fl_case_clear(&history.like);
	snprintf(history.like.subject, sizeof(history.like.subject), "%s", options->subject->name);
	snprintf(history.like.profile, sizeof(history.like.profile), "%s", options->profile->name);
	history.like.knobs = plan->program.knobs;
	snprintf(history.like.signature, sizeof(history.like.signature), "%s", finding->signature);
	history.like.step = finding->step;
	snprintf(history.detail, sizeof(history.detail), "%s", finding->detail);
	take_order(finding);
	take_program(&plan->program);
	take_decisions();
	take_names();
	for (unsigned int number = 1; number < 10000; number++) {
		snprintf(path, path_size, "%s/%s-p%u-%02u.history", options->out,
			 fl_invariants[finding->invariant]->name, origin->process, number);
		/* Two runs may write into one folder, and both find the name free. */
		problem = access(path, F_OK) ? fl_history_save(&history, path, error, error_size)
					     : -EEXIST;
		if (problem != -EEXIST)
			return problem;
	}
	snprintf(error, error_size, "%s is full of histories; name another folder with --out",
		 options->out);
	return -EEXIST;
}

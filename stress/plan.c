// SPDX-License-Identifier: GPL-2.0-or-later
/* Who does what in a round. */
#include "plan.h"

#include <stdio.h>

static struct stress_plan *current;

void stress_plan_set(struct stress_plan *plan, const struct stress_options *options,
		     unsigned int threads)
{
	plan->options = options;
	plan->threads = threads;
	current = plan;
}

/* One of @mask, by frequency; -1 if there is none. */
static int draw_stressor(uint32_t mask)
{
	uint32_t sum = 0, at;

	for (uint32_t left = mask; left; left &= left - 1)
		sum += stressors[__builtin_ctz(left)]->frequency;
	if (!sum)
		return -1;
	at = draw(sum);
	for (uint32_t left = mask; left; left &= left - 1) {
		int number = __builtin_ctz(left);

		if (at < (uint32_t)stressors[number]->frequency)
			return number;
		at -= stressors[number]->frequency;
	}
	return -1;
}

static void add_actor(struct stress_plan *plan, const struct fl_profile *profile, int number,
		      uint32_t features)
{
	const struct stressor *stressor = stressors[number];
	struct fl_actor *actor = &plan->program.actors[plan->program.count];

	plan->stressor[plan->program.count++] = (uint8_t)number;
	snprintf(actor->name, sizeof(actor->name), "%s-%u", stressor->name, plan->program.count);
	actor->agent = stressor->agent;
	if (!actor->agent)
		actor->cpu = (uint8_t)draw(profile->cpus);
	stressor->build(actor, features);
	if (stressor->configure)
		stressor->configure(&plan->program.client, features);
}

void stress_plan_build(struct fl_free_program *program, const struct fl_subject *subject,
		       const struct fl_profile *profile)
{
	struct fl_program scratch = {.count = 0};
	uint32_t features = fl_features_on(subject, profile);
	uint32_t mask = current->options->stressors;

	/* The scenarios' own way to draw what the client's driver does. */
	draw_client(&scratch, features);
	scratch.client.answer = (uint8_t)(draw(2) ? 0 : draw(4));
	program->client = scratch.client;
	while (program->count < current->threads) {
		int number = draw_stressor(mask);

		if (number < 0)
			return;
		if (stressors[number]->once)
			mask &= ~(1u << number);
		add_actor(current, profile, number, features);
	}
}

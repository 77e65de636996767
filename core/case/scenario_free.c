/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The free scenario: actors and their operations are drawn from the whole table. Any answers make a
 * valid program. What the drawn operation cannot be on this subject or in this kind of actor
 * becomes its nearest neighbour that can, so that an input's integers keep their meaning when it is
 * cut or spliced.
 */
#include "scenario.h"

#include <case/world.h>

#define MOST_AGENTS	2
#define MOST_TASKS	3
#define MOST_OPERATIONS 5
/* Pages 0 to 4 are all kinds of pages there are. */
#define PAGES		5

static bool can_do(const struct fl_operation_info *info, bool agent, uint32_t features)
{
	return (agent ? info->agent : info->task) && !(info->features & ~features);
}

static enum operation_code draw_code(bool agent, uint32_t features)
{
	unsigned int code = draw(OP_COUNT);

	for (unsigned int i = 0; i < OP_COUNT; i++, code = (code + 1) % OP_COUNT)
		if (can_do(&fl_operations[code], agent, features))
			break;
	return code;
}

static unsigned int limit_of(const struct fl_operation_info *info, unsigned int argument)
{
	unsigned int limit = info->argument_limits[argument];

	/* More would only be more of the same. */
	return limit == FL_PAGE_COUNT ? PAGES : limit;
}

static void draw_operation(struct fl_actor *actor, uint32_t features)
{
	enum operation_code code = draw_code(actor->agent, features);
	const struct fl_operation_info *info = &fl_operations[code];
	unsigned int arguments[3] = {0};

	for (unsigned int i = 0; i < 3 && info->argument_names[i]; i++)
		arguments[i] = draw(limit_of(info, i));
	add(actor, code, arguments[0], arguments[1], arguments[2]);
}

static void draw_operations(struct fl_actor *actor, uint32_t features)
{
	unsigned int count = 1 + draw(MOST_OPERATIONS);

	while (count--)
		draw_operation(actor, features);
}

static void build(struct fl_program *program, const struct fl_subject *subject,
		  const struct fl_profile *profile)
{
	static const char *const agents[MOST_AGENTS] = {"agent-1", "agent-2"};
	static const char *const tasks[MOST_TASKS] = {"task-1", "task-2", "task-3"};
	uint32_t features = fl_features_on(subject, profile);
	unsigned int count;

	draw_client(program, features);
	program->client.answer = (uint8_t)draw(4);
	count = 1 + draw(MOST_AGENTS);
	for (unsigned int i = 0; i < count; i++)
		draw_operations(add_agent(program, agents[i]), features);
	count = 1 + draw(MOST_TASKS);
	for (unsigned int i = 0; i < count; i++)
		draw_operations(add_task(program, tasks[i], profile), features);
}

const struct fl_scenario scenario_free = {
	.name = "free",
	.help = "actors and operations drawn from the whole table",
	.build = build,
};

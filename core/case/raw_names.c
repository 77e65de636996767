/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables that reader and writer of raw bytes share. Inputs hold numbers: new rows go to the
 * end. */
#include "raw_form.h"

#include <world/names.h>

const uint8_t raw_answer_kinds[RAW_ANSWER_KINDS] = {
	FL_CHOOSE_WAITER,   FL_CHOOSE_IRQ_DELAY, FL_CHOOSE_IRQ_ORDER, FL_CHOOSE_CPU,
	FL_CHOOSE_HARDWARE, FL_CHOOSE_FAILURE,	 FL_CHOOSE_CLIENT,    FL_CHOOSE_IRQ_DELAY,
};

#define AGENT(text) {.name = text, .agent = true}
#define TASK(text)  {.name = text}

const struct raw_name raw_names[] = {
	AGENT("gpu"),	       TASK("suspend"),	  TASK("retire"),   TASK("cycle"),
	AGENT("gpu-prefetch"), AGENT("firmware"), AGENT("master"),  AGENT("gmu"),
	AGENT("self-test"),    AGENT("other"),	  TASK("submit"),   TASK("clock"),
	TASK("switch"),	       TASK("debugfs"),	  TASK("pager"),    TASK("disable"),
	TASK("detach"),	       TASK("domain"),	  TASK("lookup"),   TASK("map"),
	TASK("sleep"),	       TASK("shutdown"),  TASK("unbind"),   AGENT("agent-1"),
	AGENT("agent-2"),      AGENT("agent-3"),  AGENT("agent-4"), AGENT("agent-5"),
	AGENT("agent-6"),      AGENT("agent-7"),  AGENT("agent-8"), TASK("task-1"),
	TASK("task-2"),	       TASK("task-3"),	  TASK("task-4"),   TASK("task-5"),
	TASK("task-6"),	       TASK("task-7"),	  TASK("task-8"),
};
const unsigned int raw_name_count = sizeof(raw_names) / sizeof(raw_names[0]);
_Static_assert(sizeof(raw_names) / sizeof(raw_names[0]) <= 64, "a slot has 6 bits for a name");

int raw_name_find(const char *name, bool agent)
{
	for (unsigned int i = 0; i < raw_name_count; i++)
		if (raw_names[i].agent == agent && fl_same_name(raw_names[i].name, name))
			return (int)i;
	return -1;
}

int raw_actor_find(const struct fl_program *program, const char *name)
{
	for (unsigned int i = 0; i < program->count; i++)
		if (fl_same_name(program->actors[i].name, name))
			return (int)i;
	return -1;
}

unsigned int raw_name_unused(const struct fl_program *program, bool agent)
{
	unsigned int number = (unsigned int)raw_name_find(agent ? "agent-1" : "task-1", agent);

	/* There are as many of a kind as a program has actors, and the asker is one of these. */
	while (raw_actor_find(program, raw_names[number].name) >= 0)
		number++;
	return number;
}

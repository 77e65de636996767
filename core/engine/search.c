/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A search over the schedules of a program made of threads (threads.h).
 */
#include <faultline/threads.h>

#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

_Noreturn void fl_check_failed(const char *file, int line, const char *condition)
{
	static char text[512];

	snprintf(text, sizeof(text), "%s:%d: ASSERTION FAILED: %s", file, line, condition);
	fl_stop(text);
}

/* Every context that build() made is a thread, but for those that the machine begins with. */
static int first_thread;

static enum fl_end run_one(const struct fl_search *search, const struct fl_run_options *options)
{
	fl_reset();
	if (search->begin)
		search->begin();
	for (int thread = first_thread; thread < fl_world.context_count; thread++)
		fl_context_activate(thread);
	return fl_run(options);
}

int fl_search_run(struct fl_search *search, const char **error)
{
	struct fl_run_options options = {.step_limit = search->step_limit};
	const char *argument;
	bool more = true;
	int err;

	options.strategy = fl_strategy_find(search->strategy, &argument);
	if (!options.strategy) {
		*error = "unknown strategy";
		return -EINVAL;
	}
	err = options.strategy->start(search->seed, argument, error);
	if (err)
		return err;

	fl_segments_clear();
	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	first_thread = fl_world.context_count;
	search->build();
	fl_snapshot();

	search->done = 0;
	search->steps = 0;
	search->pruned = 0;
	search->complete = false;
	memset(search->ends, 0, sizeof(search->ends));
	while (more && (!search->schedules || search->done < search->schedules)) {
		enum fl_end end;

		options.schedule = search->done++;
		end = run_one(search, &options);
		search->steps += fl_step();
		search->ends[end]++;
		search->pruned += fl_pruned();
		if (search->finished && !search->finished(options.schedule, end))
			break;
		if (options.strategy->end)
			more = options.strategy->end();
	}
	search->complete = !more;
	return 0;
}

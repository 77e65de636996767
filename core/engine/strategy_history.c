// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * History: schedules near the order in which threads took their steps.
 *
 * The order is a list of stretches: a context, and how many steps it took in a row. The strategy prefers the
 * context of the stretch that is due, and goes on to the next one when its steps have been taken or when it
 * cannot run. Threads and fibers do not take the same steps (contexts of one CPU share it here, a lock is waited
 * for elsewhere), so an order is a hint: the first schedule follows it to the letter, each later one stretches or
 * shortens some of the stretches and leaves a few out, more of them as the search goes on.
 *
 * What the run chose besides is a hint in the same way: an answer that was given then is given again, save
 * one of eight from the second schedule on.
 */
#include "strategy.h"

#include <errno.h>

#define MAX_STRETCHES 8192
#define AHEAD	      24 /* stretches that are looked through for one whose context can run */

static struct stretch {
	uint32_t steps;
	fl_context_t context;
} stretches[MAX_STRETCHES];
static uint32_t stretch_count;
static const struct fl_decision *hints;
static size_t hint_count;

static uint64_t search;
static struct fl_prng prng;
static bool to_the_letter;
static unsigned int noise; /* of 256 stretches, how many are changed */
/* The stretch that is due, and how many of its steps are left. */
static uint32_t due;
static uint32_t left;

void fl_history_set(const uint8_t *contexts, size_t count, const struct fl_decision *decisions,
		    size_t decision_count)
{
	stretch_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (stretch_count && stretches[stretch_count - 1].context == contexts[i]) {
			stretches[stretch_count - 1].steps++;
			continue;
		}
		if (stretch_count == MAX_STRETCHES)
			break;
		stretches[stretch_count++] = (struct stretch){1, contexts[i]};
	}
	hints = decisions;
	hint_count = decision_count;
}

static int history_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy history takes no argument";
		return -EINVAL;
	}
	search = fl_prng_search(seed, 9);
	return 0;
}

static void enter_stretch(uint32_t number)
{
	for (due = number; due < stretch_count; due++) {
		left = stretches[due].steps;
		if (to_the_letter || fl_prng_below(&prng, 256) >= noise)
			return;
		switch (fl_prng_below(&prng, 4)) {
		case 0: /* left out */
			continue;
		case 1:
			left += 1 + fl_prng_below(&prng, 6);
			return;
		case 2:
			left += fl_prng_below(&prng, 40);
			return;
		default:
			left = 1 + fl_prng_below(&prng, left);
			return;
		}
	}
}

static void history_begin(uint64_t schedule)
{
	prng = fl_prng_of(search, schedule);
	to_the_letter = !schedule;
	noise = 4u << (schedule % 6);
	fl_turn_fair();
	enter_stretch(0);
}

static void history_step(fl_context_t context, const struct fl_pending *executed)
{
	(void)executed;
	if (due < stretch_count && stretches[due].context == context && !--left)
		enter_stretch(due + 1);
}

static fl_context_t history_pick(uint64_t eligible, fl_context_t fallback)
{
	(void)fallback;
	for (uint32_t i = due; i < stretch_count && i < due + AHEAD; i++) {
		if (!(eligible & BIT64(stretches[i].context)))
			continue;
		if (i != due)
			enter_stretch(i);
		/* Entering may have left it out. */
		if (due < stretch_count && eligible & BIT64(stretches[due].context))
			return stretches[due].context;
	}
	return fl_random_member(&prng, eligible);
}

static uint32_t history_choose(enum fl_choice_kind kind, uint32_t n)
{
	uint32_t at = fl_choice_number(kind);

	if (!to_the_letter && !fl_prng_below(&prng, 8))
		return fl_random_answer(&prng, kind, n);
	for (size_t i = 0; i < hint_count; i++)
		if (hints[i].kind == kind && hints[i].at == at)
			return hints[i].value < n ? hints[i].value : 0;
	return 0;
}

const struct fl_strategy fl_strategy_history = {
	.name = "history",
	.help = "near the order in which threads took their steps, of a stress run",
	.fair = true,
	.start = history_start,
	.begin = history_begin,
	.pick = history_pick,
	.choose = history_choose,
	.step = history_step,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Depth-first search: every schedule once, in the order of the distance from the fallback at the
 * deepest decision. "dfs:K" takes at most K preemptions a schedule: turning away from a context
 * that could have gone on costs one; anything at a point where it could not, or yielded, is free.
 *
 * A context that yields is not offered while somebody else is eligible: its spin would read the
 * same again, and a search that may repeat it has no end. Answers of fl_choose() are enumerated
 * like everything else.
 */
#include "strategy.h"

#include <errno.h>
#include <stdlib.h>

/* A deeper schedule is not searched below that depth, and the search is then not complete. */
#define MAX_DEPTH (1u << 17)

struct node {
	uint64_t left;		  /* contexts that are still to be tried here */
	uint32_t answer, answers; /* for fl_choose(): the answer now, and how many there are */
	uint32_t preemptions;	  /* taken before this decision */
	int16_t context;	  /* who was picked; FL_NO_CONTEXT for fl_choose() */
	int16_t preempted;	  /* whom another pick preempts, or FL_NO_CONTEXT */
};

static struct node path[MAX_DEPTH];
static uint32_t path_length; /* decisions that are fixed for the next schedule */
static uint32_t position;
static uint32_t preemptions; /* so far in this schedule */
static uint32_t bound;
static bool bounded, too_deep;

static int dfs_start(uint64_t seed, const char *argument, const char **error)
{
	char *end;

	path_length = 0;
	too_deep = false;
	bounded = argument;
	bound = 0;
	if (argument) {
		unsigned long value = strtoul(argument, &end, 10);

		if (!*argument || *end || value > 1000) {
			*error = "strategy dfs takes a bound of 0 to 1000 preemptions, as in dfs:2";
			return -EINVAL;
		}
		bound = (uint32_t)value;
	}
	return 0;
}

static void dfs_begin(uint64_t schedule)
{
	position = 0;
	preemptions = 0;
}

static void count_preemption(const struct node *node)
{
	preemptions = node->preemptions;
	if (node->preempted != FL_NO_CONTEXT && node->context != node->preempted)
		preemptions++;
}

static fl_context_t dfs_pick(uint64_t eligible, fl_context_t fallback)
{
	fl_context_t current = fl_engine.current;
	bool goes_on = current != FL_NO_CONTEXT && (eligible & BIT64(current));
	struct node *node;

	if (position == MAX_DEPTH) {
		too_deep = true;
		return fallback;
	}
	node = &path[position];
	if (position == path_length) {
		if (goes_on && fl_engine.yielding)
			eligible &= ~BIT64(current);
		*node = (struct node){
			.left = eligible & ~BIT64(fallback),
			.context = (int16_t)fallback,
			.preemptions = preemptions,
			.preempted = FL_NO_CONTEXT,
		};
		if (goes_on && !fl_engine.yielding) {
			node->preempted = (int16_t)current;
			if (bounded && preemptions >= bound)
				node->left = 0;
		}
		path_length++;
	}
	position++;
	count_preemption(node);
	return node->context;
}

static uint32_t dfs_choose(enum fl_choice_kind kind, uint32_t n)
{
	struct node *node;

	if (position == MAX_DEPTH) {
		too_deep = true;
		return 0;
	}
	node = &path[position];
	if (position == path_length) {
		*node = (struct node){.answers = n, .context = FL_NO_CONTEXT};
		path_length++;
	}
	position++;
	return node->answer;
}

static bool dfs_end(void)
{
	while (path_length) {
		struct node *node = &path[path_length - 1];

		if (node->context == FL_NO_CONTEXT && node->answer + 1 < node->answers) {
			node->answer++;
			return true;
		}
		if (node->left) {
			node->context = (int16_t)__builtin_ctzll(node->left);
			node->left &= node->left - 1;
			return true;
		}
		path_length--;
	}
	return false;
}

const struct fl_strategy fl_strategy_dfs = {
	.name = "dfs",
	.help = "every schedule, or all with at most K preemptions (dfs:K), depth first",
	.enumerates = true,
	.start = dfs_start,
	.begin = dfs_begin,
	.pick = dfs_pick,
	.choose = dfs_choose,
	.end = dfs_end,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Depth-first search with partial-order reduction by sleep sets (Godefroid: "Partial-order methods
 * for the verification of concurrent systems", 1996). Two steps whose operations do not conflict
 * can change places without a difference to anybody, so of all schedules that differ in nothing
 * else (one Mazurkiewicz trace) one is run to its end.
 *
 * After a context has been tried at a point, it sleeps while its siblings are: the schedules in
 * which it goes next have been seen already, until somebody does what conflicts with its operation.
 * A point where everybody eligible sleeps ends the schedule as pruned.
 *
 * This is right for programs whose contexts share nothing but what their scheduling points name,
 * and do not look at virtual time. Plain accesses between points, timeouts and alarms are not seen.
 */
#include "strategy_pos.h"

#include <errno.h>

#define MAX_DEPTH (1u << 17)

struct node {
	uint64_t left;		  /* contexts that are still to be tried here */
	uint64_t sleeping;	  /* contexts that need not be */
	uint32_t answer, answers; /* for fl_choose() */
	fl_context_t context;	  /* who was picked; FL_NO_CONTEXT for fl_choose() */
};

static struct node path[MAX_DEPTH];
static uint32_t path_length; /* decisions that are fixed for the next schedule */
static uint32_t position;
static uint64_t sleeping;
static fl_context_t starting; /* its step is its first: it shows its first operation */
/* A context that has not begun does not tell what it will do; it did when it was tried. */
static struct fl_pending first_operation[FL_MAX_CONTEXTS];

static int por_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy por takes no argument";
		return -EINVAL;
	}
	path_length = 0;
	return 0;
}

static void por_begin(uint64_t schedule)
{
	position = 0;
	sleeping = 0;
	starting = FL_NO_CONTEXT;
	/* A lonely context may be asleep, too. */
	fl_engine.ask_always = true;
}

static struct node *next_node(void)
{
	if (position == MAX_DEPTH)
		fl_die("strategy por: a schedule has more than %u decisions", MAX_DEPTH);
	return &path[position];
}

static fl_context_t por_pick(uint64_t eligible, fl_context_t fallback)
{
	struct node *node = next_node();

	if (position == path_length) {
		uint64_t awake = eligible & ~sleeping;

		/* Who spins would read the same again. */
		if (fl_engine.yielding && (awake & ~BIT64(fl_engine.current)))
			awake &= ~BIT64(fl_engine.current);
		if (!awake)
			return FL_NO_CONTEXT;
		*node = (struct node){
			.sleeping = sleeping,
			.context = awake & BIT64(fallback) ? fallback : __builtin_ctzll(awake),
		};
		node->left = awake & ~BIT64(node->context);
		path_length++;
	}
	position++;
	sleeping = node->sleeping;
	starting = fl_world.contexts[node->context].fresh ? node->context : FL_NO_CONTEXT;
	return node->context;
}

static uint32_t por_choose(enum fl_choice_kind kind, uint32_t n)
{
	struct node *node = next_node();

	if (position == path_length) {
		*node = (struct node){.answers = n, .context = FL_NO_CONTEXT};
		path_length++;
	}
	position++;
	return node->answer;
}

static void por_step(fl_context_t context, const struct fl_pending *executed)
{
	if (starting == context)
		first_operation[context] = *executed;
	sleeping &= ~BIT64(context);
	for (uint64_t left = sleeping; left; left &= left - 1) {
		fl_context_t other = __builtin_ctzll(left);
		const struct fl_context *c = &fl_world.contexts[other];

		if (fl_pos_conflict(executed, c->fresh ? &first_operation[other] : &c->pending))
			sleeping &= ~BIT64(other);
	}
}

static bool por_end(void)
{
	while (path_length) {
		struct node *node = &path[path_length - 1];

		if (node->context == FL_NO_CONTEXT && node->answer + 1 < node->answers) {
			node->answer++;
			return true;
		}
		if (node->left) {
			node->sleeping |= BIT64(node->context);
			node->context = __builtin_ctzll(node->left);
			node->left &= node->left - 1;
			return true;
		}
		path_length--;
	}
	return false;
}

const struct fl_strategy fl_strategy_por = {
	.name = "por",
	.help = "every schedule up to the order of what does not conflict (all sharing at points)",
	.enumerates = true,
	.start = por_start,
	.begin = por_begin,
	.pick = por_pick,
	.choose = por_choose,
	.end = por_end,
	.step = por_step,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Depth-first search with partial-order reduction. Two steps whose operations do not conflict can
 * change places without a difference to anybody, so of all schedules that differ in nothing else
 * (one Mazurkiewicz trace) one is run to its end.
 *
 * Two things see to that. Sleep sets (Godefroid: "Partial-order methods for the verification of
 * concurrent systems", 1996) see that it is not two: after a context has been tried at a point, it
 * sleeps while its siblings are, for the schedules in which it goes next have been seen, until
 * somebody does what conflicts with its operation. A point where everybody eligible sleeps ends the
 * schedule as pruned. Source sets (Abdulla, Aronis, Jonsson, Sagonas: "Optimal dynamic partial order
 * reduction", POPL 2014; their algorithm 1) see that hardly any ends so: at a point one context is
 * tried, and another only if a schedule from there showed a race that calls for it.
 *
 * Races are looked for in plain schedules only: everybody who has not ended could have gone on at
 * every point, nobody was started, spun or asked for chance, and the schedule ran to its end. Who
 * waits for a lock, and whom a wake-up sets free, is an order that no pair of accesses tells. At the
 * points of any other schedule everybody is tried.
 *
 * This is right for programs whose contexts share nothing but what their scheduling points name,
 * and do not look at virtual time. Plain accesses between points, timeouts and alarms are not seen.
 */
#include "strategy_pos.h"

#include <errno.h>

#define MAX_DEPTH  (1u << 17)
#define NO_STEP	   UINT32_MAX
/* Contexts and steps that races are looked for among: what a clock has room for. */
#define CLOCK_SIZE 16
#define MAX_TIME   UINT16_MAX

/* Of each context, the last of its steps that happened before, counted from 1; 0: none did. */
struct clock {
	uint16_t time[CLOCK_SIZE];
};

struct node {
	uint64_t left;		  /* contexts that are still to be tried here */
	uint64_t sleeping;	  /* contexts that need not be */
	uint64_t awake;		  /* contexts that can be */
	uint64_t active;	  /* contexts that had not ended */
	uint32_t answer, answers; /* for fl_choose() */
	fl_context_t context;	  /* who was picked; FL_NO_CONTEXT for fl_choose() */
	bool complex;		  /* the schedule up to here is no plain one */
	/* The step that was taken here; in a plain schedule, also what came before it. */
	struct fl_pending executed;
	uint32_t previous; /* the last step with the same object, or NO_STEP */
	struct clock clock;
};

static struct node path[MAX_DEPTH];
static uint32_t path_length; /* decisions that are fixed for the next schedule */
static uint32_t expanded;    /* nodes in front at which everybody is tried */
static uint32_t clocked;     /* nodes in front whose clocks are right */
static bool ends_complex;    /* this schedule does, at the point where it is pruned */
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
	expanded = 0;
	clocked = 0;
	return 0;
}

static void por_step(fl_context_t context, const struct fl_pending *executed);

static void por_begin(uint64_t schedule)
{
	position = 0;
	ends_complex = false;
	sleeping = 0;
	starting = FL_NO_CONTEXT;
	/* A lonely context may be asleep, too. */
	fl_engine.ask_always = true;
	/* As long as the next decision is fixed, too, so is who sleeps then. */
	if (path_length > 1)
		fl_engine.strategy_step = NULL;
}

/* --- a schedule --------------------------------------------------------------------------- */

static struct node *new_node(void)
{
	if (path_length == MAX_DEPTH)
		fl_die("strategy por: a schedule has more than %u decisions", MAX_DEPTH);
	return &path[path_length++];
}

/* Is the schedule any more than its steps one after the other? */
static bool is_complex(uint64_t eligible)
{
	const struct node *before = path_length ? &path[path_length - 1] : NULL;

	if (eligible != fl_world.active || fl_engine.yielding || eligible >> CLOCK_SIZE)
		return true;
	return before && (before->complex || fl_world.active & ~before->active);
}

static fl_context_t por_pick(uint64_t eligible, fl_context_t fallback)
{
	struct node *node = &path[position];

	if (position == path_length) {
		uint64_t awake = eligible & ~sleeping;
		bool complex = is_complex(eligible);

		/* Who spins would read the same again. */
		if (fl_engine.yielding && (awake & ~BIT64(fl_engine.current)))
			awake &= ~BIT64(fl_engine.current);
		if (!awake) {
			ends_complex = complex;
			return FL_NO_CONTEXT;
		}
		node = new_node();
		node->left = 0;
		node->sleeping = sleeping;
		node->awake = awake;
		node->active = fl_world.active;
		node->answers = 0;
		node->context = awake & BIT64(fallback) ? fallback : __builtin_ctzll(awake);
		node->complex = complex;
	}
	if (likely(++position < path_length))
		return node->context;
	fl_engine.strategy_step = por_step;
	sleeping = node->sleeping;
	starting = fl_world.contexts[node->context].fresh ? node->context : FL_NO_CONTEXT;
	return node->context;
}

static uint32_t por_choose(enum fl_choice_kind kind, uint32_t n)
{
	struct node *node = &path[position];

	if (position == path_length) {
		node = new_node();
		*node = (struct node){.answers = n, .context = FL_NO_CONTEXT, .complex = true};
		node->sleeping = sleeping;
	}
	if (++position == path_length) {
		fl_engine.strategy_step = por_step;
		sleeping = node->sleeping;
	}
	return node->answer;
}

static void por_step(fl_context_t context, const struct fl_pending *executed)
{
	path[position - 1].executed = *executed;
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

/* --- races -------------------------------------------------------------------------------- */

static inline uint16_t time_of(const struct node *node)
{
	return node->clock.time[node->context];
}

/* Did the step @before happen before the step @node, which came later? */
static inline bool is_ordered(const struct node *before, const struct node *node)
{
	return node->clock.time[before->context] >= time_of(before);
}

static inline void join(struct clock *clock, const struct clock *other)
{
	for (unsigned int i = 0; i < CLOCK_SIZE; i++)
		clock->time[i] = clock->time[i] > other->time[i] ? clock->time[i] : other->time[i];
}

/*
 * Steps @first and @second race: nothing orders them but that they conflict. To see the other order,
 * all between them that @first did not cause comes first, then @second. Somebody who could begin that
 * is to be tried in the place of @first, if nobody is yet.
 */
static void reverse(uint32_t first, uint32_t second)
{
	struct node *node = &path[first];
	uint64_t tried = node->left | node->sleeping | BIT64(node->context);
	struct clock begun = {0}; /* of each context, its first step among these */
	uint64_t seen = 0, chosen = 0;

	for (uint32_t i = first + 1; i <= second; i++) {
		const struct node *step = &path[i];
		bool initial = !(seen & BIT64(step->context));

		if (i != second && is_ordered(node, step))
			continue;
		for (uint64_t left = initial ? seen : 0; left && initial; left &= left - 1) {
			fl_context_t other = __builtin_ctzll(left);

			initial = step->clock.time[other] < begun.time[other];
		}
		if (!(seen & BIT64(step->context)))
			begun.time[step->context] = time_of(step);
		seen |= BIT64(step->context);
		if (!initial)
			continue;
		if (tried & BIT64(step->context))
			return;
		if (!chosen || i == second)
			chosen = BIT64(step->context);
	}
	node->left |= chosen & node->awake;
}

/* The clock of step @index, and the races that it is the later step of. */
static void look_back(uint32_t index)
{
	struct node *node = &path[index];
	bool reads = node->executed.kind == FL_ACCESS_READ;
	uint32_t i = index;

	node->clock = (struct clock){0};
	while (i--)
		if (path[i].context == node->context) {
			node->clock = path[i].clock;
			break;
		}
	node->clock.time[node->context]++;
	node->previous = NO_STEP;
	if (node->executed.kind == FL_ACCESS_NONE)
		return;
	for (i = index; i-- && node->previous == NO_STEP;)
		if (path[i].executed.object == node->executed.object &&
		    path[i].executed.kind != FL_ACCESS_NONE)
			node->previous = i;
	for (i = node->previous; i != NO_STEP; i = path[i].previous) {
		bool other_reads = path[i].executed.kind == FL_ACCESS_READ;

		if (reads && other_reads)
			continue;
		if (!is_ordered(&path[i], node)) {
			reverse(i, index);
			join(&node->clock, &path[i].clock);
		}
		/* All that came before a write is ordered by it. */
		if (!other_reads)
			break;
	}
}

static void try_everybody(void)
{
	for (; expanded < path_length; expanded++) {
		struct node *node = &path[expanded];

		if (node->context != FL_NO_CONTEXT)
			node->left = node->awake & ~node->sleeping & ~BIT64(node->context);
	}
}

static void plan(void)
{
	bool whole = fl_engine.end == FL_END_QUIET || fl_engine.pruned;

	if (!path_length)
		return;
	if (!whole || ends_complex || path[path_length - 1].complex || path_length > MAX_TIME) {
		try_everybody();
		return;
	}
	for (; clocked < path_length; clocked++)
		look_back(clocked);
}

static bool por_end(void)
{
	plan();
	while (path_length) {
		struct node *node = &path[path_length - 1];

		/* Its step changes, or it goes. */
		clocked = clocked < path_length - 1 ? clocked : path_length - 1;
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
		expanded = expanded < path_length ? expanded : path_length;
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

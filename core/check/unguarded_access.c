/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unguarded-access: every register access of a handler is covered by a PM reference taken while ACTIVE, or
 * otherwise cannot overlap the suspend callback. In the manner of a lockset: the access is flagged even
 * when the lucky schedule kept the power on.
 *
 * 1. Covered: the handler's own context took the reference in this very call, and the status was ACTIVE
 *    then. A reference that somebody else holds (the GPU's link while the GPU is active, a map that is
 *    going on) is luck: the fault may be older than the reference's end, so it never counts.
 * 2. Cannot overlap: at each gating by the suspend path, seen so far in this run, either
 *    - the handler's line was disabled at the controller, and no handler or thread of it was going on or
 *      about to run; or
 *    - the line was low, all its sources were masked at the device, no other device shares it, and no
 *      handler or thread was going on or about to run; or
 *    - the suspend callback had taken a lock that every uncovered access of the line's handlers holds
 *      too: that is what a "suspended" flag under a lock looks like from outside.
 * 3. Both gone and an access happened, in either order: reported, named after the access's function.
 *
 * Gatings outside the suspend path (shutdown) are not this invariant's; a TBU's own registers have
 * clocks and references of their own.
 */
#include <check/observe.h>
#include <check/handler_access.h>

#include <kernel/view.h>

#define MAX_FUNCTIONS 6
#define MAX_LOCKS     6

struct lockset {
	bool open; /* nothing was intersected yet: all locks */
	uint8_t count;
	uint16_t locks[MAX_LOCKS];
};

static struct guard {
	bool overlaps; /* a gating was seen that does not exclude the line's handlers */
	/* Nothing does: it stays so for the rest of the run, for sets of common locks only shrink. */
	bool broken;
	uint8_t reported; /* of @functions */
	struct lockset accesses;
	struct lockset gatings;
	uint8_t function_count;
	const char *functions[MAX_FUNCTIONS]; /* that accessed uncovered, each once */
} guards[FL_MAX_LINES];
/* Mask of guards that are not as a run begins with them; at first, all. */
static uint16_t touched = UINT16_MAX;

/* References that each context took while ACTIVE in the handler call that it is in. */
static uint8_t covered[CHECK_CONTEXTS];
/* Locks that the suspend callback which is going on has taken so far. */
static struct lockset taken;
static bool gated, accessed;

static bool contains(const struct lockset *set, uint16_t lock)
{
	for (unsigned int i = 0; i < set->count; i++)
		if (set->locks[i] == lock)
			return true;
	return false;
}

static void add(struct lockset *set, uint16_t lock)
{
	if (set->count < MAX_LOCKS && !contains(set, lock))
		set->locks[set->count++] = lock;
}

static void intersect(struct lockset *set, const struct lockset *with)
{
	unsigned int kept = 0;

	if (set->open) {
		*set = *with;
		set->open = false;
		return;
	}
	for (unsigned int i = 0; i < set->count; i++)
		if (contains(with, set->locks[i]))
			set->locks[kept++] = set->locks[i];
	set->count = (uint8_t)kept;
}

static bool have_common_lock(const struct guard *guard)
{
	if (guard->accesses.open || guard->gatings.open)
		return true;
	for (unsigned int i = 0; i < guard->accesses.count; i++)
		if (contains(&guard->gatings, guard->accesses.locks[i]))
			return true;
	return false;
}

static void judge(unsigned int line)
{
	struct guard *guard = &guards[line];

	if (!guard->broken && (!guard->overlaps || have_common_lock(guard)))
		return;
	guard->broken = true;
	for (; guard->reported < guard->function_count; guard->reported++) {
		const char *function = guard->functions[guard->reported];

		fl_violation(
			&fl_invariant_unguarded_access, function, NULL,
			"%s accesses registers without a reference of its own, in a handler of line "
			"%u, which nothing keeps from running during the suspend callback",
			function ? function : "a handler", line);
	}
}

static void count_premise(void)
{
	if (gated && accessed)
		fl_premise(&fl_invariant_unguarded_access);
}

/* --- accesses ------------------------------------------------------------------------------ */

static void note_function(struct guard *guard, const char *function)
{
	for (unsigned int i = 0; i < guard->function_count; i++)
		if (guard->functions[i] == function)
			return;
	if (guard->function_count < MAX_FUNCTIONS)
		guard->functions[guard->function_count++] = function;
}

static void note_locks(struct guard *guard, fl_context_t context)
{
	struct fl_lock_view views[MAX_LOCKS];
	struct lockset held = {0};
	unsigned int count = fl_view_locks(context, views, MAX_LOCKS);

	for (unsigned int i = 0; i < count; i++)
		add(&held, (uint16_t)views[i].object);
	intersect(&guard->accesses, &held);
}

static void register_access(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	const struct check_frame *frame = check_smmu_frame_of(context);
	struct guard *guard;

	if (!frame || event->a >> 24 != FL_REGION_SMMU)
		return;
	/* A handler that waits for the device may itself run the callback that switches it on. */
	if (context->resumes[FL_DEVICE_SMMU] || context->suspends[FL_DEVICE_SMMU])
		return;
	if (!accessed) {
		accessed = true;
		count_premise();
	}
	if (covered[context - check_contexts])
		return;
	touched |= (uint16_t)(1u << frame->line);
	guard = &guards[frame->line];
	if (!guard->broken)
		note_locks(guard, event->context);
	note_function(guard, fl_where(event->context));
	judge(frame->line);
}

static void enter(const struct fl_event *event)
{
	covered[check_context_of(event) - check_contexts] = 0;
}

static void get(const struct fl_event *event)
{
	struct fl_pm_view view;

	if (event->a != FL_DEVICE_SMMU || !event->c ||
	    !check_smmu_frame_of(check_context_of(event)))
		return;
	if (fl_checked_subject && fl_checked_subject->pm_view) {
		fl_checked_subject->pm_view(FL_DEVICE_SMMU, &view);
		if (view.status != FL_RPM_ACTIVE)
			return;
	} else if (check_world->status[FL_DEVICE_SMMU] != FL_RPM_ACTIVE) {
		return;
	}
	covered[check_context_of(event) - check_contexts]++;
}

static void put(const struct fl_event *event)
{
	uint8_t *count = &covered[check_context_of(event) - check_contexts];

	if (event->a == FL_DEVICE_SMMU && event->c && *count)
		--*count;
}

/* --- gatings ------------------------------------------------------------------------------- */

static bool device_masks(uint8_t bank)
{
	struct smmu_bank_view view;

	if (bank == CHECK_GLOBAL)
		return !(check_world->cr0 & (SMMU_CR0_GFIE | SMMU_CR0_GCFGFIE));
	smmu_bank_view(bank, &view);
	return !(view.sctlr & SMMU_SCTLR_CFIE);
}

static bool is_excluded(unsigned int number)
{
	const struct check_line *line = &check_world->lines[number];
	struct fl_line_view view;

	if (check_line_busy(number))
		return false;
	if (line->depth)
		return true;
	fl_view_line(number, &view);
	if (line->level || view.pending)
		return false;
	for (unsigned int i = 0; i < CHECK_ACTIONS; i++) {
		uint8_t bank = check_bank_index(line->actions[i].source);

		if (line->actions[i].present && (bank == CHECK_NO_BANK || !device_masks(bank)))
			return false;
	}
	return true;
}

static bool serves_smmu(unsigned int line)
{
	for (unsigned int i = 0; i < CHECK_ACTIONS; i++)
		if (check_world->lines[line].actions[i].present &&
		    check_bank_index(check_world->lines[line].actions[i].source) != CHECK_NO_BANK)
			return true;
	return false;
}

static void power(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);
	unsigned int i;

	if (event->a != FL_POWER_ON)
		return;
	if (!context->suspends[FL_DEVICE_SMMU] &&
	    check_world->status[FL_DEVICE_SMMU] != FL_RPM_SUSPENDING)
		return;
	gated = true;
	count_premise();
	check_for_each_line(i) {
		if (!serves_smmu(i))
			continue;
		touched |= (uint16_t)(1u << i);
		intersect(&guards[i].gatings, &taken);
		if (!is_excluded(i))
			guards[i].overlaps = true;
		judge(i);
	}
}

static void callback(const struct fl_event *event)
{
	if (event->a == FL_DEVICE_SMMU && event->b)
		taken.count = 0;
}

static void lock(const struct fl_event *event)
{
	if (check_context_of(event)->suspends[FL_DEVICE_SMMU])
		add(&taken, (uint16_t)event->b);
}

static void subscribe(void)
{
	check_subscribe_in_handler(FL_EV_REG_READ, register_access);
	check_subscribe_in_handler(FL_EV_REG_WRITE, register_access);
	fl_subscribe(FL_EV_IRQ_ENTER, enter);
	fl_subscribe(FL_EV_PM_GET, get);
	fl_subscribe(FL_EV_PM_PUT, put);
	fl_subscribe(FL_EV_POWER, power);
	fl_subscribe(FL_EV_PM_CALLBACK_ENTER, callback);
	fl_subscribe(FL_EV_LOCK, lock);
}

static void reset(void)
{
	for (; touched; touched &= touched - 1) {
		struct guard *guard = &guards[__builtin_ctz(touched)];

		guard->overlaps = false;
		guard->broken = false;
		guard->reported = 0;
		guard->accesses.open = true;
		guard->gatings.open = true;
		guard->function_count = 0;
	}
	taken.count = 0;
	gated = false;
	accessed = false;
}

const struct fl_invariant fl_invariant_unguarded_access = {
	.name = "unguarded-access",
	.help = "handler accesses hold a PM reference or cannot overlap the suspend callback",
	.premise = "a handler accessed registers in a run in which suspend gated the SMMU",
	.consequence = "Nothing in this very interleaving. In one that only differs in timing the "
		       "access meets an SMMU without clocks: see unclocked-access.",
	.subscribe = subscribe,
	.reset = reset,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pm-imbalance: per context, puts equal successful gets; the usage count never underflows and is back
 * at its baseline at quiescence.
 *
 * 1. Each activation of one of the subject's entry points (a handler, a callback, an operation) gives
 *    back what it took: no entry point of these drivers hands a reference to its caller. What the
 *    scenario takes and gives outside of the subject's functions is the scenario's business.
 * 2. A put in vain counts as a put. One that had its reference, and found the count at 0, was robbed: that
 *    is told as an underflow, unless the robber is known: the scenario, or a function that was told
 *    before. (The warning itself is kernel-warning's.)
 * 3. At quiescence the usage count differs from that at the start by what was taken and not given. A
 *    consumer's link adds a reference of the PM core's own while the consumer is not suspended, and
 *    none or one is right then (domain.md 3.7); system sleep that has not ended adds one. A run in
 *    which runtime PM was disabled or enabled for good (shutdown, unbind) is not judged so.
 */
#include <check/observe.h>

static const char *const device_names[FL_DEVICES] = {"SMMU", "GPU", "TBU"};

/* References of each context when each of its entry points was entered. */
static int16_t at_entry[CHECK_CONTEXTS][CHECK_DEPTH][FL_DEVICES];
/* Taken minus dropped by everybody, in this run. */
static int outstanding[FL_DEVICES];
static struct fl_pm_view start[FL_DEVICES];
static bool have_start;
static bool slept;
static bool told[FL_DEVICES];

static void get(const struct fl_event *event)
{
	if (event->a >= FL_DEVICES)
		return;
	if (event->c)
		outstanding[event->a]++;
	if (check_context_of(event)->depth)
		fl_premise(&fl_invariant_pm_imbalance);
}

/* References that the running entry point has got and not put, this put included. */
static int held(const struct check_context *context, unsigned int device)
{
	return context->references[device] -
	       at_entry[context - check_contexts][context->depth][device];
}

static void put(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);

	if (event->a >= FL_DEVICES)
		return;
	if (event->c) {
		outstanding[event->a]--;
		return;
	}
	/* Outside of the subject's functions the scenario did it; one that has none is told when it ends. */
	if (!context->depth || held(context, (unsigned int)event->a) < 0)
		return;
	if (check_stolen[event->a] || told[event->a])
		return;
	fl_violation(&fl_invariant_pm_imbalance, fl_where(event->context), "underflow",
		     "the usage count of the %s is 0 when %s puts the reference that it got",
		     device_names[event->a], fl_where(event->context));
}

static void entered(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);
	int16_t *row = at_entry[context - check_contexts][context->depth];

	for (unsigned int i = 0; i < FL_DEVICES; i++)
		row[i] = context->references[i];
}

static void left(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);
	int16_t(*rows)[FL_DEVICES] = at_entry[context - check_contexts];

	if (!context->depth)
		return;
	for (unsigned int i = 0; i < FL_DEVICES; i++) {
		int difference = context->references[i] - rows[context->depth][i];

		if (!difference)
			continue;
		fl_violation(&fl_invariant_pm_imbalance, event->text,
			     difference > 0 ? "keeps a reference" : "puts more than it got",
			     "%s ends with %d reference%s of the %s %s than it began with",
			     event->text, difference > 0 ? difference : -difference,
			     difference == 1 || difference == -1 ? "" : "s", device_names[i],
			     difference > 0 ? "more" : "less");
		told[i] = true;
		/* Told once; callers that it is nested in are not to blame. */
		for (unsigned int depth = 0; depth < context->depth; depth++)
			rows[depth][i] += (int16_t)difference;
	}
}

static void callback(const struct fl_event *event)
{
	if (event->c)
		slept = true;
}

static bool quiescence_is_judged(enum fl_device device, const struct fl_pm_view *now)
{
	/* A link that puts its reference in vain, after a robbery, leaves the count at 0. */
	return start[device].disable_depth == now->disable_depth && !check_stolen[device] &&
	       !told[device];
}

static void judge_quiescence(enum fl_device device)
{
	struct fl_pm_view now;
	int drift, low = 0, high = 0;

	fl_checked_subject->pm_view(device, &now);
	if (!quiescence_is_judged(device, &now))
		return;
	drift = now.usage_count - start[device].usage_count - outstanding[device];
	if (device == FL_DEVICE_SMMU) {
		if (start[FL_DEVICE_GPU].status != FL_RPM_SUSPENDED)
			low--;
		if (check_world->status[FL_DEVICE_GPU] != FL_RPM_SUSPENDED)
			high++;
	}
	if (slept) {
		low--;
		high++;
	}
	if (drift < low || drift > high)
		fl_violation(
			&fl_invariant_pm_imbalance, NULL, "usage count at quiescence",
			"the usage count of the %s is %d at the end, %d at the start, and %d were "
			"taken and not put",
			device_names[device], now.usage_count, start[device].usage_count,
			outstanding[device]);
}

static void finish(enum fl_end end)
{
	if (end != FL_END_QUIET || !have_start)
		return;
	judge_quiescence(FL_DEVICE_SMMU);
	judge_quiescence(FL_DEVICE_GPU);
}

static void subscribe(void)
{
	have_start = false;
	fl_subscribe(FL_EV_PM_GET, get);
	fl_subscribe(FL_EV_PM_PUT, put);
	fl_subscribe(FL_EV_ENTER, entered);
	fl_subscribe(FL_EV_LEAVE, left);
	fl_subscribe(FL_EV_PM_CALLBACK_ENTER, callback);
}

/* Each entry point sets its row when it is entered, so the rows need no reset. */
static void reset(void)
{
	for (unsigned int i = 0; i < FL_DEVICES; i++) {
		outstanding[i] = 0;
		told[i] = false;
	}
	slept = false;
	have_start = check_booted && fl_checked_subject && fl_checked_subject->pm_view;
	if (!have_start)
		return;
	fl_checked_subject->pm_view(FL_DEVICE_SMMU, &start[FL_DEVICE_SMMU]);
	fl_checked_subject->pm_view(FL_DEVICE_GPU, &start[FL_DEVICE_GPU]);
}

const struct fl_invariant fl_invariant_pm_imbalance = {
	.name = "pm-imbalance",
	.help = "puts equal successful gets, the usage count returns to its baseline",
	.premise = "the subject asked for a runtime PM reference",
	.consequence =
		"\"Runtime PM usage count underflow!\" where a put is too many; where one is "
		"missing the SMMU never suspends again, and the power domain stays on.",
	.subscribe = subscribe,
	.reset = reset,
	.finish = finish,
};

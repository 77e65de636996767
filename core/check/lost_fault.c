/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lost-fault: each recorded fault is reported, or accounted for by a declared drop: hardware reset, power
 * loss, domain teardown, or a clear inside the driver's own suspend or resume callback, shutdown or
 * remove, which is how a driver declares that faults do not survive these.
 *
 * Judged at the end, because a handler may clear first and report afterwards. A fault that is still
 * recorded is lost only if the device is up, its bank is assigned and nobody is at it: while the
 * device is suspended the next resume will drop it.
 */
#include <check/fault_log.h>

static void recorded(const struct fl_event *event)
{
	if (event->b < SMMU_MAX_BANKS && check_world->live[event->b])
		fl_premise(&fl_invariant_lost_fault);
}

/* Is the handler call that retired @fault still going on? Then it may be about to report it. */
static bool still_at_it(const struct check_fault *fault)
{
	const struct check_context *context;

	if (fault->retired_by == FL_NO_CONTEXT || !fault->retired_in)
		return false;
	context = check_context_at(fault->retired_by);
	for (unsigned int i = 0; i < context->frame_count; i++)
		if (context->frames[i].serial == fault->retired_in)
			return true;
	return false;
}

static void judge(uint32_t id, const struct check_fault *fault)
{
	int line;

	if (fault->reports || !fault->live_domain)
		return;
	if (fault->retired) {
		if (!check_fault_declared(fault) && !still_at_it(fault))
			fl_violation(&fl_invariant_lost_fault, fault->function,
				     "retired unreported",
				     "fault %u of bank %u was cleared and never reported", id,
				     fault->bank);
		return;
	}
	line = check_line_of(fault->bank);
	if (!check_smmu_settled_active() || !check_world->live[fault->bank] ||
	    !smmu_fault_live(id) || (line >= 0 && check_line_busy((unsigned int)line)))
		return;
	fl_violation(&fl_invariant_lost_fault, check_handler_of(fault->bank), "never served",
		     "fault %u of bank %u stands at the end, and nobody was told", id, fault->bank);
}

static void finish(enum fl_end end)
{
	if (end != FL_END_QUIET && end != FL_END_DEADLOCK)
		return;
	for (uint32_t id = check_fault_first(); id <= check_fault_last(); id++) {
		const struct check_fault *fault = check_fault_find(id);

		if (fault)
			judge(id, fault);
	}
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_FAULT_RECORDED, recorded);
}

const struct fl_invariant fl_invariant_lost_fault = {
	.name = "lost-fault",
	.help = "each recorded fault is reported, or dropped by reset, power loss or teardown",
	.premise = "a bank of an attached domain recorded a fault",
	.consequence =
		"A fault is never told to anybody: the client waits for a report or a dump that "
		"does not come, and the bug that made the fault leaves no trace.",
	.subscribe = subscribe,
	.finish = finish,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lost-stall: every stalled transaction is retired by RESUME, hardware reset or power loss; at
 * quiescence SS is 0.
 *
 * The device's own ledger is asked at the end. "Within a bound" is the engine's: a fair run that made
 * no progress for the whole livelock bound counts for transactions that were stalled all that time.
 * Whether the device is suspended then makes no difference: its master waits.
 */
#include <check/observe.h>

/* Step of the last event of each bank that stalled or ended a transaction. */
static uint64_t moved_at[SMMU_MAX_BANKS];

static void moved(const struct fl_event *event)
{
	if (event->b < SMMU_MAX_BANKS)
		moved_at[event->b] = event->step;
}

static void stalled(const struct fl_event *event)
{
	moved(event);
	if (event->c)
		fl_premise(&fl_invariant_lost_stall);
}

static void judge(unsigned int bank)
{
	struct smmu_bank_view view;
	bool ss;

	smmu_bank_view(bank, &view);
	/* What the FSR of a collapsed device, or of a bank of nobody, holds means nothing. */
	ss = view.fsr & SMMU_FSR_SS && check_world->power != FL_POWER_COLLAPSED &&
	     check_world->live[bank];
	if (!view.stalled && !ss)
		return;
	fl_violation(
		&fl_invariant_lost_stall, check_handler_of((uint8_t)bank), NULL,
		"bank %u ends with SS = %d and %u transactions waiting; runtime status %s, power %s",
		bank, ss, view.stalled, check_status_name(check_world->status[FL_DEVICE_SMMU]),
		check_power_name(check_world->power));
}

static void finish(enum fl_end end)
{
	unsigned int banks = fl_checked_hardware ? fl_checked_hardware->banks : 0;

	for (unsigned int i = 0; i < banks && i < SMMU_MAX_BANKS; i++) {
		if (end == FL_END_QUIET || end == FL_END_DEADLOCK)
			judge(i);
		else if (end == FL_END_LIVELOCK && fl_step() - moved_at[i] >= fl_livelock_bound())
			judge(i);
	}
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_TXN_STALLED, stalled);
	fl_subscribe(FL_EV_TXN_DONE, moved);
}

static void reset(void)
{
	for (unsigned int i = 0; i < SMMU_MAX_BANKS; i++)
		moved_at[i] = 0;
}

const struct fl_invariant fl_invariant_lost_stall = {
	.name = "lost-stall",
	.help = "every stalled transaction is retired, and SS is 0 at quiescence",
	.premise = "a transaction stalled",
	.consequence =
		"The transaction stays stalled in the SMMU: the master hangs, and with it "
		"whoever waits for it; a GPU's hang check fires and its recovery may hang too.",
	.subscribe = subscribe,
	.reset = reset,
	.finish = finish,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resume-order: on an MMU-500, RESUME is written only when FSR & ~SS is 0, because it is ignored
 * otherwise, and asserts the line for SS alone (domain.md, section 0.4).
 *
 * Judged when the write takes effect. A writer that had cleared the FSR in the same call, and met a
 * fault that was recorded since, gets a variant of its own: only hardware that records faults while
 * one is stalled (knob multi_while_stalled = recorded) shows it. Once the call has read that fault out of
 * the FSR it knows of it, and that is the plain wrong order again: a handler that serves one fault after
 * the other would otherwise show one cause as two findings. A call during which the device was
 * without power is not judged: its clear went nowhere, and that is unguarded-access's to tell.
 */
#include <check/observe.h>
#include <check/handler_access.h>

/* In which handler call the FSR of a bank was last cleared; 0 none. */
static uint32_t cleared_by[SMMU_MAX_BANKS];

static void fsr_write(const struct fl_event *event)
{
	const struct check_writer *writer = check_writer_of(event);

	if (event->a < SMMU_MAX_BANKS && event->b && !(event->d & SMMU_FSR_W1C))
		cleared_by[event->a] = writer->serial;
}

static void reg_read(const struct fl_event *event)
{
	const struct check_frame *frame;
	unsigned int bank;
	uint32_t offset;

	if (!(event->b & SMMU_FSR_W1C) || !check_bank_register(event->a, &bank, &offset) ||
	    offset != SMMU_FSR || !cleared_by[bank])
		return;
	frame = check_frame_of(check_context_of(event));
	if (frame && frame->serial == cleared_by[bank])
		cleared_by[bank] = 0;
}

static void resume_write(const struct fl_event *event)
{
	const struct check_writer *writer = check_writer_of(event);
	uint32_t rest = (uint32_t)event->c & SMMU_FSR_W1C;
	bool cleared = writer->serial && event->a < SMMU_MAX_BANKS &&
		       cleared_by[event->a] == writer->serial;
	char names[64];

	if ((fl_checked_hardware && fl_checked_hardware->qcom_v2) || writer->off)
		return;
	if (event->c & SMMU_FSR_SS)
		fl_premise(&fl_invariant_resume_order);
	if (rest)
		fl_violation(&fl_invariant_resume_order, writer->function,
			     cleared ? "recorded after the clear" : NULL,
			     "RESUME of bank %u written while FSR holds %s: the SMMU %s it",
			     (unsigned int)event->a,
			     smmu_fsr_names((uint32_t)event->c, names, sizeof(names)),
			     event->d ? "accepts" : "ignores");
}

static void subscribe(void)
{
	check_subscribe_in_handler(FL_EV_REG_READ, reg_read);
	fl_subscribe(FL_EV_FSR_WRITE, fsr_write);
	fl_subscribe(FL_EV_RESUME_WRITE, resume_write);
}

static void reset(void)
{
	for (unsigned int i = 0; i < SMMU_MAX_BANKS; i++)
		cleared_by[i] = 0;
}

const struct fl_invariant fl_invariant_resume_order = {
	.name = "resume-order",
	.help = "(mmu500) RESUME is written only when FSR & ~SS is 0",
	.premise = "RESUME was written with SS set",
	.consequence = "MMU-500 ignores a RESUME that comes before FSR is cleared: the transaction "
		       "stays stalled, the master hangs, and with it the display or the GPU.",
	.subscribe = subscribe,
	.reset = reset,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * torn-report: the FSR, FAR, FSYNR and stream id that are passed up all belong to one recorded fault.
 *
 * Each register read carries the id of the fault that its value belongs to; the device keeps a
 * syndrome's id beyond the clear of its FSR, as the value is. Compared are the reads of one activation
 * of an entry point: the handler's at its report, and those of the fault info hook when it returns to a
 * client that called it from its fault callback. Reads without power, and what a power loss left in FSR,
 * are garbage of another kind and are left out.
 */
#include <check/fault_log.h>

#include <string.h>

/* Did some read of the FSR give @fault? A handler may look at it again before it reports. */
static bool fsr_was_of(const struct check_reads *reads, uint32_t fault)
{
	for (unsigned int i = 0; i < CHECK_FSR_READS; i++)
		if (fault && reads->fsr[i] == fault)
			return true;
	return false;
}

static void judge(const struct fl_event *event, const struct check_reads *reads)
{
	const struct {
		const char *name;
		uint8_t bit;
		uint32_t fault;
	} syndrome[] = {
		{"FAR", CHECK_READ_FAR, reads->far},
		{"FSYNR0", CHECK_READ_FSYNR0, reads->fsynr0},
		{"CBFRSYNRA", CHECK_READ_CBFRSYNRA, reads->cbfrsynra},
	};
	uint32_t common = 0;

	if (!(reads->seen & CHECK_READ_FSR) || reads->off || !check_fault_find(reads->fsr[0]))
		return;
	fl_premise(&fl_invariant_torn_report);
	for (unsigned int i = 0; i < 3; i++) {
		if (!(reads->seen & syndrome[i].bit))
			continue;
		if (!common)
			common = syndrome[i].fault;
		if (common == syndrome[i].fault && fsr_was_of(reads, common))
			continue;
		fl_violation(&fl_invariant_torn_report, fl_where(event->context), NULL,
			     "bank %u: FSR was read of fault %u, %s of fault %u (0: of none)",
			     reads->bank, reads->fsr[0], syndrome[i].name, syndrome[i].fault);
		return;
	}
}

static void reported(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	const struct check_reads *reads = check_reads_of(context);

	if (check_smmu_frame_of(context) && reads)
		judge(event, reads);
}

static void left(const struct fl_event *event)
{
	const struct check_context *context = check_context_of(event);
	const struct check_frame *frame = check_smmu_frame_of(check_context_of(event));

	/* A function that the handler's client called. */
	if (!frame || context->depth <= frame->depth + 1)
		return;
	if (event->text && strstr(event->text, "get_fault_info"))
		judge(event, &context->reads[context->depth]);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_REPORT, reported);
	fl_subscribe(FL_EV_LEAVE, left);
}

const struct fl_invariant fl_invariant_torn_report = {
	.name = "torn-report",
	.help = "FSR, FAR, FSYNR and stream id that are passed up belong to one fault",
	.premise = "a handler passed up what it had read",
	.consequence =
		"The log and the client's dump show the address of one fault with the status of "
		"another: whoever debugs it looks in the wrong place.",
	.subscribe = subscribe,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * torn-report: the FSR, FAR, FSYNR and stream id that are passed up all belong to one recorded fault.
 *
 * Each register read carries the id of the fault that its value belongs to; the device keeps a
 * syndrome's id beyond the clear of its FSR, as the value is. Compared are the reads of one activation
 * of an entry point: the handler's at its report, and those of the fault info hook when it returns to a
 * client that called it from its fault callback. A fault that is set through FSRRESTORE leaves the syndrome
 * registers as they are, so what is read of them is its own and that of the fault before it. Reads without power, and what a power loss left in FSR,
 * are garbage of another kind and are left out.
 */
#include <check/fault_log.h>

#include <string.h>

/* Of each bank: the fault whose syndrome was latched last, and one set through FSRRESTORE since. */
static struct {
	uint32_t latched, restored;
} syndromes[SMMU_MAX_BANKS];

static void recorded(const struct fl_event *event)
{
	if (event->b >= SMMU_MAX_BANKS)
		return;
	if (event->text && !strcmp(event->text, "FSRRESTORE")) {
		syndromes[event->b].restored = (uint32_t)event->a;
	} else {
		syndromes[event->b].latched = (uint32_t)event->a;
		syndromes[event->b].restored = 0;
	}
}

static void reset(void)
{
	memset(syndromes, 0, sizeof(syndromes));
}

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
	uint32_t common = 0, latched = 0, restored = 0;

	if (!(reads->seen & CHECK_READ_FSR) || reads->off || !check_fault_find(reads->fsr[0]))
		return;
	fl_premise(&fl_invariant_torn_report);
	if (reads->bank < SMMU_MAX_BANKS) {
		latched = syndromes[reads->bank].latched;
		restored = syndromes[reads->bank].restored;
	}
	for (unsigned int i = 0; i < 3; i++) {
		uint32_t fault = syndrome[i].fault;

		if (!(reads->seen & syndrome[i].bit))
			continue;
		if (restored && fault == restored && fsr_was_of(reads, latched))
			fault = latched;
		if (!common)
			common = fault;
		if (common == fault && fsr_was_of(reads, common))
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
	fl_subscribe(FL_EV_FAULT_RECORDED, recorded);
}

const struct fl_invariant fl_invariant_torn_report = {
	.name = "torn-report",
	.help = "FSR, FAR, FSYNR and stream id that are passed up belong to one fault",
	.premise = "a handler passed up what it had read",
	.consequence =
		"The log and the client's dump show the address of one fault with the status of "
		"another: whoever debugs it looks in the wrong place.",
	.subscribe = subscribe,
	.reset = reset,
};

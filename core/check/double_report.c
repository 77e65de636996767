/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * double-report: one recorded fault has at most one client report and at most one RESUME.
 *
 * A fault that came while another one stood is only a MULTI bit, and a handler that finds that alone (or
 * SS alone) and reports tells of the first fault's syndrome again: a variant of its own.
 *
 * A report belongs to the fault whose FSR the reporting handler read. A RESUME belongs to the fault
 * that owns SS; written with SS clear, to the fault that was resumed last if none has been recorded
 * since. A RESUME that the hardware ignored because of resume-order is that invariant's business.
 */
#include <check/fault_log.h>

static const char *variant_of(uint32_t fsr)
{
	if (fsr & SMMU_FSR_TYPES)
		return "report";
	return fsr & SMMU_FSR_MULTI ? "report of MULTI alone" : "report of SS alone";
}

static void reported(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	const struct check_fault *fault;
	uint32_t id;

	if (!check_smmu_frame_of(context))
		return;
	id = check_fault_read(context);
	fault = check_fault_find(id);
	if (!fault)
		return;
	fl_premise(&fl_invariant_double_report);
	if (fault->reports > 1)
		fl_violation(&fl_invariant_double_report, fl_where(event->context),
			     variant_of(check_reads_of(context)->fsr_value),
			     "fault %u of bank %u is reported %u times", id, fault->bank,
			     fault->reports);
}

static void resume_write(const struct fl_event *event)
{
	const struct check_writer *writer = check_writer_of(event);

	for (uint32_t id = check_fault_first(); id <= check_fault_last(); id++) {
		const struct check_fault *fault = check_fault_find(id);

		if (fault && fault->bank == event->a && fault->resumes > 1)
			fl_violation(&fl_invariant_double_report, writer->function, "RESUME",
				     "fault %u of bank %u is resumed %u times", id, fault->bank,
				     fault->resumes);
	}
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_REPORT, reported);
	fl_subscribe(FL_EV_RESUME_WRITE, resume_write);
}

const struct fl_invariant fl_invariant_double_report = {
	.name = "double-report",
	.help = "one recorded fault has at most one client report and at most one RESUME",
	.premise = "a fault was reported",
	.consequence =
		"The client's fault handler runs twice for one fault: a second crash dump or "
		"log line, or a second RESUME that lets go of a fault nobody has looked at.",
	.subscribe = subscribe,
};

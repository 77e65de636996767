/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq-return: what a handler answers is true.
 *
 * 1. IRQ_NONE is wrong if the fault that asserted its bank's output at entry still asserts it at
 *    return, or was retired by this very call.
 * 2. IRQ_HANDLED is wrong if, between entry and return, nobody got anywhere with its bank: no FSR bit
 *    cleared, no fault retired, no RESUME accepted, no mask set at the device or (disable) at the
 *    line. Masking a ONESHOT line is the IRQ core's own doing, comes before the entry, and is none.
 *    A clear that is still on its way (knob posted_writes) counts: the handler has done its part.
 * 3. WAKE_THREAD is judged at the return of the thread, from the entry of the hard handler on; the two
 *    are one call then. A thread that is woken again before it runs is judged from the first time on.
 * 4. free_irq() of a shared line calls the handler once more under CONFIG_DEBUG_SHIRQ, from a task, and
 *    throws the answer away. So does this.
 * Faults are told apart by their ids, so a fault that comes during the call is nobody's mistake.
 */
#include <check/observe.h>
#include <check/handler_access.h>

#include <faultline/knobs.h>

struct call {
	uint32_t fault;	   /* asserted at entry, 0 none */
	uint32_t progress; /* of the bank at entry */
	bool retired;	   /* the fault, by this call */
	bool cleared;	   /* wrote something that will retire or mask, still posted perhaps */
};

static struct call calls[CHECK_CONTEXTS][CHECK_FRAMES];
static struct call woken[CHECK_BANKS];
static bool is_woken[CHECK_BANKS];
/* Counts what was retired or masked, by anyone. */
static uint32_t progress[CHECK_BANKS];
static uint16_t depth_seen[FL_MAX_LINES];

static struct call *call_of(const struct fl_event *event, const struct check_frame **frame)
{
	struct check_context *context = check_context_of(event);

	*frame = check_smmu_frame_of(context);
	if (!*frame)
		return NULL;
	return &calls[context - check_contexts][context->frame_count - 1];
}

static uint32_t asserted_fault(uint8_t bank)
{
	struct smmu_bank_view view;
	uint32_t fault;

	if (bank == CHECK_GLOBAL) {
		fault = smmu_gfault();
	} else {
		smmu_bank_view(bank, &view);
		fault = view.fault;
	}
	return fault && smmu_fault_asserting(fault) ? fault : 0;
}

static void enter(const struct fl_event *event)
{
	const struct check_frame *frame;
	struct call *call = call_of(event, &frame);

	if (!call)
		return;
	if (frame->thread && is_woken[frame->bank]) {
		*call = woken[frame->bank];
		is_woken[frame->bank] = false;
		return;
	}
	*call = (struct call){
		.fault = asserted_fault(frame->bank),
		.progress = progress[frame->bank],
	};
	if (call->fault)
		fl_premise(&fl_invariant_irq_return);
}

static void wake(const struct call *call, uint8_t bank)
{
	if (is_woken[bank]) {
		woken[bank].retired |= call->retired;
		woken[bank].cleared |= call->cleared;
		return;
	}
	woken[bank] = *call;
	is_woken[bank] = true;
}

static void judge_none(const struct call *call, const struct check_frame *frame)
{
	bool asserted = call->fault && smmu_fault_asserting(call->fault);

	if (call->retired || (call->cleared && asserted))
		fl_violation(
			&fl_invariant_irq_return, frame->function, "NONE for a fault it retired",
			"%s returns IRQ_NONE, and retired fault %u", frame->function, call->fault);
	else if (asserted)
		fl_violation(
			&fl_invariant_irq_return, frame->function, "NONE with its cause asserted",
			"%s returns IRQ_NONE; fault %u asserted the line at entry and still does "
			"(runtime status %s)",
			frame->function, call->fault,
			check_status_name(check_world->status[FL_DEVICE_SMMU]));
}

static void judge_handled(const struct call *call, const struct check_frame *frame)
{
	if (call->cleared || progress[frame->bank] != call->progress)
		return;
	fl_violation(&fl_invariant_irq_return, frame->function, "HANDLED with nothing retired",
		     "%s returns IRQ_HANDLED, and nothing was retired or masked meanwhile (runtime "
		     "status %s, power %s)",
		     frame->function, check_status_name(check_world->status[FL_DEVICE_SMMU]),
		     check_power_name(check_world->power));
}

static bool called_by_free_irq(const struct fl_event *event)
{
	enum fl_context_kind kind;

	if (event->context == FL_NO_CONTEXT)
		return true;
	kind = fl_context_kind(event->context);
	return kind == FL_CONTEXT_TASK || kind == FL_CONTEXT_WORK;
}

static void leave(const struct fl_event *event)
{
	const struct check_frame *frame;
	const struct call *call = call_of(event, &frame);

	if (!call || called_by_free_irq(event))
		return;
	if (event->d == FL_IRQ_WAKE_THREAD)
		wake(call, frame->bank);
	else if (event->d == FL_IRQ_NONE)
		judge_none(call, frame);
	else
		judge_handled(call, frame);
}

static void note_progress(uint64_t bank)
{
	uint8_t index = check_bank_index(bank);

	if (index != CHECK_NO_BANK)
		progress[index]++;
}

/* The handler call with @serial, if it has not ended. */
static struct call *call_with(const struct check_writer *writer)
{
	unsigned int row = fl_context_row(writer->context);
	const struct check_context *context = &check_contexts[row];

	for (unsigned int i = 0; i < context->frame_count; i++)
		if (context->frames[i].serial == writer->serial)
			return &calls[row][i];
	return NULL;
}

static void retired(const struct fl_event *event)
{
	const struct check_writer *writer = check_writer_of(event);
	struct call *call = writer->serial ? call_with(writer) : NULL;

	note_progress(event->b);
	/* A handler that wakes the device may run the driver's reset: that drops faults, it handles none. */
	if (call && call->fault == event->a && !writer->in_callback)
		call->retired = true;
}

static void fsr_write(const struct fl_event *event)
{
	if (event->c & ~event->d)
		note_progress(event->a);
}

static void resume_write(const struct fl_event *event)
{
	if (event->d)
		note_progress(event->a);
}

static void sctlr_write(const struct fl_event *event)
{
	if (event->c & ~event->b & SMMU_SCTLR_CFIE)
		note_progress(event->a);
}

static void output(const struct fl_event *event)
{
	if (!event->b)
		note_progress(event->a);
}

static void line_mask(const struct fl_event *event)
{
	const struct check_line *line;

	if (event->a >= FL_MAX_LINES)
		return;
	line = &check_world->lines[event->a];
	if (line->depth > depth_seen[event->a])
		for (unsigned int i = 0; i < CHECK_ACTIONS; i++)
			if (line->actions[i].present)
				note_progress(line->actions[i].source);
	depth_seen[event->a] = line->depth;
}

/* With posted writes the effect may come after the return. */
static void reg_write(const struct fl_event *event)
{
	const struct check_frame *frame;
	struct call *call;
	unsigned int bank;
	uint32_t offset;

	if (!fl_knobs.posted_writes || !event->b)
		return;
	call = call_of(event, &frame);
	if (!call)
		return;
	if (check_bank_register(event->a, &bank, &offset)) {
		if (bank == frame->bank && (offset == SMMU_FSR || offset == SMMU_RESUME))
			call->cleared = true;
	} else if (frame->bank == CHECK_GLOBAL &&
		   event->a == FL_REGISTER(FL_REGION_SMMU, SMMU_GFSR)) {
		call->cleared = true;
	}
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_IRQ_ENTER, enter);
	fl_subscribe(FL_EV_IRQ_RETURN, leave);
	fl_subscribe(FL_EV_FAULT_RETIRED, retired);
	fl_subscribe(FL_EV_FSR_WRITE, fsr_write);
	fl_subscribe(FL_EV_RESUME_WRITE, resume_write);
	fl_subscribe(FL_EV_SCTLR_WRITE, sctlr_write);
	fl_subscribe(FL_EV_OUTPUT, output);
	fl_subscribe(FL_EV_LINE_MASK, line_mask);
	check_subscribe_in_handler(FL_EV_REG_WRITE, reg_write);
}

static void reset(void)
{
	for (unsigned int i = 0; i < CHECK_BANKS; i++) {
		is_woken[i] = false;
		progress[i] = 0;
	}
	for (unsigned int i = 0; i < FL_MAX_LINES; i++)
		depth_seen[i] = check_world->lines[i].depth;
}

const struct fl_invariant fl_invariant_irq_return = {
	.name = "irq-return",
	.help = "IRQ_NONE and IRQ_HANDLED say what the handler did",
	.premise = "a handler was entered while a fault of its bank asserted the line",
	.consequence =
		"The spurious interrupt detector counts wrongly: a handled interrupt answered "
		"with IRQ_NONE brings the line nearer to \"nobody cared\"; an unhandled one "
		"answered with IRQ_HANDLED hides a storm from the detector.",
	.subscribe = subscribe,
	.reset = reset,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel-warning: no WARN, no "usage count underflow", no "nobody cared".
 *
 * A warning that an operation of the scenario provokes by itself (an unbalanced call, outside of any
 * function of the subject) says nothing about the subject and is left out; so is an underflow after the
 * scenario has put references that it did not have.
 */
#include <check/observe.h>

#include <string.h>

#define UNDERFLOW "Runtime PM usage count underflow!"

static bool of_scenario(const struct fl_event *event)
{
	return check_context_of(event)->operations && !fl_where(event->context);
}

static void warning(const struct fl_event *event)
{
	/* The detector's own event says more: which line, and whose. */
	if (of_scenario(event) || (event->text && !strcmp(event->text, "irq: nobody cared")))
		return;
	if (event->text && !strcmp(event->text, UNDERFLOW) &&
	    (check_stolen[FL_DEVICE_SMMU] || check_stolen[FL_DEVICE_GPU]))
		return;
	fl_violation(&fl_invariant_kernel_warning, fl_where(event->context), event->text,
		     "WARNING: %s", event->text ? event->text : "without text");
}

static void underflow(const struct fl_event *event)
{
	if (of_scenario(event) || event->a >= FL_DEVICES || check_stolen[event->a])
		return;
	/* The words of the warning itself, so that the two make one finding. */
	fl_violation(&fl_invariant_kernel_warning, fl_where(event->context), UNDERFLOW, UNDERFLOW);
}

static void spurious_off(const struct fl_event *event)
{
	const char *function = NULL;
	int cause = event->a < FL_MAX_LINES ? check_live_cause((unsigned int)event->a) : -1;

	if (cause >= 0)
		function = check_handler_of((uint8_t)cause);
	for (unsigned int i = 0; !function && event->a < FL_MAX_LINES && i < CHECK_ACTIONS; i++) {
		const struct check_action *action = &check_world->lines[event->a].actions[i];

		if (action->present && check_bank_index(action->source) != CHECK_NO_BANK)
			function = check_handler_of(check_bank_index(action->source));
	}
	fl_violation(
		&fl_invariant_kernel_warning, function, "nobody cared",
		"irq of line %u: nobody cared: %llu of %llu unhandled; the line is disabled (the "
		"kernel's own threshold is 99900 of 100000)",
		(unsigned int)event->a, (unsigned long long)event->b, (unsigned long long)event->c);
}

static void entered(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_kernel_warning);
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_WARNING, warning);
	fl_subscribe(FL_EV_PM_UNDERFLOW, underflow);
	fl_subscribe(FL_EV_IRQ_SPURIOUS_OFF, spurious_off);
	fl_subscribe(FL_EV_IRQ_ENTER, entered);
}

const struct fl_invariant fl_invariant_kernel_warning = {
	.name = "kernel-warning",
	.help = "no WARN, no usage count underflow, no \"nobody cared\"",
	.premise = "an interrupt handler ran",
	.consequence =
		"The kernel prints the warning named, with a stack trace; with panic_on_warn it "
		"panics.",
	.subscribe = subscribe,
};

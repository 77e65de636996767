/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lifetime: no handler touches a freed or half-initialised domain; none runs after free_irq returned.
 *
 * 1. A call of an action after free_irq() of it returned, or still going on then.
 * 2. A call for a bank whose domain was freed while its interrupt was not: the handler's cookie points
 *    into that domain. A domain that is freed while a call for it is going on is the same.
 * 3. Within a handler: an access to freed memory, a free of what is not allocated, and a BUG before
 *    the bank's domain was attached for good: then it used what was not there yet.
 */
#include <check/observe.h>

static void free_begins(const struct fl_event *event)
{
	(void)event;
	fl_premise(&fl_invariant_lifetime);
}

/* Its domain was freed, and no other one has been attached to the bank since. */
static bool is_orphan(uint8_t bank)
{
	uint8_t domain;

	if (bank >= SMMU_MAX_BANKS)
		return false;
	domain = check_world->domain_of[bank];
	return domain < CHECK_DOMAINS && check_world->domain_freed[domain];
}

static void enter(const struct fl_event *event)
{
	uint8_t bank = check_bank_index(event->d);

	if (event->a >= FL_MAX_LINES || event->b >= CHECK_ACTIONS || bank == CHECK_NO_BANK)
		return;
	if (!check_world->lines[event->a].actions[event->b].present)
		fl_violation(&fl_invariant_lifetime, event->text, "after free_irq",
			     "a handler of line %u runs after free_irq() of it returned",
			     (unsigned int)event->a);
	else if (is_orphan(bank))
		fl_violation(
			&fl_invariant_lifetime, event->text, "freed domain",
			"the handler of bank %u runs, and domain %u that it belongs to was freed",
			bank, check_world->domain_of[bank]);
}

static void freed(const struct fl_event *event)
{
	for (unsigned int i = 0; i < check_rows(); i++) {
		for (unsigned int j = 0; j < check_contexts[i].frame_count; j++) {
			const struct check_frame *frame = &check_contexts[i].frames[j];

			if (frame->line == event->a && frame->action == event->b &&
			    frame->bank != CHECK_NO_BANK)
				fl_violation(
					&fl_invariant_lifetime, frame->function, "after free_irq",
					"free_irq() of line %u returns while a handler of it runs",
					(unsigned int)event->a);
		}
	}
}

static void domain_freed(const struct fl_event *event)
{
	fl_premise(&fl_invariant_lifetime);
	for (unsigned int i = 0; i < check_rows(); i++) {
		for (unsigned int j = 0; j < check_contexts[i].frame_count; j++) {
			const struct check_frame *frame = &check_contexts[i].frames[j];

			if (frame->bank < SMMU_MAX_BANKS &&
			    check_world->domain_of[frame->bank] == event->a)
				fl_violation(
					&fl_invariant_lifetime, frame->function, "freed domain",
					"domain %u is freed while a handler of its bank %u runs",
					(unsigned int)event->a, frame->bank);
		}
	}
}

static void use_after_free(const struct fl_event *event)
{
	const struct check_frame *frame = check_smmu_frame_of(check_context_of(event));

	if (frame)
		fl_violation(&fl_invariant_lifetime, frame->function, "freed memory",
			     "%s uses object %llu, which was freed", frame->function,
			     (unsigned long long)event->a);
}

static void bug(const struct fl_event *event)
{
	const struct check_frame *frame = check_smmu_frame_of(check_context_of(event));

	if (frame && frame->bank < SMMU_MAX_BANKS && !check_world->live[frame->bank])
		fl_violation(&fl_invariant_lifetime, frame->function, "half-initialised domain",
			     "%s for bank %u, whose domain is not attached for good: %s",
			     frame->function, frame->bank, event->text ? event->text : "BUG");
}

static void subscribe(void)
{
	fl_subscribe(FL_EV_IRQ_FREE_BEGIN, free_begins);
	fl_subscribe(FL_EV_IRQ_FREED, freed);
	fl_subscribe(FL_EV_IRQ_ENTER, enter);
	fl_subscribe(FL_EV_DOMAIN_FREED, domain_freed);
	fl_subscribe(FL_EV_USE_AFTER_FREE, use_after_free);
	fl_subscribe(FL_EV_BAD_FREE, use_after_free);
	fl_subscribe(FL_EV_BUG, bug);
}

const struct fl_invariant fl_invariant_lifetime = {
	.name = "lifetime",
	.help = "no handler touches a freed or half-initialised domain, none runs after free_irq",
	.premise = "an interrupt or a domain was freed",
	.consequence =
		"A handler works on memory that was freed or is not set up: KASAN reports a use "
		"after free; without it the data of whoever has that memory now is read or "
		"overwritten.",
	.subscribe = subscribe,
};

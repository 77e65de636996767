/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual time: deadlines of contexts, alarms.
 *
 * One number, next_deadline, is compared at each step. It is allowed to be too early (somebody was
 * woken or cancelled meanwhile): then fl_time_expire() finds nothing and computes it again.
 */
#include "internal.h"

uint64_t fl_now(void)
{
	return fl_world.time_ns;
}

static void note_deadline(uint64_t deadline_ns)
{
	if (deadline_ns < fl_world.next_deadline)
		fl_world.next_deadline = deadline_ns;
}

void fl_deadline_set(struct fl_context *context, uint64_t deadline_ns)
{
	fl_wait_of(context)->deadline = deadline_ns;
	fl_world.timed |= BIT64(fl_context_number(context));
	note_deadline(deadline_ns);
}

static bool is_due(const struct fl_alarm *alarm, int number)
{
	return fl_world.cpus[alarm->slot].due_alarms & (1u << number);
}

uint64_t fl_time_next(void)
{
	uint64_t next = FL_NEVER;

	for (uint64_t timed = fl_world.timed; timed; timed &= timed - 1) {
		uint64_t deadline = fl_waits[__builtin_ctzll(timed)].deadline;

		if (deadline < next)
			next = deadline;
	}
	for (int i = 0; i < fl_world.alarm_count; i++) {
		const struct fl_alarm *alarm = &fl_world.alarms[i];

		if (alarm->armed && !is_due(alarm, i) && alarm->deadline < next)
			next = alarm->deadline;
	}
	return next;
}

void fl_time_expire(void)
{
	for (uint64_t timed = fl_world.timed; timed; timed &= timed - 1) {
		struct fl_context *context = &fl_world.contexts[__builtin_ctzll(timed)];

		if (fl_wait_of(context)->deadline > fl_world.time_ns)
			continue;
		context->timed_out = true;
		fl_make_runnable(context);
	}
	for (int i = 0; i < fl_world.alarm_count; i++) {
		struct fl_alarm *alarm = &fl_world.alarms[i];

		if (!alarm->armed || alarm->deadline > fl_world.time_ns || is_due(alarm, i))
			continue;
		fl_world.cpus[alarm->slot].due_alarms |= 1u << i;
		fl_cpu_dirty(alarm->slot);
	}
	fl_world.next_deadline = fl_time_next();
}

void fl_delay(uint64_t ns, bool busy)
{
	struct fl_context *self = fl_engine.self;

	if (!fl_in_run()) {
		fl_world.time_ns += ns;
		return;
	}
	self->state = busy ? FL_DELAYING : FL_SLEEPING;
	fl_world.runnable &= ~BIT64(fl_engine.current);
	fl_deadline_set(self, fl_world.time_ns + ns);
	if (busy)
		fl_cpu_dirty(self->slot);
	else
		fl_cpu_release(self);
	fl_reschedule();
}

static struct fl_alarm *alarm_get(int alarm)
{
	if (alarm < 0 || alarm >= fl_world.alarm_count)
		fl_die("alarm %d does not exist; there are %d", alarm, fl_world.alarm_count);
	return &fl_world.alarms[alarm];
}

int fl_alarm_create(const char *name, fl_entry_t fn, void *arg, unsigned int cpu)
{
	int number = fl_world.alarm_count;
	fl_context_t context;

	if (number == FL_MAX_ALARMS)
		fl_die("alarm %s: there are %d already, no more fit", name, FL_MAX_ALARMS);
	context = fl_context_create(name, FL_CONTEXT_TIMER, cpu, fn, arg);
	fl_world.contexts[context].alarm = (uint8_t)number;
	fl_world.alarms[number] = (struct fl_alarm){
		.context = context,
		.slot = (uint8_t)FL_CPU_SLOT(cpu),
	};
	fl_world.alarm_count++;
	return number;
}

static void forget_due(int number)
{
	fl_world.cpus[fl_world.alarms[number].slot].due_alarms &= ~(1u << number);
}

void fl_alarm_arm(int alarm, uint64_t deadline_ns)
{
	struct fl_alarm *a = alarm_get(alarm);

	forget_due(alarm);
	a->armed = true;
	a->deadline = deadline_ns;
	note_deadline(deadline_ns);
}

int fl_alarm_cancel(int alarm)
{
	struct fl_alarm *a = alarm_get(alarm);

	if (a->armed) {
		a->armed = false;
		forget_due(alarm);
		return 1;
	}
	return fl_world.contexts[a->context].state == FL_DORMANT ? 0 : -1;
}

bool fl_alarm_armed(int alarm)
{
	return alarm_get(alarm)->armed;
}

bool fl_time_skip(void)
{
	uint64_t next = FL_NEVER;

	for (int i = 0; i < fl_world.context_count; i++)
		if (fl_world.contexts[i].state == FL_DELAYING)
			return false;
	for (int i = 0; i < fl_world.alarm_count; i++)
		if (fl_world.alarms[i].armed && fl_world.alarms[i].deadline < next)
			next = fl_world.alarms[i].deadline;
	if (next == FL_NEVER)
		return false;
	if (next > fl_world.time_ns)
		fl_world.time_ns = next;
	fl_time_expire();
	return true;
}

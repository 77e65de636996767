/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register accesses of handlers, for the checkers that want no others. Most accesses are the driver's reset and
 * the like: those end here, and no checker looks at them.
 */
#include <check/handler_access.h>
#include <check/observe.h>
#include <check/writer.h>

#include <stdio.h>
#include <stdlib.h>

#define MAX_SUBSCRIBERS 4

static struct list {
	unsigned int count;
	fl_subscriber_t subscribers[MAX_SUBSCRIBERS];
} reads, writes;

static void tell(const struct list *list, const struct fl_event *event)
{
	if (!check_context_of(event)->frame_count)
		return;
	for (unsigned int i = 0; i < list->count; i++)
		list->subscribers[i](event);
}

static void reg_read(const struct fl_event *event)
{
	tell(&reads, event);
}

/* There are many writes, so the others that want each of them are called from here. */
static void reg_write(const struct fl_event *event)
{
	check_note_cr0(event);
	check_writer_issued(event);
	tell(&writes, event);
}

void check_subscribe_in_handler(enum fl_event_kind kind, fl_subscriber_t fn)
{
	struct list *list = kind == FL_EV_REG_READ ? &reads : &writes;

	if (list->count == MAX_SUBSCRIBERS || (kind != FL_EV_REG_READ && kind != FL_EV_REG_WRITE)) {
		fprintf(stderr,
			"faultline: event %s in a handler: no such one, or too many subscribers; raise "
			"MAX_SUBSCRIBERS\n",
			fl_event_name(kind));
		exit(3);
	}
	list->subscribers[list->count++] = fn;
}

void check_handler_access_start(void)
{
	reads.count = 0;
	writes.count = 0;
	fl_subscribe(FL_EV_REG_READ, reg_read);
	fl_subscribe(FL_EV_REG_WRITE, reg_write);
}

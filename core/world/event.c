/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event bus: who wants to know what happens in a world. */
#include <faultline/event.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SUBSCRIBERS 16

uint8_t fl_subscribers[FL_EVENT_KINDS];
static fl_subscriber_t subscribers[FL_EVENT_KINDS][MAX_SUBSCRIBERS];

static const char *const event_names[FL_EVENT_KINDS] = {
#define EVENT_NAME(name, a, b, c, d) #name,
	FL_EVENTS(EVENT_NAME)
#undef EVENT_NAME
};

const char *fl_event_name(enum fl_event_kind kind)
{
	return event_names[kind];
}

void fl_subscribe(enum fl_event_kind kind, fl_subscriber_t fn)
{
	if (fl_subscribers[kind] == MAX_SUBSCRIBERS) {
		fprintf(stderr,
			"faultline: too many subscribers for event %s; raise MAX_SUBSCRIBERS\n",
			event_names[kind]);
		exit(3);
	}
	subscribers[kind][fl_subscribers[kind]++] = fn;
}

void fl_unsubscribe_all(void)
{
	memset(fl_subscribers, 0, sizeof(fl_subscribers));
}

/* Many a step runs this: AddressSanitizer would make a stack frame on the heap for it each time. */
__attribute__((no_sanitize_address)) void fl_emit_slow(enum fl_event_kind kind, uint64_t a,
						       uint64_t b, uint64_t c, uint64_t d,
						       const char *text)
{
	const fl_subscriber_t *subscriber = subscribers[kind];
	const fl_subscriber_t *end = subscriber + fl_subscribers[kind];
	struct fl_event event = {
		.kind = kind,
		.context = fl_current(),
		.step = fl_step(),
		.a = a,
		.b = b,
		.c = c,
		.d = d,
		.text = text,
	};

	for (; subscriber < end; subscriber++)
		(*subscriber)(&event);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory-error: no ASan or UBSan report, no wild access, no BUG in the subject.
 *
 * The models tell of a BUG, of an access to freed memory and of a bad free in each build. In a sanitizer
 * build its reports become findings too, if they come from inside one of the subject's functions: ASan
 * calls back with the text of its report before it decides whether to go on (halt_on_error=0 and
 * -fsanitize-recover let it), UBSan calls __ubsan_on_report(). Only the kind of error is taken from the
 * text, for it is full of addresses. An error of the framework's own is left to the sanitizer.
 */
#include <check/observe.h>

#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define IN_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define IN_SANITIZER 1
#endif
#endif
#ifndef IN_SANITIZER
#define IN_SANITIZER 0
#endif

/* Of the sanitizers' runtimes, when they are linked. */
void __asan_set_error_report_callback(void (*callback)(const char *text)) __attribute__((weak));
void __ubsan_get_current_report_data(const char **kind, const char **message, const char **file,
				     unsigned int *line, unsigned int *column, char **address)
	__attribute__((weak));
void __ubsan_on_report(void);

static bool subscribed;

void check_sanitizer_report(const char *kind)
{
	if (!subscribed || !fl_running() || !fl_where(fl_current()))
		return;
	fl_violation(&fl_invariant_memory_error, fl_where(fl_current()), check_intern(kind),
		     "%s, reported by a sanitizer", kind);
}

/* The word that says what it is: "==1==ERROR: AddressSanitizer: heap-use-after-free on ...". */
static void asan_report(const char *text)
{
	const char *mark = strstr(text, "AddressSanitizer: ");
	char kind[48];

	if (!mark || sscanf(mark + strlen("AddressSanitizer: "), "%47[a-zA-Z-]", kind) != 1)
		snprintf(kind, sizeof(kind), "AddressSanitizer");
	check_sanitizer_report(kind);
}

void __ubsan_on_report(void)
{
	const char *kind = "undefined-behavior", *message, *file;
	unsigned int line, column;
	char *address;

	if (__ubsan_get_current_report_data)
		__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	check_sanitizer_report(kind);
}

static void bug(const struct fl_event *event)
{
	fl_violation(&fl_invariant_memory_error, fl_where(event->context), "BUG", "%s",
		     event->text ? event->text : "BUG");
}

static void freed(const struct fl_event *event)
{
	fl_violation(&fl_invariant_memory_error, fl_where(event->context),
		     event->kind == FL_EV_BAD_FREE ? "bad free" : "use after free",
		     event->kind == FL_EV_BAD_FREE ? "free of object %llu, which is not allocated" :
						     "access to object %llu, which was freed",
		     (unsigned long long)event->a);
}

static void entered(const struct fl_event *event)
{
	(void)event;
	if (IN_SANITIZER)
		fl_premise(&fl_invariant_memory_error);
}

static void subscribe(void)
{
	subscribed = true;
	if (__asan_set_error_report_callback)
		__asan_set_error_report_callback(asan_report);
	fl_subscribe(FL_EV_BUG, bug);
	fl_subscribe(FL_EV_USE_AFTER_FREE, freed);
	fl_subscribe(FL_EV_BAD_FREE, freed);
	fl_subscribe(FL_EV_ENTER, entered);
}

const struct fl_invariant fl_invariant_memory_error = {
	.name = "memory-error",
	.help = "no sanitizer report, no wild access, no BUG in the subject",
	.premise = "the subject ran in a build with sanitizers",
	.needs = FL_NEEDS_SANITIZER,
	.subscribe = subscribe,
};

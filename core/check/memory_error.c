/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory-error: no ASan or UBSan report, no wild access, no BUG in the subject.
 *
 * The models tell of a BUG, of an access to freed memory and of a bad free in each build. In a sanitizer
 * build its reports become findings too, if they come from inside one of the subject's functions: ASan
 * calls back with the text of its report, UBSan calls __ubsan_on_report(), and the run goes on, as a
 * kernel with KASAN does (the subject is built with -fsanitize-recover, and the program asks for
 * halt_on_error=0). Only the kind of error is taken from the text, for it is full of addresses. An
 * error of the framework's own ends the process.
 */
#include <check/check.h>
#include <check/observe.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
void __sanitizer_set_report_fd(void *file) __attribute__((weak));
void __ubsan_on_report(void);

static bool subscribed;
static bool quiet;

void fl_check_quiet_sanitizers(void)
{
	intptr_t file;

	if (quiet || !__sanitizer_set_report_fd)
		return;
	file = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return;
	__sanitizer_set_report_fd((void *)file);
	quiet = true;
}

bool check_sanitizer_report(const char *kind)
{
	if (!subscribed || !fl_running() || !fl_where(fl_current()))
		return false;
	fl_violation(&fl_invariant_memory_error, fl_where(fl_current()), check_intern(kind),
		     "%s, reported by a sanitizer", kind);
	return true;
}

/* The framework itself is wrong, so nothing that it goes on to say is worth anything. */
static _Noreturn void own_error(const char *text)
{
	if (quiet)
		fprintf(stderr, "%s\n", text);
	abort();
}

/* The word that says what it is: "==1==ERROR: AddressSanitizer: heap-use-after-free on ...". */
static void asan_report(const char *text)
{
	const char *mark = strstr(text, "AddressSanitizer: ");
	char kind[48];

	if (!mark || sscanf(mark + strlen("AddressSanitizer: "), "%47[a-zA-Z-]", kind) != 1)
		snprintf(kind, sizeof(kind), "AddressSanitizer");
	if (!check_sanitizer_report(kind))
		own_error(text);
}

void __ubsan_on_report(void)
{
	const char *kind = "undefined-behavior", *message = kind, *file = "?";
	unsigned int line = 0, column;
	char *address, text[256];

	if (__ubsan_get_current_report_data)
		__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	if (check_sanitizer_report(kind))
		return;
	snprintf(text, sizeof(text), "%s:%u: %s", file, line, message);
	own_error(text);
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
		     event->kind == FL_EV_BAD_FREE ? "free of object %llu, which is not allocated"
						   : "access to object %llu, which was freed",
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

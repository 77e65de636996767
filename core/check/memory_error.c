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
 *
 * In a fuzz target a report that nothing excuses ends the process as if there were no Faultline: printed
 * by the sanitizer, in the subject's frame, through the sanitizer's death callback, in which engines keep
 * the input. A trap would not do: within a report it counts as a second error, and the input is lost.
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
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#define IN_MEMORY_SANITIZER 1
#endif
#endif
#ifndef IN_MEMORY_SANITIZER
#define IN_MEMORY_SANITIZER 0
#endif

/* Of the sanitizers' runtimes, when they are linked. */
void __asan_set_error_report_callback(void (*callback)(const char *text)) __attribute__((weak));
void __ubsan_get_current_report_data(const char **kind, const char **message, const char **file,
				     unsigned int *line, unsigned int *column, char **address)
	__attribute__((weak));
void __sanitizer_set_report_fd(void *file) __attribute__((weak));
/* __sanitizer::Die(): how a report ends the process. In clang's static runtimes, and nowhere in C. */
void sanitizer_die(void) __asm__("_ZN11__sanitizer3DieEv") __attribute__((weak));
void __ubsan_on_report(void);

static bool subscribed;
static bool quiet;
static bool ends_by_sanitizer;

void fl_check_quiet_sanitizers(void)
{
	static int file = -1;

	/* MemorySanitizer's reports are never the subject's alone, and nobody is called back with them. */
	if (quiet || !__sanitizer_set_report_fd || IN_MEMORY_SANITIZER)
		return;
	if (file < 0)
		file = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (file < 0)
		return;
	__sanitizer_set_report_fd((void *)(intptr_t)file);
	quiet = true;
}

void fl_check_loud_sanitizers(void)
{
	if (!quiet)
		return;
	__sanitizer_set_report_fd((void *)(intptr_t)STDERR_FILENO);
	quiet = false;
}

void fl_check_end_by_sanitizer(void)
{
	ends_by_sanitizer = true;
}

static enum check_report judge_report(const char *kind)
{
	if (!subscribed || !fl_running() || !fl_where(fl_current()))
		return CHECK_REPORT_OWN;
	return fl_assert_violated(NULL, 0, &fl_invariant_memory_error, fl_where(fl_current()),
				  check_intern(kind), "%s, reported by a sanitizer", kind)
		       ? CHECK_REPORT_ENDS
		       : CHECK_REPORT_PASSED;
}

enum check_report check_sanitizer_report(const char *kind)
{
	/*
	 * In a free run the subject is outside the machine. A report in a run that has ended is of no use; and who is
	 * inside may report, too, and wait for the sanitizer, which is at this report.
	 */
	bool came = fl_machine_try_enter();
	enum check_report result =
		fl_free_running && !fl_machine_inside() ? CHECK_REPORT_PASSED : judge_report(kind);

	if (came)
		fl_machine_leave();
	return result;
}

bool fl_check_wild_access(const char *title)
{
	if (subscribed && !fl_assert_violated(NULL, 0, &fl_invariant_memory_error,
					      fl_where(fl_current()), "BUG", "%s", title))
		return false;
	fl_check_loud_sanitizers();
	return true;
}

/* @text: what the sanitizer said, if nobody could see it. */
static _Noreturn void end_process(const char *text)
{
	if (quiet) {
		fl_check_loud_sanitizers();
		fprintf(stderr, "%s\n", text);
	}
	if (ends_by_sanitizer && sanitizer_die)
		sanitizer_die();
	abort();
}

/* The word that says what it is: "==1==ERROR: AddressSanitizer: heap-use-after-free on ...". */
static void asan_report(const char *text)
{
	const char *mark = strstr(text, "AddressSanitizer: ");
	char kind[48];

	if (!mark || sscanf(mark + strlen("AddressSanitizer: "), "%47[a-zA-Z-]", kind) != 1)
		snprintf(kind, sizeof(kind), "AddressSanitizer");
	/* If the framework itself is wrong, nothing that it goes on to say is worth anything. */
	if (check_sanitizer_report(kind) != CHECK_REPORT_PASSED)
		end_process(text);
}

/* A step after the report: UBSan calls back before it prints, and goes on where it may recover. */
static void end_at_step(fl_context_t context)
{
	(void)context;
	end_process("");
}

void __ubsan_on_report(void)
{
	const char *kind = "undefined-behavior", *message = kind, *file = "?";
	unsigned int line = 0, column;
	char *address, text[256];

	if (__ubsan_get_current_report_data)
		__ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
	if (check_sanitizer_report(kind) == CHECK_REPORT_PASSED)
		return;
	if (ends_by_sanitizer) {
		fl_check_loud_sanitizers();
		fl_set_step_hook(end_at_step);
		return;
	}
	snprintf(text, sizeof(text), "%s:%u: %s", file, line, message);
	end_process(text);
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
	/* OSS-Fuzz refuses builds with another sanitizer in which a call names AddressSanitizer's runtime. */
	void (*volatile set_callback)(void (*callback)(const char *text)) =
		__asan_set_error_report_callback;

	subscribed = true;
	if (set_callback)
		set_callback(asan_report);
	fl_subscribe(FL_EV_BUG, bug);
	fl_subscribe(FL_EV_USE_AFTER_FREE, freed);
	fl_subscribe(FL_EV_BAD_FREE, freed);
	fl_subscribe(FL_EV_ENTER, entered);
}

const struct fl_invariant fl_invariant_memory_error = {
	.name = "memory-error",
	.help = "no sanitizer report, no wild access, no BUG in the subject",
	.premise = "the subject ran in a build with sanitizers",
	.consequence =
		"An oops, or a KASAN report: the kernel dereferences a wild or freed pointer.",
	.needs = FL_NEEDS_SANITIZER,
	.subscribe = subscribe,
};

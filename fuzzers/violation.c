/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The assertion that a violation becomes, and the findings that are known.
 *
 * The first line of a crash has the form that ClusterFuzz takes for an assertion. What it says behind the
 * colon is the bug's identity there, so it is the signature and nothing that varies; what follows is for
 * people, and must not look like a report of anybody else's. The checker traps (core/check/check.h).
 *
 * memory-error is different where a sanitizer or the processor tells of it: the crash is theirs, with its
 * own type, in the subject's frame. Only if such a finding is excused do we stand in the way: sanitizers
 * are silent during a run, and a wild access becomes the BUG that ends it.
 */
#include "violation.h"

#include <kernel/kernel.h>

#include <stdio.h>
#include <string.h>

static struct {
	const char *target, *subject;
	uint32_t invariants;
	const struct fl_suppressions *known;
	fl_day_t today;
	bool memory_errors_pass; /* some may be */
} rules;

/* --- known findings ------------------------------------------------------------------------- */

/* Every signature once. When there are more than these, nobody reads them. */
#define MAX_NOTES 256

static void note(const struct fl_finding *finding, const struct fl_suppression *excuse)
{
	static char noted[MAX_NOTES][FL_SIGNATURE_SIZE];
	static unsigned int count;

	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(noted[i], finding->signature))
			return;
	if (count == MAX_NOTES)
		return;
	memcpy(noted[count++], finding->signature, FL_SIGNATURE_SIZE);
	fprintf(stderr, "known: %s (%s)\n", finding->signature, excuse->reason);
}

static bool is_passed_by(const struct fl_finding *finding)
{
	const struct fl_suppression *excuse;

	if (!(rules.invariants & 1u << finding->invariant))
		return true;
	excuse = fl_suppressions_find(rules.known, finding->invariant, finding->signature,
				      rules.today);
	if (excuse)
		note(finding, excuse);
	return excuse;
}

/* --- the crash ------------------------------------------------------------------------------ */

/*
 * Subjects say things that belong to other reports ("kernel BUG at ..."); ClusterFuzz would take the crash
 * for one of these.
 */
static bool looks_like_a_report(const char *text)
{
	static const char *const marks[] = {
		"BUG",	 "panic", "ASSERT",  "Assertion", "ERROR", "FuzzerSecurityIssue",
		"KASAN", "#",	  "WARNING", "fatal",	  "Fatal", "error:",
	};

	for (unsigned int i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

/* The run may have broken something before that was passed by; the case is to name what crashed. */
static bool can_be_quoted(const char *signature)
{
	return !strchr(signature, '\'') && !looks_like_a_report(signature);
}

/* A checker is about to trap: the signal to come is ours. */
static bool trapping;

/* ClusterFuzz passes over a function with "assert" in its name, so it may stand in the stack. */
static bool assert_no_violation(const struct fl_finding *finding, const char *file,
				unsigned int line)
{
	if (is_passed_by(finding))
		return false;
	if (!file)
		return true;
	fl_check_loud_sanitizers();
	fprintf(stderr, "%s:%u: ASSERTION FAILED: %s\n", file, line, finding->signature);
	fprintf(stderr, "  at step %llu: %s\n", (unsigned long long)finding->step,
		looks_like_a_report(finding->detail) ? "replay it to read what was said"
						     : finding->detail);
	fprintf(stderr,
		"  to see the interleaving, with FILE the input that the engine keeps:\n"
		"  faultline case --fuzzer-input %s --subject %s ",
		rules.target, rules.subject);
	if (can_be_quoted(finding->signature))
		fprintf(stderr, "--signature '%s' ", finding->signature);
	fputs("FILE >x.case && faultline replay x.case\n", stderr);
	fflush(stderr);
	trapping = true;
	return true;
}

static bool ends_process(const char *title)
{
	return trapping || fl_check_wild_access(title);
}

/*
 * Sanitizers of a subject that was built to go on go on, and the hook decides. The trap is theirs to report:
 * libFuzzer's own report has a token of its own frames, so that -minimize_crash would slide from one
 * invariant to another.
 */
#define TOKEN "handle_sigill=1:dedup_token_length=3"
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

__attribute__((no_sanitize_address)) const char *__asan_default_options(void)
{
	return "halt_on_error=0:suppress_equal_pcs=0:" TOKEN;
}

const char *__ubsan_default_options(void)
{
	return TOKEN;
}

/* --- a run ---------------------------------------------------------------------------------- */

void fuzz_violation_start(const char *target, const char *subject, uint32_t invariants,
			  const struct fl_suppressions *known)
{
	int memory_error = fl_invariant_find("memory-error");

	rules.target = target;
	rules.subject = subject;
	rules.invariants = invariants;
	rules.known = known;
	rules.today = fl_today();
	rules.memory_errors_pass = !(invariants & 1u << memory_error);
	for (unsigned int i = 0; i < known->count; i++) {
		const struct fl_suppression *entry = &known->entries[i];

		if (entry->until != FL_NO_DAY && rules.today > entry->until)
			fprintf(stderr, "line %u of the suppressions is over: %s (%s)\n",
				entry->line, entry->signature, entry->reason);
		else if (entry->invariant == memory_error)
			rules.memory_errors_pass = true;
	}
	fl_check_details(true);
	fl_check_end_by_sanitizer();
	fl_check_set_hook(assert_no_violation);
}

void fuzz_violation_begin(void)
{
	static bool installed;

	if (!rules.memory_errors_pass)
		return;
	/* Not at start: engines install their handlers after that, and not over others. */
	if (!installed)
		fl_oops_install_before(ends_process);
	installed = true;
	fl_check_quiet_sanitizers();
}

void fuzz_violation_end(void)
{
	fl_check_loud_sanitizers();
}

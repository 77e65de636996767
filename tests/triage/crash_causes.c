// SPDX-License-Identifier: GPL-2.0-or-later
/* Crashes that are produced for a cause (crash_causes.h). */
#include "crash_causes.h"

#include <case/raw.h>
#include <handler/handler.h>
#include <smmu/smmu.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_TRIES    400000
#define RANDOM_BYTES 96
#define MAX_ROUNDS   50

const struct crash_cause crash_causes[] = {
	{"core:legacy", "context_fault_fuzzer", "resume-order", "core:resume",
	 "the client writes RESUME, before the handler has written FSR", 0},
	{"core:resume", "suspend_race_fuzzer", "unclocked-access", "core:guard-v1",
	 "the handlers take no reference", PLACE_HANDLER},
	{"core:guard-v1", "suspend_race_fuzzer", "sleep-in-atomic", "core:guard-v2",
	 "the hard handler waits for the resume", PLACE_HANDLER},
	{"core:guard-v2", "suspend_race_fuzzer", "irq-storm", "core:reference",
	 "handlers go away from a device that is not active, and leave the line as it is",
	 PLACE_SOURCE | PLACE_STATE | PLACE_STARVED},
	{"core:mutant-drift", "suspend_race_fuzzer", "sctlr-drift", "core:reference",
	 "set_stall waits for the next resume", 0},
	{"core:mutant-forgets-put", "context_fault_fuzzer", "pm-imbalance", "core:reference",
	 "the handlers keep their reference", PLACE_HANDLER},
	{"core:mutant-returns-none", "suspend_race_fuzzer", "irq-return", "core:reference",
	 "the context fault handler always answers IRQ_NONE", 0},
	{"core:mutant-reports-twice", "context_fault_fuzzer", "double-report", "core:reference",
	 "each fault is reported twice", 0},
	{"core:mutant-resume-first", "context_fault_fuzzer", "resume-order", "core:reference",
	 "RESUME is written before FSR", 0},
	{"core:mutant-deadlock", "suspend_race_fuzzer", "deadlock", "core:reference",
	 "suspend waits for handlers that wait for it", 0},
	{"core:mutant-no-reference", "suspend_race_fuzzer", "unclocked-access", "core:reference",
	 "the context fault handler takes no reference", PLACE_HANDLER},
	{"core:mutant-warns", "suspend_race_fuzzer", "kernel-warning", "core:reference",
	 "resume enables the lines once too often", 0},
};
const unsigned int crash_cause_count = sizeof(crash_causes) / sizeof(crash_causes[0]);

void crash_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("make_crashes: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(3);
}

const struct fl_subject *crash_subject(const char *name)
{
	const struct fl_subject *subject = fl_core_find(name);

	if (subject)
		return subject;
	crash_fail("there is no subject %s", name);
}

/* --- where it breaks ------------------------------------------------------------------------- */

#define OUTSIDE -1

static struct {
	const struct crash_cause *cause;
	const struct fl_subject *subject;
	struct crash *crash; /* whose places are wanted; or NULL */
	bool ambiguous;
	int serves[FL_MAX_CONTEXTS]; /* source of the handler that the context is in, or OUTSIDE */
	int depth[FL_MAX_CONTEXTS];  /* of the subject's entry points in it */
} oracle;

static void handler_entered(const struct fl_event *event)
{
	oracle.serves[event->context] = (int)event->d;
}

static void handler_returned(const struct fl_event *event)
{
	oracle.serves[event->context] = OUTSIDE;
}

static void entered(const struct fl_event *event)
{
	oracle.depth[event->context]++;
}

static void left(const struct fl_event *event)
{
	oracle.depth[event->context]--;
}

/* The handler whose own code runs: not what the client, told of the fault, calls in turn. */
static int running_handler(void)
{
	return oracle.depth[fl_current()] == 1 ? oracle.serves[fl_current()] : OUTSIDE;
}

static const char *source_name(int source)
{
	return source == FL_BANK_GLOBAL ? "global" : "context";
}

/* Whose interrupt is asserted: a bank's, the global one, or OUTSIDE if that is not one alone. */
static int asserted_source(void)
{
	bool context = false, global = smmu_output(FL_BANK_GLOBAL);

	for (unsigned int bank = 0; bank < SMMU_MAX_BANKS; bank++)
		context |= smmu_output(bank);
	if (context == global)
		return OUTSIDE;
	return global ? FL_BANK_GLOBAL : 0;
}

static const char *state_name(void)
{
	static const char *const suspended[] = {"suspended on", "suspended gated",
						"suspended collapsed"};
	static const char *const names[] = {
		[FL_RPM_ACTIVE] = "active",
		[FL_RPM_RESUMING] = "resuming",
		[FL_RPM_SUSPENDING] = "suspending",
	};
	struct fl_pm_view pm;

	oracle.subject->pm_view(FL_DEVICE_SMMU, &pm);
	return pm.status == FL_RPM_SUSPENDED ? suspended[smmu_power()] : names[pm.status];
}

/* A task that could go on but for the CPU that runs this. */
static bool somebody_is_kept_off(void)
{
	for (fl_context_t i = 0; i < fl_context_count(); i++)
		if (i != fl_current() && fl_context_cpu(i) == fl_context_cpu(fl_current()) &&
		    (fl_context_kind(i) == FL_CONTEXT_TASK ||
		     fl_context_kind(i) == FL_CONTEXT_WORK) &&
		    fl_context_state(i) == FL_RUNNABLE)
			return true;
	return false;
}

static void note_place(const char *place)
{
	struct crash *crash = oracle.crash;

	for (unsigned int i = 0; i < crash->place_count; i++)
		if (!strcmp(crash->places[i], place))
			return;
	if (crash->place_count == CRASH_PLACES)
		oracle.ambiguous = true;
	else
		strcpy(crash->places[crash->place_count++], place);
}

static bool violated(const struct fl_finding *finding, const char *file, unsigned int line)
{
	unsigned int by = oracle.cause->places;
	char place[sizeof(oracle.crash->places[0])] = "there";
	int source = OUTSIDE;

	(void)finding;
	(void)file;
	(void)line;
	if (!oracle.crash)
		return false;
	if (by & PLACE_HANDLER)
		source = running_handler();
	else if (by & PLACE_SOURCE)
		source = asserted_source();
	if (by & (PLACE_HANDLER | PLACE_SOURCE)) {
		oracle.ambiguous |= source == OUTSIDE;
		snprintf(place, sizeof(place), "%s%s%s%s", source_name(source),
			 by & PLACE_STATE ? ", " : "", by & PLACE_STATE ? state_name() : "",
			 by & PLACE_STARVED && somebody_is_kept_off() ? ", somebody kept off" : "");
	}
	note_place(place);
	return false;
}

/* In builds with AddressSanitizer, as in the program: its report of a subject is a finding, and not the end. */
const char *__asan_default_options(void);

__attribute__((no_sanitize_address)) const char *__asan_default_options(void)
{
	return "halt_on_error=0:suppress_equal_pcs=0";
}

/* --- worlds ---------------------------------------------------------------------------------- */

/* A process has room for so many worlds only. True in one of its own, which is waited for. */
static bool in_child(void)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child)
		return true;
	if (child < 0)
		crash_fail("a world's process cannot be started: %s", strerror(errno));
	if (waitpid(child, &status, 0) != child)
		crash_fail("a world's process cannot be waited for: %s", strerror(errno));
	if (WIFSIGNALED(status))
		crash_fail("a world's process failed, by signal %d", WTERMSIG(status));
	if (status)
		crash_fail("a world's process failed, with exit status %d", WEXITSTATUS(status));
	return false;
}

static void make_world(const char *subject, const struct fl_target *target, uint32_t invariants)
{
	char error[512];

	oracle.subject = crash_subject(subject);
	fl_check_quiet_sanitizers();
	if (fl_world_make(oracle.subject, fl_profile_find(target->profile), invariants, error,
			  sizeof(error)))
		crash_fail("%s", error);
	fl_subscribe(FL_EV_IRQ_ENTER, handler_entered);
	fl_subscribe(FL_EV_IRQ_RETURN, handler_returned);
	fl_subscribe(FL_EV_ENTER, entered);
	fl_subscribe(FL_EV_LEAVE, left);
	fl_check_set_hook(violated);
}

static bool run(const struct fl_target *target, const struct crash *crash)
{
	struct fl_outcome outcome;

	for (unsigned int i = 0; i < FL_MAX_CONTEXTS; i++)
		oracle.serves[i] = OUTSIDE;
	memset(oracle.depth, 0, sizeof(oracle.depth));
	fl_world_raw(target, crash->bytes, crash->size, &outcome);
	return outcome.finding_count;
}

/* Does it break the invariant, and only at places that can be told? */
static bool find_place(const struct fl_target *target, struct crash *crash)
{
	oracle.crash = crash;
	oracle.ambiguous = false;
	crash->place_count = 0;
	crash->breaks = run(target, crash);
	if (oracle.ambiguous)
		crash->place_count = 0;
	if (crash->breaks)
		fl_world_record(&crash->recorded);
	return crash->place_count;
}

/* Random bytes that break it, at places that can be told. */
static void search(const struct crash_cause *cause, const struct fl_target *target,
		   struct crash *crashes, unsigned int count, struct fl_prng *prng)
{
	unsigned int found = 0;

	for (unsigned int tries = 0; found < count; tries++) {
		struct crash *crash = &crashes[found];

		if (tries == MAX_TRIES)
			crash_fail("%s: %u of %u crashes in %u tries", cause->subject, found, count,
				   tries);
		crash->size = 4 + fl_prng_below(prng, RANDOM_BYTES - 4);
		for (size_t i = 0; i < crash->size; i++)
			crash->bytes[i] = (uint8_t)fl_prng_below(prng, 256);
		if (!find_place(target, crash))
			continue;
		found++;
	}
}

/*
 * The same bytes without the decision. Where the other subject has no hook for what the client does, bytes
 * mean something else there: then it is the same case, with a client that does not do it.
 */
static bool breaks_without(const struct fl_target *target, const struct crash *crash,
			   uint32_t lost_features)
{
	static struct fl_case edited;
	struct fl_outcome outcome;

	if (!lost_features)
		return run(target, crash);
	edited = crash->recorded;
	edited.program.client.resume = CLIENT_RESUME_NONE;
	fl_world_replay(&edited, &outcome);
	return outcome.finding_count;
}

static void try_without(const struct crash_cause *cause, const struct fl_target *target,
			struct crash *crashes, unsigned int count)
{
	uint32_t lost =
		crash_subject(cause->subject)->features & ~crash_subject(cause->without)->features;

	oracle.crash = NULL;
	for (unsigned int i = 0; i < count; i++)
		crashes[i].breaks_without = breaks_without(target, &crashes[i], lost);
}

static void judge_alone(const struct fl_target *target, struct crash *crashes, unsigned int count,
			unsigned int invariant)
{
	oracle.crash = NULL;
	for (unsigned int i = 0; i < count; i++)
		crashes[i].broken |= run(target, &crashes[i]) ? 1u << invariant : 0;
}

static void judge_all(const struct crash_cause *cause, const struct fl_target *target,
		      struct crash *crashes, unsigned int count)
{
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		if (!in_child())
			continue;
		make_world(cause->subject, target, 1u << i);
		judge_alone(target, crashes, count, i);
		_exit(0);
	}
}

static void leave_out(const struct crash_cause *cause, const struct fl_target *target,
		      struct crash *crashes, unsigned int count)
{
	if (!in_child())
		return;
	make_world(cause->without, target, 1u << fl_invariant_find(cause->invariant));
	try_without(cause, target, crashes, count);
	_exit(0);
}

struct crash *crash_room(unsigned int count)
{
	struct crash *room = mmap(NULL, (count + 1) * sizeof(*room), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		crash_fail("there is no memory");
	return room;
}

void crash_produce(const struct crash_cause *cause, struct crash *crashes, unsigned int count,
		   struct fl_prng *prng)
{
	const struct fl_target *target = fl_target_find(cause->target);
	unsigned int kept = 0;

	oracle.cause = cause;
	/* Rounds, until enough are this cause's. */
	for (unsigned int round = 0; kept < count; round++) {
		unsigned int first = kept, more = count - kept;

		if (round == MAX_ROUNDS)
			crash_fail("%s: %u of %u crashes are the cause's", cause->subject, kept,
				   count);
		memset(&crashes[first], 0, more * sizeof(*crashes));
		if (in_child()) {
			make_world(cause->subject, target,
				   1u << fl_invariant_find(cause->invariant));
			search(cause, target, &crashes[first], more, prng);
			_exit(0);
		}
		/* What the child drew is not drawn from here. */
		prng->state = prng->state * 31 + round + 1;
		leave_out(cause, target, &crashes[first], more);
		for (unsigned int i = first; i < count; i++)
			if (!crashes[i].breaks_without && kept++ != i)
				memcpy(&crashes[kept - 1], &crashes[i], sizeof(*crashes));
	}
	judge_all(cause, target, crashes, count);
}

void crash_label(const struct crash_cause *cause, struct crash *crashes, unsigned int count)
{
	const struct fl_target *target = fl_target_find(cause->target);

	oracle.cause = cause;
	if (in_child()) {
		make_world(cause->subject, target, 1u << fl_invariant_find(cause->invariant));
		for (unsigned int i = 0; i < count; i++)
			find_place(target, &crashes[i]);
		_exit(0);
	}
	leave_out(cause, target, crashes, count);
	for (unsigned int i = 0; i < count; i++)
		if (crashes[i].breaks_without)
			crashes[i].place_count = 0;
	judge_all(cause, target, crashes, count);
}

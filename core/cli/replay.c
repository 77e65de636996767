// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline replay: run a case and show the interleaving. */
#include "cli.h"
#include "explain.h"
#include "json.h"
#include "select.h"
#include "timeline.h"
#include "trace.h"

#include <case/world.h>
#include <faultline/host.h>
#include <triage/refind.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_REPEAT = 0x100,
	KEY_JSON,
	KEY_QUIET,
	KEY_ALL,
	KEY_SUBJECT,
	KEY_TRACE,
	KEY_EXPLAIN,
	KEY_CONTINUATIONS,
	KEY_BISECT,
	KEY_SEARCH
};

static const struct argp_option options[] = {
	{"repeat", KEY_REPEAT, "N", 0,
	 "Run it N times and see that all runs are the same, byte for byte", 1},
	{"subject", KEY_SUBJECT, "SUBJECT", 0, "Run it on this subject instead of its own", 1},
	{"bisect", KEY_BISECT, NULL, 0,
	 "For 'git bisect run': exit status 1 if it breaks what it says, 0 if not even a search for it does, 125 if that cannot be told",
	 1},
	{"search", KEY_SEARCH, "N", 0, "For --bisect: schedules of each search (default 20000)", 1},
	{"explain", KEY_EXPLAIN, NULL, 0,
	 "Explain the violation in a text for a mail, of at most 80 columns", 2},
	{"continuations", KEY_CONTINUATIONS, "N", 0,
	 "For --explain: random runs from each step (default 40)", 2},
	{"trace", KEY_TRACE, "FILE", 0,
	 "Write the run as waveforms (.vcd, .fst) or for Perfetto (.perfetto.json); may be given twice",
	 2},
	{"all", KEY_ALL, NULL, 0, "Show every event and every step", 2},
	{"quiet", KEY_QUIET, NULL, 0, "The verdict only, no table", 2},
	CLI_OPTION_JSON(2),
	{0},
};

#define MAX_TRACES 4
/* What 'git bisect run' takes for: this commit cannot be tested. */
#define EXIT_SKIP  125

struct replay {
	const char *path, *subject, *traces[MAX_TRACES];
	unsigned int trace_count;
	uint64_t repeat;
	unsigned int continuations, search;
	bool bisect;
	bool json, quiet, all, explain;
};

/* What came out of the first run, and of those that should be like it. */
struct replayed {
	enum fl_end end;
	char end_text[256];
	uint64_t steps, hash, identical;
	struct fl_finding findings[FL_MAX_FINDINGS];
	unsigned int finding_count;
	char *table; /* for people */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct replay *replay = state->input;

	switch (key) {
	case KEY_REPEAT:
		replay->repeat = parse_number("repeat", argument, 1, 1000000000);
		return 0;
	case KEY_SUBJECT:
		replay->subject = argument;
		return 0;
	case KEY_BISECT:
		replay->bisect = true;
		return 0;
	case KEY_SEARCH:
		replay->search = (unsigned int)parse_number("search", argument, 0, 100000000);
		return 0;
	case KEY_EXPLAIN:
		replay->explain = true;
		return 0;
	case KEY_CONTINUATIONS:
		replay->continuations =
			(unsigned int)parse_number("continuations", argument, 1, 100000);
		return 0;
	case KEY_TRACE:
		if (replay->trace_count == MAX_TRACES)
			fail_usage("--trace %s: at most %d traces", argument, MAX_TRACES);
		trace_check(argument);
		replay->traces[replay->trace_count++] = argument;
		return 0;
	case KEY_ALL:
		replay->all = true;
		return 0;
	case KEY_QUIET:
		replay->quiet = true;
		return 0;
	case KEY_JSON:
		replay->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (replay->path)
			fail_usage("unexpected argument '%s'; replay runs one case", argument);
		replay->path = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char *end_name(enum fl_end end)
{
	static const char *const names[] = {
		[FL_END_QUIET] = "quiet",	[FL_END_DEADLOCK] = "deadlock",
		[FL_END_LIVELOCK] = "livelock", [FL_END_STEP_LIMIT] = "step limit",
		[FL_END_STOPPED] = "stopped",
	};

	return names[end];
}

static char *print_to_memory(unsigned int detail, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		fail_internal("there is no memory for the timeline");
	timeline_print(out, detail);
	if (fclose(out))
		fail_internal("there is no memory for the timeline");
	return text;
}

/* Of the whole table with every event, whatever is shown. */
static uint64_t hash_run(void)
{
	uint64_t hash = 14695981039346656037ull;
	size_t size;
	char *text = print_to_memory(TIMELINE_ALL, &size);

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211ull;
	free(text);
	return hash;
}

/* Locks are shown where a finding is about them, accesses where they are scheduling points. */
static unsigned int detail_for(const struct replay *replay, const struct fl_case *wanted,
			       const struct replayed *replayed)
{
	unsigned int detail = replay->all ? TIMELINE_ALL : 0;

	if (wanted->memory_granularity)
		detail |= TIMELINE_ACCESSES;
	for (unsigned int i = 0; i < replayed->finding_count; i++) {
		const char *name = fl_invariants[replayed->findings[i].invariant]->name;

		if (!strcmp(name, "deadlock") || !strcmp(name, "lock-order") ||
		    !strcmp(name, "sleep-in-atomic"))
			detail |= TIMELINE_LOCKS;
	}
	return detail;
}

static void run_case(const struct fl_case *wanted, const struct replay *replay,
		     struct replayed *replayed)
{
	for (uint64_t i = 0; i < replay->repeat; i++) {
		struct fl_outcome outcome;
		uint64_t hash;

		timeline_reset();
		fl_world_replay(wanted, &outcome);
		hash = hash_run();
		if (!i) {
			size_t size;

			replayed->hash = hash;
			replayed->end = outcome.end;
			if (outcome.end == FL_END_DEADLOCK || outcome.end == FL_END_STOPPED)
				snprintf(replayed->end_text, sizeof(replayed->end_text), "%s",
					 fl_end_text());
			replayed->steps = outcome.steps;
			replayed->finding_count = outcome.finding_count;
			memcpy(replayed->findings, outcome.findings,
			       outcome.finding_count * sizeof(replayed->findings[0]));
			replayed->table =
				print_to_memory(detail_for(replay, wanted, replayed), &size);
		}
		replayed->identical += hash == replayed->hash;
	}
}

/* Did it break what the case says, where the case says? */
static bool as_expected(const struct fl_case *wanted, const struct replayed *replayed)
{
	for (unsigned int i = 0; i < replayed->finding_count; i++)
		if (!strcmp(replayed->findings[i].signature, wanted->signature) &&
		    replayed->findings[i].step == wanted->step)
			return true;
	return false;
}

static void print_text(const struct replay *replay, const struct fl_case *wanted,
		       const struct fl_subject *subject, const struct replayed *replayed)
{
	if (!replay->quiet) {
		printf("%s on %s%s%s\n", subject->name, wanted->profile,
		       *wanted->scenario ? ", scenario " : "", wanted->scenario);
		printf("lines: a number is a line that is high, with m it is masked, (in brackets) masked and low\n\n");
		fputs(replayed->table, stdout);
		putchar('\n');
	}
	printf("ended %s%s%s after %" PRIu64 " steps, trace %016" PRIx64 "\n",
	       end_name(replayed->end), *replayed->end_text ? ": " : "", replayed->end_text,
	       replayed->steps, replayed->hash);
	if (replay->repeat > 1)
		printf("%" PRIu64 " of %" PRIu64 " runs are the same\n", replayed->identical,
		       replay->repeat);
	for (unsigned int i = 0; i < replayed->finding_count; i++)
		printf("BROKEN at step %" PRIu64 ": %s\n", replayed->findings[i].step,
		       replayed->findings[i].signature);
	if (!replayed->finding_count)
		puts("nothing is broken");
	if (*wanted->signature && !as_expected(wanted, replayed))
		printf("the case says: %s at step %" PRIu64 "; that did not happen\n",
		       wanted->signature, wanted->step);
}

static void print_json(const struct replay *replay, const struct fl_case *wanted,
		       const struct fl_subject *subject, const struct replayed *replayed)
{
	struct json json = {.out = stdout};
	char hash[24];

	snprintf(hash, sizeof(hash), "%016" PRIx64, replayed->hash);
	json_open(&json, NULL, '{');
	json_string(&json, "case", replay->path);
	json_string(&json, "subject", subject->name);
	json_string(&json, "profile", wanted->profile);
	json_string(&json, "scenario", wanted->scenario);
	json_string(&json, "end", end_name(replayed->end));
	json_string(&json, "end_detail", replayed->end_text);
	json_number(&json, "steps", replayed->steps);
	json_string(&json, "trace", hash);
	json_number(&json, "runs", replay->repeat);
	json_number(&json, "identical", replayed->identical);
	json_string(&json, "expected_signature", *wanted->signature ? wanted->signature : NULL);
	json_number(&json, "expected_step", wanted->step);
	json_bool(&json, "as_expected", as_expected(wanted, replayed));
	json_open(&json, "findings", '[');
	for (unsigned int i = 0; i < replayed->finding_count; i++) {
		const struct fl_finding *finding = &replayed->findings[i];

		json_open(&json, NULL, '{');
		json_string(&json, "invariant", fl_invariants[finding->invariant]->name);
		json_string(&json, "signature", finding->signature);
		json_number(&json, "step", finding->step);
		json_string(&json, "detail", finding->detail);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	putchar('\n');
}

/* The violation that the case is about; else the first. NULL if nothing broke. */
static const struct fl_finding *main_finding(const struct fl_case *wanted,
					     const struct replayed *replayed)
{
	for (unsigned int i = 0; i < replayed->finding_count; i++)
		if (!strcmp(replayed->findings[i].signature, wanted->signature))
			return &replayed->findings[i];
	return replayed->finding_count ? replayed->findings : NULL;
}

static void explain(const struct replay *replay, const struct fl_case *wanted,
		    const struct fl_subject *subject, const struct replayed *replayed)
{
	static struct fl_case explained;
	struct explanation explanation = {
		.path = replay->path,
		.explained = &explained,
		.subject = subject,
		.finding = main_finding(wanted, replayed),
		.detail = detail_for(replay, wanted, replayed),
		.continuations = replay->continuations,
	};

	if (!explanation.finding) {
		puts("nothing is broken, so there is nothing to explain");
		return;
	}
	explained = *wanted;
	explained.step = explanation.finding->step;
	memcpy(explained.signature, explanation.finding->signature, sizeof(explained.signature));
	explain_print(stdout, &explanation);
}

static void write_traces(const struct replay *replay, const struct fl_case *wanted,
			 const struct fl_subject *subject)
{
	char title[256];

	snprintf(title, sizeof(title), "%s on %s: %s", subject->name, wanted->profile,
		 *wanted->signature ? wanted->signature : replay->path);
	for (unsigned int i = 0; i < replay->trace_count; i++)
		trace_write(replay->traces[i], title);
}

/* In the world that was made for it. A status for 'git bisect run'. */
static int bisect(const struct replay *replay, struct fl_case *wanted,
		  const struct fl_subject *subject)
{
	if (!*wanted->signature)
		fail_usage("%s does not say what it breaks; without that nothing can be told",
			   replay->path);
	if (fl_case_refind(wanted, replay->search)) {
		printf("%s breaks %s at step %" PRIu64 "\n", subject->name, wanted->signature,
		       wanted->step);
		return FL_EXIT_VIOLATION;
	}
	printf("%s keeps it: neither the case nor %u schedules of each search break %s\n",
	       subject->name, replay->search, wanted->signature);
	return FL_EXIT_NOTHING;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "CASE",
		.doc = "Runs a case and prints its interleaving. Exit status 1 if it breaks an invariant.",
	};
	static struct fl_case wanted;
	static struct replayed replayed;
	struct replay replay = {.repeat = 1, .continuations = 40, .search = 20000};
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	char error[512];

	/* Whatever is wrong, a wrong option too, says nothing of the commit. */
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--bisect"))
			fail_with(EXIT_SKIP);
	parse_options(&argp, argc, argv, &replay);
	if (!replay.path)
		fail_usage("say which case; 'faultline explore' makes them");
	if (replay.explain && replay.json)
		fail_usage("--explain is a text for people and --json is none; ask for one");
	load_case(&wanted, replay.path);
	subject =
		select_granularity(select_subject(replay.subject ? replay.subject : wanted.subject),
				   wanted.memory_granularity);
	profile = select_profile(wanted.profile);
	if (!fl_case_fits(&wanted, subject, error, sizeof(error)))
		fail_usage("%s; replay it on another --subject", error);
	fl_memory_granularity = wanted.memory_granularity;
	if (fl_world_make(subject, profile, select_invariants(NULL), error, sizeof(error)))
		fail_usage("%s", error);
	if (replay.bisect)
		return bisect(&replay, &wanted, subject);
	timeline_init();
	if (replay.trace_count)
		timeline_want_registers();
	if (replay.explain)
		timeline_want_places();
	timeline_subscribe(subject);
	fl_check_details(true);
	run_case(&wanted, &replay, &replayed);
	if (!fl_case_same_contexts(&wanted, error, sizeof(error)))
		fprintf(stderr, "faultline: %s: %s\n", replay.path, error);
	write_traces(&replay, &wanted, subject);
	if (replay.explain)
		explain(&replay, &wanted, subject, &replayed);
	else if (replay.json)
		print_json(&replay, &wanted, subject, &replayed);
	else
		print_text(&replay, &wanted, subject, &replayed);
	free(replayed.table);
	finish_output();
	if (replayed.identical != replay.repeat)
		fail_internal("%" PRIu64 " of %" PRIu64
			      " runs of %s differ from the first: please report it with the case",
			      replay.repeat - replayed.identical, replay.repeat, replay.path);
	return replayed.finding_count ? FL_EXIT_VIOLATION : FL_EXIT_NOTHING;
}

const struct command command_replay = {
	.name = "replay",
	.help = "run a case and show the interleaving",
	.run = run,
};

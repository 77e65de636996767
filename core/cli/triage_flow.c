// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding's replay in a process of its own, for whoever tells of its timeline; and its interleaving as a
 * code flow of SARIF: one thread flow a context.
 */
#include "cli.h"
#include "select.h"
#include "timeline_record.h"
#include "triage_files.h"

#include <case/world.h>
#include <faultline/host.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Functions of the subject in each other. */
#define MAX_NESTING 8

struct flow {
	struct json json;
	const struct fl_store_finding *finding;
	/* Of all that is shown: the steps from @first to @end (entries of the timeline). */
	uint32_t first, end;
};

static bool is_shown(uint32_t index)
{
	const struct timeline_entry *entry = &timeline_record.entries[index];

	if (entry->finding != FL_NO_FINDING)
		return true;
	return entry->event.context != FL_NO_CONTEXT && timeline_shows(&entry->event, 0) &&
	       !(index && timeline_repeats(&entry->event, &entry[-1].event));
}

/* The entry at which the finding is broken; or the last one. */
static uint32_t end_of(const struct fl_store_finding *finding)
{
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		uint32_t found = timeline_record.entries[i].finding;

		if (found != FL_NO_FINDING &&
		    !strcmp(timeline_record.findings[found].signature, finding->signature))
			return i + 1;
	}
	return timeline_record.count;
}

/* What comes last is what it is about: the earliest go if there are too many. */
static uint32_t first_of(uint32_t end)
{
	unsigned int room = TRIAGE_MAX_LOCATIONS;

	while (end && room)
		room -= is_shown(--end);
	return end;
}

static void put_location(struct flow *flow, uint32_t index, const char *function,
			 unsigned int nesting)
{
	const struct timeline_entry *entry = &timeline_record.entries[index];
	struct json *json = &flow->json;
	char text[512], message[640];

	if (entry->finding == FL_NO_FINDING)
		snprintf(message, sizeof(message), "step %llu: %s",
			 (unsigned long long)entry->event.step,
			 timeline_text(&entry->event, text, sizeof(text)));
	else
		snprintf(message, sizeof(message), "step %llu: BROKEN: %s. %s",
			 (unsigned long long)entry->event.step,
			 timeline_record.findings[entry->finding].signature,
			 timeline_record.findings[entry->finding].detail);
	json_open(json, NULL, '{');
	json_open(json, "location", '{');
	triage_put_place(json, flow->finding->subject, function,
			 places_find(entry->place, flow->finding->subject));
	json_open(json, "message", '{');
	json_string(json, "text", message);
	json_close(json, '}');
	json_close(json, '}');
	/* Across the contexts. */
	json_number(json, "executionOrder", index - flow->first + 1);
	json_number(json, "nestingLevel", nesting);
	json_string(json, "importance",
		    entry->finding == FL_NO_FINDING ? "important" : "essential");
	json_close(json, '}');
}

static bool is_of(const struct timeline_entry *entry, fl_context_t context)
{
	return entry->event.context == context;
}

static bool has_any(const struct flow *flow, fl_context_t context)
{
	for (uint32_t i = flow->first; i < flow->end; i++)
		if (is_of(&timeline_record.entries[i], context) && is_shown(i))
			return true;
	return false;
}

static void put_thread(struct flow *flow, fl_context_t context)
{
	const char *functions[MAX_NESTING] = {NULL};
	struct json *json = &flow->json;
	unsigned int depth = 0;

	json_open(json, NULL, '{');
	json_string(json, "id", context == FL_NO_CONTEXT ? "world" : fl_context_name(context));
	json_open(json, "locations", '[');
	/* From the start, for the functions that it is in. */
	for (uint32_t i = 0; i < flow->end; i++) {
		const struct fl_event *event = &timeline_record.entries[i].event;

		if (!is_of(&timeline_record.entries[i], context))
			continue;
		if (event->kind == FL_EV_ENTER && depth < MAX_NESTING)
			functions[depth++] = event->text;
		if (i >= flow->first && is_shown(i))
			put_location(flow, i, depth ? functions[depth - 1] : NULL, depth);
		if (event->kind == FL_EV_LEAVE && depth)
			depth--;
	}
	json_close(json, ']');
	json_close(json, '}');
}

static void put_flow(FILE *out, const struct fl_store_finding *finding)
{
	struct flow flow = {.json = {.out = out}, .finding = finding, .end = end_of(finding)};
	struct json *json = &flow.json;

	flow.first = first_of(flow.end);
	json_open(json, NULL, '{');
	json_open(json, "threadFlows", '[');
	for (fl_context_t context = 0; context < fl_context_count(); context++)
		if (has_any(&flow, context))
			put_thread(&flow, context);
	/* What is judged when all is quiet is seen by none of them. */
	if (has_any(&flow, FL_NO_CONTEXT))
		put_thread(&flow, FL_NO_CONTEXT);
	json_close(json, ']');
	json_close(json, '}');
}

static bool breaks(const struct fl_outcome *outcome, const char *signature)
{
	for (unsigned int i = 0; i < outcome->finding_count; i++)
		if (!strcmp(outcome->findings[i].signature, signature))
			return true;
	return false;
}

static _Noreturn void child_main(const struct fl_store_finding *finding, bool registers,
				 void (*put)(FILE *, const struct fl_store_finding *), int pipe_end)
{
	const struct fl_case *replayed = finding->smallest;
	char error[512];
	const struct fl_subject *subject = triage_subject(
		finding->subject, replayed->memory_granularity, error, sizeof(error));
	const struct fl_profile *profile = fl_profile_find(replayed->profile);
	struct fl_outcome outcome;
	FILE *out = fdopen(pipe_end, "w");

	alarm(TRIAGE_INPUT_LIMIT);
	fl_check_quiet_sanitizers();
	fl_memory_granularity = replayed->memory_granularity;
	if (!out || !subject || !profile ||
	    fl_world_make(subject, profile, select_invariants(NULL), error, sizeof(error)))
		_exit(1);
	timeline_init();
	if (registers)
		timeline_want_registers();
	timeline_want_places();
	timeline_subscribe(subject);
	fl_check_details(true);
	timeline_reset();
	fl_world_replay(replayed, &outcome);
	if (breaks(&outcome, finding->signature))
		put(out, finding);
	_exit(fflush(out) ? 1 : 0);
}

char *triage_replayed(const struct fl_store_finding *finding, bool registers,
		      void (*put)(FILE *out, const struct fl_store_finding *finding))
{
	char *text = NULL, block[4096];
	size_t size, length;
	int ends[2], status = 0;
	FILE *in, *out;
	pid_t child;

	places_start();
	if (pipe(ends))
		fail_internal("cannot start a replay: %s", strerror(errno));
	child = cli_fork();
	if (!child) {
		close(ends[0]);
		child_main(finding, registers, put, ends[1]);
	}
	if (child < 0)
		fail_internal("cannot start a replay: %s", strerror(errno));
	close(ends[1]);
	in = fdopen(ends[0], "r");
	out = open_memstream(&text, &size);
	if (!in || !out)
		fail_internal("there is no memory for a replay's timeline");
	while ((length = fread(block, 1, sizeof(block), in)))
		fwrite(block, 1, length, out);
	fclose(in);
	if (fclose(out))
		fail_internal("there is no memory for a replay's timeline");
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	/* Half of it is none. */
	if (status)
		*text = '\0';
	return text;
}

char *triage_code_flow(const struct fl_store_finding *finding)
{
	return triage_replayed(finding, false, put_flow);
}

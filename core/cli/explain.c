// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The explanation of a finding: what it needs, what happened, which promise broke, what a kernel would
 * do, from where on nothing could save it, how to see it again.
 */
#include "explain.h"
#include "cli.h"
#include "timeline_record.h"

#include <case/case_form.h>
#include <triage/continuations.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH	    78
#define STEP_COLUMN 7
#define BAR_WIDTH   30
/* A context's name and the words of an event. */
#define LABEL_SIZE  640

static const char *const power_names[] = {"on", "gated", "off"};
static const char *const status_names[] = {"ACTIVE", "RESUMING", "SUSPENDED", "SUSPENDING"};

/* --- words ---------------------------------------------------------------------------------- */

/* Words broken at blanks; every line but the first begins with @indent blanks, the first with @lead. */
static void __attribute__((format(printf, 4, 5)))
print_wrapped(FILE *out, const char *lead, unsigned int indent, const char *format, ...)
{
	char text[2048], *word, *rest = text;
	unsigned int column;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	fprintf(out, "%-*s", (int)indent, lead);
	column = indent;
	while ((word = strtok_r(rest, " ", &rest))) {
		size_t length = strlen(word);

		if (column > indent && column + 1 + length > WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		}
		column += (unsigned int)fprintf(out, "%s%s", column > indent ? " " : "", word);
	}
	fputc('\n', out);
}

static void print_heading(FILE *out, const char *heading)
{
	fprintf(out, "\n%s\n\n", heading);
}

/* --- what it needs -------------------------------------------------------------------------- */

static void print_knobs(FILE *out, struct fl_case *explained)
{
	const struct fl_profile *profile = fl_profile_find(explained->profile);
	unsigned int count = 0;

	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
		unsigned int value = *fl_knob_at(&explained->knobs, knob);
		char name[48];

		if (value == case_knob_default(profile, knob))
			continue;
		count++;
		print_wrapped(out, "  *", 4, "%s=%s: %s", fl_knob_infos[knob].name,
			      fl_knob_value_name(knob, value, name, sizeof(name)),
			      fl_knob_infos[knob].help);
	}
	if (!count)
		print_wrapped(out, "  *", 4,
			      "nothing special of the hardware: every knob of the profile has its "
			      "plain value");
}

static void print_client(FILE *out, const struct fl_case *explained)
{
	for (unsigned int i = 0; i < CASE_CLIENT_FIELDS; i++) {
		const struct case_client_field *field = &case_client_fields[i];
		unsigned int value = *((const uint8_t *)&explained->program.client + field->offset);
		char name[48];

		if (value)
			print_wrapped(out, "  *", 4, "the client's manner %s=%s", field->name,
				      case_list_name(field->values, value, name, sizeof(name)));
	}
}

static void print_actors(FILE *out, const struct fl_case *explained)
{
	for (unsigned int i = 0; i < explained->program.count; i++) {
		const struct fl_actor *actor = &explained->program.actors[i];
		char line[1024] = "";
		size_t used = 0;

		for (unsigned int j = 0; j < actor->count && used < sizeof(line); j++)
			used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s",
						 j ? ", then " : "",
						 fl_operations[actor->operations[j].code].name);
		print_wrapped(out, "  *", 4, "%s \"%s\" that does %s",
			      actor->agent ? "a bus master" : "a task", actor->name, line);
	}
}

/* --- who is in which state ------------------------------------------------------------------- */

/* The subject's functions that each context is in, innermost last; replayed from the timeline. */
struct whereabouts {
	const char *functions[FL_MAX_CONTEXTS][8];
	unsigned int depth[FL_MAX_CONTEXTS];
};

static void follow(struct whereabouts *where, const struct fl_event *event)
{
	fl_context_t context = event->context;

	if (context == FL_NO_CONTEXT)
		return;
	if (event->kind == FL_EV_ENTER && where->depth[context] < 8)
		where->functions[context][where->depth[context]++] = event->text;
	else if (event->kind == FL_EV_LEAVE && where->depth[context])
		where->depth[context]--;
}

static void print_state(FILE *out, const struct timeline_state *state,
			const struct whereabouts *where, fl_context_t actor)
{
	char lines[64] = "";
	size_t used = 0;

	for (unsigned int line = 0; line < 16; line++) {
		bool masked = state->lines_masked & 1u << line;

		if (state->lines_high & 1u << line && used < sizeof(lines))
			used += (size_t)snprintf(lines + used, sizeof(lines) - used,
						 ", line %u high%s", line,
						 masked ? " and masked" : "");
	}
	print_wrapped(out, "", 4, "SMMU %s with its power %s, GPU %s%s",
		      status_names[state->status[FL_DEVICE_SMMU]], power_names[state->power],
		      status_names[state->status[FL_DEVICE_GPU]], lines);
	for (fl_context_t i = 0; i < FL_MAX_CONTEXTS; i++)
		if (i != actor && where->depth[i])
			print_wrapped(out, "", 4, "%s is in %s", fl_context_name(i),
				      where->functions[i][where->depth[i] - 1]);
}

static bool is_decisive(const struct fl_event *event)
{
	return event->kind == FL_EV_FAULT_RECORDED || event->kind == FL_EV_FAULT_MULTI ||
	       event->kind == FL_EV_OFF_ACCESS ||
	       (event->kind == FL_EV_POWER && event->b != FL_POWER_ON);
}

#define MAX_STATES 6

/* At each fault, loss of power and access without it, the first few of them, and where it broke. */
static void print_states(FILE *out, const char *signature)
{
	struct whereabouts where = {0};
	unsigned int shown = 0;

	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_entry *entry = &timeline_record.entries[i];
		char words[512];

		if (entry->finding != FL_NO_FINDING) {
			if (strcmp(timeline_record.findings[entry->finding].signature, signature))
				continue;
			fprintf(out, "  * when it breaks, at step %" PRIu64 ":\n",
				entry->event.step);
			print_state(out, &entry->after, &where, FL_NO_CONTEXT);
			return;
		}
		follow(&where, &entry->event);
		if (!is_decisive(&entry->event) || shown == MAX_STATES)
			continue;
		shown++;
		timeline_text(&entry->event, words, sizeof(words));
		print_wrapped(out, "  *", 4, "at step %" PRIu64 ", %s: %s", entry->event.step,
			      entry->event.context == FL_NO_CONTEXT
				      ? "the end"
				      : fl_context_name(entry->event.context),
			      words);
		print_state(out, &entry->after, &where, entry->event.context);
	}
}

/* --- the point of no return ------------------------------------------------------------------- */

/* What happened in @step, in words; "" if nothing worth a line did. */
static const char *label_of(uint64_t step, char *buffer, size_t size)
{
	*buffer = '\0';
	for (uint32_t i = 0; i < timeline_record.count; i++) {
		const struct timeline_entry *entry = &timeline_record.entries[i];
		char words[512];

		if (entry->event.step != step || entry->finding != FL_NO_FINDING ||
		    entry->event.kind == FL_EVENT_KINDS || !timeline_shows(&entry->event, 0))
			continue;
		timeline_text(&entry->event, words, sizeof(words));
		snprintf(buffer, size, "%s: %s",
			 entry->event.context == FL_NO_CONTEXT
				 ? "the end"
				 : fl_context_name(entry->event.context),
			 words);
		return buffer;
	}
	return buffer;
}

static unsigned int percent(const struct fl_continuation_point *point)
{
	return point->runs ? (100 * point->broken + point->runs / 2) / point->runs : 0;
}

/* A line for each point at which the share is another one than on the last line. */
static void print_curve(FILE *out, const struct fl_continuations *measured)
{
	unsigned int last = 101;
	uint64_t since = 0; /* the step of the last line */

	for (unsigned int i = 0; i < measured->count; i++) {
		const struct fl_continuation_point *point = &measured->points[i];
		unsigned int share = percent(point), bar = share * BAR_WIDTH / 100;
		unsigned int change = share > last ? share - last : last - share;
		char label[LABEL_SIZE];

		if (last <= 100 && change < 8 && i + 1 < measured->count)
			continue;
		last = share;
		*label = '\0';
		for (uint64_t step = point->step; step > since && !*label; step--)
			label_of(step - 1, label, sizeof(label));
		since = point->step;
		fprintf(out, "  %5" PRIu64 "  %3u %%  |", point->step, share);
		for (unsigned int j = 0; j < BAR_WIDTH; j++)
			fputc(j < bar ? '#' : ' ', out);
		fprintf(out, "|  %.30s\n", label);
	}
}

static void print_no_return(FILE *out, const struct explanation *explanation)
{
	static struct fl_continuations measured;
	uint64_t step;
	char label[LABEL_SIZE];

	timeline_stop();
	fl_continuations_measure(explanation->explained, explanation->continuations, &measured);
	print_wrapped(
		out, "", 0,
		"From each step on, %u runs in which the rest is left to chance; the share of "
		"them that breaks the same promise, and what came right before:",
		explanation->continuations);
	fputc('\n', out);
	print_curve(out, &measured);
	fputc('\n', out);
	step = measured.inevitable;
	if (step == UINT64_MAX) {
		print_wrapped(out, "", 0,
			      "Until the promise broke at step %" PRIu64
			      " there was a way out of it.",
			      explanation->finding->step);
		return;
	}
	if (!step || !*label_of(step - 1, label, sizeof(label)))
		snprintf(label, sizeof(label), "what its actors are to do makes it so");
	print_wrapped(out, "", 0,
		      "It became inevitable at step %" PRIu64
		      " (%s): of %u runs from there on, all "
		      "broke it.",
		      step ? step - 1 : 0, label, measured.inevitable_runs);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void print_table(FILE *out, const struct explanation *explanation)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		fail_internal("there is no memory for the table");
	timeline_print_compact(memory, explanation->detail, explanation->finding->signature);
	if (fclose(memory))
		fail_internal("there is no memory for the table");
	explain_fold(out, text, STEP_COLUMN);
	free(text);
}

/* The line that runs where it breaks, if it is one of the subject's and known. */
static void print_place(FILE *out, const struct explanation *explanation)
{
	const struct source_place *place = NULL;

	for (uint32_t i = 0; !place && i < timeline_record.count; i++) {
		const struct timeline_entry *entry = &timeline_record.entries[i];

		if (entry->finding != FL_NO_FINDING &&
		    !strcmp(timeline_record.findings[entry->finding].signature,
			    explanation->finding->signature))
			place = places_find(entry->place, explanation->subject->name);
	}
	if (place)
		print_wrapped(out, "Source:", 10, "%s:%u, in %s", place->file, place->line,
			      place->function);
}

void explain_print(FILE *out, const struct explanation *explanation)
{
	const struct fl_finding *finding = explanation->finding;
	const struct fl_invariant *invariant = fl_invariants[finding->invariant];
	const struct fl_subject *subject = explanation->subject;
	static struct fl_case explained;

	explained = *explanation->explained;
	fprintf(out, "%s\n\n", finding->signature);
	print_wrapped(out, "Subject:", 10, "%s%s%s%s", subject->name, *subject->version ? " (" : "",
		      subject->version, *subject->version ? ")" : "");
	print_wrapped(out, "Profile:", 10, "%s, %s", explained.profile,
		      fl_profile_find(explained.profile)->help);
	print_wrapped(out, "Promise:", 10, "%s: %s", invariant->name, invariant->help);
	print_wrapped(out, "Broken:", 10, "at step %" PRIu64 ": %s", finding->step,
		      finding->detail);
	print_place(out, explanation);
	print_wrapped(out, "Effect:", 10, "%s", invariant->consequence);

	print_heading(out, "What it needs");
	print_knobs(out, &explained);
	print_client(out, &explained);
	print_actors(out, &explained);
	print_heading(out, "What happens");
	print_table(out, explanation);
	print_heading(out, "Who needs to be in a certain state for this");
	print_states(out, finding->signature);
	print_heading(out, "The point of no return");
	print_no_return(out, explanation);
	print_heading(out, "How to see it again");
	fprintf(out, "  faultline replay %s\n", explanation->path);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Several subjects side by side: subject x invariant, on a terminal and in Markdown. */
#include "cli.h"
#include "verdict.h"

#include <inttypes.h>
#include <string.h>

#define FIRST_COLUMN 20
#define CELL_LIMIT   24

static const char *cell_text(enum verdict verdict)
{
	static const char *const texts[] = {
		[VERDICT_BROKEN] = "BROKEN",
		[VERDICT_KEEPS] = "keeps",
		[VERDICT_NOT_EXERCISED] = "-",
		[VERDICT_NOT_JUDGED] = "?",
	};

	return texts[verdict];
}

/* "core:guard-v2" has two parts, printed one above the other. */
static void split_name(const char *name, char *family, char *member, size_t size)
{
	size_t length = strcspn(name, ":");

	if (name[length]) {
		snprintf(family, size, "%.*s:", (int)length, name);
		snprintf(member, size, "%s", name + length + 1);
	} else {
		*family = '\0';
		snprintf(member, size, "%s", name);
	}
}

static int column_width(const struct explored *explored)
{
	char family[FL_NAME_SIZE * 2], member[FL_NAME_SIZE * 2];
	size_t width = 7;

	split_name(explored->options.subject->name, family, member, sizeof(member));
	if (strlen(family) > width)
		width = strlen(family);
	if (strlen(member) > width)
		width = strlen(member);
	return width > CELL_LIMIT ? CELL_LIMIT : (int)width;
}

static void print_heading(FILE *out, struct explored *const *explored, unsigned int count)
{
	char family[FL_NAME_SIZE * 2], member[FL_NAME_SIZE * 2];

	for (int row = 0; row < 2; row++) {
		fprintf(out, "%-*s", FIRST_COLUMN, row ? "invariant" : "");
		for (unsigned int i = 0; i < count; i++) {
			int width = column_width(explored[i]);

			split_name(explored[i]->options.subject->name, family, member,
				   sizeof(member));
			fprintf(out, " %-*.*s", width, width, row ? member : family);
		}
		fputc('\n', out);
	}
}

static void print_cases(FILE *out, struct explored *const *explored, unsigned int count)
{
	fputs("each broken invariant, replayed once already; see it with 'faultline replay CASE':\n",
	      out);
	for (unsigned int i = 0; i < count; i++) {
		for (unsigned int j = 0; fl_invariants[j]; j++) {
			const struct campaign_finding *finding = first_finding(explored[i], j);

			if (finding)
				fprintf(out, "  %-16s %-20s %s\n",
					explored[i]->options.subject->name, fl_invariants[j]->name,
					finding->path);
		}
	}
}

static void print_extents(FILE *out, struct explored *const *explored, unsigned int count)
{
	char schedules[32], steps[32];

	for (unsigned int i = 0; i < count; i++) {
		const struct campaign_result *result = &explored[i]->result;

		fprintf(out, "  %-16s %s schedules, %s steps, %" PRIu64 " inconclusive, %.1f s%s\n",
			explored[i]->options.subject->name,
			with_commas(result->schedules, schedules),
			with_commas(result->steps, steps), result->inconclusive, result->seconds,
			result->complete ? "" : ", interrupted");
	}
}

void print_matrix(FILE *out, struct explored *const *explored, unsigned int count)
{
	/* The table last: it is what should be on the screen at the end. */
	print_cases(out, explored, count);
	fprintf(out, "\nexplored on profile %s, strategy %s, seed %" PRIu64 ":\n",
		explored[0]->options.profile->name, explored[0]->options.strategy,
		explored[0]->options.seed);
	print_extents(out, explored, count);
	fputc('\n', out);
	print_heading(out, explored, count);
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		fprintf(out, "%-*s", FIRST_COLUMN, fl_invariants[i]->name);
		for (unsigned int j = 0; j < count; j++) {
			int width = column_width(explored[j]);

			fprintf(out, " %-*s", width, cell_text(verdict_of(explored[j], i)));
		}
		fputc('\n', out);
	}
	fputs("BROKEN: a case shows it; keeps: its premise occurred and it held; -: never exercised, which is no pass;\n"
	      "?: this build or granularity cannot judge it\n",
	      out);
}

void print_report(FILE *out, struct explored *const *explored, unsigned int count)
{
	fprintf(out, "# What Faultline found on profile %s\n\n",
		explored[0]->options.profile->name);
	fputs("| invariant |", out);
	for (unsigned int i = 0; i < count; i++)
		fprintf(out, " %s |", explored[i]->options.subject->name);
	fputs("\n|---|", out);
	for (unsigned int i = 0; i < count; i++)
		fputs("---|", out);
	fputc('\n', out);
	for (unsigned int i = 0; fl_invariants[i]; i++) {
		fprintf(out, "| %s |", fl_invariants[i]->name);
		for (unsigned int j = 0; j < count; j++) {
			enum verdict verdict = verdict_of(explored[j], i);

			fprintf(out, verdict == VERDICT_BROKEN ? " **%s** |" : " %s |",
				verdict_name(verdict));
		}
		fputc('\n', out);
	}
	fputs("\n\"keeps\" means that the invariant's premise occurred and that it held in every schedule "
	      "of this exploration; it is no proof.\n",
	      out);
	for (unsigned int i = 0; i < count; i++) {
		fprintf(out, "\n## %s\n\n```\n", explored[i]->options.subject->name);
		print_explored(out, explored[i]);
		fputs("```\n", out);
	}
}

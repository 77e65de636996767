// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore_from.h"

#include "campaign.h"
#include "cli.h"
#include "from_history.h"
#include "json.h"
#include "progress.h"
#include "select.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_SECONDS 10.0

struct attempt {
	struct fl_history *history;
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	char folder[4096];
	struct from_history result;
};

void explore_from_add(struct explore_from *from, const char *path)
{
	if (from->count == EXPLORE_FROM_MAX)
		fail_usage("more than %d histories; run faultline explore twice", EXPLORE_FROM_MAX);
	from->paths[from->count++] = path;
}

/* Everything that can be wrong is found here, before anything is searched. */
static void prepare(const struct explore_from *from, const char *path, struct attempt *attempt)
{
	const char *slash = strrchr(path, '/');
	const char *reason = "it does not say why";
	char error[512];

	attempt->history = malloc(sizeof(*attempt->history));
	if (!attempt->history)
		fail_internal("there is no memory for the histories");
	if (fl_history_load(attempt->history, path, error, sizeof(error)))
		fail_usage("%s", error);
	if (!*attempt->history->like.signature)
		fail_usage("%s: its case does not say what it breaks", path);
	attempt->profile = select_profile(attempt->history->like.profile);
	attempt->subject =
		select_subject(from->subject ? from->subject : attempt->history->like.subject);
	if (attempt->subject->supports(&attempt->profile->hardware, &reason))
		fail_usage("%s does not run on profile %s: %s", attempt->subject->name,
			   attempt->profile->name, reason);
	if (!fl_case_fits(&attempt->history->like, attempt->subject, error, sizeof(error)))
		fail_usage("%s: %s", path, error);
	if (from->out)
		snprintf(attempt->folder, sizeof(attempt->folder), "%s", from->out);
	else
		snprintf(attempt->folder, sizeof(attempt->folder), "%.*s",
			 slash ? (int)(slash - path) : 1, slash ? path : ".");
	store_open(attempt->folder);
	store_tidy();
}

static void print_attempt(const char *path, const struct attempt *attempt)
{
	char count[32];

	printf("%s: %s\n", path, attempt->history->like.signature);
	if (*attempt->result.problem)
		printf("  no case: %s\n", attempt->result.problem);
	else if (attempt->result.found)
		printf("  case: %s, found after %s schedules\n", attempt->result.path,
		       with_commas(attempt->result.schedules, count));
	else
		printf("  no case in %s schedules; give it more with --seconds or another --seed\n",
		       with_commas(attempt->result.schedules, count));
}

static void print_json(const struct explore_from *from, const struct attempt *attempts,
		       unsigned int count, unsigned int found, bool complete)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_number(&json, "histories", count);
	json_number(&json, "found", found);
	json_bool(&json, "complete", complete);
	json_open(&json, "searches", '[');
	for (unsigned int i = 0; i < count; i++) {
		const struct attempt *attempt = &attempts[i];

		json_open(&json, NULL, '{');
		json_string(&json, "history", from->paths[i]);
		json_string(&json, "subject", attempt->subject->name);
		json_string(&json, "signature", attempt->history->like.signature);
		json_string(&json, "case", attempt->result.found ? attempt->result.path : NULL);
		json_string(&json, "problem",
			    *attempt->result.problem ? attempt->result.problem : NULL);
		json_number(&json, "schedules", attempt->result.schedules);
		json_real(&json, "seconds", attempt->result.seconds);
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	putchar('\n');
}

int explore_from_run(struct explore_from *from, double seconds, uint64_t runs, uint64_t seed)
{
	struct attempt *attempts = calloc(from->count, sizeof(*attempts));
	unsigned int done = 0, found = 0;
	bool problem = false;

	if (!attempts)
		fail_internal("there is no memory for the histories");
	if (seconds <= 0 && !runs)
		seconds = DEFAULT_SECONDS;
	for (unsigned int i = 0; i < from->count; i++)
		prepare(from, from->paths[i], &attempts[i]);
	campaign_catch_signals();
	for (; done < from->count && !campaign_interrupted(); done++) {
		struct attempt *attempt = &attempts[done];

		store_open(attempt->folder);
		from_history(attempt->history, attempt->subject, attempt->profile, seconds, runs,
			     seed, attempt->folder, NULL, campaign_interrupted, &attempt->result);
		store_tidy();
		found += attempt->result.found;
		if (from->json && *attempt->result.problem)
			progress_alarm("no case for %s: %s", from->paths[done],
				       attempt->result.problem);
		problem |= *attempt->result.problem != '\0';
		if (!from->json)
			print_attempt(from->paths[done], attempt);
	}
	if (from->json)
		print_json(from, attempts, done, found, !campaign_interrupted());
	else if (from->count > 1)
		printf("cases that replay: for %u of %u histories\n", found, done);
	for (unsigned int i = 0; i < from->count; i++)
		free(attempts[i].history);
	free(attempts);
	if (problem)
		return FL_EXIT_INTERNAL;
	return found ? FL_EXIT_VIOLATION : FL_EXIT_NOTHING;
}

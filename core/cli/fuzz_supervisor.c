// SPDX-License-Identifier: GPL-2.0-or-later
/* The engines of a campaign, from their start to their end. */
#include "campaign.h"
#include "cli.h"
#include "fuzz.h"
#include "progress.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WATCH_NS      100000000
#define CRASH_SECONDS 1.0 /* between looks for crashes */
#define MAX_VARIABLES 48

char **fuzz_environment(const struct fuzz_options *options, char *const *first)
{
	static char subject[256], invariants[1024], suppressions[4200];
	static char *const common[] = {subject,
				       invariants,
				       suppressions,
				       "FAULTLINE_FEEDBACK",
				       "AFL_DRIVER_STDERR_DUPLICATE_FILENAME",
				       NULL};
	char **list = calloc(MAX_VARIABLES, sizeof(*list));
	unsigned int count = 0;

	if (!list)
		fail_internal("there is no memory for an environment");
	/* What is not asked for here is not taken from this program's environment either. */
	snprintf(subject, sizeof(subject), "FAULTLINE_SUBJECT%s%s", options->target ? "=" : "",
		 options->target ? options->subject_name : "");
	snprintf(invariants, sizeof(invariants), "FAULTLINE_INVARIANTS%s%s",
		 options->invariant_list ? "=" : "",
		 options->invariant_list ? options->invariant_list : "");
	snprintf(suppressions, sizeof(suppressions), "FAULTLINE_SUPPRESSIONS=%s",
		 options->suppressions_path ? options->suppressions_path : "");
	for (; first && *first; first++)
		list[count++] = *first;
	for (unsigned int i = 0; common[i]; i++)
		list[count++] = common[i];
	return list;
}

/* Each engine gets its share of the jobs; the first ones what is left over. */
static void share_jobs(struct fuzz_campaign *campaign)
{
	unsigned int engines = campaign->options.engine_count;

	for (unsigned int i = 0; i < engines; i++) {
		struct fuzz_run *run = &campaign->runs[i];

		run->jobs =
			campaign->options.jobs / engines + (i < campaign->options.jobs % engines);
	}
}

/* Without the colours that AFL++ uses wherever it writes to. */
static void strip_colours(char *line)
{
	char *out = line;

	for (const char *in = line; *in && *in != '\n'; in++) {
		if (*in == '\033')
			in += strcspn(in, "mhl\n") - (in[strcspn(in, "mhl\n")] == '\n');
		else
			*out++ = *in;
	}
	*out = '\0';
}

/* The last line of a log that says why its engine gave up; else its last line. */
static void last_words(const struct fuzz_campaign *campaign, const struct fuzz_run *run,
		       char *words, size_t size)
{
	char *path = fuzz_path(campaign, "%s", run->log);
	FILE *log = fopen(path, "r");
	bool reason = false;
	char line[512];

	*words = '\0';
	while (log && fgets(line, sizeof(line), log)) {
		bool tells = strstr(line, "ABORT") || strstr(line, "ERROR");

		strip_colours(line);
		if (*line && (tells || !reason))
			snprintf(words, size, "%s", line);
		reason |= tells;
	}
	if (log)
		fclose(log);
	free(path);
}

static void tell_failure(struct fuzz_campaign *campaign, const struct fuzz_run *run)
{
	char words[512];

	campaign->failed = true;
	last_words(campaign, run, words, sizeof(words));
	progress_alarm("faultline: %s ended before its time (%s); its log is %s/%s",
		       run->engine->name, words, campaign->folder, run->log);
}

static bool start_all(struct fuzz_campaign *campaign)
{
	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		struct fuzz_run *run = &campaign->runs[i];
		int error = run->engine->start(campaign, run, campaign->options.seconds);

		if (!error)
			continue;
		campaign->failed = true;
		progress_alarm("faultline: cannot start %s: %s", run->engine->name,
			       strerror(-error));
		return false;
	}
	return true;
}

/* True while all goes well. */
static bool watch_all(struct fuzz_campaign *campaign)
{
	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		struct fuzz_run *run = &campaign->runs[i];

		run->engine->watch(campaign, run);
		if (run->failed && cli_now() < run->deadline) {
			tell_failure(campaign, run);
			return false;
		}
	}
	return true;
}

static bool reached_limit(const struct fuzz_campaign *campaign)
{
	return campaign->options.limit && campaign->finding_count >= campaign->options.limit;
}

void fuzz_supervise(struct fuzz_campaign *campaign)
{
	double end, look = 0;

	share_jobs(campaign);
	campaign->started = cli_now();
	end = campaign->started + campaign->options.seconds;
	if (start_all(campaign)) {
		fuzz_show_status(campaign);
		while (!campaign_interrupted() && cli_now() < end && !reached_limit(campaign) &&
		       watch_all(campaign)) {
			if (cli_now() >= look) {
				fuzz_crashes_take(campaign, false);
				look = cli_now() + CRASH_SECONDS;
			}
			fuzz_show_status(campaign);
			nanosleep(&(struct timespec){.tv_nsec = WATCH_NS}, NULL);
		}
	}
	campaign->complete = !campaign_interrupted() && !campaign->failed;
	for (unsigned int i = 0; i < campaign->options.engine_count; i++)
		if (campaign->runs[i].process_count)
			campaign->runs[i].engine->stop(campaign, &campaign->runs[i]);
	campaign->ended = cli_now();
	progress_end();
}

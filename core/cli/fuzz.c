// SPDX-License-Identifier: GPL-2.0-or-later
/* faultline fuzz: a campaign of real fuzzing engines. */
#include "fuzz.h"
#include "campaign.h"
#include "cli.h"
#include "store.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void prepare_runs(struct fuzz_campaign *campaign)
{
	for (unsigned int i = 0; i < campaign->options.engine_count; i++) {
		struct fuzz_run *run = &campaign->runs[i];

		run->engine = campaign->options.engines[i];
		run->program = campaign->options.programs[i];
		run->log = fuzz_format("%s/log", run->engine->name);
		run->stability = -1;
	}
}

static int status_of(const struct fuzz_campaign *campaign)
{
	if (campaign->failed)
		return FL_EXIT_INTERNAL;
	return campaign->finding_count ? FL_EXIT_VIOLATION : FL_EXIT_NOTHING;
}

static int run(int argc, char **argv)
{
	static struct fuzz_campaign campaign;

	/* A guard that has just ended, or an output that nobody reads, is an error of one line. */
	signal(SIGPIPE, SIG_IGN);
	fuzz_parse(&campaign.options, argc, argv);
	prepare_runs(&campaign);
	fuzz_folder_open(&campaign);
	campaign_catch_signals();
	if (!campaign.options.minimize_only) {
		fuzz_seeds_take(&campaign);
		fuzz_supervise(&campaign);
		fuzz_crashes_take(&campaign, true);
	}
	if (campaign.options.minimize_only ||
	    (campaign.complete && campaign.options.minimize && !campaign_interrupted())) {
		bool done = fuzz_corpus_minimize(&campaign);

		if (!done && !campaign_interrupted())
			campaign.failed = true;
		if (campaign.options.minimize_only)
			campaign.complete = done;
	}
	if (campaign.options.json)
		fuzz_print_json(&campaign, stdout);
	else
		fuzz_print(&campaign, stdout);
	return status_of(&campaign);
}

const struct command command_fuzz = {
	.name = "fuzz",
	.help = "run fuzzing engines on a target",
	.run = run,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * faultline storms: where in a suspend does an interrupt storm, and on whose CPU?
 *
 * The question of the review, as a table: the CPU of the line's handler is the one that runs the
 * suspend callback, or another; the storm begins in SUSPENDING before the driver has masked the
 * bank, after it, or with the clocks off already, in SUSPENDED with the clocks gated, or with the
 * domain collapsed. A cell is broken, with a case; or kept, in so many handler entries of this
 * cell; or was never entered, which is no pass.
 */
#include "campaign.h"
#include "cli.h"
#include "select.h"
#include "store.h"

#include <case/world.h>
#include <smmu/bits.h>
#include <smmu/smmu.h>

#include <inttypes.h>
#include <string.h>

#define DEFAULT_RUNS 200000
#define STORM_BANK   0 /* domain 0's */

enum {
	KEY_SUBJECT = 0x100,
	KEY_PROFILE,
	KEY_SCENARIO,
	KEY_LIKE,
	KEY_STRATEGY,
	KEY_RUNS,
	KEY_SEED,
	KEY_OUT
};

enum phase { BEFORE_MASK, AFTER_MASK, CLOCKS_OFF, SUSPENDED_GATED, SUSPENDED_COLLAPSED, PHASES };
enum place { SAME_CPU, OTHER_CPU, PLACES };

static const char *const phase_names[PHASES] = {
	"SUSPENDING, before the mask", "SUSPENDING, after the mask",
	"SUSPENDING, clocks off",      "SUSPENDED, gated",
	"SUSPENDED, collapsed",
};
static const char *const place_names[PLACES] = {"on the suspending CPU", "on another CPU"};

struct cell {
	uint64_t entries; /* handler entries with a fault of the bank on the line */
	uint64_t storms;  /* schedules */
	/* Of this schedule: its finding in this cell, if there is one. */
	bool stormed;
	uint64_t step;
	char signature[FL_SIGNATURE_SIZE];
	char path[4096];
};

static struct {
	const char *subject, *profile, *scenario, *like, *strategy, *out;
	uint64_t runs, seed;
	struct cell cells[PLACES][PHASES];
	int suspend_cpu; /* of the SMMU's suspend callback that ran last, -1: none in this run */
	const struct fl_subject *tested;
	uint64_t steps, inconclusive;
} storms = {
	.profile = "mmu500",
	.scenario = "fault-vs-runtime-suspend",
	.strategy = "portfolio",
	.runs = DEFAULT_RUNS,
	.seed = 1,
};

static struct fl_case like; /* its knobs and actors, if --like names it */

static const struct argp_option options[] = {
	{"subject", KEY_SUBJECT, "SUBJECT", 0, "What to search", 0},
	{"profile", KEY_PROFILE, "PROFILE", 0, "Which hardware (default mmu500)", 0},
	{"scenario", KEY_SCENARIO, "SCENARIO", 0, "Default fault-vs-runtime-suspend", 0},
	{"like", KEY_LIKE, "CASE", 0,
	 "Knobs and actors of this case, and only the schedule left open: what dfs:K can exhaust",
	 0},
	{"strategy", KEY_STRATEGY, "STRATEGY", 0, "As in explore (default portfolio)", 0},
	{"runs", KEY_RUNS, "N", 0, "Schedules (default 200000)", 0},
	{"seed", KEY_SEED, "N", 0, "Seed (default 1)", 0},
	{"out", KEY_OUT, "DIR", 0, "Folder for the cases (default faultline-out/SUBJECT-PROFILE)",
	 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	switch (key) {
	case KEY_SUBJECT:
		storms.subject = argument;
		return 0;
	case KEY_PROFILE:
		storms.profile = argument;
		return 0;
	case KEY_SCENARIO:
		storms.scenario = argument;
		return 0;
	case KEY_LIKE:
		storms.like = argument;
		return 0;
	case KEY_STRATEGY:
		storms.strategy = argument;
		return 0;
	case KEY_RUNS:
		storms.runs = parse_number("--runs", argument, 1, UINT32_MAX);
		return 0;
	case KEY_SEED:
		storms.seed = parse_number("--seed", argument, 0, UINT64_MAX);
		return 0;
	case KEY_OUT:
		storms.out = argument;
		return 0;
	case ARGP_KEY_ARG:
		fail_usage("storms takes options only, not '%s'", argument);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Where in a suspend does an interrupt storm, and on whose CPU?",
};

/* The cell that the machine is in for a handler that runs on @cpu; NULL outside of a suspend. */
static struct cell *current_cell(int cpu)
{
	enum place place = cpu == storms.suspend_cpu ? SAME_CPU : OTHER_CPU;
	struct smmu_bank_view bank;
	struct fl_pm_view pm;
	enum phase phase;

	if (storms.suspend_cpu < 0)
		return NULL;
	storms.tested->pm_view(FL_DEVICE_SMMU, &pm);
	if (pm.status == FL_RPM_SUSPENDING) {
		smmu_bank_view(STORM_BANK, &bank);
		if (smmu_power() != FL_POWER_ON)
			phase = CLOCKS_OFF;
		else
			phase = bank.sctlr & SMMU_SCTLR_CFIE ? BEFORE_MASK : AFTER_MASK;
	} else if (pm.status == FL_RPM_SUSPENDED) {
		phase = smmu_power() == FL_POWER_COLLAPSED ? SUSPENDED_COLLAPSED : SUSPENDED_GATED;
	} else {
		return NULL;
	}
	return &storms.cells[place][phase];
}

static void suspend_callback(const struct fl_event *event)
{
	if (event->a == FL_DEVICE_SMMU && event->b)
		storms.suspend_cpu = fl_context_cpu(event->context);
}

static void handler_entry(const struct fl_event *event)
{
	struct cell *cell;

	if (event->d != STORM_BANK || !smmu_output(STORM_BANK))
		return;
	cell = current_cell(fl_context_cpu(event->context));
	if (cell)
		cell->entries++;
}

static bool violated(const struct fl_finding *finding, const char *file, unsigned int line)
{
	struct cell *cell = current_cell(fl_context_cpu(fl_current()));

	if (!cell || cell->stormed)
		return false;
	cell->stormed = true;
	cell->step = finding->step;
	memcpy(cell->signature, finding->signature, sizeof(cell->signature));
	return false;
}

static void keep_case(struct cell *cell, enum place place, enum phase phase, const char *folder)
{
	static const char *const stems[PLACES][PHASES] = {
		{"storm-same-cpu-before-mask", "storm-same-cpu-after-mask",
		 "storm-same-cpu-clocks-off", "storm-same-cpu-gated", "storm-same-cpu-collapsed"},
		{"storm-other-cpu-before-mask", "storm-other-cpu-after-mask",
		 "storm-other-cpu-clocks-off", "storm-other-cpu-gated",
		 "storm-other-cpu-collapsed"},
	};
	static struct fl_case found;
	char error[512];

	fl_world_record(&found);
	memcpy(found.signature, cell->signature, sizeof(cell->signature));
	found.step = cell->step;
	if (store_save(folder, stems[place][phase], &found, cell->path, sizeof(cell->path), error,
		       sizeof(error)))
		fail_usage("%s", error);
}

static void run_one(const struct fl_scenario *scenario, const struct fl_run_options *run,
		    const char *folder)
{
	struct fl_outcome outcome;

	storms.suspend_cpu = -1;
	for (unsigned int place = 0; place < PLACES; place++)
		for (unsigned int phase = 0; phase < PHASES; phase++)
			storms.cells[place][phase].stormed = false;
	if (scenario)
		fl_world_explore(scenario, run, &outcome);
	else
		fl_world_explore_like(&like, run, &outcome);
	storms.steps += outcome.steps;
	storms.inconclusive += outcome.end == FL_END_STEP_LIMIT;
	for (unsigned int place = 0; place < PLACES; place++) {
		for (unsigned int phase = 0; phase < PHASES; phase++) {
			struct cell *cell = &storms.cells[place][phase];

			if (cell->stormed && !cell->storms++)
				keep_case(cell, place, phase, folder);
		}
	}
}

static void load_like(void)
{
	char error[512];

	load_case(&like, storms.like);
	if (!fl_case_fits(&like, storms.tested, error, sizeof(error)))
		fail_usage("%s: %s", storms.like, error);
	storms.profile = like.profile;
	storms.scenario = storms.like;
}

static bool print_table(uint64_t schedules, bool complete)
{
	bool broken = false;

	printf("%s on %s, %s %s, strategy %s, seed %" PRIu64 "\n", storms.subject, storms.profile,
	       storms.like ? "like" : "scenario", storms.scenario, storms.strategy, storms.seed);
	printf("%" PRIu64 " schedules, %" PRIu64 " steps, %" PRIu64 " inconclusive, %s\n\n",
	       schedules, storms.steps, storms.inconclusive,
	       complete ? "the search is complete" : "the search is not exhaustive");
	for (unsigned int place = 0; place < PLACES; place++) {
		for (unsigned int phase = 0; phase < PHASES; phase++) {
			const struct cell *cell = &storms.cells[place][phase];

			printf("%-22s  %-28s ", place_names[place], phase_names[phase]);
			if (cell->storms)
				printf("BROKEN in %" PRIu64 " schedules: %s\n", cell->storms,
				       cell->path);
			else if (cell->entries)
				printf("keeps, in %" PRIu64 " handler entries\n", cell->entries);
			else
				printf("never entered\n");
			broken |= cell->storms != 0;
		}
	}
	return broken;
}

static int run(int argc, char **argv)
{
	struct fl_run_options options_of_run = {0};
	const struct fl_scenario *scenario;
	const struct fl_profile *profile;
	const char *argument, *message;
	char error[512], folder[4096];
	uint64_t schedule;
	bool complete = false;

	parse_options(&argp, argc, argv, NULL);
	if (!storms.subject)
		fail_usage("say what to search: --subject SUBJECT");
	storms.tested = select_subject(storms.subject);
	if (storms.like)
		load_like();
	profile = select_profile(storms.profile);
	scenario = storms.like ? NULL : select_scenario(storms.scenario);
	options_of_run.strategy = select_strategy(storms.strategy, &argument);
	if (scenario && !scenario_fits(scenario, storms.tested, profile))
		fail_usage(
			"scenario %s needs what %s cannot do on %s; 'faultline scenarios' tells what",
			storms.scenario, storms.subject, storms.profile);
	store_path(storms.out, false, storms.subject, storms.profile, folder, sizeof(folder));
	store_open(folder);
	if (fl_world_make(storms.tested, profile, select_invariants("irq-storm"), error,
			  sizeof(error)))
		fail_usage("%s", error);
	if (options_of_run.strategy->start(storms.seed, argument, &message))
		fail_usage("strategy %s: %s", storms.strategy, message);
	fl_subscribe(FL_EV_PM_CALLBACK_ENTER, suspend_callback);
	fl_subscribe(FL_EV_IRQ_ENTER, handler_entry);
	fl_check_set_hook(violated);
	campaign_catch_signals();
	for (schedule = 0; schedule < storms.runs && !complete && !campaign_interrupted();
	     schedule++) {
		options_of_run.schedule = schedule;
		run_one(scenario, &options_of_run, folder);
		if (options_of_run.strategy->end)
			complete = !options_of_run.strategy->end();
	}
	fl_check_set_hook(NULL);
	store_tidy();
	return print_table(schedule, complete) ? FL_EXIT_VIOLATION : FL_EXIT_NOTHING;
}

const struct command command_storms = {
	.name = "storms",
	.help = "where in a suspend an interrupt storms, and on whose CPU",
	.run = run,
};

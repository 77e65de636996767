/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Wiring of a world, and its runs.
 *
 * A world boots once: devices and kernel are made, the subject probes, domain 0 is attached, the GPU
 * is resumed. What is in memory then is the snapshot, and every run starts from it in one context,
 * "setup", which settles what is settled once a case (knobs, program, CPUs) and then lets the actors
 * go. So the choices of the set-up pass through the same door as all others.
 */
#include <case/world.h>

#include <errno.h>
#include <string.h>

#include <case/scenario.h>
#include <case/wiring.h>
#include <client/client.h>
#include <kernel/kernel.h>
#include <smmu/smmu.h>

#define BOOT_STEP_LIMIT	      1000000
/*
 * Steps without progress after which a fair run is a livelock. Measured: runs that ended by themselves
 * went up to 1,750 steps without (3,500 where each access to memory is a point).
 */
#define CALL_LIVELOCK_BOUND   2500
#define MEMORY_LIVELOCK_BOUND 5000
/* A run that has spent this part of the bound without progress stands still, see <case/round.h>. */
#define PATIENCE(bound)	      ((bound) / 6)

static struct {
	const struct fl_subject *subject;
	const struct fl_profile *profile;
	fl_context_t boot, setup, first_actor;
	int boot_result;
	const char *boot_stage;
	/* What this run does; either drawn by the scenario or taken from a case. */
	const struct fl_scenario *scenario;
	const struct fl_case *given;
	struct fl_knobs knobs;
	struct fl_program program;
	/* Instead of them, in a free run. */
	struct fl_free_program *free_program;
	fl_free_build_t build;
} world;

uint64_t fl_page_iova(unsigned int page)
{
	return 0x10000000ull + page * 0x1000ull;
}

uint64_t fl_page_phys(unsigned int page)
{
	return 0x80000000ull + page * 0x1000ull;
}

static const struct fl_strategy *replay_strategy(void)
{
	const char *argument;

	return fl_strategy_find("replay", &argument);
}

/* --- boot --------------------------------------------------------------------------------- */

/* Give domain 0 its pages and bring GPU and SMMU up, with stalling in the hardware. */
static int boot_client(const struct fl_subject *subject)
{
	int result;

	world.boot_stage = "attaching domain 0";
	result = subject->domain_alloc(0);
	if (!result)
		result = subject->attach(0);
	for (unsigned int page = 0; !result && page < 3; page++)
		result = subject->map(0, fl_page_iova(page), fl_page_phys(page), page < 2 ? 3 : 1);
	if (result)
		return result;
	if (subject->features & FL_SUBJECT_STALL && world.profile->hardware.adreno) {
		world.boot_stage = "switching stalling on";
		result = subject->set_stall(true);
		if (result < 0)
			return result;
	}
	/*
	 * Stalling reaches the hardware when the context bank is written next: at the resume after
	 * this suspend.
	 */
	world.boot_stage = "suspending once";
	subject->pm(FL_DEVICE_SMMU, FL_PM_SUSPEND);
	world.boot_stage = "resuming the GPU";
	result = subject->pm(FL_DEVICE_GPU, FL_PM_RESUME_AND_GET);
	if (result < 0)
		return result;
	world.boot_stage = "preparing the operations";
	return fl_operations_boot(subject, world.profile);
}

static void boot(void *argument)
{
	const struct fl_subject *subject = argument;

	world.boot_stage = "probing";
	world.boot_result = subject->probe(&world.profile->hardware);
	if (!world.boot_result)
		world.boot_result = boot_client(subject);
	if (!world.boot_result)
		world.boot_stage = NULL;
}

/* --- a run -------------------------------------------------------------------------------- */

static void run_actor(void *argument)
{
	const struct fl_actor *actor = argument;

	for (unsigned int i = 0; i < actor->count; i++) {
		const struct fl_operation *operation = &actor->operations[i];
		int result;

		fl_emit(FL_EV_OP_BEGIN, operation->code, operation->arguments[0], 0, 0);
		result = fl_operations[operation->code].run(world.subject, operation->arguments);
		fl_emit(FL_EV_OP_END, operation->code, (uint64_t)(int64_t)result, 0, 0);
		fl_progress();
	}
}

/* The first allowed value of each knob, without asking anybody. */
static void default_knobs(struct fl_knobs *knobs, const struct fl_profile *profile)
{
	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++)
		*fl_knob_at(knobs, knob) = __builtin_ctz(profile->free_values[knob]);
}

static void draw_knobs(struct fl_knobs *knobs, const struct fl_profile *profile)
{
	for (unsigned int knob = 0; knob < FL_KNOB_COUNT; knob++) {
		unsigned int values = profile->free_values[knob];
		unsigned int skip;

		if (!(values & (values - 1)))
			continue;
		skip = fl_choose(FL_CHOOSE_KNOB, __builtin_popcount(values));
		while (skip--)
			values &= values - 1;
		*fl_knob_at(knobs, knob) = __builtin_ctz(values);
	}
}

/* What is settled once a case, and then the actors. */
static void start(const struct client_config *client, struct fl_actor *actors, unsigned int count)
{
	fl_knobs = world.knobs;
	fl_machine_set_preemptible(fl_knobs.preemption == 0);
	client_configure(client);
	fl_irq_choose_cpus();
	fl_work_choose_cpus();
	for (unsigned int i = 0; i < count; i++)
		fl_context_activate(fl_context_create(
			actors[i].name, actors[i].agent ? FL_CONTEXT_AGENT : FL_CONTEXT_TASK,
			actors[i].cpu % fl_cpus(), run_actor, &actors[i]));
}

static void setup_free(void)
{
	struct fl_free_program *program = world.free_program;

	draw_knobs(&world.knobs, world.profile);
	memset(program, 0, sizeof(*program));
	program->knobs = world.knobs;
	world.build(program, world.subject, world.profile);
	start(&program->client, program->actors, program->count);
}

static void setup(void *argument)
{
	struct fl_program *program = &world.program;

	(void)argument;
	if (world.free_program) {
		setup_free();
		return;
	}
	if (world.given) {
		world.knobs = world.given->knobs;
		*program = world.given->program;
	} else {
		draw_knobs(&world.knobs, world.profile);
		if (world.scenario->unlinked &&
		    world.profile->free_values[FL_KNOB_unlinked_agent] & 1u << 1)
			world.knobs.unlinked_agent = 1;
		memset(program, 0, sizeof(*program));
		world.scenario->build(program, world.subject, world.profile);
		drop_idle_actors(program);
	}
	start(&program->client, program->actors, program->count);
}

int fl_world_make(const struct fl_subject *subject, const struct fl_profile *profile,
		  uint32_t invariants, char *error, size_t error_size)
{
	struct fl_run_options options = {
		.strategy = replay_strategy(),
		.step_limit = BOOT_STEP_LIMIT,
		.livelock_bound = BOOT_STEP_LIMIT,
	};
	const char *reason = "it does not say why";
	enum fl_end end;
	int result;

	result = subject->supports(&profile->hardware, &reason);
	if (result) {
		snprintf(error, error_size, "%s does not run on profile %s: %s", subject->name,
			 profile->name, reason);
		return result;
	}
	memset(&world, 0, sizeof(world));
	world.subject = subject;
	world.profile = profile;
	default_knobs(&world.knobs, profile);
	fl_knobs = world.knobs;
	fl_checked_subject = subject;
	fl_checked_hardware = &profile->hardware;
	fl_where_reset();
	/* Those of the world before have their books in the arena that is about to be cleared. */
	fl_unsubscribe_all();
	fl_wire(subject, profile);
	world.boot = fl_context_create("boot", FL_CONTEXT_TASK, 0, boot, (void *)subject);
	world.setup = fl_context_create("setup", FL_CONTEXT_TASK, 0, setup, NULL);
	fl_check_start(invariants);
	fl_replay_set(NULL, 0);
	fl_context_activate(world.boot);
	end = fl_run(&options);
	if (end != FL_END_QUIET) {
		snprintf(error, error_size, "%s on %s does not boot: %s: %s", subject->name,
			 profile->name, world.boot_stage ? world.boot_stage : "settling",
			 fl_end_text());
		return -EIO;
	}
	if (world.boot_result) {
		snprintf(error, error_size, "%s on %s does not boot: %s: error %d", subject->name,
			 profile->name, world.boot_stage, world.boot_result);
		return world.boot_result;
	}
	/* What a run creates comes behind what the snapshot holds, and setup creates nothing else. */
	world.first_actor = fl_context_count();
	fl_snapshot();
	return 0;
}

fl_context_t fl_world_first_actor(void)
{
	return world.first_actor;
}

static void begin(void)
{
	fl_reset();
	fl_where_reset();
	fl_check_reset();
	fl_context_activate(world.setup);
}

static void finish(enum fl_end end, struct fl_outcome *outcome)
{
	outcome->end = end;
	fl_check_finish(end);
	outcome->steps = fl_step();
	outcome->stood_still = fl_stood_still();
	outcome->findings = fl_check_findings(&outcome->finding_count);
	outcome->premises = fl_check_premises();
}

static void run(const struct fl_run_options *given, struct fl_outcome *outcome)
{
	struct fl_run_options options = *given;

	if (!options.livelock_bound)
		options.livelock_bound =
			fl_memory_granularity ? MEMORY_LIVELOCK_BOUND : CALL_LIVELOCK_BOUND;
	if (!options.patience)
		options.patience = PATIENCE(options.livelock_bound);
	begin();
	finish(fl_run(&options), outcome);
}

void fl_world_run_free(struct fl_free_program *program, fl_free_build_t build,
		       const struct fl_free_options *options, struct fl_outcome *outcome)
{
	world.scenario = NULL;
	world.given = NULL;
	world.free_program = program;
	world.build = build;
	default_knobs(&world.knobs, world.profile);
	begin();
	finish(fl_free_run(options), outcome);
	world.free_program = NULL;
}

void fl_world_explore(const struct fl_scenario *scenario, const struct fl_run_options *options,
		      struct fl_outcome *outcome)
{
	world.scenario = scenario;
	world.given = NULL;
	default_knobs(&world.knobs, world.profile);
	run(options, outcome);
}

void fl_world_explore_like(const struct fl_case *like, const struct fl_run_options *options,
			   struct fl_outcome *outcome)
{
	world.scenario = NULL;
	world.given = like;
	run(options, outcome);
}

void fl_world_replay(const struct fl_case *replayed, struct fl_outcome *outcome)
{
	struct fl_run_options options = {
		.strategy = replay_strategy(),
	};

	world.scenario = NULL;
	world.given = replayed;
	fl_replay_set(replayed->decisions, replayed->decision_count);
	fl_replay_set_fair(replayed->fair_since);
	run(&options, outcome);
}

void fl_world_record(struct fl_case *recorded)
{
	const struct fl_decision *decisions;
	size_t count;

	fl_case_clear(recorded);
	snprintf(recorded->subject, sizeof(recorded->subject), "%s", world.subject->name);
	snprintf(recorded->profile, sizeof(recorded->profile), "%s", world.profile->name);
	if (world.scenario)
		snprintf(recorded->scenario, sizeof(recorded->scenario), "%s",
			 world.scenario->name);
	else if (world.given)
		memcpy(recorded->scenario, world.given->scenario, sizeof(recorded->scenario));
	recorded->knobs = world.knobs;
	recorded->program = world.program;
	recorded->fair_since = fl_fair_since();
	recorded->memory_granularity = fl_memory_granularity;
	decisions = fl_decisions(&count);
	for (size_t i = 0; i < count && recorded->decision_count < FL_MAX_DECISIONS; i++) {
		/* What these decided stands in the case as knobs and program. */
		if (decisions[i].kind == FL_CHOOSE_KNOB || decisions[i].kind == FL_CHOOSE_SCENARIO)
			continue;
		recorded->decisions[recorded->decision_count++] = decisions[i];
	}
	fl_case_name_contexts(recorded);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run made by raw bytes: they build the program, and as a strategy they make the choices.
 *
 * Nothing is decoded ahead but what must be known first; the rest is read slot by slot when it is
 * asked for. So a run costs what it uses of its input.
 */
#include "raw_form.h"
#include "case_form.h"
#include "operations.h"
#include "scenario.h"

#include <world/names.h>

#include <stdlib.h>
#include <string.h>

/* A context that could have run at so many decisions runs at the next: the schedule is fair. */
#define LONGEST_WAIT 256

#define NO_VALUE     0xff

/* The answers of one kind of choice: where the next slot is looked for, and what it says. */
struct answers {
	size_t next;
	uint64_t at; /* the number of the choice that it answers */
	uint16_t value;
	bool ready;
};

static struct {
	const struct fl_target *target;
	const struct fl_profile *profile;
	const uint8_t *data;
	size_t size;
	/* Settled before the run. */
	uint8_t knobs[FL_KNOB_COUNT]; /* what a slot says, or NO_VALUE */
	uint8_t free_knobs[FL_KNOB_COUNT];
	unsigned int free_count;
	uint8_t draws[RAW_DRAWS];
	/* The schedule. */
	size_t next_preemption;
	bool preempts; /* at the first decision from step `due` on */
	uint64_t due;
	uint8_t context;
	uint16_t waited[FL_MAX_CONTEXTS];
	struct answers answers[RAW_ANSWER_KINDS];
} raw;

static unsigned int head(unsigned int index)
{
	return index < raw.size ? raw.data[index] : 0;
}

/* Slot @index; one that is cut in half ends in 0. False behind the last. */
static bool read_slot(size_t index, uint8_t slot[RAW_SLOT_SIZE])
{
	size_t at = RAW_HEAD_SIZE + index * RAW_SLOT_SIZE;

	if (at >= raw.size)
		return false;
	slot[0] = raw.data[at];
	slot[1] = at + 1 < raw.size ? raw.data[at + 1] : 0;
	return true;
}

/* --- knobs, and what scenarios leave open ----------------------------------------------------- */

static void list_free_knobs(void)
{
	raw.free_count = 0;
	for (unsigned int i = 0; i < FL_KNOB_COUNT; i++) {
		unsigned int values = raw.profile->free_values[i];

		if (values & (values - 1))
			raw.free_knobs[raw.free_count++] = (uint8_t)i;
	}
}

static void take_knob(const uint8_t slot[RAW_SLOT_SIZE])
{
	unsigned int knob = (slot[0] & 1u) << 5 | slot[1] >> 3;

	if (!raw.free_count)
		return;
	if (knob >= FL_KNOB_COUNT ||
	    !(raw.profile->free_values[knob] & (raw.profile->free_values[knob] - 1)))
		knob = raw.free_knobs[knob % raw.free_count];
	raw.knobs[knob] = slot[1] & 7;
}

static void settle(void)
{
	uint8_t slot[RAW_SLOT_SIZE];

	memset(raw.knobs, NO_VALUE, sizeof(raw.knobs));
	memset(raw.draws, 0, sizeof(raw.draws));
	list_free_knobs();
	for (size_t i = 0; read_slot(i, slot); i++) {
		if (slot[0] >= RAW_KNOB && slot[0] < RAW_CLIENT)
			take_knob(slot);
		else if (slot[0] >= RAW_DRAW && slot[0] < RAW_KNOB)
			raw.draws[slot[0] - RAW_DRAW] = slot[1];
	}
}

/* How many of the profile's values of a knob come before the one that the input says. */
static uint32_t choose_knob(uint32_t number, uint32_t n)
{
	unsigned int knob = raw.free_knobs[number % raw.free_count];
	unsigned int value = raw.knobs[knob];

	if (value == NO_VALUE)
		return 0;
	if (raw.profile->free_values[knob] & 1u << value)
		return (uint32_t)__builtin_popcount(raw.profile->free_values[knob] &
						    ((1u << value) - 1));
	return value % n;
}

/* --- the program ------------------------------------------------------------------------------ */

/* The program while it is built. */
struct building {
	struct fl_program *program;
	struct fl_actor *actor; /* who gets the next operation */
	uint32_t features;
};

static void name_actor(struct fl_actor *actor, unsigned int number)
{
	memset(actor->name, 0, sizeof(actor->name));
	snprintf(actor->name, sizeof(actor->name), "%s", raw_names[number].name);
}

/* NULL if there is no room. */
static struct fl_actor *add_actor(struct fl_program *program, unsigned int number)
{
	struct fl_actor *actor;

	if (program->count == FL_MAX_ACTORS)
		return NULL;
	actor = &program->actors[program->count++];
	name_actor(actor, number);
	actor->agent = raw_names[number].agent;
	return actor;
}

/* So that all actors have names that raw bytes can say. */
static void rename_actors(struct fl_program *program)
{
	for (unsigned int i = 0; i < program->count; i++) {
		struct fl_actor *actor = &program->actors[i];

		if (raw_name_find(actor->name, actor->agent) < 0)
			name_actor(actor, raw_name_unused(program, actor->agent));
	}
}

static void take_actor(struct building *building, const uint8_t slot[RAW_SLOT_SIZE])
{
	unsigned int number = ((slot[0] & 1u) << 5 | slot[1] >> 3) % raw_name_count;
	int index = raw_actor_find(building->program, raw_names[number].name);
	struct fl_actor *actor = index >= 0 ? &building->program->actors[index]
					    : add_actor(building->program, number);

	if (!actor)
		return;
	if (!actor->agent)
		actor->cpu = (uint8_t)((slot[1] & 7) % raw.profile->cpus);
	building->actor = actor;
}

static bool is_possible(const struct building *building, unsigned int code)
{
	return code < fl_operation_count && raw.target->operations >> code & 1 &&
	       !(fl_operations[code].features & ~building->features);
}

/* Can an actor do it, and has he room? */
static bool fits(const struct fl_actor *actor, const struct fl_operation_info *info)
{
	return actor && (actor->agent ? info->agent : info->task) &&
	       actor->count < FL_MAX_OPERATIONS;
}

/* An operation goes to the actor who was named last, if he can do it; else to the first who can. */
static struct fl_actor *actor_for(struct building *building, const struct fl_operation_info *info)
{
	struct fl_program *program = building->program;

	if (fits(building->actor, info))
		return building->actor;
	for (unsigned int i = 0; i < program->count; i++)
		if (fits(&program->actors[i], info))
			return &program->actors[i];
	if (program->count == FL_MAX_ACTORS)
		return NULL;
	return add_actor(program, raw_name_unused(program, info->agent));
}

static void add_operation(struct building *building, unsigned int code, unsigned int arguments)
{
	const struct fl_operation_info *info = &fl_operations[code];
	struct fl_actor *actor = actor_for(building, info);
	struct fl_operation *operation;

	if (!actor)
		return;
	operation = &actor->operations[actor->count++];
	memset(operation, 0, sizeof(*operation));
	operation->code = (uint8_t)code;
	for (unsigned int i = 0; i < case_argument_count(info); i++) {
		operation->arguments[i] = (uint8_t)(arguments % info->argument_limits[i]);
		arguments /= info->argument_limits[i];
	}
}

static void take_operation(struct building *building, const uint8_t slot[RAW_SLOT_SIZE])
{
	unsigned int code = slot[0] & 0x3fu;

	/* The next one that this target has and the subject can do; there is always DMA. */
	while (!is_possible(building, code))
		code = (code + 1) % 64;
	add_operation(building, code, slot[1]);
}

static void take_client(struct building *building, const uint8_t slot[RAW_SLOT_SIZE])
{
	struct client_config *client = &building->program->client;
	const struct case_client_field *field =
		&case_client_fields[(slot[1] >> 5) % CASE_CLIENT_FIELDS];
	unsigned int values = 1;

	for (const char *at = field->values; *at; at++)
		values += *at == ',';
	((uint8_t *)client)[field->offset] = (uint8_t)((slot[1] & 0x1f) % values);
	/* As a scenario draws it: the client of the time of the hook reads blindly, which no driver can cure. */
	if (!(building->features & FL_SUBJECT_CLIENT_RESUME)) {
		client->resume = CLIENT_RESUME_NONE;
		if (client->registers == CLIENT_REGISTERS_BLIND)
			client->registers = CLIENT_REGISTERS_CAREFUL;
	}
	if (!(building->features & FL_SUBJECT_STALL))
		client->fault_info = client->set_stall = 0;
}

static bool is_free(const struct fl_scenario *scenario)
{
	return fl_same_name(scenario->name, "free");
}

static const struct fl_scenario *scenario_of_head(void)
{
	const struct fl_scenario *const *scenarios = raw.target->scenarios;
	unsigned int count = 0;

	while (scenarios[count])
		count++;
	return scenarios[(head(0) & ~RAW_SPELLED) % count];
}

static void build(struct fl_program *program, const struct fl_subject *subject,
		  const struct fl_profile *profile)
{
	struct building building = {program, NULL, fl_features_on(subject, profile)};
	const struct fl_scenario *scenario = scenario_of_head();
	bool spelled = head(0) & RAW_SPELLED || is_free(scenario) ||
		       scenario->features & ~building.features;
	uint8_t slot[RAW_SLOT_SIZE];

	if (profile != raw.profile) {
		fprintf(stderr, "faultline: target %s runs on a world of profile %s, not of %s\n",
			raw.target->name, raw.target->profile, profile->name);
		abort();
	}
	if (!spelled) {
		scenario->build(program, subject, profile);
		rename_actors(program);
	}
	for (size_t i = 0; read_slot(i, slot); i++) {
		if (slot[0] >= RAW_ACTOR)
			take_actor(&building, slot);
		else if (slot[0] >= RAW_CLIENT)
			take_client(&building, slot);
		else if (slot[0] >= RAW_OPERATION && slot[0] < RAW_ANSWER)
			take_operation(&building, slot);
	}
	drop_idle_actors(program);
	if (!program->count) {
		building.actor = add_actor(program, 0);
		add_operation(&building, OP_DMA, PAGE_UNMAPPED * OP_DOMAINS);
	}
}

/* --- the schedule ----------------------------------------------------------------------------- */

/* The next preemption, at the earliest at step @from. */
static void next_preemption(uint64_t from)
{
	uint8_t slot[RAW_SLOT_SIZE];

	raw.due = from;
	raw.preempts = false;
	while (read_slot(raw.next_preemption++, slot)) {
		if (slot[0] >= RAW_OPERATION)
			continue;
		raw.context = slot[0] & (FL_MAX_CONTEXTS - 1);
		if (slot[1] >= RAW_WAIT) {
			raw.due += RAW_WAIT + (slot[1] - RAW_WAIT) * FL_MAX_CONTEXTS + raw.context;
			continue;
		}
		raw.due += slot[1];
		raw.preempts = true;
		return;
	}
}

/* Who preempts: the context that the slot names; if it cannot run, one of those that can. */
static fl_context_t preempting(uint64_t eligible, fl_context_t fallback)
{
	uint64_t others = eligible & ~(1ull << fallback);
	unsigned int skip;

	if (others >> raw.context & 1)
		return raw.context;
	skip = raw.context % (unsigned int)__builtin_popcountll(others);
	while (skip--)
		others &= others - 1;
	return __builtin_ctzll(others);
}

/* The context that has waited longest, if one has waited too long; else @fallback. */
static fl_context_t take_turns(uint64_t eligible, fl_context_t fallback)
{
	fl_context_t next = fallback;
	unsigned int longest = LONGEST_WAIT - 1;

	for (; eligible; eligible &= eligible - 1) {
		fl_context_t context = __builtin_ctzll(eligible);

		if (raw.waited[context] > longest) {
			longest = raw.waited[context];
			next = context;
		}
	}
	return next;
}

static fl_context_t pick(uint64_t eligible, fl_context_t fallback)
{
	fl_context_t next;

	if (raw.preempts && fl_step() >= raw.due && eligible & (eligible - 1)) {
		next = preempting(eligible, fallback);
		next_preemption(fl_step() + 1);
	} else {
		next = take_turns(eligible, fallback);
	}
	for (uint64_t left = eligible; left; left &= left - 1)
		raw.waited[__builtin_ctzll(left)]++;
	raw.waited[next] = 0;
	return next;
}

/* --- answers ---------------------------------------------------------------------------------- */

static void next_answer(unsigned int index)
{
	struct answers *answers = &raw.answers[index];
	uint8_t slot[RAW_SLOT_SIZE];
	unsigned int high = 0;

	answers->ready = false;
	while (read_slot(answers->next++, slot)) {
		if (slot[0] < RAW_ANSWER || slot[0] >= RAW_DRAW ||
		    raw_answer_kinds[slot[0] & 7] != raw_answer_kinds[index])
			continue;
		switch (slot[0] >> 3 & 3) {
		case RAW_ANSWER_SKIP:
			answers->at += slot[1] + 1u;
			break;
		case RAW_ANSWER_HIGH:
			high = slot[1];
			break;
		default:
			answers->value = (uint16_t)(high << 8 | slot[1]);
			answers->ready = true;
			return;
		}
	}
}

static uint32_t answer(unsigned int index, uint32_t number, uint32_t n)
{
	struct answers *answers = &raw.answers[index];

	if (!answers->next)
		next_answer(index);
	/* Choices that had a single answer are not asked for. */
	while (answers->ready && answers->at < number) {
		answers->at++;
		next_answer(index);
	}
	if (answers->ready && answers->at == number) {
		uint32_t value = answers->value % n;

		answers->at++;
		next_answer(index);
		return value;
	}
	if (raw_answer_kinds[index] == FL_CHOOSE_CPU && number < RAW_CPU_BITS)
		return (head(1) >> number & 1) % n;
	return 0;
}

static uint32_t choose(enum fl_choice_kind kind, uint32_t n)
{
	uint32_t number = fl_choice_number(kind);

	if (kind == FL_CHOOSE_KNOB)
		return choose_knob(number, n);
	if (kind == FL_CHOOSE_SCENARIO)
		return number < RAW_DRAWS ? raw.draws[number] % n : 0;
	for (unsigned int i = 0; i < RAW_ANSWER_KINDS; i++)
		if (raw_answer_kinds[i] == kind)
			return answer(i, number, n);
	return 0;
}

static int start(uint64_t seed, const char *argument, const char **error)
{
	return 0;
}

static void begin(uint64_t schedule)
{
	memset(raw.waited, 0, sizeof(raw.waited));
	memset(raw.answers, 0, sizeof(raw.answers));
	raw.next_preemption = 0;
	next_preemption(0);
}

static const struct fl_strategy strategy = {
	.name = "raw",
	.help = "the raw bytes of a fuzz target",
	.fair = true,
	.start = start,
	.begin = begin,
	.pick = pick,
	.choose = choose,
};

void fl_world_raw(const struct fl_target *target, const uint8_t *data, size_t size,
		  struct fl_outcome *outcome)
{
	static struct fl_scenario scenario = {.build = build};
	const struct fl_run_options options = {.strategy = &strategy};

	raw.target = target;
	raw.profile = fl_profile_find(target->profile);
	raw.data = data;
	raw.size = size;
	settle();
	scenario.name = scenario_of_head()->name;
	fl_world_explore(&scenario, &options, outcome);
}

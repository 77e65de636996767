/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logged decisions reproduce a run exactly, whatever ran before: thousands of random programs over
 * everything the engine offers, each run under some strategy and then replayed.
 */
#include "engine_test.h"

#include "engine/prng.h"

#define PROGRAMS   1500
#define OBJECTS	   5
#define ALARMS	   2
#define MAX_ACTORS 10

/* The world of a random program; it lives in the arena. */
struct program {
	uint64_t seed;
	uint64_t digest; /* of everything that happened, in order */
	unsigned int actors;
	fl_context_t actor[MAX_ACTORS];
	int alarm[ALARMS];
	bool taken[OBJECTS];
	unsigned int value[OBJECTS];
	unsigned int restarts;
};

static struct program *program;

static void digest(uint64_t what)
{
	program->digest = fl_prng_mix(program->digest ^ what) + fl_step() * 31 + fl_now();
}

static void watch_step(fl_context_t context)
{
	digest((uint64_t)context << 8 | fl_context_state(context));
}

static void use_lock(unsigned int object, bool spin)
{
	uintptr_t id = (uintptr_t)&program->taken[object];
	bool were_on = true;

	if (spin) {
		were_on = fl_cpu_irq_save();
		fl_preempt_disable();
	}
	fl_point(FL_ACCESS_LOCK, id, object);
	/* Nobody holds two, so the only deadlock is a spinner above a holder on its own CPU. */
	while (program->taken[object])
		fl_block(id, "a lock", spin);
	program->taken[object] = true;
	fl_set_owner(id, fl_current());
	fl_point(FL_ACCESS_WRITE, id + 1, object);
	digest(++program->value[object]);
	fl_point(FL_ACCESS_UNLOCK, id, object);
	program->taken[object] = false;
	fl_set_owner(id, FL_NO_CONTEXT);
	if (program->value[object] & 1)
		fl_wake_one(id);
	else
		fl_wake_all(id);
	if (spin) {
		fl_preempt_enable();
		fl_cpu_irq_restore(were_on);
	}
}

static void act_once(struct fl_prng *prng, bool hard)
{
	uint32_t action = fl_prng_below(prng, hard ? 6 : 12);
	unsigned int object = fl_prng_below(prng, OBJECTS);
	uint32_t n = 1 + fl_prng_below(prng, 5);
	unsigned int cpu = fl_prng_below(prng, fl_cpus());
	uint32_t answer;

	switch (action) {
	case 0:
	case 1:
		fl_point(FL_ACCESS_WRITE, (uintptr_t)&program->value[object], object);
		digest(program->value[object] += n);
		break;
	case 2:
		fl_point(FL_ACCESS_READ, (uintptr_t)&program->value[object], object);
		digest(program->value[object]);
		break;
	case 3:
		answer = fl_choose(FL_CHOOSE_HARDWARE + n % 3, n);
		digest(answer);
		break;
	case 4:
		answer = fl_choose(FL_CHOOSE_IRQ_DELAY, 8);
		fl_cpu_set_pending(cpu, true, answer);
		break;
	case 5:
		fl_alarm_arm(program->alarm[n % ALARMS], fl_now() + n * 700);
		break;
	case 6:
		fl_yield();
		break;
	case 7:
		fl_delay(n * 300, object & 1);
		break;
	case 8:
		use_lock(object, false);
		break;
	case 9:
		use_lock(object, true);
		break;
	case 10:
		digest(fl_block_until((uintptr_t)&program->value[object], "a value",
				      fl_now() + n * 500));
		break;
	case 11:
		digest(fl_wake_all((uintptr_t)&program->value[object]));
		answer = fl_prng_below(prng, program->actors);
		if (program->restarts < 4 &&
		    fl_context_state(program->actor[answer]) == FL_DORMANT) {
			program->restarts++;
			fl_context_activate(program->actor[answer]);
		}
		break;
	}
}

static void actor_main(void *arg)
{
	struct fl_prng prng = fl_prng_of(fl_prng_search(program->seed, 7), (uintptr_t)arg);
	uint32_t actions = 2 + fl_prng_below(&prng, 10);

	for (uint32_t i = 0; i < actions; i++)
		act_once(&prng, false);
	if (!fl_prng_below(&prng, 60))
		fl_stop("a random actor had enough");
}

static void hardirq_main(unsigned int cpu)
{
	struct fl_prng prng = fl_prng_of(fl_prng_search(program->seed, 100 + cpu), fl_step());

	fl_point(FL_ACCESS_NONE, 0, 0);
	act_once(&prng, true);
	fl_cpu_set_pending(cpu, false, 0);
	fl_point(FL_ACCESS_NONE, 0, 0);
}

static void alarm_main(void *arg)
{
	digest((uintptr_t)arg + 1000);
	fl_point(FL_ACCESS_WRITE, (uintptr_t)&program->value[0], 99);
	fl_wake_all((uintptr_t)&program->value[(uintptr_t)arg]);
}

static void program_build(uint64_t seed)
{
	static const char *const names[MAX_ACTORS] = {
		"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9",
	};
	static const enum fl_context_kind kinds[] = {
		FL_CONTEXT_TASK,
		FL_CONTEXT_IRQ_THREAD,
		FL_CONTEXT_WORK,
		FL_CONTEXT_AGENT,
	};
	struct fl_prng prng = fl_prng_of(fl_prng_search(seed, 1), 0);
	unsigned int cpus = 1 + fl_prng_below(&prng, 3);
	bool preemptible = fl_prng_below(&prng, 3);

	fl_arena_clear();
	fl_machine_init(cpus, preemptible, hardirq_main);
	program = fl_arena_alloc(sizeof(*program), 8);
	program->seed = seed;
	program->actors = 2 + fl_prng_below(&prng, MAX_ACTORS - 1);
	for (unsigned int i = 0; i < ALARMS; i++) {
		unsigned int cpu = fl_prng_below(&prng, cpus);

		program->alarm[i] = fl_alarm_create("alarm", alarm_main, (void *)(uintptr_t)i, cpu);
	}
	for (unsigned int i = 0; i < program->actors; i++) {
		enum fl_context_kind kind = kinds[fl_prng_below(&prng, 4)];
		unsigned int cpu = fl_prng_below(&prng, cpus);

		program->actor[i] =
			fl_context_create(names[i], kind, cpu, actor_main, (void *)(uintptr_t)i);
	}
	fl_snapshot();
}

struct outcome {
	enum fl_end end;
	uint64_t digest, steps, now, fair_since;
	char text[256];
};

static struct outcome program_run(const struct fl_strategy *strategy, uint64_t schedule)
{
	struct fl_run_options options = {
		.strategy = strategy,
		.schedule = schedule,
		.step_limit = 700,
		.livelock_bound = 120,
	};
	struct outcome outcome = {0};

	fl_reset();
	for (unsigned int i = 0; i < program->actors; i += 1 + (i & 1))
		fl_context_activate(program->actor[i]);
	outcome.end = fl_run(&options);
	outcome.digest = program->digest;
	outcome.steps = fl_step();
	outcome.now = fl_now();
	outcome.fair_since = fl_fair_since();
	if (outcome.end == FL_END_DEADLOCK || outcome.end == FL_END_STOPPED)
		snprintf(outcome.text, sizeof(outcome.text), "%s", fl_end_text());
	return outcome;
}

static void assert_same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->now, b->now);
	assert_true(a->digest == b->digest);
	assert_true(a->fair_since == b->fair_since);
	assert_string_equal(a->text, b->text);
}

static void test_replay_is_exact(void **state)
{
	static const char *const names[] = {"random", "pct:3", "pos", "portfolio",
					    "bytes",  "dfs:2", "rf"};
	unsigned int ends[FL_END_STOPPED + 1] = {0};
	struct fl_decision *kept = malloc(4096 * sizeof(*kept));
	uint8_t input[64];

	fl_set_step_hook(watch_step);
	for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
		const char *name = names[seed % 7];
		const struct fl_strategy *strategy = strategy_started(name, seed);
		const struct fl_strategy *other = strategy_started("random", seed + 1);
		const struct fl_decision *decisions;
		struct outcome first, again;
		size_t count, count_again;

		for (size_t i = 0; i < sizeof(input); i++)
			input[i] = (uint8_t)fl_prng_mix(seed * 64 + i);
		fl_bytes_set(input, sizeof(input));
		program_build(seed);
		first = program_run(strategy, seed);
		decisions = fl_decisions(&count);
		assert_true(count < 4096);
		memcpy(kept, decisions, count * sizeof(*kept));
		ends[first.end]++;
		for (uint64_t i = 0; i < seed % 3; i++)
			program_run(other, i);
		fl_replay_set(kept, count);
		fl_replay_set_fair(first.fair_since);
		again = program_run(strategy_started("replay", 0), 0);
		assert_same(&first, &again);
		decisions = fl_decisions(&count_again);
		assert_int_equal(count, count_again);
		/* Compared by field: the structure has a hole at its end. */
		for (size_t i = 0; i < count; i++)
			assert_true(decisions[i].at == kept[i].at &&
				    decisions[i].kind == kept[i].kind &&
				    decisions[i].value == kept[i].value);
	}
	fl_set_step_hook(NULL);
	free(kept);
	/* The programs are worth something only if they end in different ways. */
	assert_true(ends[FL_END_QUIET] > PROGRAMS / 4);
	assert_true(ends[FL_END_DEADLOCK] > 5);
	assert_true(ends[FL_END_STOPPED] > 20);
}

static void test_steps_of_contexts_add_up(void **state)
{
	const struct fl_strategy *strategy = strategy_started("random", 3);

	for (uint64_t seed = 0; seed < 50; seed++) {
		struct outcome outcome;
		uint64_t steps = 0;

		program_build(seed);
		outcome = program_run(strategy, seed);
		for (int context = 0; context < fl_context_count(); context++)
			steps += fl_context_steps(context);
		assert_int_equal(steps, outcome.steps);
	}
}

/* A decision that does not fit is left out, and the run goes on. */
static void test_misfit_decisions(void **state)
{
	static const struct fl_decision misfits[] = {
		{.at = 0, .value = 63, .kind = FL_CHOOSE_CONTEXT},
		{.at = 1, .value = 60000, .kind = FL_CHOOSE_CONTEXT},
		{.at = 0, .value = 60000, .kind = FL_CHOOSE_HARDWARE},
		{.at = 5000000, .value = 1, .kind = FL_CHOOSE_CONTEXT},
	};
	const struct fl_strategy *strategy = strategy_started("replay", 0);
	struct outcome plain, misfit;

	program_build(12);
	fl_replay_set(NULL, 0);
	plain = program_run(strategy, 0);
	fl_replay_set(misfits, 4);
	misfit = program_run(strategy, 0);
	assert_same(&plain, &misfit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay_is_exact),
		cmocka_unit_test(test_steps_of_contexts_add_up),
		cmocka_unit_test(test_misfit_decisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

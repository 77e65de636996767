/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reduced exhaustive search: known counts on the suspend race, and nothing missed or done twice in
 * random programs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

#include <faultline/threads.h>

#include "engine/prng.h"
#include "suspend_race.h"

static const struct fl_strategy *start(const char *name)
{
	const char *argument, *error = "";
	const struct fl_strategy *strategy = fl_strategy_find(name, &argument);

	assert_non_null(strategy);
	assert_int_equal(strategy->start(0, argument, &error), 0);
	return strategy;
}

/* Pruned schedules left out: the number of Mazurkiewicz traces, as other tools count them, too. */
static void test_por_counts(void **state)
{
	static const uint64_t expected[] = {4, 126, 4984, 224602};

	for (int rounds = 1; rounds <= 4; rounds++) {
		const struct fl_strategy *strategy = start("por");
		uint64_t schedules = 0;

		race_init(rounds);
		race_bugs = 0;
		do {
			enum fl_end end = race_run(strategy, 0);

			assert_int_equal(end, fl_pruned() ? FL_END_STEP_LIMIT : FL_END_QUIET);
			schedules += !fl_pruned();
		} while (strategy->end());
		assert_int_equal(schedules, expected[rounds - 1]);
		assert_true(race_bugs > 0);
	}
}

/*
 * Random straight-line programs over few words: the reduced search must end in exactly the states
 * that the full one ends in, and run each Mazurkiewicz trace of the full one exactly once.
 */
#define WORDS	3
#define ACTORS	3
#define ACTIONS 3

static struct {
	uint8_t kind, word;
	bool locked; /* read and written again, holding the word's mutex */
} actions[ACTORS][ACTIONS];
static struct fl_thread_mutex mutexes[WORDS];
static unsigned int action_count[ACTORS];
static uint32_t words[WORDS], registers[ACTORS];

/* What happened before the last write of a word, the reads after it, and each actor's last step. */
static uint64_t last_write[WORDS], reads_since[WORDS], past[ACTORS];
static uint64_t schedules_to_end, traces[2000];
static unsigned int trace_count;

static void trace_access(uintptr_t actor, enum fl_access_kind kind, uint8_t word)
{
	past[actor] = fl_prng_mix(past[actor] * 31 + actor + 1);
	past[actor] = fl_prng_mix(past[actor] + last_write[word]);
	if (kind == FL_ACCESS_READ) {
		reads_since[word] += past[actor];
		return;
	}
	past[actor] = fl_prng_mix(past[actor] + reads_since[word]);
	last_write[word] = past[actor];
	reads_since[word] = 0;
}

static void count_trace(void)
{
	uint64_t hash = 0;
	unsigned int i = 0;

	for (int actor = 0; actor < ACTORS; actor++)
		hash = fl_prng_mix(hash + past[actor]);
	while (i < trace_count && traces[i] != hash)
		i++;
	assert_true(i < 2000);
	traces[i] = hash;
	trace_count += i == trace_count;
	schedules_to_end++;
}

static void act_locked(uintptr_t self, uint8_t word)
{
	uint32_t seen;

	fl_thread_mutex_lock(&mutexes[word]);
	fl_point(FL_ACCESS_READ, (uintptr_t)&words[word], 0);
	seen = words[word];
	fl_point(FL_ACCESS_WRITE, (uintptr_t)&words[word], 0);
	words[word] = seen * 5 + (uint32_t)self + 1;
	fl_thread_mutex_unlock(&mutexes[word]);
}

static void act(void *arg)
{
	uintptr_t self = (uintptr_t)arg;

	for (unsigned int i = 0; i < action_count[self]; i++) {
		enum fl_access_kind kind = actions[self][i].kind;
		uint32_t *word = &words[actions[self][i].word];

		if (actions[self][i].locked) {
			act_locked(self, actions[self][i].word);
			continue;
		}
		fl_point(kind, (uintptr_t)word, 0);
		trace_access(self, kind, actions[self][i].word);
		if (kind == FL_ACCESS_READ)
			registers[self] = registers[self] * 31 + *word;
		else if (kind == FL_ACCESS_WRITE)
			*word = registers[self] + (uint32_t)self + 1;
		else
			*word = *word * 5 + (uint32_t)self + 1;
	}
}

static unsigned int final_states(const char *name, uint64_t *states, unsigned int max)
{
	struct fl_run_options options = {.strategy = start(name)};
	unsigned int count = 0;

	trace_count = 0;
	schedules_to_end = 0;
	do {
		uint64_t hash = 0;
		unsigned int i;

		fl_reset();
		memset(last_write, 0, sizeof(last_write));
		memset(reads_since, 0, sizeof(reads_since));
		memset(past, 0, sizeof(past));
		memset(mutexes, 0, sizeof(mutexes));
		memset(words, 0, sizeof(words));
		memset(registers, 0, sizeof(registers));
		for (int actor = 0; actor < ACTORS; actor++)
			fl_context_activate(1 + actor);
		fl_run(&options);
		if (fl_pruned())
			continue;
		count_trace();
		for (i = 0; i < WORDS; i++)
			hash = fl_prng_mix(hash + words[i]);
		for (i = 0; i < ACTORS; i++)
			hash = fl_prng_mix(hash + registers[i]);
		for (i = 0; i < count && states[i] != hash; i++)
			;
		if (i < count)
			continue;
		assert_true(count < max);
		states[count++] = hash;
	} while (options.strategy->end());
	return count;
}

static void make_actors(void)
{
	fl_machine_init(1, true, NULL);
	for (uintptr_t actor = 0; actor < ACTORS; actor++)
		fl_context_create("actor", FL_CONTEXT_TASK, 0, act, (void *)actor);
	fl_snapshot();
}

static void draw_program(struct fl_prng *prng, unsigned int most_actions, bool locks)
{
	for (int actor = 0; actor < ACTORS; actor++) {
		action_count[actor] = 1 + fl_prng_below(prng, most_actions);
		for (unsigned int i = 0; i < most_actions; i++) {
			actions[actor][i].kind = (uint8_t)(FL_ACCESS_READ + fl_prng_below(prng, 3));
			actions[actor][i].word = (uint8_t)fl_prng_below(prng, WORDS);
			actions[actor][i].locked = locks && fl_prng_below(prng, 2);
		}
	}
}

/* Both searches end in the same states; how many these are. */
static unsigned int compare_states(void)
{
	static uint64_t full[2000], reduced[2000];
	unsigned int full_count = final_states("dfs", full, 2000), found = 0;

	assert_int_equal(final_states("por", reduced, 2000), full_count);
	for (unsigned int i = 0; i < full_count; i++)
		for (unsigned int j = 0; j < full_count; j++)
			found += full[i] == reduced[j];
	assert_int_equal(found, full_count);
	return full_count;
}

static void test_por_runs_each_trace_once(void **state)
{
	static uint64_t states[2000];
	struct fl_prng prng = {.state = 99};
	unsigned int most = 0;

	make_actors();
	for (int program = 0; program < 200; program++) {
		unsigned int count, full_traces;

		draw_program(&prng, ACTIONS, false);
		count = compare_states();
		most = count > most ? count : most;
		assert_int_equal(schedules_to_end, trace_count);
		final_states("dfs", states, 2000);
		full_traces = trace_count;
		final_states("por", states, 2000);
		assert_int_equal(trace_count, full_traces);
	}
	/* Else there was nothing to miss. */
	assert_true(most > 20);
}

/* Who waits for a lock is not eligible, so these schedules are no plain ones. */
static void test_por_with_locks(void **state)
{
	struct fl_prng prng = {.state = 7};
	unsigned int most = 0;

	make_actors();
	for (int program = 0; program < 200; program++) {
		unsigned int count;

		draw_program(&prng, 1, true);
		count = compare_states();
		most = count > most ? count : most;
	}
	assert_true(most >= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_por_counts),
		cmocka_unit_test(test_por_runs_each_trace_once),
		cmocka_unit_test(test_por_with_locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

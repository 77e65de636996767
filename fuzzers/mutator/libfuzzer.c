/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mutator as libFuzzer calls it. A target has it as an object of its own, for libFuzzer looks for these two
 * functions by weak references, which take nothing out of an archive; and only targets of libFuzzer have
 * it, for no other engine calls them. LLVMFuzzerMutate is referred to weakly: a binary without it links, and
 * gets our own changes of bytes. (It must not be called under honggfuzz, which calls none of this.)
 *
 * FAULTLINE_MUTATOR=bytes leaves all mutations to the engine, random ignores what was seen: both are
 * for comparisons.
 */
#include "choice.h"
#include "mutator.h"

#include <case/target.h>

#include <string.h>

/* One mutation in so many is the engine's own: it knows its dictionary, and what code compared with what. */
#define ENGINES_TURN 8

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
				 size_t second_size, uint8_t *result, size_t max_size,
				 unsigned int seed);

static struct fl_mutator_space space;

static void set_space(void)
{
	const struct fl_target *target = fl_target_find(FAULTLINE_TARGET);

	space.operations = target->operations;
	while (target->scenarios[space.scenarios])
		space.scenarios++;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	enum mutator_choice choice = mutator_choice();

	if (choice == MUTATOR_RANDOM)
		return mutator_random(data, max_size, seed);
	if (LLVMFuzzerMutate && (choice == MUTATOR_BYTES || seed % ENGINES_TURN == 0))
		return LLVMFuzzerMutate(data, size, max_size);
	if (choice == MUTATOR_BYTES) {
		size_t mutated =
			fl_mutate_by(FL_MUTATION_change_bytes, NULL, data, size, max_size, seed);

		return mutated ? mutated : size;
	}
	if (!space.operations)
		set_space();
	return fl_mutate(&space, data, size, max_size, seed / ENGINES_TURN);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
				 size_t second_size, uint8_t *result, size_t max_size,
				 unsigned int seed)
{
	/* Nothing: the engine takes another mutation, its own crossing of bytes among them. */
	if (mutator_choice() != MUTATOR_SLOTS)
		return 0;
	return fl_crossover(first, first_size, second, second_size, result, max_size, seed);
}

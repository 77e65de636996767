/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mutations of raw bytes that know their form (core/case/raw_form.h): they change one thing of the case and
 * leave the rest as it was. In particular a preemption that comes, moves or goes leaves the others at their
 * steps, though the form holds differences. Pure functions of their arguments; nothing is allocated or kept.
 */
#ifndef FAULTLINE_FUZZERS_MUTATOR_H
#define FAULTLINE_FUZZERS_MUTATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is worth to be tried; anything else has a meaning too. */
struct fl_mutator_space {
	uint64_t operations;	/* mask by code, as struct fl_target's */
	unsigned int scenarios; /* their number, 1 to 128 */
};

/* X(name): the kinds of mutations, and how often each is taken. */
#define FL_MUTATIONS(X)                                                                            \
	X(add_preemption, 8)                                                                       \
	X(move_preemption, 6)                                                                      \
	X(remove_preemption, 4)                                                                    \
	X(change_context, 4)                                                                       \
	X(insert_operation, 3)                                                                     \
	X(drop_operation, 3)                                                                       \
	X(swap_operations, 2)                                                                      \
	X(change_operation, 2)                                                                     \
	X(change_argument, 3)                                                                      \
	X(splice, 2)                                                                               \
	X(insert_slots, 24)                                                                        \
	X(change_actor, 2)                                                                         \
	X(flip_knob, 6)                                                                            \
	X(change_draw, 6)                                                                          \
	X(add_answer, 2)                                                                           \
	X(change_answer, 2)                                                                        \
	X(drop_answer, 1)                                                                          \
	X(change_client, 2)                                                                        \
	X(change_scenario, 2)                                                                      \
	X(change_cpu, 2)                                                                           \
	X(change_bytes, 6)

enum fl_mutation {
#define FL_MUTATION_ENUM(name, weight) FL_MUTATION_##name,
	FL_MUTATIONS(FL_MUTATION_ENUM)
#undef FL_MUTATION_ENUM
		FL_MUTATION_COUNT
};
extern const char *const fl_mutation_names[FL_MUTATION_COUNT];

/*
 * Change the @size bytes at @data, which has room for @max_size, in one to a few ways that @seed chooses.
 * @space NULL: every operation. Returns the new size, 1 to @max_size; 0 only if @max_size is 0. Of an input
 * that is longer than @max_size the rest is dropped.
 */
size_t fl_mutate(const struct fl_mutator_space *space, uint8_t *data, size_t size, size_t max_size,
		 uint32_t seed);

/*
 * The same with one mutation of one kind. Returns 0 if there is nothing that it could change or no room
 * for the result; @data may then hold the same case in other bytes.
 */
size_t fl_mutate_by(enum fl_mutation kind, const struct fl_mutator_space *space, uint8_t *data,
		    size_t size, size_t max_size, uint32_t seed);

/*
 * A case of parts of two, in @result with room for @max_size: the beginning of one and the end of the other,
 * or what one does (program, knobs) in the other's schedule. Returns its size; 0 only if @max_size or
 * both sizes are 0.
 */
size_t fl_crossover(const uint8_t *first, size_t first_size, const uint8_t *second,
		    size_t second_size, uint8_t *result, size_t max_size, uint32_t seed);

#endif

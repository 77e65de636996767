/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mutations of programs and of answers. Each returns false if there is nothing to change or no room. */
#ifndef FAULTLINE_FUZZERS_MUTATOR_PROGRAM_H
#define FAULTLINE_FUZZERS_MUTATOR_PROGRAM_H

#include "slots.h"

/* --- program.c -------------------------------------------------------------------------------- */

bool slots_insert_operation(struct slots *slots);
bool slots_drop_operation(struct slots *slots);
bool slots_swap_operations(struct slots *slots);
bool slots_change_operation(struct slots *slots); /* what is done; the arguments stay */
bool slots_change_argument(struct slots *slots);
bool slots_splice(struct slots *slots); /* a copy of some slots somewhere else */
bool slots_change_actor(struct slots *slots);
bool slots_change_client(struct slots *slots);

/* --- answers.c: what is left open, and by whom ------------------------------------------------ */

bool slots_flip_knob(struct slots *slots);
bool slots_change_draw(struct slots *slots);
bool slots_add_answer(struct slots *slots);
bool slots_change_answer(struct slots *slots);
bool slots_drop_answer(struct slots *slots);
bool slots_change_scenario(struct slots *slots);
bool slots_change_cpu(struct slots *slots);

#endif

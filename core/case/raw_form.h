/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout of raw bytes, for their reader and their writer.
 *
 *   head: scenario (bit 7: its program is spelled out by the slots, else built, and slots add to it),
 *         CPUs (bit n: the answer to choice n of a CPU)
 *   slots, by their first byte:
 *   00-7f  preempt  context in 6 bits; steps since the one before. 240 and more: wait, see below
 *   80-bf  operation  code in 6 bits; arguments, in the mixed base of their limits
 *   c0-df  answer  what in 2 bits, kind in 3; value
 *   e0-ef  draw  number in 4 bits; what the scenario leaves open
 *   f0-f9  knob  number in 6 bits (its highest is bit 0 here), value in 3
 *   fa-fb  client  field in 3 bits, value in 5
 *   fc-ff  actor  name in 6 bits (its highest is bit 0 here), CPU in 3
 *
 * Half of all slots are preemptions, for those are what a race needs most.
 */
#ifndef FAULTLINE_CASE_RAW_FORM_H
#define FAULTLINE_CASE_RAW_FORM_H

#include "raw.h"

#define RAW_HEAD_SIZE	 2
#define RAW_SLOT_SIZE	 2
#define RAW_SPELLED	 0x80
#define RAW_CPU_BITS	 8

#define RAW_PREEMPT	 0x00
#define RAW_OPERATION	 0x80
#define RAW_ANSWER	 0xc0
#define RAW_DRAW	 0xe0
#define RAW_KNOB	 0xf0
#define RAW_CLIENT	 0xfa
#define RAW_ACTOR	 0xfc

/* A preempt slot that waits: 240 steps and (second byte - 240) * 64 + context more, and no preemption. */
#define RAW_WAIT	 240
#define RAW_WAIT_LONGEST (16 * 64 - 1)

/* What an answer slot does. 0 and 1 are the same, so that half of them answer. */
#define RAW_ANSWER_VALUE 0
#define RAW_ANSWER_SKIP	 2 /* value + 1 calls are answered 0 */
#define RAW_ANSWER_HIGH	 3 /* value is the high byte of the next answer */
#define RAW_ANSWER_KINDS 8
extern const uint8_t raw_answer_kinds[RAW_ANSWER_KINDS]; /* enum fl_choice_kind */

#define RAW_DRAWS 16

/* Names that an actor can have, by number: those of the scenarios, then numbered ones. */
struct raw_name {
	const char *name;
	bool agent;
};
extern const struct raw_name raw_names[];
extern const unsigned int raw_name_count;
/* The number of a name of an agent or a task, or -1. */
int raw_name_find(const char *name, bool agent);
/* The first numbered name that no actor of @program has. */
unsigned int raw_name_unused(const struct fl_program *program, bool agent);
/* The index of the actor called @name, or -1. */
int raw_actor_find(const struct fl_program *program, const char *name);

#endif

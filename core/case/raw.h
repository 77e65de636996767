/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzzer's raw bytes as a case. Any byte string is valid for a target; docs/scenarios.md describes the
 * form. It is a head of two bytes and then slots of two bytes, each of which is one small change of the
 * target's plain case: a knob, an operation, an answer, a preemption. Slots of one kind are taken in
 * their order, whatever stands between them, so:
 *  - an input cut short is the same case without its last changes, an empty one is the plain case;
 *  - spliced inputs are the changes of both;
 *  - no input is refused: what a number cannot mean becomes what it means modulo the possible.
 */
#ifndef FAULTLINE_CASE_RAW_H
#define FAULTLINE_CASE_RAW_H

#include <case/target.h>
#include <case/world.h>

/*
 * One run, made by @data. The world was made for @target's profile, else the program ends with a
 * message. Allocates nothing and keeps nothing: the bytes are read during the run only. The schedule is
 * fair, so every invariant is judged. fl_world_record() gives the case afterwards.
 */
void fl_world_raw(const struct fl_target *target, const uint8_t *data, size_t size,
		  struct fl_outcome *outcome);

/*
 * The bytes that make @source: its program spelled out, its knobs, and each of its decisions. Exact for
 * what fl_world_raw() made and fl_world_record() recorded: those bytes make an equal case. A case
 * that another strategy made may run otherwise, for a raw schedule takes turns where that one may have
 * been unfair; and actors whose names are in no scenario are renamed. Run it, and compare.
 * Stores up to @size bytes in @buffer; returns how many, or 0 with one line in @error if the target cannot
 * express the case, or not in so many.
 */
size_t fl_raw_encode(const struct fl_target *target, const struct fl_case *source, uint8_t *buffer,
		     size_t size, char *error, size_t error_size);

/* Bytes that are enough for any case that a run can have, within its limit of steps. */
#define FL_RAW_SIZE (256u << 10)

#endif

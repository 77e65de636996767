/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that is parsed, there and back: cases as text, packed cases, suppression files. What is refused
 * is refused in one line; what is accepted comes back from each of its forms as it was.
 */
#ifndef FAULTLINE_TRIAGE_ROUND_TRIP_H
#define FAULTLINE_TRIAGE_ROUND_TRIP_H

#include <stddef.h>
#include <stdint.h>

/*
 * Parse any bytes, and print and pack what is accepted. What is wrong about it traps, with an assertion's
 * line on standard error. Returns a hash over all that was printed and refused.
 */
uint64_t fl_round_trip(const uint8_t *data, size_t size);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sled: a switch whose cases do nothing. Compiled with an engine's instrumentation, each case is an
 * edge of its own. So any engine that sees edges sees features; the price is as many entries in its map.
 *
 * The assembly of each case is an empty comment with its number in it: without something that differs the
 * optimiser would make all cases one, before the instrumentation comes.
 */
#include "feedback.h"

#define SLOTS (1u << 12)
_Static_assert(SLOTS <= FUZZ_FEEDBACK_MAX_SLOTS, "more slots than there are runs kept of");

const uint32_t fuzz_feedback_slots = SLOTS;

#define CASE(n)                                                                                    \
	case n:                                                                                    \
		__asm__ volatile("/* feature " #n " */");                                          \
		break;
#define CASES_16(n)                                                                                \
	CASE(n##0)                                                                                 \
	CASE(n##1) CASE(n##2) CASE(n##3) CASE(n##4) CASE(n##5) CASE(n##6) CASE(n##7) CASE(n##8)    \
		CASE(n##9) CASE(n##a) CASE(n##b) CASE(n##c) CASE(n##d) CASE(n##e) CASE(n##f)
#define CASES_256(n)                                                                               \
	CASES_16(n##0)                                                                             \
	CASES_16(n##1) CASES_16(n##2) CASES_16(n##3) CASES_16(n##4) CASES_16(n##5) CASES_16(n##6)  \
		CASES_16(n##7) CASES_16(n##8) CASES_16(n##9) CASES_16(n##a) CASES_16(n##b)         \
			CASES_16(n##c) CASES_16(n##d) CASES_16(n##e) CASES_16(n##f)

__attribute__((noinline)) void fuzz_feedback_show(uint32_t slot)
{
	switch (slot & (SLOTS - 1)) {
		CASES_256(0x0)
		CASES_256(0x1) CASES_256(0x2) CASES_256(0x3) CASES_256(0x4) CASES_256(0x5)
			CASES_256(0x6) CASES_256(0x7) CASES_256(0x8) CASES_256(0x9) CASES_256(0xa)
				CASES_256(0xb) CASES_256(0xc) CASES_256(0xd) CASES_256(0xe)
					CASES_256(0xf)
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer's extra counters: it finds the section by its name, clears it before each run, and takes each
 * byte that is not 0 as a feature. Without "used" and "volatile" the optimiser drops what nobody reads.
 */
#include "feedback.h"

#define SLOTS (1u << 12)
_Static_assert(SLOTS <= FUZZ_FEEDBACK_MAX_SLOTS, "more slots than there are runs kept of");

__attribute__((section("__libfuzzer_extra_counters"),
	       used)) static volatile uint8_t counters[SLOTS];

const uint32_t fuzz_feedback_slots = SLOTS;

void fuzz_feedback_show(uint32_t slot)
{
	counters[slot] = 1;
}

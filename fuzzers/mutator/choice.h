/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FAULTLINE_MUTATOR: which mutator a run of an engine is to have. For comparisons. */
#ifndef FAULTLINE_FUZZERS_MUTATOR_CHOICE_H
#define FAULTLINE_FUZZERS_MUTATOR_CHOICE_H

#include <stddef.h>
#include <stdint.h>

enum mutator_choice {
	MUTATOR_SLOTS,	/* "slots", or not set: the one that knows the form */
	MUTATOR_BYTES,	/* "bytes": the engine's own */
	MUTATOR_RANDOM, /* "random": each input is random, whatever was seen before */
};

/* Another word ends the process with one line and exit status 2. */
enum mutator_choice mutator_choice(void);

/* Random bytes, 1 to @max_size of them. Returns how many; 0 if @max_size is. */
size_t mutator_random(uint8_t *data, size_t max_size, uint32_t seed);

#endif

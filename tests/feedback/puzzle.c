// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A puzzle without branches: four pairs of bytes, each of which must be one of 512 among 65536, and each
 * counts only if those before it were right. Edges show nothing of how far an input came.
 * PUZZLE=blind: nobody is told of features either.
 */
#include "feedback.h"

#include <feedback/feedback.h>

#include <stddef.h>
#include <stdlib.h>

#define STEPS 4

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
	(void)argument_count;
	(void)arguments;
	/* There is no world here to be watched: of this kind only events are. */
	fuzz_feedback_start(getenv("PUZZLE") ? 0 : 1u << FL_FEATURE_LOCK_ORDER);
	return 0;
}

__attribute__((no_sanitize("coverage"))) int LLVMFuzzerTestOneInput(const uint8_t *data,
								    size_t size)
{
	uint64_t right = 1, steps = 0;

	if (size < 2 * STEPS)
		return 0;
	fuzz_feedback_begin();
	for (unsigned int i = 0; i < STEPS; i++) {
		uint64_t pair = data[2 * i] | (uint64_t)data[2 * i + 1] << 8;

		right &= !(fl_feature_pair(i, pair) & 0x7f);
		steps += right;
		fl_feature(FL_FEATURE_LOCK_ORDER, steps);
	}
	if (steps == STEPS)
		__builtin_trap();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes: a fuzzer's input makes the decisions, one byte each (two where there are more than 256
 * answers). Byte 0 is always "nothing special": the fallback, or answer 0; the contexts that are
 * eligible besides the fallback follow it in cyclic order. So an input cut short goes on without
 * preemption, and equal bytes keep their meaning wherever a splice puts them.
 */
#include "strategy.h"

#include <errno.h>

static const uint8_t *input;
static size_t input_size;
static size_t position;

void fl_bytes_set(const uint8_t *data, size_t size)
{
	input = data;
	input_size = size;
}

static uint32_t next_below(uint32_t n)
{
	uint32_t value = 0;

	if (position < input_size)
		value = input[position++];
	if (n > 256 && position < input_size)
		value |= (uint32_t)input[position++] << 8;
	return value % n;
}

static int bytes_start(uint64_t seed, const char *argument, const char **error)
{
	if (argument) {
		*error = "strategy bytes takes no argument";
		return -EINVAL;
	}
	return 0;
}

static void bytes_begin(uint64_t schedule)
{
	position = 0;
}

static fl_context_t bytes_pick(uint64_t eligible, fl_context_t fallback)
{
	uint32_t skip = next_below((uint32_t)__builtin_popcountll(eligible));
	uint64_t above = eligible & (~0ull << fallback);
	uint64_t below = eligible & ~above;
	uint32_t count_above = (uint32_t)__builtin_popcountll(above);
	uint64_t mask = skip < count_above ? above : below;

	if (skip >= count_above)
		skip -= count_above;
	while (skip--)
		mask &= mask - 1;
	return __builtin_ctzll(mask);
}

static uint32_t bytes_choose(enum fl_choice_kind kind, uint32_t n)
{
	return next_below(n);
}

const struct fl_strategy fl_strategy_bytes = {
	.name = "bytes",
	.help = "a fuzzer's input makes the decisions",
	.start = bytes_start,
	.begin = bytes_begin,
	.pick = bytes_pick,
	.choose = bytes_choose,
};

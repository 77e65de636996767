/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "choice.h"

#include <engine/prng.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum mutator_choice choose(void)
{
	const char *word = getenv("FAULTLINE_MUTATOR");

	if (!word || !strcmp(word, "slots"))
		return MUTATOR_SLOTS;
	if (!strcmp(word, "bytes"))
		return MUTATOR_BYTES;
	if (!strcmp(word, "random"))
		return MUTATOR_RANDOM;
	fprintf(stderr, "FAULTLINE_MUTATOR=%s: there are slots, bytes and random\n", word);
	exit(2);
}

enum mutator_choice mutator_choice(void)
{
	static enum mutator_choice choice;
	static bool known;

	if (!known)
		choice = choose();
	known = true;
	return choice;
}

size_t mutator_random(uint8_t *data, size_t max_size, uint32_t seed)
{
	struct fl_prng prng = fl_prng_of(fl_prng_search(seed, 1), 0);
	size_t size;

	if (!max_size)
		return 0;
	size = 1 + fl_prng_below(&prng, (uint32_t)max_size);
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)fl_prng_below(&prng, 256);
	return size;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mutator as AFL++ calls it: a shared library, named by AFL_CUSTOM_MUTATOR_LIBRARY. Written from the
 * documented interface, checked with 4.04c; nothing of AFL++ is compiled in. AFL++ is under the Apache licence
 * 2.0, which goes together with version 3 of the GPL: who distributes both as one work does so under that.
 *
 * FAULTLINE_MUTATOR=bytes leaves inputs to AFL++'s own stages, random ignores what was seen.
 */
#include "choice.h"
#include "mutator.h"

#include <engine/prng.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What AFL++ allows for an input, at most. */
#define MOST_BYTES   (1u << 20)
/* One in so many crosses two inputs. */
#define CROSSES_TURN 8

struct mutator {
	struct fl_prng prng;
	uint8_t *buffer;
};

void *afl_custom_init(void *afl, unsigned int seed);
unsigned int afl_custom_fuzz_count(void *data, const unsigned char *buffer, size_t size);
size_t afl_custom_fuzz(void *data, unsigned char *buffer, size_t size, unsigned char **result,
		       unsigned char *other, size_t other_size, size_t max_size);
const char *afl_custom_describe(void *data, size_t max_length);
void afl_custom_deinit(void *data);

/* NULL if there is no memory, which AFL++ tells. */
void *afl_custom_init(void *afl, unsigned int seed)
{
	struct mutator *mutator = malloc(sizeof(*mutator));

	(void)afl;
	if (!mutator)
		return NULL;
	mutator_choice(); /* refuses a wrong word before anything runs */
	mutator->prng = fl_prng_of(fl_prng_search(seed, 0), 0);
	mutator->buffer = malloc(MOST_BYTES);
	if (!mutator->buffer) {
		free(mutator);
		return NULL;
	}
	return mutator;
}

/* How many inputs are made of one, each time that its turn comes. */
unsigned int afl_custom_fuzz_count(void *data, const unsigned char *buffer, size_t size)
{
	(void)data;
	(void)buffer;
	(void)size;
	return mutator_choice() == MUTATOR_BYTES ? 0 : 256;
}

/* The library's own buffer is the result, valid until the next call. 0: nothing is tried. */
size_t afl_custom_fuzz(void *data, unsigned char *buffer, size_t size, unsigned char **result,
		       unsigned char *other, size_t other_size, size_t max_size)
{
	struct mutator *mutator = data;
	uint32_t seed = (uint32_t)(fl_prng_next(&mutator->prng) >> 32);

	if (max_size > MOST_BYTES)
		max_size = MOST_BYTES;
	if (size > max_size)
		size = max_size;
	*result = mutator->buffer;
	if (mutator_choice() == MUTATOR_BYTES)
		return 0;
	if (mutator_choice() == MUTATOR_RANDOM)
		return mutator_random(mutator->buffer, max_size, seed);
	if (other && other_size && seed % CROSSES_TURN == 0) {
		size = fl_crossover(buffer, size, other, other_size, mutator->buffer, max_size,
				    seed);
	} else if (size) {
		memcpy(mutator->buffer, buffer, size);
	}
	return fl_mutate(NULL, mutator->buffer, size, max_size, seed);
}

/* For the names of files in AFL++'s queue. */
const char *afl_custom_describe(void *data, size_t max_length)
{
	static char text[] = "faultline";

	(void)data;
	return max_length >= sizeof(text) ? text : "";
}

void afl_custom_deinit(void *data)
{
	struct mutator *mutator = data;

	free(mutator->buffer);
	free(mutator);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What AFL++ calls, without AFL++: the same seed gives the same inputs, inside their bounds. */
#include "mutator_test.h"

#include <stdlib.h>

void *afl_custom_init(void *afl, unsigned int seed);
unsigned int afl_custom_fuzz_count(void *data, const unsigned char *buffer, size_t size);
size_t afl_custom_fuzz(void *data, unsigned char *buffer, size_t size, unsigned char **result,
		       unsigned char *other, size_t other_size, size_t max_size);
const char *afl_custom_describe(void *data, size_t max_length);
void afl_custom_deinit(void *data);

static void test_same_seed(void **state)
{
	void *one = afl_custom_init(NULL, 7), *same = afl_custom_init(NULL, 7);
	uint8_t input[MOST_BYTES], kept[MOST_BYTES], other[MOST_BYTES], *result, *again;
	unsigned int changed = 0;

	assert_non_null(one);
	assert_non_null(same);
	assert_int_not_equal(afl_custom_fuzz_count(one, input, 0), 0);
	for (unsigned int i = 0; i < 20000; i++) {
		size_t size = random_bytes(input, MOST_BYTES),
		       more = random_bytes(other, MOST_BYTES);
		size_t max_size = 1 + below(MOST_BYTES), mutated;

		memcpy(kept, input, size);
		mutated = afl_custom_fuzz(one, input, size, &result, other, more, max_size);
		assert_in_range(mutated, 1, max_size);
		assert_memory_equal(kept, input, size);
		assert_int_equal(afl_custom_fuzz(same, input, size, &again, other, more, max_size),
				 mutated);
		assert_memory_equal(result, again, mutated);
		changed += mutated != size || memcmp(result, input, size);
	}
	assert_true(changed > 19000);
	assert_string_equal(afl_custom_describe(one, 64), "faultline");
	assert_string_equal(afl_custom_describe(one, 3), "");
	afl_custom_deinit(one);
	afl_custom_deinit(same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed),
	};

	unsetenv("FAULTLINE_MUTATOR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

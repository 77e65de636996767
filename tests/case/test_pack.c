/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packed form: round trips, one form only, and everything else refused. */
#include "case_test.h"

static struct fl_case original, again;
static uint8_t packed[256 << 10];
static char message[256];

static size_t pack_random(void)
{
	size_t size;

	random_case(&original);
	size = fl_case_pack(&original, packed, sizeof(packed));
	assert_in_range(size, 1, sizeof(packed));
	return size;
}

static void round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 400; i++) {
		size_t size = pack_random();
		size_t text_size, again_size;
		char *text, *text_again;

		/* Asking first how many bytes it needs gives the same number. */
		assert_int_equal(fl_case_pack(&original, NULL, 0), size);
		if (fl_case_unpack(&again, packed, size, message, sizeof(message)))
			fail_msg("%s", message);
		assert_memory_equal(&original, &again, sizeof(original));
		text = text_of(&original, &text_size);
		text_again = text_of(&again, &again_size);
		assert_string_equal(text, text_again);
		free(text);
		free(text_again);
	}
}

static void must_be_refused(size_t size)
{
	*message = '\0';
	assert_int_not_equal(fl_case_unpack(&again, packed, size, message, sizeof(message)), 0);
	assert_true(*message);
	assert_null(strchr(message, '\n'));
}

static void truncations(void **state)
{
	size_t size = pack_random();

	(void)state;
	while (size--)
		must_be_refused(size);
}

static void single_byte_damage(void **state)
{
	size_t size;

	(void)state;
	do {
		size = pack_random();
	} while (size > 2000);
	for (size_t at = 0; at < size; at++) {
		uint8_t was = packed[at];

		for (unsigned int value = 0; value < 256; value++) {
			if (value == was)
				continue;
			packed[at] = (uint8_t)value;
			must_be_refused(size);
		}
		packed[at] = was;
	}
}

static void set_u32(size_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		packed[at + (size_t)i] = (uint8_t)(value >> 8 * i);
}

/*
 * Damage under a checksum that was made right again: refused, or exactly the case that it packs
 * into.
 */
static void forged(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		size_t size = pack_random(), again_size;
		static uint8_t repacked[256 << 10];

		packed[20 + below((uint32_t)size - 20)] = (uint8_t)below(256);
		set_u32(16, case_crc32(packed + 20, size - 20));
		if (fl_case_unpack(&again, packed, size, message, sizeof(message))) {
			assert_null(strchr(message, '\n'));
			continue;
		}
		again_size = fl_case_pack(&again, repacked, sizeof(repacked));
		assert_int_equal(again_size, size);
		assert_memory_equal(repacked, packed, size);
	}
}

static void messages(void **state)
{
	size_t size = pack_random();

	(void)state;
	must_be_refused(3);
	assert_string_equal(message, "this is no packed case");
	must_be_refused(size - 1);
	assert_string_equal(message, "the packed case is cut short, or something stands behind it");
	packed[size] = 0;
	must_be_refused(size + 1);
	assert_string_equal(message, "the packed case is cut short, or something stands behind it");
	packed[25] ^= 1;
	must_be_refused(size);
	assert_string_equal(message, "the packed case is damaged: its checksum is wrong");
	packed[8] = 2;
	must_be_refused(size);
	assert_string_equal(message, "version 2 of packed cases; this program reads version 1");
}

static void crc_is_the_usual_one(void **state)
{
	(void)state;
	assert_int_equal(case_crc32((const uint8_t *)"123456789", 9), 0xcbf43926);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),	      cmocka_unit_test(truncations),
		cmocka_unit_test(single_byte_damage), cmocka_unit_test(forged),
		cmocka_unit_test(messages),	      cmocka_unit_test(crc_is_the_usual_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

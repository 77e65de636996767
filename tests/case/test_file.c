/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases in files: either form, atomic replacement, and files that are no cases. */
#include "case_test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static struct fl_case original, again;
static char folder[] = "/tmp/faultline-case-XXXXXX";
static char path[256], beside[256];
static char message[512];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/a.case", folder);
	snprintf(beside, sizeof(beside), "%s/a.case.%ld.new", folder, (long)getpid());
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(folder);
}

static void write_bytes(const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void save_and_load(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		random_case(&original);
		if (fl_case_save(&original, path, message, sizeof(message)))
			fail_msg("%s", message);
		if (fl_case_load(&again, path, message, sizeof(message)))
			fail_msg("%s", message);
		assert_memory_equal(&original, &again, sizeof(original));
		assert_int_equal(access(beside, F_OK), -1);
	}
}

static void load_packed(void **state)
{
	static uint8_t packed[256 << 10];
	size_t size;

	(void)state;
	random_case(&original);
	size = fl_case_pack(&original, packed, sizeof(packed));
	write_bytes(packed, size);
	if (fl_case_load(&again, path, message, sizeof(message)))
		fail_msg("%s", message);
	assert_memory_equal(&original, &again, sizeof(original));
	write_bytes(packed, size - 5);
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, ": the packed case is cut short"));
}

static void not_cases(void **state)
{
	static char large[(1 << 20) + 1];
	char junk[600];

	(void)state;
	write_bytes("", 0);
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "nothing here"));
	for (size_t i = 0; i < sizeof(junk); i++)
		junk[i] = (char)below(256);
	write_bytes(junk, sizeof(junk));
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), -EINVAL);
	memset(large, ' ', sizeof(large));
	write_bytes(large, sizeof(large));
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "is larger than any case"));
	assert_int_equal(fl_case_load(&again, folder, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "Is a directory"));
	unlink(path);
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), -EINVAL);
	assert_non_null(strstr(message, "No such file or directory"));
}

/* What is there stays, and nothing is left beside it. */
static void never_replaced(void **state)
{
	(void)state;
	random_case(&original);
	unlink(path);
	assert_int_equal(fl_case_save_new(&original, path, message, sizeof(message)), 0);
	random_case(&again);
	assert_int_equal(fl_case_save_new(&again, path, message, sizeof(message)), -EEXIST);
	assert_int_equal(access(beside, F_OK), -1);
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), 0);
	assert_memory_equal(&original, &again, sizeof(original));
}

/* A failing save leaves the old file, and nothing beside it. */
static void disk_full(void **state)
{
	(void)state;
	random_case(&original);
	assert_int_equal(fl_case_save(&original, path, message, sizeof(message)), 0);
	if (access("/dev/full", W_OK) || symlink("/dev/full", beside))
		skip();
	random_case(&again);
	assert_int_equal(fl_case_save(&again, path, message, sizeof(message)), -ENOSPC);
	assert_non_null(strstr(message, "No space left on device"));
	assert_int_equal(access(beside, F_OK), -1);
	assert_int_equal(fl_case_load(&again, path, message, sizeof(message)), 0);
	assert_memory_equal(&original, &again, sizeof(original));
}

static void no_such_folder(void **state)
{
	(void)state;
	random_case(&original);
	assert_int_equal(
		fl_case_save(&original, "/nowhere/at/all/a.case", message, sizeof(message)),
		-ENOENT);
	assert_string_equal(message,
			    "cannot write /nowhere/at/all/a.case: No such file or directory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(save_and_load), cmocka_unit_test(load_packed),
		cmocka_unit_test(not_cases),	 cmocka_unit_test(never_replaced),
		cmocka_unit_test(disk_full),	 cmocka_unit_test(no_such_folder),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loader: what it finds, what it refuses, and that each probe starts from the file's own state. */
#include "subject_test.h"

#include <sys/stat.h>
#include <unistd.h>

static const char *compiler;
static char folder[] = "/tmp/faultline-loader-XXXXXX";

/* Build NAME.so from @source in the folder. */
static void build(const char *name, const char *source)
{
	char command[512], path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/source.c", folder);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(source, file);
	fclose(file);
	snprintf(command, sizeof(command), "%s -shared -fPIC -I%s -o %s/%s.so %s", compiler,
		 FAULTLINE_INCLUDE, folder, name, path);
	assert_int_equal(system(command), 0);
}

#define SOURCE(abi, extra)                                                                         \
	"#include <faultline/subject.h>\n"                                                         \
	"static int probes = 5;\n"                                                                 \
	"static int zeroed;\n"                                                                     \
	"static int probe(const struct fl_hardware *hardware) { return probes++ + zeroed++; }\n"   \
	"const struct fl_subject faultline_subject = { .host_abi = " abi                           \
	", .name = \"linux:x\", .help = \"h\", .version = \"\", .probe = probe" extra " };\n"

static int set_up(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	setenv("FAULTLINE_SUBJECTS", folder, 1);
	build("good", SOURCE("FL_HOST_ABI", ""));
	build("good.mem", SOURCE("FL_HOST_ABI", ", .features = FL_SUBJECT_MEMORY"));
	build("good.free", SOURCE("FL_HOST_ABI | FL_HOST_FREE", ""));
	build("old", SOURCE("FL_HOST_ABI + 1", ""));
	build("none", "int x;\n");
	build("wants", "extern int nobody; int *x = &nobody;\n");
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void test_probe_is_fresh(void **state)
{
	char error[256], path[128];
	const struct fl_subject *subject = fl_subject_load("linux:good", error, sizeof(error));

	(void)state;
	assert_non_null(subject);
	for (unsigned int i = 0; i < 3; i++)
		assert_int_equal(subject->probe(NULL), 5);
	snprintf(path, sizeof(path), "%s/good.so", folder);
	assert_ptr_equal(fl_subject_load(path, error, sizeof(error)), subject);
}

/* What the subject changed goes with a reset. */
static void test_snapshot(void **state)
{
	char error[256];
	const struct fl_subject *subject = fl_subject_load("linux:good", error, sizeof(error));

	(void)state;
	assert_non_null(subject);
	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	assert_int_equal(subject->probe(NULL), 5);
	fl_snapshot();
	fl_reset();
	assert_int_equal(subject->probe(NULL), 5);
}

static void test_memory_form(void **state)
{
	char error[256];
	const struct fl_subject *subject = fl_subject_load("linux:good", error, sizeof(error));
	const struct fl_subject *memory = fl_subject_for_memory(subject, error, sizeof(error));

	(void)state;
	assert_non_null(memory);
	assert_ptr_not_equal(memory, subject);
	assert_true(memory->features & FL_SUBJECT_MEMORY);
	assert_ptr_equal(fl_subject_for_memory(memory, error, sizeof(error)), memory);
}

static void test_threads_form(void **state)
{
	char error[256];
	const struct fl_subject *subject = fl_subject_load("linux:good", error, sizeof(error));
	const struct fl_subject *threads = fl_subject_for_threads(subject, error, sizeof(error));
	struct fl_subject real = *subject;

	(void)state;
	assert_non_null(threads);
	assert_ptr_not_equal(threads, subject);
	assert_true(threads->host_abi & FL_HOST_FREE);
	assert_ptr_equal(fl_subject_for_threads(threads, error, sizeof(error)), threads);
	/* One that has none is told what builds it, by what it is. */
	assert_null(fl_subject_for_threads(&real, error, sizeof(error)));
	assert_non_null(strstr(error, "-include faultline/free.h"));
	real.features |= FL_SUBJECT_REAL;
	assert_null(fl_subject_for_threads(&real, error, sizeof(error)));
	assert_non_null(strstr(error, "'scripts/add-linux --threads TREE x'"));
}

static void refused(const char *name, const char *wanted)
{
	char error[512] = "";

	assert_null(fl_subject_load(name, error, sizeof(error)));
	if (!strstr(error, wanted) || strchr(error, '\n'))
		fail_msg("'%s' was refused with '%s', wanted '%s'", name, error, wanted);
}

static void test_refused(void **state)
{
	(void)state;
	refused("linux:absent", "'scripts/add-linux TREE absent'");
	refused("/nowhere/x.so", "/nowhere/x.so: no such file");
	refused("linux:none", "exports no faultline_subject");
	refused("linux:old", "built for floor");
	refused("linux:wants", "undefined symbol: nobody");
}

static void test_list(void **state)
{
	struct fl_subject_list list;

	(void)state;
	fl_subject_list(&list);
	assert_int_equal(list.count, 4);
	assert_string_equal(list.names[0], "linux:good");
	assert_string_equal(list.names[3], "linux:wants");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_probe_is_fresh), cmocka_unit_test(test_snapshot),
		cmocka_unit_test(test_memory_form),    cmocka_unit_test(test_threads_form),
		cmocka_unit_test(test_refused),	       cmocka_unit_test(test_list),
	};

	compiler = argc > 1 ? argv[1] : "cc";
	return cmocka_run_group_tests_name("loader", tests, set_up, tear_down);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suppression files: what they excuse and until when, and what every mistake is answered with. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <triage/suppressions.h>

static struct fl_suppressions list, again;
static char message[256];

static void parse(const char *text)
{
	if (fl_suppressions_parse(&list, text, strlen(text), "x", message, sizeof(message)))
		fail_msg("%s", message);
}

static const struct fl_suppression *find(const char *invariant, const char *signature,
					 fl_day_t today)
{
	int index = fl_invariant_find(invariant);

	assert_true(index >= 0);
	return fl_suppressions_find(&list, (unsigned int)index, signature, today);
}

static const char example[] =
	"# What is known of guard-v2.\n"
	"\n"
	"irq-storm \"irq-storm in arm_smmu_global_fault (unretired while SUSPENDED, gated)\" "
	"reason \"known: # guard-v2\" until 2027-06-30\n"
	"  irq-storm\t\"irq-storm in f\" reason \"second\"  # a comment\n"
	"dead-line \"*\" reason \"all of them\" until 2028-02-29\n"
	"dead-line \"dead-line in g\" reason \"this one\"";

static void example_is_read(void **state)
{
	const char *global =
		"irq-storm in arm_smmu_global_fault (unretired while SUSPENDED, gated)";
	const struct fl_suppression *found;

	(void)state;
	parse(example);
	assert_int_equal(list.count, 4);
	found = find("irq-storm", global, 20270630);
	assert_non_null(found);
	assert_string_equal(found->reason, "known: # guard-v2");
	assert_int_equal(found->line, 3);
	assert_null(find("irq-storm", global, 20270701));
	assert_non_null(find("irq-storm", global, FL_NO_DAY));
	assert_null(find("irq-storm", "irq-storm in arm_smmu_global_fault", 20270630));
	assert_string_equal(find("irq-storm", "irq-storm in f", 99991231)->reason, "second");
	/* A line with the very signature goes before one with "*", and stays when that is over. */
	assert_string_equal(find("dead-line", "dead-line in h", 20280229)->reason, "all of them");
	assert_null(find("dead-line", "dead-line in h", 20280301));
	assert_string_equal(find("dead-line", "dead-line in g", 20280229)->reason, "this one");
	assert_string_equal(find("dead-line", "dead-line in g", 20280301)->reason, "this one");
	assert_null(find("irq-storm", "dead-line in g", FL_NO_DAY));
}

static void empty_excuses_nothing(void **state)
{
	(void)state;
	parse("");
	assert_int_equal(list.count, 0);
	parse("# nothing known\n\n");
	assert_int_equal(list.count, 0);
	assert_null(find("irq-storm", "irq-storm in f", FL_NO_DAY));
}

static void round_trip(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	parse(example);
	out = open_memstream(&text, &size);
	assert_non_null(out);
	assert_int_equal(fl_suppressions_print(&list, out), 0);
	fclose(out);
	if (fl_suppressions_parse(&again, text, size, "x", message, sizeof(message)))
		fail_msg("%s\n%s", message, text);
	assert_int_equal(again.count, list.count);
	for (unsigned int i = 0; i < list.count; i++) {
		assert_int_equal(again.entries[i].line, i + 1);
		again.entries[i].line = list.entries[i].line;
	}
	assert_memory_equal(&again, &list, sizeof(list));
	free(text);
}

#define STORM "irq-storm \"irq-storm in f\" "
#define FORM  "; a line is INVARIANT \"SIGNATURE\" reason \"TEXT\" [until YYYY-MM-DD]"

static const struct {
	const char *text, *message;
} mistakes[] = {
	{"irq-strom \"*\" reason \"r\"\n",
	 "x:1: unknown invariant 'irq-strom'; 'faultline invariants' lists them"},
	{"\n# c\nirq-storm\n", "x:3: this is no suppression" FORM},
	{"\"irq-storm\" \"*\" reason \"r\"\n", "x:1: this is no suppression" FORM},
	{"irq-storm * reason \"r\"\n", "x:1: the signature '*' is not in quotes"},
	{"irq-storm \"\" reason \"r\"\n", "x:1: the signature has 1 to 95 characters"},
	{"irq-storm \"dead-line in f\" reason \"r\"\n",
	 "x:1: 'dead-line in f' is no signature of irq-storm; it begins with 'irq-storm', or is "
	 "'*'"},
	{"irq-storm \"irq-storms\" reason \"r\"\n",
	 "x:1: 'irq-storms' is no signature of irq-storm; it begins with 'irq-storm', or is '*'"},
	{STORM "\n", "x:1: a reason is missing" FORM},
	{STORM "until 2027-01-01\n", "x:1: a reason is missing" FORM},
	{STORM "reason known\n", "x:1: a reason is missing" FORM},
	{STORM "reason \"\"\n", "x:1: the reason has 1 to 159 characters"},
	{STORM "reason \"r\" since 2027-01-01\n", "x:1: 'since' stands behind the reason" FORM},
	{STORM "reason \"r\" until\n", "x:1: 'until' stands behind the reason" FORM},
	{STORM "reason \"r\" until tomorrow\n",
	 "x:1: 'tomorrow' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-02-29\n",
	 "x:1: '2027-02-29' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2100-02-29\n",
	 "x:1: '2100-02-29' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-04-31\n",
	 "x:1: '2027-04-31' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-13-01\n",
	 "x:1: '2027-13-01' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-00-01\n",
	 "x:1: '2027-00-01' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-1-01\n",
	 "x:1: '2027-1-01' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\" until 2027-01-011\n",
	 "x:1: '2027-01-011' is no day of the calendar; give one as YYYY-MM-DD"},
	{STORM "reason \"r\"\n\n" STORM "reason \"s\"\n",
	 "x:3: line 1 excuses the same; take one of them out"},
	{STORM "reason \"r\n", "x:1: a quote is not closed; end it with '\"'"},
	{"\x7f\x45LF\n", "x:1: byte 0x7f is no text; is this a suppression file?"},
	{STORM "reason \"r\"\r\n", "x:1: a carriage return; save the file with Unix line ends"},
};

static void wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		int result =
			fl_suppressions_parse(&list, mistakes[i].text, strlen(mistakes[i].text),
					      "x", message, sizeof(message));

		assert_int_not_equal(result, 0);
		assert_string_equal(message, mistakes[i].message);
	}
}

static void too_many(void **state)
{
	static char text[(FL_MAX_SUPPRESSIONS + 1) * 64];
	size_t used = 0;

	(void)state;
	for (int i = 0; i <= FL_MAX_SUPPRESSIONS; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "irq-storm \"irq-storm in f%d\" reason \"r\"\n", i);
	assert_int_not_equal(
		fl_suppressions_parse(&list, text, used, "x", message, sizeof(message)), 0);
	assert_string_equal(message, "x:257: more than 256 suppressions; fix some");
}

static void files(void **state)
{
	char path[] = "/tmp/suppressions.XXXXXX", expected[128];
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0);
	assert_int_equal(write(descriptor, example, strlen(example)), strlen(example));
	close(descriptor);
	assert_int_equal(fl_suppressions_load(&list, path, message, sizeof(message)), 0);
	assert_int_equal(list.count, 4);
	assert_int_equal(truncate(path, 100), 0);
	assert_int_not_equal(fl_suppressions_load(&list, path, message, sizeof(message)), 0);
	snprintf(expected, sizeof(expected), "%s:3: ", path);
	assert_memory_equal(message, expected, strlen(expected));
	unlink(path);
	assert_int_not_equal(fl_suppressions_load(&list, path, message, sizeof(message)), 0);
	snprintf(expected, sizeof(expected), "cannot read %s: No such file or directory", path);
	assert_string_equal(message, expected);
	assert_int_not_equal(fl_suppressions_load(&list, "/tmp", message, sizeof(message)), 0);
	assert_string_equal(message, "cannot read /tmp: Is a directory");
}

static void today(void **state)
{
	fl_day_t day = fl_today();

	(void)state;
	assert_true(day > 20260101 && day < 30000101);
	assert_in_range(day / 100 % 100, 1, 12);
	assert_in_range(day % 100, 1, 31);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_is_read), cmocka_unit_test(empty_excuses_nothing),
		cmocka_unit_test(round_trip),	   cmocka_unit_test(wrong),
		cmocka_unit_test(too_many),	   cmocka_unit_test(files),
		cmocka_unit_test(today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs all stories, and looks that each invariant of the table was broken by one. */
#include "check_test.h"

#include <stdio.h>

static void every_invariant_has_been_broken(void **state)
{
	(void)state;
	for (unsigned int i = 0; fl_invariants[i]; i++)
		if (!(broken_invariants & 1u << i))
			fail_msg("no story breaks %s", fl_invariants[i]->name);
}

int main(void)
{
	static const struct CMUnitTest *const families[] = {
		access_tests, pm_tests,	      irq_tests,   storm_tests, fault_tests,   report_tests,
		life_tests,   register_tests, order_tests, error_tests, finding_tests,
	};
	static struct CMUnitTest tests[256];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		for (const struct CMUnitTest *test = families[i]; test->test_func; test++) {
			if (count == sizeof(tests) / sizeof(tests[0]) - 1) {
				fprintf(stderr, "too many stories; make the table larger\n");
				return 1;
			}
			tests[count++] = *test;
		}
	}
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_invariant_has_been_broken);
	return _cmocka_run_group_tests("check", tests, count, NULL, NULL);
}

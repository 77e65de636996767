/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wild accesses beside an engine's handler: whose they are. Each in a process, for handlers are of one. */
#include "kernel_test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BECAME_A_BUG = 7, ENGINES = 42 };

static volatile uintptr_t nowhere = 64;
static bool in_subject;

static void access_nothing(void *arg)
{
	(void)arg;
	if (in_subject)
		fl_enter("arm_smmu_context_fault");
	*(volatile int *)nowhere = 1;
}

static void engines_handler(int number)
{
	(void)number;
	_exit(ENGINES);
}

static bool yes(const char *title)
{
	return !strcmp(title, "wild access");
}

static bool no(const char *title)
{
	(void)title;
	return false;
}

/* How a process ends that takes a wild access, with @ends asked. */
static int status_of(bool (*ends)(const char *title), bool subjects)
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		const char *argument;
		struct fl_run_options options = {.strategy = fl_strategy_find("replay", &argument)};

		signal(SIGSEGV, engines_handler);
		fl_oops_install_before(ends);
		in_subject = subjects;
		machine(1);
		fl_replay_set(NULL, 0);
		fl_context_activate(
			fl_context_create("task", FL_CONTEXT_TASK, 0, access_nothing, NULL));
		if (fl_run(&options) != FL_END_STOPPED || events(FL_EV_BUG) != 1)
			_exit(1);
		_exit(BECAME_A_BUG);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void passed_by(void **state)
{
	(void)state;
	assert_int_equal(status_of(no, true), BECAME_A_BUG);
}

static void ends_in_the_engines_handler(void **state)
{
	(void)state;
	assert_int_equal(status_of(yes, true), ENGINES);
}

static void the_frameworks_own_is_never_passed_by(void **state)
{
	(void)state;
	assert_int_equal(status_of(no, false), ENGINES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passed_by),
		cmocka_unit_test(ends_in_the_engines_handler),
		cmocka_unit_test(the_frameworks_own_is_never_passed_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

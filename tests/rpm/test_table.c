/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every cell of the table of return values (domain.md 3.2): a call in a state, what it answers,
 * what it does to the count, and the status after it.
 */
#include "rpm_test.h"

#define ANY 99 /* the status does not matter */

static int call_get_if_active(void)
{
	return pm_runtime_get_if_active(dev);
}

static int call_get_if_in_use(void)
{
	return pm_runtime_get_if_in_use(dev);
}

static int call_get_sync(void)
{
	return pm_runtime_get_sync(dev);
}

static int call_resume_and_get(void)
{
	return pm_runtime_resume_and_get(dev);
}

static int call_get(void)
{
	return pm_runtime_get(dev);
}

static int call_get_noresume(void)
{
	pm_runtime_get_noresume(dev);
	return 0;
}

static int call_put_noidle(void)
{
	pm_runtime_put_noidle(dev);
	return 0;
}

/* The last reference goes: what the put says of the suspend that it asks for. */
static int call_put_autosuspend(void)
{
	pm_runtime_get_noresume(dev);
	return pm_runtime_put_autosuspend(dev);
}

static int call_put(void)
{
	pm_runtime_get_noresume(dev);
	return pm_runtime_put(dev);
}

/* Not the last one. */
static int call_put_shared(void)
{
	pm_runtime_get_noresume(dev);
	pm_runtime_get_noresume(dev);
	return pm_runtime_put_autosuspend(dev);
}

static int call_suspended(void)
{
	return pm_runtime_suspended(dev);
}

static int call_enabled(void)
{
	return pm_runtime_enabled(dev);
}

static const struct cell {
	const char *name;
	int (*call)(void);
	enum state state;
	int result;
	int count;  /* change */
	int status; /* right after the call */
} cells[] = {
	{"get_if_active", call_get_if_active, DISABLED, -EINVAL, 0, RPM_SUSPENDED},
	{"get_if_active", call_get_if_active, DISABLED_ACTIVE, -EINVAL, 0, RPM_ACTIVE},
	{"get_if_active", call_get_if_active, ACTIVE, 1, 1, RPM_ACTIVE},
	{"get_if_active", call_get_if_active, SUSPENDING, 0, 0, RPM_SUSPENDING},
	{"get_if_active", call_get_if_active, SUSPENDED, 0, 0, RPM_SUSPENDED},
	{"get_if_active", call_get_if_active, RESUMING, 0, 0, RPM_RESUMING},
	{"get_if_in_use", call_get_if_in_use, DISABLED, -EINVAL, 0, RPM_SUSPENDED},
	{"get_if_in_use", call_get_if_in_use, ACTIVE, 0, 0, RPM_ACTIVE},
	{"get_if_in_use", call_get_if_in_use, IN_USE, 1, 1, RPM_ACTIVE},
	{"get_if_in_use", call_get_if_in_use, SUSPENDING, 0, 0, RPM_SUSPENDING},
	{"get_if_in_use", call_get_if_in_use, SUSPENDED, 0, 0, RPM_SUSPENDED},
	{"get_if_in_use", call_get_if_in_use, RESUMING, 0, 0, RPM_RESUMING},
	{"get_sync", call_get_sync, DISABLED, -EACCES, 1, RPM_SUSPENDED},
	{"get_sync", call_get_sync, DISABLED_NEW, -EACCES, 1, RPM_ACTIVE},
	{"get_sync", call_get_sync, DISABLED_ACTIVE, 1, 1, RPM_ACTIVE},
	{"get_sync", call_get_sync, ACTIVE, 1, 1, RPM_ACTIVE},
	{"get_sync", call_get_sync, SUSPENDING, 0, 1, RPM_ACTIVE},
	{"get_sync", call_get_sync, SUSPENDED, 0, 1, RPM_ACTIVE},
	{"get_sync", call_get_sync, RESUMING, 1, 1, RPM_ACTIVE},
	{"resume_and_get", call_resume_and_get, DISABLED, -EACCES, 0, RPM_SUSPENDED},
	{"resume_and_get", call_resume_and_get, DISABLED_ACTIVE, 0, 1, RPM_ACTIVE},
	{"resume_and_get", call_resume_and_get, ACTIVE, 0, 1, RPM_ACTIVE},
	{"resume_and_get", call_resume_and_get, SUSPENDING, 0, 1, RPM_ACTIVE},
	{"resume_and_get", call_resume_and_get, SUSPENDED, 0, 1, RPM_ACTIVE},
	{"resume_and_get", call_resume_and_get, RESUMING, 0, 1, RPM_ACTIVE},
	{"get", call_get, DISABLED, -EACCES, 1, RPM_SUSPENDED},
	{"get", call_get, DISABLED_ACTIVE, 1, 1, RPM_ACTIVE},
	{"get", call_get, ACTIVE, 1, 1, RPM_ACTIVE},
	{"get", call_get, SUSPENDING, 0, 1, RPM_SUSPENDING},
	{"get", call_get, SUSPENDED, 0, 1, RPM_SUSPENDED},
	{"get", call_get, RESUMING, -EINPROGRESS, 1, RPM_RESUMING},
	{"get_noresume", call_get_noresume, DISABLED, 0, 1, RPM_SUSPENDED},
	{"get_noresume", call_get_noresume, SUSPENDING, 0, 1, RPM_SUSPENDING},
	{"put_noidle", call_put_noidle, IN_USE, 0, -1, RPM_ACTIVE},
	{"put_noidle", call_put_noidle, ACTIVE, 0, 0, RPM_ACTIVE},
	{"put_autosuspend", call_put_autosuspend, DISABLED, -EACCES, 0, RPM_SUSPENDED},
	{"put_autosuspend", call_put_autosuspend, ACTIVE, 0, 0, ANY},
	{"put_autosuspend", call_put_autosuspend, SUSPENDING, -EINPROGRESS, 0, RPM_SUSPENDING},
	{"put_autosuspend", call_put_autosuspend, SUSPENDED, 1, 0, RPM_SUSPENDED},
	{"put_autosuspend", call_put_autosuspend, RESUMING, 0, 0, RPM_RESUMING},
	{"put_autosuspend", call_put_shared, DISABLED, 0, 1, RPM_SUSPENDED},
	{"put_autosuspend", call_put_shared, ACTIVE, 0, 1, RPM_ACTIVE},
	{"put", call_put, DISABLED, -EACCES, 0, RPM_SUSPENDED},
	{"put", call_put, ACTIVE, 0, 0, ANY},
	{"put", call_put, SUSPENDING, -EAGAIN, 0, RPM_SUSPENDING},
	{"put", call_put, SUSPENDED, -EAGAIN, 0, RPM_SUSPENDED},
	{"put", call_put, RESUMING, -EAGAIN, 0, RPM_RESUMING},
	{"suspended", call_suspended, DISABLED, false, 0, RPM_SUSPENDED},
	{"suspended", call_suspended, ACTIVE, false, 0, RPM_ACTIVE},
	{"suspended", call_suspended, SUSPENDING, false, 0, RPM_SUSPENDING},
	{"suspended", call_suspended, SUSPENDED, true, 0, RPM_SUSPENDED},
	{"suspended", call_suspended, RESUMING, false, 0, RPM_RESUMING},
	{"enabled", call_enabled, DISABLED, false, 0, RPM_SUSPENDED},
	{"enabled", call_enabled, ACTIVE, true, 0, RPM_ACTIVE},
	{"enabled", call_enabled, SUSPENDING, true, 0, RPM_SUSPENDING},
};

static const struct cell *cell;
static int result, change, status;

static void in_cell(void)
{
	int before = dev->power.usage_count.counter;

	result = cell->call();
	change = dev->power.usage_count.counter - before;
	status = dev->power.runtime_status;
}

static void every_cell(void **state)
{
	unsigned int wrong = 0;

	(void)state;
	for (unsigned int i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		cell = &cells[i];
		rpm_run(cell->state, in_cell);
		if (result == cell->result && change == cell->count &&
		    (cell->status == ANY || status == cell->status) && told == change && !warnings)
			continue;
		print_error("%s in state %d: result %d (%d), count %+d (%+d), status %d (%d), "
			    "told %+d\n",
			    cell->name, cell->state, result, cell->result, change, cell->count,
			    status, cell->status, told);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void put_without_get(void)
{
	result = pm_runtime_put_autosuspend(dev);
	change = dev->power.usage_count.counter;
}

static void underflow_is_told_and_taken_back(void **state)
{
	(void)state;
	rpm_run(ACTIVE, put_without_get);
	assert_int_equal(result, -EINVAL);
	assert_int_equal(change, 0);
	assert_int_equal(underflows, 1);
	assert_int_equal(warnings, 1);
	assert_int_equal(told, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell),
		cmocka_unit_test(underflow_is_told_and_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

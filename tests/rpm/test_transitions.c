/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transitions (domain.md 3.3, 3.4, 3.6 to 3.9): who waits, who wins, what latches, what suppliers
 * do. */
#include "rpm_test.h"

#include <faultline/rpm.h>

static int results[4];
static int statuses[4];
static int counts[4];

static void note(unsigned int place, int result)
{
	results[place] = result;
	statuses[place] = dev->power.runtime_status;
	counts[place] = dev->power.usage_count.counter;
}

/* --- errors ------------------------------------------------------------------------------------
 */

static void fail_resume(void)
{
	resume_error = -EIO;
	note(0, pm_runtime_resume(dev));
	resume_error = 0;
	note(1, pm_runtime_resume(dev));
	note(2, pm_runtime_suspend(dev));
	pm_runtime_set_suspended(dev);
	note(3, pm_runtime_resume(dev));
}

static void a_failed_resume_latches(void **state)
{
	(void)state;
	rpm_run(SUSPENDED, fail_resume);
	assert_int_equal(results[0], -EIO);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(results[1], -EINVAL);
	assert_int_equal(results[2], -EINVAL);
	assert_int_equal(results[3], 0);
	assert_int_equal(statuses[3], RPM_ACTIVE);
}

static void refuse_suspend(void)
{
	suspend_error = -EBUSY;
	note(0, pm_runtime_suspend(dev));
	suspend_error = 0;
	note(1, pm_runtime_suspend(dev));
}

static void a_refused_suspend_does_not_latch(void **state)
{
	(void)state;
	rpm_run(ACTIVE, refuse_suspend);
	assert_int_equal(results[0], -EBUSY);
	assert_int_equal(statuses[0], RPM_ACTIVE);
	assert_int_equal(results[1], 0);
	assert_int_equal(statuses[1], RPM_SUSPENDED);
}

static void fail_suspend(void)
{
	suspend_error = -EIO;
	note(0, pm_runtime_suspend(dev));
	suspend_error = 0;
	note(1, pm_runtime_suspend(dev));
	note(2, pm_runtime_get_sync(dev));
}

static void a_failed_suspend_latches(void **state)
{
	(void)state;
	rpm_run(ACTIVE, fail_suspend);
	assert_int_equal(results[0], -EIO);
	assert_int_equal(statuses[0], RPM_ACTIVE);
	assert_int_equal(results[1], -EINVAL);
	assert_int_equal(results[2], -EINVAL);
	assert_int_equal(counts[2], 1);
}

/* --- suspend against resume ---------------------------------------------------------------------
 */

static void get_while_suspending(void)
{
	note(0, pm_runtime_get(dev));
	fl_sleep_ns(4 * CALLBACK_NS);
	note(1, 0);
}

static void a_deferred_resume_follows_the_suspend(void **state)
{
	(void)state;
	rpm_run(SUSPENDING, get_while_suspending);
	assert_int_equal(results[0], 0);
	assert_int_equal(statuses[0], RPM_SUSPENDING);
	assert_int_equal(statuses[1], RPM_ACTIVE);
	assert_int_equal(suspends, 1);
	assert_int_equal(resumes, 1);
}

static void suspend_in_transition(void)
{
	note(0, pm_runtime_suspend(dev));
}

static void suspend_while_resuming_is_refused(void **state)
{
	(void)state;
	rpm_run(RESUMING, suspend_in_transition);
	assert_int_equal(results[0], -EAGAIN);
	rpm_run(SUSPENDING, suspend_in_transition);
	assert_int_equal(results[0], 1);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(suspends, 1);
}

static void suspend_in_use(void)
{
	note(0, pm_runtime_suspend(dev));
	note(1, pm_runtime_idle(dev));
	atomic_set(&dev->power.usage_count, 0);
	atomic_set(&dev->power.child_count, 1);
	note(2, pm_runtime_suspend(dev));
	dev->power.ignore_children = true;
	note(3, pm_runtime_suspend(dev));
}

static void users_and_children_forbid_a_suspend(void **state)
{
	(void)state;
	rpm_run(IN_USE, suspend_in_use);
	assert_int_equal(results[0], -EAGAIN);
	assert_int_equal(results[1], -EAGAIN);
	assert_int_equal(results[2], -EBUSY);
	assert_int_equal(results[3], 0);
}

/* --- autosuspend --------------------------------------------------------------------------------
 */

static void autosuspend(void)
{
	note(0, pm_runtime_get_sync(dev));
	pm_runtime_set_autosuspend_delay(dev, 20);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_mark_last_busy(dev);
	note(1, pm_runtime_put_autosuspend(dev));
	fl_sleep_ns(19 * NSEC_PER_MSEC);
	note(2, 0);
	fl_sleep_ns(7 * NSEC_PER_MSEC);
	note(3, 0);
}

static void autosuspend_takes_its_delay_and_slack(void **state)
{
	(void)state;
	rpm_run(ACTIVE, autosuspend);
	assert_int_equal(results[1], 0);
	assert_int_equal(statuses[2], RPM_ACTIVE);
	assert_int_equal(statuses[3], RPM_SUSPENDED);
	assert_int_equal(suspends, 1);
}

static void forbid_autosuspend(void)
{
	pm_runtime_use_autosuspend(dev);
	pm_runtime_set_autosuspend_delay(dev, -1);
	note(0, pm_runtime_suspend(dev));
	pm_runtime_set_autosuspend_delay(dev, 20);
	note(1, pm_runtime_suspend(dev));
}

static void a_negative_delay_keeps_the_device_up(void **state)
{
	(void)state;
	rpm_run(ACTIVE, forbid_autosuspend);
	assert_int_equal(results[0], -EAGAIN);
	assert_int_equal(counts[0], 1);
	assert_int_equal(counts[1], 0);
	assert_int_equal(results[1], 0);
}

/* --- suppliers ----------------------------------------------------------------------------------
 */

static void use_consumer(void)
{
	note(0, pm_runtime_get_sync(consumer));
	note(1, pm_runtime_put_sync_suspend(consumer));
	fl_sleep_ns(4 * CALLBACK_NS);
	note(2, 0);
}

static void a_consumer_pulls_its_supplier_up(void **state)
{
	(void)state;
	rpm_run(SUSPENDED, use_consumer);
	assert_int_equal(results[0], 0);
	assert_int_equal(statuses[0], RPM_ACTIVE);
	assert_int_equal(counts[0], 1);
	/* And lets it go, with an idle check that suspends it a little later. */
	assert_int_equal(counts[1], 0);
	assert_int_equal(statuses[2], RPM_SUSPENDED);
	/* What the link took and put is the PM core's own. */
	assert_int_equal(told, 0);
}

static void use_consumer_of_disabled(void)
{
	note(0, pm_runtime_get_sync(consumer));
}

static void a_supplier_without_runtime_pm_is_tolerated(void **state)
{
	(void)state;
	rpm_run(DISABLED, use_consumer_of_disabled);
	assert_int_equal(results[0], 0);
	assert_int_equal(counts[0], 1);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
}

static void use_consumer_of_broken(void)
{
	resume_error = -EIO;
	note(0, pm_runtime_resume_and_get(consumer));
}

static void a_supplier_that_fails_fails_its_consumer(void **state)
{
	(void)state;
	rpm_run(SUSPENDED, use_consumer_of_broken);
	assert_int_equal(results[0], -EIO);
	assert_int_equal(counts[0], 0);
}

/* --- disable, barrier, force --------------------------------------------------------------------
 */

static void disable(void)
{
	pm_runtime_disable(dev);
	note(0, dev->power.disable_depth);
	pm_runtime_enable(dev);
	note(1, dev->power.disable_depth);
	pm_runtime_enable(dev);
	note(2, dev->power.disable_depth);
}

static void disabling_waits_for_a_transition(void **state)
{
	(void)state;
	rpm_run(SUSPENDING, disable);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(results[0], 1);
	assert_int_equal(results[1], 0);
	assert_int_equal(results[2], 0);
	assert_int_equal(warnings, 1);
}

static void disable_with_request(void)
{
	spin_lock_irq(&dev->power.lock);
	dev->power.request_pending = true;
	dev->power.request = RPM_REQ_RESUME;
	spin_unlock_irq(&dev->power.lock);
	pm_runtime_disable(dev);
	note(0, dev->power.request_pending);
}

static void disabling_runs_a_pending_resume(void **state)
{
	(void)state;
	rpm_run(SUSPENDED, disable_with_request);
	assert_int_equal(statuses[0], RPM_ACTIVE);
	assert_int_equal(results[0], false);
}

static void barrier_in_transition(void)
{
	note(0, pm_runtime_barrier(dev));
}

static void a_barrier_waits(void **state)
{
	(void)state;
	rpm_run(SUSPENDING, barrier_in_transition);
	assert_int_equal(results[0], 0);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(counts[0], 0);
}

static void force(void)
{
	note(0, pm_runtime_force_suspend(dev));
	note(1, pm_runtime_get_if_active(dev));
	note(2, pm_runtime_force_resume(dev));
}

static void forcing_ignores_references(void **state)
{
	(void)state;
	rpm_run(IN_USE, force);
	/* One reference counts as the PM core's own: the device stays down until it is used. */
	assert_int_equal(results[0], 0);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(results[1], -EINVAL);
	assert_int_equal(statuses[2], RPM_SUSPENDED);
	assert_int_equal(suspends, 1);
}

static void force_used(void)
{
	pm_runtime_get_noresume(dev);
	force();
}

static void a_used_device_is_forced_up_again(void **state)
{
	(void)state;
	rpm_run(IN_USE, force_used);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(statuses[2], RPM_ACTIVE);
	assert_int_equal(resumes, 1);
}

static void force_refused(void)
{
	suspend_error = -EBUSY;
	note(0, pm_runtime_force_suspend(dev));
	note(1, pm_runtime_enabled(dev));
}

static void a_refused_force_leaves_runtime_pm_on(void **state)
{
	(void)state;
	rpm_run(ACTIVE, force_refused);
	assert_int_equal(results[0], -EBUSY);
	assert_int_equal(statuses[0], RPM_ACTIVE);
	assert_int_equal(results[1], true);
}

/* --- power domain and system sleep
 * ----------------------------------------------------------------- */

static void sleep_suspended(void)
{
	pm_runtime_suspend(dev);
	note(0, dev->domain_on);
	fl_rpm_system_sleep(dev, FL_SLEEP_PREPARE);
	note(1, pm_runtime_resume(dev));
	pm_runtime_put_noidle(dev);
	note(2, pm_runtime_suspend(dev));
	results[2] = dev->domain_on;
	fl_rpm_system_sleep(dev, FL_SLEEP_SUSPEND_NOIRQ);
	note(3, dev->domain_on);
}

static void the_domain_stays_on_during_sleep_until_noirq(void **state)
{
	(void)state;
	rpm_run(ACTIVE, sleep_suspended);
	assert_int_equal(results[0], false);
	assert_int_equal(statuses[1], RPM_ACTIVE);
	assert_int_equal(statuses[2], RPM_SUSPENDED);
	assert_int_equal(results[2], true);
	assert_int_equal(results[3], false);
}

static void sleep_through(void)
{
	for (int phase = FL_SLEEP_PREPARE; phase <= FL_SLEEP_SUSPEND_NOIRQ; phase++)
		assert_int_equal(fl_rpm_system_sleep(dev, (enum fl_sleep_phase)phase), 0);
	note(0, dev->domain_on);
	note(1, dev->power.disable_depth);
	for (int phase = FL_SLEEP_RESUME_NOIRQ; phase <= FL_SLEEP_COMPLETE; phase++)
		assert_int_equal(fl_rpm_system_sleep(dev, (enum fl_sleep_phase)phase), 0);
	note(2, dev->domain_on);
	note(3, dev->power.disable_depth);
}

static void a_sleep_through_all_phases_balances(void **state)
{
	(void)state;
	rpm_run(IN_USE, sleep_through);
	assert_int_equal(results[0], false);
	assert_int_equal(results[1], 2);
	assert_int_equal(results[2], true);
	assert_int_equal(results[3], 0);
	assert_int_equal(statuses[3], RPM_ACTIVE);
	assert_int_equal(counts[3], 1);
}

static void domain_fails(void)
{
	fl_failure_arm(FL_FAIL_DOMAIN, -ETIMEDOUT);
	pm_runtime_suspend(dev);
	note(0, pm_runtime_resume(dev));
}

static void a_domain_that_fails_latches(void **state)
{
	(void)state;
	rpm_run(ACTIVE, domain_fails);
	assert_int_equal(results[0], -ETIMEDOUT);
	assert_int_equal(statuses[0], RPM_SUSPENDED);
	assert_int_equal(resumes, 0);
}

/* --- context
 * --------------------------------------------------------------------------------------- */

static unsigned int atomic_sleeps;

static void count_atomic(const struct fl_event *event)
{
	atomic_sleeps += event->a != 0;
}

static void get_sync_with_interrupts_off(void)
{
	unsigned long flags = fl_local_irq_save();

	fl_subscribe(FL_EV_MAY_SLEEP, count_atomic);
	/* Active: nothing would be waited for, and Linux would say nothing. */
	note(0, pm_runtime_get_sync(dev));
	note(1, pm_runtime_put_autosuspend(dev));
	fl_local_irq_restore(flags);
}

static void a_sleeping_call_in_atomic_context_is_always_told(void **state)
{
	(void)state;
	atomic_sleeps = 0;
	rpm_run(ACTIVE, get_sync_with_interrupts_off);
	assert_int_equal(results[0], 1);
	assert_int_equal(atomic_sleeps, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failed_resume_latches),
		cmocka_unit_test(a_refused_suspend_does_not_latch),
		cmocka_unit_test(a_failed_suspend_latches),
		cmocka_unit_test(a_deferred_resume_follows_the_suspend),
		cmocka_unit_test(suspend_while_resuming_is_refused),
		cmocka_unit_test(users_and_children_forbid_a_suspend),
		cmocka_unit_test(autosuspend_takes_its_delay_and_slack),
		cmocka_unit_test(a_negative_delay_keeps_the_device_up),
		cmocka_unit_test(a_consumer_pulls_its_supplier_up),
		cmocka_unit_test(a_supplier_without_runtime_pm_is_tolerated),
		cmocka_unit_test(a_supplier_that_fails_fails_its_consumer),
		cmocka_unit_test(disabling_waits_for_a_transition),
		cmocka_unit_test(disabling_runs_a_pending_resume),
		cmocka_unit_test(a_barrier_waits),
		cmocka_unit_test(forcing_ignores_references),
		cmocka_unit_test(a_used_device_is_forced_up_again),
		cmocka_unit_test(a_refused_force_leaves_runtime_pm_on),
		cmocka_unit_test(the_domain_stays_on_during_sleep_until_noirq),
		cmocka_unit_test(a_sleep_through_all_phases_balances),
		cmocka_unit_test(a_domain_that_fails_latches),
		cmocka_unit_test(a_sleeping_call_in_atomic_context_is_always_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device and its states (rpm_test.h). */
#include "rpm_test.h"

struct device *dev, *consumer;
int suspend_error, resume_error;
unsigned int suspends, resumes;
int told;
unsigned int underflows, warnings;

static void (*running_test)(void);
static enum state wanted;

static int device_suspend(struct device *device)
{
	int error = device == dev ? suspend_error : 0;

	fl_sleep_ns(CALLBACK_NS);
	suspends += device == dev;
	return error;
}

static int device_resume(struct device *device)
{
	int error = device == dev ? resume_error : 0;

	fl_sleep_ns(CALLBACK_NS);
	resumes += device == dev;
	return error;
}

static const struct dev_pm_ops ops = {
	RUNTIME_PM_OPS(device_suspend, device_resume, NULL),
	SYSTEM_SLEEP_PM_OPS(pm_runtime_force_suspend, pm_runtime_force_resume),
};

static void count_reference(const struct fl_event *event)
{
	if (event->a != FL_DEVICE_SMMU || !event->c)
		return;
	told += event->kind == FL_EV_PM_GET ? 1 : -1;
}

static void count_underflow(const struct fl_event *event)
{
	(void)event;
	underflows++;
}

static void count_warning(const struct fl_event *event)
{
	(void)event;
	warnings++;
}

static void make(void)
{
	memset(&fl_knobs, 0, sizeof(fl_knobs));
	fl_unsubscribe_all();
	fl_subscribe(FL_EV_PM_GET, count_reference);
	fl_subscribe(FL_EV_PM_PUT, count_reference);
	fl_subscribe(FL_EV_PM_UNDERFLOW, count_underflow);
	fl_subscribe(FL_EV_WARNING, count_warning);
	fl_arena_clear();
	fl_machine_init(2, true, fl_kernel_hardirq);
	fl_kernel_init();
	fl_where_reset();
	suspend_error = resume_error = 0;
	suspends = resumes = underflows = warnings = 0;
	told = 0;
	dev = fl_arena_alloc(sizeof(*dev), 16);
	consumer = fl_arena_alloc(sizeof(*consumer), 16);
	device_initialize(dev, FL_DEVICE_SMMU, "supplier", &ops, true);
	device_initialize(consumer, FL_DEVICE_GPU, "consumer", &ops, false);
	device_link_add(consumer, dev, DL_FLAG_PM_RUNTIME);
}

/* Goes down or up, in a task of its own. */
static void move(void *argument)
{
	(void)argument;
	if (wanted == SUSPENDING)
		pm_runtime_suspend(dev);
	else
		pm_runtime_resume(dev);
}

static void enter_state(fl_context_t mover)
{
	if (wanted != DISABLED && wanted != SUSPENDED && wanted != RESUMING)
		pm_runtime_set_active(dev);
	if (wanted != DISABLED && wanted != DISABLED_NEW)
		pm_runtime_enable(dev);
	/* What counts is how the status was when runtime PM went off. */
	if (wanted == DISABLED_ACTIVE)
		pm_runtime_disable(dev);
	pm_runtime_enable(consumer);
	if (wanted == IN_USE)
		atomic_set(&dev->power.usage_count, 1);
	if (wanted != SUSPENDING && wanted != RESUMING)
		return;
	fl_context_activate(mover);
	fl_sleep_ns(SETTLE_NS);
}

static fl_context_t mover;

static void main_task(void *argument)
{
	(void)argument;
	enter_state(mover);
	running_test();
}

void rpm_run(enum state state, void (*test)(void))
{
	const char *argument;
	const struct fl_run_options options = {
		.strategy = fl_strategy_find("replay", &argument),
		.step_limit = 100000,
		.livelock_bound = 100000,
	};

	make();
	wanted = state;
	running_test = test;
	mover = fl_context_create("mover", FL_CONTEXT_TASK, 1, move, NULL);
	fl_context_activate(fl_context_create("main", FL_CONTEXT_TASK, 0, main_task, NULL));
	fl_replay_set(NULL, 0);
	if (fl_run(&options) != FL_END_QUIET)
		fail_msg("the run does not end: %s", fl_end_text());
}

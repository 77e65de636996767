/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The modelled runtime PM (core/rpm) against the real one, drivers/base/power/runtime.c of Linux 6.12:
 * the same random calls on the GPU (consumer) and the SMMU (supplier), balanced or not, by one task
 * or two. After each call the result and what both devices look like must be equal, and in between
 * the order of callbacks, changes of status, clocks and domains.
 *
 * The second task acts while the callbacks of the first one are under way: a device's clocks and
 * domain take their time here.
 */
#include "differential.h"

#include <client/client.h>
#include <faultline/host.h>
#include <smmu/smmu.h>

#define MODEL	      "core:guard-v2"
#define REAL	      "linux:6.12"
#define CALLS	      40

/*
 * In ns. No sum of a few of these, of the autosuspend delays (20 and 66 ms) and of the times below
 * comes near a multiple of SLOT.
 */
#define SLOT	      1300000ull
#define START	      (1000 * SLOT)
#define SECOND_OFFSET 131000ull
#define SMMU_DOWN     171000ull
#define SMMU_UP	      193000ull
#define GPU_DOWN      167000ull
#define GPU_UP	      211000ull

/* What may occur in a sequence. */
enum {
	WITH_FAILURES = 1,
	WITH_DISABLE = 2,
	WITH_SLEEP = 4,
	WITH_SECOND = 8,
	KINDS = 16,
};

/* How many sequences; more by an argument. */
static unsigned int seeds = 480;

static struct {
	uint64_t seed;
	unsigned int kind;
	bool frozen; /* system sleep: the second task stands still */
} plan;

/* --- slow hardware --------------------------------------------------------------------------- */

static void take(uint64_t ns)
{
	if (fl_running())
		fl_delay(ns, false);
}

static void smmu_clocks(bool on)
{
	smmu_set_clocks(on);
	take(on ? SMMU_UP : SMMU_DOWN);
}

static void gpu_clocks(bool on)
{
	client_set_clocks(on);
	take(on ? GPU_UP : GPU_DOWN);
}

static const struct fl_power_hooks smmu_hooks = {smmu_clocks, smmu_set_domain};
static const struct fl_power_hooks gpu_hooks = {gpu_clocks, client_set_domain};

/* --- what is logged -------------------------------------------------------------------------- */

/* Taken and dropped, by device, as the checkers are told. */
static unsigned int references[2][2];

static const char *const devices[] = {"smmu", "gpu"};
static const char *const statuses[] = {"active", "resuming", "suspended", "suspending"};

static void log_event(const struct fl_event *event)
{
	const char *device = devices[event->a < 2 ? event->a : 0];

	switch (event->kind) {
	case FL_EV_PM_STATUS:
		diff_log("  %s %s -> %s", device, statuses[event->b & 3], statuses[event->c & 3]);
		break;
	case FL_EV_PM_GET:
	case FL_EV_PM_PUT:
		/* Told before the transition that follows, or after it: the sum is what counts. */
		references[event->a][event->kind == FL_EV_PM_PUT] += event->c == 1;
		break;
	case FL_EV_PM_CALLBACK_ENTER:
		diff_log("  %s { %s%s", device, event->b ? "suspend" : "resume",
			 event->c ? ", system" : "");
		break;
	case FL_EV_PM_CALLBACK_EXIT:
		diff_log("  %s } %s: %d", device, event->b ? "suspend" : "resume", (int)event->c);
		break;
	case FL_EV_PM_ENABLED:
		diff_log("  %s disable depth %d", device, (int)event->b);
		break;
	case FL_EV_CLOCKS:
	case FL_EV_DOMAIN:
		diff_log("  %s %s %s", device, event->kind == FL_EV_CLOCKS ? "clocks" : "domain",
			 event->b ? "on" : "off");
		break;
	case FL_EV_PM_UNDERFLOW:
		diff_log("  %s underflow", device);
		break;
	default:
		diff_log("  warning: %s", event->text);
	}
}

static void log_views(void)
{
	struct fl_pm_view views[2];

	for (unsigned int i = 0; i < 2; i++)
		diff_subject->pm_view((enum fl_device)i, &views[i]);
	diff_log("  smmu %d use %d children %d disabled %d error %d, "
		 "gpu %d use %d children %d disabled %d error %d",
		 views[0].status, views[0].usage_count, views[0].child_count,
		 views[0].disable_depth, views[0].runtime_error, views[1].status,
		 views[1].usage_count, views[1].child_count, views[1].disable_depth,
		 views[1].runtime_error);
}

/* --- the calls ------------------------------------------------------------------------------- */

static const char *const op_names[FL_PM_OPS] = {
	[FL_PM_GET_SYNC] = "get_sync",
	[FL_PM_RESUME_AND_GET] = "resume_and_get",
	[FL_PM_GET] = "get",
	[FL_PM_GET_NORESUME] = "get_noresume",
	[FL_PM_GET_IF_ACTIVE] = "get_if_active",
	[FL_PM_GET_IF_IN_USE] = "get_if_in_use",
	[FL_PM_PUT] = "put",
	[FL_PM_PUT_SYNC] = "put_sync",
	[FL_PM_PUT_AUTOSUSPEND] = "put_autosuspend",
	[FL_PM_PUT_NOIDLE] = "put_noidle",
	[FL_PM_SUSPEND] = "suspend",
	[FL_PM_REQUEST_IDLE] = "request_idle",
	[FL_PM_MARK_BUSY] = "mark_last_busy",
	[FL_PM_ENABLE] = "enable",
	[FL_PM_DISABLE] = "disable",
	[FL_PM_BARRIER] = "barrier",
	[FL_PM_FORCE_SUSPEND] = "force_suspend",
	[FL_PM_FORCE_RESUME] = "force_resume",
};

/* The kernel's counter has three bits, and the model's does not; system sleep takes two more. */
#define DEEPEST 3

static void call(const char *task, enum fl_device device, enum fl_pm_op op)
{
	struct fl_pm_view view;
	int result;

	diff_subject->pm_view(device, &view);
	if ((op == FL_PM_DISABLE || op == FL_PM_FORCE_SUSPEND) && view.disable_depth > DEEPEST)
		op = FL_PM_ENABLE;
	diff_log("%s %s(%s)", task, op_names[op], devices[device]);
	result = diff_subject->pm(device, op);
	/* Later trees have no result of a barrier; the glue of all of them says 0. */
	diff_log("%s %s(%s) = %d", task, op_names[op], devices[device],
		 op == FL_PM_BARRIER ? 0 : result);
	log_views();
}

/* Consumers before suppliers going down; interrupts between late and noirq. */
static const struct {
	enum fl_device device;
	enum fl_sleep_phase down, up;
} stages[] = {
	{FL_DEVICE_SMMU, FL_SLEEP_PREPARE, FL_SLEEP_COMPLETE},
	{FL_DEVICE_GPU, FL_SLEEP_PREPARE, FL_SLEEP_COMPLETE},
	{FL_DEVICE_GPU, FL_SLEEP_SUSPEND, FL_SLEEP_RESUME},
	{FL_DEVICE_SMMU, FL_SLEEP_SUSPEND, FL_SLEEP_RESUME},
	{FL_DEVICE_GPU, FL_SLEEP_SUSPEND_LATE, FL_SLEEP_RESUME_EARLY},
	{FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_LATE, FL_SLEEP_RESUME_EARLY},
	{FL_DEVICE_GPU, FL_SLEEP_SUSPEND_NOIRQ, FL_SLEEP_RESUME_NOIRQ},
	{FL_DEVICE_SMMU, FL_SLEEP_SUSPEND_NOIRQ, FL_SLEEP_RESUME_NOIRQ},
};
#define STAGES	    (sizeof(stages) / sizeof(stages[0]))
#define FIRST_NOIRQ 6

static int sleep_phase(enum fl_device device, enum fl_sleep_phase phase)
{
	int result;

	diff_log("phase %d of %s", phase, devices[device]);
	result = diff_subject->system_sleep(device, phase);
	diff_log("phase %d of %s = %d", phase, devices[device], result);
	log_views();
	diff_wait_until(0, SLOT);
	return result;
}

/* @wakeup: before which stage the system turns back; STAGES: it sleeps. */
static void sleep_and_wake(unsigned int wakeup)
{
	unsigned int done = 0;

	plan.frozen = true;
	diff_wait_until(0, 10 * SLOT);
	fl_workqueue_freeze(FL_WORKQUEUE_PM, true);
	for (; done < wakeup; done++) {
		if (done == FIRST_NOIRQ)
			fl_irqs_suspend();
		if (sleep_phase(stages[done].device, stages[done].down))
			break;
	}
	while (done--) {
		sleep_phase(stages[done].device, stages[done].up);
		if (done == FIRST_NOIRQ)
			fl_irqs_resume();
	}
	fl_workqueue_freeze(FL_WORKQUEUE_PM, false);
	plan.frozen = false;
}

/* Calls by which a driver uses its device, the others are rarer. */
static enum fl_pm_op draw_op(uint64_t *random)
{
	static const enum fl_pm_op rare[] = {FL_PM_ENABLE, FL_PM_ENABLE, FL_PM_DISABLE,
					     FL_PM_FORCE_SUSPEND, FL_PM_FORCE_RESUME};

	if (plan.kind & WITH_DISABLE && !diff_below(random, 5))
		return rare[diff_below(random, 5)];
	for (;;) {
		enum fl_pm_op op = (enum fl_pm_op)diff_below(random, FL_PM_OPS);

		if (op != FL_PM_ENABLE && op != FL_PM_DISABLE && op != FL_PM_FORCE_SUSPEND &&
		    op != FL_PM_FORCE_RESUME)
			return op;
	}
}

static void act(const char *task, uint64_t *random)
{
	unsigned int what = diff_below(random, 24);
	enum fl_device device;

	if (what == 0 && plan.kind & WITH_FAILURES) {
		diff_log("%s: a clock will fail", task);
		fl_failure_arm(FL_FAIL_CLOCK, diff_below(random, 2) ? -5 : -16);
	} else if (what == 1 && plan.kind & WITH_FAILURES) {
		diff_log("%s: a domain will fail", task);
		fl_failure_arm(FL_FAIL_DOMAIN, diff_below(random, 2) ? -110 : -13);
	} else if (what == 2 && plan.kind & WITH_SLEEP && *task == 'A') {
		sleep_and_wake(1 + diff_below(random, STAGES));
	} else if (what == 3) {
		diff_log("%s: next alarm", task);
		fl_point(FL_ACCESS_NONE, 0, 0);
		diff_log("%s: next alarm: %d", task, fl_time_skip());
	} else if (what == 4) {
		fl_delay(diff_below(random, 2) ? 21000000 : 67000000, false);
	} else {
		device = diff_below(random, 2) ? FL_DEVICE_GPU : FL_DEVICE_SMMU;
		call(task, device, draw_op(random));
	}
}

static void first(void *argument)
{
	uint64_t random = plan.seed;

	(void)argument;
	/* Whatever the boot has left to a timer is over by then. */
	diff_wait_until(START, SLOT);
	for (unsigned int i = 0; i < CALLS; i++) {
		diff_wait_until(0, SLOT);
		act("A", &random);
	}
	diff_wait_until(0, SLOT);
	log_views();
	for (unsigned int i = 0; i < 2; i++)
		diff_log("%s: %u gets, %u puts", devices[i], references[i][0], references[i][1]);
}

static void second(void *argument)
{
	uint64_t random = ~plan.seed;

	(void)argument;
	diff_wait_until(START, SLOT);
	for (unsigned int i = 0; i < CALLS; i++) {
		do
			diff_wait_until(SECOND_OFFSET, SLOT);
		while (plan.frozen);
		act("B", &random);
	}
}

static void record(void)
{
	static const enum fl_event_kind kinds[] = {
		FL_EV_PM_STATUS,	FL_EV_PM_GET,	  FL_EV_PM_PUT, FL_EV_PM_CALLBACK_ENTER,
		FL_EV_PM_CALLBACK_EXIT, FL_EV_PM_ENABLED, FL_EV_CLOCKS, FL_EV_DOMAIN,
		FL_EV_PM_UNDERFLOW,	FL_EV_WARNING,
	};
	char title[64];

	for (unsigned int i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		fl_subscribe(kinds[i], log_event);
	fl_power_connect(FL_DEVICE_SMMU, &smmu_hooks);
	fl_power_connect(FL_DEVICE_GPU, &gpu_hooks);
	diff_snapshot();
	for (unsigned int seed = 0; seed < seeds; seed++) {
		plan.seed = seed;
		plan.kind = seed % KINDS;
		plan.frozen = false;
		memset(references, 0, sizeof(references));
		snprintf(title, sizeof(title), "seed %u", seed);
		diff_run(title, first, plan.kind & WITH_SECOND ? second : NULL);
	}
}

static void test_equal(void **state)
{
	unsigned int runs, differences;
	FILE *model, *real;

	(void)state;
	model = diff_record(MODEL, "mmu500", record);
	real = diff_record(REAL, "mmu500", record);
	assert_non_null(model);
	assert_non_null(real);
	differences = diff_compare(MODEL, model, REAL, real, &runs);
	print_message("%u sequences, %u differ\n", runs, differences);
	assert_int_equal(runs, seeds);
	assert_int_equal(differences, 0);
	fclose(model);
	fclose(real);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_equal)};

	if (!diff_present(REAL)) {
		fprintf(stderr, "skipped: %s is not built; see scripts/add-linux\n", REAL);
		return SKIPPED;
	}
	if (argc > 1)
		seeds = (unsigned int)strtoul(argv[1], NULL, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

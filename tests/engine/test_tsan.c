/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ThreadSanitizer over fibers (only in builds with it): it reports what races between contexts, and
 * nothing where activation, the end of a run, a lock or an atomic orders the accesses. All contexts
 * run on one operating-system thread, so without the engine's annotations it would never see a
 * race, and without the edges it would see them everywhere.
 */
#include "engine_test.h"

#include <faultline/threads.h>

static unsigned int reports;

/* ThreadSanitizer calls these by name. */
void __tsan_on_report(void *report);
const char *__tsan_default_options(void);

void __tsan_on_report(void *report)
{
	reports++;
}

const char *__tsan_default_options(void)
{
	return "exitcode=0:log_path=/dev/null";
}

static struct fl_thread_mutex mutex = FL_THREAD_MUTEX_INIT("the mutex");
static struct fl_thread_sem sem = FL_THREAD_SEM_INIT("the semaphore", 0);
static int plain[8], flag;

static void begin(void)
{
	memset(plain, 0, sizeof(plain));
	flag = 0;
	sem.value = 0;
}

static unsigned int reports_of(void (*build)(void), const char *strategy)
{
	struct fl_search search = {
		.strategy = strategy,
		.build = build,
		.begin = begin,
		.schedules = 200,
	};
	const char *error = "";

	reports = 0;
	assert_int_equal(fl_search_run(&search, &error), 0);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	/* What the threads did is over: no race with it. */
	for (int i = 0; i < 8; i++)
		plain[i]++;
	return reports;
}

static void write_plain(void *arg)
{
	fl_point(FL_ACCESS_NONE, 0, 0);
	plain[0]++;
	fl_point(FL_ACCESS_NONE, 0, 0);
}

static void build_race(void)
{
	fl_thread_create("a", write_plain, NULL);
	fl_thread_create("b", write_plain, NULL);
}

static void write_locked(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	plain[1]++;
	fl_thread_mutex_unlock(&mutex);
}

static void build_locked(void)
{
	fl_thread_create("a", write_locked, NULL);
	fl_thread_create("b", write_locked, NULL);
}

static void publish(void *arg)
{
	plain[2] = 7;
	FL_STORE(&flag, 1);
	plain[3] = 8;
	fl_thread_sem_post(&sem);
}

static void consume(void *arg)
{
	if (FL_LOAD(&flag))
		plain[2]++;
	fl_thread_sem_wait(&sem);
	plain[3]++;
}

static void build_published(void)
{
	fl_thread_create("publisher", publish, NULL);
	fl_thread_create("consumer", consume, NULL);
}

static void child(void *arg)
{
	plain[4]++;
}

static void parent(void *arg)
{
	fl_context_t thread;

	plain[4] = 1;
	thread = fl_thread_create("child", child, NULL);
	fl_thread_join(thread);
	plain[4]++;
}

static void build_parent(void)
{
	fl_thread_create("parent", parent, NULL);
}

static void test_ordered_accesses_are_no_races(void **state)
{
	assert_int_equal(reports_of(build_locked, "random"), 0);
	assert_int_equal(reports_of(build_published, "random"), 0);
	assert_int_equal(reports_of(build_parent, "random"), 0);
}

static void test_race_is_reported(void **state)
{
	assert_true(reports_of(build_race, "random") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordered_accesses_are_no_races),
		cmocka_unit_test(test_race_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

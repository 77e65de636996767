/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.h: each primitive through all its interleavings, right programs and wrong ones.
 */
#include "engine_test.h"

#include <faultline/host.h> /* its locks have names of their own: both fit into one program */
#include <faultline/threads.h>

static struct fl_thread_mutex mutex = FL_THREAD_MUTEX_INIT("the mutex");
static struct fl_thread_mutex other = FL_THREAD_MUTEX_INIT("the other mutex");
static struct fl_thread_cond cond = FL_THREAD_COND_INIT("the condition");
static struct fl_thread_sem sem = FL_THREAD_SEM_INIT("the semaphore", 0);
static int counter, ready, expected, result;
static char last_text[256];

static bool remember_text(uint64_t schedule, enum fl_end end)
{
	if (end == FL_END_DEADLOCK || end == FL_END_STOPPED)
		snprintf(last_text, sizeof(last_text), "%s", fl_end_text());
	return true;
}

static void begin(void)
{
	mutex.holder = other.holder = 0;
	sem.value = 0;
	counter = ready = result = 0;
}

static struct fl_search search_with(const char *strategy, void (*build)(void))
{
	struct fl_search search = {
		.strategy = strategy,
		.build = build,
		.begin = begin,
		.finished = remember_text,
		.schedules = 200000,
	};
	const char *error = "";

	*last_text = 0;
	assert_int_equal(fl_search_run(&search, &error), 0);
	assert_true(search.complete);
	return search;
}

/* Every schedule; the reduced search must meet the same kinds of ends, in no more schedules. */
static struct fl_search search_all(void (*build)(void))
{
	struct fl_search reduced = search_with("por", build);
	struct fl_search full = search_with("dfs", build);

	assert_int_equal(reduced.ends[FL_END_STEP_LIMIT], reduced.pruned);
	assert_true(reduced.done - reduced.pruned <= full.done);
	for (int end = 0; end <= FL_END_STOPPED; end++)
		if (end != FL_END_STEP_LIMIT)
			assert_int_equal(reduced.ends[end] > 0, full.ends[end] > 0);
	return full;
}

static void increment_plainly(void *arg)
{
	int seen = FL_LOAD(&counter);

	FL_STORE(&counter, seen + 1);
}

static void increment_locked(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	increment_plainly(NULL);
	fl_thread_mutex_unlock(&mutex);
}

static void increment_atomically(void *arg)
{
	FL_FETCH_ADD(&counter, 1);
}

static void increment_by_cas(void *arg)
{
	int seen;

	do
		seen = FL_LOAD(&counter);
	while (!FL_CAS(&counter, seen, seen + 1));
}

static fl_entry_t increment;

static void two_incrementers(void *arg)
{
	fl_context_t a = fl_thread_create("a", increment, NULL);
	fl_context_t b = fl_thread_create("b", increment, NULL);

	fl_thread_join(a);
	fl_thread_join(b);
	FL_CHECK(counter == 2);
}

static void build_incrementers(void)
{
	fl_thread_create("parent", two_incrementers, NULL);
}

static void test_counter(void **state)
{
	struct fl_search search;

	increment = increment_plainly;
	search = search_all(build_incrementers);
	assert_true(search.ends[FL_END_STOPPED] > 0);
	assert_true(search.ends[FL_END_QUIET] > 0);
	assert_non_null(strstr(last_text, "test_threads.c:"));
	assert_non_null(strstr(last_text, "ASSERTION FAILED: counter == 2"));

	increment = increment_locked;
	search = search_all(build_incrementers);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	increment = increment_atomically;
	search = search_all(build_incrementers);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	increment = increment_by_cas;
	search = search_all(build_incrementers);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
}

static void consumer(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	while (!ready)
		fl_thread_cond_wait(&cond, &mutex);
	ready--;
	fl_thread_mutex_unlock(&mutex);
}

/* Wrong: what it waits for may have come before it waits. */
static void forgetful_consumer(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	fl_thread_cond_wait(&cond, &mutex);
	fl_thread_mutex_unlock(&mutex);
}

static void producer(void *arg)
{
	for (int i = 0; i < expected; i++) {
		fl_thread_mutex_lock(&mutex);
		ready++;
		fl_thread_cond_signal(&cond);
		fl_thread_mutex_unlock(&mutex);
	}
}

static void build_consumer(void)
{
	expected = 1;
	fl_thread_create("consumer", consumer, NULL);
	fl_thread_create("producer", producer, NULL);
}

static void build_two_consumers(void)
{
	expected = 2;
	fl_thread_create("consumer 1", consumer, NULL);
	fl_thread_create("consumer 2", consumer, NULL);
	fl_thread_create("producer", producer, NULL);
}

static void build_forgetful(void)
{
	expected = 1;
	fl_thread_create("consumer", forgetful_consumer, NULL);
	fl_thread_create("producer", producer, NULL);
}

static void test_condition(void **state)
{
	struct fl_search search = search_all(build_consumer);

	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	search = search_all(build_two_consumers);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	search = search_all(build_forgetful);
	assert_true(search.ends[FL_END_DEADLOCK] > 0);
	assert_true(search.ends[FL_END_QUIET] > 0);
	assert_string_equal(last_text, "consumer waits for the condition");
}

static void broadcaster(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	ready = 2;
	fl_thread_mutex_unlock(&mutex);
	fl_thread_cond_broadcast(&cond);
}

static void impatient(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	if (!fl_thread_cond_wait_for(&cond, &mutex, 5000))
		result = 1;
	fl_thread_mutex_unlock(&mutex);
}

static void build_broadcast(void)
{
	fl_thread_create("consumer 1", consumer, NULL);
	fl_thread_create("consumer 2", consumer, NULL);
	fl_thread_create("broadcaster", broadcaster, NULL);
}

static void build_impatient(void)
{
	fl_thread_create("impatient", impatient, NULL);
}

static void test_broadcast_and_timeout(void **state)
{
	struct fl_search search = search_all(build_broadcast);

	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	search = search_all(build_impatient);
	assert_int_equal(search.done, 1);
	assert_int_equal(search.ends[FL_END_QUIET], 1);
	assert_int_equal(result, 1);
}

static void sem_consumer(void *arg)
{
	fl_thread_sem_wait(&sem);
	FL_FETCH_ADD(&counter, 1);
	if (fl_thread_sem_trywait(&sem))
		FL_FETCH_ADD(&counter, 1);
}

static void sem_producer(void *arg)
{
	fl_thread_sem_post(&sem);
	fl_thread_sem_post(&sem);
	FL_CHECK(FL_EXCHANGE(&ready, 1) == 0);
}

static void build_semaphore(void)
{
	fl_thread_create("consumer", sem_consumer, NULL);
	fl_thread_create("producer", sem_producer, NULL);
}

static unsigned int counts[3];

static bool count_result(uint64_t schedule, enum fl_end end)
{
	counts[counter]++;
	return end == FL_END_QUIET;
}

static void test_semaphore(void **state)
{
	struct fl_search search = {.strategy = "dfs",
				   .build = build_semaphore,
				   .begin = begin,
				   .finished = count_result};
	const char *error = "";

	memset(counts, 0, sizeof(counts));
	assert_int_equal(fl_search_run(&search, &error), 0);
	assert_true(search.complete);
	assert_int_equal(search.ends[FL_END_QUIET], search.done);
	assert_int_equal(counts[0], 0);
	assert_true(counts[1] > 0 && counts[2] > 0);
}

static void one_then_other(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	fl_thread_mutex_lock(&other);
	fl_thread_mutex_unlock(&other);
	fl_thread_mutex_unlock(&mutex);
}

static void other_then_one(void *arg)
{
	fl_thread_mutex_lock(&other);
	if (fl_thread_mutex_trylock(&mutex))
		fl_thread_mutex_unlock(&mutex);
	fl_thread_mutex_lock(&mutex);
	fl_thread_mutex_unlock(&mutex);
	fl_thread_mutex_unlock(&other);
}

static void build_deadlock(void)
{
	fl_thread_create("a", one_then_other, NULL);
	fl_thread_create("b", other_then_one, NULL);
}

static void lock_twice(void *arg)
{
	fl_thread_mutex_lock(&mutex);
	fl_thread_mutex_lock(&mutex);
}

static void unlock_anothers(void *arg)
{
	fl_thread_mutex_unlock(&mutex);
}

static void build_lock_twice(void)
{
	fl_thread_create("a", lock_twice, NULL);
}

static void build_unlock_anothers(void)
{
	fl_thread_create("a", unlock_anothers, NULL);
}

static void test_misuse(void **state)
{
	struct fl_search search = search_all(build_deadlock);

	assert_true(search.ends[FL_END_DEADLOCK] > 0);
	assert_true(search.ends[FL_END_QUIET] > 0);
	assert_string_equal(last_text, "a waits for the other mutex held by b; "
				       "b waits for the mutex held by a");
	search = search_all(build_lock_twice);
	assert_int_equal(search.ends[FL_END_DEADLOCK], 1);
	assert_string_equal(last_text, "a waits for the mutex held by a");
	search = search_all(build_unlock_anothers);
	assert_int_equal(search.ends[FL_END_STOPPED], 1);
	assert_string_equal(last_text, "a unlocks the mutex, which it does not hold");
}

static void test_unknown_strategy(void **state)
{
	struct fl_search search = {.strategy = "best", .build = build_deadlock};
	const char *error = NULL;

	assert_true(fl_search_run(&search, &error) < 0);
	assert_string_equal(error, "unknown strategy");
	search.strategy = "pct:x";
	assert_true(fl_search_run(&search, &error) < 0);
	assert_non_null(strstr(error, "pct"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counter),
		cmocka_unit_test(test_condition),
		cmocka_unit_test(test_broadcast_and_timeout),
		cmocka_unit_test(test_semaphore),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_unknown_strategy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

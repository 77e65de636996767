/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads, mutexes, condition variables, semaphores and atomics on top of the engine: enough to run
 * any C program that is written for them through all its interleavings.
 *
 * A program is built once and run for many schedules:
 *
 *	static int word;
 *
 *	static void setter(void *arg) { FL_STORE(&word, 1); }
 *	static void reader(void *arg) { FL_CHECK(FL_LOAD(&word) == 1); }
 *	static void build(void) { fl_thread_create("setter", setter, NULL); ... }
 *	static void begin(void) { word = 0; }
 *
 *	struct fl_search search = {.strategy = "dfs", .build = build, .begin = begin};
 *	fl_search_run(&search, &error);
 *
 * Each operation below is one scheduling point, so what stands between two of them is one step. Memory
 * is sequentially consistent. Plain accesses are no scheduling points: what threads share goes through
 * FL_LOAD() and its kin, or stands under a lock. Under ThreadSanitizer the operations order memory as
 * their POSIX counterparts do, so what races is reported.
 *
 * All of them are zero-initialised ready for use; FL_THREAD_MUTEX_INIT() and its kin give them a name
 * for the report of a deadlock. The engine itself (engine.h) can be used beside them: fl_yield() in
 * spin loops, fl_delay(), fl_choose(), fl_stop().
 */
#ifndef FAULTLINE_THREADS_H
#define FAULTLINE_THREADS_H

#include <faultline/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- threads ----------------------------------------------------------------------------- */

/*
 * Make a thread. Outside a run (in build()) it will start with each schedule; inside a run this is a
 * scheduling point, and the thread starts at once and exists until the end of the schedule. @name
 * must outlive it. Returns what fl_thread_join() takes. At most FL_MAX_CONTEXTS - 1 threads.
 */
fl_context_t fl_thread_create(const char *name, fl_entry_t entry, void *arg);
/* Wait until @thread has ended. */
void fl_thread_join(fl_context_t thread);

/* --- mutexes ----------------------------------------------------------------------------- */

struct fl_thread_mutex {
	const char *name;
	int holder; /* 0: free, else the context's number plus 1 */
};
#define FL_THREAD_MUTEX_INIT(mutex_name) {.name = mutex_name}

/* Not recursive: the second lock by its holder is a deadlock, and reported as one. */
void fl_thread_mutex_lock(struct fl_thread_mutex *mutex);
bool fl_thread_mutex_trylock(struct fl_thread_mutex *mutex);
/* Only by the holder; anything else stops the run with a message. */
void fl_thread_mutex_unlock(struct fl_thread_mutex *mutex);

/* --- condition variables ------------------------------------------------------------------ */

struct fl_thread_cond {
	const char *name;
};
#define FL_THREAD_COND_INIT(cond_name) {.name = cond_name}

/* Let go of @mutex and wait, in one; take it again before returning. No spurious wake-ups. */
void fl_thread_cond_wait(struct fl_thread_cond *cond, struct fl_thread_mutex *mutex);
/* As fl_thread_cond_wait() for at most @ns of virtual time; returns false if it timed out. */
bool fl_thread_cond_wait_for(struct fl_thread_cond *cond, struct fl_thread_mutex *mutex,
			     uint64_t ns);
void fl_thread_cond_signal(struct fl_thread_cond *cond);
void fl_thread_cond_broadcast(struct fl_thread_cond *cond);

/* --- semaphores --------------------------------------------------------------------------- */

struct fl_thread_sem {
	const char *name;
	unsigned int value;
};
#define FL_THREAD_SEM_INIT(sem_name, initial) {.name = sem_name, .value = initial}

void fl_thread_sem_wait(struct fl_thread_sem *sem);
bool fl_thread_sem_trywait(struct fl_thread_sem *sem);
void fl_thread_sem_post(struct fl_thread_sem *sem);

/* --- atomics ------------------------------------------------------------------------------ */

#define FL_ATOMIC(kind, p, operation)                                                              \
	__extension__({                                                                            \
		fl_point(kind, (uintptr_t)(p), __LINE__);                                          \
		operation;                                                                         \
	})
#define FL_LOAD(p)	   FL_ATOMIC(FL_ACCESS_READ, p, __atomic_load_n(p, __ATOMIC_SEQ_CST))
#define FL_STORE(p, v)	   FL_ATOMIC(FL_ACCESS_WRITE, p, __atomic_store_n(p, v, __ATOMIC_SEQ_CST))
/* Each returns the value before. */
#define FL_FETCH_ADD(p, v) FL_ATOMIC(FL_ACCESS_RMW, p, __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST))
#define FL_EXCHANGE(p, v)  FL_ATOMIC(FL_ACCESS_RMW, p, __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST))
/* Put @desired in *p if it equals @expected; true if it did. */
#define FL_CAS(p, expected, desired)                                                               \
	__extension__({                                                                            \
		__typeof__(*(p)) fl_expected = (expected);                                         \
		fl_point(FL_ACCESS_RMW, (uintptr_t)(p), __LINE__);                                 \
		__atomic_compare_exchange_n(p, &fl_expected, desired, false, __ATOMIC_SEQ_CST,     \
					    __ATOMIC_SEQ_CST);                                     \
	})

/* --- the search --------------------------------------------------------------------------- */

/* Stop the run unless @condition holds. */
#define FL_CHECK(condition)                                                                        \
	((condition) ? (void)0 : fl_check_failed(__FILE__, __LINE__, #condition))
_Noreturn void fl_check_failed(const char *file, int line, const char *condition);

struct fl_search {
	const char *strategy; /* a name that fl_strategy_find() knows, with its argument */
	uint64_t seed;
	uint64_t schedules;  /* at most so many; 0: until the search is complete */
	uint64_t step_limit; /* of one schedule; 0: the engine's default */
	void (*build)(void); /* once: make the threads */
	void (*begin)(void); /* before each schedule: set what the program starts from; or NULL */
	/* After each schedule, if not NULL; returns false to end the search. */
	bool (*finished)(uint64_t schedule, enum fl_end end);

	/* The results: */
	uint64_t done;	 /* schedules */
	uint64_t pruned; /* of these, cut short because all that could follow was seen */
	uint64_t steps;
	uint64_t ends[FL_END_STOPPED + 1]; /* by how they ended */
	bool complete;			   /* the strategy has nothing left to try */
};

/*
 * Run the search. Starts a machine of its own, so nothing else can use the engine at the same time.
 * Returns 0, or -EINVAL with a message in *error if the strategy or its argument is unknown.
 */
int fl_search_run(struct fl_search *search, const char **error);

#ifdef __cplusplus
}
#endif

#endif

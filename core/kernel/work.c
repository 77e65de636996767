/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workqueues: items, and the workers that run them. All of it is one object to the engine: what one
 * queue's worker finds depends on what others queue, cancel and freeze. A worker is dormant while
 * its queue has nothing for it. As in Linux an item is pending or not, may be queued again while it
 * runs, and never runs twice at once (domain.md 3.3: pm_wq is freezable).
 */
#include "internal.h"
#include "view.h"

#define MAX_ITEMS 32
#define WORKERS	  4

struct item {
	void *key; /* the subject's address; NULL: unused */
	void (*fn)(void *work);
	const char *name;
	uint32_t
		pending_number; /* of queueings: the order in a queue, and what a flush waits for */
	uint32_t running_number;
	uint8_t queue;
	uint8_t cancels; /* contexts in cancel_sync: it cannot be queued meanwhile */
	bool pending;
	fl_context_t running; /* the worker that runs it, or FL_NO_CONTEXT */
};

struct worker {
	fl_context_t context;
	uint8_t queue;
	bool cpu_open; /* its CPU is still to be drawn in this case */
};

static struct work_state {
	uint32_t number;
	bool frozen[FL_WORKQUEUES];
	struct worker workers[WORKERS];
	struct item items[MAX_ITEMS];
} *state;

static void work(void *arg);

void fl_work_init(void)
{
	static const struct {
		const char *name;
		enum fl_workqueue queue;
	} workers[WORKERS] = {
		{"pm_wq/0", FL_WORKQUEUE_PM},
		{"pm_wq/1", FL_WORKQUEUE_PM},
		{"events", FL_WORKQUEUE_SYSTEM},
		{"client_wq", FL_WORKQUEUE_CLIENT},
	};

	state = fl_arena_alloc(sizeof(*state), 8);
	for (unsigned int i = 0; i < MAX_ITEMS; i++)
		state->items[i].running = FL_NO_CONTEXT;
	for (unsigned int i = 0; i < WORKERS; i++) {
		struct worker *worker = &state->workers[i];

		worker->queue = (uint8_t)workers[i].queue;
		worker->context =
			fl_context_create(workers[i].name, FL_CONTEXT_WORK, 0, work, worker);
	}
}

void fl_work_choose_cpus(void)
{
	fl_memory_begin_case();
	for (unsigned int i = 0; i < WORKERS; i++)
		state->workers[i].cpu_open = true;
}

static struct item *find(const void *key)
{
	for (unsigned int i = 0; i < MAX_ITEMS; i++)
		if (state->items[i].key == key)
			return &state->items[i];
	return NULL;
}

static bool is_running(const struct item *item)
{
	return item->running != FL_NO_CONTEXT;
}

static void forget_if_idle(struct item *item)
{
	if (!item->pending && !is_running(item) && !item->cancels)
		item->key = NULL;
}

/* The item of @queue that is to run next; NULL if there is none that may. */
static struct item *next_of(unsigned int queue)
{
	struct item *next = NULL;

	if (state->frozen[queue])
		return NULL;
	for (unsigned int i = 0; i < MAX_ITEMS; i++) {
		struct item *item = &state->items[i];

		if (!item->key || !item->pending || item->queue != queue || is_running(item))
			continue;
		if (!next || item->pending_number < next->pending_number)
			next = item;
	}
	return next;
}

/* Let one worker of @queue that sleeps look for work, if there is some. */
static void wake_worker(unsigned int queue)
{
	if (!next_of(queue))
		return;
	for (unsigned int i = 0; i < WORKERS; i++) {
		struct worker *worker = &state->workers[i];

		if (worker->queue != queue || fl_context_state(worker->context) != FL_DORMANT)
			continue;
		if (worker->cpu_open) {
			worker->cpu_open = false;
			fl_context_set_cpu(worker->context, fl_choose(FL_CHOOSE_CPU, fl_cpus()));
		}
		fl_context_activate(worker->context);
		return;
	}
}

static void run_item(struct item *item)
{
	unsigned int queue = item->queue;
	void *key = item->key;

	item->pending = false;
	item->running = fl_current();
	item->running_number = item->pending_number;
	fl_enter(item->name);
	order_step(key);
	item->fn(key);
	order_step(key);
	fl_leave();
	if (fl_context_bits())
		fl_bug("a work function returned in atomic context");
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 5));
	item->running = FL_NO_CONTEXT;
	fl_set_owner((uintptr_t)item, FL_NO_CONTEXT);
	fl_wake_all((uintptr_t)item);
	fl_wake_all((uintptr_t)&state->frozen[queue]);
	/* Queued again meanwhile: this worker takes it, unless it went to another queue. */
	if (item->pending && item->queue != queue)
		wake_worker(item->queue);
	forget_if_idle(item);
}

/* One activation of a worker: until its queue has nothing more for it. */
static void work(void *arg)
{
	const struct worker *worker = arg;
	struct item *item;

	for (;;) {
		fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 16 + worker->queue));
		item = next_of(worker->queue);
		if (!item)
			return;
		run_item(item);
	}
}

bool fl_work_queue(enum fl_workqueue queue, void *key, void (*fn)(void *work), const char *name)
{
	struct item *item;

	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 1));
	fl_check_freed(key);
	item = find(key);
	if (item && (item->pending || item->cancels))
		return false;
	if (!item)
		item = find(NULL);
	if (!item)
		fl_bug("more work items at once than the model has room for");
	item->key = key;
	item->fn = fn;
	item->name = name;
	item->queue = (uint8_t)queue;
	item->pending = true;
	item->pending_number = ++state->number;
	order_step(key);
	wake_worker(queue);
	return true;
}

/* Sleep until something about @item changes. */
static void wait_for(struct item *item)
{
	if (!fl_running())
		fl_bug("waits for a work item outside a run");
	fl_require_sleepable();
	fl_set_owner((uintptr_t)item, item->running);
	fl_block((uintptr_t)item, item->name, false);
}

bool fl_work_cancel_sync(void *key)
{
	struct item *item;
	bool was_pending;

	fl_might_sleep("cancel_work_sync");
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 2));
	fl_check_freed(key);
	item = find(key);
	if (!item)
		return false;
	was_pending = item->pending;
	item->pending = false;
	item->cancels++;
	/* Who flushes it waits for a run that will not come. */
	fl_wake_all((uintptr_t)item);
	while (is_running(item))
		wait_for(item);
	item->cancels--;
	order_step(key);
	forget_if_idle(item);
	return was_pending;
}

bool fl_work_flush(void *key)
{
	struct item *item;
	uint32_t number;
	bool waited = false;

	fl_might_sleep("flush_work");
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 3));
	fl_check_freed(key);
	item = find(key);
	if (!item)
		return false;
	number = item->pending ? item->pending_number : item->running_number;
	/* Numbers only grow, so an item that was forgotten and queued again is not mistaken. */
	while (item->key == key && ((item->pending && item->pending_number <= number) ||
				    (is_running(item) && item->running_number <= number))) {
		wait_for(item);
		waited = true;
	}
	order_step(key);
	return waited;
}

bool fl_work_pending(const void *key)
{
	const struct item *item;

	fl_point(FL_ACCESS_READ, (uintptr_t)state, SITE(SITE_WORK, 4));
	item = find(key);
	return item && item->pending;
}

static bool queue_runs(unsigned int queue)
{
	for (unsigned int i = 0; i < MAX_ITEMS; i++)
		if (state->items[i].key && state->items[i].queue == queue &&
		    is_running(&state->items[i]))
			return true;
	return false;
}

void fl_workqueue_freeze(enum fl_workqueue queue, bool freeze)
{
	uintptr_t object = (uintptr_t)&state->frozen[queue];

	fl_might_sleep("workqueue freezer");
	fl_point(FL_ACCESS_RMW, (uintptr_t)state, SITE(SITE_WORK, 6));
	state->frozen[queue] = freeze;
	if (!freeze) {
		for (unsigned int i = 0; i < MAX_ITEMS; i++)
			if (state->items[i].pending && state->items[i].queue == queue)
				wake_worker(queue);
		return;
	}
	/* Freezing is over when what runs has ended. */
	while (queue_runs(queue) && fl_running()) {
		fl_require_sleepable();
		fl_block(object, "workqueue to freeze", false);
	}
}

bool fl_view_work(unsigned int index, struct fl_work_view *view)
{
	const struct item *item;

	if (index >= MAX_ITEMS || !state->items[index].key)
		return false;
	item = &state->items[index];
	view->name = item->name;
	view->queue = (enum fl_workqueue)item->queue;
	view->pending = item->pending;
	view->running = item->running;
	view->frozen = state->frozen[item->queue];
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of each recorded fault (fault_log.h). Subscribed before the checkers that look at it. */
#include <check/fault_log.h>

#include <string.h>

static struct check_fault faults[CHECK_FAULTS];
static uint32_t before_run; /* ids up to this one are older than the run */
static uint32_t last;
/* Per bank: the fault that was resumed last, while no other has been recorded since. */
static uint32_t last_resumed[SMMU_MAX_BANKS];

uint32_t check_fault_first(void)
{
	return before_run + 1;
}

uint32_t check_fault_last(void)
{
	return last;
}

struct check_fault *check_fault_find(uint32_t id)
{
	struct check_fault *fault;

	if (id <= before_run || id > last || id - before_run > CHECK_FAULTS)
		return NULL;
	fault = &faults[id - before_run - 1];
	return fault->bank == CHECK_GLOBAL || fault->garbage ? NULL : fault;
}

uint32_t check_fault_read(const struct check_context *context)
{
	const struct check_reads *reads = check_reads_of(context);

	return reads && !reads->off ? reads->fsr[0] : 0;
}

/* Nobody lost, and nobody needs to be told of, what a power loss left or the driver itself provoked. */
static bool is_garbage(const char *origin)
{
	return origin && (strstr(origin, "unknown") || !strcmp(origin, "ECATS"));
}

static void recorded(const struct fl_event *event)
{
	uint32_t id = (uint32_t)event->a;
	uint8_t bank = check_bank_index(event->b);

	if (id <= before_run || id - before_run > CHECK_FAULTS)
		return;
	last = id;
	faults[id - before_run - 1] = (struct check_fault){
		.bank = bank == CHECK_NO_BANK ? CHECK_GLOBAL : bank,
		.garbage = is_garbage(event->text),
		.live_domain = bank < SMMU_MAX_BANKS && check_world->live[bank],
		.retired_by = FL_NO_CONTEXT,
	};
	if (bank < SMMU_MAX_BANKS)
		last_resumed[bank] = 0;
}

/*
 * A fault that the driver clears in its suspend or resume callback goes with the power, or with the
 * reset that follows: both are drops that it has declared by having these callbacks. Shutdown and remove
 * end the device's life, as teardown does a domain's.
 */
static bool is_declared(const struct fl_event *event, const struct check_fault *fault,
			const struct check_writer *writer)
{
	switch (event->c) {
	case FL_RETIRE_RESET:
	case FL_RETIRE_POWER_LOSS:
	case FL_RETIRE_TEARDOWN:
		return true;
	default:
		return writer->in_callback || !check_world->live[fault->bank];
	}
}

/* Names are looked into at the end only, for mostly it does not matter. */
bool check_fault_declared(const struct check_fault *fault)
{
	const char *entry = fault->entry;

	return fault->declared || (entry && (strstr(entry, "shutdown") || strstr(entry, "remove")));
}

static void add_resume(struct check_fault *fault)
{
	if (fault->resumes < UINT8_MAX)
		fault->resumes++;
}

static void retired(const struct fl_event *event)
{
	struct check_fault *fault = check_fault_find((uint32_t)event->a);
	const struct check_writer *writer = check_writer_of(event);

	if (!fault)
		return;
	fault->retired = true;
	fault->declared = is_declared(event, fault, writer);
	fault->function = writer->function;
	fault->entry = writer->outermost;
	fault->retired_by = writer->context;
	fault->retired_in = writer->serial;
	if (event->c != FL_RETIRE_RESUME_RETRY && event->c != FL_RETIRE_RESUME_TERMINATE)
		return;
	last_resumed[fault->bank] = (uint32_t)event->a;
	add_resume(fault);
}

static void reported(const struct fl_event *event)
{
	struct check_context *context = check_context_of(event);
	struct check_fault *fault;

	if (!check_smmu_frame_of(context))
		return;
	fault = check_fault_find(check_fault_read(context));
	if (fault && fault->reports < UINT8_MAX)
		fault->reports++;
}

/* With SS set it tells which fault by what it retires; with SS clear it is one too many. */
static void resume_write(const struct fl_event *event)
{
	struct check_fault *fault;

	if (event->a >= SMMU_MAX_BANKS || event->c & SMMU_FSR_SS)
		return;
	fault = check_fault_find(last_resumed[event->a]);
	if (fault)
		add_resume(fault);
}

void check_fault_log_start(void)
{
	fl_subscribe(FL_EV_FAULT_RECORDED, recorded);
	fl_subscribe(FL_EV_FAULT_RETIRED, retired);
	fl_subscribe(FL_EV_REPORT, reported);
	fl_subscribe(FL_EV_RESUME_WRITE, resume_write);
}

void check_fault_log_reset(void)
{
	before_run = smmu_fault_count();
	last = before_run;
	for (unsigned int i = 0; i < SMMU_MAX_BANKS; i++)
		last_resumed[i] = 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine's micro-benchmark (docs/examples/suspend_race.c, one round), one schedule an input. */
#include <faultline/threads.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argument_count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int power, fsr, irq;
static unsigned long unclocked_reads;
static fl_context_t threads[3];
static struct fl_run_options options;

static void raiser(void *arg)
{
	FL_STORE(&fsr, 1);
	FL_STORE(&irq, 1);
}

static void handler(void *arg)
{
	int clocked;

	if (!FL_LOAD(&irq))
		return;
	if (!FL_LOAD(&power))
		return;
	clocked = FL_LOAD(&power);
	(void)FL_LOAD(&fsr);
	if (!clocked)
		unclocked_reads++;
	FL_STORE(&irq, 0);
}

static void suspender(void *arg)
{
	FL_STORE(&power, 0);
}

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
	const char *argument, *error = "";

	(void)argument_count;
	(void)arguments;
	options.strategy = fl_strategy_find("bytes", &argument);
	if (!options.strategy || options.strategy->start(0, NULL, &error)) {
		fprintf(stderr, "micro_loop: strategy bytes: %s\n", error);
		exit(2);
	}
	fl_segments_clear();
	fl_arena_clear();
	fl_machine_init(1, true, NULL);
	threads[0] = fl_thread_create("raiser", raiser, NULL);
	threads[1] = fl_thread_create("handler", handler, NULL);
	threads[2] = fl_thread_create("suspender", suspender, NULL);
	fl_snapshot();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fl_bytes_set(data, size);
	fl_reset();
	power = 1;
	fsr = 0;
	irq = 0;
	for (unsigned int i = 0; i < 3; i++)
		fl_context_activate(threads[i]);
	if (fl_run(&options) != FL_END_QUIET)
		abort();
	return 0;
}

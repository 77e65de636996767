/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The suspend race as a program of three threads: an example for docs/engine.md, the engine's
 * micro-benchmark, and a check of its exhaustive search.
 *
 * A device raises its fault status and its interrupt. The handler asks whether the device has power
 * and then reads the status. The suspender takes the power away, and may do it between the question
 * and the read. Each operation on one of the three words is one scheduling point.
 *
 *	suspend_race [--rounds N] [--strategy S | --random] [--schedules N] [--seed N]
 *
 * Without --strategy the search is exhaustive: 16 schedules for one round, 15368 for two, 16707914
 * for three; with --strategy por (one for each class of schedules that differ only in the order of
 *what does not conflict) 4, 126, 4984, 224602 for four. With --expect N the program fails unless it
 *ran exactly N schedules.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <faultline/threads.h>

static int rounds = 1;
static int power, fsr, irq;
static unsigned long unclocked_reads;

static void raiser(void *arg)
{
	for (int round = 0; round < rounds; round++) {
		FL_STORE(&fsr, 1);
		FL_STORE(&irq, 1);
	}
}

static void handler(void *arg)
{
	for (int round = 0; round < rounds; round++) {
		int clocked;

		if (!FL_LOAD(&irq))
			continue;
		if (!FL_LOAD(&power))
			continue;
		/*
		 * The bus looks at the power at the moment of the access; then the status is
		 * read.
		 */
		clocked = FL_LOAD(&power);
		(void)FL_LOAD(&fsr);
		if (!clocked)
			unclocked_reads++;
		FL_STORE(&irq, 0);
	}
}

static void suspender(void *arg)
{
	for (int round = 0; round < rounds; round++) {
		FL_STORE(&power, 0);
		if (round < rounds - 1)
			FL_STORE(&power, 1);
	}
}

static void build(void)
{
	fl_thread_create("raiser", raiser, NULL);
	fl_thread_create("handler", handler, NULL);
	fl_thread_create("suspender", suspender, NULL);
}

static void begin(void)
{
	power = 1;
	fsr = 0;
	irq = 0;
}

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: suspend_race [--rounds N] [--strategy S | --random] [--schedules N] "
		"[--seed N] [--expect N]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct fl_search search = {.strategy = "dfs", .build = build, .begin = begin};
	unsigned long long expected = 0;
	const char *error = "";
	double seconds;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--random")) {
			search.strategy = "random";
			if (!search.schedules)
				search.schedules = 1000000;
			continue;
		}
		if (!value)
			return usage();
		if (!strcmp(argv[i], "--rounds"))
			rounds = atoi(value);
		else if (!strcmp(argv[i], "--strategy"))
			search.strategy = value;
		else if (!strcmp(argv[i], "--schedules"))
			search.schedules = strtoull(value, NULL, 10);
		else if (!strcmp(argv[i], "--seed"))
			search.seed = strtoull(value, NULL, 10);
		else if (!strcmp(argv[i], "--expect"))
			expected = strtoull(value, NULL, 10);
		else
			return usage();
		i++;
	}

	seconds = seconds_now();
	if (fl_search_run(&search, &error)) {
		fprintf(stderr, "suspend_race: %s\n", error);
		return 2;
	}
	seconds = seconds_now() - seconds;
	printf("%s, %d rounds: %llu schedules%s, %llu steps, %lu unclocked reads, %.3f s, "
	       "%.2f M schedules/s\n",
	       search.strategy, rounds, (unsigned long long)(search.done - search.pruned),
	       search.complete ? " (complete)" : "", (unsigned long long)search.steps,
	       unclocked_reads, seconds, (double)search.done / seconds * 1e-6);
	if (expected && search.done - search.pruned != expected) {
		fprintf(stderr, "suspend_race: expected %llu schedules\n", expected);
		return 1;
	}
	return 0;
}

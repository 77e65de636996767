// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to bring a booted world of the built-in core back to its snapshot, for scripts/bench.
 * Prints nanoseconds, and the bytes of the arena that are in use.
 */
#include <case/world.h>
#include <handler/handler.h>

#include <stdio.h>
#include <time.h>

#define ROUNDS 200000ul

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(void)
{
	double best = 1e18;
	char error[512];

	if (fl_world_make(fl_core_subjects[0], fl_profile_find("mmu500"), 0, error,
			  sizeof(error))) {
		fprintf(stderr, "bench_reset: %s\n", error);
		return 1;
	}
	for (int turn = 0; turn < 5; turn++) {
		double start = now_ns();
		double ns;

		for (unsigned long i = 0; i < ROUNDS; i++)
			fl_reset();
		ns = (now_ns() - start) / ROUNDS;
		if (ns < best)
			best = ns;
	}
	printf("%.1f %zu\n", best, fl_arena_used());
	return 0;
}

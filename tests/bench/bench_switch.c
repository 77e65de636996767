// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The yardstick of scripts/bench: what one switch between two bare fibers costs on this machine, in
 * one direction. Prints nanoseconds.
 */
#include <engine/fiber.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STACK_SIZE 65536
#define ROUNDS	   20000000ul

static void bounce(struct fl_transfer transfer)
{
	for (;;)
		transfer = jump_fcontext(transfer.fctx, NULL);
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(void)
{
	char *stack = aligned_alloc(64, STACK_SIZE);
	struct fl_transfer transfer = {0};
	double best = 1e18;

	if (!stack)
		return 1;
	transfer.fctx = make_fcontext(stack + STACK_SIZE, STACK_SIZE, bounce);
	/* The best of five: what else runs on the machine can only make it slower. */
	for (int turn = 0; turn < 5; turn++) {
		double start = now_ns();
		double ns;

		for (unsigned long i = 0; i < ROUNDS; i++)
			transfer = jump_fcontext(transfer.fctx, NULL);
		ns = (now_ns() - start) / (2.0 * ROUNDS);
		if (ns < best)
			best = ns;
	}
	printf("%.3f\n", best);
	free(stack);
	return 0;
}

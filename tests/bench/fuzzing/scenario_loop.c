/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suspend_race_fuzzer with all that it does, but that the scenario stands fast: that of scripts/bench. */
#include "fuzz_target.h"

#include <case/target.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TARGET	 "suspend_race_fuzzer"
#define SCENARIO "fault-vs-resume"

static uint8_t input[4096];

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
	const struct fl_target *target = fl_target_find(TARGET);

	(void)argument_count;
	/* The first byte of an input is the number of its scenario. */
	while (target && target->scenarios[*input] &&
	       strcmp(target->scenarios[*input]->name, SCENARIO))
		++*input;
	if (!target || !target->scenarios[*input]) {
		fprintf(stderr, "scenario_loop: " TARGET " has no scenario " SCENARIO "\n");
		exit(2);
	}
	fuzz_target_start(TARGET, (*arguments)[0]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > sizeof(input) - 1)
		size = sizeof(input) - 1;
	if (size)
		memcpy(input + 1, data, size);
	fuzz_target_run(input, size + 1);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that is parsed; no world. */
#include "fuzz_target.h"
#include "trace.h"

#include <triage/round_trip.h>

static uint64_t hash;

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
	(void)argument_count;
	(void)arguments;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	hash = fl_round_trip(data, size);
	return 0;
}

/* It is there in any case. */
void fuzz_trace_start(void)
{
}

uint64_t fuzz_trace_hash(void)
{
	return hash;
}

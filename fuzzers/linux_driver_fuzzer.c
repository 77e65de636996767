/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A real tree's driver: the object that scripts/add-linux --object made is linked into the program. The
 * sections that hold what it writes have names of their own, so that they can be registered for the
 * snapshot without the counters and guards of whatever instruments the program; the red zones between
 * variables are in them, and come back with their shadow (core/engine/arena.c).
 */
#include "fuzz_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

extern const struct fl_subject faultline_subject;
extern char __start_faultline_data[], __stop_faultline_data[];
extern char __start_faultline_bss[], __stop_faultline_bss[];

/* The state that the program was loaded with is there once: a target makes one world. */
static int probe(const struct fl_hardware *hardware)
{
	static bool probed;

	if (probed)
		return -EALREADY;
	probed = true;
	fl_segment_add(__start_faultline_data,
		       (size_t)(__stop_faultline_data - __start_faultline_data));
	fl_segment_add(__start_faultline_bss,
		       (size_t)(__stop_faultline_bss - __start_faultline_bss));
	return faultline_subject.probe(hardware);
}

int LLVMFuzzerInitialize(int *argument_count, char ***arguments)
{
	static struct fl_subject subject;

	(void)argument_count;
	if (faultline_subject.host_abi != FL_HOST_ABI) {
		fprintf(stderr,
			"linux_driver_fuzzer: its driver is built for floor %u, this program has %d; "
			"build it again with scripts/build-fuzzers ENGINE --linux TREE\n",
			faultline_subject.host_abi, FL_HOST_ABI);
		exit(2);
	}
	subject = faultline_subject;
	subject.probe = probe;
	fuzz_target_link_subject(&subject);
	fuzz_target_start("linux_driver_fuzzer", (*arguments)[0]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_target_run(data, size);
	return 0;
}

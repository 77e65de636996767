// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What AddressSanitizer is told in builds with it, before ASAN_OPTIONS has its say: its report of a
 * subject is a finding and does not end the process, and the same place is reported in each run, for it
 * must not matter how many runs went before. Code of the framework is built without recovery, so there
 * a report ends the process all the same.
 */
#include "cli.h"

const char *__asan_default_options(void);

__attribute__((no_sanitize_address)) const char *__asan_default_options(void)
{
	return "halt_on_error=0:suppress_equal_pcs=0";
}

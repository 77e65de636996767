// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What sanitizers are told in builds with them, before ASAN_OPTIONS or TSAN_OPTIONS have their say.
 *
 * AddressSanitizer: its report of a subject is a finding and does not end the process, and the same
 * place is reported in each run, for it must not matter how many runs went before. Code of the framework
 * is built without recovery, so there a report ends the process all the same.
 *
 * ThreadSanitizer: do not wait for other threads at the end of a process; each replay that follows a finding
 * is one. Reports do not change the exit status: those of faultline stress are findings.
 */
#include "cli.h"

const char *__asan_default_options(void);
const char *__tsan_default_options(void);

__attribute__((no_sanitize_address)) const char *__asan_default_options(void)
{
	return "halt_on_error=0:suppress_equal_pcs=0";
}

const char *__tsan_default_options(void)
{
	return "atexit_sleep_ms=0:exitcode=0";
}

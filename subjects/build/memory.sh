# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The form of a subject for memory granularity: each plain access of the driver, of io-pgtable and of the
# PM core is a call (subjects/glue/tsan.c).

INSTRUMENTATION="-fsanitize=thread -mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-instrument-func-entry-exit=0"

# compile_memory FOLDER VARIANT_SOURCES: all objects of the list, in FOLDER
compile_memory() {
	# The libraries are not worth the steps: they work on their callers' memory.
	recompile "$1" "$2" "$INSTRUMENTATION" 'lib/*' || build_failed "linux:$NAME for memory granularity"
}
